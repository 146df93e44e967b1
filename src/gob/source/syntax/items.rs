//! What stands at the top of a file.

use std::sync::Arc;

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{cut, map, opt, peek, recognize, value};
use nom::multi::separated_list1;
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{Finish, Parser};

use super::token::{close, comma, end_of_line, identifier, inline, keyword, nested, open, string};
use super::value::values;
use super::{Constants, Declaration, Expected, Item, MAX_DEPTH, Method, Parsed, comment, expect, signature, types};

pub(super) fn parse(text: &str) -> Result<Vec<Item>, Expected> {
    let mut items = Vec::new();
    let (mut rest, mut doc) = comment::before(text).finish()?;
    while !rest.is_empty() {
        let (after, found) = alt((
            |input| package(input, &doc),
            imports,
            |input| declarations(input, &doc),
            |input| constants(input, &doc),
            |input| method(input, &doc),
            passed_over,
        ))
        .parse(rest)
        .finish()?;
        items.extend(found);
        (rest, doc) = preceded(opt(char(';')), comment::before).parse(after).finish()?;
    }
    Ok(items)
}

fn package<'a>(input: &'a str, doc: &str) -> Parsed<'a, Vec<Item>> {
    let package = |name: &str| vec![Item::Package { name: name.to_owned(), doc: doc.to_owned() }];
    map(preceded((keyword("package"), inline), identifier), package).parse(input)
}

fn imports(input: &str) -> Parsed<'_, Vec<Item>> {
    preceded((keyword("import"), inline), |input| group(input, "", |input, _| import(input))).parse(input)
}

fn import(input: &str) -> Parsed<'_, Item> {
    let name = opt(terminated(alt((identifier, tag("."))), inline));
    map(pair(name, string), |(name, path)| {
        let name = name.unwrap_or_else(|| last_element(path));
        Item::Import { name: name.to_owned(), path: path.to_owned() }
    })
    .parse(input)
}

/// What a package is usually called that is imported from this path: a version is no name.
fn last_element(path: &str) -> &str {
    let is_version = |name: &str| {
        name.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
    };
    let mut elements = path.rsplit('/').filter(|name| !is_version(name));
    elements.next().unwrap_or(path)
}

fn declarations<'a>(input: &'a str, doc: &str) -> Parsed<'a, Vec<Item>> {
    let (input, _) = (keyword("type"), inline).parse(input)?;
    cut(|input| group(input, doc, |input, doc| map(|input| declaration(input, &doc), Item::Type).parse(input)))
        .parse(input)
}

/// One, or several in parentheses, each with its comment.
fn group<'a, T>(
    input: &'a str,
    doc: &str,
    mut one: impl FnMut(&'a str, String) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    let Ok((mut rest, _)) = (inline, char('('), inline).parse(input) else {
        return terminated(|input| one(input, doc.to_owned()), end_of_line)
            .parse(input)
            .map(|(rest, one)| (rest, vec![one]));
    };
    let mut items = Vec::new();
    loop {
        let (start, doc) = comment::before(rest)?;
        if let Ok((rest, _)) = close(")").parse(start) {
            return Ok((rest, items));
        }
        let (after, item) = terminated(|input| one(input, doc.clone()), end_of_line).parse(start)?;
        items.push(item);
        rest = after;
    }
}

fn declaration<'a>(input: &'a str, doc: &str) -> Parsed<'a, Declaration> {
    let left = input.len();
    let (input, name) = terminated(expect("the name of a type", identifier), inline).parse(input)?;
    let (input, params) = map(opt(parameters), Option::unwrap_or_default).parse(input)?;
    let (input, alias) = delimited(inline, opt(char('=')), inline).parse(input)?;
    let (input, ty) = types::ty(input, MAX_DEPTH)?;
    let (name, doc) = (name.to_owned(), doc.to_owned());
    Ok((input, Declaration { name, params, is_alias: alias.is_some(), ty, doc, left }))
}

/// `[K comparable, V any]`: what tells it from the length of an array is that a constraint follows, and no operator.
fn parameters(input: &str) -> Parsed<'_, Vec<String>> {
    let begin = peek(satisfy(|c| c.is_alphabetic() || "_~[(".contains(c)));
    let constraint = preceded((one_of(" \t"), inline, begin), recognize(nested(",]")));
    let parameter = pair(separated_list1(comma, identifier), constraint);
    map(delimited(open("["), separated_list1(comma, parameter), close("]")), |list| {
        list.into_iter().flat_map(|(names, _)| names).map(str::to_owned).collect()
    })
    .parse(input)
}

fn constants<'a>(input: &'a str, doc: &str) -> Parsed<'a, Vec<Item>> {
    let (input, _) = (keyword("const"), inline).parse(input)?;
    let (input, mut lines) = group(input, doc, constant)?;
    let (mut ty, mut values): (_, Vec<_>) = (None, Vec::new());
    for (iota, line) in lines.iter_mut().enumerate() {
        line.iota = iota;
        // A line without values repeats those of the one before, with its type.
        if line.values.is_empty() {
            line.ty.clone_from(&ty);
            line.values.clone_from(&values);
        } else {
            ty.clone_from(&line.ty);
            values.clone_from(&line.values);
        }
    }
    Ok((input, lines.into_iter().map(Item::Constants).collect()))
}

fn constant(input: &str, doc: String) -> Parsed<'_, Constants> {
    let left = input.len();
    let (input, names) = separated_list1(comma, identifier).parse(input)?;
    let (input, ty) = match opt(preceded(inline, char('='))).parse(input)? {
        (_, Some(_)) => (input, None),
        (_, None) => opt(|input| types::ty(input, MAX_DEPTH)).parse(input)?,
    };
    let (input, values) = map(opt(preceded(open("="), values)), Option::unwrap_or_default).parse(input)?;
    let (input, line) = comment::after(input)?;
    let doc = if doc.is_empty() { line } else { doc };
    let names = names.into_iter().map(str::to_owned).collect();
    let (ty, values) = (ty.map(Arc::new), values.into_iter().map(Arc::new).collect());
    Ok((input, Constants { names, ty, values, iota: 0, doc, left }))
}

/// The head of a method. Its body is passed over.
fn method<'a>(input: &'a str, doc: &str) -> Parsed<'a, Vec<Item>> {
    let left = input.len();
    let named = terminated(identifier, one_of(" \t"));
    let receiver = (opt(named), inline, opt(char('*')), inline, identifier, nested(")"));
    let receiver = delimited(open("("), receiver, close(")"));
    let (input, (_, _, (_, _, pointer, _, receiver, ()), _, name)) =
        (keyword("func"), inline, receiver, inline, identifier).parse(input)?;
    let (input, signature) = match signature::signature(input) {
        Ok((rest, signature)) => (rest, Some(signature)),
        Err(_) => (input, None),
    };
    let (input, ()) = nested(";\n").parse(input)?;
    let (receiver, name, doc) = (receiver.to_owned(), name.to_owned(), doc.to_owned());
    let method = Method { receiver, by_pointer: pointer.is_some(), name, signature, doc, left };
    Ok((input, vec![Item::Method(method)]))
}

fn passed_over(input: &str) -> Parsed<'_, Vec<Item>> {
    value(Vec::new(), (nested(";\n"), opt(one_of(";\n})]")))).parse(input)
}
