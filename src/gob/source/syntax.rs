//! Go's syntax of types: what stands in a source, before it has a meaning.

use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, take_until, take_while, take_while1};
use nom::character::complete::{char, none_of, one_of, satisfy};
use nom::combinator::{cut, eof, map, not, opt, peek, recognize, success, value};
use nom::error::{ErrorKind, ParseError};
use nom::multi::{many0_count, separated_list1};
use nom::sequence::{delimited, pair, preceded, separated_pair, terminated};
use nom::{Finish, IResult, Parser};

/// A type as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    Name(Name),
    Pointer(Box<Self>),
    Slice(Box<Self>),
    Array(usize, Box<Self>),
    Map(Box<Self>, Box<Self>),
    Struct(Vec<Field>),
    Interface,
    /// A channel or a function, which gob passes over in a struct and refuses anywhere else (G29, G83).
    Unsendable,
}

/// `Point`, `time.Time` or `Page[int]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) package: Option<String>,
    pub(super) name: String,
    pub(super) args: Vec<Expr>,
    /// How much of the source was left where it begins.
    pub(super) left: usize,
}

/// A field; an embedded one is called by its type (G64).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) ty: Expr,
}

/// What a source declares, as far as gob cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Package(String),
    Import { name: String, path: String },
    Type(Declaration),
    Method { receiver: String, by_pointer: bool, name: String },
}

/// `type Name[Params] = ty`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) is_alias: bool,
    pub(super) ty: Expr,
}

/// What should have come, and how much of the source was left there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) what: &'static str,
    pub(super) left: usize,
}

impl ParseError<&str> for Expected {
    fn from_error_kind(input: &str, _kind: ErrorKind) -> Self {
        Self { what: "", left: input.len() }
    }

    fn append(_input: &str, _kind: ErrorKind, other: Self) -> Self {
        other
    }

    /// Of two ways that ended, the one that got further tells more.
    fn or(self, other: Self) -> Self {
        if (self.left, self.what.is_empty()) <= (other.left, other.what.is_empty()) { self } else { other }
    }
}

type Parsed<'a, T> = IResult<&'a str, T, Expected>;

/// How deep types may nest in the source, and how many stars and brackets may come before one.
const MAX_DEPTH: usize = 32;

/// A type and nothing else.
pub(super) fn parse_type(text: &str) -> Result<Expr, Expected> {
    let end = preceded(blank, expect("the end of the type", eof));
    let (_, ty) = delimited(blank, |input| ty(input, MAX_DEPTH), end).parse(text).finish()?;
    Ok(ty)
}

/// What a source file declares; the rest of it is passed over.
pub(super) fn parse_source(text: &str) -> Result<Vec<Item>, Expected> {
    let mut items = Vec::new();
    let (mut rest, ()) = blank(text).finish()?;
    while !rest.is_empty() {
        let (after, found) = alt((package, imports, types, method, passed_over)).parse(rest).finish()?;
        items.extend(found);
        (rest, _) = preceded(opt(char(';')), blank).parse(after).finish()?;
    }
    Ok(items)
}

/// Names what a parser looks for, should it not even begin.
fn expect<'a, T>(
    what: &'static str,
    mut parser: impl Parser<&'a str, Output = T, Error = Expected>,
) -> impl Parser<&'a str, Output = T, Error = Expected> {
    move |input: &'a str| {
        parser.parse(input).map_err(|error| {
            error.map(|error| if error.left == input.len() { Expected { what, ..error } } else { error })
        })
    }
}

// Declarations

fn package(input: &str) -> Parsed<'_, Vec<Item>> {
    map(preceded((keyword("package"), inline), identifier), |name| vec![Item::Package(name.to_owned())]).parse(input)
}

fn imports(input: &str) -> Parsed<'_, Vec<Item>> {
    preceded((keyword("import"), inline), group(import)).parse(input)
}

fn import(input: &str) -> Parsed<'_, Item> {
    let name = opt(terminated(alt((identifier, tag("."))), inline));
    map(pair(name, string), |(name, path)| {
        let name = name.unwrap_or_else(|| path.rsplit('/').next().unwrap_or(path));
        Item::Import { name: name.to_owned(), path: path.to_owned() }
    })
    .parse(input)
}

fn types(input: &str) -> Parsed<'_, Vec<Item>> {
    preceded((keyword("type"), inline), cut(group(map(declaration, Item::Type)))).parse(input)
}

/// One, or several in parentheses.
fn group<'a, T>(
    mut one: impl Parser<&'a str, Output = T, Error = Expected>,
) -> impl Parser<&'a str, Output = Vec<T>, Error = Expected> {
    move |input: &'a str| {
        let Ok((mut rest, _)) = open("(").parse(input) else {
            return terminated(|input| one.parse(input), end_of_line).parse(input).map(|(rest, one)| (rest, vec![one]));
        };
        let mut items = Vec::new();
        loop {
            if let Ok((rest, _)) = close(")").parse(rest) {
                return Ok((rest, items));
            }
            let (after, item) = terminated(|input| one.parse(input), end_of_line).parse(rest)?;
            items.push(item);
            (rest, _) = blank(after)?;
        }
    }
}

fn declaration(input: &str) -> Parsed<'_, Declaration> {
    let (input, name) = terminated(expect("the name of a type", identifier), inline).parse(input)?;
    let (input, params) = map(opt(parameters), Option::unwrap_or_default).parse(input)?;
    let (input, alias) = delimited(inline, opt(char('=')), inline).parse(input)?;
    let (input, ty) = ty(input, MAX_DEPTH)?;
    Ok((input, Declaration { name: name.to_owned(), params, is_alias: alias.is_some(), ty }))
}

/// `[K comparable, V any]`: what tells it from the length of an array is that a constraint follows.
fn parameters(input: &str) -> Parsed<'_, Vec<String>> {
    let constraint = preceded((one_of(" \t"), inline), recognize(nested(",]")));
    let parameter = pair(separated_list1(comma, identifier), constraint);
    map(delimited(open("["), separated_list1(comma, parameter), close("]")), |list| {
        list.into_iter().flat_map(|(names, _)| names).map(str::to_owned).collect()
    })
    .parse(input)
}

/// The head of a method. Those of interest are the ones by which a type encodes itself.
fn method(input: &str) -> Parsed<'_, Vec<Item>> {
    let named = terminated(identifier, one_of(" \t"));
    let receiver = (opt(named), inline, opt(char('*')), inline, identifier, nested(")"));
    let receiver = delimited(open("("), receiver, close(")"));
    let (input, (_, _, (_, _, pointer, _, receiver, ()), _, name, _)) =
        (keyword("func"), inline, receiver, inline, identifier, nested(";\n")).parse(input)?;
    let (receiver, name) = (receiver.to_owned(), name.to_owned());
    Ok((input, vec![Item::Method { receiver, by_pointer: pointer.is_some(), name }]))
}

fn passed_over(input: &str) -> Parsed<'_, Vec<Item>> {
    value(Vec::new(), (nested(";\n"), opt(one_of(";\n})]")))).parse(input)
}

// Types

fn ty(input: &str, depth: usize) -> Parsed<'_, Expr> {
    let Some(depth) = depth.checked_sub(1) else { return too_deep(input) };
    let mut prefixes = Vec::new();
    let mut rest = input;
    let mut ty = loop {
        (rest, ()) = inline(rest)?;
        if prefixes.len() == MAX_DEPTH {
            return too_deep(rest);
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
            Prefix::Array(len) => Expr::Array(len, inner),
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
    Array(usize),
    Map(Expr),
}

fn prefix(input: &str, depth: usize) -> Parsed<'_, Prefix> {
    let key = delimited(open("["), |input| ty(input, depth), close("]"));
    let len = terminated(expect("the length of the array", length), close("]"));
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
        map(preceded((keyword("struct"), open("{")), cut(|input| fields(input, depth))), Expr::Struct),
        value(Expr::Interface, (keyword("interface"), open("{"), nested("}"), close("}"))),
        value(Expr::Unsendable, (opt(tag("<-")), keyword("chan"), opt(tag("<-")), inner())),
        value(Expr::Unsendable, (keyword("func"), parens, opt(result))),
        map(|input| name(input, depth), Expr::Name),
    ))
    .parse(input)
}

fn too_deep<T>(input: &str) -> Parsed<'_, T> {
    Err(nom::Err::Failure(Expected { what: "a type that is less deep", left: input.len() }))
}

fn name(input: &str, depth: usize) -> Parsed<'_, Name> {
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
        if let Ok((rest, _)) = preceded(blank, close("}")).parse(rest) {
            return Ok((rest, fields));
        }
        let field = alt((|input| named_fields(input, depth), |input| embedded_field(input, depth)));
        let tag = opt(preceded(inline, string));
        let (after, found) =
            delimited(blank, expect("a field", field), (tag, inline, expect("a new line", end_of_line))).parse(rest)?;
        fields.extend(found);
        rest = after;
    }
}

fn named_fields(input: &str, depth: usize) -> Parsed<'_, Vec<Field>> {
    let names = terminated(separated_list1(comma, identifier), one_of(" \t"));
    let (input, (names, ty)) = separated_pair(names, inline, |input| ty(input, depth)).parse(input)?;
    Ok((input, names.into_iter().map(|name| Field { name: name.to_owned(), ty: ty.clone() }).collect()))
}

fn embedded_field(input: &str, depth: usize) -> Parsed<'_, Vec<Field>> {
    let (input, (pointer, ty)) = pair(opt(open("*")), |input| name(input, depth)).parse(input)?;
    let name = ty.name.clone();
    let ty = match pointer {
        Some(_) => Expr::Pointer(Box::new(Expr::Name(ty))),
        None => Expr::Name(ty),
    };
    Ok((input, vec![Field { name, ty }]))
}

/// `4`, `0x10`, `1_000`
fn length(input: &str) -> Parsed<'_, usize> {
    let digits = |text: &str| text.replace('_', "");
    let (rest, text) = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_')(input)?;
    let (radix, text) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    match usize::from_str_radix(&digits(text), radix) {
        Ok(len) => Ok((rest, len)),
        Err(_) => Err(nom::Err::Error(Expected { what: "", left: input.len() })),
    }
}

// Tokens

fn identifier(input: &str) -> Parsed<'_, &str> {
    let start = satisfy(|c| c.is_alphabetic() || c == '_');
    recognize(pair(start, take_while(is_identifier))).parse(input)
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn keyword<'a>(word: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    terminated(tag(word), not(peek(satisfy(is_identifier))))
}

/// A token after which lines may break.
fn open<'a>(token: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    delimited(inline, tag(token), blank)
}

/// A token that ends what [`open`] began.
fn close<'a>(token: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = Expected> {
    let what = match token {
        "]" => "`]`",
        "}" => "`}`",
        _ => "`)`",
    };
    preceded(inline, expect(what, tag(token)))
}

fn comma(input: &str) -> Parsed<'_, &str> {
    open(",").parse(input)
}

/// A string literal, as it is: the paths of imports need no unescaping, and tags have no meaning.
fn string(input: &str) -> Parsed<'_, &str> {
    let quoted = recognize(many0_count(alt((value((), is_not("\"\\\n")), value((), (char('\\'), none_of("\n")))))));
    alt((delimited(char('"'), quoted, char('"')), delimited(char('`'), take_while(|c| c != '`'), char('`'))))
        .parse(input)
}

fn rune(input: &str) -> Parsed<'_, ()> {
    let quoted = many0_count(alt((value((), is_not("'\\\n")), value((), (char('\\'), none_of("\n"))))));
    value((), (char('\''), quoted, char('\''))).parse(input)
}

/// A comment; one in a line does not take the end of it.
fn comment(input: &str) -> Parsed<'_, ()> {
    let line = (tag("//"), take_while(|c| c != '\n'));
    let block = (tag("/*"), cut(expect("the end of the comment", terminated(take_until("*/"), tag("*/")))));
    alt((value((), line), value((), block))).parse(input)
}

/// What may stand between two tokens of a line.
fn inline(input: &str) -> Parsed<'_, ()> {
    value((), many0_count(alt((value((), one_of(" \t\r")), comment)))).parse(input)
}

/// What may stand between two tokens where lines may break.
fn blank(input: &str) -> Parsed<'_, ()> {
    value((), many0_count(alt((value((), one_of(" \t\r\n")), comment)))).parse(input)
}

/// The end of a field or a declaration: a new line, a semicolon, or what closes the list.
fn end_of_line(input: &str) -> Parsed<'_, ()> {
    let end = alt((value((), one_of("\n;")), value((), peek(one_of(")}"))), value((), eof)));
    preceded(inline, end).parse(input)
}

fn parens(input: &str) -> Parsed<'_, ()> {
    value((), (open("("), nested(")"), close(")"))).parse(input)
}

/// Anything up to one of the characters `end`, outside of all brackets, strings and comments.
fn nested<'a>(end: &'static str) -> impl Parser<&'a str, Output = (), Error = Expected> {
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
            let literal = alt((value((), string), rune, comment, value((), success(())))).parse(rest)?.0;
            rest = match literal.len() == rest.len() {
                true => rest.strip_prefix(|_| true).unwrap_or(""),
                false => literal,
            };
        }
    }
}
