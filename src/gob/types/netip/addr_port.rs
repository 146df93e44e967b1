//! Go's `netip.AddrPort`, for fields of type `SocketAddr` and `Option<SocketAddr>`.

use std::fmt;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::str::FromStr;

use byteorder::{ByteOrder, LittleEndian};

use super::{Addr, wrong_size};
use crate::gob::error::Result;
use crate::gob::opaque::Opaque;
use crate::gob::ty::Marshaler;
use crate::gob::types::{ConvertError, glue};

/// Go's `netip.AddrPort`: an address and a port.
///
/// It prints itself as Go does, with no text for a port without an address, and so formats for people get it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddrPort {
    /// The address.
    pub addr: Addr,
    /// The port.
    pub port: u16,
}

/// G162.
impl Opaque for AddrPort {
    const NAME: &'static str = "AddrPort";
    const PACKAGE: &'static str = "net/netip";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = &[0, 0];

    fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
        self.addr.marshal(out)?;
        out.extend_from_slice(&self.port.to_le_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> Result<Self> {
        let (addr, port) = bytes.split_last_chunk::<2>().ok_or_else(wrong_size)?;
        Ok(Self { addr: Addr::unmarshal(addr)?, port: LittleEndian::read_u16(port) })
    }
}

impl fmt::Display for AddrPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr.ip() {
            None => Ok(()),
            Some(IpAddr::V4(ip)) => write!(f, "{ip}:{}", self.port),
            Some(IpAddr::V6(_)) => write!(f, "[{}]:{}", self.addr, self.port),
        }
    }
}

impl FromStr for AddrPort {
    type Err = ConvertError;

    fn from_str(text: &str) -> Result<Self, ConvertError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        parse(text).ok_or(ConvertError::new("no IP address with a port"))
    }
}

fn parse(text: &str) -> Option<AddrPort> {
    let (addr, port) = text.rsplit_once(':')?;
    let inside = addr.strip_prefix('[').and_then(|addr| addr.strip_suffix(']'));
    let parsed: Addr = inside.unwrap_or(addr).parse().ok()?;
    if parsed.ip()?.is_ipv6() != inside.is_some() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(AddrPort { addr: parsed, port: port.parse().ok()? })
}

/// The scope of an address of version 6 becomes its zone. Fails for a flow label, which Go does not have.
impl TryFrom<SocketAddr> for AddrPort {
    type Error = ConvertError;

    fn try_from(from: SocketAddr) -> Result<Self, ConvertError> {
        let mut addr = Addr::from(from.ip());
        if let SocketAddr::V6(v6) = from {
            if v6.flowinfo() != 0 {
                return Err(ConvertError::new("SocketAddrV6 has a flow label, and netip.AddrPort has no place for it"));
            }
            if v6.scope_id() != 0 {
                addr = addr.with_zone(&v6.scope_id().to_string());
            }
        }
        Ok(Self { addr, port: from.port() })
    }
}

/// `None` is Go's zero value.
impl TryFrom<Option<SocketAddr>> for AddrPort {
    type Error = ConvertError;

    fn try_from(from: Option<SocketAddr>) -> Result<Self, ConvertError> {
        from.map_or_else(|| Ok(Self::default()), Self::try_from)
    }
}

/// A zone that is a number becomes the scope. Fails for any other zone, and for what has no address.
impl TryFrom<AddrPort> for SocketAddr {
    type Error = ConvertError;

    fn try_from(from: AddrPort) -> Result<Self, ConvertError> {
        let ip = from.addr.ip();
        match ip
            .ok_or(ConvertError::new("netip.AddrPort is invalid, and SocketAddr cannot be: use Option<SocketAddr>"))?
        {
            IpAddr::V6(ip) if !from.addr.zone().is_empty() => match from.addr.zone().parse() {
                Ok(scope) if scope != 0 => Ok(SocketAddrV6::new(ip, from.port, 0, scope).into()),
                _ => {
                    Err(ConvertError::new("netip.AddrPort has a zone with a name, and SocketAddr has no place for it"))
                }
            },
            ip => Ok((ip, from.port).into()),
        }
    }
}

/// Fails for a port without an address, and as for `SocketAddr`.
impl TryFrom<AddrPort> for Option<SocketAddr> {
    type Error = ConvertError;

    fn try_from(from: AddrPort) -> Result<Self, ConvertError> {
        if from == AddrPort::default() { Ok(None) } else { from.try_into().map(Some) }
    }
}

glue::opaque_with_text!(AddrPort);
glue::with_module!(AddrPort, "netip.AddrPort", option);
