//! `#[derive(Gob)]`.

mod attrs;
mod parse;
mod render;

use proc_macro2::TokenStream;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let input = parse::parse(syn::parse2(input)?)?;
    Ok(render::render(&input))
}
