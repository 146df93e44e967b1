#![no_main]
//! Any text as JSON documents of Go types, and any bytes as values to print as JSON.
//!
//! What a document is encoded to can be printed, and that is read again and encoded to the same value. What is printed
//! of a value is JSON, on one line.

#![allow(dead_code, unused_imports, reason = "the command uses the rest")]

#[path = "../../cli/src/error.rs"]
mod error;
#[path = "../../cli/src/golang.rs"]
mod golang;
#[path = "../../cli/src/json/mod.rs"]
mod json;

use std::cell::LazyCell;

use clap::Parser;
use gobrpc::gob::ty::Type;
use gobrpc::gob::{Decoder, Session, Value};
use libfuzzer_sys::fuzz_target;

use self::golang::{DeclArgs, Names};
use self::json::{Json, Shared, Style, Typed};

/// What the documents are values of.
const DECLARATIONS: &str = r#"
package main
import ("math/big"; "time")
type Level int
type Plain struct { X int; Y string }
type Blob struct{}
func (Blob) GobEncode() ([]byte, error)
type Record struct {
    Flag bool; Small int8; Large int64; Byte uint8; Unsigned uint64; Single float32; Real float64; Complex complex128
    Text string; Bytes []byte; Octets [3]byte; Words []string; Rows [2][]int16
    Map map[string][]int; ByPlain map[Plain]bool; ByInt map[int8]*Plain; Level Level; Blob Blob
    Any any; List []any; Child *Record; Time time.Time; Int *big.Int
}
"#;

const TYPES: [&str; 12] = [
    "Record",
    "[]Record",
    "any",
    "[]any",
    "map[string]any",
    "map[Plain]Level",
    "map[float64]bool",
    "int8",
    "float32",
    "complex64",
    "[]byte",
    "time.Time",
];

/// The command's arguments for types.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    declarations: DeclArgs,
}

thread_local! {
    static NAMES: LazyCell<(Names, Vec<&'static Type>)> = LazyCell::new(|| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, DECLARATIONS).unwrap();
        let path = file.path().to_str().unwrap();
        let names = Arguments::parse_from(["fuzz", "--decl", path]).declarations.load().unwrap();
        let types = TYPES.iter().map(|ty| names.parse(ty).unwrap()).collect();
        (names, types)
    });
}

fuzz_target!(|data: &[u8]| {
    let [which, text @ ..] = data else { return };
    match usize::from(*which).checked_sub(TYPES.len()) {
        None => NAMES.with(|all| documents(text, &all.0, all.1[usize::from(*which)])),
        Some(_) => values(text),
    }
});

fn documents(text: &[u8], names: &Names, ty: &'static Type) {
    // As when the command reads: nothing comes after an error.
    for mut json in json::documents(text).map_while(Result::ok) {
        if let Ok(bytes) = encoded(&json, names, ty) {
            let value = decoded(&bytes);
            let again = read(&printed(&value));
            let again = encoded(&again, names, ty).expect("what was printed can be encoded");
            assert_eq!(value, decoded(&again));
        }
        let _ = json::infer(&mut json);
    }
}

/// As `encode` does it.
fn encoded(json: &Json, names: &Names, ty: &'static Type) -> Result<Vec<u8>, String> {
    let shared = Shared::new(names);
    let mut out = Vec::new();
    let result = Session::new().encode_as(ty, &Typed::new(json, ty, &shared), &mut out);
    result.map(|()| out).map_err(|error| shared.locate(&error).to_string())
}

fn decoded(bytes: &[u8]) -> Value {
    Decoder::new(bytes).decode_value().expect("what was encoded can be decoded").expect("a value")
}

fn values(bytes: &[u8]) {
    let mut decoder = Decoder::new(bytes);
    while let Ok(Some(value)) = decoder.decode_value() {
        read(&printed(&value));
    }
}

fn printed(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    json::print(value, Style { pretty: false, colors: false }, &mut out).expect("every value can be printed");
    assert!(!out.contains(&b'\n'));
    out
}

fn read(text: &[u8]) -> Json {
    let mut documents = json::documents(text);
    let json = documents.next().expect("a document").expect("what was printed is JSON");
    assert!(documents.next().is_none());
    json
}
