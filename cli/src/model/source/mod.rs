//! From Go source to the model.

mod constants;
mod package;
mod resolve;
mod service;

use std::collections::{HashMap, HashSet};

use gobrpc::gob::ParseError;
use gobrpc::gob::syntax::{self, Declaration, Expr};

use self::package::{Loaded, load};
use self::resolve::Scope;
use super::known::Known;
use super::{Basic, Body, Declared, Item, Marshaler, Model, Opaque, Package, Place, Remark, Ty, TypeId, fields, tidy};

/// A Go source file.
#[derive(Debug)]
pub(crate) struct File {
    /// What it is called.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The import path of its package, if it is known.
    pub(crate) path: Option<String>,
}

impl File {
    /// The line at which so much of the text is left.
    fn line(&self, left: usize) -> usize {
        let before = self.text.get(..self.text.len().saturating_sub(left)).unwrap_or("");
        before.matches('\n').count() + 1
    }
}

/// What the files declare, and what of it could not be translated.
///
/// # Errors
/// For a file that is not Go: its number, and why.
pub(crate) fn read(files: &[File]) -> Result<(Model, Vec<Remark>), (usize, ParseError)> {
    let packages = load(files)?;
    let mut builder = Builder::new(files, &packages);
    builder.bodies();
    builder.constants();
    builder.services();
    Ok(builder.finish())
}

struct Builder<'a> {
    files: &'a [File],
    packages: &'a [Loaded],
    model: Model,
    ids: HashMap<(usize, &'a str), TypeId>,
    /// The types of the standard library that were made: by package, import path and name.
    standard: HashMap<(usize, String, String), TypeId>,
    /// With the type that they are about, which may not be written after all.
    remarks: Vec<(Option<TypeId>, Remark)>,
    /// The types whose methods are served.
    receivers: HashSet<TypeId>,
}

/// Why something cannot be translated, and how much of the source is left where it stands.
#[derive(Debug, Clone)]
struct Problem {
    text: String,
    left: usize,
}

impl<'a> Builder<'a> {
    fn new(files: &'a [File], packages: &'a [Loaded]) -> Self {
        let mut model = Model::default();
        let mut ids = HashMap::new();
        for (number, loaded) in packages.iter().enumerate() {
            let (name, doc) = (loaded.name.clone(), loaded.doc.clone());
            model.packages.push(Package { name, doc, items: Vec::new() });
            for (_, declaration) in &loaded.types {
                ids.entry((number, declaration.name.as_str())).or_insert_with(|| {
                    model.types.push(Declared {
                        package: number,
                        path: loaded.path.clone(),
                        name: declaration.name.clone(),
                        doc: declaration.doc.clone(),
                        params: declaration.params.clone(),
                        body: Body::Unsendable(String::new()),
                        constants: Vec::new(),
                        is_root: false,
                    });
                    model.types.len() - 1
                });
            }
        }
        let (standard, remarks, receivers) = (HashMap::new(), Vec::new(), HashSet::new());
        Self { files, packages, model, ids, standard, remarks, receivers }
    }

    fn place(&self, file: usize, left: usize) -> Place {
        Place { file, line: self.files[file].line(left) }
    }

    fn remark(&mut self, about: Option<TypeId>, place: Place, text: String) {
        self.remarks.push((about, Remark { place, text }));
    }

    /// Says what every declared type is.
    fn bodies(&mut self) {
        let mut seen = HashSet::new();
        for (number, loaded) in self.packages.iter().enumerate() {
            for (file, declaration) in &loaded.types {
                let Some(id) = self.ids.get(&(number, declaration.name.as_str())).copied() else { continue };
                let place = self.place(*file, declaration.left);
                if !seen.insert(id) {
                    let text = format!("{} is declared again: the first declaration counts", declaration.name);
                    self.remark(None, place, text);
                    continue;
                }
                self.model.types[id].body = self.body(number, *file, id, declaration);
                self.model.packages[number].items.push(Item::Type(id));
            }
        }
    }

    fn body(&mut self, package: usize, file: usize, id: TypeId, declaration: &Declaration) -> Body {
        if let Some(opaque) = self.packages[package].marshalers.get(&declaration.name) {
            self.remark(
                Some(id),
                self.place(file, declaration.left),
                format!("{} encodes itself: its bytes are kept as they are", declaration.name),
            );
            return Body::Opaque(*opaque);
        }
        let params = declaration.params.iter().map(|param| (param.clone(), Ty::Param(param.clone()))).collect();
        let scope = Scope { package, file, about: id, params };
        self.declared(&declaration.ty, declaration.is_alias, &scope, 0).unwrap_or_else(|problem| {
            let place = self.place(file, problem.left.min(declaration.left));
            if !problem.text.is_empty() {
                self.remark(Some(id), place, format!("type {}: {}", declaration.name, problem.text));
            }
            Body::Unsendable(problem.text)
        })
    }

    /// What a type is that is declared as this one.
    fn declared(&mut self, ty: &Expr, is_alias: bool, scope: &Scope, depth: usize) -> Result<Body, Problem> {
        match ty {
            Expr::Struct(of) if !is_alias => {
                if let Some(opaque) = self.promoted(of, scope) {
                    return Ok(Body::Opaque(opaque));
                }
                let members = self.members(of, scope);
                if fields(&members).next().is_none() && !of.is_empty() {
                    // What is said of each exported field is enough.
                    let text = if members.is_empty() { NO_FIELDS } else { "none of its fields can be translated" };
                    return Err(Problem { text: text.to_owned(), left: usize::MAX });
                }
                Ok(Body::Struct(members))
            }
            Expr::Interface => Ok(Body::Alias(Ty::Any)),
            // No value has it.
            Expr::Constraint => Err(Problem { text: String::new(), left: usize::MAX }),
            Expr::Name(name) if !is_alias => match self.resolve(ty, scope)? {
                Ty::Declared(id, args) => match self.source_of(id) {
                    Some((package, file, declaration)) if depth < MAX_DEPTH => {
                        let params = declaration.params.iter().cloned().zip(args).collect();
                        let inner = Scope { package, file, about: scope.about, params };
                        self.declared(&declaration.ty, false, &inner, depth + 1)
                    }
                    Some(_) => Err(Problem { text: "it is declared by itself".to_owned(), left: name.left }),
                    None => Ok(self.model.types[id].body.clone()),
                },
                Ty::Known(known) => match known {
                    Known::Duration => Ok(Body::Of(Ty::Basic(Basic::Int64))),
                    Known::Ip => Ok(Body::Of(Ty::Slice(Box::new(Ty::Basic(Basic::Uint8))))),
                    _ => {
                        let text = format!("what is in a {}.{} is not known here", known.facts().path, name.name);
                        Err(Problem { text, left: name.left })
                    }
                },
                Ty::Any => Ok(Body::Alias(Ty::Any)),
                ty => Ok(Body::Of(ty)),
            },
            _ => {
                let ty = self.resolve(ty, scope)?;
                Ok(if is_alias { Body::Alias(ty) } else { Body::Of(ty) })
            }
        }
    }

    /// Where a type is declared, if it is in the sources.
    fn source_of(&self, id: TypeId) -> Option<(usize, usize, &'a Declaration)> {
        let declared = &self.model.types[id];
        let loaded = self.packages.get(declared.package)?;
        if declared.path != loaded.path {
            return None;
        }
        let (file, declaration) = loaded.types.iter().find(|(_, known)| known.name == declared.name)?;
        Some((declared.package, *file, declaration))
    }

    /// The method that a struct has by one that is embedded in it.
    fn promoted(&mut self, of: &[syntax::Field], scope: &Scope) -> Option<Opaque> {
        let mut found = None;
        for field in of {
            let (name, by_pointer) = match &field.ty {
                Expr::Name(name) => (name, false),
                Expr::Pointer(elem) => match &**elem {
                    Expr::Name(name) => (name, true),
                    _ => continue,
                },
                _ => continue,
            };
            // An embedded field is where its type is.
            if name.name != field.name || name.left > field.left || field.left - name.left > 2 {
                continue;
            }
            let opaque = match self.resolve(&field.ty, scope).map(Ty::base) {
                Ok(Ty::Known(known)) => known
                    .facts()
                    .marshaler
                    .map(|marshaler| Opaque { marshaler, by_pointer: !by_pointer && known.is_by_pointer() }),
                Ok(Ty::Declared(id, _)) => {
                    let declared = &self.model.types[id];
                    self.packages.get(declared.package)?.marshalers.get(&declared.name).copied()
                }
                _ => None,
            };
            match (opaque, found) {
                // Two methods of one name are none.
                (Some(_), Some(_)) => return None,
                (Some(opaque), None) => found = Some(opaque),
                (None, _) => {}
            }
        }
        if found.is_some() {
            let (name, place) = (self.model.types[scope.about].name.clone(), of.first().map(|field| field.left));
            let place = self.place(scope.file, place.unwrap_or(0));
            let text =
                format!("{name} encodes itself by the method of an embedded field: its bytes are kept as they are");
            self.remark(Some(scope.about), place, text);
        }
        found
    }

    /// Leaves out what is not wanted, and what cannot be sent.
    fn finish(mut self) -> (Model, Vec<Remark>) {
        tidy::prune(&mut self.model, &mut self.remarks, tidy::For::Rust);
        let roots: Vec<TypeId> = (0..self.model.types.len())
            .filter(|id| {
                let declared = &self.model.types[*id];
                let is_main = self.model.packages[declared.package].name == "main";
                !self.receivers.contains(id) && (is_exported(&declared.name) || is_main)
            })
            .collect();
        let wanted = tidy::reachable(&self.model, &roots);
        for package in &mut self.model.packages {
            package.items.retain(|item| !matches!(item, Item::Type(id) if !wanted.contains(id)));
        }
        let remarks = self.remarks.into_iter().filter(|(about, _)| about.is_none_or(|about| wanted.contains(&about)));
        let mut remarks: Vec<Remark> = remarks.map(|(_, remark)| remark).collect();
        remarks.sort_by_key(|remark| remark.place_key());
        remarks.dedup();
        (self.model, remarks)
    }
}

const NO_FIELDS: &str = "gob cannot send a struct without exported fields";

/// How long a chain of declarations may be.
const MAX_DEPTH: usize = 100;

fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

impl Remark {
    const fn place_key(&self) -> (usize, usize) {
        (self.place.file, self.place.line)
    }
}
