//! Go's `netip.Prefix`, for fields of type [`Prefix`], and with the feature `ipnet` of type `IpNet` and
//! `Option<IpNet>`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Addr, wrong_size};
use crate::gob::error::Result;
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;
use crate::gob::types::{ConvertError, glue};

/// Go's `netip.Prefix`: an address and how many bits of it count.
///
/// It prints itself as Go does, and so formats for people get it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    ip: Option<IpAddr>,
    bits: Option<u8>,
}

impl Prefix {
    /// Go's zero value, which is not a prefix.
    pub const ZERO: Self = Self { ip: None, bits: None };

    /// The first `bits` bits of an address. The others are kept, and match any.
    ///
    /// # Errors
    /// If the address has fewer bits.
    pub fn new(ip: IpAddr, bits: u8) -> Result<Self, ConvertError> {
        if bits > width(ip) {
            return Err(ConvertError::new("the prefix is longer than the address"));
        }
        Ok(Self { ip: Some(ip), bits: Some(bits) })
    }

    /// The address, if there is one.
    pub const fn ip(self) -> Option<IpAddr> {
        self.ip
    }

    /// The number of bits, if this is a valid prefix.
    pub const fn bits(self) -> Option<u8> {
        self.bits
    }
}

const fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

/// G162.
impl Opaque for Prefix {
    const NAME: &'static str = "Prefix";
    const PACKAGE: &'static str = "net/netip";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = &[0xff];

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        Addr::from(self.ip).marshal(out)?;
        out.push(self.bits.unwrap_or(0xff));
        Ok(())
    }

    /// As in Go, too many bits make an invalid prefix, and a zone is dropped.
    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let (bits, addr) = bytes.split_last().ok_or_else(wrong_size)?;
        let ip = Addr::unmarshal(addr)?.ip();
        Ok(Self { ip, bits: ip.filter(|ip| *bits <= width(*ip)).map(|_| *bits) })
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ip, self.bits) {
            (Some(ip), Some(bits)) => write!(f, "{ip}/{bits}"),
            (None, _) => Ok(()),
            (Some(_), None) => f.write_str("invalid Prefix"),
        }
    }
}

impl FromStr for Prefix {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        if text.is_empty() {
            return Ok(Self::ZERO);
        }
        let parts = text.split_once('/').and_then(|(ip, bits)| Some((ip.parse().ok()?, bits.parse().ok()?)));
        let (ip, bits) = parts.ok_or(ConvertError::new("no IP address with a length"))?;
        Self::new(ip, bits)
    }
}

glue::opaque_with_text!(Prefix);
glue::with_module!(Prefix, "netip.Prefix", option);
