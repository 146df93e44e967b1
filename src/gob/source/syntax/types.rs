//! Types.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, one_of};
use nom::combinator::{cut, map, opt, recognize, value};
use nom::multi::separated_list1;
use nom::sequence::{delimited, pair, preceded, terminated};

use super::token::{close, comma, end_of_line, identifier, inline, keyword, nested, open, parens, string};
use super::value::{Value, array_length};
use super::{Expr, Field, MAX_DEPTH, Name, Parsed, comment, expect, too_deep};

const TOO_DEEP: &str = "a type that is less deep";

pub(super) fn ty(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let Some(depth) = depth.checked_sub(1) else { return too_deep(input, TOO_DEEP) };
    let mut prefixes = Vec::new();
    let mut rest = input;
    let mut ty = loop {
        (rest, ()) = inline(rest)?;
        if prefixes.len() == MAX_DEPTH {
            return too_deep(rest, TOO_DEEP);
        }
        match opt(|input| prefix(input, depth)).parse(rest)? {
            (after, Some(prefix)) => {
                prefixes.push(prefix);
                rest = after;
            }
            (_, None) => {
                let (after, ty) = expect("a type", |input| base(input, depth)).parse(rest)?;
                rest = after;
                break ty;
            }
        }
    };
    for prefix in prefixes.into_iter().rev() {
        let inner = Box::new(ty);
        ty = match prefix {
            Prefix::Pointer => Expr::Pointer(inner),
            Prefix::Slice => Expr::Slice(inner),
            Prefix::Array(len) => Expr::Array(Box::new(len), inner),
            Prefix::Map(key) => Expr::Map(Box::new(key), inner),
        };
    }
    Ok((rest, ty))
}

/// What stands before the element of a type.
#[derive(Clone)]
enum Prefix {
    Pointer,
    Slice,
    Array(Value),
    Map(Expr),
}

fn prefix(input: &str, depth: usize) -> Parsed<'_, Prefix> {
    let key = delimited(open("["), |input| ty(input, depth), close("]"));
    let len = terminated(expect("the length of the array", |input| array_length(input, depth)), close("]"));
    alt((
        value(Prefix::Pointer, open("*")),
        value(Prefix::Slice, (open("["), char(']'))),
        map(preceded(open("["), cut(len)), Prefix::Array),
        map(preceded(keyword("map"), cut(key)), Prefix::Map),
    ))
    .parse(input)
}

/// A type without prefixes.
fn base(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let inner = || move |input| ty(input, depth);
    let result = preceded(inline, alt((parens, value((), inner()))));
    alt((
        delimited(open("("), inner(), close(")")),
        map(preceded((keyword("struct"), inline, char('{'), inline), cut(|input| fields(input, depth))), Expr::Struct),
        map(delimited((keyword("interface"), open("{")), recognize(nested("}")), close("}")), interface),
        value(Expr::Channel, (opt(tag("<-")), keyword("chan"), opt(tag("<-")), inner())),
        value(Expr::Function, (keyword("func"), parens, opt(result))),
        map(|input| name(input, depth), Expr::Name),
    ))
    .parse(input)
}

fn interface(body: &str) -> Expr {
    // Only sets of types have these, outside of comments.
    let is_constraint = body.lines().filter_map(|line| line.split("//").next()).any(|line| line.contains(['~', '|']));
    if is_constraint || body.trim() == "comparable" { Expr::Constraint } else { Expr::Interface }
}

pub(super) fn name(input: &str, depth: usize) -> Parsed<'_, Name> {
    let left = input.len();
    let args = delimited(open("["), separated_list1(comma, |input| ty(input, depth)), close("]"));
    let (input, (first, second, args)) =
        (identifier, opt(preceded(char('.'), cut(expect("a name", identifier)))), opt(args)).parse(input)?;
    let (package, name) = match second {
        Some(name) => (Some(first.to_owned()), name),
        None => (None, first),
    };
    Ok((input, Name { package, name: name.to_owned(), args: args.unwrap_or_default(), left }))
}

/// The fields of a struct, and the brace after them.
fn fields(input: &str, depth: usize) -> Parsed<'_, Vec<Field>> {
    let mut fields = Vec::new();
    let mut rest = input;
    loop {
        let (start, doc) = comment::before(rest)?;
        if let Ok((rest, _)) = close("}").parse(start) {
            return Ok((rest, fields));
        }
        let field = alt((|input| named_fields(input, depth), |input| embedded_field(input, depth)));
        let tag = opt(preceded(inline, string));
        let end = expect("a new line", end_of_line);
        let (after, (found, tag, line, ())) = (expect("a field", field), tag, comment::after, end).parse(start)?;
        let doc = if doc.is_empty() { line } else { doc };
        let tag = tag.unwrap_or("");
        fields.extend(found.into_iter().map(|field| Field { tag: tag.to_owned(), doc: doc.clone(), ..field }));
        rest = after;
    }
}

fn named_fields(input: &str, depth: usize) -> Parsed<'_, Vec<Field>> {
    let left = input.len();
    let names = terminated(separated_list1(comma, identifier), one_of(" \t"));
    let (input, (names, ())) = pair(names, inline).parse(input)?;
    // After an embedded field none of a type's beginnings can stand.
    let is_embedded = input.starts_with(['`', '"', '\n', '}', ';']) || input.is_empty();
    let (input, ty) = if is_embedded { ty(input, depth)? } else { cut(|input| ty(input, depth)).parse(input)? };
    let field =
        |name: &str| Field { name: name.to_owned(), ty: ty.clone(), tag: String::new(), doc: String::new(), left };
    Ok((input, names.into_iter().map(field).collect()))
}

fn embedded_field(input: &str, depth: usize) -> Parsed<'_, Vec<Field>> {
    let left = input.len();
    let (input, (pointer, ty)) = pair(opt(open("*")), |input| name(input, depth)).parse(input)?;
    let name = ty.name.clone();
    let ty = match pointer {
        Some(_) => Expr::Pointer(Box::new(Expr::Name(ty))),
        None => Expr::Name(ty),
    };
    Ok((input, vec![Field { name, ty, tag: String::new(), doc: String::new(), left }]))
}
