//! `#[derive(Gob)]`.

mod attrs;
mod enums;
mod opaque;
mod parse;
mod render;
mod variant;

use proc_macro2::TokenStream;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let input = parse::parse(syn::parse2(input)?)?;
    Ok(render::render(&input))
}
