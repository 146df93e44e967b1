//! Tokens, and what stands between them.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_until, take_while};
use nom::character::complete::{char, none_of, one_of, satisfy};
use nom::combinator::{cut, eof, not, peek, recognize, success, value};
use nom::multi::many0_count;
use nom::sequence::{delimited, pair, preceded, terminated};

use super::{Expected, Parsed, expect};

pub(super) fn identifier(input: &str) -> Parsed<'_, &str> {
    let start = satisfy(|c| c.is_alphabetic() || c == '_');
    recognize(pair(start, take_while(is_identifier))).parse(input)
}

pub(super) fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) fn keyword<'a>(word: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    terminated(tag(word), not(peek(satisfy(is_identifier))))
}

/// A token after which lines may break.
pub(super) fn open<'a>(token: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    delimited(inline, tag(token), blank)
}

/// A token that ends what [`open`] began.
pub(super) fn close<'a>(token: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    let what = match token {
        "]" => "`]`",
        "}" => "`}`",
        _ => "`)`",
    };
    preceded(inline, expect(what, tag(token)))
}

pub(super) fn comma(input: &str) -> Parsed<'_, &str> {
    open(",").parse(input)
}

/// A string literal without its quotes, as it is: the paths of imports need no unescaping.
pub(super) fn string(input: &str) -> Parsed<'_, &str> {
    alt((interpreted, raw)).parse(input)
}

/// `"…"`
pub(super) fn interpreted(input: &str) -> Parsed<'_, &str> {
    let quoted = recognize(many0_count(alt((value((), is_not("\"\\\n")), value((), (char('\\'), none_of("\n")))))));
    delimited(char('"'), quoted, char('"')).parse(input)
}

/// `` `…` ``
pub(super) fn raw(input: &str) -> Parsed<'_, &str> {
    delimited(char('`'), take_while(|c| c != '`'), char('`')).parse(input)
}

/// `'…'`, without its quotes.
pub(super) fn rune(input: &str) -> Parsed<'_, &str> {
    let quoted = recognize(many0_count(alt((value((), is_not("'\\\n")), value((), (char('\\'), none_of("\n")))))));
    delimited(char('\''), quoted, char('\'')).parse(input)
}

/// A comment; one in a line does not take the end of it.
pub(super) fn comment(input: &str) -> Parsed<'_, ()> {
    let line = (tag("//"), take_while(|c| c != '\n'));
    let block = (tag("/*"), cut(expect("the end of the comment", terminated(take_until("*/"), tag("*/")))));
    alt((value((), line), value((), block))).parse(input)
}

/// What may stand between two tokens of a line.
pub(super) fn inline(input: &str) -> Parsed<'_, ()> {
    value((), many0_count(alt((value((), one_of(" \t\r")), comment)))).parse(input)
}

/// What may stand between two tokens where lines may break.
pub(super) fn blank(input: &str) -> Parsed<'_, ()> {
    value((), many0_count(alt((value((), one_of(" \t\r\n")), comment)))).parse(input)
}

/// The end of a field or a declaration: a new line, a semicolon, or what closes the list.
pub(super) fn end_of_line(input: &str) -> Parsed<'_, ()> {
    let end = alt((value((), one_of("\n;")), value((), peek(one_of(")}"))), value((), eof)));
    preceded(inline, end).parse(input)
}

pub(super) fn parens(input: &str) -> Parsed<'_, ()> {
    value((), (open("("), nested(")"), close(")"))).parse(input)
}

/// Anything up to one of the characters `end`, outside of all brackets, strings and comments.
pub(super) fn nested<'a>(end: &'static str) -> impl Parser<&'a str, Output = (), Error = Expected> {
    move |input: &'a str| {
        let mut depth = 0_usize;
        let mut rest = input;
        loop {
            match rest.chars().next() {
                None => return Ok((rest, ())),
                Some(c) if depth == 0 && end.contains(c) => return Ok((rest, ())),
                Some('(' | '[' | '{') => depth += 1,
                Some(')' | ']' | '}') => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return Ok((rest, ())),
                },
                _ => {}
            }
            let literal = alt((value((), string), value((), rune), comment, value((), success(())))).parse(rest)?.0;
            rest = match literal.len() == rest.len() {
                true => rest.strip_prefix(|_| true).unwrap_or(""),
                false => literal,
            };
        }
    }
}
