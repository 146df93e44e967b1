//! The serving end: the dispatcher of a service, and the trait as implementors see it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Generics, Ident, ItemImpl, ItemTrait, ReturnType, TraitItem, TraitItemFn, parse_quote};

use super::parse::{Context, Method, Reply, Service};

/// The trait with futures that can be sent.
pub(super) fn rewritten(item: &ItemTrait, service: &Service) -> ItemTrait {
    let mut item = item.clone();
    for member in &mut item.items {
        if let TraitItem::Fn(function) = member
            && service.methods.iter().any(|method| method.is_async && method.ident == function.sig.ident)
        {
            desugar(function);
        }
    }
    // Where there is no server, a program may use nothing but the client.
    item.attrs.push(parse_quote!(#[allow(dead_code)]));
    item.supertraits.extend([
        parse_quote!(::core::marker::Send),
        parse_quote!(::core::marker::Sync),
        parse_quote!('static),
    ] as [syn::TypeParamBound; 3]);
    item.colon_token.get_or_insert_default();
    item
}

/// The method that leads from an implementor to its dispatcher.
pub(super) fn into_service(item: &ItemTrait, service: &Service) -> TraitItem {
    let server = server_ident(&item.ident);
    let doc = format!("Makes this the receiver of a `{}` service, which a server can register.", service.name);
    parse_quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        fn into_service(self) -> #server<Self>
        where
            Self: ::core::marker::Sized,
        {
            #server(self)
        }
    }
}

/// Makes an `async fn` a function that returns a future which can be sent.
fn desugar(function: &mut TraitItemFn) {
    function.sig.asyncness = None;
    let output = match &function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    function.sig.output = parse_quote!(-> impl ::core::future::Future<Output = #output> + ::core::marker::Send);
    if let Some(body) = &mut function.default {
        *body = parse_quote!({ async move #body });
    }
}

pub(super) fn of_trait(item: &ItemTrait, service: &Service) -> TokenStream {
    let (vis, name) = (&item.vis, &item.ident);
    let server = server_ident(name);
    let doc =
        format!("An implementor of [`{name}`] as a `{}` service, made by [`{name}::into_service`].", service.name);
    // A type parameter that no type of the user is called by.
    let generics: Generics = parse_quote!(<__T: #name>);
    let call = |method: &Method| {
        let (ident, args) = (&method.ident, arguments(method));
        quote!(<__T as #name>::#ident(&self.0, #args))
    };
    let dispatch = dispatch(&generics, &quote!(#server<__T>), service, call);
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(dead_code)]
        #vis struct #server<T>(T);

        #dispatch
    }
}

pub(super) fn of_impl(item: &ItemImpl, service: &Service) -> TokenStream {
    let mut generics = item.generics.clone();
    let receiver = &item.self_ty;
    if !generics.params.is_empty() {
        let bound = parse_quote!(#receiver: ::core::marker::Send + ::core::marker::Sync + 'static);
        generics.make_where_clause().predicates.push(bound);
    }
    let call = |method: &Method| {
        let (ident, args) = (&method.ident, arguments(method));
        quote!(Self::#ident(&*self, #args))
    };
    dispatch(&generics, &receiver.to_token_stream(), service, call)
}

/// `impl Dispatch for receiver`, where `call` renders the call of a method.
fn dispatch(
    generics: &Generics,
    receiver: &TokenStream,
    service: &Service,
    call: impl Fn(&Method) -> TokenStream,
) -> TokenStream {
    let Service { krate, name, methods } = service;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let table = methods.iter().map(|method| table_entry(method, krate));
    let arms = methods.iter().enumerate().map(|(index, method)| {
        let (ty, answer) = (&method.arg.ty, answer(method, &call(method)));
        // What the compiler has to say of a method, it says there.
        let span = Span::call_site().located_at(method.ident.span());
        let answer = match method.blocking {
            true => quote_spanned!(span=> call.answer_blocking(move |args: #ty| #answer)),
            false => quote_spanned!(span=> call.answer(move |args: #ty| async move { #answer })),
        };
        let answer = match method.context {
            Some(_) => quote!({
                let context = ::core::clone::Clone::clone(call.context());
                #answer
            }),
            None => answer,
        };
        quote!(#index => #answer,)
    });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #krate::rpc::Dispatch for #receiver #where_clause {
            fn name(&self) -> &'static ::core::primitive::str {
                #name
            }

            fn methods(&self) -> &'static [#krate::rpc::Method] {
                const { &[#(#table),*] }
            }

            fn dispatch(
                self: ::std::sync::Arc<Self>,
                method: ::core::primitive::usize,
                call: #krate::rpc::Incoming,
            ) -> #krate::rpc::ReplyFuture {
                match method {
                    #(#arms)*
                    _ => call.unknown_method(),
                }
            }
        }
    }
}

/// The arguments of a method, in its order.
fn arguments(method: &Method) -> TokenStream {
    let Some(Context { comes_first, by_reference }) = method.context else { return quote!(args) };
    let context = if by_reference { quote!(&context) } else { quote!(context) };
    if comes_first { quote!(#context, args) } else { quote!(args, #context) }
}

fn table_entry(method: &Method, krate: &syn::Path) -> TokenStream {
    let (name, args, reply) = (&method.wire, &method.arg.ty, method.reply.ty());
    quote! {
        #krate::rpc::Method {
            name: #name,
            args: #krate::gob::ty::TypeRef::new(<#args as #krate::gob::Gob>::ty),
            reply: #krate::gob::ty::TypeRef::new(<#reply as #krate::gob::Gob>::ty),
        }
    }
}

/// The call as a `Result`, whatever the method returns.
fn answer(method: &Method, call: &TokenStream) -> TokenStream {
    let call = if method.is_async { quote!(#call.await) } else { call.clone() };
    match method.reply {
        Reply::Fallible(_) => call,
        Reply::Plain(_) => quote!(::core::result::Result::Ok::<_, ::core::convert::Infallible>(#call)),
    }
}

fn server_ident(name: &Ident) -> Ident {
    format_ident!("{name}Server")
}
