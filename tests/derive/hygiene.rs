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
    /// A module that is called as a crate.
    pub mod gobrpc {}
    /// A module that is called as a crate.
    pub mod core {}
    /// A module that is called as a crate.
    pub mod std {}

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

    #[test]
    fn the_crate_may_be_at_another_path() {
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

    #[test]
    fn a_macro_may_write_the_struct() {
        assert_eq!(Line::TYPE.fields()[0].ty().to_string(), "[]made.Point");
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
