#![no_main]
//! Any text as Go source, and as a Go type.
//!
//! Every constant and every type has a value or an error, and each time the same. Memory is in proportion to the input,
//! but for strings, which are bounded.

use gobrpc::gob::Declarations;
use gobrpc::gob::constant::{Constants, Evaluator};
use gobrpc::gob::syntax::{self, Item};
use gobrpc::gob::ty::Type;
use gobrpc_fuzz::bounded;
use libfuzzer_sys::fuzz_target;

/// Everything in a source is kept several times, and types for ever.
const PER_BYTE: usize = 4096;

/// The strings of constants, once as they are evaluated and once as they are kept.
const STRINGS: usize = 2 * (16 << 20);

fuzz_target!(|text: &str| {
    bounded(PER_BYTE * text.len(), || parse(text));
    bounded(PER_BYTE * text.len() + STRINGS, || constants(text));
});

fn parse(text: &str) {
    let _ = Type::parse(text);
    let Ok(declarations) = Declarations::parse(text) else { return };
    for name in declarations.names() {
        let first = declarations.get(name);
        let again = declarations.get(name);
        match (first, again) {
            // What an alias stands for may be made anew.
            (Ok(first), Ok(again)) => assert_eq!(first.kind(), again.kind(), "{name}"),
            (Err(first), Err(again)) => assert_eq!(first.to_string(), again.to_string()),
            (first, again) => panic!("{name}: {first:?}, {again:?}"),
        }
    }
}

fn constants(text: &str) {
    let Ok(items) = syntax::parse(text) else { return };
    let mut constants = Constants::default();
    constants.extend(&items);
    let mut evaluator = Evaluator::new(&constants);
    for item in &items {
        if let Item::Constants(line) = item {
            for name in &line.names {
                let _ = evaluator.get(name);
            }
        }
    }
}
