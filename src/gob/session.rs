//! `Session`: the sending half of a stream, without I/O. Definitions, then the value, all or nothing.

use serde::Serialize;

use super::error::Result;
use super::limits::Limits;
use super::schema::Gob;
use super::ser::interface::dynamic;
use super::ser::{Element, Output, Slot, ValueSerializer};
use super::stream::ids::{self, TypeIds};
use super::stream::wiretype::{TypeId, WireType};
use super::ty::{Kind, Type, TypeRef};
use super::value::Value;
use super::wire::{Gap, put_int};

/// The sending half of one gob stream: it knows which types the other side has been told about.
///
/// [`Encoder`](super::Encoder) writes what this makes to a writer; use it alone where the bytes go elsewhere.
///
/// ```
/// use gobrpc::gob::Session;
///
/// let mut session = Session::new();
/// let mut out = Vec::new();
/// session.encode(&"hello", &mut out)?;
/// session.encode(&vec![1_i64, 2], &mut out)?;
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
#[derive(Debug)]
pub struct Session {
    ids: TypeIds,
    limits: Limits,
    /// How long the length of the last value was. The next one is likely to need as much, and then nothing moves.
    prefix: usize,
}

/// Where a session was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    ids: ids::Mark,
    len: usize,
}

impl Session {
    /// A new stream, as of a fresh Go process: nothing defined, ids from 64 (G24).
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// A new stream with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        Self { ids: TypeIds::new(), limits, prefix: 1 }
    }

    /// Gives the first type this id and not 64, as Go 1.26 does (G24): Go 1.19 began with 65. It makes a difference only
    /// to whoever compares bytes.
    #[must_use]
    pub fn with_first_type_id(mut self, id: u16) -> Self {
        self.ids = TypeIds::starting_at(id.into());
        self
    }

    /// Appends a value to `out`, after the definitions it needs.
    ///
    /// # Errors
    /// When `Serialize` fails, when it disagrees with the Go type, for nil where gob has none, and for values deeper
    /// than the limit. `out` and the stream are then as before, where Go would leave a broken stream (G232).
    pub fn encode<T: Gob + Serialize + ?Sized>(&mut self, value: &T, out: &mut Vec<u8>) -> Result<()> {
        self.encode_as(T::TYPE, value, out)
    }

    /// Appends a value whose type is known only at run time, after the definitions it needs. The value must serialize
    /// as one of a Rust type with that Go type does.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_as<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T, out: &mut Vec<u8>) -> Result<()> {
        if ty.is_any() {
            // At top level a dynamic value stands for itself, as it does in decoding.
            let value = dynamic(value)?.unwrap_or(Value::Interface(None));
            return self.encode_value(&value, out);
        }
        let mark = self.mark(out);
        let result = self.try_encode(ty, value, out);
        if result.is_err() {
            self.roll_back(mark, out);
        }
        result
    }

    /// The static type that has this id here.
    pub(crate) fn static_type(&self, id: TypeId) -> Option<&'static Type> {
        self.ids.static_type(id)
    }

    /// The state before a value, for what must be written together or not at all.
    pub(crate) fn mark(&mut self, out: &[u8]) -> Mark {
        Mark { ids: self.ids.mark(), len: out.len() }
    }

    /// Takes back all that was encoded since `mark`.
    pub(crate) fn roll_back(&mut self, mark: Mark, out: &mut Vec<u8>) {
        out.truncate(mark.len);
        self.ids.roll_back(mark.ids);
    }

    /// Appends a dynamic value, with the types of the stream it came from.
    ///
    /// # Errors
    /// For values deeper or longer than the limits.
    pub fn encode_value(&mut self, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        let mark = self.mark(out);
        let id = match value.type_id() {
            Ok(ty) => self.ids.describe_dynamic(&ty.table, ty.id, &mut |id, ty| put_definition(out, id, ty)),
            Err(id) => id,
        };
        let result = self.message(id, value.is_singleton(), out, |out| value.write(out));
        if result.is_err() {
            self.roll_back(mark, out);
        }
        result
    }

    fn try_encode<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T, out: &mut Vec<u8>) -> Result<()> {
        let id = match self.ids.known(ty) {
            Some(id) => id,
            None => self.ids.describe(ty, &mut |id, ty| put_definition(out, id, ty))?,
        };
        self.message(id, ty.base().kind != Kind::Struct, out, |out| {
            value.serialize(ValueSerializer::new(out, Slot::of(TypeRef::to(ty)), Element))
        })
    }

    /// Writes the message of a value.
    fn message(
        &mut self,
        id: TypeId,
        singleton: bool,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Output<'_>) -> Result<()>,
    ) -> Result<()> {
        let gap = Gap::open(out, self.prefix);
        put_int(out, i64::from(id));
        if singleton {
            // G17: what is no struct is written as the one field of an imaginary struct.
            out.push(0);
        }
        let mut output = Output::new(out, &mut self.ids, gap, self.limits.depth);
        write(&mut output)?;
        let (len, prefix) = output.finish();
        if len > self.limits.message {
            return Err(super::error::Kind::TooBig(self.limits.message).into());
        }
        self.prefix = prefix;
        Ok(())
    }
}

/// Writes the message that defines a type.
fn put_definition(out: &mut Vec<u8>, id: TypeId, ty: &WireType) {
    let gap = Gap::open(out, 1);
    put_int(out, -i64::from(id));
    ty.encode(out);
    let len = (out.len() - gap.end()) as u64;
    gap.close(out, len);
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
