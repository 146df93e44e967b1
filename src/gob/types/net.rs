//! Go's `net`, as far as its types are sent.

pub mod ip {
    //! Go's `net.IP`, for fields of type `IpAddr` and `Option<IpAddr>`.
    //!
    //! `None` is nil. An address of version 4 is sent as an address of version 6 that stands for it, as most functions
    //! of Go make it, and such an address, like one of four bytes, is received as one of version 4. (A
    //! `netip.Addr` is what it is; see [`netip`](crate::gob::netip).)

    use std::fmt;
    use std::net::IpAddr;
    use std::str::FromStr;

    use serde::de::{Deserialize, Deserializer, Error, Visitor};
    use serde::ser::{Serialize, Serializer};

    use crate::gob::Gob;
    use crate::gob::ty::{Kind, Type};
    use crate::gob::types::{ConvertError, glue};

    /// Go's `net.IP`: an IP address, or nil. It is made from, and makes, an `IpAddr` or an `Option<IpAddr>`.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Ip(Option<IpAddr>);

    impl Gob for Ip {
        const TYPE: &'static Type = &Type::bytes().named("net", "IP");
        const KIND: Kind = Kind::Bytes;
        const OPTION: &'static Type = Self::TYPE;
        const OPTION_KIND: Kind = Kind::Bytes;
    }

    impl fmt::Display for Ip {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.map_or(Ok(()), |ip| ip.to_canonical().fmt(f))
        }
    }

    impl FromStr for Ip {
        type Err = ConvertError;

        fn from_str(text: &str) -> Result<Self, ConvertError> {
            if text.is_empty() {
                return Ok(Self(None));
            }
            let ip: IpAddr = text.parse().map_err(|_| ConvertError::new("no IP address"))?;
            Ok(ip.into())
        }
    }

    impl Serialize for Ip {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                _ if serializer.is_human_readable() => serializer.collect_str(self),
                None => serializer.serialize_bytes(&[]),
                Some(IpAddr::V4(ip)) => serializer.serialize_bytes(&ip.to_ipv6_mapped().octets()),
                Some(IpAddr::V6(ip)) => serializer.serialize_bytes(&ip.octets()),
            }
        }
    }

    impl<'de> Deserialize<'de> for Ip {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            if deserializer.is_human_readable() {
                glue::from_text(deserializer)
            } else {
                deserializer.deserialize_bytes(Octets)
            }
        }
    }

    struct Octets;

    impl Visitor<'_> for Octets {
        type Value = Ip;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("4 or 16 bytes of a net.IP")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Ip, E> {
            if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
                return Ok(IpAddr::from(v4).into());
            }
            match <[u8; 16]>::try_from(bytes) {
                Ok(v6) => Ok(IpAddr::from(v6).into()),
                Err(_) if bytes.is_empty() => Ok(Ip(None)),
                Err(_) => Err(E::invalid_length(bytes.len(), &self)),
            }
        }
    }

    impl From<IpAddr> for Ip {
        fn from(ip: IpAddr) -> Self {
            Self(Some(ip.to_canonical()))
        }
    }

    impl From<Option<IpAddr>> for Ip {
        fn from(ip: Option<IpAddr>) -> Self {
            Self(ip.map(|ip| ip.to_canonical()))
        }
    }

    /// Fails for nil.
    impl TryFrom<Ip> for IpAddr {
        type Error = ConvertError;

        fn try_from(ip: Ip) -> Result<Self, ConvertError> {
            ip.0.ok_or(ConvertError::new("net.IP is nil, and IpAddr cannot be: use Option<IpAddr>"))
        }
    }

    impl From<Ip> for Option<IpAddr> {
        fn from(ip: Ip) -> Self {
            ip.0
        }
    }

    glue::with_module!(Ip, "net.IP");
}
