//! url: `Url` is Go's `url.URL`, which encodes itself as its text, and so it does for serde.
//!
//! Go's zero value is the empty text, and no `Url`: one that may be missing is an `Option<Url>`, Go's `*url.URL`.

use url::Url;

use super::Gob;
use crate::gob::ty::{Field, Kind, Marshaler, OpaqueType, Parts, Type, TypeRef};

impl Gob for Url {
    const TYPE: &'static Type = &Type {
        kind: Kind::Opaque,
        name: "URL",
        package: "net/url",
        args: &[],
        parts: Parts::Opaque(&OpaqueType {
            marshaler: Marshaler::Binary,
            zero: &[],
            omit_zero: false,
            inside: Some(TypeRef::new(|| &INSIDE)),
        }),
    };
    const KIND: Kind = Kind::Opaque;
}

/// The exported field of Go's type that has a type of its own. Go describes it, and never sends one (G154).
static INSIDE: Type = Type::structure(&[Field {
    name: "User",
    key: "User",
    kind: Kind::Struct,
    ty: TypeRef::new(|| &USERINFO),
    has_default: false,
}]);

static USERINFO: Type = Type::structure(&[]).named("net/url", "Userinfo");
