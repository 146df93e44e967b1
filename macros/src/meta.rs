//! Reading one `key = value` of an attribute.

use proc_macro2::TokenStream;
use syn::meta::ParseNestedMeta;
use syn::{Expr, LitStr, Token, parenthesized, token};

pub(crate) fn key(meta: &ParseNestedMeta<'_>) -> String {
    meta.path.get_ident().map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn string(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    meta.value()?.parse()
}

pub(crate) fn non_empty(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    let name = string(meta)?;
    if name.value().is_empty() { Err(syn::Error::new(name.span(), "a Go name is not empty")) } else { Ok(name) }
}

/// Reads over `= value` or `(…)`, if there is one.
pub(crate) fn skip_value(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(token::Paren) {
        let list;
        parenthesized!(list in meta.input);
        list.parse::<TokenStream>()?;
    }
    Ok(())
}
