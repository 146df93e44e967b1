//! Reading a value by its Go type: what does not come is zero, `null` leaves the zero, unknown members are read over.

use std::borrow::Cow;

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::dynamic;
use crate::gob::de::octets::Octets;
use crate::gob::de::parts::Items as KeysOnly;
use crate::gob::de::value::constant;
use crate::gob::de::zero::Zero;
use crate::gob::ty::{Kind, Type};
use crate::gob::value::handoff;
use crate::gob::{Error, ErrorKind, Limits, Result, Value};
use crate::rpc::payload::Decode;

/// A format that is read. What it gives was looked through before and is whole.
pub(in crate::rpc::codec) trait Source<'i>: Sized {
    /// What errors begin with.
    const NAME: &'static str;
    /// Whether types that encode themselves do so in their readable form. If not, they give their bytes.
    const READABLE: bool;
    /// Whether keys of maps are strings, whatever their type.
    const TEXT_KEYS: bool;

    /// Takes the next value; of an array or a map only its beginning.
    fn token(&mut self) -> Result<Token<'i>>;
    /// Whether another item follows, or the end, which is taken.
    fn more(&mut self, items: &mut Items) -> Result<bool>;
    /// Goes from a key to its value.
    fn colon(&mut self) -> Result<()>;
    /// Takes a nil, if that is next.
    fn take_nil(&mut self) -> bool;
    /// Takes a value as it stands.
    fn raw(&mut self) -> Result<&'i [u8]>;
    /// The bytes that a string stands for.
    fn bytes(text: Cow<'i, [u8]>) -> Result<Cow<'i, [u8]>>;
    /// Reads the readable form of a type that encodes itself.
    fn readable(raw: &'i [u8]) -> impl Deserializer<'i, Error = Error>;
    /// A source of the number that a key is.
    fn number(text: &'i [u8]) -> Self;
    fn position(&self) -> usize;
    fn seek(&mut self, position: usize);
}

/// A value, or the beginning of one.
#[derive(Debug)]
pub(in crate::rpc::codec) enum Token<'i> {
    Nil,
    Bool(bool),
    Number(Number<'i>),
    Text(Cow<'i, [u8]>),
    Bytes(&'i [u8]),
    Array(Items),
    Map(Items),
}

impl Token<'_> {
    /// What Go calls it.
    pub(in crate::rpc::codec) fn describe(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Nil => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Array(_) => "array",
            Self::Map(_) => "object",
        })
    }
}

/// What is left of an array or a map, for a format that says so, and whether anything came.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::rpc::codec) struct Items {
    pub(in crate::rpc::codec) begun: bool,
    pub(in crate::rpc::codec) left: usize,
}

#[derive(Debug)]
pub(in crate::rpc::codec) enum Number<'i> {
    Digits(&'i str),
    Int(i64),
    Uint(u64),
    Float(f64),
}

impl Number<'_> {
    fn to_i64(&self) -> Option<i64> {
        match *self {
            Self::Digits(digits) => digits.parse().ok(),
            Self::Int(value) => Some(value),
            Self::Uint(value) => value.try_into().ok(),
            Self::Float(_) => None,
        }
    }

    fn to_u64(&self) -> Option<u64> {
        match *self {
            Self::Digits(digits) => digits.parse().ok(),
            Self::Int(value) => value.try_into().ok(),
            Self::Uint(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    fn to_f64(&self, kind: Kind) -> Option<f64> {
        let value: f64 = match *self {
            // Rounded once: to the width that is wanted.
            Self::Digits(digits) if kind == Kind::Float32 => digits.parse::<f32>().ok()?.into(),
            Self::Digits(digits) => digits.parse().ok()?,
            Self::Int(value) => return Some(value as f64),
            Self::Uint(value) => return Some(value as f64),
            Self::Float(value) if kind == Kind::Float32 && value.is_finite() && !(value as f32).is_finite() => {
                return None;
            }
            Self::Float(value) => return Some(value),
        };
        value.is_finite().then_some(value)
    }

    /// As what it goes into an `interface{}`.
    pub(in crate::rpc::codec) fn to_value(&self) -> Option<Value> {
        match *self {
            Self::Digits(_) => self.to_f64(Kind::Float64).map(Value::Float),
            Self::Int(value) => Some(Value::Int(value)),
            Self::Uint(value) => Some(Value::Uint(value)),
            Self::Float(value) => Some(Value::Float(value)),
        }
    }

    /// What Go calls it where the number itself is the matter.
    pub(in crate::rpc::codec) fn describe(&self) -> String {
        match self {
            Self::Digits(digits) => format!("number {digits}"),
            Self::Int(value) => format!("number {value}"),
            Self::Uint(value) => format!("number {value}"),
            Self::Float(value) => format!("number {value}"),
        }
    }
}

/// Decodes a body.
pub(in crate::rpc::codec) fn read<'i, S: Source<'i>>(
    source: S,
    limits: Limits,
    ty: &'static Type,
    decode: &mut Decode<'_>,
) -> Result<()> {
    let start = source.position();
    let mut reader =
        Reader { source, fields: Vec::new(), left: limits.depth, depth: limits.depth, repeated: false, careful: false };
    loop {
        let result = read_once(&mut reader, ty, decode);
        if !reader.repeated || reader.careful {
            return result;
        }
        // A member that came twice has been handed over already, so all begins anew.
        reader.careful = true;
        reader.left = reader.depth;
        reader.fields.clear();
        reader.source.seek(start);
    }
}

fn read_once<'i, S: Source<'i>>(reader: &mut Reader<S>, ty: &'static Type, decode: &mut Decode<'_>) -> Result<()> {
    let result = if ty.base().kind == Kind::Opaque && reader.source.take_nil() {
        zero(ty, decode)
    } else if S::READABLE && ty.kind == Kind::Opaque {
        let raw = reader.source.raw()?;
        decode(&mut <dyn erased_serde::Deserializer<'_>>::erase(S::readable(raw)))
    } else {
        decode(&mut <dyn erased_serde::Deserializer<'_>>::erase(TypedDeserializer { reader, ty }))
    };
    result.map_err(serde::de::Error::custom)
}

/// Decodes the zero of a type.
pub(in crate::rpc::codec) fn zero(ty: &'static Type, decode: &mut Decode<'_>) -> Result<(), erased_serde::Error> {
    decode(&mut <dyn erased_serde::Deserializer<'_>>::erase(Zero::new(ty)))
}

/// Where values come from, and where in the value we are.
pub(super) struct Reader<S> {
    pub(super) source: S,
    /// The fields around, outermost first, each with its struct.
    fields: Vec<(&'static Type, &'static str)>,
    left: usize,
    depth: usize,
    /// Whether a member has come twice.
    repeated: bool,
    /// Whether to look at all members of a struct before the first is handed over.
    careful: bool,
}

impl<S> Reader<S> {
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.left = self.left.checked_sub(1).ok_or(ErrorKind::TooDeep(self.depth))?;
        let value = read(self)?;
        self.left += 1;
        Ok(value)
    }
}

impl<'i, S: Source<'i>> Reader<S> {
    /// Go's `UnmarshalTypeError`.
    #[cold]
    pub(super) fn mismatch(&self, found: &str, ty: &Type) -> Error {
        let place = match self.fields.last() {
            Some((structure, _)) => {
                let path: Vec<_> = self.fields.iter().map(|(_, key)| *key).collect();
                format!("struct field {}.{}", structure.identifier(), path.join("."))
            }
            None => "value".to_owned(),
        };
        serde::de::Error::custom(format_args!("{}: cannot unmarshal {found} into Go {place} of type {ty}", S::NAME))
    }

    fn seed<T: DeserializeSeed<'i>>(&mut self, ty: &'static Type, seed: T) -> Result<T::Value> {
        if S::READABLE && ty.kind == Kind::Opaque {
            if self.source.take_nil() {
                return seed.deserialize(Zero::new(ty));
            }
            let raw = self.source.raw()?;
            return seed.deserialize(S::readable(raw));
        }
        seed.deserialize(TypedDeserializer { reader: self, ty })
    }

    fn skip(&mut self) -> Result<()> {
        self.source.raw().map(drop)
    }

    fn int(&mut self, ty: &Type) -> Result<i64> {
        let (min, max) = ty.kind.int_range().unwrap_or((0, 0));
        self.number(ty, |number| number.to_i64().filter(|value| (min..=max).contains(value)))
    }

    fn uint(&mut self, ty: &Type) -> Result<u64> {
        let max = ty.kind.uint_max().unwrap_or(0);
        self.number(ty, |number| number.to_u64().filter(|value| *value <= max))
    }

    fn number<T>(&mut self, ty: &Type, value: impl FnOnce(&Number<'_>) -> Option<T>) -> Result<T> {
        match self.source.token()? {
            Token::Number(number) => value(&number).ok_or_else(|| self.mismatch(&number.describe(), ty)),
            other => Err(self.mismatch(&other.describe(), ty)),
        }
    }

    fn text(&mut self, ty: &Type) -> Result<Cow<'i, [u8]>> {
        match self.source.token()? {
            Token::Text(text) => Ok(text),
            // Some formats have but one kind of bytes.
            Token::Bytes(bytes) if !S::READABLE => Ok(bytes.into()),
            other => Err(self.mismatch(&other.describe(), ty)),
        }
    }

    fn items(&mut self, ty: &Type) -> Result<Items> {
        match self.source.token()? {
            Token::Array(items) => Ok(items),
            other => Err(self.mismatch(&other.describe(), ty)),
        }
    }

    fn members(&mut self, ty: &Type) -> Result<Items> {
        match self.source.token()? {
            Token::Map(items) => Ok(items),
            other => Err(self.mismatch(&other.describe(), ty)),
        }
    }

    /// Takes the name of a member and gives the field it is for.
    fn field(&mut self, ty: &'static Type) -> Result<Option<usize>> {
        let name = self.text(const { &Type::basic(Kind::String) })?;
        self.source.colon()?;
        Ok(find(ty, &name))
    }
}

/// The field a member goes to: by the key it has in serde, by its Go name, or by either without regard to case.
fn find(ty: &Type, name: &[u8]) -> Option<usize> {
    let fields = ty.fields();
    let exact = fields.iter().position(|field| field.key.as_bytes() == name);
    let exact = exact.or_else(|| fields.iter().position(|field| field.name.as_bytes() == name));
    exact.or_else(|| {
        let name = std::str::from_utf8(name).ok()?;
        fields.iter().position(|field| same_fold(field.key, name) || same_fold(field.name, name))
    })
}

/// Whether two names are the same but for the case of their letters.
pub(in crate::rpc::codec) fn same_fold(a: &str, b: &str) -> bool {
    let fold = |text: &str| text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect::<String>();
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { fold(a) == fold(b) }
}

struct TypedDeserializer<'a, S> {
    reader: &'a mut Reader<S>,
    ty: &'static Type,
}

impl<'i, S: Source<'i>> TypedDeserializer<'_, S> {
    fn visit_text<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        match utf8(self.reader.text(self.ty)?)? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn visit_map<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let (Some(key), Some(elem)) = (ty.key(), ty.elem()) else { return Err(reader.mismatch("object", ty)) };
        let items = reader.members(ty)?;
        let is_text = matches!(key.kind, Kind::String | Kind::Opaque);
        if S::TEXT_KEYS && !is_text && key.kind.int_range().is_none() && key.kind.uint_max().is_none() {
            return Err(reader.mismatch("object", ty));
        }
        reader.deeper(|reader| {
            let mut entries = Entries { reader, key, elem, items, ended: false };
            let value = visitor.visit_map(&mut entries)?;
            while entries.next()? {
                entries.reader.skip()?;
                entries.reader.source.colon()?;
                entries.reader.skip()?;
            }
            Ok(value)
        })
    }

    fn visit_list<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let Some(elem) = ty.elem() else { return Err(reader.mismatch("array", ty)) };
        let items = reader.items(ty)?;
        reader.deeper(|reader| {
            let mut elements = Elements { reader, elem, items, fixed: ty.array_len(), ended: false };
            let value = visitor.visit_seq(&mut elements)?;
            while elements.next()? {
                elements.reader.skip()?;
            }
            Ok(value)
        })
    }

    fn visit_bytes<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        match self.bytes()? {
            Cow::Borrowed(bytes) => visitor.visit_borrowed_bytes(bytes),
            Cow::Owned(bytes) => visitor.visit_byte_buf(bytes),
        }
    }

    /// A `[]byte`, which may come as an array too.
    fn bytes(&mut self) -> Result<Cow<'i, [u8]>> {
        let reader = &mut *self.reader;
        match reader.source.token()? {
            Token::Text(text) => S::bytes(text),
            Token::Bytes(bytes) => Ok(bytes.into()),
            Token::Array(mut items) => {
                let mut bytes = Vec::new();
                while reader.source.more(&mut items)? {
                    let item = reader.source.take_nil();
                    bytes.push(if item { 0 } else { reader.uint(const { &Type::basic(Kind::Uint8) })? as u8 });
                }
                Ok(bytes.into())
            }
            other => Err(reader.mismatch(&other.describe(), self.ty)),
        }
    }

    fn visit_struct<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let Self { reader, ty } = self;
        let items = reader.members(ty)?;
        reader.deeper(|reader| {
            let mut fields = Fields::new(reader, ty, items)?;
            let value = visitor.visit_map(&mut fields)?;
            fields.finish()?;
            Ok(value)
        })
    }
}

fn utf8(text: Cow<'_, [u8]>) -> Result<Cow<'_, str>> {
    match text {
        Cow::Borrowed(text) => std::str::from_utf8(text).map(Cow::Borrowed).ok(),
        Cow::Owned(text) => String::from_utf8(text).map(Cow::Owned).ok(),
    }
    .ok_or_else(|| ErrorKind::NotUtf8.into())
}

impl<'i, S: Source<'i>> Deserializer<'i> for TypedDeserializer<'_, S> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        S::READABLE
    }

    fn deserialize_any<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_any(visitor);
        }
        self.ty = self.ty.base();
        let ty = self.ty;
        match ty.kind {
            Kind::Bool => match self.reader.source.token()? {
                Token::Bool(value) => visitor.visit_bool(value),
                other => Err(self.reader.mismatch(&other.describe(), ty)),
            },
            Kind::Float32 | Kind::Float64 => {
                visitor.visit_f64(self.reader.number(ty, |number| number.to_f64(ty.kind))?)
            }
            Kind::String => self.visit_text(visitor),
            Kind::Bytes => self.visit_bytes(visitor),
            Kind::Slice | Kind::Array => self.visit_list(visitor),
            Kind::Map => self.visit_map(visitor),
            Kind::Struct => self.visit_struct(visitor),
            Kind::Opaque => self.visit_bytes(visitor),
            // Nothing says which of its types it would be.
            Kind::Complex64 | Kind::Complex128 | Kind::Interface | Kind::Pointer => {
                let found = match self.reader.source.token()? {
                    Token::Number(number) if ty.kind != Kind::Interface => number.describe().into(),
                    other => other.describe(),
                };
                Err(self.reader.mismatch(&found, ty))
            }
            kind if kind.int_range().is_some() => visitor.visit_i64(self.reader.int(ty)?),
            _ => visitor.visit_u64(self.reader.uint(ty)?),
        }
    }

    fn deserialize_option<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return visitor.visit_none();
        }
        let ty = match self.ty.kind {
            Kind::Pointer => self.ty.elem().unwrap_or(self.ty),
            _ => self.ty,
        };
        if S::READABLE && ty.kind == Kind::Opaque {
            return visitor.visit_some(S::readable(self.reader.source.raw()?));
        }
        visitor.visit_some(TypedDeserializer { reader: self.reader, ty })
    }

    fn deserialize_enum<V: Visitor<'i>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_enum(name, variants, visitor);
        }
        let ty = self.ty.base();
        let key = match ty.kind {
            Kind::String => {
                let text = utf8(self.reader.text(ty)?)?;
                let key = ty.constants().iter().map(|constant| constant.key).find(|key| *key == text);
                key.ok_or_else(|| ErrorKind::UnknownConstant { value: format!("{text:?}"), ty: ty.to_string() })?
            }
            kind if kind.int_range().is_some() => constant(ty, self.reader.int(ty)?)?,
            // Constants are kept as `i64`, in which large unsigned ones wrap.
            kind if kind.uint_max().is_some() => constant(ty, self.reader.uint(ty)? as i64)?,
            _ => return self.deserialize_any(visitor),
        };
        visitor.visit_enum(IntoDeserializer::<Error>::into_deserializer(key))
    }

    fn deserialize_char<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        let ty = self.ty.base();
        if ty.kind != Kind::Int32 {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return visitor.visit_char('\0');
        }
        let value = self.reader.number(ty, |number| char::from_u32(number.to_u64()?.try_into().ok()?))?;
        visitor.visit_char(value)
    }

    fn deserialize_str<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        // A type that encodes itself as text, or a declared type of bytes with a readable form: `net.IP`.
        let readable = S::READABLE && self.ty.base().kind == Kind::Bytes;
        if self.ty.base().kind != Kind::Opaque && !readable {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_str(visitor);
        }
        if readable {
            return self.visit_text(visitor);
        }
        match utf8(self.bytes()?)? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    // A Go string is bytes, and whoever asks for bytes gets it as it came.
    fn deserialize_bytes<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if self.ty.base().kind != Kind::String {
            return self.deserialize_any(visitor);
        }
        if self.reader.source.take_nil() {
            return visitor.visit_borrowed_bytes(&[]);
        }
        match self.reader.text(self.ty.base())? {
            Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text),
            Cow::Owned(text) => visitor.visit_byte_buf(text),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'i>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name != handoff::NAME {
            return visitor.visit_newtype_struct(self);
        }
        if !self.ty.base().is_any() {
            return self.deserialize_any(visitor);
        }
        handoff::give(dynamic::read(self.reader)?, visitor)
    }

    fn deserialize_unit<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        if !self.reader.source.take_nil() {
            let ty = self.ty.base();
            let items = self.reader.members(ty)?;
            self.reader.deeper(|reader| Fields::new(reader, const { &Type::structure(&[]) }, items)?.finish())?;
        }
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'i>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_seq<V: Visitor<'i>>(mut self, visitor: V) -> Result<V::Value> {
        if self.reader.source.take_nil() {
            return Zero::new(self.ty).deserialize_seq(visitor);
        }
        self.ty = self.ty.base();
        match (self.ty.kind, self.ty.elem()) {
            (Kind::Bytes, None) => {
                let bytes = self.bytes()?;
                visitor.visit_seq(SeqDeserializer::<_, Error>::new(bytes.iter().copied()))
            }
            (Kind::Bytes, Some(item)) => {
                let bytes = self.bytes()?;
                visitor.visit_seq(Octets { bytes: bytes.iter(), done: 0, item })
            }
            // A set is a map of its items to nothing (G108).
            (Kind::Map, _) => self.visit_map(KeysOnly(visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'i>>(self, visitor: V) -> Result<V::Value> {
        self.reader.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'i>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64
        tuple tuple_struct map struct identifier
    }
}

/// The elements of a slice or an array. What an array lacks is zero, and what it has too much is read over.
struct Elements<'a, S> {
    reader: &'a mut Reader<S>,
    elem: &'static Type,
    items: Items,
    /// How many an array still wants.
    fixed: Option<usize>,
    ended: bool,
}

impl<'i, S: Source<'i>> Elements<'_, S> {
    fn next(&mut self) -> Result<bool> {
        self.ended = self.ended || !self.reader.source.more(&mut self.items)?;
        Ok(!self.ended)
    }
}

impl<'i, S: Source<'i>> SeqAccess<'i> for &mut Elements<'_, S> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'i>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.fixed == Some(0) {
            return Ok(None);
        }
        let came = self.next()?;
        if let Some(fixed) = &mut self.fixed {
            *fixed -= 1;
            if !came {
                return seed.deserialize(Zero::new(self.elem)).map(Some);
            }
        }
        if came { self.reader.seed(self.elem, seed).map(Some) } else { Ok(None) }
    }
}

/// The entries of a map.
struct Entries<'a, S> {
    reader: &'a mut Reader<S>,
    key: &'static Type,
    elem: &'static Type,
    items: Items,
    ended: bool,
}

impl<'i, S: Source<'i>> Entries<'_, S> {
    fn next(&mut self) -> Result<bool> {
        self.ended = self.ended || !self.reader.source.more(&mut self.items)?;
        Ok(!self.ended)
    }
}

impl<'i, S: Source<'i>> MapAccess<'i> for &mut Entries<'_, S> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'i>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.next()? {
            return Ok(None);
        }
        let reader = &mut *self.reader;
        if !S::TEXT_KEYS || matches!(self.key.kind, Kind::String | Kind::Opaque) {
            return reader.seed(self.key, seed).map(Some);
        }
        let raw = reader.source.raw()?;
        // Between the quotes.
        let text = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let after = std::mem::replace(&mut reader.source, S::number(text));
        let key = reader.seed(self.key, seed);
        reader.source = after;
        key.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'i>>(&mut self, seed: V) -> Result<V::Value> {
        self.reader.source.colon()?;
        self.reader.seed(self.elem, seed)
    }
}

/// The members of a struct, then the zeros of the fields that did not come.
struct Fields<'a, S> {
    reader: &'a mut Reader<S>,
    ty: &'static Type,
    items: Items,
    ended: bool,
    came: Vec<bool>,
    /// The field whose value is next, and whether it came.
    next: Option<(usize, bool)>,
    /// The next field to look at for absence.
    absent: usize,
    /// The fields in the order of their values, each at its last place, and where the struct ends; when members are
    /// known to come twice.
    places: Option<(std::vec::IntoIter<(usize, usize)>, usize)>,
}

impl<'a, 'i, S: Source<'i>> Fields<'a, S> {
    fn new(reader: &'a mut Reader<S>, ty: &'static Type, items: Items) -> Result<Self> {
        let came = vec![false; ty.fields().len()];
        let mut fields = Self { reader, ty, items, ended: false, came, next: None, absent: 0, places: None };
        if fields.reader.careful {
            fields.look_through()?;
        }
        Ok(fields)
    }

    /// Finds the last place of each field. A nil changes nothing, so it does not count.
    fn look_through(&mut self) -> Result<()> {
        let mut last = vec![None; self.came.len()];
        while let Some(field) = self.member()? {
            last[field] = Some(self.reader.source.position());
            self.reader.skip()?;
        }
        let mut places: Vec<_> = last.iter().enumerate().filter_map(|(field, at)| Some((field, (*at)?))).collect();
        places.sort_by_key(|(_, at)| *at);
        self.places = Some((places.into_iter(), self.reader.source.position()));
        Ok(())
    }

    /// The field of the next member that has one, and a value.
    fn member(&mut self) -> Result<Option<usize>> {
        while !self.ended {
            if !self.reader.source.more(&mut self.items)? {
                self.ended = true;
                break;
            }
            match self.reader.field(self.ty)? {
                Some(field) if !self.reader.source.take_nil() => return Ok(Some(field)),
                Some(_) => {}
                None => self.reader.skip()?,
            }
        }
        Ok(None)
    }

    fn received(&mut self) -> Result<Option<usize>> {
        if let Some((places, _)) = &mut self.places {
            let next = places.next();
            if let Some((_, at)) = next {
                self.reader.source.seek(at);
            }
            return Ok(next.map(|(field, _)| field));
        }
        let field = self.member()?;
        if field.is_some_and(|field| self.came[field]) {
            self.reader.repeated = true;
            return Err(serde::de::Error::custom("a member that came twice"));
        }
        Ok(field)
    }

    /// Reads to the end of the struct.
    fn finish(mut self) -> Result<()> {
        if let Some((_, end)) = self.places {
            self.reader.source.seek(end);
            return Ok(());
        }
        while self.member()?.is_some() {
            self.reader.skip()?;
        }
        Ok(())
    }
}

impl<'i, S: Source<'i>> MapAccess<'i> for &mut Fields<'_, S> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'i>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let fields = self.ty.fields();
        let next = match self.received()? {
            Some(field) => {
                self.came[field] = true;
                Some((field, true))
            }
            None => {
                // A field with a default of its own is left to serde.
                let absent = (self.absent..fields.len()).find(|&at| !self.came[at] && !fields[at].has_default);
                self.absent = absent.map_or(fields.len(), |field| field + 1);
                absent.map(|field| (field, false))
            }
        };
        self.next = next;
        next.map(|(field, _)| seed.deserialize(fields[field].key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'i>>(&mut self, seed: V) -> Result<V::Value> {
        match self.next.take() {
            Some((field, true)) => {
                let field = &self.ty.fields()[field];
                self.reader.fields.push((self.ty, field.key));
                let value = self.reader.seed(field.ty(), seed)?;
                self.reader.fields.pop();
                Ok(value)
            }
            Some((field, false)) => seed.deserialize(Zero::new(self.ty.fields()[field].ty())),
            None => Err(serde::de::Error::custom("a value was asked for without its key")),
        }
    }
}
