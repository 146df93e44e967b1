//! `gob::big`.

use gobrpc::gob::big::{Accuracy, Float, Magnitude, RoundingMode};
use gobrpc::gob::{Opaque, from_slice, to_vec};

use super::{check, golden, hex, refusal};

#[cfg(feature = "num-bigint")]
mod int {
    use gobrpc::Gob;
    use gobrpc::gob::big::Int;
    use gobrpc::gob::{from_slice, to_vec};
    use num_bigint::{BigInt, BigUint};
    use serde::{Deserialize, Serialize};

    use super::super::{check, golden, mismatch, refusal};

    fn huge() -> BigInt {
        BigInt::from(3) << 4000
    }

    /// In Go these are pointers.
    fn pointer(value: impl Into<BigInt>) -> Option<Int> {
        Some(Int(value.into()))
    }

    #[test]
    fn an_int_has_gos_bytes() {
        check("big_int_zero", pointer(0));
        check("big_int_one", pointer(1));
        check("big_int_minus_256", pointer(-256));
        check("big_int_i128_min", pointer(i128::MIN));
        check("big_int_huge", pointer(huge()));
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct Wide(#[serde(with = "gobrpc::gob::big::int::option")] Option<i128>);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct Big(#[serde(with = "gobrpc::gob::big::int::option")] Option<BigInt>);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    struct Natural(#[serde(with = "gobrpc::gob::big::int::option")] Option<BigUint>);

    #[test]
    fn integers_that_gob_does_not_have_are_ints() {
        check("big_int_i128_min", Wide(Some(i128::MIN)));
        check("big_int_huge", Big(Some(huge())));
        check("big_int_huge", Natural(Some(huge().magnitude().clone())));
        assert_eq!(u128::try_from(Int::from(u128::MAX)), Ok(u128::MAX));
    }

    #[test]
    fn an_int_that_does_not_fit_is_an_error() {
        assert_eq!(mismatch::<Wide>("big_int_huge"), "big.Int out of range of i128");
        assert_eq!(mismatch::<Natural>("big_int_minus_256"), "big.Int is negative");
        assert!(u128::try_from(Int::from(-1_i128)).is_err());
    }

    #[test]
    fn a_nil_pointer_sends_nothing_and_is_zero() {
        let mut bytes = golden("big_int_zero");
        // A payload of one byte becomes one of none.
        let end = bytes.len();
        assert_eq!(bytes.split_off(end - 5), [0xff, 0x80, 0, 1, 2]);
        *bytes.last_mut().unwrap() -= 1;
        bytes.extend([0xff, 0x80, 0, 0]);
        assert_eq!(from_slice::<Int>(&bytes).unwrap(), Int::default());
    }

    #[test]
    fn a_malformed_int_is_refused_in_gos_words() {
        assert_eq!(refusal::<Int>("56 01"), "Int.GobDecode: encoding version 43 not supported");
    }

    #[test]
    fn formats_for_people_get_a_number() {
        let ints = [0, i128::MIN, i128::MAX, i64::MIN.into()].map(Int::from).to_vec();
        let json = serde_json::to_string(&ints).unwrap();
        assert_eq!(json, format!("[0,{},{},{}]", i128::MIN, i128::MAX, i64::MIN));
        let small: Vec<Int> = serde_json::from_str("[-1,18446744073709551615]").unwrap();
        assert_eq!(small, [Int::from(-1), Int::from(i128::from(u64::MAX))]);
        let json = serde_json::to_string(&Int(huge())).unwrap();
        assert_eq!(json, format!("\"{}\"", huge()));
        assert_eq!(serde_json::from_str::<Int>(&json).unwrap(), Int(huge()));
    }

    #[test]
    fn ints_are_in_slices() {
        let ints: Vec<Int> = [1, -1, 0].map(|n| Int::from(n as i128)).to_vec();
        assert_eq!(from_slice::<Vec<Int>>(&to_vec(&ints).unwrap()).unwrap(), ints);
    }
}

#[cfg(feature = "num-rational")]
mod rat {
    use std::collections::HashMap;

    use gobrpc::Gob;
    use gobrpc::gob::big::{Float, Int, Rat};
    use gobrpc::gob::{Opaque, from_slice};
    use num_bigint::BigInt;
    use num_rational::Ratio;
    use serde::{Deserialize, Serialize};

    use super::super::{check, encodes, golden, hex, map, refusal};

    fn ratio(numerator: i64, denominator: i64) -> Ratio<BigInt> {
        Ratio::new(numerator.into(), denominator.into())
    }

    fn rat(numerator: i64, denominator: i64) -> Rat {
        Rat(ratio(numerator, denominator))
    }

    #[test]
    fn a_rat_has_gos_bytes() {
        check("big_rat_half", Some(rat(1, 2)));
        check("big_rat_minus_third", Some(rat(-1, 3)));
        check("big_rat_three", Some(rat(3, 1)));
        check("big_rat_zero", Some(rat(0, 1)));
    }

    #[test]
    fn the_sign_may_be_below() {
        encodes("big_rat_minus_third", &Some(Rat(Ratio::new_raw(1.into(), (-3).into()))));
    }

    #[test]
    fn a_rat_without_a_denominator_is_whole() {
        assert_eq!(from_slice::<Rat>(&golden("big_rat_unset")).unwrap(), rat(0, 1));
        assert_eq!(Rat::unmarshal(&hex("02 00000001 07 00")).unwrap(), rat(7, 1));
        assert_eq!(Rat::unmarshal(&[]).unwrap(), rat(0, 1));
    }

    #[test]
    fn a_rat_is_reduced() {
        assert_eq!(Rat::unmarshal(&hex("03 00000001 02 04")).unwrap(), rat(-1, 2));
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Bigs {
        #[serde(with = "gobrpc::gob::big::int::option")]
        i: Option<BigInt>,
        #[serde(with = "gobrpc::gob::big::int")]
        v: BigInt,
        #[serde(with = "gobrpc::gob::big::rat::option")]
        r: Option<Ratio<BigInt>>,
        f: Option<Float>,
    }

    #[test]
    fn big_numbers_are_in_fields() {
        let f = Float::try_from(1.5).ok();
        check("big_fields", Bigs { i: Some(7.into()), v: (-8).into(), r: Some(ratio(1, 2)), f });
        check("big_fields_zero", Bigs { i: None, v: 0.into(), r: None, f: None });
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct BigsInside {
        l: Vec<Option<Int>>,
        m: HashMap<String, Option<Rat>>,
        a: [Float; 2],
    }

    #[test]
    fn big_numbers_are_in_slices_maps_and_arrays() {
        let l = [1, 0].map(|n: i128| Some(Int::from(n))).to_vec();
        let a = [Float::try_from(2.0).unwrap(), Float::default()];
        check("big_inside", BigsInside { l, m: map("k".into(), Some(rat(1, 2))), a });
    }

    #[test]
    fn a_malformed_rat_is_refused_in_gos_words() {
        assert_eq!(refusal::<Rat>("02 00 00"), "Rat.GobDecode: buffer too small");
        assert_eq!(refusal::<Rat>("02 00000002 01"), "Rat.GobDecode: buffer too small");
        assert_eq!(refusal::<Rat>("02 ffffffff 01"), "Rat.GobDecode: buffer too small");
        assert_eq!(refusal::<Rat>("09 00000001 01"), "Rat.GobDecode: encoding version 4 not supported");
    }

    #[test]
    fn formats_for_people_get_text() {
        assert_eq!(serde_json::to_string(&[rat(-1, 3), rat(2, 1)]).unwrap(), r#"["-1/3","2/1"]"#);
        assert_eq!(serde_json::from_str::<Rat>(r#""-2/6""#).unwrap(), rat(-1, 3));
        for text in ["", "1/0", "1/-2", "1.5", "1/2/3"] {
            assert_eq!(text.parse::<Rat>().unwrap_err().to_string(), "no ratio of two integers", "{text}");
        }
    }
}

fn float(value: f64) -> Option<Float> {
    Some(Float::try_from(value).unwrap())
}

#[test]
fn a_float_has_gos_bytes() {
    check("big_float_one_and_a_half", float(1.5));
    check("big_float_minus_tenth", float(-0.1));
    check("big_float_zero", float(0.0));
    check("big_float_minus_zero", float(-0.0));
    check("big_float_inf", float(f64::INFINITY));
    check("big_float_minus_inf", float(f64::NEG_INFINITY));
    check("big_float_unset", Some(Float::default()));
}

#[test]
fn a_float_keeps_all_that_go_says_of_it() {
    let third: Float = from_slice(&golden("big_float_third")).unwrap();
    assert_eq!((third.precision, third.mode, third.accuracy), (200, RoundingMode::ToZero, Accuracy::Below));
    assert_eq!(third.to_f64(), Some(1.0 / 3.0));
    assert_eq!(third.to_string(), format!("0x.{}p-1", "a".repeat(50)));
    let Magnitude::Finite { exponent, ref mantissa } = third.magnitude else { panic!("{third:?}") };
    assert_eq!((exponent, mantissa.len()), (-1, 32));
    check("big_float_third", Some(third));
}

#[test]
fn every_kind_of_f64_comes_back() {
    let values = [
        1.0,
        -1.5,
        0.1,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MIN_POSITIVE / 3.0,
        f64::INFINITY,
        -0.0,
        123_456.789,
    ];
    for value in values {
        let float = Float::try_from(value).unwrap();
        assert_eq!(float.to_f64().map(f64::to_bits), Some(value.to_bits()), "{value:e}");
    }
    assert_eq!(Float::try_from(f64::NAN).unwrap_err().to_string(), "big.Float is never a NaN");
}

#[test]
fn a_float_is_rounded_to_the_nearest_f64() {
    let f64_of = |exponent, mantissa: &str| {
        let mantissa = hex(mantissa);
        Float { precision: 128, magnitude: Magnitude::Finite { exponent, mantissa }, ..Float::default() }.to_f64()
    };
    let (one, above) = (Some(1.0), Some(1.0 + f64::EPSILON));
    assert_eq!(f64_of(1, "8000000000000400"), one, "half goes to even");
    assert_eq!(f64_of(1, "8000000000000400 0000000000000001"), above, "more than half goes up");
    assert_eq!(f64_of(1, "8000000000000c00"), Some(1.0 + 2.0 * f64::EPSILON), "half goes to even");
    assert_eq!(f64_of(1, "ffffffffffffffff"), Some(2.0), "a carry");
    assert_eq!(f64_of(1024, "ffffffffffffffff"), Some(f64::INFINITY));
    assert_eq!(f64_of(1025, "8000000000000000"), Some(f64::INFINITY));
    assert_eq!(f64_of(-1074, "8000000000000000"), Some(0.0), "half of the least, to even");
    assert_eq!(f64_of(-1074, "8000000000000001"), Some(5e-324));
    assert_eq!(f64_of(-1075, "ffffffffffffffff"), Some(0.0));
    assert_eq!(f64_of(i32::MIN, "ffffffffffffffff"), Some(0.0));
    assert_eq!(f64_of(-1021, "ffffffffffffffff"), Some(f64::MIN_POSITIVE * 2.0));
    assert_eq!(f64_of(-1022, "ffffffffffffffff"), Some(f64::MIN_POSITIVE));
    assert_eq!(f64_of(1, "4000000000000000"), None);
}

#[test]
fn a_float_prints_itself_as_go_with_p() {
    let shown = |value| Float::try_from(value).unwrap().to_string();
    assert_eq!(shown(1.5), "0x.cp+1");
    assert_eq!(shown(-0.25), "-0x.8p-1");
    assert_eq!(shown(0.0), "0");
    assert_eq!(shown(-0.0), "-0");
    assert_eq!(shown(f64::INFINITY), "+Inf");
    assert_eq!(shown(f64::NEG_INFINITY), "-Inf");
}

#[test]
fn a_malformed_float_is_refused_in_gos_words() {
    let refusal = refusal::<Float>;
    assert_eq!(refusal("01 08"), "Float.GobDecode: buffer too small");
    assert_eq!(refusal("02 08 00000035"), "Float.GobDecode: encoding version 2 not supported");
    assert_eq!(refusal("01 0a 00000035"), "Float.GobDecode: buffer too small for finite form float");
    let empty = "Float.GobDecode: nonzero finite number with empty mantissa";
    assert_eq!(refusal("01 0a 00000035 00000001"), empty);
    // What a 32-bit machine sends.
    let word = "Float.GobDecode: msb not set in last word 0xc0000000 of 0x.cp+1";
    assert_eq!(refusal("01 0a 00000035 00000001 c0000000"), word);
    let precision = "Float.GobDecode: zero precision finite number";
    assert_eq!(refusal("01 0a 00000000 00000001 c000000000000000"), precision);
    // These are ours; Go takes them as they are.
    assert_eq!(refusal("01 0e 00000035"), "Float.GobDecode: unknown form 3");
    assert_eq!(refusal("01 c8 00000035"), "Float.GobDecode: unknown rounding mode 6");
    assert_eq!(refusal("01 18 00000035"), "Float.GobDecode: unknown accuracy 3");
}

#[test]
fn a_float_that_go_could_not_read_is_not_sent() {
    let mut float = Float::try_from(1.5).unwrap();
    float.precision = 0;
    assert_eq!(to_vec(&float).unwrap_err().to_string(), "Float.GobDecode: zero precision finite number");
    assert_eq!(Float::unmarshal(&[]).unwrap(), Float::default());
}
