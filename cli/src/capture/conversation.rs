//! A connection, from its bytes to its calls.

use std::time::Duration;

use bytes::BytesMut;

use super::gob::Gob;
use super::http::{self, Ask, MAX_HEAD};
use super::json::JsonRpc;
use super::pending::{Pending, Queue};
use super::{Call, Event, Follow, Outcome, Request, Response, Side};

/// What following a connection may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The longest message that is followed.
    pub(crate) message: usize,
    /// The longest message whose value is shown.
    pub(crate) show: usize,
}

/// How many types a side may define. Servers with more than a few dozen are rare.
const MAX_TYPES: usize = 2_000;

/// What both sides of a connection have said so far, as far as it still matters.
pub(crate) struct Conversation {
    limits: Limits,
    stage: Stage,
    client: Input,
    server: Input,
    pending: Queue,
    /// What became clear and has not been taken.
    events: Vec<Event>,
}

/// What a side has said that is not understood yet.
#[derive(Default)]
struct Input {
    bytes: BytesMut,
    ended: bool,
    /// Whether nobody can follow it any more.
    lost: bool,
}

enum Stage {
    /// Which protocol it is has to show.
    Start,
    /// The client has asked, the server has not answered.
    Http(Option<Ask>),
    Calls(Box<dyn Follow>),
    /// No RPC.
    Other,
}

impl Conversation {
    pub(crate) fn new(limits: Limits) -> Self {
        let (client, server) = <(Input, Input)>::default();
        Self { limits, stage: Stage::Start, client, server, pending: Queue::default(), events: Vec::new() }
    }

    /// Takes the next bytes of one side, which came at that time, and gives what has become clear from them.
    pub(crate) fn said(&mut self, side: Side, bytes: &[u8], at: Duration) -> Vec<Event> {
        let input = self.input(side);
        if !input.lost {
            input.bytes.extend_from_slice(bytes);
            self.advance(at);
        }
        std::mem::take(&mut self.events)
    }

    /// One side says no more.
    pub(crate) fn ended(&mut self, side: Side, at: Duration) -> Vec<Event> {
        self.input(side).ended = true;
        self.advance(at);
        std::mem::take(&mut self.events)
    }

    /// The connection is over.
    pub(crate) fn closed(&mut self) -> Vec<Event> {
        while let Some(pending) = self.pending.pop() {
            self.unanswered(pending, "the connection ended");
        }
        std::mem::take(&mut self.events)
    }

    fn input(&mut self, side: Side) -> &mut Input {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn advance(&mut self, at: Duration) {
        loop {
            match &mut self.stage {
                Stage::Start => {
                    if self.server.bytes.len() > MAX_HEAD {
                        return self.other("the server speaks first".to_owned());
                    }
                    match protocol(&self.client.bytes, self.client.ended) {
                        None => return,
                        Some(Protocol::Http) => self.stage = Stage::Http(None),
                        Some(Protocol::Json) => {
                            self.stage = Stage::Calls(Box::new(JsonRpc::new(self.limits.message, self.limits.show)));
                        }
                        Some(Protocol::Gob) => {
                            let limits = gobrpc::gob::Limits::new();
                            let limits = limits.message(self.limits.message as u64).types(MAX_TYPES);
                            self.stage = Stage::Calls(Box::new(Gob::new(limits, self.limits.show)));
                        }
                    }
                }
                Stage::Http(ask) => match handshake(ask, &mut self.client.bytes, &mut self.server.bytes) {
                    Ok(None) => return,
                    Ok(Some(Ok(path))) => {
                        self.events.push(Event::Connected { path });
                        self.stage = Stage::Start;
                    }
                    Ok(Some(Err(other))) | Err(other) => return self.other(other),
                },
                Stage::Calls(_) => return self.calls(at),
                Stage::Other => {
                    (self.client.bytes, self.server.bytes) = (BytesMut::new(), BytesMut::new());
                    return;
                }
            }
        }
    }

    fn other(&mut self, what: String) {
        self.events.push(Event::Other(what));
        self.stage = Stage::Other;
        for input in [&mut self.client, &mut self.server] {
            input.lost = true;
            input.bytes = BytesMut::new();
        }
    }

    fn calls(&mut self, at: Duration) {
        let Stage::Calls(follow) = &mut self.stage else { return };
        let (mut requests, mut responses) = (Vec::new(), Vec::new());
        let client = drain(&mut self.client, &mut requests, |input, eof| follow.request(input, eof));
        let server = drain(&mut self.server, &mut responses, |input, eof| follow.response(input, eof));
        for request in requests {
            self.request(request, at);
        }
        for response in responses {
            self.response(response, at);
        }
        for (side, error) in [(Side::Client, client), (Side::Server, server)] {
            if let Some(error) = error {
                self.events.push(Event::Lost { side, error });
            }
        }
        // No reply is going to be seen.
        while self.server.lost
            && let Some(pending) = self.pending.pop()
        {
            self.unanswered(pending, "the replies cannot be followed");
        }
    }

    fn request(&mut self, request: Request, at: Duration) {
        self.pending.push(Pending { request, at });
        while let Some(oldest) = self.pending.pop_excess() {
            self.unanswered(oldest, "too many calls are pending");
        }
    }

    fn response(&mut self, response: Response, at: Duration) {
        let Response { seq, method, outcome } = response;
        let call = match self.pending.take(&seq) {
            Some(Pending { request, at: sent }) => {
                let took = Some(at.saturating_sub(sent));
                Call { seq, method: request.method, args: Some(request.args), outcome, at: sent, took }
            }
            None => Call { seq, method, args: None, outcome, at, took: None },
        };
        self.events.push(Event::Call(call));
    }

    fn unanswered(&mut self, Pending { request, at }: Pending, why: &'static str) {
        let Request { seq, method, args } = request;
        let outcome = Outcome::Unanswered(why);
        self.events.push(Event::Call(Call { seq, method, args: Some(args), outcome, at, took: None }));
    }
}

/// Takes all that is whole; why nothing more can be taken, if that is so.
fn drain<T>(
    input: &mut Input,
    out: &mut Vec<T>,
    mut take: impl FnMut(&mut BytesMut, bool) -> Result<Option<T>, String>,
) -> Option<String> {
    while !input.lost {
        match take(&mut input.bytes, input.ended) {
            Ok(Some(message)) => out.push(message),
            Ok(None) => break,
            Err(error) => {
                input.lost = true;
                input.bytes = BytesMut::new();
                return Some(error);
            }
        }
    }
    None
}

#[derive(Debug, PartialEq, Eq)]
enum Protocol {
    Gob,
    Json,
    Http,
}

/// What the first bytes of a client tell. In gob the second one is that of a large negative number, or the first one is
/// not ASCII.
fn protocol(bytes: &[u8], ended: bool) -> Option<Protocol> {
    match bytes {
        [] => None,
        [0 | 0x80..=0xff, ..] | [_, 0x7f..=0xff, ..] => Some(Protocol::Gob),
        [first, second, ..] if first.is_ascii_uppercase() && second.is_ascii_uppercase() => Some(Protocol::Http),
        [b'{' | b' ' | b'\t' | b'\r' | b'\n', _, ..] => Some(Protocol::Json),
        [_] if !ended => None,
        _ => Some(Protocol::Gob),
    }
}

/// Follows HTTP until it is clear what comes of it: the path under which RPC begins, or what else it was.
fn handshake(
    ask: &mut Option<Ask>,
    client: &mut BytesMut,
    server: &mut BytesMut,
) -> Result<Option<Result<String, String>>, String> {
    if ask.is_none() {
        *ask = http::take_request(client)?;
    }
    let Some(Ask { method, path }) = ask else { return Ok(None) };
    if client.len() > MAX_HEAD {
        return Err(format!("HTTP: {method} {path}"));
    }
    let Some(status) = http::take_response(server)? else { return Ok(None) };
    Ok(Some(match method == "CONNECT" && status.starts_with("200 ") {
        true => Ok(std::mem::take(path)),
        false => Err(format!("HTTP: {method} {path}: {status}")),
    }))
}

#[cfg(test)]
mod tests {
    use gobrpc::gob::Session;
    use gobrpc::rpc::{Request as RequestHeader, Response as ResponseHeader};

    use super::super::Shown;
    use super::*;

    const LIMITS: Limits = Limits { message: 1 << 20, show: 1 << 16 };

    /// What both sides say over ten calls in gob.
    fn gob() -> [Vec<u8>; 2] {
        let (mut client, mut server) = (Session::new(), Session::new());
        let mut said = [Vec::new(), Vec::new()];
        for seq in 0..10 {
            let method = "Arith.Sum".to_owned();
            client.encode(&RequestHeader { service_method: method.clone(), seq }, &mut said[0]).unwrap();
            client.encode(&vec![vec!["text"; 3]; 2], &mut said[0]).unwrap();
            let error = if seq == 3 { "no".to_owned() } else { String::new() };
            server.encode(&ResponseHeader { service_method: method, seq, error }, &mut said[1]).unwrap();
            server.encode(&std::collections::BTreeMap::from([("a", seq)]), &mut said[1]).unwrap();
        }
        said
    }

    fn http() -> [Vec<u8>; 2] {
        let [client, server] = gob();
        [
            [b"CONNECT /_goRPC_ HTTP/1.0\n\n", &client[..]].concat(),
            [b"HTTP/1.0 200 Connected to Go RPC\n\n", &server[..]].concat(),
        ]
    }

    fn json() -> [Vec<u8>; 2] {
        let (mut client, mut server) = (String::new(), String::new());
        for id in 0..10 {
            client += &format!("{{\"method\":\"A.B\",\"params\":[{{\"x\": \"}}\\\"\"}}],\"id\":{id}}}\n");
            server += &format!("{{\"id\":{id},\"result\":[1, 2],\"error\":null}}\n");
        }
        [client.into_bytes(), server.into_bytes()]
    }

    /// Tells a conversation in pieces of so many bytes.
    fn told(said: &[Vec<u8>; 2], piece: usize) -> Vec<Event> {
        let mut conversation = Conversation::new(LIMITS);
        let mut events = Vec::new();
        for (side, bytes) in [Side::Client, Side::Server].into_iter().zip(said) {
            for piece in bytes.chunks(piece) {
                events.extend(conversation.said(side, piece, Duration::ZERO));
            }
        }
        for side in [Side::Client, Side::Server] {
            events.extend(conversation.ended(side, Duration::ZERO));
        }
        events.extend(conversation.closed());
        events
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_come() {
        for said in [gob(), http(), json()] {
            let whole = told(&said, usize::MAX);
            let calls = whole.iter().filter(|event| {
                matches!(event, Event::Call(Call { args: Some(Shown::Json(_)), outcome, .. })
                    if !matches!(outcome, Outcome::Unanswered(_)))
            });
            assert_eq!(calls.count(), 10, "{whole:?}");
            for piece in [1, 2, 7, 100] {
                assert_eq!(told(&said, piece), whole);
            }
        }
    }

    #[test]
    fn damage_ends_in_a_few_events_whatever_it_is() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for said in [gob(), http(), json()] {
            for _ in 0..1500 {
                let mut said = said.clone();
                for _ in 0..=random(3) {
                    let bytes = &mut said[random(2)];
                    let at = random(bytes.len());
                    match random(4) {
                        0 => bytes.truncate(at + 1),
                        1 => drop(bytes.remove(at)),
                        2 => bytes.insert(at, random(256) as u8),
                        _ => bytes[at] = random(256) as u8,
                    }
                }
                let events = told(&said, 1 + random(200));
                assert!(events.len() <= 40, "{}: {events:?}", events.len());
            }
        }
    }
}
