//! What can be told of an expression without making its type.

use std::fmt::Write;

use super::{Arg, MAX_DEPTH, Maker, Meaning, Scope, UNSENDABLE};
use crate::gob::source::error::ParseError;
use crate::gob::source::syntax::{Declaration, Expr, Name, Value};
use crate::gob::ty::{Kind, Type, TypeRef};

impl<'a> Maker<'a> {
    /// The kind of an expression's type, without making it.
    pub(super) fn kind(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Kind, ParseError> {
        Ok(match expr {
            Expr::Pointer(_) => Kind::Pointer,
            Expr::Array(..) => Kind::Array,
            Expr::Map(..) => Kind::Map,
            Expr::Struct(_) => Kind::Struct,
            Expr::Interface | Expr::Constraint => Kind::Interface,
            // G96. Asked of names alone: a slice may hold itself.
            Expr::Slice(elem) if matches!(**elem, Expr::Name(_)) && self.is_uint8(elem, scope) => Kind::Bytes,
            Expr::Slice(_) => Kind::Slice,
            Expr::Channel | Expr::Function => return Err(ParseError::without_place(UNSENDABLE.to_owned())),
            Expr::Name(name) => match self.meaning(name, scope)? {
                Meaning::Made(_, kind) => kind,
                Meaning::Declared(declaration) if self.declarations.marshalers.contains_key(&declaration.name) => {
                    Kind::Opaque
                }
                Meaning::Declared(declaration) => {
                    let params = self.parameter_kinds(name, declaration, scope)?;
                    let inner = Scope { text: &self.declarations.source, params: &params };
                    self.deeper(name, scope, |this| this.kind(&declaration.ty, &inner))?
                }
            },
        })
    }

    /// The arguments of a generic type, of which only the kinds are known.
    fn parameter_kinds(
        &mut self,
        name: &Name,
        declaration: &Declaration,
        scope: &Scope<'_>,
    ) -> Result<Vec<(String, Arg)>, ParseError> {
        let mut params = Vec::new();
        for (param, arg) in declaration.params.iter().zip(&name.args) {
            let kind = self.kind(arg, scope)?;
            let edge = TypeRef::to(const { &Type::structure(&[]) });
            params.push((param.clone(), Arg { edge, kind, spelled: String::new() }));
        }
        Ok(params)
    }

    pub(super) fn length(&mut self, length: &Value, scope: &Scope<'_>) -> Result<usize, ParseError> {
        self.constants.length(length).map_err(|unknown| match length {
            Value::Name(name) => ParseError::at(scope.text, name.left, unknown.to_string()),
            _ => ParseError::without_place(format!("the length of an array: {unknown}")),
        })
    }

    /// Spells an argument with the arguments in its scope put in.
    pub(super) fn spell(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<String, ParseError> {
        Ok(match expr {
            Expr::Name(Name { package, name, args, .. }) => {
                if let (None, Some(arg)) = (package, scope.param(name)) {
                    return Ok(arg.spelled.clone());
                }
                let args = args.iter().map(|arg| self.spell(arg, scope)).collect::<Result<Vec<_>, _>>()?;
                format!("{}.{name}[{}]", package.as_deref().unwrap_or(""), args.join(","))
            }
            Expr::Pointer(elem) => format!("*{}", self.spell(elem, scope)?),
            Expr::Slice(elem) => format!("[]{}", self.spell(elem, scope)?),
            Expr::Array(len, elem) => format!("[{}]{}", self.length(len, scope)?, self.spell(elem, scope)?),
            Expr::Map(key, elem) => format!("map[{}]{}", self.spell(key, scope)?, self.spell(elem, scope)?),
            Expr::Struct(fields) => {
                let mut out = String::from("struct{");
                for field in fields {
                    let _ = write!(out, "{} {};", field.name, self.spell(&field.ty, scope)?);
                }
                out + "}"
            }
            Expr::Interface | Expr::Constraint => "any".to_owned(),
            Expr::Channel | Expr::Function => "chan".to_owned(),
        })
    }

    fn is_uint8(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        match self.followed(expr, scope) {
            Expr::Name(name) => matches!(self.meaning(name, scope), Ok(Meaning::Made(_, Kind::Uint8))),
            _ => false,
        }
    }

    pub(super) fn is_unsendable(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        match self.followed(expr, scope) {
            Expr::Pointer(elem) => self.is_unsendable(elem, scope),
            expr => matches!(expr, Expr::Channel | Expr::Function),
        }
    }

    /// The expression behind a chain of declared names.
    fn followed<'e>(&self, expr: &'e Expr, scope: &Scope<'_>) -> &'e Expr
    where
        'a: 'e,
    {
        let mut expr = expr;
        for _ in 0..MAX_DEPTH {
            let Expr::Name(name) = expr else { break };
            match self.meaning(name, scope) {
                Ok(Meaning::Declared(declaration)) => expr = &declaration.ty,
                _ => break,
            }
        }
        expr
    }
}
