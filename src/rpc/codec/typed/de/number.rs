//! Numbers as formats give them, and as what they are wanted.

use std::fmt;

use crate::gob::Value;
use crate::gob::ty::Kind;

#[derive(Debug)]
pub(in crate::rpc::codec) enum Number<'i> {
    Digits(&'i str),
    Int(i64),
    Uint(u64),
    Float(f64),
}

impl Number<'_> {
    pub(super) fn to_i64(&self) -> Option<i64> {
        match *self {
            Self::Digits(digits) => digits.parse().ok(),
            Self::Int(value) => Some(value),
            Self::Uint(value) => value.try_into().ok(),
            Self::Float(_) => None,
        }
    }

    pub(super) fn to_u64(&self) -> Option<u64> {
        match *self {
            Self::Digits(digits) => digits.parse().ok(),
            Self::Int(value) => value.try_into().ok(),
            Self::Uint(value) => Some(value),
            Self::Float(_) => None,
        }
    }

    pub(super) fn to_char(&self) -> Option<char> {
        char::from_u32(self.to_u64()?.try_into().ok()?)
    }

    pub(super) fn to_f64(&self, kind: Kind) -> Option<f64> {
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
}

/// What Go calls it where the number itself is the matter.
impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(digits) => write!(f, "number {digits}"),
            Self::Int(value) => write!(f, "number {value}"),
            Self::Uint(value) => write!(f, "number {value}"),
            Self::Float(value) => write!(f, "number {value}"),
        }
    }
}
