//! `Session`: the sending half of a stream, without I/O. Definitions, then the value, all or nothing.

use std::sync::Arc;
use std::{fmt, ptr};

use serde::{Serialize, Serializer};

use super::error::Result;
use super::limits::Limits;
use super::opening::{self, put_definition};
use super::schema::Gob;
use super::ser::interface::dynamic;
use super::ser::{Element, Head, Output, ValueSerializer};
use super::stream::ids::TypeIds;
use super::stream::wiretype::TypeId;
use super::ty::{Kind, Type};
use super::value::Value;

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
pub struct Session {
    /// Shared with other streams that have the same types.
    ids: Arc<TypeIds>,
    limits: Limits,
    /// The last types that needed no definition: two, since headers and bodies alternate.
    recent: [Recent; 2],
    /// How long the length of the last value was. The next one is likely to need as much, and then nothing moves.
    prefix: usize,
}

/// A type by its address, and how its values begin.
#[derive(Debug, Clone, Copy)]
struct Recent {
    address: usize,
    head: Head,
}

/// The bytes of a `[]byte`.
struct Octets<'a>(&'a [u8]);

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Where a session was.
#[cfg(feature = "rpc")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    ids: super::stream::ids::Mark,
    len: usize,
}

impl Session {
    /// A new stream, as of a fresh Go process: nothing defined, ids from 64 (G24).
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// A new stream with other limits.
    pub fn with_limits(limits: Limits) -> Self {
        Self { ids: opening::fresh(), limits, recent: [Recent::NONE; 2], prefix: 1 }
    }

    /// Gives the first type this id instead of 64, which is Go 1.26's first (G24); Go 1.19 began with 65. The
    /// difference matters only to those who compare bytes.
    #[must_use]
    pub fn with_first_type_id(mut self, id: u16) -> Self {
        self.ids = Arc::new(TypeIds::starting_at(id.into()));
        self
    }

    /// Appends a value to `out`, after the definitions it needs.
    ///
    /// # Errors
    /// When `Serialize` fails, when it disagrees with the Go type, for nil where gob has none, and for values deeper
    /// than the limit. `out` and the stream are then as before, where Go would leave a broken stream (G232).
    pub fn encode<T: Gob + Serialize + ?Sized>(&mut self, value: &T, out: &mut Vec<u8>) -> Result<()> {
        if const { matches!(T::KIND, Kind::Bytes) }
            && let Some(octets) = value.as_octets()
        {
            return self.encode_as(T::TYPE, &Octets(octets), out);
        }
        self.encode_as(T::TYPE, value, out)
    }

    /// Appends a value whose type is known only at run time, after the definitions it needs. The value must serialize
    /// in the same way as a Rust type with that Go type.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    #[inline]
    pub fn encode_as<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T, out: &mut Vec<u8>) -> Result<()> {
        if ty.is_any() {
            // At top level a dynamic value stands for itself, as it does in decoding.
            let value = dynamic(value)?.unwrap_or(Value::Interface(None));
            return self.encode_value(&value, out);
        }
        self.whole(out, |this, out| {
            let head = match this.known(ty) {
                Some(head) => head,
                None => Head::new(this.describe(ty, out)?, ty.base().kind != Kind::Struct),
            };
            this.message(head, out, |out| value.serialize(ValueSerializer::new(out, ty, Element)))
        })
    }

    /// All or nothing of what `encode` does.
    #[inline]
    fn whole(&mut self, out: &mut Vec<u8>, encode: impl FnOnce(&mut Self, &mut Vec<u8>) -> Result<()>) -> Result<()> {
        let (len, fresh) = (out.len(), self.recent[0].address == 0 && self.ids.is_fresh());
        let result = encode(self, out);
        if result.is_err() {
            out.truncate(len);
            if fresh {
                self.ids = opening::fresh();
            }
        }
        if self.ids.is_changed() {
            Arc::make_mut(&mut self.ids).settle(result.is_ok());
        }
        result
    }

    /// Writes the definitions of a type, and returns its id.
    fn describe(&mut self, ty: &'static Type, out: &mut Vec<u8>) -> Result<TypeId> {
        if !self.ids.is_fresh() {
            return Arc::make_mut(&mut self.ids).describe(ty, &mut |id, ty| put_definition(out, id, ty));
        }
        let (id, ids) = opening::begin(ty, out)?;
        self.ids = ids;
        Ok(id)
    }

    /// The static types that are defined on this stream, with their ids.
    pub(crate) fn static_types(&self) -> impl Iterator<Item = (TypeId, &'static Type)> {
        self.ids.static_types()
    }

    /// The state before several values, for what must be written together or not at all.
    #[cfg(feature = "rpc")]
    pub(crate) fn mark(&self, out: &[u8]) -> Mark {
        Mark { ids: self.ids.mark(), len: out.len() }
    }

    /// Takes back all that was encoded since `mark`.
    #[cfg(feature = "rpc")]
    pub(crate) fn roll_back(&mut self, mark: Mark, out: &mut Vec<u8>) {
        out.truncate(mark.len);
        Arc::make_mut(&mut self.ids).roll_back(mark.ids);
        self.recent = [Recent::NONE; 2];
    }

    /// Appends a dynamic value, with the types of the stream it came from.
    ///
    /// # Errors
    /// For values deeper or longer than the limits.
    pub fn encode_value(&mut self, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        self.whole(out, |this, out| {
            let id = match value.type_id() {
                Ok(ty) => {
                    let ids = Arc::make_mut(&mut this.ids);
                    ids.describe_dynamic(&ty.table, ty.id, &mut |id, ty| put_definition(out, id, ty))?
                }
                Err(id) => id,
            };
            this.message(Head::new(id, value.is_singleton()), out, |out| value.write(out))
        })
    }

    /// How the values of a type begin, if its definitions are on the stream. Most streams repeat their types.
    #[inline]
    fn known(&mut self, ty: &'static Type) -> Option<Head> {
        let address = ptr::from_ref(ty).addr();
        if let Some(recent) = self.recent.iter().find(|recent| recent.address == address) {
            return Some(recent.head);
        }
        let head = Head::new(self.ids.known(ty)?, ty.base().kind != Kind::Struct);
        self.recent = [Recent { address, head }, self.recent[0]];
        Some(head)
    }

    /// Writes the message of a value.
    #[inline]
    fn message(
        &mut self,
        head: Head,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Output<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut output = Output::new(out, &mut self.ids, self.prefix, self.limits.depth);
        output.begin(head);
        write(&mut output)?;
        let (len, prefix) = output.finish();
        if len > self.limits.message {
            return Err(super::error::Kind::TooBig(self.limits.message).into());
        }
        self.prefix = prefix;
        Ok(())
    }
}

impl Recent {
    const NONE: Self = Self { address: 0, head: Head::NONE };
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("limits", &self.limits).finish_non_exhaustive()
    }
}
