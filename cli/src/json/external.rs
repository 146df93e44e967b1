//! Types that encode themselves: what their zero is, and those that can be given as text.

use std::fmt::Display;
use std::str::FromStr;

use gobrpc::gob::ty::{Parts, Type};
use gobrpc::gob::{Opaque, Time, big, netip};
use num_bigint::BigInt;

/// What Go's zero value of the type encodes to.
pub(super) const fn zero(ty: &Type) -> &'static [u8] {
    match ty.parts {
        Parts::Opaque(opaque) => opaque.zero,
        _ => &[],
    }
}

/// The bytes of a value that is given as text; `None` if the type has no text that is known here.
pub(super) fn from_text(ty: &Type, text: &str) -> Option<Result<Vec<u8>, String>> {
    Some(match ty.registered_name().as_str() {
        "time.Time" => parse::<Time>(text).and_then(marshal),
        "math/big.Int" => parse::<BigInt>(text).map(big::Int::from).and_then(marshal),
        "math/big.Rat" => parse::<big::Rat>(text).and_then(marshal),
        "net/netip.Addr" => parse::<netip::Addr>(text).and_then(marshal),
        "net/netip.AddrPort" => parse::<netip::AddrPort>(text).and_then(marshal),
        "net/netip.Prefix" => parse::<netip::Prefix>(text).and_then(marshal),
        "net/url.URL" => Ok(text.as_bytes().to_vec()),
        _ => return None,
    })
}

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

fn marshal(value: impl Opaque) -> Result<Vec<u8>, String> {
    let mut payload = Vec::new();
    value.marshal(&mut payload).map_err(|error| error.to_string())?;
    Ok(payload)
}
