//! Go's `netip.Addr`, for fields of type `IpAddr` and `Option<IpAddr>`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::wrong_size;
use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;
use crate::gob::types::{ConvertError, glue};

/// Go's `netip.Addr`: an IP address, maybe with a zone, or none at all.
///
/// It prints itself as Go does, with no text for no address, and so formats for people get it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr {
    ip: Option<IpAddr>,
    /// Only with an address of version 6.
    zone: String,
}

impl Addr {
    /// Go's zero value, which is not an address.
    pub const ZERO: Self = Self { ip: None, zone: String::new() };

    /// The address with another zone, or without one if it is empty. Only an address of version 6 has a zone; another
    /// stays as it is, as in Go.
    #[must_use]
    pub fn with_zone(mut self, zone: &str) -> Self {
        if matches!(self.ip, Some(IpAddr::V6(_))) {
            zone.clone_into(&mut self.zone);
        }
        self
    }

    /// The address, if this is one.
    pub const fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The zone, `eth0` in `fe80::1%eth0`; empty if there is none.
    pub fn zone(&self) -> &str {
        &self.zone
    }
}

/// G162.
impl Opaque for Addr {
    const NAME: &'static str = "Addr";
    const PACKAGE: &'static str = "net/netip";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = &[];

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        match self.ip {
            None => {}
            Some(IpAddr::V4(ip)) => out.extend_from_slice(&ip.octets()),
            Some(IpAddr::V6(ip)) => {
                out.extend_from_slice(&ip.octets());
                out.extend_from_slice(self.zone.as_bytes());
            }
        }
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Ok(Self::ZERO);
        }
        if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
            return Ok(Self { ip: Some(v4.into()), zone: String::new() });
        }
        let (v6, zone) = bytes.split_first_chunk::<16>().ok_or_else(wrong_size)?;
        let zone = str::from_utf8(zone).map_err(|_| ErrorKind::NotUtf8)?;
        Ok(Self { ip: Some((*v6).into()), zone: zone.to_owned() })
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            None => Ok(()),
            Some(ip) if self.zone.is_empty() => ip.fmt(f),
            Some(ip) => write!(f, "{ip}%{}", self.zone),
        }
    }
}

impl FromStr for Addr {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        if text.is_empty() {
            return Ok(Self::ZERO);
        }
        let invalid = ConvertError::new("no IP address");
        let (ip, zone) = match text.split_once('%') {
            Some((_, "")) => return Err(invalid),
            Some(parts) => parts,
            None => (text, ""),
        };
        match ip.parse() {
            Ok(IpAddr::V4(_)) if !zone.is_empty() => Err(invalid),
            Ok(ip) => Ok(Self { ip: Some(ip), zone: zone.to_owned() }),
            Err(_) => Err(invalid),
        }
    }
}

impl From<IpAddr> for Addr {
    fn from(ip: IpAddr) -> Self {
        Self { ip: Some(ip), zone: String::new() }
    }
}

/// `None` is Go's zero value, which is not an address.
impl From<Option<IpAddr>> for Addr {
    fn from(ip: Option<IpAddr>) -> Self {
        Self { ip, zone: String::new() }
    }
}

/// Fails for Go's zero value, and for an address with a zone.
impl TryFrom<Addr> for IpAddr {
    type Error = ConvertError;

    fn try_from(addr: Addr) -> Result<Self, ConvertError> {
        let ip: Option<Self> = addr.try_into()?;
        ip.ok_or(ConvertError::new("netip.Addr is invalid, and IpAddr cannot be: use Option<IpAddr>"))
    }
}

/// Fails for an address with a zone.
impl TryFrom<Addr> for Option<IpAddr> {
    type Error = ConvertError;

    fn try_from(addr: Addr) -> Result<Self, ConvertError> {
        match addr.zone.is_empty() {
            true => Ok(addr.ip),
            false => Err(ConvertError::new("netip.Addr has a zone, and IpAddr has no place for it")),
        }
    }
}

glue::opaque_with_text!(Addr);
glue::with_module!(Addr, "netip.Addr", option);
