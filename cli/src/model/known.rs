//! Types of Go's packages that are known by name: those for which gobrpc, or a crate it works with, has a type.

use super::{Basic, Marshaler, Ty};

/// A type that encodes itself, or is treated apart for its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Time,
    Duration,
    BigInt,
    BigRat,
    BigFloat,
    Addr,
    AddrPort,
    Prefix,
    Ip,
    Url,
    Uuid,
    Decimal,
}

/// What there is to know of each.
pub(crate) struct Facts {
    pub(crate) known: Known,
    /// The import path.
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    /// How it encodes itself, if it does.
    pub(crate) marshaler: Option<Marshaler>,
    /// The module of the Rust type, and its name.
    pub(crate) rust: (&'static str, &'static str),
    /// The feature of gobrpc that it needs, which is also the name of a crate where the type is of one.
    pub(crate) feature: Option<&'static str>,
}

const fn facts(
    known: Known,
    (path, name): (&'static str, &'static str),
    marshaler: Option<Marshaler>,
    rust: (&'static str, &'static str),
    feature: Option<&'static str>,
) -> Facts {
    Facts { known, path, name, marshaler, rust, feature }
}

const GOB: Option<Marshaler> = Some(Marshaler::Gob);
const BINARY: Option<Marshaler> = Some(Marshaler::Binary);

pub(crate) const ALL: [Facts; 12] = [
    facts(Known::Time, ("time", "Time"), GOB, ("gobrpc::gob", "Time"), None),
    facts(Known::Duration, ("time", "Duration"), None, ("gobrpc::gob", "Duration"), None),
    facts(Known::BigInt, ("math/big", "Int"), GOB, ("gobrpc::gob::big", "Int"), Some("num-bigint")),
    facts(Known::BigRat, ("math/big", "Rat"), GOB, ("gobrpc::gob::big", "Rat"), Some("num-rational")),
    facts(Known::BigFloat, ("math/big", "Float"), GOB, ("gobrpc::gob::big", "Float"), None),
    facts(Known::Addr, ("net/netip", "Addr"), BINARY, ("gobrpc::gob::netip", "Addr"), None),
    facts(Known::AddrPort, ("net/netip", "AddrPort"), BINARY, ("gobrpc::gob::netip", "AddrPort"), None),
    facts(Known::Prefix, ("net/netip", "Prefix"), BINARY, ("gobrpc::gob::netip", "Prefix"), None),
    facts(Known::Ip, ("net", "IP"), None, ("gobrpc::gob::net::ip", "Ip"), None),
    facts(Known::Url, ("net/url", "URL"), BINARY, ("url", "Url"), Some("url")),
    facts(Known::Uuid, ("github.com/google/uuid", "UUID"), BINARY, ("uuid", "Uuid"), Some("uuid")),
    facts(
        Known::Decimal,
        ("github.com/shopspring/decimal", "Decimal"),
        GOB,
        ("gobrpc::gob::decimal", "Decimal"),
        Some("rust_decimal"),
    ),
];

impl Known {
    pub(crate) fn facts(self) -> &'static Facts {
        const { &ALL }.iter().find(|facts| facts.known == self).unwrap_or(const { &ALL[0] })
    }

    pub(crate) fn find(path: &str, name: &str) -> Option<Self> {
        const { &ALL }.iter().find(|facts| facts.path == path && facts.name == name).map(|facts| facts.known)
    }

    /// Whether its method is one of the pointer: so it is in `math/big` and for a URL.
    pub(crate) const fn is_by_pointer(self) -> bool {
        matches!(self, Self::BigInt | Self::BigRat | Self::BigFloat | Self::Url)
    }

    /// The one that encodes itself under this name, as a stream tells it.
    pub(crate) fn by_name(name: &str, marshaler: Marshaler) -> Option<Self> {
        let mut all = const { &ALL }.iter();
        all.find(|facts| facts.name == name && facts.marshaler == Some(marshaler)).map(|facts| facts.known)
    }
}

/// Types of the standard library that are made of others in the usual way.
pub(crate) fn standard(path: &str, name: &str) -> Option<Ty> {
    let strings = || Ty::Slice(Box::new(Ty::Basic(Basic::String)));
    let bytes = || Ty::Slice(Box::new(Ty::Basic(Basic::Uint8)));
    Some(match (path, name) {
        ("time", "Month" | "Weekday") => Ty::Basic(Basic::Int),
        ("net", "IPMask" | "HardwareAddr") | ("encoding/json", "RawMessage") => bytes(),
        ("encoding/json", "Number") => Ty::Basic(Basic::String),
        ("io/fs" | "os", "FileMode") => Ty::Basic(Basic::Uint32),
        ("net/http", "Header") | ("net/url", "Values") | ("net/textproto", "MIMEHeader") => {
            Ty::Map(Box::new(Ty::Basic(Basic::String)), Box::new(strings()))
        }
        _ => return None,
    })
}
