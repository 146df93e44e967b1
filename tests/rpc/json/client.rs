//! What a client makes of answers (R120–R123).

use std::collections::BTreeMap;

use bytes::BytesMut;
use gobrpc::gob::Value;
use gobrpc::rpc::Error;
use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::proto::ClientConn;

use super::replied;

#[test]
fn an_answer_is_a_result_or_a_text() {
    assert_eq!(replied::<isize>(r#"{"id":0,"result":56,"error":null}"#).unwrap(), 56);
    let error = replied::<isize>(r#"{"id":0,"result":null,"error":"divide by zero"}"#).unwrap_err();
    assert!(matches!(&error, Error::Server(error) if error.as_str() == "divide by zero"), "{error:?}");
    let error = replied::<isize>(r#"{"id":0,"result":5,"error":""}"#).unwrap_err();
    assert!(matches!(&error, Error::Server(error) if error.as_str() == "unspecified error"), "{error:?}");
}

#[test]
fn a_success_of_json_rpc_2_is_understood() {
    assert_eq!(replied::<isize>(r#"{"jsonrpc":"2.0","id":0,"result":5}"#).unwrap(), 5);
}

#[test]
fn an_error_that_is_no_string_fails_its_call() {
    for (error, text) in [
        (r#"{"code":-32601,"message":"nf"}"#, "map[code:-32601 message:nf]"),
        ("5", "5"),
        ("false", "false"),
        (
            r#"[1,true,null,1e6,123456789.5,0.00001,{"z":1,"a":"s t"}]"#,
            "[1 true <nil> 1e+06 1.234567895e+08 1e-05 map[a:s t z:1]]",
        ),
    ] {
        let error = replied::<isize>(&format!(r#"{{"id":0,"result":null,"error":{error}}}"#)).unwrap_err();
        assert_eq!(error.to_string(), format!("reading body invalid error {text}"));
    }
}

#[test]
fn null_is_a_reply_where_the_type_has_a_nil() {
    let null = r#"{"id":0,"result":null,"error":null}"#;
    assert_eq!(replied::<Option<isize>>(null).unwrap(), None);
    assert!(replied::<Vec<isize>>(null).unwrap().is_empty());
    assert_eq!(replied::<BTreeMap<String, isize>>(null).unwrap(), BTreeMap::new());
    assert!(replied::<Value>(null).unwrap().is_nil());
    replied::<()>(null).unwrap();
    assert_eq!(replied::<isize>(null).unwrap_err().to_string(), "reading body invalid error <nil>");
    assert_eq!(replied::<isize>(r#"{"id":0}"#).unwrap_err().to_string(), "reading body invalid error <nil>");
}

#[test]
fn a_reply_of_another_type_fails_its_call_alone() {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("S.M", &()).unwrap();
    client.start("S.M", &()).unwrap();
    client.handle_input(&mut BytesMut::from(r#"{"id":0,"result":"x","error":null}{"id":1,"result":7,"error":null}"#));
    let (_, body) = client.poll_event().unwrap();
    let error = body.unwrap().decode::<isize>().unwrap_err();
    assert_eq!(error.to_string(), "json: cannot unmarshal string into Go value of type int");
    let (_, body) = client.poll_event().unwrap();
    assert_eq!(body.unwrap().decode::<isize>().unwrap(), 7);
    assert!(!client.is_closed());
}

#[test]
fn an_answer_without_an_id_is_for_the_first_call() {
    assert_eq!(replied::<isize>(r#"{"result":5}"#).unwrap(), 5);
    assert_eq!(replied::<isize>(r#"{"id":null,"result":5}"#).unwrap(), 5);
}

#[test]
fn an_id_that_is_no_number_of_a_call_ends_the_connection() {
    for (id, found) in [(r#""0""#, "string"), ("0.0", "number 0.0"), ("-1", "number -1"), ("[]", "array")] {
        let error = replied::<isize>(&format!(r#"{{"id":{id},"result":5,"error":null}}"#)).unwrap_err();
        let want = format!("json: cannot unmarshal {found} into Go struct field clientResponse.id of type uint64");
        assert_eq!(error.to_string(), want);
    }
}

#[test]
fn an_answer_to_nobody_is_dropped() {
    let mut client = ClientConn::new(JsonCodec::new());
    client.start("S.M", &()).unwrap();
    client.handle_input(&mut BytesMut::from(r#"{"id":9,"result":5}{"id":8,"error":"x"}{"id":7}{"id":0,"result":5}"#));
    assert_eq!(client.poll_event().unwrap().0, 0);
    assert!(client.poll_event().is_none() && !client.is_closed());
}

#[test]
fn what_is_no_json_ends_the_connection_with_gos_words() {
    for (answer, text) in [
        ("x", "invalid character 'x' looking for beginning of value"),
        ("{id:1}", "invalid character 'i' looking for beginning of object key string"),
        ("\u{feff}{}", "invalid character 'ï' looking for beginning of value"),
        (r#"{"a" 1}"#, "invalid character '1' after object key"),
        (r#"{"a":1 "b"}"#, "invalid character '\"' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("tru3", "invalid character '3' in literal true (expecting 'e')"),
        ("nul ", "invalid character ' ' in literal null (expecting 'l')"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("1e+x", "invalid character 'x' in exponent of numeric literal"),
        (r#""\x""#, "invalid character 'x' in string escape code"),
        (r#""\u12g4""#, r"invalid character 'g' in \u hexadecimal character escape"),
        ("\"a\nb\"", r"invalid character '\n' in string literal"),
        ("\"\0", r"invalid character '\x00' in string literal"),
        (r#"{"a":1,}"#, "invalid character '}' looking for beginning of object key string"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("}", "invalid character '}' looking for beginning of value"),
        ("'", r"invalid character '\'' looking for beginning of value"),
        ("\u{1}", r"invalid character '\x01' looking for beginning of value"),
        (r#"{"id":0"#, "unexpected EOF"),
    ] {
        assert_eq!(replied::<isize>(answer).unwrap_err().to_string(), text, "{answer}");
    }
}
