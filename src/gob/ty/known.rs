//! Types of Go's standard library, by package: what a source names but does not declare.

use super::{Field, Kind, Marshaler, OpaqueType, Parts, Type, TypeRef};
use crate::gob::schema::Gob;

/// The type `package.name`.
pub(super) fn find(package: &str, name: &str) -> Option<&'static Type> {
    let package = if package == "os" && name == "FileMode" { "io/fs" } else { package };
    STANDARD.iter().find(|ty| ty.package == package && ty.name == name)
}

const STANDARD: &[Type] = &[
    // The zero time is not all zeros: its zone is UTC (G155).
    external("time", "Time", &by(Marshaler::Gob, b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff", true)),
    Type::basic(Kind::Int64).named("time", "Duration"),
    Type::basic(Kind::Int).named("time", "Month"),
    Type::basic(Kind::Int).named("time", "Weekday"),
    // G158–G160. Their methods have pointer receivers, so their zeros are sent (G148).
    external("math/big", "Int", &by(Marshaler::Gob, b"\x02", false)),
    external("math/big", "Rat", &by(Marshaler::Gob, b"\x02\0\0\0\0", false)),
    external("math/big", "Float", &by(Marshaler::Gob, b"\x01\x08\0\0\0\0", false)),
    // G162
    external("net/netip", "Addr", &by(Marshaler::Binary, b"", true)),
    external("net/netip", "AddrPort", &by(Marshaler::Binary, b"\0\0", true)),
    external("net/netip", "Prefix", &by(Marshaler::Binary, b"\xff", true)),
    external("net/url", "URL", &OpaqueType { inside: Some(TypeRef::to(&URL)), ..by(Marshaler::Binary, b"", false) }),
    Type::bytes().named("net", "IP"),
    Type::bytes().named("net", "IPMask"),
    Type::bytes().named("net", "HardwareAddr"),
    Type::bytes().named("encoding/json", "RawMessage"),
    Type::basic(Kind::String).named("encoding/json", "Number"),
    Type::basic(Kind::Uint32).named("io/fs", "FileMode"),
    Type::map(String::ty, Vec::<String>::ty).named("net/http", "Header"),
    Type::map(String::ty, Vec::<String>::ty).named("net/url", "Values"),
];

/// What gob describes of a URL, and never sends (G161).
const URL: Type = Type::structure(&[Field {
    name: "User",
    key: "User",
    kind: Kind::Pointer,
    ty: TypeRef::new(|| const { &Type::pointer(|| const { &Type::structure(&[]).named("net/url", "Userinfo") }) }),
    has_default: false,
}]);

const fn by(marshaler: Marshaler, zero: &'static [u8], omit_zero: bool) -> OpaqueType {
    OpaqueType { marshaler, zero, omit_zero, inside: None }
}

const fn external(package: &'static str, name: &'static str, opaque: &'static OpaqueType) -> Type {
    Type { kind: Kind::Opaque, name, package, args: &[], parts: Parts::Opaque(opaque) }
}

/// A predeclared type.
pub(super) fn predeclared(name: &str) -> Option<TypeRef> {
    Some(TypeRef::new(match name {
        "bool" => bool::ty,
        "int" => isize::ty,
        "int8" => i8::ty,
        "int16" => i16::ty,
        "int32" | "rune" => i32::ty,
        "int64" => i64::ty,
        "uint" => usize::ty,
        "uint8" | "byte" => u8::ty,
        "uint16" => u16::ty,
        "uint32" => u32::ty,
        "uint64" => u64::ty,
        "uintptr" => || const { &Type { name: "uintptr", ..Type::basic(Kind::Uint64) } },
        "float32" => f32::ty,
        "float64" => f64::ty,
        "complex64" => || const { &Type::basic(Kind::Complex64) },
        "complex128" => || const { &Type::basic(Kind::Complex128) },
        "string" => String::ty,
        "any" => || const { &Type::any() },
        "error" => || const { &Type::any() },
        _ => return None,
    }))
}
