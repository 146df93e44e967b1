//! `gob::netip`, and std's addresses in its place.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use gobrpc::Gob;
use gobrpc::gob::netip::{Addr, AddrPort, Prefix};
use gobrpc::gob::{from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{check, golden, map, mismatch, refusal};

const V4: &str = "1.2.3.4";

fn addr(text: &str) -> Addr {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn an_address_has_gos_bytes() {
    for (name, text) in [
        ("netip_addr_v4", V4),
        ("netip_addr_v6", "2001:db8::1"),
        ("netip_addr_mapped", "::ffff:1.2.3.4"),
        ("netip_addr_zone", "fe80::1%eth0"),
        ("netip_addr_zero", ""),
    ] {
        check(name, addr(text));
        assert_eq!(addr(text).to_string(), text);
    }
    assert_eq!((addr("fe80::1%eth0").ip(), addr("fe80::1%eth0").zone()), (Some(ip("fe80::1")), "eth0"));
    assert_eq!(addr("fe80::1").with_zone("eth0"), addr("fe80::1%eth0"));
    assert_eq!(addr(V4).with_zone("eth0"), addr(V4));
}

#[test]
fn an_address_with_a_port_has_gos_bytes() {
    for (name, text) in [
        ("netip_addr_port_v4", "1.2.3.4:80"),
        ("netip_addr_port_v6", "[2001:db8::1]:443"),
        ("netip_addr_port_zone", "[fe80::1%3]:65535"),
        ("netip_addr_port_zero", ""),
    ] {
        let value: AddrPort = text.parse().unwrap();
        assert_eq!(value.to_string(), text);
        check(name, value);
    }
    check("netip_addr_port_without_addr", AddrPort { addr: Addr::ZERO, port: 80 });
}

#[test]
fn a_prefix_has_gos_bytes() {
    for (name, text) in [
        ("netip_prefix_v4", "10.0.0.0/8"),
        ("netip_prefix_v6", "2001:db8::/128"),
        ("netip_prefix_host_bits", "10.1.2.3/8"),
        ("netip_prefix_zero", ""),
    ] {
        let value: Prefix = text.parse().unwrap();
        assert_eq!(value.to_string(), text);
        check(name, value);
    }
}

#[test]
fn a_prefix_may_be_invalid() {
    let invalid: Prefix = from_slice(&golden("netip_prefix_invalid")).unwrap();
    assert_eq!((invalid.ip(), invalid.bits()), (Some(ip(V4)), None));
    assert_eq!(invalid.to_string(), "invalid Prefix");
    check("netip_prefix_invalid", invalid);
    assert!(Prefix::new(ip(V4), 33).is_err());
    assert!(Prefix::new(ip("::"), 129).is_err());
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Addrs {
    a: Addr,
    p: Option<Addr>,
    l: Vec<Addr>,
    m: Option<HashMap<Addr, AddrPort>>,
    x: Prefix,
    zero: Addr,
    port: AddrPort,
    net: Prefix,
}

#[test]
fn addresses_are_in_fields_slices_and_maps() {
    let a = addr(V4);
    let addrs = Addrs {
        a: a.clone(),
        p: Some(a.clone()),
        l: vec![a.clone(), Addr::ZERO],
        m: Some(map(a.clone(), AddrPort { addr: a, port: 80 })),
        x: Prefix::new(ip(V4), 24).unwrap(),
        ..Addrs::default()
    };
    check("netip_fields", addrs);
    check("netip_fields_zero", Addrs::default());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "Addrs", rename_all = "PascalCase")]
struct StdAddrs {
    #[serde(with = "gobrpc::gob::netip::addr")]
    a: IpAddr,
    #[serde(with = "gobrpc::gob::netip::addr::option")]
    p: Option<IpAddr>,
    l: Vec<Addr>,
    m: HashMap<Addr, AddrPort>,
    x: Prefix,
    #[serde(with = "gobrpc::gob::netip::addr")]
    zero: Option<IpAddr>,
    #[serde(with = "gobrpc::gob::netip::addr_port")]
    port: Option<SocketAddr>,
    net: Prefix,
}

#[test]
fn stds_addresses_are_addresses() {
    let a = addr(V4);
    let addrs = StdAddrs {
        a: ip(V4),
        p: Some(ip(V4)),
        l: vec![a.clone(), Addr::ZERO],
        m: map(a.clone(), AddrPort { addr: a, port: 80 }),
        x: Prefix::new(ip(V4), 24).unwrap(),
        zero: None,
        port: None,
        net: Prefix::ZERO,
    };
    check("netip_fields", addrs);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(transparent)]
struct Ip(#[serde(with = "gobrpc::gob::netip::addr")] IpAddr);

#[test]
fn what_an_ip_addr_cannot_hold_is_an_error() {
    assert_eq!(
        convert::<Ip, _>(&Addr::ZERO),
        Err("netip.Addr is invalid, and IpAddr cannot be: use Option<IpAddr>".to_owned())
    );
    assert_eq!(
        convert::<Ip, _>(&addr("fe80::1%eth0")),
        Err("netip.Addr has a zone, and IpAddr has no place for it".to_owned())
    );
    assert_eq!(convert::<Ip, _>(&addr("::ffff:1.2.3.4")), Ok(Ip(ip("::ffff:1.2.3.4"))));
}

/// Decodes what was encoded as another type.
fn convert<T: Gob + DeserializeOwned, F: Gob + Serialize>(from: &F) -> Result<T, String> {
    from_slice(&to_vec(from).unwrap()).map_err(|error| error.kind().to_string())
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(transparent)]
struct Socket(#[serde(with = "gobrpc::gob::netip::addr_port")] SocketAddr);

#[test]
fn the_scope_of_a_socket_is_a_zone() {
    let socket = Socket(SocketAddrV6::new("fe80::1".parse().unwrap(), 65535, 0, 3).into());
    let go: AddrPort = convert(&socket).unwrap();
    assert_eq!(go.to_string(), "[fe80::1%3]:65535");
    assert_eq!(convert(&go), Ok(socket));

    let named: AddrPort = "[fe80::1%eth0]:80".parse().unwrap();
    let error = "netip.AddrPort has a zone with a name, and SocketAddr has no place for it".to_owned();
    assert_eq!(convert::<Socket, _>(&named), Err(error));
    let without = AddrPort { addr: Addr::ZERO, port: 80 };
    let error = "netip.AddrPort is invalid, and SocketAddr cannot be: use Option<SocketAddr>".to_owned();
    assert_eq!(convert::<Socket, _>(&without), Err(error));
    assert!(Option::<SocketAddr>::try_from(without).is_err());
}

#[test]
fn a_flow_label_is_not_dropped() {
    let socket = Socket(SocketAddrV6::new("fe80::1".parse().unwrap(), 80, 7, 0).into());
    let error = to_vec(&socket).unwrap_err();
    assert_eq!(error.to_string(), "SocketAddrV6 has a flow label, and netip.AddrPort has no place for it");
}

#[test]
fn a_malformed_address_is_refused_in_gos_words() {
    assert_eq!(refusal::<Addr>("01 02 03"), "unexpected slice size");
    assert_eq!(refusal::<Addr>("00 01 02 03 04"), "unexpected slice size");
    assert_eq!(refusal::<AddrPort>("50"), "unexpected slice size");
    assert_eq!(refusal::<AddrPort>("01 02 03 50 00"), "unexpected slice size");
    assert_eq!(refusal::<Prefix>(""), "unexpected slice size");
    assert_eq!(refusal::<Prefix>("01 02 03 18"), "unexpected slice size");
    let zone = "fe80 0000 0000 0000 0000 0000 0000 0001 ff";
    assert_eq!(refusal::<Addr>(zone), "gob: Go string is not UTF-8");
}

#[test]
fn what_is_no_address_is_not_read() {
    for text in ["1.2.3", "1.2.3.4%eth0", "fe80::1%", "%eth0", "[::1]"] {
        assert!(text.parse::<Addr>().is_err(), "{text}");
    }
    for text in ["1.2.3.4", "1.2.3.4:", "1.2.3.4:+80", "1.2.3.4:65536", "::1:80", "[1.2.3.4]:80", ":80"] {
        assert!(text.parse::<AddrPort>().is_err(), "{text}");
    }
    for text in ["1.2.3.4", "1.2.3.4/33", "1.2.3.4/-1", "fe80::1%eth0/8"] {
        assert!(text.parse::<Prefix>().is_err(), "{text}");
    }
}

#[test]
fn formats_for_people_get_text() {
    let value = (addr(V4), "[::1]:80".parse::<AddrPort>().unwrap(), "10.0.0.0/8".parse::<Prefix>().unwrap());
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, r#"["1.2.3.4","[::1]:80","10.0.0.0/8"]"#);
    assert_eq!(serde_json::from_str::<(Addr, AddrPort, Prefix)>(&json).unwrap(), value);
}

#[test]
fn an_address_understands_only_its_own_mechanism() {
    let text = "gob: decoding into local type *netip.Addr, received remote type Time";
    assert_eq!(mismatch::<Addr>("time_utc"), text);
}

#[cfg(feature = "ipnet")]
#[test]
fn an_ip_net_is_a_prefix() {
    use ipnet::IpNet;

    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct Net(#[serde(with = "gobrpc::gob::netip::prefix")] IpNet);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct MaybeNet(#[serde(with = "gobrpc::gob::netip::prefix")] Option<IpNet>);

    for (name, text) in [("v4", "10.0.0.0/8"), ("v6", "2001:db8::/128"), ("host_bits", "10.1.2.3/8")] {
        let prefix: Prefix = text.parse().unwrap();
        let net: IpNet = text.parse().unwrap();
        assert_eq!(convert::<Net, _>(&prefix), Ok(Net(net)), "{name}");
        assert_eq!(convert::<Prefix, _>(&Net(net)), Ok(prefix), "{name}");
        assert_eq!(convert::<MaybeNet, _>(&prefix), Ok(MaybeNet(Some(net))));
    }
    let error = "netip.Prefix is invalid, and IpNet cannot be: use Option<IpNet>".to_owned();
    assert_eq!(convert::<Net, _>(&Prefix::ZERO), Err(error.clone()));
    assert_eq!(convert::<MaybeNet, _>(&Prefix::ZERO), Ok(MaybeNet(None)));
    assert_eq!(convert::<Prefix, _>(&MaybeNet(None)), Ok(Prefix::ZERO));
    let invalid: Prefix = from_slice(&golden("netip_prefix_invalid")).unwrap();
    assert_eq!(convert::<MaybeNet, _>(&invalid), Err(error));
}
