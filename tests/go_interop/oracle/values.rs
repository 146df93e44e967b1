//! Values of the made-up types, and their notation.

use serde_json::{Value as Json, json};

use super::types::{Ty, Types};
use crate::hex::to_hex;
use crate::predeclared::PREDECLARED;

/// A Go value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Val {
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// By its bits.
    Float(u64),
    Complex(u64, u64),
    String(Vec<u8>),
    Bytes(Option<Vec<u8>>),
    Slice(Option<Vec<Self>>),
    Array(Vec<Self>),
    Map(Option<Vec<(Self, Self)>>),
    Struct(Vec<Self>),
    Pointer(Option<Box<Self>>),
    /// The number of the concrete type, and the value.
    Any(Option<(usize, Box<Self>)>),
    Opaque(Vec<u8>),
}

/// Where a random value comes from.
struct Entropy<'a>(std::slice::Iter<'a, u64>);

impl Entropy<'_> {
    fn next(&mut self) -> u64 {
        self.0.next().copied().unwrap_or(0)
    }

    fn pick(&mut self, count: u64) -> usize {
        (self.next() % count) as usize
    }

    /// Integers of this width, small ones and the ends above all.
    fn int(&mut self, bits: u32) -> i64 {
        let (min, max) = (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits));
        match self.pick(8) {
            0..=2 => 0,
            3 => max,
            4 => min,
            5 => [63, 64, -64, -65, 127, -128, -1][self.pick(7)],
            _ => (self.next() as i64) >> (64 - bits),
        }
    }

    fn uint(&mut self, bits: u32) -> u64 {
        match self.pick(8) {
            0..=2 => 0,
            3 => u64::MAX >> (64 - bits),
            4 => 127,
            5 => 128,
            _ => self.next() >> (64 - bits),
        }
    }

    fn float(&mut self, is_single: bool) -> u64 {
        let value = match self.pick(10) {
            0..=2 => 0.0,
            3 => -0.0,
            4 => f64::NAN,
            5 => f64::INFINITY,
            6 => 17.0,
            7 => -0.5,
            8 => f64::from(f32::MAX),
            _ if is_single => f64::from(self.next() as u32 as f32 / 3.0),
            _ => self.next() as f64 / 3.0,
        };
        value.to_bits()
    }

    fn bytes(&mut self) -> Vec<u8> {
        match self.pick(6) {
            0 | 1 => Vec::new(),
            2 => b"a".to_vec(),
            3 => "Жü".as_bytes().to_vec(),
            4 => vec![0xff, 0x00, 0xc3],
            _ => vec![b'x'; self.pick(300)],
        }
    }
}

impl Types {
    /// The concrete types that interfaces hold: the predeclared ones first.
    pub(crate) fn concrete(&self, number: usize) -> Option<Ty> {
        if number < PREDECLARED.len() {
            Some(Ty::Basic(number))
        } else {
            self.concretes.get(number - PREDECLARED.len()).cloned()
        }
    }

    /// A value to be sent. Behind its pointers there must be something (G81, G82).
    pub(crate) fn top_value(&self, ty: &Ty, numbers: &[u64]) -> Val {
        match self.resolve(ty) {
            Ok(Ty::Pointer(elem)) => Val::Pointer(Some(Box::new(self.top_value(elem, numbers)))),
            _ => self.value(ty, &mut Entropy(numbers.iter()), 5),
        }
    }

    fn value(&self, ty: &Ty, entropy: &mut Entropy<'_>, depth: usize) -> Val {
        let Ok(ty) = self.resolve(ty) else { return Val::Opaque(entropy.bytes()) };
        let deeper = depth.saturating_sub(1);
        let count = |entropy: &mut Entropy<'_>| if depth == 0 { 0 } else { entropy.pick(4) };
        match ty {
            Ty::Basic(basic) => match PREDECLARED[*basic] {
                "bool" => Val::Bool(entropy.pick(2) == 1),
                "int" | "int64" => Val::Int(entropy.int(64)),
                "int8" => Val::Int(entropy.int(8)),
                "int16" => Val::Int(entropy.int(16)),
                "int32" => Val::Int(entropy.int(32)),
                "uint8" => Val::Uint(entropy.uint(8)),
                "uint16" => Val::Uint(entropy.uint(16)),
                "uint32" => Val::Uint(entropy.uint(32)),
                "uint" | "uint64" | "uintptr" => Val::Uint(entropy.uint(64)),
                "float32" => Val::Float(entropy.float(true)),
                "float64" => Val::Float(entropy.float(false)),
                "complex64" => Val::Complex(entropy.float(true), entropy.float(true)),
                "complex128" => Val::Complex(entropy.float(false), entropy.float(false)),
                _ => Val::String(entropy.bytes()),
            },
            Ty::Slice(elem) if self.is_byte(elem) => Val::Bytes(match entropy.pick(4) {
                0 => None,
                _ => Some(entropy.bytes()),
            }),
            Ty::Slice(elem) => match count(entropy) {
                0 => Val::Slice(if entropy.pick(2) == 0 { None } else { Some(Vec::new()) }),
                count => Val::Slice(Some((0..count).map(|_| self.value(elem, entropy, deeper)).collect())),
            },
            Ty::Array(len, elem) => Val::Array((0..*len).map(|_| self.value(elem, entropy, deeper)).collect()),
            Ty::Map(key, elem) => match count(entropy) {
                0 => Val::Map(if entropy.pick(2) == 0 { None } else { Some(Vec::new()) }),
                count => {
                    let mut entries: Vec<(Val, Val)> = Vec::new();
                    for _ in 0..if entropy.pick(3) == 0 { count } else { 1 } {
                        let key = match &**key {
                            // What is in it must be comparable.
                            Ty::Any => {
                                let number = [1, 16, 0, 4][entropy.pick(4)];
                                Val::Any(Some((number, Box::new(self.value(&Ty::Basic(number), entropy, 1)))))
                            }
                            key => self.value(key, entropy, deeper),
                        };
                        let elem = self.value(elem, entropy, deeper);
                        if !entries.iter().any(|(known, _)| known.is_same_key(&key)) {
                            entries.push((key, elem));
                        }
                    }
                    Val::Map(Some(entries))
                }
            },
            Ty::Struct(fields) => Val::Struct(fields.iter().map(|(_, ty)| self.value(ty, entropy, deeper)).collect()),
            Ty::Pointer(elem) => {
                let nil = depth == 0 || entropy.pick(4) == 0;
                Val::Pointer((!nil).then(|| Box::new(self.value(elem, entropy, deeper))))
            }
            Ty::Any => {
                if depth == 0 || entropy.pick(3) == 0 {
                    return Val::Any(None);
                }
                let number = entropy.pick((PREDECLARED.len() + self.concretes.len()) as u64);
                // Those of the case are the interesting ones.
                let number = if entropy.pick(2) == 0 { number } else { number.max(PREDECLARED.len()) };
                match self.concrete(number) {
                    Some(ty) => Val::Any(Some((number, Box::new(self.value(&ty, entropy, deeper))))),
                    None => Val::Any(None),
                }
            }
            Ty::Named(_) => unreachable!("a name has been resolved"),
        }
    }

    /// Whether a slice of this type is bytes (G96).
    pub(crate) fn is_byte(&self, elem: &Ty) -> bool {
        matches!(self.resolve(elem), Ok(Ty::Basic(super::types::UINT8)))
    }

    /// A value from the notation in which Go tells it.
    pub(crate) fn parse(&self, ty: &Ty, json: &Json) -> Option<Val> {
        let Ok(ty) = self.resolve(ty) else { return Some(Val::Opaque(unhex(json)?)) };
        let items = |elem: &dyn Fn(usize) -> Ty| -> Option<Vec<Val>> {
            json.as_array()?.iter().enumerate().map(|(i, item)| self.parse(&elem(i), item)).collect()
        };
        Some(match ty {
            Ty::Basic(basic) => match PREDECLARED[*basic] {
                "bool" => Val::Bool(json.as_bool()?),
                name if name.starts_with("int") => Val::Int(json.as_str()?.parse().ok()?),
                name if name.starts_with("uint") => Val::Uint(json.as_str()?.parse().ok()?),
                name if name.starts_with("float") => Val::Float(bits(json)?),
                name if name.starts_with("complex") => Val::Complex(bits(&json[0])?, bits(&json[1])?),
                _ => Val::String(unhex(json)?),
            },
            Ty::Slice(elem) if self.is_byte(elem) => match json.is_null() {
                true => Val::Bytes(None),
                false => Val::Bytes(Some(unhex(json)?)),
            },
            Ty::Slice(_) if json.is_null() => Val::Slice(None),
            Ty::Slice(elem) => Val::Slice(Some(items(&|_| (**elem).clone())?)),
            Ty::Array(_, elem) => Val::Array(items(&|_| (**elem).clone())?),
            Ty::Map(..) if json.is_null() => Val::Map(None),
            Ty::Map(key, elem) => {
                let entry = |entry: &Json| Some((self.parse(key, &entry[0])?, self.parse(elem, &entry[1])?));
                Val::Map(Some(json.as_array()?.iter().map(entry).collect::<Option<_>>()?))
            }
            Ty::Struct(fields) => Val::Struct(items(&|i| fields[i].1.clone())?),
            Ty::Pointer(_) if json.is_null() => Val::Pointer(None),
            Ty::Pointer(elem) => Val::Pointer(Some(Box::new(self.parse(elem, &json[0])?))),
            Ty::Any if json.is_null() => Val::Any(None),
            Ty::Any => {
                // A type that the case does not know, as a mutation may name: any value of it is as good as another.
                let Ok(number) = usize::try_from(json["type"].as_i64()?) else {
                    return Some(Val::unknown());
                };
                let ty = self.concrete(number)?;
                Val::Any(Some((number, Box::new(self.parse(&ty, &json["value"])?))))
            }
            Ty::Named(_) => unreachable!("a name has been resolved"),
        })
    }
}

impl Val {
    /// What is in an interface under a name that the case does not know.
    pub(crate) fn unknown() -> Self {
        Self::Any(Some((usize::MAX, Box::new(Self::Bool(false)))))
    }

    /// The notation in which Go is told a value.
    pub(crate) fn json(&self) -> Json {
        match self {
            Self::Bool(value) => json!(value),
            Self::Int(value) => json!(value.to_string()),
            Self::Uint(value) => json!(value.to_string()),
            Self::Float(bits) => json!(format!("{bits:x}")),
            Self::Complex(re, im) => json!([format!("{re:x}"), format!("{im:x}")]),
            Self::String(bytes) | Self::Opaque(bytes) | Self::Bytes(Some(bytes)) => json!(to_hex(bytes)),
            Self::Slice(Some(items)) | Self::Array(items) | Self::Struct(items) => {
                items.iter().map(Self::json).collect()
            }
            Self::Map(Some(entries)) => entries.iter().map(|(key, value)| json!([key.json(), value.json()])).collect(),
            Self::Pointer(Some(value)) => json!([value.json()]),
            Self::Any(Some((number, value))) => json!({ "type": number, "value": value.json() }),
            Self::Bytes(None) | Self::Slice(None) | Self::Map(None) | Self::Pointer(None) | Self::Any(None) => {
                Json::Null
            }
        }
    }

    /// Whether two keys are one in Go: both zeros are, a NaN is never, nor are pointers that are not nil.
    pub(crate) fn is_same_key(&self, other: &Self) -> bool {
        let same = |a: &u64, b: &u64| f64::from_bits(*a) == f64::from_bits(*b);
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => same(a, b),
            (Self::Complex(a, b), Self::Complex(c, d)) => same(a, c) && same(b, d),
            (Self::Array(a), Self::Array(b)) | (Self::Struct(a), Self::Struct(b)) => {
                a.iter().zip(b).all(|(a, b)| a.is_same_key(b))
            }
            (Self::Pointer(a), Self::Pointer(b)) => a.is_none() && b.is_none(),
            (Self::Any(Some((a, left))), Self::Any(Some((b, right)))) => a == b && left.is_same_key(right),
            (a, b) => a == b,
        }
    }

    /// The value as it can be compared: an empty slice is like none, the order of maps does not count.
    pub(crate) fn canonical(&self) -> Self {
        let each = |items: &[Self]| items.iter().map(Self::canonical).collect::<Vec<_>>();
        match self {
            Self::Bytes(bytes) => Self::Bytes(bytes.clone().filter(|bytes| !bytes.is_empty())),
            Self::Slice(items) => Self::Slice(items.as_deref().map(each).filter(|items| !items.is_empty())),
            Self::Array(items) => Self::Array(each(items)),
            Self::Struct(items) => Self::Struct(each(items)),
            Self::Map(Some(entries)) => {
                let mut entries: Vec<_> =
                    entries.iter().map(|(key, value)| (key.canonical(), value.canonical())).collect();
                entries.sort_by_cached_key(|entry| format!("{entry:?}"));
                Self::Map(Some(entries))
            }
            Self::Pointer(value) => match value.as_ref().map(|value| value.canonical()) {
                // In Rust a nil interface behind a pointer is the `None` of the pointer.
                Some(Self::Any(None) | Self::Pointer(None)) | None => Self::Pointer(None),
                Some(value) => Self::Pointer(Some(Box::new(value))),
            },
            Self::Any(Some((number, value))) => Self::Any(Some((*number, Box::new(value.canonical())))),
            value => value.clone(),
        }
    }

    /// Whether there is an interface in the value.
    pub(crate) fn has_interface(&self) -> bool {
        match self {
            Self::Slice(Some(items)) | Self::Array(items) | Self::Struct(items) => {
                items.iter().any(Self::has_interface)
            }
            Self::Map(Some(entries)) => entries.iter().any(|(key, value)| key.has_interface() || value.has_interface()),
            Self::Pointer(Some(value)) => value.has_interface(),
            Self::Any(_) => true,
            _ => false,
        }
    }

    /// Whether the bytes of the value are always the same: Go's order of a map is random.
    pub(crate) fn is_ordered(&self) -> bool {
        match self {
            Self::Slice(Some(items)) | Self::Array(items) | Self::Struct(items) => items.iter().all(Self::is_ordered),
            Self::Map(Some(entries)) => {
                entries.len() < 2 && entries.iter().all(|(key, value)| key.is_ordered() && value.is_ordered())
            }
            Self::Pointer(Some(value)) => value.is_ordered(),
            Self::Any(Some((_, value))) => value.is_ordered(),
            _ => true,
        }
    }
}

fn unhex(json: &Json) -> Option<Vec<u8>> {
    let text = json.as_str()?;
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

pub(crate) fn unhex_text(text: &str) -> Option<Vec<u8>> {
    unhex(&Json::from(text))
}

fn bits(json: &Json) -> Option<u64> {
    u64::from_str_radix(json.as_str()?, 16).ok()
}
