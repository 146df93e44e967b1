//! Constant values, as they are written.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{char, one_of};
use nom::combinator::{map, not, opt, peek, recognize, value as always, verify};
use nom::multi::separated_list1;
use nom::sequence::{delimited, pair, preceded, terminated};

use super::token::{blank, close, comma, end_of_line, inline, interpreted, nested, open, raw, rune};
use super::{Expected, MAX_DEPTH, Name, Parsed, too_deep, types};

/// A constant, or how it is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `0x1f`, `1_000`
    Integer(String),
    /// `1.5e3`
    Float(String),
    /// `'a'`, without its quotes.
    Rune(String),
    /// `"a\n"`, without its quotes.
    String(String),
    /// `` `a` ``, without its quotes.
    RawString(String),
    /// `A`, `math.MaxInt8`, `iota`, `true`
    Name(Name),
    /// `-x`, `^x`, `!x`, `+x`
    Unary(char, Box<Self>),
    /// `x + y`
    Binary(Operator, Box<Self>, Box<Self>),
    /// A conversion, `int8(x)`, or a call, `len(x)`.
    Call(Name, Box<Self>),
    /// Anything else, as it is written.
    Other(String),
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Operator {
    Mul,
    Div,
    Rem,
    Shl,
    Shr,
    And,
    AndNot,
    Add,
    Sub,
    Or,
    Xor,
}

/// The values of one line of constants.
pub(super) fn values(input: &str) -> Parsed<'_, Vec<Value>> {
    let list = separated_list1(comma, |input| binary(input, 0, MAX_DEPTH));
    let read = terminated(list, peek(end_of_line)).parse(input);
    read.or_else(|_| {
        // Whatever it is, it may be Go.
        let other = map(verify(recognize(nested(",;\n")), |text: &str| !text.is_empty()), |text: &str| {
            Value::Other(text.trim().to_owned())
        });
        separated_list1(comma, other).parse(input)
    })
}

/// The length of an array: a number, a constant, or what is made of them.
pub(super) fn array_length(input: &str, depth: usize) -> Parsed<'_, Value> {
    match binary(input, 0, depth) {
        Ok((rest, value)) if preceded(inline, peek(char(']'))).parse(rest).is_ok() => return Ok((rest, value)),
        Err(nom::Err::Error(error) | nom::Err::Failure(error)) if error.left == input.len() => {
            return Err(nom::Err::Error(error));
        }
        _ => {}
    }
    // Whatever it is, it may be Go.
    map(recognize(nested("];\n")), |text: &str| Value::Other(text.trim().to_owned())).parse(input)
}

/// How many operators may follow each other.
const MAX_OPERATORS: usize = 200;

/// How tightly an operator binds.
const fn precedence(operator: Operator) -> usize {
    match operator {
        Operator::Add | Operator::Sub | Operator::Or | Operator::Xor => 1,
        _ => 2,
    }
}

fn operator(input: &str) -> Parsed<'_, Operator> {
    alt((
        always(Operator::Shl, tag("<<")),
        always(Operator::Shr, tag(">>")),
        always(Operator::AndNot, tag("&^")),
        always(Operator::And, terminated(char('&'), not(char('&')))),
        always(Operator::Or, terminated(char('|'), not(char('|')))),
        always(Operator::Mul, char('*')),
        always(Operator::Div, char('/')),
        always(Operator::Rem, char('%')),
        always(Operator::Add, char('+')),
        always(Operator::Sub, char('-')),
        always(Operator::Xor, char('^')),
    ))
    .parse(input)
}

/// Operators that bind more tightly than `above`, and what is between them.
fn binary(input: &str, above: usize, depth: usize) -> Parsed<'_, Value> {
    let (mut rest, mut left) = unary(input, depth)?;
    for _ in 0..MAX_OPERATORS {
        let Ok((after, operator)) = preceded(inline, operator).parse(rest) else { return Ok((rest, left)) };
        if precedence(operator) <= above {
            return Ok((rest, left));
        }
        let (after, right) = preceded(blank, |input| binary(input, precedence(operator), depth)).parse(after)?;
        left = Value::Binary(operator, Box::new(left), Box::new(right));
        rest = after;
    }
    too_deep(rest, "a value that is less long")
}

fn unary(input: &str, depth: usize) -> Parsed<'_, Value> {
    let Some(depth) = depth.checked_sub(1) else { return too_deep(input, "a value that is less deep") };
    let sign =
        map(pair(one_of("+-^!"), |input| unary(input, depth)), |(sign, value)| Value::Unary(sign, Box::new(value)));
    let inner = || move |input| binary(input, 0, depth);
    let parens = || delimited(open("("), inner(), close(")"));
    let named = map(pair(|input| types::name(input, depth), opt(parens())), |(name, call)| match call {
        Some(value) => Value::Call(name, Box::new(value)),
        None => Value::Name(name),
    });
    let string = map(interpreted, |text| Value::String(text.to_owned()));
    let raw = map(raw, |text| Value::RawString(text.to_owned()));
    let rune = map(rune, |text| Value::Rune(text.to_owned()));
    preceded(inline, alt((sign, parens(), string, raw, rune, digits, named))).parse(input)
}

/// `4`, `0x10`, `1_000`, `.5`, `1e-3`, `0x1p-2`
fn digits(input: &str) -> Parsed<'_, Value> {
    let fail = || Err(nom::Err::Error(Expected { what: "", left: input.len() }));
    let (rest, text) = recognize((digit_run, opt((char('.'), digit_run)))).parse(input)?;
    let is_hex = text.starts_with("0x") || text.starts_with("0X");
    let marks = if is_hex { ['p', 'P'] } else { ['e', 'E'] };
    // The digits took the mark of an exponent with them, up to its sign.
    let (rest, _) = match text.ends_with(marks) {
        true => recognize((one_of("+-"), digit_run)).parse(rest)?,
        false => (rest, ""),
    };
    let text = &input[..input.len() - rest.len()];
    if !text.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit()) || text.ends_with('i') {
        return fail();
    }
    let (is_float, text) = (text.contains('.') || text.contains(marks), text.to_owned());
    Ok((rest, if is_float { Value::Float(text) } else { Value::Integer(text) }))
}

fn digit_run(input: &str) -> Parsed<'_, &str> {
    take_while(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(input)
}
