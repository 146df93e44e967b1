//! The crate url.

use gobrpc::Gob;
use gobrpc::gob::from_slice;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{check, golden, mismatch};

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "URLs", rename_all = "PascalCase")]
struct Urls {
    p: Option<Url>,
    v: Url,
    l: Vec<Option<Url>>,
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_url_has_gos_bytes() {
    check("url_ptr", Some(url("https://user:secret@example.com:8443/a/b%20c?q=1&r#top")));
    let u = url("https://example.com/");
    check("url_fields", Urls { p: Some(u.clone()), v: u.clone(), l: vec![Some(u)] });
}

#[test]
fn gos_zero_url_is_no_url() {
    let error = from_slice::<Urls>(&golden("url_fields_zero")).unwrap_err();
    assert_eq!(error.path(), "V");
    assert!(error.to_string().contains("relative URL without a base"), "{error}");
}

#[test]
fn a_url_that_may_be_missing_is_an_option() {
    #[derive(Debug, PartialEq, Deserialize, Gob)]
    #[serde(rename = "URLs", rename_all = "PascalCase")]
    struct Urls {
        p: Option<Url>,
    }
    assert_eq!(from_slice::<Urls>(&golden("url_fields_zero")).unwrap(), Urls { p: None });
}

#[test]
fn a_url_is_no_string() {
    assert_eq!(mismatch::<String>("url_ptr"), "gob: decoding into local type *string, received remote type ");
}
