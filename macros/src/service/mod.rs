//! `#[gobrpc::service]`.

mod client;
mod parse;
mod server;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use parse::Subject;

pub(crate) fn expand(args: TokenStream, input: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let subject = parse::parse(args, input, &mut errors)?;
    if errors.is_empty() {
        return Ok(render(&subject));
    }
    // What the user wrote is kept, lest every use of it becomes one more error.
    let item = match &subject {
        Subject::Trait(item, service) => {
            let item = server::rewritten(item, service);
            quote!(#item)
        }
        Subject::Impl(item, _) => quote!(#item),
    };
    let errors = errors.into_compile_errors();
    Ok(quote!(#item #errors))
}

fn render(subject: &Subject) -> TokenStream {
    match subject {
        Subject::Trait(item, service) => {
            let mut rewritten = server::rewritten(item, service);
            let client = client::of_trait(item, service);
            if !cfg!(feature = "server") {
                return quote!(#rewritten #client);
            }
            rewritten.items.push(server::into_service(item, service));
            let server = server::of_trait(item, service);
            quote!(#rewritten #server #client)
        }
        Subject::Impl(item, _) if !cfg!(feature = "server") => {
            let message = "a server needs the feature `tokio` of gobrpc";
            let error = syn::Error::new_spanned(&item.self_ty, message).into_compile_error();
            quote!(#item #error)
        }
        Subject::Impl(item, service) => {
            let dispatch = server::of_impl(item, service);
            quote!(#item #dispatch)
        }
    }
}
