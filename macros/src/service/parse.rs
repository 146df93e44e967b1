//! From a trait or an impl to the methods of a service.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::{
    Attribute, FnArg, GenericArgument, Generics, Ident, ImplItem, Item, ItemImpl, ItemTrait, LitStr, Pat, Path,
    PathArguments, Receiver, ReceiverKind, ReturnType, Safety, Signature, TraitItem, Type, parse_quote,
};

use crate::case;
use crate::errors::Errors;
use crate::meta::string;

/// What the attribute stands on, without the attributes that are for us.
pub(super) enum Subject {
    Trait(ItemTrait, Service),
    Impl(ItemImpl, Service),
}

pub(super) struct Service {
    pub(super) krate: Path,
    pub(super) name: String,
    pub(super) methods: Vec<Method>,
}

pub(super) struct Method {
    pub(super) ident: Ident,
    /// The name without that of the service.
    pub(super) wire: String,
    pub(super) is_async: bool,
    /// Whether it wants a thread that it may block.
    pub(super) is_blocking: bool,
    pub(super) arg: Arg,
    pub(super) context: Option<ContextArg>,
    pub(super) reply: Reply,
    /// The attributes that concern a caller, too.
    pub(super) docs: Vec<Attribute>,
}

pub(super) struct Arg {
    pub(super) name: Ident,
    pub(super) ty: Type,
}

/// The argument that tells of the call.
#[derive(Clone, Copy)]
pub(super) struct ContextArg {
    pub(super) by_reference: bool,
    /// Whether it stands before what the client sends.
    pub(super) comes_first: bool,
}

/// What a method returns.
pub(super) enum Reply {
    Plain(Type),
    /// A `Result` of this.
    Fallible(Type),
}

impl Reply {
    pub(super) fn ty(&self) -> &Type {
        match self {
            Self::Plain(ty) | Self::Fallible(ty) => ty,
        }
    }
}

pub(super) fn parse(args: TokenStream, input: TokenStream, errors: &mut Errors) -> syn::Result<Subject> {
    let args = Args::parse(args, errors);
    let subject = match syn::parse2(input)? {
        Item::Trait(item) => of_trait(item, args, errors),
        Item::Impl(item) => of_impl(item, args, errors)?,
        other => return Err(syn::Error::new_spanned(other, "a service is a trait or an inherent impl")),
    };
    let (Subject::Trait(_, service) | Subject::Impl(_, service)) = &subject;
    refuse_twins(service, errors);
    Ok(subject)
}

/// Methods of one name, of which the server would find the first only.
fn refuse_twins(service: &Service, errors: &mut Errors) {
    let mut taken: HashMap<&str, &Ident> = HashMap::new();
    for Method { ident, wire, .. } in &service.methods {
        let first = *taken.entry(wire).or_insert(ident);
        if first != ident {
            let name = &service.name;
            errors.at(ident, format_args!("the methods `{first}` and `{ident}` are both called `{name}.{wire}`"));
        }
    }
}

/// The arguments of the attribute.
struct Args {
    krate: Path,
    name: Option<LitStr>,
}

impl Args {
    fn parse(args: TokenStream, errors: &mut Errors) -> Self {
        let mut out = Self { krate: parse_quote!(::gobrpc), name: None };
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("name") {
                out.name = Some(string(&meta)?);
            } else if meta.path.is_ident("crate") {
                let value = meta.value()?;
                let lit: Option<LitStr> = if value.peek(LitStr) { Some(value.parse()?) } else { None };
                out.krate = match lit {
                    Some(lit) => lit.parse_with(Path::parse_mod_style)?,
                    None => Path::parse_mod_style(value)?,
                };
            } else {
                return Err(meta.error("a service has no such attribute; there are `name` and `crate`"));
            }
            Ok(())
        });
        errors.take(parser.parse2(args));
        if let Some(name) = out.name.as_ref().filter(|name| name.value().is_empty()) {
            errors.at(name, "the name of a service is not empty");
        }
        out
    }

    fn service(self, name: &Ident, methods: Vec<Method>) -> Service {
        let name = self.name.map_or_else(|| name.unraw().to_string(), |name| name.value());
        Service { krate: self.krate, name, methods }
    }
}

fn of_trait(mut item: ItemTrait, args: Args, errors: &mut Errors) -> Subject {
    if let Some(token) = item.unsafety {
        errors.at(token, "the trait of a service cannot be unsafe");
    }
    refuse_generics(
        &item.generics,
        "the trait of a service cannot be generic: both sides have to know every type",
        errors,
    );
    let mut methods = Vec::new();
    for member in &mut item.items {
        match member {
            TraitItem::Fn(function) => {
                let method = method(&mut function.attrs, &mut function.sig, errors);
                refuse_generated(&function.sig.ident, method.as_ref(), errors);
                methods.extend(method);
            }
            TraitItem::Type(ty) => {
                errors.at(
                    &ty.ident,
                    "the trait of a service has no associated types: both sides have to know every type",
                );
            }
            _ => {}
        }
    }
    let service = args.service(&item.ident, methods);
    Subject::Trait(item, service)
}

/// `into_service` is in the trait, and `new` beside the methods in the client.
fn refuse_generated(ident: &Ident, method: Option<&Method>, errors: &mut Errors) {
    if ident == "into_service" || (ident == "new" && method.is_some()) {
        let wire = method.map_or("…", |method| &method.wire);
        errors.at(
            ident,
            format_args!(
                "the attribute writes a method called `{ident}` itself: give this one another name, and call it on the \
                 wire as before with `#[rpc(name = \"{wire}\")]`"
            ),
        );
    }
}

fn of_impl(mut item: ItemImpl, args: Args, errors: &mut Errors) -> syn::Result<Subject> {
    if let Some((path, _)) = &item.trait_ {
        let message = "the impl of a trait is no service: put the attribute on the trait, or on an inherent impl";
        return Err(syn::Error::new_spanned(path, message));
    }
    let ident = match &*item.self_ty {
        Type::Path(ty) => ty.path.segments.last().map(|last| last.ident.clone()),
        _ => None,
    };
    let Some(ident) = ident else {
        return Err(syn::Error::new_spanned(&item.self_ty, "a service is implemented by a named type"));
    };
    let mut methods = Vec::new();
    for member in &mut item.items {
        if let ImplItem::Fn(function) = member {
            methods.extend(method(&mut function.attrs, &mut function.sig, errors));
        }
    }
    let service = args.service(&ident, methods);
    Ok(Subject::Impl(item, service))
}

/// The method of the service that this function is, if it is one. Takes the attributes off that say so.
fn method(attrs: &mut Vec<Attribute>, sig: &mut Signature, errors: &mut Errors) -> Option<Method> {
    let rpc = MethodAttrs::take(attrs, errors);
    let context = context(sig, errors);
    let sig = &*sig;
    let receiver = sig.receiver().filter(|_| !rpc.skip)?;
    let wire = rpc.name.as_ref().map_or_else(|| case::pascal(&sig.ident.unraw().to_string()), LitStr::value);
    if let Some(name) = rpc.name.filter(|name| name.value().is_empty() || name.value().contains('.')) {
        errors.at(name, "the name of a method is not empty, and has no dot: that ends the name of the service");
    }
    if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        errors.at(cfg, "a single method cannot be conditional; the whole service can");
    }
    refuse_receiver(receiver, errors);
    refuse_qualifiers(sig, errors);
    // A function of no use still reports both what is wrong with its argument and with its reply.
    if let Some(token) = sig.asyncness.filter(|_| rpc.blocking) {
        errors.at(token, "a method that blocks its thread is not async: take `blocking` away, or `async`");
    }
    let context_index = context.map(|(index, _)| index);
    let (arg, reply) = (arg(sig, context_index, errors), reply(&sig.output, errors));
    let is_docs = |attr: &&Attribute| attr.path().is_ident("doc") || attr.path().is_ident("deprecated");
    let docs = attrs.iter().filter(is_docs).cloned().collect();
    Some(Method {
        ident: sig.ident.clone(),
        wire,
        is_async: sig.asyncness.is_some(),
        is_blocking: rpc.blocking,
        arg: arg?,
        context: context.map(|(_, context)| context),
        reply: reply?,
        docs,
    })
}

/// `#[rpc(…)]`
#[derive(Default)]
struct MethodAttrs {
    name: Option<LitStr>,
    skip: bool,
    blocking: bool,
}

impl MethodAttrs {
    fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut out = Self::default();
        for attr in attrs.extract_if(.., |attr| attr.path().is_ident("rpc")) {
            let parsed = attr.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    out.name = Some(string(&meta)?);
                } else if meta.path.is_ident("skip") {
                    out.skip = true;
                } else if meta.path.is_ident("blocking") {
                    out.blocking = true;
                } else {
                    return Err(
                        meta.error("a method has no such `rpc` attribute; there are `name`, `skip` and `blocking`")
                    );
                }
                Ok(())
            });
            errors.take(parsed);
        }
        out
    }
}

fn refuse_receiver(receiver: &Receiver, errors: &mut Errors) {
    let message = match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => return,
        ReceiverKind::Reference(..) => {
            "calls run at the same time, so the receiver has to be `&self`; keep what changes in a lock, or leave the \
             method out with `#[rpc(skip)]`"
        }
        _ => {
            "a service answers many calls, so the receiver has to be `&self`; or leave the method out with `#[rpc(skip)]`"
        }
    };
    errors.at(receiver, message);
}

fn refuse_qualifiers(sig: &Signature, errors: &mut Errors) {
    refuse_generics(
        &sig.generics,
        "a method of a service cannot be generic: both sides have to know its types",
        errors,
    );
    if let Some(token) = sig.constness {
        errors.at(token, "a method of a service cannot be a const function");
    }
    if let Safety::Unsafe(token) = sig.safety {
        errors.at(token, "a method of a service cannot be unsafe: whoever connects may call it");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a method of a service cannot have an ABI");
    }
}

fn refuse_generics(generics: &Generics, message: &str, errors: &mut Errors) {
    if !generics.params.is_empty() {
        errors.at(&generics.params, message);
    } else if let Some(clause) = &generics.where_clause {
        errors.at(clause, message);
    }
}

/// The argument marked `#[rpc(context)]`, and its place among all. Takes the mark off.
fn context(sig: &mut Signature, errors: &mut Errors) -> Option<(usize, ContextArg)> {
    let mut found = None;
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(arg) = input else { continue };
        let mut is_context = false;
        for attr in arg.attrs.extract_if(.., |attr| attr.path().is_ident("rpc")) {
            let parsed = attr.parse_nested_meta(|meta| match meta.path.is_ident("context") {
                true => {
                    is_context = true;
                    Ok(())
                }
                false => Err(meta.error("an argument has no such `rpc` attribute; there is `context`")),
            });
            errors.take(parsed);
        }
        if !is_context {
            continue;
        }
        if found.is_some() {
            errors.at(&*arg, "a method has one context");
        }
        // The receiver comes first of all.
        found = Some((index, ContextArg { by_reference: is_reference(&arg.ty), comes_first: index == 1 }));
    }
    found
}

fn arg(sig: &Signature, context: Option<usize>, errors: &mut Errors) -> Option<Arg> {
    let mut args = sig.inputs.iter().enumerate().filter_map(|(index, input)| match input {
        FnArg::Typed(arg) if Some(index) != context => Some(arg),
        _ => None,
    });
    let Some(arg) = args.next() else {
        let message = "a Go method has exactly one argument: use `()` when there is nothing to send";
        errors.at(&sig.ident, message);
        return None;
    };
    if let Some(second) = args.next() {
        errors.at(second, "a Go method has exactly one argument: put what it needs in a struct");
        return None;
    }
    if has_impl(&arg.ty) {
        errors.at(&arg.ty, "both sides have to know the type of an argument, so it cannot be `impl Trait`");
        return None;
    }
    if is_reference(&arg.ty) {
        errors.at(&arg.ty, "an argument is decoded from the connection, so its type has to be owned");
        return None;
    }
    let name = match &*arg.pat {
        Pat::Ident(pat) => pat.ident.clone(),
        _ => format_ident!("args"),
    };
    Some(Arg { name, ty: (*arg.ty).clone() })
}

fn reply(output: &ReturnType, errors: &mut Errors) -> Option<Reply> {
    let ReturnType::Type(_, ty) = output else { return Some(Reply::Plain(parse_quote!(()))) };
    let reply = match result_arguments(ty) {
        None => Reply::Plain((**ty).clone()),
        Some(arguments) => match first_type(arguments) {
            Some(ok) => Reply::Fallible(ok.clone()),
            None => {
                errors.at(ty, "the reply cannot be read off this alias: write `Result<T, E>`");
                return None;
            }
        },
    };
    if has_impl(reply.ty()) {
        errors.at(
            ty,
            "both sides have to know the type of a reply, so it cannot be `impl Trait`; for a future, write `async fn`",
        );
        return None;
    }
    if is_reference(reply.ty()) {
        errors.at(ty, "a reply is decoded by the client, so its type has to be owned");
        return None;
    }
    Some(reply)
}

/// The arguments of a type whose last segment reads `Result`.
fn result_arguments(ty: &Type) -> Option<&PathArguments> {
    match ty {
        Type::Group(group) => result_arguments(&group.elem),
        Type::Paren(paren) => result_arguments(&paren.elem),
        Type::Path(ty) => ty.path.segments.last().filter(|last| last.ident == "Result").map(|last| &last.arguments),
        _ => None,
    }
}

fn first_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn is_reference(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_reference(&group.elem),
        Type::Paren(paren) => is_reference(&paren.elem),
        ty => matches!(ty, Type::Reference(_)),
    }
}

fn has_impl(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => has_impl(&group.elem),
        Type::Paren(paren) => has_impl(&paren.elem),
        ty => matches!(ty, Type::ImplTrait(_)),
    }
}
