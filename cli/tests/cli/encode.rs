//! `gobrpc encode`

use gobrpc::gob::{Decoder, Value};

use crate::command::{Ran, gobrpc, gobrpc_with};

/// What is wrong with a document for a type.
fn error(ty: &str, json: &str) -> String {
    let ran = gobrpc(&["encode", "--type", ty, json]);
    assert_eq!((ran.code, &ran.stdout[..]), (Some(1), &b""[..]), "{ran:?}");
    ran.stderr.strip_prefix("gobrpc: ").expect("the name of the command").trim_end().to_owned()
}

fn values(ran: &Ran) -> Vec<String> {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let mut decoder = Decoder::new(&ran.stdout[..]);
    std::iter::from_fn(|| decoder.decode_value().unwrap()).map(|value: Value| value.to_string()).collect()
}

#[test]
fn documents_are_values_of_one_stream() {
    let ran = gobrpc(&["encode", "--type", "[]int", "[1] [2,3]\n[]"]);
    assert_eq!(values(&ran), ["[1]", "[2, 3]", "[]"]);
}

#[test]
fn documents_come_from_a_file_or_from_stdin() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "\"a\"").unwrap();
    let at = format!("@{}", file.path().display());
    assert_eq!(values(&gobrpc(&["encode", "--type", "string", &at])), ["\"a\""]);
    assert_eq!(values(&gobrpc_with(&["encode", "--type", "string"], b"\"b\"")), ["\"b\""]);
    assert_eq!(values(&gobrpc_with(&["encode", "--type", "string", "-"], b"\"c\"")), ["\"c\""]);
}

#[test]
fn values_may_have_types_of_their_own() {
    let ran = gobrpc(&["encode", "--type", "string", "--type", "int", r#""a" 1 2"#]);
    assert_eq!(values(&ran), ["\"a\"", "1", "2"]);
}

#[test]
fn types_may_be_declared_in_several_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("a.go"), "package shapes\n\ntype Outer struct { In Inner; Any any }\n").unwrap();
    std::fs::write(path("b.go"), "package shapes\n\ntype Inner struct { N int }\n").unwrap();
    let json = r#"{"In": {"N": 7}, "Any": {"type": "example.com/shapes.Inner", "value": {"N": 8}}}"#;
    let ran = gobrpc(&["encode", "--decl", &path("a.go"), "--decl", &path("b.go"), "--type", "Outer", json]);
    assert_eq!(values(&ran), ["{In: {N: 7}, Any: example.com/shapes.Inner({N: 8})}"]);
}

#[test]
fn plain_json_may_stand_in_an_interface() {
    let ran = gobrpc(&["encode", "--type", "[]any", r#"[1, 2.5, "a", true, null, [1], {"a": null}]"#]);
    let expected = "[int(1), float64(2.5), string(\"a\"), bool(true), nil, []interface {}([int(1)]), \
                    map[string]interface {}(map[\"a\": nil])]";
    assert_eq!(values(&ran), [expected]);
}

#[test]
fn keys_may_be_pointers() {
    assert_eq!(values(&gobrpc(&["encode", "--type", "map[*uint8]bool", r#"{"128": true}"#])), ["map[128: true]"]);
    assert_eq!(values(&gobrpc(&["encode", "--type", "map[*string]bool", r#"{"a": true}"#])), ["map[\"a\": true]"]);
}

#[test]
fn well_known_types_may_be_given_as_text() {
    let ty = "struct{ T time.Time; I *big.Int; R *big.Rat; A netip.Addr; D time.Duration }";
    let json = r#"{"T": "2024-02-29T12:34:56.000000789Z", "I": "-256", "R": "1/2", "A": "1.2.3.4", "D": 5}"#;
    let ran = gobrpc(&["encode", "--type", ty, json]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let printed = gobrpc_with(&["decode"], &ran.stdout);
    assert!(printed.ok().contains(r#""time":"2024-02-29T12:34:56.000000789Z""#), "{printed:?}");
    let in_base64 = gobrpc_with(&["encode", "--type", ty], &printed.stdout);
    assert_eq!(in_base64.stdout, ran.stdout);
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    assert_eq!(error("int8", "300"), "the number does not fit int8");
    assert_eq!(
        error("struct{A []struct{B uint8}}", r#"{"A": [{"B": 1}, {"B": -1}]}"#),
        "A[1].B: the number does not fit uint8"
    );
    assert_eq!(error("map[string]int", r#"{"a": "b"}"#), "a: int needs an integer, not a string");
    assert_eq!(error("map[int]int", r#"{"a": 1}"#), "\"a\" is no key of map[int]int");
    assert_eq!(
        error("struct{Name string}", r#"{"Nmae": "x"}"#),
        "struct { Name string } has no field \"Nmae\"; it has Name"
    );
    assert_eq!(error("[2]int", "[1]"), "[2]int needs 2 elements, not 1");
    assert_eq!(error("[]byte", "\"!\""), "not base64: Invalid symbol 33, offset 0.");
    assert_eq!(error("complex128", "\"1\""), "complex128 needs a string as \"(1+2i)\", not a string");
    assert_eq!(error("float32", "1e300"), "the number does not fit float32");
    assert_eq!(error("[]*int", "[null]"), "[0]: gob: cannot encode nil pointer of type *int");
    assert_eq!(
        error("any", r#"{"type": "main.T", "value": 1}"#),
        "no type is known by the name \"main.T\"; declare it with --decl, or name it with --register (no type T is declared)"
    );
}

#[test]
fn what_is_no_json_is_told_with_its_line() {
    assert_eq!(error("int", "{"), "not JSON: EOF while parsing an object at line 1 column 1");
    let ran = gobrpc(&["encode", "--type", "int", "1 x"]);
    assert_eq!(ran.stderr, "gobrpc: document 2: not JSON: expected value at line 1 column 3\n");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn values_before_a_wrong_one_are_written() {
    let ran = gobrpc(&["encode", "--type", "int", "1 \"a\""]);
    assert_eq!(ran.stdout, [3, 4, 0, 2]);
    assert_eq!(ran.stderr, "gobrpc: document 2: int needs an integer, not a string\n");
}

#[test]
fn what_is_no_type_is_told_with_a_caret() {
    let expected = "not a Go type: line 1, column 9: expected a field\n    struct{ 1 }\n            ^";
    assert_eq!(error("struct{ 1 }", "1"), expected);
}

#[test]
fn documents_may_be_as_deep_as_values() {
    // As many levels as gob allows, each in an interface.
    let (mut json, mut ty) = ("1".to_owned(), "int");
    for _ in 0..120 {
        json = format!(r#"[{{"type": "{ty}", "value": {json}}}]"#);
        ty = "[]interface {}";
    }
    let ran = gobrpc_with(&["encode", "--type", "[]any"], json.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let printed = gobrpc_with(&["decode"], &ran.stdout);
    assert_eq!(printed.ok().replace([' ', '\n'], ""), json.replace(' ', ""));
}

#[test]
fn documents_that_nest_without_end_are_refused() {
    let ran = gobrpc_with(&["encode", "--type", "any"], "[".repeat(1_000_000).as_bytes());
    assert_eq!(ran.stderr, "gobrpc: not JSON: deeper than 1000 levels at line 1 column 1002\n");
}

#[test]
fn a_type_has_to_be_given() {
    let ran = gobrpc(&["encode", "1"]);
    assert_eq!(ran.code, Some(64));
    assert!(ran.stderr.contains("--type <GOTYPE>"), "{}", ran.stderr);
}
