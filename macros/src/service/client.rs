//! The calling end: one method per method.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ItemTrait, Visibility};

use super::parse::{Method, Service};

pub(super) fn of_trait(item: &ItemTrait, service: &Service) -> TokenStream {
    let Service { krate, name, methods } = service;
    let (vis, client) = (&item.vis, format_ident!("{}Client", item.ident));
    let doc = format!("The client of a `{name}` service. Clones share the connection.");
    let methods = methods.iter().map(|method| render(method, service, vis));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #[allow(dead_code)]
        #vis struct #client {
            channel: #krate::rpc::Channel,
        }

        #[allow(dead_code)]
        impl #client {
            /// Calls the methods of the service over this client, or through a stack of tower's services.
            #vis fn new(channel: impl ::core::convert::Into<#krate::rpc::Channel>) -> Self {
                Self { channel: channel.into() }
            }

            #(#methods)*
        }
    }
}

fn render(method: &Method, service: &Service, vis: &Visibility) -> TokenStream {
    let Service { krate, name, .. } = service;
    let Method { ident, wire, arg, reply, docs, .. } = method;
    let (arg, ty, reply) = (&arg.name, &arg.ty, reply.ty());
    let path = format!("{name}.{wire}");
    let spelling = format!("In Go: `{path}`.");
    // The Go spelling is a paragraph of its own.
    let gap = docs.iter().any(|attr| attr.path().is_ident("doc")).then(|| quote!(#[doc = ""]));
    quote! {
        #(#docs)*
        #gap
        #[doc = #spelling]
        #vis fn #ident(&self, #arg: #ty) -> #krate::rpc::Pending<#reply> {
            self.channel.call(#path, #arg)
        }
    }
}
