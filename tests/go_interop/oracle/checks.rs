//! What is compared for a case.

use std::collections::BTreeMap;

use gobrpc::gob::{Decoder, Encoder};
use serde_json::Value as Json;

use super::excuses::{self, Difference};
use super::peer::{Decoded, Item, Program, Stream};
use super::types::Ty;
use super::values::{Val, unhex_text};
use super::wire::{Case, Outcome};
use crate::hex::to_hex;

/// What both sides are given.
#[derive(Debug)]
pub(crate) struct Given {
    /// Values of the type of the case.
    pub(crate) values: Vec<Val>,
    /// As many of the other type.
    pub(crate) others: Vec<Val>,
    /// Streams that may be damaged.
    pub(crate) streams: Vec<Vec<u8>>,
}

/// How often each thing was compared, and why it was excused where Go and we differ on purpose.
#[derive(Debug, Default)]
pub(crate) struct Tally(pub(crate) BTreeMap<&'static str, usize>);

impl Tally {
    pub(crate) fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }
}

/// Puts a case to both sides.
pub(crate) fn examine(case: &Case, given: &Given, program: &Program, index: usize) -> Result<Tally, String> {
    let mut examiner = Examiner { case, given, program, index, tally: Tally::default() };
    if examiner.one_type()? {
        examiner.two_types().map_err(|text| format!("two types in turns: {text}"))?;
        examiner.damaged(&given.streams)?;
    }
    Ok(examiner.tally)
}

struct Examiner<'a> {
    case: &'a Case,
    given: &'a Given,
    program: &'a Program,
    index: usize,
    tally: Tally,
}

impl Examiner<'_> {
    /// `false` if Go cannot write or read the values.
    fn one_type(&mut self) -> Result<bool, String> {
        let (case, values) = (self.case, &self.given.values);
        let (top, other) = (&case.types.top, &case.types.other);
        let (bytes, error) = case.encode(values);
        let items: Vec<Item<'_>> = values.iter().map(Item::Top).collect();
        let plain = [Stream::Own, Stream::Bytes(&bytes), Stream::Other(&bytes), Stream::Skip(&bytes)];
        let answer = self.program.ask(self.index, &items, &plain).map_err(|died| format!("Go died: {died}"))?;
        if answer.error.contains("unaddressable value") && error.is_none() {
            self.tally.count("excused: Go does not encode what it cannot address (G143)");
            return Ok(false);
        }
        if answer.error.is_empty() != error.is_none() {
            return Err(format!("encoding: Go says {:?}, we {error:?}", answer.error));
        }
        let go_bytes = self.same_bytes(&items, &answer.hex, &bytes)?;
        let own = self.parse(&[top], &answer.decoded[0].values)?;
        if answer.decoded[0].error != "EOF" {
            self.tally.count("excused: Go cannot read its own bytes");
            return Ok(false);
        }
        if self.parse(&[top], &answer.decoded[1].values)? != own || answer.decoded[1].error != "EOF" {
            return Err(format!("Go reads our bytes as {:?}, its own as {own:?}", answer.decoded[1]));
        }
        self.tally.count("read by Go");
        self.read(&[top], &go_bytes, &own)?;
        self.tally.count("read by us");
        dynamic(case, &go_bytes, &own)?;
        self.tally.count("read without types");
        self.compare(other, &bytes, &answer.decoded[2]).map_err(|text| format!("as another type: {text}"))?;
        self.tally.count("read as another type");
        self.skip(&bytes, &answer.decoded[3])?;
        self.tally.count("skipped");
        Ok(true)
    }

    /// What is already defined, under which id and name, depends on the types before it.
    fn two_types(&mut self) -> Result<(), String> {
        let Given { values, others, .. } = self.given;
        let turns = values.iter().zip(others);
        let items: Vec<Item<'_>> = turns.flat_map(|(value, other)| [Item::Top(value), Item::Other(other)]).collect();
        let (bytes, error) = self.case.encode_items(items.iter().copied());
        let plain = [Stream::Own, Stream::Turns(&bytes)];
        let answer = self.program.ask(self.index, &items, &plain).map_err(|died| format!("Go died: {died}"))?;
        if answer.error.contains("unaddressable value") && error.is_none() {
            self.tally.count("excused: Go does not encode what it cannot address (G143)");
            return Ok(());
        }
        if answer.error.is_empty() != error.is_none() {
            return Err(format!("encoding: Go says {:?}, we {error:?}", answer.error));
        }
        let go_bytes = self.same_bytes(&items, &answer.hex, &bytes)?;
        if answer.decoded[1].error != "EOF" {
            return Err(format!("Go reads our bytes as {:?}", answer.decoded[1]));
        }
        let types = [&self.case.types.top, &self.case.types.other];
        let theirs = self.parse(&types, &answer.decoded[1].values)?;
        self.read(&types, &go_bytes, &theirs)?;
        self.tally.count("two types in turns");
        Ok(())
    }

    /// Returns the bytes of Go.
    fn same_bytes(&mut self, items: &[Item<'_>], go: &str, ours: &[u8]) -> Result<Vec<u8>, String> {
        let go = unhex_text(go).ok_or("no bytes from Go")?;
        let is_ordered = items.iter().all(|(Item::Top(value) | Item::Other(value))| value.is_ordered());
        if is_ordered && go != ours {
            return Err(format!("encoding: Go wrote\n  {}\nwe wrote\n  {}", to_hex(&go), to_hex(ours)));
        }
        self.tally.count(if is_ordered { "same bytes" } else { "bytes in any order" });
        Ok(go)
    }

    /// Reads a whole stream and nothing but these values.
    fn read(&self, types: &[&Ty], bytes: &[u8], expected: &[Val]) -> Result<(), String> {
        let Outcome { values, error, .. } = self.case.decode(types, bytes);
        match values == expected && error.is_none() {
            true => Ok(()),
            false => Err(format!(
                "Go reads\n  {expected:?}\nwe read\n  {values:?}\nand then {error:?}\nof {}",
                to_hex(bytes)
            )),
        }
    }

    /// What Go has read, as these types in turns.
    fn parse(&self, types: &[&Ty], values: &[Json]) -> Result<Vec<Val>, String> {
        let values = values.iter().zip(types.iter().cycle());
        let values = values.map(|(value, ty)| {
            let parsed = self.case.types.parse(ty, value).map(|value| value.canonical());
            parsed.ok_or_else(|| format!("not understood: {value}"))
        });
        values.collect()
    }

    /// Puts damaged streams to both sides: all to one process, or each to one of its own when one kills it.
    fn damaged(&mut self, streams: &[Vec<u8>]) -> Result<(), String> {
        let top = &self.case.types.top;
        let questions = streams.iter().flat_map(|stream| [Stream::Bytes(stream), Stream::Skip(stream)]);
        match (self.program.ask(self.index, &[], &questions.collect::<Vec<_>>()), streams) {
            (Ok(answer), _) => {
                for (stream, decoded) in streams.iter().zip(answer.decoded.chunks(2)) {
                    let result = self.compare(top, stream, &decoded[0]).and_then(|()| self.skip(stream, &decoded[1]));
                    result.map_err(|text| format!("damaged: {text}\nof {}", to_hex(stream)))?;
                    let is_read = decoded[0].error == "EOF" && !decoded[0].values.is_empty();
                    self.tally.count(if is_read { "damaged, and read" } else { "damaged, and refused" });
                }
                Ok(())
            }
            (Err(died), [stream]) => {
                // It must not be the end of us too.
                if self.case.decode(&[top], stream).error.is_none() {
                    return Err(format!("damaged: we read what Go dies of, {died}\nof {}", to_hex(stream)));
                }
                self.tally.count("damaged, and Go died");
                Ok(())
            }
            (Err(_), _) => streams.chunks(1).try_for_each(|stream| self.damaged(stream)),
        }
    }

    /// What both sides make of a stream. Only the verdict and the values count, not the words.
    fn compare(&mut self, ty: &Ty, bytes: &[u8], go: &Decoded) -> Result<(), String> {
        let Outcome { values, error, later } = self.case.decode(&[ty], bytes);
        let theirs = self.parse(&[ty], &go.values)?;
        let same = values == theirs && (go.error == "EOF") == error.is_none();
        let after = go.later.iter().map(|later| later.get(0).and_then(|value| self.case.types.parse(ty, value)));
        let after: Vec<Option<Val>> = after.map(|value| value.map(|value| value.canonical())).collect();
        if same && later == after {
            return Ok(());
        }
        // It may be damage that makes an interface: its id 8 is `10`.
        if same && (self.given.values.iter().any(Val::has_interface) || bytes.contains(&0x10)) {
            // What is left of a value in pieces is misread as values (G185).
            self.tally.count("excused: the rest of a value in pieces");
            return Ok(());
        }
        self.excuse(ty, bytes, &go.error, error.as_ref()).map_err(|_| {
            format!(
                "Go reads\n  {theirs:?}\nand then {:?} {after:?}\nwe read\n  {values:?}\nand then {error:?} {later:?}",
                go.error
            )
        })
    }

    fn skip(&mut self, bytes: &[u8], go: &Decoded) -> Result<(), String> {
        let (count, error) = self.case.skip(bytes);
        if count == go.values.len() && (go.error == "EOF") == error.is_none() {
            return Ok(());
        }
        let (original, _) = self.case.encode(&self.given.values);
        let we_go_on = error.is_none() || count > go.values.len();
        let reason = excuses::excuse_skip(&original, bytes, &go.error, error.as_ref(), we_go_on);
        if let Some(reason) = reason {
            self.tally.count(reason);
            return Ok(());
        }
        self.excuse(&self.case.types.top, bytes, &go.error, error.as_ref()).map_err(|_| {
            format!("Go skips {} values and then {:?}, we {count} and then {error:?}", go.values.len(), go.error)
        })
    }

    fn excuse(&mut self, ty: &Ty, bytes: &[u8], go: &str, ours: Option<&gobrpc::gob::Error>) -> Result<(), ()> {
        let (original, _) = self.case.encode(&self.given.values);
        let (types, values) = (&self.case.types, &self.given.values[..]);
        let difference = Difference { types, values, original: &original, ty, bytes, go, ours };
        self.tally.count(excuses::excuse(&difference).ok_or(())?);
        Ok(())
    }
}

/// Reads a stream without its types, writes it again, and makes typed values of the dynamic ones.
fn dynamic(case: &Case, bytes: &[u8], expected: &[Val]) -> Result<(), String> {
    let mut decoder = Decoder::new(bytes);
    let mut encoder = Encoder::new(Vec::new());
    let mut values = Vec::new();
    while let Some(value) = decoder.decode_value().map_err(|error| format!("without types: {error}"))? {
        encoder.encode_value(&value).map_err(|error| format!("without types: {error}"))?;
        let typed = case.dynamic(&case.types.top, &value);
        values.push(typed.map_err(|error| format!("{value} is not of the type: {error}"))?.canonical());
    }
    if encoder.get_ref() != bytes {
        return Err(format!("without types: Go wrote\n  {}\nwe wrote\n  {}", to_hex(bytes), to_hex(encoder.get_ref())));
    }
    match values == expected {
        true => Ok(()),
        false => Err(format!("without types: Go reads\n  {expected:?}\nwe read\n  {values:?}")),
    }
}
