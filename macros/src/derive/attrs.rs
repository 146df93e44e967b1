//! The attributes of the derive: its own, and serde's as far as they say something about the Go type.

use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Path, Token, Type, WherePredicate, parse_quote, token};

use crate::case::RenameRule;
use crate::errors::Errors;
use crate::meta::{key, non_empty, skip_value, string};

pub(super) type Bound = Punctuated<WherePredicate, Token![,]>;

/// What the attributes stand on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Struct,
    Enum,
}

/// What the type is in Go, where the Rust type alone does not say it.
pub(super) enum Form {
    /// An interface; the path is where it says so.
    Interface(Path),
    /// A type with constants, of the kind named here.
    Constants(LitStr),
    /// A type that encodes itself.
    Opaque,
}

/// What stands on the type.
pub(super) struct ContainerAttrs {
    pub(super) krate: Path,
    pub(super) name: Option<LitStr>,
    pub(super) package: Option<LitStr>,
    pub(super) anonymous: Option<Path>,
    pub(super) form: Option<Form>,
    pub(super) inside: Option<(Path, Type)>,
    pub(super) initialisms: Vec<String>,
    pub(super) bound: Option<Bound>,
    pub(super) rename: Option<LitStr>,
    pub(super) rename_all: Option<RenameRule>,
    pub(super) default: bool,
    pub(super) transparent: bool,
}

/// What stands on a field.
#[derive(Default)]
pub(super) struct FieldAttrs {
    pub(super) name: Option<LitStr>,
    pub(super) rename: Option<LitStr>,
    pub(super) skip: bool,
    pub(super) default: bool,
    pub(super) with: Option<Path>,
}

impl ContainerAttrs {
    pub(super) fn parse(attrs: &[Attribute], item: Item, errors: &mut Errors) -> Self {
        let mut out = Self {
            krate: parse_quote!(::gobrpc),
            name: None,
            package: None,
            anonymous: None,
            form: None,
            inside: None,
            bound: None,
            initialisms: vec!["ID".to_owned()],
            rename: None,
            rename_all: None,
            default: false,
            transparent: false,
        };
        each_meta("gob", attrs, errors, |meta, errors| out.gob(meta, item, errors));
        each_meta("serde", attrs, errors, |meta, errors| out.serde(meta, item, errors));
        out.check(errors);
        out
    }

    fn gob(&mut self, meta: &ParseNestedMeta<'_>, item: Item, errors: &mut Errors) -> syn::Result<()> {
        match (key(meta).as_str(), item) {
            ("name", _) => self.name = Some(non_empty(meta)?),
            ("package", _) => self.package = Some(non_empty(meta)?),
            ("anonymous", _) => self.anonymous = Some(meta.path.clone()),
            ("opaque", _) => self.be(Form::Opaque, meta, errors),
            ("inside", _) => self.inside = Some((meta.path.clone(), string(meta)?.parse()?)),
            ("interface", Item::Enum) => self.be(Form::Interface(meta.path.clone()), meta, errors),
            ("repr", Item::Enum) => self.be(Form::Constants(string(meta)?), meta, errors),
            ("initialisms", Item::Struct) => {
                self.initialisms.extend(string(meta)?.value().split_whitespace().map(str::to_owned));
            }
            ("bound", _) => self.bound = Some(string(meta)?.parse_with(Bound::parse_terminated)?),
            ("crate", _) => self.krate = string(meta)?.parse_with(Path::parse_mod_style)?,
            (key, _) => {
                let message = match (key, item) {
                    ("interface", _) => {
                        "an interface is an enum: its variants are the types that the interface may hold".to_owned()
                    }
                    ("repr", _) => {
                        "a type with constants is an enum: its variants are the constants; a struct of one field is \
                         declared from the type of the field"
                            .to_owned()
                    }
                    (_, Item::Struct) => format!("a struct has no such `gob` attribute; there are {STRUCT_ATTRS}"),
                    (_, Item::Enum) => format!("an enum has no such `gob` attribute; there are {ENUM_ATTRS}"),
                };
                errors.push(meta.error(message));
                skip_value(meta)?;
            }
        }
        Ok(())
    }

    fn be(&mut self, form: Form, meta: &ParseNestedMeta<'_>, errors: &mut Errors) {
        if self.form.replace(form).is_some() {
            errors.push(meta.error("a Go type is one thing: `interface`, `repr` and `opaque` exclude each other"));
        }
    }

    fn serde(&mut self, meta: &ParseNestedMeta<'_>, item: Item, errors: &mut Errors) -> syn::Result<()> {
        if matches!(self.form, Some(Form::Opaque)) {
            errors.push(meta.error("serde's attributes do not touch a type that encodes itself"));
            return skip_value(meta);
        }
        let refusal = match (key(meta).as_str(), item) {
            ("rename", _) => {
                self.rename = one_name(meta, errors)?;
                return Ok(());
            }
            ("rename_all", _) => {
                if let Some(rule) = one_name(meta, errors)? {
                    self.rename_all = RenameRule::parse(&rule.value());
                    if self.rename_all.is_none() {
                        errors.at(rule, format_args!("no such rule; there are {}", RenameRule::NAMES));
                    }
                }
                return Ok(());
            }
            ("default", _) => {
                self.default = true;
                return skip_value(meta);
            }
            ("transparent", Item::Struct) => {
                self.transparent = true;
                return Ok(());
            }
            ("tag" | "content" | "untagged", Item::Struct) => {
                "describes how to tell variants apart, and gob has none: a Go struct is sent without a tag"
            }
            ("tag" | "content" | "untagged", Item::Enum) => {
                "changes how variants are told apart; in gob an interface has its registered names for that, and a \
                 constant its value"
            }
            ("variant_identifier" | "field_identifier", Item::Enum) => {
                "makes the enum a name in another type, which has no Go type of its own"
            }
            ("from" | "try_from" | "into", _) => {
                "sends another type in place of this one: derive `Gob` for that type, and implement it for this one by \
                 hand"
            }
            ("remote", _) => {
                "describes a type of another crate, which cannot get an impl here: write a module for \
                 `#[serde(with = \"…\")]` that has a `TYPE`"
            }
            // The others do not touch what is sent.
            _ => return skip_value(meta),
        };
        errors.push(meta.error(format_args!("`{}` {refusal}", key(meta))));
        skip_value(meta)
    }

    /// What does not go together, in whatever order it was written.
    fn check(&self, errors: &mut Errors) {
        let opaque = matches!(self.form, Some(Form::Opaque));
        let named = [&self.name, &self.package].into_iter().flatten();
        if opaque {
            for lit in named {
                errors.at(lit, "a type that encodes itself is named by the constants of its `Opaque`");
            }
            if let Some(path) = &self.anonymous {
                errors.at(path, "a type that encodes itself has a method in Go, and so a name");
            }
        } else if self.anonymous.is_some() {
            for lit in named {
                errors.at(lit, "an `anonymous` type has no name in Go, and no package");
            }
        }
        if let (Some((path, _)), false) = (&self.inside, opaque) {
            errors.at(path, "only a type that encodes itself has an inside that is not sent: add `opaque`");
        }
    }
}

const STRUCT_ATTRS: &str = "`name`, `package`, `anonymous`, `initialisms`, `opaque`, `inside`, `bound`, `crate`";
const ENUM_ATTRS: &str = "`interface`, `repr`, `opaque`, `inside`, `name`, `package`, `anonymous`, `bound`, `crate`";

impl FieldAttrs {
    pub(super) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = Self::default();
        let mut half_skips = HalfSkips::default();
        each_meta("gob", attrs, errors, |meta, errors| out.gob(meta, errors));
        each_meta("serde", attrs, errors, |meta, errors| out.serde(meta, &mut half_skips, errors));
        out.skip |= half_skips.is_whole(errors);
        out
    }

    fn gob(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<()> {
        let hint = match key(meta).as_str() {
            "name" => {
                self.name = Some(non_empty(meta)?);
                return Ok(());
            }
            "skip" | "default" | "with" => format!("; serde's `{}` is understood", key(meta)),
            "rename" => "; serde's `rename` is understood, and `name` changes the Go name alone".to_owned(),
            _ => "; there is `name`".to_owned(),
        };
        errors.push(meta.error(format_args!("a field has no such `gob` attribute{hint}")));
        skip_value(meta)
    }

    fn serde(
        &mut self,
        meta: &ParseNestedMeta<'_>,
        half_skips: &mut HalfSkips,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let refusal = match key(meta).as_str() {
            "rename" => {
                self.rename = one_name(meta, errors)?;
                return Ok(());
            }
            "skip" => {
                self.skip = true;
                return Ok(());
            }
            "skip_serializing" => {
                half_skips.serializing = Some(meta.path.clone());
                return Ok(());
            }
            "skip_deserializing" => {
                half_skips.deserializing = Some(meta.path.clone());
                return Ok(());
            }
            "default" => {
                self.default = true;
                return skip_value(meta);
            }
            "with" => {
                self.with = Some(string(meta)?.parse()?);
                return Ok(());
            }
            "flatten" => {
                "has no counterpart in gob: Go sends an embedded struct as one field that is named after its type"
            }
            "serialize_with" | "deserialize_with" => {
                "does not tell the Go type: use `with`, whose module has a `TYPE` beside its functions"
            }
            _ => return skip_value(meta),
        };
        errors.push(meta.error(format_args!("`{}` {refusal}", key(meta))));
        skip_value(meta)
    }
}

/// serde's `skip` in two halves, of which one alone would give the Go type two shapes.
#[derive(Default)]
pub(super) struct HalfSkips {
    pub(super) serializing: Option<Path>,
    pub(super) deserializing: Option<Path>,
}

impl HalfSkips {
    pub(super) fn is_whole(&self, errors: &mut Errors) -> bool {
        match (&self.serializing, &self.deserializing) {
            (Some(_), Some(_)) => true,
            (None, None) => false,
            (Some(path), None) | (None, Some(path)) => {
                errors.at(path, "a Go type is the same in both directions: use `skip`");
                false
            }
        }
    }
}

/// Calls `visit` for every `key …` of the attributes called `name`.
pub(super) fn each_meta(
    name: &str,
    attrs: &[Attribute],
    errors: &mut Errors,
    mut visit: impl FnMut(&ParseNestedMeta<'_>, &mut Errors) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        let parsed = attr.parse_nested_meta(|meta| visit(&meta, errors));
        errors.take(parsed);
    }
}

/// The value of `rename` or `rename_all`, unless it differs by direction.
pub(super) fn one_name(meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<Option<LitStr>> {
    if meta.input.peek(token::Paren) {
        let key = key(meta);
        errors.push(meta.error(format_args!("Go has one name for both directions: write `{key} = \"…\"`")));
        skip_value(meta)?;
        return Ok(None);
    }
    string(meta).map(Some)
}
