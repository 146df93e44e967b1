//! Values that borrow from the stream.

use std::borrow::Cow;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, from_slice, to_vec};
use serde::{Deserialize, Serialize};

use super::super::hex;

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct File<'a> {
    name: &'a str,
    content: &'a [u8],
    #[serde(borrow)]
    title: Cow<'a, str>,
    note: Option<&'a str>,
}

fn file() -> File<'static> {
    File { name: "a", content: b"bc", title: "d".into(), note: Some("e") }
}

/// Whether a part lies in the whole.
fn within(whole: &[u8], part: &[u8]) -> bool {
    whole.as_ptr_range().contains(&part.as_ptr())
}

#[test]
fn strings_and_bytes_are_borrowed_from_the_stream() {
    let bytes = to_vec(&file()).unwrap();
    let got: File<'_> = from_slice(&bytes).unwrap();
    assert_eq!(got, file());
    let Cow::Borrowed(title) = got.title else { panic!("{:?} is a copy", got.title) };
    for part in [got.name.as_bytes(), got.content, title.as_bytes(), got.note.unwrap().as_bytes()] {
        assert!(within(&bytes, part));
    }
}

#[test]
fn what_did_not_come_is_empty() {
    let empty = File { name: "", content: b"", title: "".into(), note: None };
    assert_eq!(from_slice::<File<'_>>(&to_vec(&empty).unwrap()).unwrap(), empty);
}

#[test]
fn a_cow_without_borrow_is_a_copy() {
    let bytes = hex("08 0c 00 05 68656c6c6f");
    assert!(matches!(from_slice::<Cow<'_, str>>(&bytes).unwrap(), Cow::Owned(text) if text == "hello"));
}

#[test]
fn an_owned_cow_is_read_from_a_reader() {
    let bytes = to_vec(&Cow::Borrowed("hello")).unwrap();
    assert_eq!(Decoder::new(&bytes[..]).decode::<Cow<'static, str>>().unwrap(), Some("hello".into()));
    let numbers: Cow<'_, [i64]> = vec![1, 2].into();
    let bytes = to_vec(&numbers).unwrap();
    assert_eq!(from_slice::<Cow<'_, [i64]>>(&bytes).unwrap(), numbers);
}
