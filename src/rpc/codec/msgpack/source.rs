//! Reading MessagePack that the scanner has looked through.

use std::borrow::Cow;

use rmp::Marker;
use serde::de::Deserializer;

use super::scan::{Head, Rest, Scanner, head};
use crate::gob::de::zero::Zero;
use crate::gob::{Error, Result};
use crate::rpc::codec::typed::de::{Items, Number, Source, Token, cut};

pub(super) struct MsgpackSource<'i> {
    value: &'i [u8],
    at: usize,
}

impl<'i> MsgpackSource<'i> {
    pub(super) const fn new(value: &'i [u8]) -> Self {
        Self { value, at: 0 }
    }

    fn take(&mut self, len: usize) -> Result<&'i [u8]> {
        let bytes = self.at.checked_add(len).and_then(|end| self.value.get(self.at..end)).ok_or_else(cut)?;
        self.at += len;
        Ok(bytes)
    }

    fn rest(&self) -> &'i [u8] {
        self.value.get(self.at..).unwrap_or_default()
    }
}

/// A number or a word, given with its marker.
fn scalar<'i>(bytes: &[u8]) -> Result<Token<'i>> {
    let unsigned = |bytes: &[u8]| bytes.iter().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
    let (first, rest) = bytes.split_first().ok_or_else(cut)?;
    let value = unsigned(rest);
    Ok(match Marker::from_u8(*first) {
        Marker::Null => Token::Nil,
        Marker::True => Token::Bool(true),
        Marker::False => Token::Bool(false),
        Marker::FixPos(value) => Token::Number(Number::Int(value.into())),
        Marker::FixNeg(value) => Token::Number(Number::Int(value.into())),
        Marker::I8 => Token::Number(Number::Int((value as i8).into())),
        Marker::I16 => Token::Number(Number::Int((value as i16).into())),
        Marker::I32 => Token::Number(Number::Int((value as i32).into())),
        Marker::I64 => Token::Number(Number::Int(value as i64)),
        Marker::F32 => Token::Number(Number::Float(f32::from_bits(value as u32).into())),
        Marker::F64 => Token::Number(Number::Float(f64::from_bits(value))),
        _ => Token::Number(Number::Uint(value)),
    })
}

impl<'i> Source<'i> for MsgpackSource<'i> {
    const NAME: &'static str = "msgpack";
    const READABLE: bool = false;
    const TEXT_KEYS: bool = false;

    fn token(&mut self) -> Result<Token<'i>> {
        let Head { len, rest } = head(self.rest())?.ok_or_else(cut)?;
        let head = self.take(len)?;
        Ok(match rest {
            Rest::Nothing => scalar(head)?,
            Rest::Text(len) => Token::Text(self.take(len)?.into()),
            Rest::Bytes(len) => Token::Bytes(self.take(len)?),
            Rest::Array(len) => Token::Array(Items::counted(len)),
            Rest::Map(len) => Token::Map(Items::counted(len)),
            Rest::Extension(_) => return Err(serde::de::Error::custom("msgpack: an extension is not understood")),
        })
    }

    fn more(&mut self, items: &mut Items) -> Result<bool> {
        let more = items.left > 0;
        items.left = items.left.saturating_sub(1);
        Ok(more)
    }

    fn colon(&mut self) -> Result<()> {
        Ok(())
    }

    fn take_nil(&mut self) -> bool {
        let found = self.rest().first() == Some(&Marker::Null.to_u8());
        self.at += usize::from(found);
        found
    }

    fn raw(&mut self) -> Result<&'i [u8]> {
        let len = Scanner::default().scan(self.rest())?.ok_or_else(cut)?;
        self.take(len)
    }

    fn bytes(text: Cow<'i, [u8]>) -> Result<Cow<'i, [u8]>> {
        Ok(text)
    }

    fn readable(_raw: &'i [u8]) -> impl Deserializer<'i, Error = Error> {
        // Never asked for.
        Zero::new(const { &crate::gob::ty::Type::structure(&[]) })
    }

    fn number(text: &'i [u8]) -> Self {
        Self::new(text)
    }

    fn position(&self) -> usize {
        self.at
    }

    fn seek(&mut self, position: usize) {
        self.at = position;
    }
}
