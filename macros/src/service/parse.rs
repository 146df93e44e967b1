//! From a trait or an impl to the methods of a service.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::{
    Attribute, FnArg, GenericArgument, Generics, Ident, ImplItem, Item, ItemImpl, ItemTrait, LitStr, Pat, PatType,
    Path, PathArguments, Receiver, ReceiverKind, ReturnType, Safety, Signature, TraitItem, Type, parse_quote,
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
    /// Whether it runs where it may block.
    pub(super) blocking: bool,
    pub(super) context: Option<Context>,
    pub(super) arg: Arg,
    pub(super) reply: Reply,
    /// The attributes that concern a caller, too.
    pub(super) docs: Vec<Attribute>,
}

/// The argument that is not the caller's.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) comes_first: bool,
    pub(super) by_reference: bool,
}

pub(super) struct Arg {
    pub(super) name: Ident,
    pub(super) ty: Type,
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
    initialisms: Vec<String>,
}

impl Args {
    fn parse(args: TokenStream, errors: &mut Errors) -> Self {
        let mut out = Self { krate: parse_quote!(::gobrpc), name: None, initialisms: Vec::new() };
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("name") {
                out.name = Some(string(&meta)?);
            } else if meta.path.is_ident("initialisms") {
                out.initialisms.extend(string(&meta)?.value().split_whitespace().map(str::to_owned));
            } else if meta.path.is_ident("crate") {
                let value = meta.value()?;
                let lit: Option<LitStr> = if value.peek(LitStr) { Some(value.parse()?) } else { None };
                out.krate = match lit {
                    Some(lit) => lit.parse_with(Path::parse_mod_style)?,
                    None => Path::parse_mod_style(value)?,
                };
            } else {
                let message = "a service has no such attribute; there are `name`, `initialisms` and `crate`";
                return Err(meta.error(message));
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
                let method = method(&mut function.attrs, &mut function.sig, &args.initialisms, errors);
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
            methods.extend(method(&mut function.attrs, &mut function.sig, &args.initialisms, errors));
        }
    }
    let service = args.service(&ident, methods);
    Ok(Subject::Impl(item, service))
}

/// The method of the service that this function is, if it is one. Takes the attributes off that say so.
fn method(
    attrs: &mut Vec<Attribute>,
    sig: &mut Signature,
    initialisms: &[String],
    errors: &mut Errors,
) -> Option<Method> {
    let rpc = MethodAttrs::take(attrs, errors);
    if rpc.skip || sig.receiver().is_none() {
        return None;
    }
    let marked = take_context(sig, errors);
    let sig = &*sig;
    let receiver = sig.receiver()?;
    let wire =
        rpc.name.as_ref().map_or_else(|| case::go_pascal(&sig.ident.unraw().to_string(), initialisms), LitStr::value);
    if let Some(name) = rpc.name.filter(|name| name.value().is_empty() || name.value().contains('.')) {
        errors.at(name, "the name of a method is not empty, and has no dot: that ends the name of the service");
    }
    if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        errors.at(cfg, "a single method cannot be conditional; the whole service can");
    }
    refuse_receiver(receiver, errors);
    refuse_qualifiers(sig, errors);
    if let Some(token) = sig.asyncness.as_ref().filter(|_| rpc.blocking) {
        errors.at(token, "an `async fn` must not block: leave out either `async` or `#[rpc(blocking)]`");
    }
    // A function of no use still reports both what is wrong with its arguments and with its reply.
    let context = marked.and_then(|index| context(sig, index, errors));
    let (arg, reply) = (arg(sig, marked, errors), reply(&sig.output, errors));
    let is_docs = |attr: &&Attribute| attr.path().is_ident("doc") || attr.path().is_ident("deprecated");
    let docs = attrs.iter().filter(is_docs).cloned().collect();
    let (is_async, blocking) = (sig.asyncness.is_some(), rpc.blocking);
    Some(Method { ident: sig.ident.clone(), wire, is_async, blocking, context, arg: arg?, reply: reply?, docs })
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
                    let message = "a method has no such `rpc` attribute; there are `name`, `skip` and `blocking`";
                    return Err(meta.error(message));
                }
                Ok(())
            });
            errors.take(parsed);
        }
        out
    }
}

/// Which argument, not counting the receiver, bears `#[rpc(context)]`. Takes the attribute off.
fn take_context(sig: &mut Signature, errors: &mut Errors) -> Option<usize> {
    let mut marked = None;
    let args = sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(arg) => Some(arg),
        FnArg::Receiver(_) => None,
    });
    for (index, arg) in args.enumerate() {
        for attr in arg.attrs.extract_if(.., |attr| attr.path().is_ident("rpc")) {
            let parsed = attr.parse_nested_meta(|meta| match meta.path.is_ident("context") {
                true if marked.is_some() => Err(meta.error("a method has one context")),
                true => {
                    marked = Some(index);
                    Ok(())
                }
                false => Err(meta.error("an argument has no such `rpc` attribute; there is `context`")),
            });
            errors.take(parsed);
        }
    }
    marked
}

fn typed_args(sig: &Signature) -> impl Iterator<Item = &PatType> {
    sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(arg) => Some(arg),
        FnArg::Receiver(_) => None,
    })
}

fn context(sig: &Signature, index: usize, errors: &mut Errors) -> Option<Context> {
    let ty = &typed_args(sig).nth(index)?.ty;
    if let Type::Reference(reference) = &**ty
        && reference.mutability.is_some()
    {
        errors.at(ty, "a context cannot be changed: take `&Context` or `Context`");
    }
    Some(Context { comes_first: index == 0, by_reference: is_reference(ty) })
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

fn arg(sig: &Signature, context: Option<usize>, errors: &mut Errors) -> Option<Arg> {
    let mut args = typed_args(sig).enumerate().filter(|(index, _)| Some(*index) != context).map(|(_, arg)| arg);
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
