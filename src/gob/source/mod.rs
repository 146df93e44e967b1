//! `Declarations`: Go types made at run time, from Go source.

pub mod constant;
mod error;
mod known;
mod literal;
mod maker;
pub mod syntax;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use self::constant::Constants;
pub use self::error::ParseError;
use self::maker::{Made, Maker};
use self::syntax::{Declaration, Expr, Item, Method};
use super::ty::{Marshaler, Type};

/// The types that a Go source declares, for values whose type is known only at run time.
///
/// Of the source only the declarations of types count; whatever else is in it is passed over. The well-known types of
/// Go's standard library (`time.Time`, `big.Int`, …) may be named, others not.
///
/// A declared type is made once, when it is first asked for; one without a name, such as `[]Node` or an alias of that, is
/// made whenever it is. They live as long as the process, as types do in Go.
///
/// ```
/// use gobrpc::gob::Declarations;
///
/// let declarations = Declarations::parse("package shapes\ntype Node struct { Value int; Next *Node }")?;
/// assert_eq!(declarations.get("Node")?.to_string(), "shapes.Node");
/// assert_eq!(declarations.parse_type("map[string][]*Node")?.to_string(), "map[string][]*shapes.Node");
/// # Ok::<(), gobrpc::gob::ParseError>(())
/// ```
#[derive(Debug)]
pub struct Declarations {
    source: String,
    package: &'static str,
    /// Import paths, by the name the source gives them.
    imports: HashMap<String, String>,
    types: HashMap<String, Declaration>,
    constants: Constants,
    /// The names of the types, in the order of the source.
    names: Vec<String>,
    /// The types that encode themselves, and whether they do so by pointer.
    marshalers: HashMap<String, (Marshaler, bool)>,
    made: Mutex<HashMap<String, Made>>,
}

impl Type {
    /// The type that a Go type expression names: `Type::parse("map[string]struct{ A, B int }")`.
    ///
    /// # Errors
    /// When the text is not a Go type, or not one that gob can send.
    pub fn parse(text: &str) -> Result<&'static Self, ParseError> {
        Declarations::parse("")?.parse_type(text)
    }
}

impl Declarations {
    /// Reads a source file, or a part of one.
    ///
    /// # Errors
    /// For a declaration that is not Go.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let items = syntax::parse(source)?;
        let mut this = Self {
            source: source.to_owned(),
            package: "main",
            imports: HashMap::new(),
            types: HashMap::new(),
            constants: Constants::default(),
            names: Vec::new(),
            marshalers: HashMap::new(),
            made: Mutex::default(),
        };
        this.constants.extend(&items);
        for item in items {
            match item {
                Item::Package { name, .. } => this.package = name.leak(),
                Item::Import { name, path } => drop(this.imports.insert(name, path)),
                Item::Type(declaration) => {
                    this.names.push(declaration.name.clone());
                    this.types.insert(declaration.name.clone(), declaration);
                }
                Item::Constants(_) => {}
                Item::Method(Method { receiver, by_pointer, name, .. }) => {
                    // G138: of both, this one.
                    let known = this.marshalers.get(&receiver).is_some_and(|(known, _)| *known == Marshaler::Gob);
                    match name.as_str() {
                        "GobEncode" => drop(this.marshalers.insert(receiver, (Marshaler::Gob, by_pointer))),
                        "MarshalBinary" if !known => {
                            this.marshalers.insert(receiver, (Marshaler::Binary, by_pointer));
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(this)
    }

    /// The names of the declared types, in the order of the source. Generic ones are left out: they are not types by
    /// themselves.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The declared type of this name.
    ///
    /// # Errors
    /// When no type of this name is declared, or gob cannot send it.
    pub fn get(&self, name: &str) -> Result<&'static Type, ParseError> {
        if !self.types.contains_key(name) {
            return Err(ParseError::without_place(format!("no type {name} is declared")));
        }
        self.parse_type(name)
    }

    /// The type that an expression names, in which the declared types may occur.
    ///
    /// # Errors
    /// When the text is not a Go type, or not one that gob can send.
    pub fn parse_type(&self, text: &str) -> Result<&'static Type, ParseError> {
        self.make(&syntax::parse_type(text)?, text)
    }

    /// The type of an expression in the source, such as the parameter of a method.
    ///
    /// # Errors
    /// As [`parse_type`](Self::parse_type).
    #[doc(hidden)]
    pub fn type_of(&self, expr: &Expr) -> Result<&'static Type, ParseError> {
        self.make(expr, &self.source)
    }

    fn make(&self, expr: &Expr, text: &str) -> Result<&'static Type, ParseError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let before = made.keys().cloned().collect::<HashSet<_>>();
        let result = Maker::new(self, &mut made).make(expr, text);
        if result.is_err() {
            // What an error left unfinished must not be found again.
            made.retain(|name, _| before.contains(name));
        }
        result
    }
}
