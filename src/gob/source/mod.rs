//! `Declarations`: Go types made at run time, from Go source.

pub mod constant;
mod error;
mod known;
mod literal;
pub mod syntax;

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use self::constant::{Constants, Evaluator};
pub use self::error::ParseError;
use self::syntax::{Declaration, Expr, Item, Method, Name, Value};
use super::ty::{Field, Kind, Marshaler, OpaqueType, Parts, Type, TypeRef};

/// The types that a Go source declares, for values whose type is known only at run time.
///
/// Of the source only the declarations of types count; whatever else is in it is passed over. The well-known types of
/// Go's standard library (`time.Time`, `big.Int`, …) may be named, others not.
///
/// A type is made when it is asked for, once, and lives as long as the process, as types do in Go.
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

/// A declared type, perhaps still being made.
#[derive(Debug, Clone, Copy)]
struct Made {
    kind: Kind,
    cell: &'static OnceLock<Type>,
}

impl Type {
    /// The type that a Go type expression names: `Type::parse("map[string]struct{ A, B int }")`.
    ///
    /// # Errors
    /// For what is no Go type, or none that gob can send.
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

    /// The names of the declared types, in the order of the source. A generic one is no type by itself.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The declared type of this name.
    ///
    /// # Errors
    /// When nothing of this name is declared, or what is cannot be sent by gob.
    pub fn get(&self, name: &str) -> Result<&'static Type, ParseError> {
        if !self.types.contains_key(name) {
            return Err(ParseError::without_place(format!("no type {name} is declared")));
        }
        self.parse_type(name)
    }

    /// The type that an expression names, in which the declared types may occur.
    ///
    /// # Errors
    /// For what is no Go type, or none that gob can send.
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
        let constants = Evaluator::new(&self.constants);
        let mut maker = Maker { declarations: self, constants, made: &mut made, depth: 0 };
        let result = maker.edge(expr, &Scope { text, params: &[] }).map(|(edge, _)| edge.get());
        if result.is_err() {
            // What an error left unfinished must not be found again.
            made.retain(|name, _| before.contains(name));
        }
        result
    }
}

/// What the names in an expression mean.
struct Scope<'a> {
    text: &'a str,
    /// The type parameters, with their arguments.
    params: &'a [(String, Arg)],
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

struct Maker<'a> {
    declarations: &'a Declarations,
    constants: Evaluator<'a>,
    made: &'a mut HashMap<String, Made>,
    depth: usize,
}

/// How long a chain of declarations may be; beyond it a type leads to itself, or grows without end.
const MAX_DEPTH: usize = 100;

impl<'a> Maker<'a> {
    /// The edge to the type of an expression, and the kind of that, which is known before the type is.
    fn edge(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<(TypeRef, Kind), ParseError> {
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
                if let Some((_, arg)) = scope.params.iter().find(|(param, _)| *param == name.name) {
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

    /// The kind of an expression's type, without making it.
    fn kind(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Kind, ParseError> {
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

    fn length(&mut self, length: &Value, scope: &Scope<'_>) -> Result<usize, ParseError> {
        self.constants.length(length).map_err(|unknown| match length {
            Value::Name(name) => ParseError::at(scope.text, name.left, unknown.to_string()),
            _ => ParseError::without_place(format!("the length of an array: {unknown}")),
        })
    }

    /// Spells an argument with the arguments in its scope put in.
    fn spell(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<String, ParseError> {
        Ok(match expr {
            Expr::Name(Name { package, name, args, .. }) => {
                let param = scope.params.iter().find(|(param, _)| package.is_none() && param == name);
                if let Some((_, arg)) = param {
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

    fn is_unsendable(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
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

const UNSENDABLE: &str = "gob cannot send channels and functions";

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
