//! What a client says to a server byte by byte, and what it is answered.

use std::time::Duration;

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Session};
use gobrpc::rpc::{Request, Response};
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::go::Programs;
use crate::hex::{hex, to_hex};
use crate::languages::Language;
use crate::patience::eventually;
use crate::peers::Transport;

/// What a client says, with the replies it waits for in between.
#[derive(Default)]
pub(super) struct Script {
    session: Session,
    seq: u64,
    parts: Vec<Part>,
}

enum Part {
    Say(Vec<u8>),
    /// One byte at a time.
    Drip(Vec<u8>),
    /// Wait until there are so many replies in all.
    Hear(usize),
}

impl Script {
    pub(super) fn raw(mut self, digits: &str) -> Self {
        self.parts.push(Part::Say(hex(digits)));
        self
    }

    /// What is to be in a message.
    pub(super) fn message(self, digits: &str) -> Self {
        let body = hex(digits);
        assert!(body.len() < 0x80, "a length of one byte");
        self.raw(&to_hex(&[&[body.len() as u8], &body[..]].concat()))
    }

    /// The next call has this number.
    pub(super) fn numbered(mut self, seq: u64) -> Self {
        self.seq = seq;
        self
    }

    pub(super) fn header(mut self, method: &str) -> Self {
        let mut bytes = Vec::new();
        let request = Request { service_method: method.to_owned(), seq: self.seq };
        self.session.encode(&request, &mut bytes).expect("a header can be sent");
        self.seq = self.seq.wrapping_add(1);
        self.parts.push(Part::Say(bytes));
        self
    }

    pub(super) fn body<T: Gob + Serialize>(mut self, args: &T) -> Self {
        let mut bytes = Vec::new();
        self.session.encode(args, &mut bytes).expect("these arguments can be sent");
        self.parts.push(Part::Say(bytes));
        self
    }

    /// Calls, and waits for the answer, so that one follows the other.
    pub(super) fn call<T: Gob + Serialize>(self, method: &str, args: &T) -> Self {
        let mut this = self.header(method).body(args);
        let replies = this.parts.iter().filter(|part| matches!(part, Part::Hear(_))).count();
        this.parts.push(Part::Hear(replies + 1));
        this
    }

    /// Everything so far goes out byte by byte, and nothing is waited for.
    pub(super) fn dripping(mut self) -> Self {
        let said = self.parts.into_iter().filter_map(|part| match part {
            Part::Say(bytes) | Part::Drip(bytes) => Some(bytes),
            Part::Hear(_) => None,
        });
        self.parts = vec![Part::Drip(said.flatten().collect())];
        self
    }

    /// All that the server says to it. At the end the client says that it has said all.
    async fn told_to(&self, address: &str) -> Vec<u8> {
        let mut stream = TcpStream::connect(address).await.expect("the server is there");
        stream.set_nodelay(true).expect("a socket has this option");
        let mut heard = Vec::new();
        for part in &self.parts {
            match part {
                // A server that has hung up hears no more.
                Part::Say(bytes) => drop(stream.write_all(bytes).await),
                Part::Drip(bytes) => {
                    for byte in bytes {
                        let _ = stream.write_all(&[*byte]).await;
                        tokio::time::sleep(Duration::from_micros(200)).await;
                    }
                }
                Part::Hear(replies) => {
                    while replies_in(&heard) < *replies && stream.read_buf(&mut heard).await.is_ok_and(|read| read > 0)
                    {
                    }
                }
            }
        }
        let _ = stream.shutdown().await;
        // A reset is an end, too.
        let _ = eventually(stream.read_to_end(&mut heard)).await;
        heard
    }

    /// What Go's server says to it, and what ours does.
    pub(super) async fn told_to_both(&self, go: &Programs) -> (Vec<u8>, Vec<u8>) {
        let theirs = Language::Go.server(go, Transport::Tcp).await;
        let ours = Language::Rust.server(go, Transport::Tcp).await;
        tokio::join!(self.told_to(&theirs.endpoint.address), self.told_to(&ours.endpoint.address))
    }

    /// Asserts that both servers say the same to it.
    pub(super) async fn assert_same(&self, go: &Programs) -> Vec<u8> {
        let (theirs, ours) = self.told_to_both(go).await;
        assert_eq!(to_hex(&ours), to_hex(&theirs));
        ours
    }

    /// Asserts that both say nothing, and hang up.
    pub(super) async fn assert_silence(&self, go: &Programs) {
        assert!(self.assert_same(go).await.is_empty());
    }
}

/// The message at the start: where its body begins, and where it ends.
fn message(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    let (start, len) = match first {
        0..0x80 => (1, usize::from(first)),
        _ => {
            let start = 1 + (0x100 - usize::from(first));
            let digits = bytes.get(1..start)?;
            (start, digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)))
        }
    };
    (bytes.len() >= start + len).then_some((start, start + len))
}

/// The values among the messages: those whose id is not negative.
pub(super) fn values(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut values = Vec::new();
    while let Some((start, end)) = message(bytes) {
        let body = &bytes[start..end];
        // An id is a byte, or a count of bytes and those.
        let last = if body[0] < 0x80 { body[0] } else { body[0x100 - usize::from(body[0])] };
        if last % 2 == 0 {
            values.push(body);
        }
        bytes = &bytes[end..];
    }
    values
}

/// A header and a body each.
pub(super) fn replies_in(bytes: &[u8]) -> usize {
    values(bytes).len() / 2
}

/// What the replies of a server say: the numbers and errors, in their order.
pub(super) fn errors_in(bytes: &[u8]) -> Vec<(u64, String)> {
    let mut decoder = Decoder::new(bytes);
    let mut errors = Vec::new();
    while let Ok(Some(response)) = decoder.decode::<Response>() {
        errors.push((response.seq, response.error));
        if !matches!(decoder.skip(), Ok(true)) {
            break;
        }
    }
    errors
}
