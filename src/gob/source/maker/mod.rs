//! From the expressions of a source to types.

mod look;
mod types;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::constant::Evaluator;
use super::error::ParseError;
use super::syntax::{Declaration, Expr, Name};
use super::{Declarations, known};
use crate::gob::ty::{Kind, Type, TypeRef};

/// A declared type, perhaps still being made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    kind: Kind,
    cell: &'static OnceLock<Type>,
}

/// What the names in an expression mean.
struct Scope<'a> {
    text: &'a str,
    /// The type parameters, with their arguments.
    params: &'a [(String, Arg)],
}

impl Scope<'_> {
    fn param(&self, name: &str) -> Option<&Arg> {
        self.params.iter().find(|(param, _)| param == name).map(|(_, arg)| arg)
    }
}

#[derive(Clone)]
struct Arg {
    edge: TypeRef,
    kind: Kind,
    /// As it is spelled, which the type itself may be too unfinished to tell.
    spelled: String,
}

/// A name, resolved.
enum Meaning<'a> {
    Made(TypeRef, Kind),
    Declared(&'a Declaration),
}

pub(super) struct Maker<'a> {
    declarations: &'a Declarations,
    constants: Evaluator<'a>,
    made: &'a mut HashMap<String, Made>,
    depth: usize,
}

/// How long a chain of declarations may be; beyond it a type leads to itself, or grows without end.
const MAX_DEPTH: usize = 100;

impl<'a> Maker<'a> {
    pub(super) fn new(declarations: &'a Declarations, made: &'a mut HashMap<String, Made>) -> Self {
        Self { declarations, constants: Evaluator::new(&declarations.constants), made, depth: 0 }
    }

    /// The type of an expression that stands in this text, by itself.
    pub(super) fn make(mut self, expr: &Expr, text: &str) -> Result<&'static Type, ParseError> {
        self.edge(expr, &Scope { text, params: &[] }).map(|(edge, _)| edge.get())
    }

    /// Follows a name to what it is declared as.
    fn deeper<T>(
        &mut self,
        name: &Name,
        scope: &Scope<'_>,
        make: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        if self.depth == MAX_DEPTH {
            let message = format!("{} is declared by itself, or without end", name.name);
            return Err(ParseError::at(scope.text, name.left, message));
        }
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        made
    }

    fn meaning(&self, name: &Name, scope: &Scope<'_>) -> Result<Meaning<'a>, ParseError> {
        let fail = |message: String| Err(ParseError::at(scope.text, name.left, message));
        let found = match &name.package {
            None => {
                if let Some(arg) = scope.param(&name.name) {
                    return Ok(Meaning::Made(arg.edge, arg.kind));
                }
                if let Some(declaration) = self.declarations.types.get(&name.name) {
                    return Ok(Meaning::Declared(declaration));
                }
                known::predeclared(&name.name)
            }
            Some(package) => match self.declarations.imports.get(package) {
                Some(path) => known::find(path, &name.name),
                None => known::find_unimported(package, &name.name),
            }
            .map(TypeRef::to),
        };
        match (found, &name.package) {
            (Some(_), _) if !name.args.is_empty() => fail(format!("{} has no type parameters", name.name)),
            (Some(edge), _) => Ok(Meaning::Made(edge, edge.get().kind)),
            (None, Some(package)) => fail(format!("the type {package}.{} is not known here", name.name)),
            (None, None) => fail(format!("no type {} is declared", name.name)),
        }
    }
}

const UNSENDABLE: &str = "gob cannot send channels and functions";
