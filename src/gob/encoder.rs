//! `Encoder`: gob to a writer.

use std::io::Write;

use serde::Serialize;

use super::error::Result;
use super::limits::Limits;
use super::room::Room;
use super::schema::Gob;
use super::session::Session;
use super::ty::Type;
use super::value::Value;

/// Writes values to a stream, each type described once, as Go's `gob.Encoder`.
///
/// ```
/// use gobrpc::gob::{Decoder, Encoder};
///
/// let mut encoder = Encoder::new(Vec::new());
/// encoder.encode(&7_i64)?;
/// encoder.encode("seven")?;
///
/// let bytes = encoder.into_inner();
/// let mut decoder = Decoder::new(&bytes[..]);
/// assert_eq!(decoder.decode::<i64>()?, Some(7));
/// assert_eq!(decoder.decode::<String>()?, Some("seven".to_owned()));
/// assert_eq!(decoder.decode::<String>()?, None);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
#[derive(Debug)]
pub struct Encoder<W> {
    session: Session,
    writer: W,
    buffer: Vec<u8>,
    room: Room,
}

impl<W: Write> Encoder<W> {
    /// An encoder of a new stream.
    pub fn new(writer: W) -> Self {
        Self::with_limits(writer, Limits::default())
    }

    /// An encoder with other limits.
    pub fn with_limits(writer: W, limits: Limits) -> Self {
        Self { session: Session::with_limits(limits), writer, buffer: Vec::new(), room: Room::default() }
    }

    /// Gives the first type another id than 64: see [`Session::with_first_type_id`].
    #[must_use]
    pub fn with_first_type_id(mut self, id: u16) -> Self {
        self.session = self.session.with_first_type_id(id);
        self
    }

    /// Writes a value, after the definitions it needs, in one write. It does not flush.
    ///
    /// # Errors
    /// Those of [`Session::encode`], with nothing written; or that of the writer, after which the stream is broken.
    pub fn encode<T: Gob + Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.buffer.clear();
        self.session.encode(value, &mut self.buffer)?;
        self.write()
    }

    /// Writes a value whose type is known only at run time, after the definitions it needs, in one write. The value
    /// must serialize in the same way as a Rust type with that Go type.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use gobrpc::gob::{Encoder, from_slice, ty::Type};
    /// use serde_json::json;
    ///
    /// let mut encoder = Encoder::new(Vec::new());
    /// encoder.encode_as(Type::parse("map[string]bool")?, &json!({ "yes": true }))?;
    /// let map: HashMap<String, bool> = from_slice(encoder.get_ref())?;
    /// assert!(map["yes"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_as<T: Serialize + ?Sized>(&mut self, ty: &'static Type, value: &T) -> Result<()> {
        self.buffer.clear();
        self.session.encode_as(ty, value, &mut self.buffer)?;
        self.write()
    }

    /// Writes a dynamic value, after the definitions it needs, in one write. It does not flush.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_value(&mut self, value: &Value) -> Result<()> {
        self.buffer.clear();
        self.session.encode_value(value, &mut self.buffer)?;
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        self.writer.write_all(&self.buffer)?;
        let used = self.buffer.len();
        self.room.tidy(&mut self.buffer, used);
        Ok(())
    }

    /// The writer.
    pub fn get_ref(&self) -> &W {
        &self.writer
    }

    /// The writer, which has received all that was encoded.
    pub fn into_inner(self) -> W {
        self.writer
    }
}
