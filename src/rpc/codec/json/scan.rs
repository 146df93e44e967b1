//! Finds the end of a JSON value that comes in pieces, and whether it is one. Every byte is looked at once.

use crate::gob::{Error, Result};

/// Go refuses more.
const MAX_DEPTH: usize = 10_000;

/// Looks through one value after another.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// How many bytes of the value were looked at.
    at: usize,
    state: State,
    /// The containers that are open, outermost first.
    open: Vec<Container>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

#[derive(Debug, Clone, Copy, Default)]
enum State {
    /// A value must come.
    #[default]
    Value,
    /// A value, or the end of an empty array.
    FirstItem,
    /// A key, or the end of an empty object.
    FirstKey,
    Key,
    Colon,
    /// A comma, or the end of the container.
    AfterItem,
    String {
        is_key: bool,
    },
    Escape {
        is_key: bool,
    },
    /// This many hexadecimal digits.
    Hex {
        is_key: bool,
        left: u8,
    },
    Literal {
        word: &'static str,
        done: usize,
    },
    Number(Number),
    End,
}

/// What of a number has come.
#[derive(Debug, Clone, Copy)]
enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
}

impl Scanner {
    /// Whether nothing of a value has come.
    pub(super) const fn is_between_values(&self) -> bool {
        self.at == 0
    }

    /// Goes on to the end of `input`, which begins with the value, or to the end of the value, which is given. Then it
    /// is ready for the next. With `eof` a number may end with the input.
    pub(super) fn scan(&mut self, input: &[u8], eof: bool) -> Result<Option<usize>> {
        while let Some(&byte) = input.get(self.at) {
            match self.state {
                // What most messages are made of is passed over at once.
                State::String { .. } if is_plain(byte) => {
                    let rest = &input[self.at..];
                    self.at += rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
                }
                // Only what follows tells that a number has ended; it is looked at next.
                State::Number(number) if number.can_end() && !number.goes_on(byte) => self.value_end(),
                _ => {
                    self.step(byte)?;
                    self.at += 1;
                }
            }
            if matches!(self.state, State::End) {
                return Ok(Some(self.finish()));
            }
        }
        if eof && self.open.is_empty() && matches!(self.state, State::Number(number) if number.can_end()) {
            return Ok(Some(self.finish()));
        }
        Ok(None)
    }

    fn finish(&mut self) -> usize {
        let len = self.at;
        self.at = 0;
        self.state = State::Value;
        self.open.clear();
        len
    }

    fn value_end(&mut self) {
        self.state = if self.open.is_empty() { State::End } else { State::AfterItem };
    }

    fn step(&mut self, byte: u8) -> Result<()> {
        let is_space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        match self.state {
            State::Value | State::FirstItem | State::FirstKey | State::Key | State::Colon | State::AfterItem
                if is_space => {}
            State::FirstItem if byte == b']' => self.close(),
            State::Value | State::FirstItem => self.begin(byte)?,
            State::FirstKey if byte == b'}' => self.close(),
            State::FirstKey | State::Key => match byte {
                b'"' => self.state = State::String { is_key: true },
                _ => return Err(unexpected(byte, "looking for beginning of object key string")),
            },
            State::Colon => match byte {
                b':' => self.state = State::Value,
                _ => return Err(unexpected(byte, "after object key")),
            },
            State::AfterItem => match (byte, self.open.last()) {
                (b',', Some(Container::Array)) => self.state = State::Value,
                (b',', Some(Container::Object)) => self.state = State::Key,
                (b']', Some(Container::Array)) | (b'}', Some(Container::Object)) => self.close(),
                (_, Some(Container::Array)) => return Err(unexpected(byte, "after array element")),
                _ => return Err(unexpected(byte, "after object key:value pair")),
            },
            State::String { is_key } => match byte {
                b'"' if is_key => self.state = State::Colon,
                b'"' => self.value_end(),
                b'\\' => self.state = State::Escape { is_key },
                0..0x20 => return Err(unexpected(byte, "in string literal")),
                _ => {}
            },
            State::Escape { is_key } => match byte {
                b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.state = State::String { is_key },
                b'u' => self.state = State::Hex { is_key, left: 4 },
                _ => return Err(unexpected(byte, "in string escape code")),
            },
            State::Hex { .. } if !byte.is_ascii_hexdigit() => {
                return Err(unexpected(byte, r"in \u hexadecimal character escape"));
            }
            State::Hex { is_key, left: 1 } => self.state = State::String { is_key },
            State::Hex { is_key, left } => self.state = State::Hex { is_key, left: left - 1 },
            State::Literal { word, done } => {
                let expected = word.as_bytes().get(done).copied().unwrap_or(b' ');
                if byte != expected {
                    let place = format!("in literal {word} (expecting {})", quote(expected));
                    return Err(unexpected(byte, &place));
                }
                match done + 1 {
                    done if done == word.len() => self.value_end(),
                    done => self.state = State::Literal { word, done },
                }
            }
            State::Number(number) => self.state = State::Number(number.next(byte)?),
            State::End => {}
        }
        Ok(())
    }

    fn begin(&mut self, byte: u8) -> Result<()> {
        self.state = match byte {
            b'{' => self.open(Container::Object, State::FirstKey)?,
            b'[' => self.open(Container::Array, State::FirstItem)?,
            b'"' => State::String { is_key: false },
            b'-' => State::Number(Number::Minus),
            b'0' => State::Number(Number::Zero),
            b'1'..=b'9' => State::Number(Number::Integer),
            b't' => State::Literal { word: "true", done: 1 },
            b'f' => State::Literal { word: "false", done: 1 },
            b'n' => State::Literal { word: "null", done: 1 },
            _ => return Err(unexpected(byte, "looking for beginning of value")),
        };
        Ok(())
    }

    fn open(&mut self, container: Container, inside: State) -> Result<State> {
        if self.open.len() == MAX_DEPTH {
            return Err(serde::de::Error::custom("exceeded max depth"));
        }
        self.open.push(container);
        Ok(inside)
    }

    fn close(&mut self) {
        self.open.pop();
        self.value_end();
    }
}

/// Whether a byte in a string means nothing but itself.
const fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'"' | b'\\' | 0..0x20)
}

impl Number {
    const fn can_end(self) -> bool {
        matches!(self, Self::Zero | Self::Integer | Self::Fraction | Self::ExponentDigits)
    }

    const fn goes_on(self, byte: u8) -> bool {
        match byte {
            b'0'..=b'9' => !matches!(self, Self::Zero),
            b'.' => matches!(self, Self::Zero | Self::Integer),
            b'e' | b'E' => matches!(self, Self::Zero | Self::Integer | Self::Fraction),
            _ => false,
        }
    }

    fn next(self, byte: u8) -> Result<Self> {
        match (self, byte) {
            (Self::Minus, b'0') => Ok(Self::Zero),
            (Self::Minus, b'1'..=b'9') | (Self::Integer, b'0'..=b'9') => Ok(Self::Integer),
            (Self::Minus, _) => Err(unexpected(byte, "in numeric literal")),
            (Self::Zero | Self::Integer, b'.') => Ok(Self::Point),
            (Self::Point | Self::Fraction, b'0'..=b'9') => Ok(Self::Fraction),
            (Self::Point, _) => Err(unexpected(byte, "after decimal point in numeric literal")),
            (Self::Zero | Self::Integer | Self::Fraction, b'e' | b'E') => Ok(Self::Exponent),
            (Self::Exponent, b'+' | b'-') => Ok(Self::ExponentSign),
            (Self::Exponent | Self::ExponentSign | Self::ExponentDigits, b'0'..=b'9') => Ok(Self::ExponentDigits),
            _ => Err(unexpected(byte, "in exponent of numeric literal")),
        }
    }
}

#[cold]
fn unexpected(byte: u8, place: &str) -> Error {
    serde::de::Error::custom(format_args!("invalid character {} {place}", quote(byte)))
}

/// The byte as Go shows it, which takes it for the character of that number.
fn quote(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        0x07 => r"'\a'".to_owned(),
        0x08 => r"'\b'".to_owned(),
        0x0b => r"'\v'".to_owned(),
        0x0c => r"'\f'".to_owned(),
        0..0x20 | 0x7f => format!(r"'\x{byte:02x}'"),
        0x80..=0xa0 | 0xad => format!(r"'\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}
