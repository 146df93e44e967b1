//! Types, and the edges to them.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::{Arg, Made, Maker, Meaning, Scope, UNSENDABLE};
use crate::gob::source::error::ParseError;
use crate::gob::source::syntax::{self, Declaration, Expr, Name};
use crate::gob::ty::{Field, Kind, Marshaler, OpaqueType, Parts, Type, TypeRef};

impl Maker<'_> {
    /// The edge to the type of an expression, and the kind of that, which is known before the type is.
    pub(super) fn edge(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<(TypeRef, Kind), ParseError> {
        let Expr::Name(name) = expr else {
            let ty = self.literal(expr, scope)?;
            return Ok((TypeRef::to(Box::leak(Box::new(ty))), ty.kind));
        };
        let declaration = match self.meaning(name, scope)? {
            Meaning::Made(edge, kind) => return Ok((edge, kind)),
            Meaning::Declared(declaration) => declaration,
        };
        let args = self.args(name, declaration, scope)?;
        let inner = Scope { text: &self.declarations.source, params: &args };
        if declaration.is_alias {
            return self.deeper(name, scope, |this| this.edge(&declaration.ty, &inner));
        }
        let key = spelled(&declaration.name, &args);
        if let Some(made) = self.made.get(&key) {
            return Ok((TypeRef::late(made.cell), made.kind));
        }
        let marshaler = self.declarations.marshalers.get(&declaration.name).copied();
        let kind = match marshaler {
            Some(_) => Kind::Opaque,
            None => self.kind(expr, scope)?,
        };
        let cell: &'static OnceLock<Type> = Box::leak(Box::default());
        // The edge is there before the type, which may lead back here.
        self.made.insert(key, Made { kind, cell });
        let underlying = match marshaler {
            Some((marshaler, by_pointer)) => {
                let inside = self.deeper(name, scope, |this| this.inside(&declaration.ty, &inner))?;
                opaque(marshaler, by_pointer, inside)
            }
            None => self.deeper(name, scope, |this| this.literal(&declaration.ty, &inner))?,
        };
        let args = args.iter().map(|(_, arg)| arg.edge).collect::<Vec<_>>().leak();
        let name: &'static str = declaration.name.clone().leak();
        let ty = Type { args, ..underlying.named(self.declarations.package, name) };
        let ty = cell.get_or_init(|| ty);
        if holds_itself(ty) {
            return Err(ParseError::without_place(format!("{} holds itself, without a pointer between", ty.name)));
        }
        Ok((TypeRef::late(cell), kind))
    }

    fn args(
        &mut self,
        name: &Name,
        declaration: &Declaration,
        scope: &Scope<'_>,
    ) -> Result<Vec<(String, Arg)>, ParseError> {
        if name.args.len() != declaration.params.len() {
            let (wanted, got) = (declaration.params.len(), name.args.len());
            let message = format!("{} has {wanted} type parameters, and gets {got} arguments", name.name);
            return Err(ParseError::at(scope.text, name.left, message));
        }
        let mut args = Vec::with_capacity(name.args.len());
        for (param, arg) in declaration.params.iter().zip(&name.args) {
            let (edge, kind) = self.edge(arg, scope)?;
            args.push((param.clone(), Arg { edge, kind, spelled: self.spell(arg, scope)? }));
        }
        Ok(args)
    }

    /// The type of an expression as an unnamed one: what is underlying a declaration.
    fn literal(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Type, ParseError> {
        let (kind, parts) = match expr {
            Expr::Pointer(elem) => (Kind::Pointer, Parts::Elem(self.edge(elem, scope)?.0)),
            Expr::Slice(elem) => match self.edge(elem, scope)? {
                (elem, Kind::Uint8) if elem.get().name == "uint8" => return Ok(Type::bytes()),
                (elem, Kind::Uint8) => (Kind::Bytes, Parts::Elem(elem)),
                (elem, _) => (Kind::Slice, Parts::Elem(elem)),
            },
            Expr::Array(len, elem) => (Kind::Array, Parts::Array(self.edge(elem, scope)?.0, self.length(len, scope)?)),
            Expr::Map(key, elem) => (Kind::Map, Parts::Map(self.edge(key, scope)?.0, self.edge(elem, scope)?.0)),
            Expr::Struct(fields) => (Kind::Struct, Parts::Struct(self.fields(fields, scope)?)),
            Expr::Interface | Expr::Constraint => return Ok(Type::any()),
            Expr::Channel | Expr::Function => return Err(ParseError::without_place(UNSENDABLE.to_owned())),
            Expr::Name(name) => match self.meaning(name, scope)? {
                Meaning::Made(edge, Kind::Opaque) => {
                    // A type declared from another has none of its methods.
                    let message = format!("what is in a {} is not known here", edge.get());
                    return Err(ParseError::at(scope.text, name.left, message));
                }
                Meaning::Made(edge, _) => (edge.get().kind, edge.get().parts),
                Meaning::Declared(declaration) => {
                    let args = self.args(name, declaration, scope)?;
                    let inner = Scope { text: &self.declarations.source, params: &args };
                    return self.deeper(name, scope, |this| this.literal(&declaration.ty, &inner));
                }
            },
        };
        Ok(Type { kind, name: "", package: "", args: &[], parts })
    }

    /// What Go describes of a type that encodes itself (G154): it as it would be without the method. A struct need not
    /// have a field to be sent.
    fn inside(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Option<TypeRef>, ParseError> {
        let ty = match expr {
            Expr::Struct(fields) => Type::structure(self.exported(fields, scope)?),
            Expr::Name(name) => match self.meaning(name, scope)? {
                Meaning::Made(edge, Kind::Opaque) => return Ok(edge.get().opaque().and_then(|opaque| opaque.inside)),
                Meaning::Made(..) => self.literal(expr, scope)?,
                Meaning::Declared(declaration) => {
                    let args = self.args(name, declaration, scope)?;
                    let inner = Scope { text: &self.declarations.source, params: &args };
                    return self.deeper(name, scope, |this| this.inside(&declaration.ty, &inner));
                }
            },
            _ => self.literal(expr, scope)?,
        };
        Ok(Some(TypeRef::to(Box::leak(Box::new(ty)))))
    }

    /// The fields of a struct that is sent.
    fn fields(&mut self, fields: &[syntax::Field], scope: &Scope<'_>) -> Result<&'static [Field], ParseError> {
        let sent = self.exported(fields, scope)?;
        if sent.is_empty() && !fields.is_empty() {
            // G66
            return Err(ParseError::without_place("a struct has no exported fields".to_owned()));
        }
        Ok(sent)
    }

    /// The fields that gob sends: exported, and neither channels nor functions (G29).
    fn exported(&mut self, fields: &[syntax::Field], scope: &Scope<'_>) -> Result<&'static [Field], ParseError> {
        let mut sent = Vec::new();
        for field in fields {
            let is_exported = field.name.chars().next().is_some_and(char::is_uppercase);
            if !is_exported || self.is_unsendable(&field.ty, scope) {
                continue;
            }
            let (ty, kind) = self.edge(&field.ty, scope)?;
            let name: &'static str = field.name.clone().leak();
            sent.push(Field { name, key: name, kind, ty, has_default: false });
        }
        Ok(sent.leak())
    }
}

fn opaque(marshaler: Marshaler, by_pointer: bool, inside: Option<TypeRef>) -> Type {
    // What the zero value encodes to is known only to Go. A type of bytes usually encodes it to none.
    let opaque = OpaqueType { marshaler, zero: &[], omit_zero: !by_pointer, inside };
    let parts = Parts::Opaque(Box::leak(Box::new(opaque)));
    Type { kind: Kind::Opaque, name: "", package: "", args: &[], parts }
}

/// Whether a value of the type is a part of itself.
fn holds_itself(ty: &'static Type) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![ty];
    while let Some(next) = todo.pop() {
        let parts: Vec<&'static Type> = match next.parts {
            Parts::Struct(fields) => fields.iter().map(Field::ty).collect(),
            Parts::Array(elem, _) => vec![elem.get()],
            _ => continue,
        };
        for part in parts {
            if std::ptr::eq(part, ty) {
                return true;
            }
            if seen.insert(std::ptr::from_ref(part)) {
                todo.push(part);
            }
        }
    }
    false
}

/// A declared name with its type arguments, which tells it from all others.
fn spelled(name: &str, args: &[(String, Arg)]) -> String {
    let args: Vec<&str> = args.iter().map(|(_, arg)| arg.spelled.as_str()).collect();
    format!("{name}[{}]", args.join(","))
}
