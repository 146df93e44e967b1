//! Types of Go's standard library, by package: what a source names but does not declare.

use crate::gob::schema::Gob;
use crate::gob::ty::{Field, Kind, Marshaler, OpaqueType, Parts, Type, TypeRef};
use crate::gob::types::duration::Duration;
use crate::gob::types::time::Time;
use crate::gob::types::{net, netip};

/// The type `package.name`.
pub(super) fn find(package: &str, name: &str) -> Option<&'static Type> {
    let package = if package == "os" && name == "FileMode" { "io/fs" } else { package };
    STANDARD.iter().copied().find(|ty| ty.package == package && ty.name == name)
}

/// The type of a package that is called by its name, since nothing imports it: `big.Int`.
pub(super) fn find_unimported(package: &str, name: &str) -> Option<&'static Type> {
    find(package, name).or_else(|| {
        let is_called = |path: &str| path.rsplit('/').next() == Some(package);
        STANDARD.iter().copied().find(|ty| is_called(ty.package) && ty.name == name)
    })
}

const STANDARD: &[&Type] = &[
    Time::TYPE,
    Duration::TYPE,
    &Type::basic(Kind::Int).named("time", "Month"),
    &Type::basic(Kind::Int).named("time", "Weekday"),
    // G158–G160: as for a URL.
    &external("math/big", "Int", &by_pointer(Marshaler::Gob, b"\x02", None)),
    &external("math/big", "Rat", &by_pointer(Marshaler::Gob, b"\x02\0\0\0\0", None)),
    &external("math/big", "Float", &by_pointer(Marshaler::Gob, b"\x01\x08\0\0\0\0", None)),
    netip::Addr::TYPE,
    netip::AddrPort::TYPE,
    netip::Prefix::TYPE,
    &external("net/url", "URL", &by_pointer(Marshaler::Binary, b"", Some(TypeRef::new(|| &URL)))),
    net::ip::Ip::TYPE,
    &Type::bytes().named("net", "IPMask"),
    &Type::bytes().named("net", "HardwareAddr"),
    &Type::bytes().named("encoding/json", "RawMessage"),
    &Type::basic(Kind::String).named("encoding/json", "Number"),
    &Type::basic(Kind::Uint32).named("io/fs", "FileMode"),
    &Type::map(String::ty, Vec::<String>::ty).named("net/http", "Header"),
    &Type::map(String::ty, Vec::<String>::ty).named("net/url", "Values"),
];

/// A type whose method has a pointer receiver: its zero is sent too (G148).
const fn by_pointer(marshaler: Marshaler, zero: &'static [u8], inside: Option<TypeRef>) -> OpaqueType {
    OpaqueType { marshaler, zero, omit_zero: false, inside }
}

const fn external(package: &'static str, name: &'static str, opaque: &'static OpaqueType) -> Type {
    Type { kind: Kind::Opaque, name, package, args: &[], parts: Parts::Opaque(opaque) }
}

/// What gob describes of a URL, and never sends (G161).
static URL: Type = Type::structure(&[Field {
    name: "User",
    key: "User",
    kind: Kind::Pointer,
    ty: TypeRef::new(|| const { &Type::pointer(|| const { &Type::structure(&[]).named("net/url", "Userinfo") }) }),
    has_default: false,
}]);

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

/// An integer constant of Go's standard library.
pub(super) fn constant(package: &str, name: &str) -> Option<i128> {
    let (_, value) = match package {
        "time" => TIME.iter().find(|(known, _)| *known == name)?,
        "math" => MATH.iter().find(|(known, _)| *known == name)?,
        _ => SIZES.iter().find(|(known, _)| *known == package).filter(|_| name == "Size")?,
    };
    Some(*value)
}

/// The predeclared type that a type of Go's standard library is made of.
pub(super) fn basic(package: &str, name: &str) -> Option<&'static str> {
    match find(package, name)?.kind {
        Kind::Opaque => None,
        kind => Some(kind.basic_name()).filter(|name| !name.is_empty()),
    }
}

/// In nanoseconds.
const TIME: &[(&str, i128)] = &[
    ("Nanosecond", 1),
    ("Microsecond", 1_000),
    ("Millisecond", 1_000_000),
    ("Second", 1_000_000_000),
    ("Minute", 60_000_000_000),
    ("Hour", 3_600_000_000_000),
];

const MATH: &[(&str, i128)] = &[
    ("MaxInt", i64::MAX as i128),
    ("MinInt", i64::MIN as i128),
    ("MaxInt8", i8::MAX as i128),
    ("MinInt8", i8::MIN as i128),
    ("MaxInt16", i16::MAX as i128),
    ("MinInt16", i16::MIN as i128),
    ("MaxInt32", i32::MAX as i128),
    ("MinInt32", i32::MIN as i128),
    ("MaxInt64", i64::MAX as i128),
    ("MinInt64", i64::MIN as i128),
    ("MaxUint", u64::MAX as i128),
    ("MaxUint8", u8::MAX as i128),
    ("MaxUint16", u16::MAX as i128),
    ("MaxUint32", u32::MAX as i128),
    ("MaxUint64", u64::MAX as i128),
];

/// How many bytes a sum has: the constant `Size` of each package.
const SIZES: &[(&str, i128)] =
    &[("crypto/md5", 16), ("crypto/sha1", 20), ("crypto/sha256", 32), ("crypto/sha512", 64), ("hash/crc32", 4)];
