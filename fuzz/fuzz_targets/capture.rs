#![no_main]
//! Any bytes as a recording, or as what two sides say to each other while the command listens.
//!
//! What becomes clear of a conversation does not depend on how its bytes are cut, is no more than there are bytes, and
//! every call in it has an end.

#![allow(dead_code, unused_imports, reason = "the command uses the rest")]

#[path = "../../cli/src/capture/mod.rs"]
mod capture;
#[path = "../../cli/src/error.rs"]
mod error;
#[path = "../../cli/src/golang.rs"]
mod golang;
#[path = "../../cli/src/json/mod.rs"]
mod json;

use std::collections::HashMap;
use std::time::Duration;

use gobrpc_fuzz::pieces;
use libfuzzer_sys::fuzz_target;

use self::capture::{Conversation, Event, Limits, Reader, Side, What};

const LIMITS: Limits = Limits { message: 1 << 20, show: 1 << 16 };

fuzz_target!(|data: &[u8]| {
    match data {
        [b'{', ..] => recording(data),
        [seed, first, second, said @ ..] => {
            let middle = usize::from(u16::from_be_bytes([*first, *second])).min(said.len());
            let said = said.split_at(middle);
            assert_eq!(conversation(0, said), conversation(*seed, said));
        }
        _ => {}
    }
});

/// The events, in any order: which side is heard first depends on who has to wait for whom.
fn conversation(seed: u8, (client, server): (&[u8], &[u8])) -> Vec<String> {
    let mut conversation = Conversation::new(LIMITS);
    let mut events = Vec::new();
    for (side, said) in [(Side::Client, client), (Side::Server, server)] {
        for piece in pieces(seed, said) {
            events.extend(conversation.said(side, piece, Duration::ZERO));
        }
    }
    for side in [Side::Client, Side::Server] {
        events.extend(conversation.ended(side, Duration::ZERO));
    }
    events.extend(conversation.closed());
    assert!(events.len() <= client.len() + server.len() + 2);
    assert!(conversation.closed().is_empty());
    let mut events: Vec<_> = events.iter().map(|event| format!("{event:?}")).collect();
    events.sort_unstable();
    events
}

/// As `replay` goes through it.
fn recording(bytes: &[u8]) {
    let Ok((mut reader, _)) = Reader::new(bytes) else { return };
    let mut conversations = HashMap::new();
    while let Ok(Some(record)) = reader.next() {
        let conversation = conversations.entry(record.conn).or_insert_with(|| Conversation::new(LIMITS));
        match record.what {
            What::Open(_) | What::Closed(_) => drop(conversation.closed()),
            What::Client(bytes) => drop(conversation.said(Side::Client, &bytes, record.at)),
            What::Server(bytes) => drop(conversation.said(Side::Server, &bytes, record.at)),
            What::End(side) => drop(conversation.ended(side, record.at)),
        }
    }
}
