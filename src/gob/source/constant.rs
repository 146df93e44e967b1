//! What constants are worth, by Go's rules: exactly, or not at all.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::syntax::{Expr, Item, Name, Operator, Value};
use super::{known, literal};

/// The value of a constant, and its type if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// The value.
    pub value: Exact,
    /// The type; an untyped constant has none.
    pub ty: Option<Name>,
}

/// A value without a type.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Exact {
    Bool(bool),
    Integer(i128),
    Rune(i128),
    Float(Float),
    String(Vec<u8>),
}

/// A number that is no integer: the closest `float64`, and the ratio that it stands for if that is short.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Float {
    /// The closest number that a `float64` can be.
    pub value: f64,
    ratio: Option<(i128, i128)>,
}

/// The constants of a package, and the types that they may have.
#[derive(Debug, Default)]
pub struct Constants {
    written: HashMap<String, Written>,
    types: HashMap<String, Expr>,
    /// Import paths, by the name the source gives them.
    imports: HashMap<String, String>,
}

#[derive(Debug)]
struct Written {
    ty: Option<Arc<Expr>>,
    value: Arc<Value>,
    iota: usize,
}

impl Constants {
    /// Takes up the constants and types of a source.
    pub fn extend(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Constants(line) => {
                    for (name, value) in line.names.iter().zip(&line.values) {
                        let written = Written { ty: line.ty.clone(), value: value.clone(), iota: line.iota };
                        self.written.insert(name.clone(), written);
                    }
                }
                Item::Type(declaration) => drop(self.types.insert(declaration.name.clone(), declaration.ty.clone())),
                Item::Import { name, path } => drop(self.imports.insert(name.clone(), path.clone())),
                Item::Package { .. } | Item::Method(_) => {}
            }
        }
    }
}

/// Finds out what constants are worth.
#[derive(Debug)]
pub struct Evaluator<'a> {
    constants: &'a Constants,
    /// What has been evaluated; `None` for what is being so.
    known: HashMap<String, Option<Result<Constant, Unknown>>>,
    depth: usize,
    /// How many bytes of strings there may still be.
    room: usize,
}

/// How long a chain of constants or types may be.
const MAX_CHAIN: usize = 100;

/// How many bytes there may be in all strings together, each as often as it is used. A short source can stand for far
/// more: one string may be the next one twice, and so on.
const MAX_STRINGS: usize = 16 << 20;

impl<'a> Evaluator<'a> {
    /// One for the constants of a package.
    pub fn new(constants: &'a Constants) -> Self {
        Self { constants, known: HashMap::new(), depth: 0, room: MAX_STRINGS }
    }

    /// The constant of this name.
    ///
    /// # Errors
    /// When there is none, or its value is not known.
    pub fn get(&mut self, name: &str) -> Result<Constant, Unknown> {
        let Some(written) = self.constants.written.get(name) else {
            return unknown(format!("no constant {name} is declared"));
        };
        match self.known.get(name) {
            Some(Some(constant)) => {
                if let Ok(Constant { value: Exact::String(bytes), .. }) = constant {
                    take_room(&mut self.room, bytes.len())?;
                }
                return constant.clone();
            }
            Some(None) => return unknown(format!("{name} is declared by itself")),
            None if self.depth == MAX_CHAIN => return unknown(format!("{name} is declared by way of too many others")),
            None => {}
        }
        self.known.insert(name.to_owned(), None);
        self.depth += 1;
        let constant = self.written(written);
        self.depth -= 1;
        self.known.insert(name.to_owned(), Some(constant.clone()));
        constant
    }

    fn written(&mut self, written: &Written) -> Result<Constant, Unknown> {
        let constant = self.evaluate(&written.value, Some(written.iota))?;
        match written.ty.as_deref() {
            None => Ok(constant),
            Some(Expr::Name(ty)) => Ok(Constant { value: self.fit(constant.value, ty)?, ty: Some(ty.clone()) }),
            Some(_) => unknown("it has no type that constants have"),
        }
    }

    /// What a value is worth that is used as a length.
    ///
    /// # Errors
    /// When it is not known, or no length.
    pub fn length(&mut self, value: &Value) -> Result<usize, Unknown> {
        let length = self.evaluate(value, None)?.value.integer().and_then(|length| usize::try_from(length).ok());
        length.ok_or_else(|| Unknown("a length is a positive integer".to_owned()))
    }

    fn evaluate(&mut self, value: &Value, iota: Option<usize>) -> Result<Constant, Unknown> {
        let untyped = |value| Ok(Constant { value, ty: None });
        match value {
            Value::Integer(text) => untyped(Exact::Integer(literal::integer(text)?)),
            Value::Float(text) => untyped(Exact::Float(Float::parse(text)?)),
            Value::Rune(text) => match literal::unescape(text, '\'')?.as_slice() {
                [literal::Unit::Char(c)] => untyped(Exact::Rune(i128::from(u32::from(*c)))),
                [literal::Unit::Byte(byte)] => untyped(Exact::Rune(i128::from(*byte))),
                _ => unknown(format!("'{text}' is no rune")),
            },
            Value::String(text) => {
                take_room(&mut self.room, text.len())?;
                untyped(Exact::String(literal::bytes(&literal::unescape(text, '"')?)))
            }
            Value::RawString(text) => {
                take_room(&mut self.room, text.len())?;
                untyped(Exact::String(text.replace('\r', "").into_bytes()))
            }
            Value::Name(name) => match (&name.package, name.name.as_str(), iota) {
                (None, "iota", Some(iota)) => untyped(Exact::Integer(iota as i128)),
                (None, "true", _) => untyped(Exact::Bool(true)),
                (None, "false", _) => untyped(Exact::Bool(false)),
                (None, name, _) => self.get(name),
                (Some(package), ..) => self.imported(package, name),
            },
            Value::Unary(sign, value) => {
                let value = self.evaluate(value, iota)?;
                self.unary(*sign, value)
            }
            Value::Binary(operator, left, right) => {
                let (left, right) = (self.evaluate(left, iota)?, self.evaluate(right, iota)?);
                self.binary(*operator, left, right)
            }
            Value::Call(name, value) => {
                let value = self.evaluate(value, iota)?;
                self.call(name, value)
            }
            Value::Other(text) => unknown(format!("{text} is not understood")),
        }
    }

    /// A constant of the standard library.
    fn imported(&self, package: &str, name: &Name) -> Result<Constant, Unknown> {
        let path = self.constants.imports.get(package).map_or(package, String::as_str);
        let Some(value) = known::constant(path, &name.name) else {
            return unknown(format!("the constant {package}.{} is not known here", name.name));
        };
        let duration = || Name { name: "Duration".to_owned(), ..name.clone() };
        Ok(Constant { value: Exact::Integer(value), ty: (path == "time").then(duration) })
    }

    fn call(&self, name: &Name, value: Constant) -> Result<Constant, Unknown> {
        match value.value {
            Exact::String(bytes) if name.package.is_none() && name.name == "len" => {
                Ok(Constant { value: Exact::Integer(bytes.len() as i128), ty: None })
            }
            value => Ok(Constant { value: self.fit(value, name)?, ty: Some(name.clone()) }),
        }
    }

    /// The predeclared type that the type of this name is made of.
    pub fn basic(&self, name: &Name) -> Option<&'static str> {
        let mut name = name;
        for _ in 0..MAX_CHAIN {
            match &name.package {
                Some(package) => {
                    let path = self.constants.imports.get(package).map_or(package.as_str(), String::as_str);
                    return known::basic(path, &name.name);
                }
                None => match self.constants.types.get(&name.name) {
                    Some(Expr::Name(next)) => name = next,
                    Some(_) => return None,
                    None => return BASIC.into_iter().find(|basic| *basic == name.name),
                },
            }
        }
        None
    }

    /// A value as one of a type.
    fn fit(&self, value: Exact, ty: &Name) -> Result<Exact, Unknown> {
        let Some(basic) = self.basic(ty) else { return unknown(format!("{} is no type of constants here", ty.name)) };
        let no_value = || Unknown(format!("no value of {}", ty.name));
        let value = match (basic, value) {
            ("bool", value @ Exact::Bool(_)) | ("string", value @ Exact::String(_)) => value,
            ("float32" | "float64", value) => Exact::Float(value.float().ok_or_else(no_value)?),
            (basic, value) => match (range(basic), value.integer()) {
                (Some((min, max)), Some(value)) if min <= value && value <= max => Exact::Integer(value),
                (Some(_), Some(value)) => return unknown(format!("{value} does not fit in {}", ty.name)),
                _ => return Err(no_value()),
            },
        };
        Ok(value)
    }

    fn unary(&self, sign: char, value: Constant) -> Result<Constant, Unknown> {
        let Constant { value, ty } = value;
        let value = match (sign, value) {
            ('+', value @ (Exact::Integer(_) | Exact::Rune(_) | Exact::Float(_))) => value,
            ('-', Exact::Integer(value)) => Exact::Integer(-value),
            ('-', Exact::Rune(value)) => Exact::Rune(-value),
            ('-', Exact::Float(Float { value, ratio })) => {
                Exact::Float(Float { value: -value, ratio: ratio.map(|(over, under)| (-over, under)) })
            }
            ('!', Exact::Bool(value)) => Exact::Bool(!value),
            // Of an unsigned type, the bits that it has.
            ('^', Exact::Integer(value)) => match ty.as_ref().and_then(|ty| self.basic(ty)).and_then(range) {
                Some((0, max)) => Exact::Integer(value ^ max),
                _ => Exact::Integer(!value),
            },
            _ => return unknown(format!("{sign} has no meaning here")),
        };
        match ty {
            Some(ty) => Ok(Constant { value: self.fit(value, &ty)?, ty: Some(ty) }),
            None => Ok(Constant { value, ty: None }),
        }
    }

    fn binary(&self, operator: Operator, left: Constant, right: Constant) -> Result<Constant, Unknown> {
        use Operator::{Add, And, AndNot, Div, Mul, Or, Rem, Shl, Shr, Sub, Xor};

        let is_shift = matches!(operator, Shl | Shr);
        let ty = if is_shift { left.ty } else { left.ty.or(right.ty) };
        // Constants of one kind are as they are, of two kinds as the later one of: integer, rune, float.
        let value = match (left.value, right.value) {
            (Exact::String(mut left), Exact::String(right)) if operator == Add => {
                left.extend(right);
                Exact::String(left)
            }
            (left @ Exact::Float(_), right) | (left, right @ Exact::Float(_)) if !is_shift => {
                let (Some(left), Some(right)) = (left.float(), right.float()) else { return unknown("no number") };
                Exact::Float(left.with(operator, right)?)
            }
            (left, right) => {
                let is_rune = matches!(left, Exact::Rune(_)) || !is_shift && matches!(right, Exact::Rune(_));
                let (Some(left), Some(right)) = (left.integer(), right.integer()) else {
                    return unknown("an operator without a meaning for its values");
                };
                let value = match operator {
                    Mul => left.checked_mul(right),
                    Div => left.checked_div(right),
                    Rem => left.checked_rem(right),
                    Add => left.checked_add(right),
                    Sub => left.checked_sub(right),
                    And => Some(left & right),
                    AndNot => Some(left & !right),
                    Or => Some(left | right),
                    Xor => Some(left ^ right),
                    Shl => u32::try_from(right).ok().and_then(|by| left.checked_mul(1_i128.checked_shl(by)?)),
                    Shr => u32::try_from(right).ok().map(|by| left >> by.min(127)),
                };
                let Some(value) = value.filter(|value| *value != i128::MIN) else {
                    return unknown("a number that is too large, or none");
                };
                if is_rune { Exact::Rune(value) } else { Exact::Integer(value) }
            }
        };
        match ty {
            Some(ty) => Ok(Constant { value: self.fit(value, &ty)?, ty: Some(ty) }),
            None => Ok(Constant { value, ty: None }),
        }
    }
}

/// Why the value of a constant is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes the bytes of a string from what there may still be.
fn take_room(room: &mut usize, len: usize) -> Result<(), Unknown> {
    match room.checked_sub(len) {
        Some(left) => {
            *room = left;
            Ok(())
        }
        None => unknown("strings that are too long"),
    }
}

fn unknown<T>(message: impl Into<String>) -> Result<T, Unknown> {
    Err(Unknown(message.into()))
}

/// The predeclared types that can have constants.
const BASIC: [&str; 17] = [
    "bool", "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "uintptr", "float32", "float64", "byte", "rune",
];

/// The values of an integer type.
fn range(basic: &str) -> Option<(i128, i128)> {
    Some(match basic {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" | "rune" => (i32::MIN.into(), i32::MAX.into()),
        "int" | "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" | "byte" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint" | "uint64" | "uintptr" => (0, u64::MAX.into()),
        _ => return None,
    })
}

impl Exact {
    /// The integer that it is, if it is one.
    pub fn integer(&self) -> Option<i128> {
        match self {
            Self::Integer(value) | Self::Rune(value) => Some(*value),
            Self::Float(Float { ratio: Some((over, 1)), .. }) => Some(*over),
            _ => None,
        }
    }

    /// The float that it is, if it is a number.
    pub fn float(&self) -> Option<Float> {
        match self {
            Self::Integer(value) | Self::Rune(value) => Some(Float { value: *value as f64, ratio: Some((*value, 1)) }),
            Self::Float(float) => Some(*float),
            Self::Bool(_) | Self::String(_) => None,
        }
    }
}

impl Float {
    fn parse(text: &str) -> Result<Self, Unknown> {
        let text = text.replace('_', "");
        let Ok(value) = text.parse::<f64>() else { return unknown(format!("{text} is no number that is understood")) };
        Ok(Self { value, ratio: ratio(&text) })
    }

    /// Exact arithmetic, or none.
    fn with(self, operator: Operator, other: Self) -> Result<Self, Unknown> {
        let inexact = || Unknown("a number that is not known exactly".to_owned());
        let ((a, b), (c, d)) = self.ratio.zip(other.ratio).ok_or_else(inexact)?;
        let product = |x: i128, y: i128| x.checked_mul(y);
        let result = match operator {
            Operator::Add => product(a, d).zip(product(c, b)).and_then(|(x, y)| x.checked_add(y)).zip(product(b, d)),
            Operator::Sub => product(a, d).zip(product(c, b)).and_then(|(x, y)| x.checked_sub(y)).zip(product(b, d)),
            Operator::Mul => product(a, c).zip(product(b, d)),
            Operator::Div if c != 0 => product(a, d).zip(product(b, c)),
            _ => None,
        };
        let result = result.filter(|(over, under)| *over != i128::MIN && *under != i128::MIN);
        let (over, under) = result.map(|(over, under)| reduced(over, under)).ok_or_else(inexact)?;
        // The quotient of two numbers is the closest there is if the numbers themselves are what they should be.
        let is_exact = |value: i128| value.unsigned_abs() <= 1 << f64::MANTISSA_DIGITS;
        if under != 1 && !(is_exact(over) && is_exact(under)) {
            return Err(inexact());
        }
        Ok(Self { value: over as f64 / under as f64, ratio: Some((over, under)) })
    }
}

/// The ratio that a decimal literal is, if it is short.
fn ratio(text: &str) -> Option<(i128, i128)> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let over: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    if exponent < 0 { Some(reduced(over, power)) } else { Some((over.checked_mul(power)?, 1)) }
}

fn reduced(over: i128, under: i128) -> (i128, i128) {
    let (mut a, mut b) = (over.unsigned_abs(), under.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let divisor = i128::try_from(a.max(1)).unwrap_or(1) * under.signum();
    (over / divisor, under / divisor)
}
