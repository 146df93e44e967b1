//! The impls of a type that encodes itself, all of which go through its `Opaque`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type, WhereClause, parse_quote};

use super::parse::Input;

/// The items of its `Gob`.
pub(super) fn description(inside: Option<&Type>, args: &TokenStream, krate: &Path) -> TokenStream {
    let gob = quote!(#krate::gob::Gob);
    let ty = quote!(#krate::gob::ty);
    let opaque = quote!(#krate::gob::opaque);
    let parts = inside.map(|inside| {
        let method = quote!(<Self as #krate::gob::Opaque>);
        quote! {
            parts: #ty::Parts::Opaque {
                0: &#ty::OpaqueType {
                    marshaler: #method::MARSHALER,
                    zero: #method::ZERO,
                    omit_zero: #method::OMIT_ZERO,
                    inside: ::core::option::Option::Some { 0: #ty::TypeRef::new(<#inside as #gob>::ty) },
                },
            },
        }
    });
    quote! {
        const TYPE: &'static #ty::Type = &#ty::Type { #args, #parts ..#opaque::go_type::<Self>() };
        const KIND: #ty::Kind = #ty::Kind::Opaque;
    }
}

/// The bounds of a generic type, which may encode itself only for some arguments.
pub(super) fn bound(input: &Input, where_clause: Option<&WhereClause>) -> TokenStream {
    let Input { krate, ident, plain_generics, .. } = input;
    if plain_generics.params.is_empty() {
        return quote!(#where_clause);
    }
    let (_, type_generics, _) = plain_generics.split_for_impl();
    let mut where_clause = where_clause.cloned().unwrap_or_else(|| parse_quote!(where));
    where_clause.predicates.push(parse_quote!(#ident #type_generics: #krate::gob::Opaque));
    quote!(#where_clause)
}

/// Its `Serialize` and `Deserialize`.
pub(super) fn codec(input: &Input) -> TokenStream {
    let Input { krate, ident, plain_generics, .. } = input;
    let (impl_generics, type_generics, where_clause) = plain_generics.split_for_impl();
    let where_clause = bound(input, where_clause);
    let mut with_lifetime = plain_generics.clone();
    with_lifetime.params.insert(0, parse_quote!('__de));
    let (de_generics, ..) = with_lifetime.split_for_impl();
    let serde = quote!(#krate::__private::serde);
    let opaque = quote!(#krate::gob::opaque);
    quote! {
        #[automatically_derived]
        #[allow(unused_qualifications)]
        impl #impl_generics #serde::Serialize for #ident #type_generics #where_clause {
            fn serialize<__S: #serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #opaque::serialize(self, serializer)
            }
        }

        #[automatically_derived]
        #[allow(unused_qualifications)]
        impl #de_generics #serde::Deserialize<'__de> for #ident #type_generics #where_clause {
            fn deserialize<__D: #serde::Deserializer<'__de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                #opaque::deserialize(deserializer)
            }
        }
    }
}
