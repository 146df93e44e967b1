//! Types that encode themselves (G136–G164), as Go wrote them.

use gobrpc::Gob;
use gobrpc::gob::ty::Marshaler;
use gobrpc::gob::{Opaque, Result, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::hex;
use super::vectors::check;

/// A type whose payload is kept as it is.
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident: $package:literal $marshaler:ident, zero $zero:expr, omitted $omit_zero:literal) => {
        #[derive(Debug, Clone, PartialEq, Gob)]
        $(#[$meta])*
        struct $name(Vec<u8>);

        impl Opaque for $name {
            const NAME: &'static str = stringify!($name);
            const PACKAGE: &'static str = $package;
            const MARSHALER: Marshaler = Marshaler::$marshaler;
            const ZERO: &'static [u8] = $zero;
            const OMIT_ZERO: bool = $omit_zero;

            fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
                out.extend_from_slice(&self.0);
                Ok(())
            }

            fn unmarshal(bytes: &[u8]) -> Result<Self> {
                Ok(Self(bytes.to_vec()))
            }
        }
    };
}

macro_rules! go_struct {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty),* }) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
        #[serde(rename_all = "PascalCase")]
        $(#[$meta])*
        struct $name { $($field: $ty),* }
    };
}

payload!(#[gob(opaque)] Time: "time" Gob, zero b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff", omitted true);
payload!(#[gob(opaque)] Int: "math/big" Gob, zero b"\x02", omitted false);
payload!(#[gob(opaque)] Rat: "math/big" Gob, zero b"\x02\0\0\0\0", omitted false);
payload!(#[gob(opaque)] Float: "math/big" Gob, zero b"", omitted false);
payload!(#[gob(opaque)] Addr: "net/netip" Binary, zero b"", omitted true);
payload!(#[gob(opaque)] AddrPort: "net/netip" Binary, zero b"\0\0", omitted true);
payload!(#[gob(opaque)] Prefix: "net/netip" Binary, zero b"\xff", omitted true);
payload!(#[gob(opaque, inside = "UrlFields")] Url: "net/url" Binary, zero b"", omitted false);
payload!(#[gob(opaque, inside = "GxFields")] GX: "main" Gob, zero b"", omitted true);

fn time() -> Time {
    Time(hex("01 0000000edd7270f0 00000315 ffff"))
}

#[test]
fn a_time_at_top_level() {
    check("time_utc", &time());
    check("time_zero", &Time(Time::ZERO.to_vec()));
    check("time_offset_0530", &Time(hex("01 0000000eb20d2d1a 00000007 014a")));
    check("time_offset_v2", &Time(hex("02 0000000eb20d5d25 00000007 007d 01")));
}

/// G150, G151
#[test]
fn a_pointer_takes_an_id_of_its_own() {
    check("time_utc_ptr", &Some(time()));
    check("bigint_ptr", &Some(Int(hex("03 0100"))));
    check("slice_bigint_nil", &vec![Some(Int(vec![])), Some(Int(hex("02 01")))]);
}

/// G148, G152
#[test]
fn times_in_fields() {
    go_struct!(T { a: isize, t: Time, p: Option<Time>, z: Time });
    check("time_fields", &T { a: 1, t: time(), p: Some(time()), z: Time(Time::ZERO.to_vec()) });

    let t = Time(hex("01 0000000e7791f701 00000000 ffff"));
    go_struct!(#[gob(name = "T")] PointerFirst { p: Option<Time>, t: Time });
    check("time_ptr_field_first", &PointerFirst { p: Some(t.clone()), t });
}

/// G148
#[test]
fn a_method_on_the_pointer_is_always_asked() {
    go_struct!(T { i: Option<Int>, v: Int, r: Option<Rat>, f: Option<Float> });
    let float = Float(hex("01 0a 00000035 00000001 c000000000000000"));
    let rat = Rat(hex("02 00000001 01 02"));
    check("big_fields", &T { i: Some(Int(hex("02 05"))), v: Int(hex("03 07")), r: Some(rat), f: Some(float) });
    check("big_fields_nil", &T { i: None, v: Int(hex("02")), r: None, f: None });
}

go_struct!(UrlFields { scheme: String, opaque: String, user: Option<Userinfo>, host: String });
go_struct!(Userinfo {});

/// G154
#[test]
fn what_is_inside_is_defined_and_never_sent() {
    check("url_ptr", &Some(Url(b"https://u:p@example.com:80/a%2fb?q=1#frag".to_vec())));
    go_struct!(T { u: Option<Url> });
    check("url_field", &T { u: Some(Url(b"http://x/".to_vec())) });
    check("gobenc_exported_inner", &GX(b"n".to_vec()));
}

go_struct!(GxFields { name: String, r#in: Option<Inner> });
go_struct!(Inner { s: String });

#[test]
fn addresses() {
    go_struct!(T { a: Addr, b: Addr, p: AddrPort, x: Prefix });
    let b = Addr(hex("fe800000000000000000000000000001 65746830"));
    let value = T { a: Addr(vec![1, 2, 3, 4]), b, p: AddrPort(hex("01020304 5000")), x: Prefix(hex("0a000000 08")) };
    check("netip_fields", &value);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(name = "IP", package = "net")]
    struct Ip(Vec<u8>);
    check("net_ip", &Ip(hex("00000000000000000000ffff 01020304")));
}

/// A text with a mark before it.
macro_rules! marked {
    ($name:ident $marshaler:ident $mark:literal) => {
        #[derive(Debug, Clone, PartialEq, Gob)]
        #[gob(opaque)]
        struct $name(String);

        impl Opaque for $name {
            const NAME: &'static str = stringify!($name);
            const MARSHALER: Marshaler = Marshaler::$marshaler;
            const ZERO: &'static [u8] = $mark.as_bytes();

            fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
                out.extend_from_slice(format!("{}{}", $mark, self.0).as_bytes());
                Ok(())
            }

            fn unmarshal(bytes: &[u8]) -> Result<Self> {
                let text = bytes.strip_prefix($mark.as_bytes()).and_then(|text| std::str::from_utf8(text).ok());
                text.map(|text| Self(text.to_owned())).ok_or_else(|| serde::de::Error::custom("no mark"))
            }
        }
    };
}

marked!(VG Gob "V=");
marked!(VB Binary "B=");

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct VT(String);

#[test]
fn methods_make_the_payload() {
    check("gobenc_value", &VG("x".into()));
    check("gobenc_slice_zero", &vec![VG(String::new()), VG("a".into())]);
    check("binary_marshaler", &VB("x".into()));
    check("text_marshaler_ignored", &VT("x".into()));
    go_struct!(T { a: VG, b: Option<VG>, c: isize });
    check("gobenc_field_zero", &T { a: VG(String::new()), b: Some(VG(String::new())), c: 1 });
}

#[test]
fn a_type_that_encodes_itself_goes_into_an_interface() {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(interface, anonymous)]
    enum Any {
        VG(VG),
    }
    go_struct!(Holder { i: Option<Any> });
    check("gobenc_in_iface", &Holder { i: Some(Any::VG(VG("x".into()))) });
}

/// G142
#[test]
fn the_errors_of_a_method_are_its_own() {
    #[derive(Debug, Gob)]
    #[gob(opaque)]
    struct Picky;
    impl Opaque for Picky {
        const NAME: &'static str = "Picky";
        const MARSHALER: Marshaler = Marshaler::Gob;
        const ZERO: &'static [u8] = b"";
        fn marshal(&self, _: &mut Vec<u8>) -> Result<()> {
            Err(serde::ser::Error::custom("bang"))
        }
        fn unmarshal(_: &[u8]) -> Result<Self> {
            Err(serde::de::Error::custom("boom"))
        }
    }
    assert_eq!(to_vec(&Picky).unwrap_err().to_string(), "bang");
    let error = from_slice::<Picky>(&to_vec(&VG("x".into())).unwrap()).unwrap_err();
    assert_eq!(error.kind().to_string(), "boom");
}
