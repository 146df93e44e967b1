//! Enums that stand for the constants of a declared type.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use gobrpc::Gob;
use gobrpc::gob::{Category, from_slice, to_vec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::hex;

#[track_caller]
fn comes_back<T: Gob + Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Vec<u8> {
    let bytes = to_vec(value).unwrap();
    assert_eq!(from_slice::<T>(&bytes).unwrap(), *value);
    bytes
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Gob)]
#[gob(repr = "int")]
enum Weekday {
    Sunday,
    Monday,
    Never = -7,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Gob)]
#[gob(repr = "string")]
#[serde(rename_all = "lowercase")]
enum Level {
    Info,
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Gob)]
#[gob(repr = "uint8")]
enum Color {
    Red = 1,
    Green = 200,
}

#[test]
fn a_constant_is_its_value_on_the_wire() {
    assert_eq!(comes_back(&Weekday::Monday), to_vec(&1_i64).unwrap());
    assert_eq!(comes_back(&Weekday::Never), to_vec(&-7_i64).unwrap());
    assert_eq!(comes_back(&Level::Error), to_vec("error").unwrap());
    assert_eq!(comes_back(&Color::Green), to_vec(&200_u8).unwrap());
}

#[test]
fn constants_are_elements() {
    // As a []int and a [2]uint8, after their definitions.
    assert!(comes_back(&vec![Weekday::Monday, Weekday::Sunday]).ends_with(&hex("ff80 00 02 02 00")));
    assert!(comes_back(&[Color::Green, Color::Red]).ends_with(&hex("ff80 00 02 ffc8 01")));
    comes_back(&vec![Some(Level::Info)]);
}

#[test]
fn constants_are_keys_and_values() {
    comes_back(&BTreeMap::from([(Weekday::Monday, Level::Info), (Weekday::Never, Level::Error)]));
    comes_back(&HashMap::from([(Level::Info, Color::Red), (Level::Error, Color::Green)]));
    comes_back(&HashMap::from([(Color::Green, vec![Weekday::Never])]));
}

/// G96
#[test]
fn a_slice_of_byte_constants_is_bytes() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Tint(Color);
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Picture {
        pixels: Vec<Color>,
        rest: Option<Box<[Color]>>,
    }
    let bytes = to_vec(&vec![1_u8, 200]).unwrap();
    assert_eq!(comes_back(&vec![Color::Red, Color::Green]), bytes);
    assert_eq!(comes_back(&vec![Tint(Color::Red), Tint(Color::Green)]), bytes);
    assert_eq!(to_vec(&[Color::Red, Color::Green][..]).unwrap(), bytes);
    comes_back(&vec![vec![Color::Red], vec![]]);
    comes_back(&Picture { pixels: vec![Color::Green], rest: Some([Color::Red].into()) });
    comes_back(&Picture { pixels: vec![], rest: None });

    let error = from_slice::<Picture>(
        &to_vec(&{
            #[derive(Serialize, Gob)]
            struct Raw {
                #[serde(rename = "Pixels")]
                pixels: Vec<u8>,
            }
            Raw { pixels: vec![1, 7] }
        })
        .unwrap(),
    )
    .unwrap_err();
    assert_eq!(
        (error.kind().to_string(), error.path()),
        ("gob: 7 is no constant of main.Color".into(), "Pixels[1]".into())
    );
}

#[test]
fn a_slice_of_byte_newtypes_is_bytes() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct Octet(u8);
    assert_eq!(comes_back(&vec![Octet(1), Octet(200)]), to_vec(&vec![1_u8, 200]).unwrap());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    day: Weekday,
    days: Vec<Weekday>,
    tags: HashMap<String, Weekday>,
}

#[derive(Serialize, Gob)]
#[gob(name = "Entry")]
#[serde(rename_all = "PascalCase")]
struct Raw {
    day: i64,
    days: Vec<i64>,
    tags: HashMap<String, i64>,
}

/// The error of reading it as an `Entry`: its text and its path.
fn refused(raw: &Raw) -> (String, String) {
    let error = from_slice::<Entry>(&to_vec(raw).unwrap()).unwrap_err();
    assert_eq!(error.classify(), Category::Data);
    (error.kind().to_string(), error.path())
}

#[test]
fn an_unknown_constant_is_named_with_its_place() {
    let raw = || Raw { day: 1, days: vec![0, 1], tags: HashMap::new() };
    let text = "gob: 9 is no constant of main.Weekday".to_owned();
    assert_eq!(refused(&Raw { day: 9, ..raw() }), (text.clone(), "Day".to_owned()));
    assert_eq!(refused(&Raw { days: vec![0, 9], ..raw() }), (text.clone(), "Days[1]".to_owned()));
    let tags = HashMap::from([("x".to_owned(), 9)]);
    assert_eq!(refused(&Raw { tags, ..raw() }), (text, "Tags[value]".to_owned()));
    let error = from_slice::<Vec<Level>>(&to_vec(&vec!["info", "debug"]).unwrap()).unwrap_err();
    assert_eq!(error.kind().to_string(), r#"gob: "debug" is no constant of main.Level"#);
    // G214: first it has to fit at all.
    let error = from_slice::<Color>(&to_vec(&300_u64).unwrap()).unwrap_err();
    assert_eq!(error.kind().to_string(), "value for \"*main.Color\" out of range");
}

#[test]
fn a_constant_that_is_zero_is_left_out() {
    let entry = |day| Entry { day, days: vec![], tags: HashMap::new() };
    let with = comes_back(&entry(Weekday::Monday));
    let without = comes_back(&entry(Weekday::Sunday));
    assert_eq!(with.len(), without.len() + 2);
}

#[test]
fn an_absent_field_is_the_constant_of_the_zero() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(repr = "string")]
    enum Mode {
        #[serde(rename = "")]
        Off,
        #[serde(rename = "on")]
        On,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Device {
        mode: Mode,
        day: Weekday,
    }
    let device = |mode, day| Device { mode, day };
    comes_back(&device(Mode::Off, Weekday::Sunday));
    comes_back(&device(Mode::On, Weekday::Never));
}

#[test]
fn without_a_constant_for_the_zero_a_field_must_come() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Line {
        n: i64,
        color: Color,
        #[serde(default)]
        level: Option<Level>,
    }
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
    #[gob(name = "Line")]
    #[serde(rename_all = "PascalCase")]
    struct Plain {
        n: i64,
        color: u8,
        level: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Page<T> {
        n: i64,
        line: Option<T>,
    }
    comes_back(&Line { n: 1, color: Color::Red, level: Some(Level::Info) });
    comes_back(&Line { n: 1, color: Color::Red, level: None });
    let page = Page { n: 1, line: Some(Plain { n: 1, ..Plain::default() }) };
    let error = from_slice::<Page<Line>>(&to_vec(&page).unwrap()).unwrap_err();
    assert_eq!(
        (error.kind().to_string(), error.path()),
        ("gob: 0 is no constant of main.Color".into(), "Line.Color".into())
    );
}

#[test]
fn an_absent_struct_has_constants_of_the_zero_too() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Outer<T> {
        n: i64,
        inner: T,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Inner<T> {
        of: T,
    }
    #[derive(Serialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct Half {
        n: i64,
    }
    let half = to_vec(&Half { n: 1 }).unwrap();
    let whole: Outer<Inner<Weekday>> = from_slice(&half).unwrap();
    assert_eq!(whole.inner.of, Weekday::Sunday);
    let error = from_slice::<Outer<Inner<Level>>>(&half).unwrap_err();
    assert_eq!(
        (error.kind().to_string(), error.path()),
        (r#"gob: "" is no constant of main.Level"#.into(), "Inner.Of".into())
    );
}
