//! From an enum to what its Go type is made of: the types of an interface, or the constants of a declared type.

use std::collections::HashMap;

use syn::ext::IdentExt as _;
use syn::{DataEnum, Fields, Ident, LitStr, Path, Variant};

use super::attrs::{ContainerAttrs, FieldAttrs};
use super::parse::{Shape, Source, source};
use super::variant::VariantAttrs;
use crate::errors::Errors;

/// A type that an interface may hold.
pub(super) struct Concrete {
    pub(super) key: String,
    /// The name under which Go registered it, unless that follows from the type.
    pub(super) name: String,
    pub(super) source: Source,
    /// Whether it is the open end: a value of any other type.
    pub(super) other: bool,
}

/// A constant of a declared type.
pub(super) struct Constant {
    pub(super) key: String,
    pub(super) ident: Ident,
}

/// The kind of a declared type with constants.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repr {
    String,
    /// An integer kind: the Go name, the name in `ty::Kind`, and the bounds.
    Integer(&'static str, &'static str, i128, i128),
}

const INTEGERS: [Repr; 10] = [
    Repr::Integer("int", "Int", i64::MIN as i128, i64::MAX as i128),
    Repr::Integer("int8", "Int8", i8::MIN as i128, i8::MAX as i128),
    Repr::Integer("int16", "Int16", i16::MIN as i128, i16::MAX as i128),
    Repr::Integer("int32", "Int32", i32::MIN as i128, i32::MAX as i128),
    Repr::Integer("int64", "Int64", i64::MIN as i128, i64::MAX as i128),
    Repr::Integer("uint", "Uint", 0, u64::MAX as i128),
    Repr::Integer("uint8", "Uint8", 0, u8::MAX as i128),
    Repr::Integer("uint16", "Uint16", 0, u16::MAX as i128),
    Repr::Integer("uint32", "Uint32", 0, u32::MAX as i128),
    Repr::Integer("uint64", "Uint64", 0, u64::MAX as i128),
];

impl Repr {
    fn parse(name: &str) -> Option<Self> {
        let name = match name {
            "string" => return Some(Self::String),
            "byte" => "uint8",
            "rune" => "int32",
            name => name,
        };
        INTEGERS.into_iter().find(|repr| matches!(repr, Self::Integer(go, ..) if *go == name))
    }
}

pub(super) const NO_FORM: &str = "an enum has a Go type only if an attribute says which: `#[gob(interface)]` for an \
    interface that holds the value of one variant, `#[gob(repr = \"int\")]` or `#[gob(repr = \"string\")]` for a \
    declared type whose constants are the variants";

pub(super) fn interface(
    at: &Path,
    ident: &Ident,
    data: &DataEnum,
    container: &ContainerAttrs,
    errors: &mut Errors,
) -> Shape {
    let mut concretes = Vec::new();
    let (mut keys, mut names) = (Taken::new("serde"), Taken::new("Go"));
    let mut open: Option<Ident> = None;
    for variant in &data.variants {
        let attrs = VariantAttrs::parse(&variant.attrs, errors);
        if attrs.skip {
            continue;
        }
        if let Some(open) = &open {
            let message = "takes every type that is not listed: it comes last";
            errors.at(open, format_args!("`{open}` {message}"));
        }
        let Some(source) = held(variant, attrs.with, errors) else { continue };
        let key = key(variant, attrs.rename.as_ref(), container);
        keys.take(&key, &variant.ident, errors);
        if let Some(name) = &attrs.name {
            names.take(&name.value(), &variant.ident, errors);
        }
        let other = attrs.other.is_some();
        if other {
            open = Some(variant.ident.clone());
            if let Some(name) = &attrs.name {
                errors.at(name, "this variant has the names that no other has: each value brings its own");
            }
        }
        concretes.push(Concrete { key, name: attrs.name.map(|name| name.value()).unwrap_or_default(), source, other });
    }
    if concretes.is_empty() && errors.is_empty() {
        let message = "is an interface that holds no type at all; `gob::Value` is one that holds any";
        errors.at(at, format_args!("`{ident}` {message}"));
    }
    Shape::Interface(concretes)
}

/// The type that a variant of an interface holds.
fn held(variant: &Variant, with: Option<Path>, errors: &mut Errors) -> Option<Source> {
    let field = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0],
        _ => {
            let ident = &variant.ident;
            errors.at(
                ident,
                format_args!(
                    "a variant of an interface holds a value of one type: write `{ident}({ident})`, with a struct"
                ),
            );
            return None;
        }
    };
    let attrs = FieldAttrs::parse(&field.attrs, errors);
    if let Some(name) = &attrs.name {
        errors.at(name, "this value has no name in Go; that of its type is said at the variant");
    }
    if attrs.skip {
        errors.at(field, "an interface is sent with its value; skip the whole variant");
    }
    Some(source(field.ty.clone(), attrs.with.or(with)))
}

pub(super) fn constants(
    repr: &LitStr,
    ident: &Ident,
    data: &DataEnum,
    container: &ContainerAttrs,
    errors: &mut Errors,
) -> Shape {
    let kind = Repr::parse(&repr.value());
    if kind.is_none() {
        errors.at(
            repr,
            "no such kind; there are `string`, `int`, `int8` to `int64`, `uint`, `uint8` to `uint64`, `byte`, `rune`",
        );
    }
    let mut constants = Vec::new();
    let mut keys = Taken::new("serde");
    for variant in &data.variants {
        let attrs = VariantAttrs::parse(&variant.attrs, errors);
        if attrs.skip {
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a constant holds nothing; for variants with values there is `#[gob(interface)]`";
            errors.at(&variant.fields, message);
        }
        if let Some(name) = &attrs.name {
            errors.at(name, "gob sends the value of a constant and not its name; a string is set by serde's `rename`");
        }
        if let Some(path) = &attrs.other {
            errors.at(path, "a constant cannot hold what came instead of it; `other` is for interfaces");
        }
        if let Some(path) = &attrs.with {
            errors.at(path, "a constant holds nothing that could be written in another way");
        }
        let key = key(variant, attrs.rename.as_ref(), container);
        keys.take(&key, &variant.ident, errors);
        constants.push(Constant { key, ident: variant.ident.clone() });
    }
    if constants.is_empty() && errors.is_empty() {
        errors.at(ident, format_args!("`{ident}` has no constants: there is nothing to send"));
    }
    Shape::Constants(kind.unwrap_or(Repr::String), constants)
}

/// The name of a variant as serde knows it.
fn key(variant: &Variant, rename: Option<&LitStr>, container: &ContainerAttrs) -> String {
    let ident = variant.ident.unraw().to_string();
    match (rename, container.rename_all) {
        (Some(rename), _) => rename.value(),
        (None, Some(rule)) => rule.apply_to_variant(&ident),
        (None, None) => ident,
    }
}

/// Names that two variants must not share.
struct Taken {
    place: &'static str,
    by: HashMap<String, Ident>,
}

impl Taken {
    fn new(place: &'static str) -> Self {
        Self { place, by: HashMap::new() }
    }

    fn take(&mut self, name: &str, variant: &Ident, errors: &mut Errors) {
        let first = self.by.entry(name.to_owned()).or_insert_with(|| variant.clone());
        if first != variant {
            let place = self.place;
            errors.at(
                variant,
                format_args!("the variants `{first}` and `{variant}` are both called `{name}` in {place}"),
            );
        }
    }
}
