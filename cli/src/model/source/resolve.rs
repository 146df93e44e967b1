//! What the types in a source are.

use std::collections::HashMap;

use gobrpc::gob::constant::Evaluator;
use gobrpc::gob::syntax::{self, Expr, Name};

use super::{Builder, NO_FIELDS, Problem, is_exported};
use crate::model::known::{self, Known};
use crate::model::{Basic, Body, Declared, Field, Item, Member, Ty, TypeId, fields};

/// Where an expression stands.
pub(super) struct Scope {
    pub(super) package: usize,
    pub(super) file: usize,
    /// The type whose declaration it is in.
    pub(super) about: TypeId,
    /// The type parameters, with what they stand for.
    pub(super) params: HashMap<String, Ty>,
}

impl Builder<'_> {
    pub(super) fn resolve(&mut self, expr: &Expr, scope: &Scope) -> Result<Ty, Problem> {
        let boxed = |ty| Box::new(ty);
        Ok(match expr {
            Expr::Name(name) => self.name(name, scope)?,
            Expr::Pointer(elem) => Ty::Pointer(boxed(self.resolve(elem, scope)?)),
            Expr::Slice(elem) => Ty::Slice(boxed(self.resolve(elem, scope)?)),
            Expr::Array(length, elem) => {
                let mut evaluator = Evaluator::new(&self.packages[scope.package].values);
                let length = evaluator.length(length);
                let elem = self.resolve(elem, scope)?;
                let problem = |text| Problem { text: format!("the length of an array: {text}"), left: usize::MAX };
                Ty::Array(length.map_err(|unknown| problem(unknown.to_string()))?, boxed(elem))
            }
            Expr::Map(key, elem) => Ty::Map(boxed(self.resolve(key, scope)?), boxed(self.resolve(elem, scope)?)),
            Expr::Struct(of) => {
                let members = self.members(of, scope);
                if fields(&members).next().is_none() && !of.is_empty() {
                    return fail(NO_FIELDS, usize::MAX);
                }
                Ty::Struct(members)
            }
            Expr::Interface => Ty::Any,
            Expr::Constraint => return fail("a set of types is no type of values", usize::MAX),
            Expr::Channel => return fail("gob does not send channels", usize::MAX),
            Expr::Function => return fail("gob does not send functions", usize::MAX),
        })
    }

    fn name(&mut self, name: &Name, scope: &Scope) -> Result<Ty, Problem> {
        let Some(package) = &name.package else { return self.local(name, scope) };
        let imports = self.packages[scope.package].imports.get(&scope.file);
        let path = imports.and_then(|imports| imports.get(package)).map_or(package.as_str(), String::as_str);
        if let Some(known) = Known::find(path, &name.name) {
            return Ok(Ty::Known(known));
        }
        if let Some(ty) = known::standard(path, &name.name) {
            return Ok(Ty::Declared(self.standard(scope.package, path, &name.name, ty), Vec::new()));
        }
        // A package is not always called like the last part of its path.
        let is_imported = |path: &str| imports.is_some_and(|imports| imports.values().any(|known| known == path));
        let mut given = self.packages.iter().enumerate();
        let number =
            given.clone().find(|(_, given)| given.path == path || given.name == *package && is_imported(&given.path));
        let number = number.or_else(|| given.find(|(_, given)| given.name == *package)).map(|(number, _)| number);
        match number.and_then(|number| self.ids.get(&(number, name.name.as_str()))) {
            Some(id) => self.declared_with(*id, name, scope),
            None => {
                fail(format!("the type {package}.{} is not known: its file may be given too", name.name), name.left)
            }
        }
    }

    fn local(&mut self, name: &Name, scope: &Scope) -> Result<Ty, Problem> {
        if let Some(ty) = scope.params.get(&name.name) {
            return Ok(ty.clone());
        }
        if let Some(id) = self.ids.get(&(scope.package, name.name.as_str())) {
            return self.declared_with(*id, name, scope);
        }
        if let Some(basic) = Basic::find(&name.name) {
            return Ok(Ty::Basic(basic));
        }
        match name.name.as_str() {
            "any" | "error" => Ok(Ty::Any),
            other => fail(format!("no type {other} is declared in these files"), name.left),
        }
    }

    fn declared_with(&mut self, id: TypeId, name: &Name, scope: &Scope) -> Result<Ty, Problem> {
        let wanted = self.model.types[id].params.len();
        if wanted != name.args.len() {
            let text = format!("{} has {wanted} type parameters, and gets {} arguments", name.name, name.args.len());
            return fail(text, name.left);
        }
        let args = name.args.iter().map(|arg| self.resolve(arg, scope)).collect::<Result<_, _>>()?;
        Ok(Ty::Declared(id, args))
    }

    /// A type of the standard library, which is written beside those that use it.
    fn standard(&mut self, package: usize, path: &str, name: &str, ty: Ty) -> TypeId {
        let key = (package, path.to_owned(), name.to_owned());
        if let Some(id) = self.standard.get(&key) {
            return *id;
        }
        let id = self.model.types.len();
        let doc = format!("{}.{name} of Go's standard library.", path.rsplit('/').next().unwrap_or(path));
        // G53: it is os.FileMode by another name.
        let path = if path == "os" { "io/fs" } else { path }.to_owned();
        let (name, body) = (name.to_owned(), Body::Of(ty));
        let (params, constants) = (Vec::new(), Vec::new());
        let declared = Declared { package, path, name, doc, params, body, constants, is_root: false };
        self.model.types.push(declared);
        self.model.packages[package].items.push(Item::Type(id));
        self.standard.insert(key, id);
        id
    }

    /// The fields that gob sends, and what is said of others that it would be expected to.
    pub(super) fn members(&mut self, of: &[syntax::Field], scope: &Scope) -> Vec<Member> {
        let mut members = Vec::new();
        for field in of.iter().filter(|field| is_exported(&field.name)) {
            let place = self.place(scope.file, field.left);
            members.push(match self.resolve(&field.ty, scope) {
                Ok(ty) => Member::Field(Field {
                    name: field.name.clone(),
                    json: json_name(&field.tag).filter(|json| *json != field.name),
                    ty,
                    doc: field.doc.clone(),
                    place,
                }),
                Err(problem) => {
                    let text = format!("field {}: {}", field.name, problem.text);
                    let about = &self.model.types[scope.about].name;
                    self.remark(Some(scope.about), place, format!("{about}: {text}"));
                    Member::Note(text)
                }
            });
        }
        members
    }
}

pub(super) fn fail<T>(text: impl Into<String>, left: usize) -> Result<T, Problem> {
    Err(Problem { text: text.into(), left })
}

/// The name that a tag gives a field in JSON.
fn json_name(tag: &str) -> Option<String> {
    let tag = tag.replace("\\\"", "\"");
    let (before, value) = tag.split_once("json:\"")?;
    if !before.is_empty() && !before.ends_with(' ') {
        return None;
    }
    let name = value.split(['"', ',']).next()?;
    let is_plain = !name.is_empty() && name != "-" && !name.contains('\\');
    is_plain.then(|| name.to_owned())
}
