//! Go's syntax, as far as declarations go: what stands in a source, before it has a meaning.
//!
//! It is public for the tools that come with this library, and hidden, because it follows their needs.

mod comment;
mod items;
mod signature;
mod token;
mod types;
mod value;

use std::sync::Arc;

use nom::combinator::eof;
use nom::error::{ErrorKind, ParseError as NomError};
use nom::sequence::{delimited, preceded};
use nom::{Finish, IResult, Parser};

use self::token::blank;
pub use self::value::{Operator, Value};
use super::ParseError;

/// A type as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A declared type.
    Name(Name),
    /// `*T`
    Pointer(Box<Self>),
    /// `[]T`
    Slice(Box<Self>),
    /// `[N]T`
    Array(Box<Value>, Box<Self>),
    /// `map[K]V`
    Map(Box<Self>, Box<Self>),
    /// `struct{…}`
    Struct(Vec<Field>),
    /// `interface{…}`
    Interface,
    /// An interface that names a set of types, which only a type parameter can have.
    Constraint,
    /// A channel, which gob passes over in a struct and refuses anywhere else (G29, G83).
    Channel,
    /// A function, with which gob does the same.
    Function,
}

/// `Point`, `time.Time` or `Page[int]`
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name by which the source knows the package.
    pub package: Option<String>,
    /// The name in that package.
    pub name: String,
    /// The type arguments.
    pub args: Vec<Expr>,
    /// How much of the source was left where it begins.
    pub left: usize,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name; an embedded field is called by its type (G64).
    pub name: String,
    /// The type.
    pub ty: Expr,
    /// The tag, without its quotes.
    pub tag: String,
    /// The comment before it, or else the one after it.
    pub doc: String,
    /// How much of the source was left where it begins.
    pub left: usize,
}

/// What a source declares, as far as it can be sent or called.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// The clause at its head.
    Package {
        /// The name of the package.
        name: String,
        /// What is said about it.
        doc: String,
    },
    /// One import.
    Import {
        /// The name by which the source knows the package.
        name: String,
        /// Its import path.
        path: String,
    },
    /// One type.
    Type(Declaration),
    /// The constants of one line.
    Constants(Constants),
    /// A method.
    Method(Method),
}

/// `type Name[Params] = ty`
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: String,
    /// The names of the type parameters.
    pub params: Vec<String>,
    /// Whether it is another name of the type, and not a type of its own.
    pub is_alias: bool,
    /// The type.
    pub ty: Expr,
    /// The comment before it.
    pub doc: String,
    /// How much of the source was left where it begins.
    pub left: usize,
}

/// `A, B Color = iota, iota + 1`
#[derive(Debug, Clone, PartialEq)]
pub struct Constants {
    /// The names.
    pub names: Vec<String>,
    /// The type, if it is given.
    pub ty: Option<Arc<Expr>>,
    /// The values, one a name; those of the line before if this one has none, as in Go. Then they are shared with it.
    pub values: Vec<Arc<Value>>,
    /// The number of the line in its group.
    pub iota: usize,
    /// The comment before it, or else the one after it.
    pub doc: String,
    /// How much of the source was left where it begins.
    pub left: usize,
}

/// `func (t *T) Name(params) results`
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// The name of the receiver's type.
    pub receiver: String,
    /// Whether the receiver is a pointer.
    pub by_pointer: bool,
    /// The name.
    pub name: String,
    /// What it takes and gives, if that could be read.
    pub signature: Option<Signature>,
    /// The comment before it.
    pub doc: String,
    /// How much of the source was left where it begins.
    pub left: usize,
}

/// What a method takes and gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// The parameters.
    pub params: Vec<Parameter>,
    /// The types of the results.
    pub results: Vec<Parameter>,
}

/// A parameter or a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name; empty if there is none.
    pub name: String,
    /// The type.
    pub ty: Expr,
    /// Whether it is `...T`.
    pub is_variadic: bool,
}

/// What should have come, and how much of the source was left there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) what: &'static str,
    pub(super) left: usize,
}

impl NomError<&str> for Expected {
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

/// How deep types and values may nest in the source, and how many stars and brackets may come before a type.
const MAX_DEPTH: usize = 32;

/// A type and nothing else.
pub(super) fn parse_type(text: &str) -> Result<Expr, ParseError> {
    let end = preceded(blank, expect("the end of the type", eof));
    let parsed = delimited(blank, |input| types::ty(input, MAX_DEPTH), end).parse(text).finish();
    parsed.map(|(_, ty)| ty).map_err(|expected| ParseError::expected(text, expected))
}

/// What a source file declares; the rest of it is passed over.
///
/// # Errors
/// For a declaration that is not Go.
pub fn parse(text: &str) -> Result<Vec<Item>, ParseError> {
    items::parse(text).map_err(|expected| ParseError::expected(text, expected))
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

fn too_deep<'a, T>(input: &'a str, what: &'static str) -> Parsed<'a, T> {
    Err(nom::Err::Failure(Expected { what, left: input.len() }))
}
