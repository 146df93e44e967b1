//! Writing MessagePack as `go-msgpack` does.

use rmp::Marker;
use rmp::encode::{
    write_array_len, write_bool, write_f32, write_f64, write_i8, write_i16, write_i32, write_i64, write_map_len,
    write_nfix, write_nil, write_pfix, write_uint,
};

use crate::gob::ty::{Kind, Type};
use crate::gob::{Error, Result};
use crate::rpc::codec::typed::ser::{Container, Entry, Sink, sort};

pub(super) struct MsgpackSink<'o>(pub(super) &'o mut Vec<u8>);

impl MsgpackSink<'_> {
    /// Go's strings and bytes have one format, that of strings before there was another.
    fn raw(&mut self, bytes: &[u8]) {
        let len = bytes.len();
        match u16::try_from(len) {
            Ok(len @ 0..32) => self.0.push(Marker::FixStr(len as u8).to_u8()),
            Ok(len) => {
                self.0.push(Marker::Str16.to_u8());
                self.0.extend_from_slice(&len.to_be_bytes());
            }
            Err(_) => {
                self.0.push(Marker::Str32.to_u8());
                self.0.extend_from_slice(&(len as u32).to_be_bytes());
            }
        }
        self.0.extend_from_slice(bytes);
    }

    fn length(&mut self, kind: Container, len: usize) {
        let len = len as u32;
        // Writing to a vector cannot fail, here and below.
        let _ = match kind {
            Container::Array => write_array_len(self.0, len),
            Container::Map | Container::Struct => write_map_len(self.0, len),
        };
    }
}

impl Sink for MsgpackSink<'_> {
    const READABLE: bool = false;

    fn position(&self) -> usize {
        self.0.len()
    }

    fn nil(&mut self) {
        let _ = write_nil(self.0);
    }

    fn bool(&mut self, value: bool) {
        let _ = write_bool(self.0, value);
    }

    /// A signed integer has a signed format, the shortest, but for small ones.
    fn int(&mut self, value: i64) {
        let out = &mut *self.0;
        let _ = match value {
            0..=127 => write_pfix(out, value as u8).map_err(drop),
            -32..=-1 => write_nfix(out, value as i8).map_err(drop),
            -128..=-33 => write_i8(out, value as i8).map_err(drop),
            -0x8000..=0x7fff => write_i16(out, value as i16).map_err(drop),
            -0x8000_0000..=0x7fff_ffff => write_i32(out, value as i32).map_err(drop),
            _ => write_i64(out, value).map_err(drop),
        };
    }

    fn uint(&mut self, value: u64) {
        let _ = write_uint(self.0, value);
    }

    fn float(&mut self, value: f64, kind: Kind) -> Result<()> {
        let _ = match kind {
            Kind::Float32 => write_f32(self.0, value as f32),
            _ => write_f64(self.0, value),
        };
        Ok(())
    }

    fn text(&mut self, text: &[u8]) {
        self.raw(text);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.raw(bytes);
    }

    fn readable(&mut self, _value: &dyn erased_serde::Serialize) -> Result<()> {
        Err(serde::ser::Error::custom("msgpack: there is no readable form"))
    }

    fn takes_key(&self, _key: &Type) -> bool {
        true
    }

    fn unsupported(&self, ty: &Type) -> Error {
        serde::ser::Error::custom(format_args!("msgpack encode error: unsupported kind {ty}"))
    }

    fn begin(&mut self, kind: Container, len: Option<usize>) {
        self.length(kind, len.unwrap_or(0));
    }

    fn separate(&mut self) {}

    fn key_end(&mut self, _start: usize, _key: &Type) -> Result<()> {
        Ok(())
    }

    fn end(&mut self, kind: Container, start: usize, len: Option<usize>, count: usize, entries: &mut [Entry]) {
        if kind == Container::Struct {
            // Shorter names have shorter heads, so it is the names that are compared and not the bytes.
            sort(self.0, entries, b"", |key| key.get(head_len(key)..).unwrap_or_default().to_vec());
        }
        if len.unwrap_or(0) != count {
            let body = self.0.split_off(start);
            let head = head_len(&body);
            self.length(kind, count);
            self.0.extend_from_slice(&body[head..]);
        }
    }
}

fn head_len(value: &[u8]) -> usize {
    super::scan::head(value).ok().flatten().map_or(0, |head| head.len)
}
