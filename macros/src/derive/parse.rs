//! From a Rust type to what its Go type is made of.

use std::collections::HashMap;

use quote::format_ident;
use syn::ext::IdentExt as _;
use syn::{
    Data, DeriveInput, Fields, Generics, Ident, LitStr, Path, Type, TypeParamBound, WherePredicate, parse_quote,
};

use super::attrs::{Bound, ContainerAttrs, FieldAttrs, Form, Item};
use super::enums::{self, Concrete, Constant, Repr};
use crate::case;
use crate::errors::Errors;

/// A derive input that has a Go type.
pub(super) struct Input {
    pub(super) krate: Path,
    pub(super) ident: Ident,
    /// As they stand on the type.
    pub(super) plain_generics: Generics,
    /// With the bounds that the impl needs.
    pub(super) generics: Generics,
    /// The type parameters that are part of the Go name.
    pub(super) args: Vec<Ident>,
    pub(super) name: String,
    pub(super) package: String,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// `type X struct{…}`
    Struct(Vec<Field>),
    /// `type X Y`
    Newtype(Box<Source>),
    /// `type X interface{…}`
    Interface(Vec<Concrete>),
    /// `type X int` and `const (…)`
    Constants(Repr, Vec<Constant>),
    /// A type with a method that encodes it, and what it is without.
    Opaque(Option<Box<Type>>),
}

pub(super) struct Field {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) source: Source,
    pub(super) has_default: bool,
}

/// Who knows the Go type of a field.
pub(super) enum Source {
    /// The Rust type.
    Type(Type),
    /// The `TYPE` of a serde `with` module.
    Module(Path),
}

pub(super) fn parse(input: DeriveInput) -> syn::Result<Input> {
    let item = match &input.data {
        Data::Struct(_) => Item::Struct,
        Data::Enum(_) => Item::Enum,
        Data::Union(data) => return Err(syn::Error::new(data.union_token.span, "a union has no Go type")),
    };
    let mut errors = Errors::default();
    let mut attrs = ContainerAttrs::parse(&input.attrs, item, &mut errors);
    let shape = match (&attrs.form, &input.data) {
        (Some(Form::Opaque), _) => Shape::Opaque(attrs.inside.take().map(|(_, ty)| Box::new(ty))),
        (Some(Form::Interface(at)), Data::Enum(data)) => enums::interface(at, &input.ident, data, &attrs, &mut errors),
        (Some(Form::Constants(repr)), Data::Enum(data)) => {
            enums::constants(repr, &input.ident, data, &attrs, &mut errors)
        }
        (None, Data::Struct(data)) if attrs.transparent => transparent(&input.ident, &data.fields, &mut errors),
        (None, Data::Struct(data)) => shape(&input.ident, &data.fields, &attrs, &mut errors),
        (None, Data::Enum(data)) if errors.is_empty() => {
            return Err(syn::Error::new(data.enum_token.span, enums::NO_FORM));
        }
        // There has been an error.
        _ => Shape::Struct(Vec::new()),
    };
    errors.finish()?;

    let name =
        attrs.name.as_ref().or(attrs.rename.as_ref()).map_or_else(|| input.ident.unraw().to_string(), LitStr::value);
    let package = attrs.package.as_ref().map_or_else(|| "main".to_owned(), LitStr::value);
    let args = args(&input.generics, attrs.bound.as_ref());
    let (name, package, args) = match attrs.anonymous {
        Some(_) => (String::new(), String::new(), Vec::new()),
        None => (name, package, args),
    };
    let plain_generics = input.generics.clone();
    let generics = bounded(input.generics, attrs.bound, &attrs.krate);
    Ok(Input { krate: attrs.krate, ident: input.ident, plain_generics, generics, args, name, package, shape })
}

fn shape(ident: &Ident, fields: &Fields, attrs: &ContainerAttrs, errors: &mut Errors) -> Shape {
    match fields {
        Fields::Unit => Shape::Struct(Vec::new()),
        Fields::Named(_) => Shape::Struct(named(ident, fields, attrs, errors)),
        Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => transparent(ident, fields, errors),
        Fields::Unnamed(unnamed) => {
            errors.at(
                unnamed,
                "a tuple struct has a Go type only with exactly one field; the fields of a Go struct have names",
            );
            Shape::Struct(Vec::new())
        }
    }
}

/// The one field whose Go type is that of the struct.
fn transparent(ident: &Ident, fields: &Fields, errors: &mut Errors) -> Shape {
    let mut sent = Vec::new();
    for field in fields {
        let attrs = FieldAttrs::parse(&field.attrs, errors);
        if let Some(name) = &attrs.name {
            errors.at(name, "this field has no name in Go, where the struct is declared as the type of the field");
        }
        if !attrs.skip && !is_phantom(&field.ty) {
            sent.push(source(field.ty.clone(), attrs.with));
        }
    }
    match sent.pop() {
        Some(source) if sent.is_empty() => return Shape::Newtype(Box::new(source)),
        Some(_) => errors.at(ident, "`transparent` needs exactly one field that is not skipped"),
        None => errors.at(ident, format_args!("`{ident}` has no exported fields: there is nothing to send")),
    }
    Shape::Struct(Vec::new())
}

fn named(ident: &Ident, fields: &Fields, container: &ContainerAttrs, errors: &mut Errors) -> Vec<Field> {
    let mut out = Vec::new();
    let mut taken: HashMap<String, Ident> = HashMap::new();
    for (index, field) in fields.iter().enumerate() {
        let attrs = FieldAttrs::parse(&field.attrs, errors);
        if attrs.skip {
            continue;
        }
        let rust = field.ident.clone().unwrap_or_else(|| format_ident!("_{index}"));
        let key = match (&attrs.rename, container.rename_all) {
            (Some(rename), _) => rename.value(),
            (None, Some(rule)) => rule.apply(&rust.unraw().to_string()),
            (None, None) => rust.unraw().to_string(),
        };
        let name = match &attrs.name {
            Some(name) => name.value(),
            None => case::exported(&key, &container.initialisms),
        };
        if let Some(reason) = unfit(&name) {
            match &attrs.name {
                Some(lit) => errors.at(lit, format_args!("`{name}` {reason}")),
                None => errors
                    .at(&rust, format_args!("`{name}` {reason}; name the field in Go with `#[gob(name = \"…\")]`")),
            }
        }
        let first = taken.entry(name.clone()).or_insert_with(|| rust.clone());
        if *first != rust {
            errors.at(&rust, format_args!("the fields `{first}` and `{rust}` are both called `{name}` in Go"));
        }
        if let Some(path) = &attrs.with
            && let Some(module) = for_pointer(path, &field.ty)
        {
            errors.at(path, format_args!("an `Option`, which is a pointer in Go, has a module of its own: `{module}`"));
        }
        let has_default = attrs.default || container.default;
        out.push(Field { name, key, source: source(field.ty.clone(), attrs.with), has_default });
    }
    if out.is_empty() && !fields.is_empty() {
        errors.at(ident, format_args!("`{ident}` has no exported fields: all of them are skipped"));
    }
    out
}

/// Why Go could not have a field of this name, or would not send it.
fn unfit(name: &str) -> Option<&'static str> {
    if !case::is_go_identifier(name) {
        Some("is not a Go identifier")
    } else if !case::starts_upper(name) {
        Some("does not start with an upper-case letter, and gob sends exported fields only")
    } else {
        None
    }
}

pub(super) fn source(ty: Type, with: Option<Path>) -> Source {
    match with {
        Some(path) if keeps_type(&path) => Source::Type(ty),
        Some(path) => Source::Module(path),
        None => Source::Type(ty),
    }
}

/// The module that an `Option` needs, where the library's module for what is inside is given. Those for addresses take an
/// `Option` themselves: `None` is the address that is not valid.
fn for_pointer(module: &Path, ty: &Type) -> Option<String> {
    const MODULES: [&str; 4] = ["time", "duration", "int", "rat"];

    let Type::Path(ty) = ty else { return None };
    let is_option = ty.path.segments.last().is_some_and(|last| last.ident == "Option");
    let names: Vec<String> = module.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let (last, parents) = names.split_last()?;
    let is_ours = MODULES.contains(&last.as_str()) && parents.iter().any(|parent| parent == "gob");
    (is_option && is_ours).then(|| format!("{}::option", names.join("::")))
}

/// Whether this is one of the modules that have no `TYPE`, and need none: they serve types that have a Go type already,
/// `serde_bytes` those that are bytes, and `gob::array` arrays.
fn keeps_type(module: &Path) -> bool {
    let mut names = module.segments.iter().rev().map(|segment| &segment.ident);
    match names.next() {
        Some(last) if last == "array" => names.next().is_some_and(|parent| parent == "gob"),
        Some(last) => last == "serde_bytes",
        None => false,
    }
}

/// serde does not count these fields in transparent structs, and neither do we.
fn is_phantom(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom(&group.elem),
        Type::Path(ty) => ty.path.segments.last().is_some_and(|last| last.ident == "PhantomData"),
        _ => false,
    }
}

/// The type parameters that have a Go type: all of them, unless `bound` speaks of others.
fn args(generics: &Generics, bound: Option<&Bound>) -> Vec<Ident> {
    let has_type =
        |param: &Ident| bound.is_none_or(|bound| bound.iter().any(|predicate| is_bound_by_gob(predicate, param)));
    generics.type_params().map(|param| param.ident.clone()).filter(has_type).collect()
}

fn is_bound_by_gob(predicate: &WherePredicate, param: &Ident) -> bool {
    let WherePredicate::Type(predicate) = predicate else { return false };
    let Type::Path(bounded) = &predicate.bounded_ty else { return false };
    bounded.path.is_ident(param)
        && predicate.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Gob"),
            _ => false,
        })
}

fn bounded(mut generics: Generics, bound: Option<Bound>, krate: &Path) -> Generics {
    let bound = bound.unwrap_or_else(|| {
        let params = generics.type_params().map(|param| &param.ident);
        params.map(|param| -> WherePredicate { parse_quote!(#param: #krate::gob::Gob) }).collect()
    });
    if !bound.is_empty() {
        generics.make_where_clause().predicates.extend(bound);
    }
    generics
}
