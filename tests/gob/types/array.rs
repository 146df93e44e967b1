//! `gob::array`.

use gobrpc::Gob;
use gobrpc::gob::{from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::golden;

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Long {
    #[serde(with = "gobrpc::gob::array")]
    ints: [isize; 40],
    #[serde(with = "gobrpc::gob::array")]
    bytes: [u8; 40],
    #[serde(with = "gobrpc::gob::array")]
    none: [String; 0],
}

fn long() -> Long {
    let mut long = Long { ints: [0; 40], bytes: [0; 40], none: [] };
    (long.ints[39], long.bytes[39]) = (1, 1);
    long
}

#[test]
fn an_array_of_any_length_has_the_type_of_its_field() {
    let types: Vec<String> = Long::TYPE.fields().iter().map(|field| field.ty().to_string()).collect();
    assert_eq!(types, ["[40]int", "[40]uint8", "[0]string"]);
}

#[test]
fn an_array_of_any_length_comes_back() {
    assert_eq!(from_slice::<Long>(&to_vec(&long()).unwrap()).unwrap(), long());
}

#[test]
fn an_array_of_any_length_has_gos_bytes() {
    /// Written out, for a newtype has a name.
    struct Ints([isize; 40]);
    impl Gob for Ints {
        const TYPE: &'static gobrpc::gob::ty::Type = <[isize; 40]>::TYPE;
        const KIND: gobrpc::gob::ty::Kind = gobrpc::gob::ty::Kind::Array;
    }
    impl Serialize for Ints {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            gobrpc::gob::array::serialize(&self.0, serializer)
        }
    }
    impl<'de> Deserialize<'de> for Ints {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            gobrpc::gob::array::deserialize(deserializer).map(Self)
        }
    }
    assert_eq!(to_vec(&Ints(long().ints)).unwrap(), golden("array40_int"));
    assert_eq!(from_slice::<Ints>(&golden("array40_int")).unwrap().0, long().ints);
}

#[test]
fn a_field_that_did_not_come_is_an_array_of_zeros() {
    #[derive(Serialize, Gob)]
    struct Sent {
        #[serde(rename = "None")]
        none: [String; 0],
    }
    let got: Long = from_slice(&to_vec(&Sent { none: [] }).unwrap()).unwrap();
    assert_eq!(got, Long { ints: [0; 40], bytes: [0; 40], none: [] });
}

#[test]
fn an_array_of_another_length_is_refused_by_other_formats_too() {
    let json = serde_json::to_string(&long()).unwrap();
    assert_eq!(serde_json::from_str::<Long>(&json).unwrap(), long());
    let error = serde_json::from_str::<Long>(&json.replacen("0,", "", 1)).unwrap_err();
    assert!(error.to_string().starts_with("invalid length 39, expected an array of 40 elements"), "{error}");
}
