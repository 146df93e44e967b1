//! The library and Go's gob on what the oracle makes up.
//!
//! `GOBRPC_ORACLE_CASES` and `GOBRPC_ORACLE_SEED` say how many and which; `scripts/oracle.sh` runs many.

use crate::go::go_or_return;
use crate::hex::to_hex;
use crate::oracle::checks::{Given, examine};
use crate::oracle::peer::{Program, Stream};
use crate::oracle::types::{Declared, Ty, Types};
use crate::oracle::values::{Val, unhex_text};
use crate::oracle::wire::Case;
use crate::oracle::{report, run, setting};

/// Runs a case that was found at random once more; streams are in hexadecimal.
fn replay(types: Types, values: Vec<Val>, others: Vec<Val>, streams: &[&str]) {
    let dir = tempfile::tempdir().expect("a directory for the program");
    let program = Program::build(dir.path(), &[(0, &types)]);
    let streams = streams.iter().map(|text| unhex_text(text).expect("hexadecimal")).collect();
    if let Err(text) = examine(&Case::new(types, 0), &Given { values, others, streams }, &program, 0) {
        panic!("{text}");
    }
}

#[test]
fn go_and_we_agree_on_types_and_values_made_up_at_random() {
    let _programs = go_or_return!();
    let (count, seed) = (setting("GOBRPC_ORACLE_CASES", 500), setting("GOBRPC_ORACLE_SEED", 1));
    let tally = run(count as usize, seed, examine);
    for (what, count) in &tally.0 {
        println!("{count:8} {what}");
    }
}

/// As the report of a failure prints it.
#[test]
fn a_case_that_was_found_can_be_run_again() {
    let _programs = go_or_return!();
    let types = Types {
        top: Ty::Map(Box::new(Ty::Basic(1)), Box::new(Ty::Named(0))),
        other: Ty::Basic(0),
        declared: vec![
            Declared::Type(Ty::Struct(vec![("A".to_owned(), Ty::Any), ("Bb".to_owned(), Ty::Named(1))])),
            Declared::Opaque { is_gob: false, by_pointer: false, leaks: None },
        ],
        concretes: vec![Ty::Named(1)],
    };
    let held = Val::Any(Some((17, Box::new(Val::Opaque(vec![1, 2])))));
    let values = vec![Val::Map(Some(vec![(Val::Int(-7), Val::Struct(vec![held, Val::Opaque(vec![])]))]))];
    let others = vec![Val::Bool(true)];
    replay(types.clone(), values.clone(), others.clone(), &["03040006", "0304"]);
    let given = Given { values, others, streams: vec![vec![3, 4, 0, 6]] };
    let program = report::go_program(&types, &given);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("main.go"), program).unwrap();
    let go = std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into());
    let output = std::process::Command::new(go)
        .args(["run", "main.go"])
        .current_dir(dir.path())
        .env_remove("GOROOT")
        .env("GOTOOLCHAIN", "local")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (bytes, _) = Case::new(types.clone(), 0).encode(&given.values);
    assert!(said.contains(&to_hex(&bytes)), "{said}");
    let test = report::rust_test(&types, &given);
    assert!(test.contains("declared: vec![Declared::Type(Ty::Struct("), "{test}");
}

/// What is excused above is there: each stream is read by one side and refused by the other.
#[test]
fn what_is_excused_still_differs() {
    let _programs = go_or_return!();
    let pair = |ty: &Ty| Ty::Struct(vec![("A".to_owned(), ty.clone()), ("B".to_owned(), ty.clone())]);
    let empty = Ty::Pointer(Box::new(Ty::Named(0)));
    // The top type, the stream, and whether it is Go that reads it.
    let cases = [
        // An int, which is no interface.
        (Ty::Any, "03040006", false),
        // An interface with a value of a type that nobody registered.
        (Ty::Any, "0b 10 00 04 6d2e5a7a 04 02 00 0e", false),
        // {A: *T 65, B: *T -57}: the second is no type at all.
        (
            pair(&empty),
            "19 7f 03 01 02 ff80 00 01 02 01 01 41 01 ff82 00 01 01 42 01 ff71 00 00 00 \
                        0a ff81 03 01 02 ff82 00 00 00 07 ff80 01 00 01 00 00",
            true,
        ),
        // {Z: []any, A: int}, where the Z that nobody wants is a slice with a nil in it.
        (
            Ty::Struct(vec![("A".to_owned(), Ty::Basic(1))]),
            "18 7f 03 01 02 ff80 00 01 02 01 01 5a 01 ff82 00 01 01 41 01 04 00 00 00 \
                        0c ff81 02 01 02 ff82 00 01 10 00 00 08 ff80 01 01 00 01 0e 00",
            false,
        ),
        // A CommonType, of which definitions are made, into an empty struct.
        (Ty::Named(0), "02 24 00", true),
        // A map of -1 entries, as Go takes it.
        (
            Ty::Map(Box::new(Ty::Basic(1)), Box::new(Ty::Basic(1))),
            "0d 7f 04 01 02 ff80 00 01 04 01 04 00 00 0c ff80 00 f8ffffffffffffffff",
            true,
        ),
        // A map[T]T of five entries, which end with their message.
        (
            Ty::Map(Box::new(Ty::Named(0)), Box::new(Ty::Named(0))),
            "0f 7f 04 01 02 ff80 00 01 ff82 01 ff82 00 00 0a ff81 03 01 02 ff82 00 00 00 04 ff80 00 05",
            true,
        ),
        // The same of two entries, of which the first takes the bytes of both.
        (
            Ty::Map(Box::new(Ty::Named(0)), Box::new(Ty::Named(0))),
            "0f 7f 04 01 02 ff80 00 01 ff82 01 ff82 00 00 0a ff81 03 01 02 ff82 00 00 00 06 ff80 00 02 00 00",
            true,
        ),
        // A slice that holds itself, received as two that hold each other.
        (
            Ty::Named(1),
            "0c 7f 02 01 02 ff80 00 01 ff82 00 00 0d ff81 02 01 02 ff82 00 01 ff80 00 00 05 ff80 00 01 00",
            false,
        ),
    ];
    for (top, stream, go_reads) in cases {
        let itself = Ty::Slice(Box::new(Ty::Named(1)));
        let declared = vec![Declared::Type(Ty::Struct(Vec::new())), Declared::Type(itself)];
        let types = Types { top, other: Ty::Any, declared, concretes: Vec::new() };
        let dir = tempfile::tempdir().expect("a directory for the program");
        let program = Program::build(dir.path(), &[(0, &types)]);
        let bytes = unhex_text(&stream.replace([' ', '\n'], "")).expect("hexadecimal");
        let answer = program.ask(0, &[], &[Stream::Bytes(&bytes)]).expect("Go lives");
        let case = Case::new(types, 0);
        let ours = case.decode(&[&case.types.top], &bytes);
        let go = &answer.decoded[0];
        assert_eq!(go.values.len() == 1 && go.error == "EOF", go_reads, "{stream}: Go {go:?}");
        assert_eq!(ours.values.len() == 1 && ours.error.is_none(), !go_reads, "{stream}: we {ours:?}");
    }
}
