//! The macros in surroundings that could get in their way.

#![deny(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused,
    unused_qualifications,
    elided_lifetimes_in_paths,
    single_use_lifetimes,
    non_local_definitions,
    clippy::all
)]

/// gobrpc under another name, as a facade crate would have it.
pub mod facade {
    pub use gobrpc as wire;
}

/// No prelude, and every name that the macros could have relied on taken.
#[no_implicit_prelude]
pub mod bare {
    use ::gobrpc::Gob as Describe;
    use ::std::assert_eq;

    /// Not std's.
    #[derive(Debug, Describe)]
    pub struct Vec;
    /// Not std's.
    #[derive(Debug, Describe)]
    pub struct Option;
    /// Not std's.
    #[derive(Debug, Describe)]
    pub struct String;
    /// Not gobrpc's.
    #[derive(Debug, Describe)]
    pub struct Type {
        /// A field.
        pub r#type: Kind,
    }
    /// Not gobrpc's.
    #[derive(Debug, Describe)]
    pub struct Kind(pub f64);
    /// Not gobrpc's.
    #[derive(Debug, Describe)]
    pub struct Parts<T>(pub T);
    /// Not gobrpc's.
    #[derive(Debug, Describe)]
    #[gob(name = "Everything")]
    pub struct Field<Gob> {
        /// A field.
        pub vec: Vec,
        /// A field.
        pub option: Option,
        /// A field.
        pub string: String,
        /// A field.
        pub ty: Type,
        /// A field.
        pub gob: Parts<Gob>,
    }
    /// Not std's, and an interface.
    #[derive(Debug, Describe)]
    #[gob(interface)]
    pub enum Result<T> {
        /// Not std's.
        Ok(Kind),
        /// Not std's.
        Err(T),
        /// Not gobrpc's.
        #[gob(other)]
        Value(::gobrpc::gob::Value),
    }
    /// Not std's, and constants.
    #[derive(Debug, Describe)]
    #[gob(repr = "uint8")]
    pub enum Some {
        /// Not std's.
        None,
        /// Not std's.
        Some = 7,
    }
    /// Not gobrpc's.
    #[derive(Debug, Describe)]
    #[gob(opaque, inside = "Type")]
    pub struct Opaque<Serialize>(pub Serialize);

    impl<Serialize> ::gobrpc::gob::Opaque for Opaque<Serialize>
    where
        Serialize: ::std::default::Default,
    {
        const NAME: &'static str = "Opaque";
        const MARSHALER: ::gobrpc::gob::ty::Marshaler = ::gobrpc::gob::ty::Marshaler::Gob;
        const ZERO: &'static [u8] = &[];

        fn marshal(&self, _: &mut ::std::vec::Vec<u8>) -> ::gobrpc::gob::Result<()> {
            ::gobrpc::gob::Result::Ok(())
        }

        fn unmarshal(_: &[u8]) -> ::gobrpc::gob::Result<Self> {
            ::gobrpc::gob::Result::Ok(Self(::std::default::Default::default()))
        }
    }
    /// A module that is called as a crate.
    pub mod gobrpc {}
    /// A module that is called as a crate.
    pub mod core {}
    /// A module that is called as a crate.
    pub mod std {}

    #[test]
    fn enums_may_be_called_as_those_of_std_and_gobrpc() {
        let name = |ty: &'static ::gobrpc::gob::ty::Type| ::std::string::ToString::to_string(ty);
        assert_eq!(name(<Result<Some> as Describe>::TYPE), "main.Result[main.Some]");
        assert_eq!(name(<[Some] as Describe>::TYPE), "[]main.Some");
        assert_eq!(name(<Opaque<::core::primitive::u8> as Describe>::TYPE), "main.Opaque[uint8]");
        let bytes = ::gobrpc::gob::to_vec(&Opaque(1_u8));
        ::std::assert!(::gobrpc::gob::from_slice::<Opaque<u8>>(&::std::result::Result::unwrap(bytes)).is_ok());
    }

    #[test]
    fn types_may_be_called_as_those_of_std_and_gobrpc() {
        let ty = <Field<::core::primitive::i64> as Describe>::TYPE;
        assert_eq!(::std::string::ToString::to_string(ty), "main.Everything[int64]");
        for (field, expected) in
            ::std::iter::zip(ty.fields(), ["main.Vec", "main.Option", "main.String", "main.Type", "main.Parts[int64]"])
        {
            assert_eq!(::std::string::ToString::to_string(field.ty()), expected);
        }
    }
}

/// gobrpc at another path.
pub mod renamed {
    use super::facade::wire::Gob;

    /// Found through the facade.
    #[derive(Debug, Gob)]
    #[gob(crate = "crate::hygiene::facade::wire")]
    pub struct Renamed<T>(pub Vec<T>);

    /// Found through the facade.
    #[derive(Debug, Gob)]
    #[gob(interface, crate = "crate::hygiene::facade::wire")]
    pub enum Interface {
        /// A variant.
        Renamed(Renamed<bool>),
        /// A variant.
        Constant(Constant),
    }

    /// Found through the facade.
    #[derive(Debug, Gob)]
    #[gob(repr = "string", crate = "crate::hygiene::facade::wire")]
    pub enum Constant {
        /// A variant.
        One,
    }

    /// Found through the facade.
    #[derive(Debug, Gob)]
    #[gob(opaque, crate = "crate::hygiene::facade::wire")]
    pub struct Opaque;

    impl super::facade::wire::gob::Opaque for Opaque {
        const NAME: &'static str = "Opaque";
        const MARSHALER: super::facade::wire::gob::ty::Marshaler = super::facade::wire::gob::ty::Marshaler::Gob;
        const ZERO: &'static [u8] = b"";

        fn marshal(&self, _: &mut Vec<u8>) -> super::facade::wire::gob::Result<()> {
            Ok(())
        }

        fn unmarshal(_: &[u8]) -> super::facade::wire::gob::Result<Self> {
            Ok(Self)
        }
    }

    #[test]
    fn the_crate_may_be_at_another_path() {
        assert_eq!(Interface::TYPE.to_string(), "main.Interface");
        assert_eq!(Constant::TYPE.to_string(), "main.Constant");
        assert_eq!(Opaque::TYPE.to_string(), "main.Opaque");
        assert_eq!(<Renamed<bool>>::TYPE.to_string(), "main.Renamed[bool]");
    }
}

/// Types that come out of other macros.
pub mod nested {
    use gobrpc::Gob;

    macro_rules! structs {
        ($($name:ident { $($field:ident: $ty:ty = $go:literal),* })*) => {$(
            /// Made by a macro.
            #[derive(Debug, Gob)]
            #[gob(package = "example.com/made")]
            pub struct $name {
                $(
                    /// A field.
                    #[gob(name = $go)]
                    pub $field: $ty,
                )*
            }
        )*};
    }

    structs! {
        Point { x: f64 = "X", y: f64 = "Y" }
        Line { points: Vec<Point> = "Points" }
    }

    macro_rules! enums {
        ($interface:ident { $($variant:ident($ty:ty)),* } $constants:ident: $repr:literal { $($constant:ident = $value:expr),* }) => {
            /// Made by a macro.
            #[derive(Debug, Gob)]
            #[gob(interface)]
            pub enum $interface {
                $(
                    /// A variant.
                    $variant($ty),
                )*
            }

            /// Made by a macro.
            #[derive(Debug, Gob)]
            #[gob(repr = $repr)]
            pub enum $constants {
                $(
                    /// A variant.
                    $constant = $value,
                )*
            }
        };
    }

    enums! {
        Shape { Point(Point), Line(Line) }
        Color: "int" { Red = 1, Green = 2 + 2 }
    }

    #[test]
    fn a_macro_may_write_the_struct() {
        assert_eq!(Line::TYPE.fields()[0].ty().to_string(), "[]made.Point");
        assert_eq!((Shape::TYPE.to_string(), Color::TYPE.to_string()), ("main.Shape".into(), "main.Color".into()));
    }
}

/// The service attribute without a prelude, at another path, in a private and in a public trait.
#[cfg(feature = "tokio")]
pub mod services {
    /// No prelude and names that the macro could have relied on.
    #[no_implicit_prelude]
    pub mod bare {
        use ::gobrpc::rpc::Dispatch as _;
        use ::std::assert_eq;

        /// Not std's.
        pub type Result<T, E> = ::core::result::Result<T, E>;
        /// Not std's.
        pub type Future = ::core::primitive::i64;
        /// Called as a type parameter might be.
        pub type T = ::core::primitive::u8;

        /// Documented.
        #[::gobrpc::service(name = "Bare", crate = crate::hygiene::facade::wire)]
        pub trait Send {
            /// Documented.
            fn a(&self, args: T) -> Result<Future, T>;
            /// Documented.
            async fn b(&self, call: ()) -> T;
            #[allow(missing_docs)]
            async fn c(&self, _: ());
            /// Documented.
            async fn d(&self, #[rpc(context)] call: &::gobrpc::rpc::Context, context: T) -> T;
            /// Documented.
            #[rpc(blocking)]
            fn e(&self, args: T, #[rpc(context)] context: ::gobrpc::rpc::Context) -> Result<Future, T>;
        }

        #[derive(Debug)]
        struct Impl;

        impl Send for Impl {
            fn a(&self, args: T) -> Result<Future, T> {
                Result::Err(args)
            }
            async fn b(&self, (): ()) -> T {
                1
            }
            async fn c(&self, (): ()) {}
            async fn d(&self, _: &::gobrpc::rpc::Context, context: T) -> T {
                context
            }
            fn e(&self, args: T, _: ::gobrpc::rpc::Context) -> Result<Future, T> {
                Result::Err(args)
            }
        }

        #[test]
        fn a_service_needs_no_prelude() {
            assert_eq!(Impl.into_service().name(), "Bare");
        }

        /// A receiver whose own methods are called as those of `Dispatch`.
        #[derive(Debug)]
        pub struct Clash;

        #[::gobrpc::service(crate = "crate::hygiene::facade::wire")]
        impl Clash {
            /// Documented.
            pub fn name(&self, name: T) -> T {
                name
            }
            fn methods(&self, (): ()) -> Result<(), T> {
                Result::Ok(())
            }
            async fn dispatch(&self, _: ()) {}
        }

        #[test]
        fn methods_may_be_called_as_those_of_the_dispatcher() {
            assert_eq!(::gobrpc::rpc::Dispatch::name(&Clash), "Clash");
            assert_eq!(Clash.name(3), 3);
        }
    }

    /// A service of which only one end is used.
    #[gobrpc::service]
    trait Private {
        async fn ping(&self, args: ());
    }

    /// A service of which neither end is used.
    #[gobrpc::service]
    pub(crate) trait Internal {
        async fn ping(&self, (): ()) {}
    }

    struct Pong;

    impl Private for Pong {
        async fn ping(&self, (): ()) {}
    }

    impl Internal for Pong {}

    #[test]
    fn an_unused_client_is_not_dead_code() {
        let _ = Private::into_service(Pong);
    }
}
