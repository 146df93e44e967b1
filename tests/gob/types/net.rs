//! `gob::net`, and std's addresses in its place.

use std::net::IpAddr;

use gobrpc::Gob;
use gobrpc::gob::from_slice;
use gobrpc::gob::net::ip::Ip;
use serde::{Deserialize, Serialize};

use super::{check, golden, mismatch};

fn ip(text: &str) -> Ip {
    text.parse().unwrap()
}

#[test]
fn an_address_has_gos_bytes() {
    check("net_ip_v4", ip("1.2.3.4"));
    check("net_ip_v6", ip("2001:db8::1"));
    check("bytes_nil", Ip::default());
}

#[test]
fn an_address_of_four_bytes_is_the_same() {
    assert_eq!(from_slice::<Ip>(&golden("net_ip_v4_short")).unwrap(), ip("1.2.3.4"));
    assert_eq!(Ip::from("::ffff:1.2.3.4".parse::<IpAddr>().unwrap()), ip("1.2.3.4"));
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "IPs", rename_all = "PascalCase")]
struct Ips {
    #[serde(with = "gobrpc::gob::net::ip")]
    v4: IpAddr,
    #[serde(with = "gobrpc::gob::net::ip")]
    v6: Option<IpAddr>,
    #[serde(with = "gobrpc::gob::net::ip")]
    nil: Option<IpAddr>,
    l: Vec<Ip>,
}

#[test]
fn stds_addresses_are_addresses() {
    let (v4, v6) = ("1.2.3.4".parse().unwrap(), "2001:db8::1".parse().ok());
    check("net_ip_fields", Ips { v4, v6, nil: None, l: vec![ip("255.255.255.255"), Ip::default()] });
}

#[test]
fn a_net_ip_can_be_nil() {
    assert_eq!(<Option<Ip>>::TYPE.to_string(), "net.IP");
    assert_eq!(<Vec<Ip>>::TYPE.to_string(), "[]net.IP");
    let error = IpAddr::try_from(Ip::default()).unwrap_err();
    assert_eq!(error.to_string(), "net.IP is nil, and IpAddr cannot be: use Option<IpAddr>");
}

#[test]
fn bytes_of_another_length_are_no_address() {
    assert_eq!(mismatch::<Ip>("bytes_abc"), "invalid length 3, expected 4 or 16 bytes of a net.IP");
}

#[test]
fn formats_for_people_get_text() {
    assert_eq!(serde_json::to_string(&[ip("1.2.3.4"), Ip::default()]).unwrap(), r#"["1.2.3.4",""]"#);
    assert_eq!(serde_json::from_str::<Ip>(r#""::1""#).unwrap(), ip("::1"));
}
