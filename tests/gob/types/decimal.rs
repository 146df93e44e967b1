//! rust_decimal, for the `Decimal` of github.com/shopspring/decimal.

use gobrpc::Gob;
use gobrpc::gob::decimal::Decimal;
use gobrpc::gob::{Opaque, from_slice, to_vec};
use rust_decimal::Decimal as RustDecimal;
use serde::{Deserialize, Serialize};

use super::{check, encodes, golden, hex, refusal};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Decimals {
    #[serde(with = "gobrpc::gob::decimal")]
    d: RustDecimal,
    l: Vec<Decimal>,
    nil: Decimal,
    zero: Decimal,
}

#[test]
fn a_decimal_has_gos_bytes() {
    check("decimal_price", decimal("-123.45"));
    assert_eq!(from_slice::<Decimal>(&golden("decimal_thousand")).unwrap(), decimal("1000"));
}

#[test]
fn gos_two_zeros_are_one() {
    let got: Decimals = from_slice(&golden("decimal_fields")).unwrap();
    let zero = Decimal::default();
    assert_eq!(got, Decimals { d: decimal("0.5").0, l: vec![decimal("1"), zero], nil: zero, zero });
    let mut payload = Vec::new();
    zero.marshal(&mut payload).unwrap();
    assert_eq!(payload, hex("00000000 02"));
}

#[test]
fn an_optional_decimal_is_a_pointer() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct Price(#[serde(with = "gobrpc::gob::decimal::option")] Option<RustDecimal>);
    let price = Price(Some(decimal("2.50").0));
    assert_eq!(from_slice::<Price>(&to_vec(&price).unwrap()).unwrap().0, price.0);
    encodes("decimal_price", &decimal("-123.45"));
}

#[test]
fn a_decimal_that_does_not_fit_is_refused_and_not_rounded() {
    let refusal = refusal::<Decimal>;
    let out_of_range = "Decimal out of range of rust_decimal";
    // 2^96, 10^29, 10^(2^31-1), 10^-29 and a magnitude of 17 bytes.
    assert_eq!(refusal("00000000 02 01000000000000000000000000"), out_of_range);
    assert_eq!(refusal("0000001d 02 01"), out_of_range);
    assert_eq!(refusal("7fffffff 02 01"), out_of_range);
    assert_eq!(refusal("ffffffe3 02 01"), out_of_range);
    assert_eq!(refusal("00000000 02 0100000000000000000000000000000000"), out_of_range);
    assert_eq!(refusal("80000000 02 01"), out_of_range);
}

#[test]
fn a_decimal_with_zeros_at_its_end_fits_without_them() {
    let unmarshal = |payload: &str| Decimal::unmarshal(&hex(payload)).unwrap();
    // 10 * 10^-29.
    assert_eq!(unmarshal("ffffffe3 02 0a"), decimal("0.0000000000000000000000000001"));
    assert_eq!(unmarshal("80000000 02"), Decimal::default());
    assert_eq!(unmarshal("0000001c 03 01"), decimal("-10000000000000000000000000000"));
    assert_eq!(unmarshal("00000000 02 00000000000000000000000000000000000001"), decimal("1"));
    // 2^96 * 10 * 10^-2 does not fit, (2^96 - 1) * 10 * 10^-1 does.
    assert_eq!(unmarshal("ffffffff 02 09fffffffffffffffffffffff6"), Decimal(RustDecimal::MAX));
}

#[test]
fn a_malformed_decimal_is_refused_in_gos_words() {
    let refusal = refusal::<Decimal>;
    assert_eq!(refusal("01 02"), "error decoding binary [1 2]: expected at least 4 bytes, got 2");
    assert_eq!(refusal(""), "error decoding binary []: expected at least 4 bytes, got 0");
    let version = "error decoding binary [0 0 0 0 9]: Int.GobDecode: encoding version 4 not supported";
    assert_eq!(refusal("00000000 09"), version);
}

#[test]
fn formats_for_people_get_text() {
    assert_eq!(serde_json::to_string(&decimal("-123.45")).unwrap(), r#""-123.45""#);
    assert_eq!(serde_json::from_str::<Decimal>(r#""2.50""#).unwrap(), decimal("2.50"));
}
