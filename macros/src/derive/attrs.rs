//! The attributes of the derive: its own, and serde's as far as they say something about the Go type.

use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Path, Token, WherePredicate, parse_quote, token};

use crate::case::RenameRule;
use crate::errors::Errors;
use crate::meta::{key, non_empty, skip_value, string};

pub(super) type Bound = Punctuated<WherePredicate, Token![,]>;

/// What stands on the struct.
pub(super) struct ContainerAttrs {
    pub(super) krate: Path,
    pub(super) name: Option<LitStr>,
    pub(super) package: String,
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
    pub(super) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = Self {
            krate: parse_quote!(::gobrpc),
            name: None,
            package: "main".to_owned(),
            initialisms: vec!["ID".to_owned()],
            bound: None,
            rename: None,
            rename_all: None,
            default: false,
            transparent: false,
        };
        each_meta("gob", attrs, errors, |meta, errors| out.gob(meta, errors));
        each_meta("serde", attrs, errors, |meta, errors| out.serde(meta, errors));
        out
    }

    fn gob(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<()> {
        match key(meta).as_str() {
            "name" => self.name = Some(non_empty(meta)?),
            "package" => self.package = non_empty(meta)?.value(),
            "initialisms" => {
                self.initialisms.extend(string(meta)?.value().split_whitespace().map(str::to_owned));
            }
            "bound" => self.bound = Some(string(meta)?.parse_with(Bound::parse_terminated)?),
            "crate" => self.krate = string(meta)?.parse_with(Path::parse_mod_style)?,
            _ => {
                let known = "`name`, `package`, `initialisms`, `bound`, `crate`";
                errors.push(meta.error(format_args!("a struct has no such `gob` attribute; there are {known}")));
                skip_value(meta)?;
            }
        }
        Ok(())
    }

    fn serde(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<()> {
        let refusal = match key(meta).as_str() {
            "rename" => {
                self.rename = one_name(meta, errors)?;
                return Ok(());
            }
            "rename_all" => {
                if let Some(rule) = one_name(meta, errors)? {
                    self.rename_all = RenameRule::parse(&rule.value());
                    if self.rename_all.is_none() {
                        errors.at(rule, format_args!("no such rule; there are {}", RenameRule::NAMES));
                    }
                }
                return Ok(());
            }
            "default" => {
                self.default = true;
                return skip_value(meta);
            }
            "transparent" => {
                self.transparent = true;
                return Ok(());
            }
            "tag" | "content" | "untagged" => {
                "describes how to tell variants apart, and gob has none: a Go struct is sent without a tag"
            }
            "from" | "try_from" | "into" => {
                "sends another type in place of this one: derive `Gob` for that type, and implement it for this one by \
                 hand"
            }
            "remote" => {
                "describes a type of another crate, which cannot get an impl here: write a module for \
                 `#[serde(with = \"…\")]` that has a `TYPE`"
            }
            // The others do not touch what is sent.
            _ => return skip_value(meta),
        };
        errors.push(meta.error(format_args!("`{}` {refusal}", key(meta))));
        skip_value(meta)
    }
}

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
struct HalfSkips {
    serializing: Option<Path>,
    deserializing: Option<Path>,
}

impl HalfSkips {
    fn is_whole(&self, errors: &mut Errors) -> bool {
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
fn each_meta(
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
fn one_name(meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<Option<LitStr>> {
    if meta.input.peek(token::Paren) {
        let key = key(meta);
        errors.push(meta.error(format_args!("Go has one name for both directions: write `{key} = \"…\"`")));
        skip_value(meta)?;
        return Ok(None);
    }
    string(meta).map(Some)
}
