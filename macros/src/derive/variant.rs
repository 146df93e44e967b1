//! The attributes of a variant.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Path};

use super::attrs::{HalfSkips, each_meta, one_name};
use crate::errors::Errors;
use crate::meta::{key, non_empty, skip_value, string};

/// What stands on a variant.
#[derive(Default)]
pub(super) struct VariantAttrs {
    /// The name under which Go registered the type.
    pub(super) name: Option<LitStr>,
    /// Where it says that this variant takes what no other does.
    pub(super) other: Option<Path>,
    pub(super) rename: Option<LitStr>,
    pub(super) skip: bool,
    pub(super) with: Option<Path>,
}

impl VariantAttrs {
    pub(super) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = Self::default();
        let mut half_skips = HalfSkips::default();
        each_meta("gob", attrs, errors, |meta, errors| out.gob(meta, errors));
        each_meta("serde", attrs, errors, |meta, errors| out.serde(meta, &mut half_skips, errors));
        out.skip |= half_skips.is_whole(errors);
        out
    }

    fn gob(&mut self, meta: &ParseNestedMeta<'_>, errors: &mut Errors) -> syn::Result<()> {
        match key(meta).as_str() {
            "name" => self.name = Some(non_empty(meta)?),
            "other" => self.other = Some(meta.path.clone()),
            _ => {
                errors.push(meta.error("a variant has no such `gob` attribute; there are `name` and `other`"));
                skip_value(meta)?;
            }
        }
        Ok(())
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
            "with" => {
                self.with = Some(string(meta)?.parse()?);
                return Ok(());
            }
            "other" => {
                "loses what came: in an interface, `#[gob(other)]` on a variant that holds a `gob::Value` keeps it; a \
                 constant that is not declared is an error"
            }
            "untagged" => "leaves out the variant, by which gob finds the registered name or the value",
            "serialize_with" | "deserialize_with" => {
                "does not tell the Go type: use `with`, whose module has a `TYPE` beside its functions"
            }
            // The others do not touch what is sent.
            _ => return skip_value(meta),
        };
        errors.push(meta.error(format_args!("`{}` {refusal}", key(meta))));
        skip_value(meta)
    }
}
