//! ipnet: `IpNet`.

use ipnet::IpNet;

use crate::gob::types::ConvertError;
use crate::gob::types::netip::Prefix;

impl TryFrom<IpNet> for Prefix {
    type Error = ConvertError;

    fn try_from(net: IpNet) -> Result<Self, ConvertError> {
        Self::new(net.addr(), net.prefix_len())
    }
}

/// `None` is Go's zero value.
impl TryFrom<Option<IpNet>> for Prefix {
    type Error = ConvertError;

    fn try_from(net: Option<IpNet>) -> Result<Self, ConvertError> {
        net.map_or(Ok(Self::ZERO), Self::try_from)
    }
}

/// Fails for an invalid prefix.
impl TryFrom<Prefix> for IpNet {
    type Error = ConvertError;

    fn try_from(prefix: Prefix) -> Result<Self, ConvertError> {
        let parts = prefix.ip().zip(prefix.bits());
        let net = parts.and_then(|(ip, bits)| Self::new(ip, bits).ok());
        net.ok_or(ConvertError::new("netip.Prefix is invalid, and IpNet cannot be: use Option<IpNet>"))
    }
}

/// Fails for an invalid prefix that has an address.
impl TryFrom<Prefix> for Option<IpNet> {
    type Error = ConvertError;

    fn try_from(prefix: Prefix) -> Result<Self, ConvertError> {
        if prefix == Prefix::ZERO { Ok(None) } else { prefix.try_into().map(Some) }
    }
}
