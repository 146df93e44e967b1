//! Reading JSON that the scanner has looked through.

use std::borrow::Cow;

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::text;
use crate::gob::{Error, ErrorKind, Result};
use crate::rpc::codec::typed::de::{Items, Number, Source, Token, cut};

#[derive(Debug, Clone)]
pub(super) struct JsonSource<'i> {
    json: &'i [u8],
    at: usize,
    /// Whether it is a number as the key of a map.
    is_key: bool,
}

impl<'i> JsonSource<'i> {
    pub(super) const fn new(json: &'i [u8]) -> Self {
        Self { json, at: 0, is_key: false }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.json.get(self.at) {
            self.at += 1;
        }
        self.json.get(self.at).copied()
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.json[self.at..].starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    /// Takes a string and gives what is between its quotes.
    fn take_string(&mut self) -> Result<&'i [u8]> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            match self.json.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return Err(cut()),
            }
        }
        self.at = at + 1;
        Ok(&self.json[start..at])
    }

    fn take_number(&mut self) -> Result<&'i str> {
        let rest = &self.json[self.at..];
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let len = if self.is_key { rest.len() } else { rest.iter().take_while(|byte| is_digit(byte)).count() };
        self.at += len;
        std::str::from_utf8(&rest[..len]).map_err(|_| ErrorKind::NotUtf8.into())
    }
}

impl<'i> Source<'i> for JsonSource<'i> {
    const NAME: &'static str = "json";
    const READABLE: bool = true;
    const TEXT_KEYS: bool = true;

    fn token(&mut self) -> Result<Token<'i>> {
        if self.is_key {
            return self.take_number().map(|digits| Token::Number(Number::Digits(digits)));
        }
        Ok(match self.peek() {
            Some(b'"') => Token::Text(text::unescape(self.take_string()?)),
            Some(b'{') => {
                self.at += 1;
                Token::Map(Items::default())
            }
            Some(b'[') => {
                self.at += 1;
                Token::Array(Items::default())
            }
            Some(b'-' | b'0'..=b'9') => Token::Number(Number::Digits(self.take_number()?)),
            Some(b't') if self.take_word("true") => Token::Bool(true),
            Some(b'f') if self.take_word("false") => Token::Bool(false),
            Some(b'n') if self.take_word("null") => Token::Nil,
            _ => return Err(cut()),
        })
    }

    fn more(&mut self, items: &mut Items) -> Result<bool> {
        let begun = std::mem::replace(&mut items.begun, true);
        match self.peek() {
            Some(b']' | b'}') => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if begun => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Ok(true),
            None => Err(cut()),
        }
    }

    fn colon(&mut self) -> Result<()> {
        if self.peek() != Some(b':') {
            return Err(cut());
        }
        self.at += 1;
        Ok(())
    }

    fn take_nil(&mut self) -> bool {
        !self.is_key && self.peek() == Some(b'n') && self.take_word("null")
    }

    fn raw(&mut self) -> Result<&'i [u8]> {
        self.peek();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                Some(b'"') => drop(self.take_string()?),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth = depth.checked_sub(1).ok_or_else(cut)?;
                    self.at += 1;
                }
                Some(b',' | b':') if depth > 0 => self.at += 1,
                Some(_) => {
                    let rest = &self.json[self.at..];
                    let is_end = |byte: &u8| matches!(byte, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
                    let len = rest.iter().position(is_end).unwrap_or(rest.len());
                    if len == 0 {
                        return Err(cut());
                    }
                    self.at += len;
                }
                None => return Err(cut()),
            }
            if depth == 0 {
                return Ok(&self.json[start..self.at]);
            }
        }
    }

    fn bytes(text: Cow<'i, [u8]>) -> Result<Cow<'i, [u8]>> {
        text::base64(&text)
    }

    fn readable(raw: &'i [u8]) -> impl Deserializer<'i, Error = Error> {
        Readable(raw)
    }

    fn number(text: &'i [u8]) -> Self {
        Self { json: text, at: 0, is_key: true }
    }

    fn position(&self) -> usize {
        self.at
    }

    fn seek(&mut self, position: usize) {
        self.at = position;
    }
}

/// The readable form of a type that encodes itself. Bytes are in base64.
struct Readable<'i>(&'i [u8]);

impl<'i> Readable<'i> {
    fn json(&self) -> serde_json::Deserializer<serde_json::de::SliceRead<'i>> {
        serde_json::Deserializer::from_slice(self.0)
    }
}

fn custom(error: serde_json::Error) -> Error {
    serde::de::Error::custom(error)
}

impl<'i> Deserializer<'i> for Readable<'i> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let digits = self.0.strip_prefix(b"-").unwrap_or(self.0);
        // serde_json would make a float of an integer that needs more than 64 bits.
        if digits.len() > 18 && digits.iter().all(u8::is_ascii_digit) {
            let text = std::str::from_utf8(self.0).map_err(<Error as serde::de::Error>::custom)?;
            return match (text.parse::<u64>(), text.parse::<i64>(), text.parse::<i128>()) {
                (Ok(value), ..) => visitor.visit_u64(value),
                (_, Ok(value), _) => visitor.visit_i64(value),
                (.., Ok(value)) => visitor.visit_i128(value),
                _ => visitor.visit_borrowed_str(text),
            };
        }
        self.json().deserialize_any(visitor).map_err(custom)
    }

    fn deserialize_f64<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.json().deserialize_f64(visitor).map_err(custom)
    }

    fn deserialize_f32<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_bytes<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.0.first() != Some(&b'"') {
            return self.deserialize_any(visitor);
        }
        let text = JsonSource::new(self.0).take_string()?;
        visitor.visit_byte_buf(text::base64(&text::unescape(text))?.into_owned())
    }

    fn deserialize_byte_buf<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.0 == b"null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'i>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'i>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.json().deserialize_enum(name, variants, visitor).map_err(custom)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'i>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
