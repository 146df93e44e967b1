//! From a Go type to the impl that describes it.
//!
//! Everything is a struct literal, in braces even where parentheses would be usual: the references in a constant live
//! as long as it does if they are taken in braces, whatever they refer to.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Ident, Path};

use super::enums::{Concrete, Constant, Repr};
use super::opaque;
use super::parse::{Field, Input, Shape, Source};

pub(super) fn render(input: &Input) -> TokenStream {
    let Input { krate, ident, generics, shape, .. } = input;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let gob = quote!(#krate::gob::Gob);
    let ty = quote!(#krate::gob::ty);
    let items = items(input, &gob, &ty);
    // The type of a generic enum is checked where it is used, that of any other one here.
    let is_checked = matches!(shape, Shape::Interface(_) | Shape::Constants(..)) && generics.params.is_empty();
    let checked = is_checked.then(|| quote!(const _: &'static #ty::Type = <#ident as #gob>::TYPE;));
    let codec = matches!(shape, Shape::Opaque(_)).then(|| opaque::codec(input));
    let where_clause = match shape {
        Shape::Opaque(_) => opaque::bound(input, where_clause),
        _ => quote!(#where_clause),
    };
    quote! {
        #[automatically_derived]
        #[allow(unused_qualifications)]
        impl #impl_generics #gob for #ident #type_generics #where_clause {
            #items
        }
        #checked
        #codec
    }
}

/// The constants of the trait.
fn items(input: &Input, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
    let Input { krate, args, name, package, shape, .. } = input;
    let args = quote!(args: &[#(<#args as #gob>::EDGE),*]);
    let head = quote!(name: #name, package: #package, #args,);
    match shape {
        Shape::Struct(fields) => {
            let fields = fields.iter().map(|field| render_field(field, gob, ty));
            quote! {
                const TYPE: &'static #ty::Type = &#ty::Type {
                    kind: #ty::Kind::Struct,
                    #head
                    parts: #ty::Parts::Struct { 0: &[#(#fields),*] },
                };
                const KIND: #ty::Kind = #ty::Kind::Struct;
                // A pointer to the struct holds the edge to it and not its fields, which may lead back.
                const OPTION_EDGE: #ty::TypeRef = #ty::TypeRef::to(<Self as #gob>::OPTION);
            }
        }
        Shape::Newtype(inner) => {
            let (kind, inner_type) = (inner.kind(gob), inner.description(gob));
            let containers = inner.containers(gob, ty);
            quote! {
                const TYPE: &'static #ty::Type = &#ty::Type { #head ..*#inner_type };
                const KIND: #ty::Kind = #kind;
                #containers
            }
        }
        Shape::Interface(concretes) => {
            let checks = concretes.iter().map(|concrete| check_concrete(concrete, gob, ty));
            let concretes = concretes.iter().map(|concrete| render_concrete(concrete, gob, ty));
            quote! {
                const TYPE: &'static #ty::Type = {
                    #(#checks)*
                    &#ty::Type {
                        kind: #ty::Kind::Interface,
                        #head
                        parts: #ty::Parts::Interface { 0: &[#(#concretes),*] },
                    }
                };
                const KIND: #ty::Kind = #ty::Kind::Interface;
                const OPTION: &'static #ty::Type = <Self as #gob>::TYPE;
                const OPTION_KIND: #ty::Kind = #ty::Kind::Interface;
            }
        }
        Shape::Constants(repr, constants) => render_constants(*repr, constants, &head, gob, ty),
        Shape::Opaque(inside) => opaque::description(inside.as_deref(), &args, krate),
    }
}

fn render_concrete(concrete: &Concrete, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
    let Concrete { key, name, source, .. } = concrete;
    let edge = source.edge(gob, ty);
    quote!(#ty::Concrete { key: #key, name: #name, ty: #edge })
}

/// What only the compiler can see of a type that an interface is to hold.
fn check_concrete(concrete: &Concrete, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
    let (kind, description) = (concrete.source.kind(gob), concrete.source.description(gob));
    let span = concrete.source.span();
    if concrete.other {
        let message = "the variant with `#[gob(other)]` holds a `gob::Value`";
        return quote_spanned! {span=>
            ::core::assert!(::core::matches!(#description.parts, #ty::Parts::Interface { 0: [] }), #message);
        };
    }
    let message = "an interface does not hold an interface: list the types of the inner one as variants, and for a \
                   `gob::Value` write `#[gob(other)]`";
    quote_spanned!(span=> ::core::assert!(!::core::matches!(#kind, #ty::Kind::Interface), #message);)
}

fn render_constants(
    repr: Repr,
    constants: &[Constant],
    head: &TokenStream,
    gob: &TokenStream,
    ty: &TokenStream,
) -> TokenStream {
    let mut checks = Vec::new();
    let mut rendered = Vec::new();
    for Constant { key, ident } in constants {
        let value = match repr {
            Repr::String => quote!(0),
            Repr::Integer(go, _, min, max) => {
                let message = format!("the value of `{ident}` does not fit in {go}");
                let (min, max) = (Literal::i128_suffixed(min), Literal::i128_suffixed(max));
                checks.push(quote_spanned! {ident.span()=>
                    ::core::assert!(
                        #min <= Self::#ident as ::core::primitive::i128
                            && Self::#ident as ::core::primitive::i128 <= #max,
                        #message
                    );
                });
                quote!(Self::#ident as ::core::primitive::i64)
            }
        };
        rendered.push(quote!(#ty::Constant { key: #key, value: #value }));
    }
    let kind = match repr {
        Repr::String => quote!(#ty::Kind::String),
        Repr::Integer(_, kind, ..) => {
            let kind = Ident::new(kind, Span::call_site());
            quote!(#ty::Kind::#kind)
        }
    };
    // G96: a slice of them is bytes, and knows the constants by its element.
    let slice = matches!(repr, Repr::Integer("uint8", ..)).then(|| {
        quote! {
            const SLICE: &'static #ty::Type = &#ty::Type {
                kind: #ty::Kind::Bytes,
                name: "",
                package: "",
                args: &[],
                parts: #ty::Parts::Elem { 0: <Self as #gob>::EDGE },
            };
            const SLICE_KIND: #ty::Kind = #ty::Kind::Bytes;
        }
    });
    quote! {
        const TYPE: &'static #ty::Type = {
            #(#checks)*
            &#ty::Type {
                kind: #kind,
                #head
                parts: #ty::Parts::Constants { 0: &[#(#rendered),*] },
            }
        };
        const KIND: #ty::Kind = #kind;
        #slice
    }
}

fn render_field(field: &Field, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
    let Field { name, key, source, has_default } = field;
    let (kind, edge) = (source.kind(gob), source.edge(gob, ty));
    quote!(#ty::Field { name: #name, key: #key, kind: #kind, ty: #edge, has_default: #has_default })
}

impl Source {
    fn span(&self) -> Span {
        match self {
            Self::Type(rust) => rust.span(),
            Self::Module(path) => path.span(),
        }
    }

    fn description(&self, gob: &TokenStream) -> TokenStream {
        match self {
            Self::Type(rust) => quote!(<#rust as #gob>::TYPE),
            Self::Module(path) => module_type(path),
        }
    }

    fn kind(&self, gob: &TokenStream) -> TokenStream {
        match self {
            Self::Type(rust) => quote!(<#rust as #gob>::KIND),
            Self::Module(path) => {
                let module_type = module_type(path);
                quote!(#module_type.kind)
            }
        }
    }

    fn edge(&self, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
        match self {
            Self::Type(rust) => quote!(<#rust as #gob>::EDGE),
            Self::Module(path) => {
                let module_type = module_type(path);
                quote!(#ty::TypeRef::new(|| #module_type))
            }
        }
    }

    /// The slice and the option of a newtype around this.
    ///
    /// They are what they are for the inner type: a slice of a byte type is bytes, and an option of what can be nil is
    /// that itself. Asking the inner type for its own slice and option, and not for its kind, keeps the constants of
    /// recursive newtypes apart: the kind of `struct L(Vec<L>)` is that of a slice of `L`, but a slice of `Vec<L>` is
    /// always just a slice. A `with` module cannot be asked, but it cannot be recursive either.
    fn containers(&self, gob: &TokenStream, ty: &TokenStream) -> TokenStream {
        let elem = quote!(#ty::Parts::Elem { 0: <Self as #gob>::EDGE });
        let unnamed = quote!(name: "", package: "", args: &[]);
        let slice = quote!(&#ty::Type { kind: #ty::Kind::Slice, #unnamed, parts: #elem });
        let bytes = quote!(&#ty::Type { kind: #ty::Kind::Bytes, #unnamed, parts: #elem });
        let pointer = quote!(&#ty::Type { kind: #ty::Kind::Pointer, #unnamed, parts: #elem });
        let (slice_kind, option_kind) = match self {
            Self::Type(rust) => (quote!(<#rust as #gob>::SLICE_KIND), quote!(<#rust as #gob>::OPTION_KIND)),
            Self::Module(_) => {
                let kind = self.kind(gob);
                (
                    quote!(match #kind {
                        #ty::Kind::Uint8 => #ty::Kind::Bytes,
                        _ => #ty::Kind::Slice,
                    }),
                    quote!(match #kind {
                        nilable @ (#ty::Kind::Bytes | #ty::Kind::Slice | #ty::Kind::Map) => nilable,
                        _ => #ty::Kind::Pointer,
                    }),
                )
            }
        };
        quote! {
            const SLICE: &'static #ty::Type = match <Self as #gob>::SLICE_KIND {
                #ty::Kind::Bytes => #bytes,
                _ => #slice,
            };
            const SLICE_KIND: #ty::Kind = #slice_kind;
            const OPTION: &'static #ty::Type = match <Self as #gob>::OPTION_KIND {
                #ty::Kind::Pointer => #pointer,
                _ => <Self as #gob>::TYPE,
            };
            const OPTION_KIND: #ty::Kind = #option_kind;
        }
    }
}

/// The constant of a `with` module, at the place of its path: that is where it is missed.
fn module_type(path: &Path) -> TokenStream {
    let constant = Ident::new("TYPE", path.span());
    quote_spanned!(path.span()=> #path::#constant)
}
