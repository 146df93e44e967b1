//! What literals are worth.

use super::constant::Unknown;

/// `4`, `0x10`, `0b1`, `0o7`, `07`, `1_000`
pub(super) fn integer(text: &str) -> Result<i128, Unknown> {
    let digits = text.replace('_', "");
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    i128::from_str_radix(digits, radix).map_err(|_| Unknown(format!("{text} is no number that is understood")))
}

/// A part of a literal: a character, or a byte that is written as a number.
pub(super) enum Unit {
    Char(char),
    Byte(u8),
}

pub(super) fn bytes(units: &[Unit]) -> Vec<u8> {
    let mut out = Vec::new();
    for unit in units {
        match unit {
            Unit::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Unit::Byte(byte) => out.push(*byte),
        }
    }
    out
}

pub(super) fn unescape(text: &str, quote: char) -> Result<Vec<Unit>, Unknown> {
    let fail = || Unknown(format!("{quote}{text}{quote} is no literal"));
    let mut units = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.push(Unit::Char(c));
            continue;
        }
        let escaped = chars.next().ok_or_else(fail)?;
        let mut number = |digits: usize, radix: u32, first: Option<char>| {
            let text: String = first.into_iter().chain(chars.by_ref().take(digits)).collect();
            u32::from_str_radix(&text, radix).map_err(|_| fail())
        };
        units.push(match escaped {
            'a' => Unit::Char('\x07'),
            'b' => Unit::Char('\x08'),
            'f' => Unit::Char('\x0c'),
            'n' => Unit::Char('\n'),
            'r' => Unit::Char('\r'),
            't' => Unit::Char('\t'),
            'v' => Unit::Char('\x0b'),
            'x' => Unit::Byte(u8::try_from(number(2, 16, None)?).map_err(|_| fail())?),
            'u' => Unit::Char(char::from_u32(number(4, 16, None)?).ok_or_else(fail)?),
            'U' => Unit::Char(char::from_u32(number(8, 16, None)?).ok_or_else(fail)?),
            digit @ '0'..='7' => Unit::Byte(u8::try_from(number(2, 8, Some(digit))?).map_err(|_| fail())?),
            same @ ('\\' | '\'' | '"') => Unit::Char(same),
            _ => return Err(fail()),
        });
    }
    Ok(units)
}
