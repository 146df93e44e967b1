//! Go types, given on the command line.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use gobrpc::gob::Declarations;
use gobrpc::gob::syntax::{self, Expr, Item};
use gobrpc::gob::ty::Type;

use crate::error::{Error, Result};

/// Where the types come from that are no predeclared ones.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DeclArgs {
    /// A Go file whose types may be used by name; may be given several times
    #[arg(long, value_name = "FILE.go")]
    decl: Vec<PathBuf>,
    /// The name by which Go knows a type in interfaces, where it is no usual one; may be given several times
    #[arg(long, value_name = "NAME=GOTYPE", value_parser = parse_registration)]
    register: Vec<(String, String)>,
}

fn parse_registration(text: &str) -> Result<(String, String), String> {
    let (name, ty) = text.split_once('=').ok_or("a registration is NAME=GOTYPE, as in circle=Circle")?;
    Ok((name.to_owned(), ty.to_owned()))
}

/// Parts two types at the comma between them, which is in neither: `map[string]int, *struct{A, B int}`.
pub(crate) fn two_types(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    let comma = text.find(|c| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })?;
    Some((text[..comma].trim(), text[comma + 1..].trim()))
}

impl DeclArgs {
    /// Reads the files.
    pub(crate) fn load(&self) -> Result<Names> {
        let mut sources = String::new();
        for path in &self.decl {
            let source = std::fs::read_to_string(path)
                .map_err(|error| Error::data(format_args!("cannot read {}: {error}", path.display())))?;
            // By itself first, for the lines in errors to be right.
            Declarations::parse(&source).map_err(|error| Error::data(format_args!("{}: {error}", path.display())))?;
            sources.push_str(&source);
            sources.push('\n');
        }
        let names = Names::new(Declarations::parse(&sources)?, syntax::parse(&sources)?);
        for (name, ty) in &self.register {
            let ty = names.parse(ty)?;
            names.found.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), ty);
        }
        Ok(names)
    }
}

/// Go types by name: the declared ones, and those that an interface may hold.
#[derive(Debug)]
pub(crate) struct Names {
    declarations: Declarations,
    items: Vec<Item>,
    package: &'static str,
    /// What was found before: types are never freed, so each is made once.
    found: Mutex<HashMap<String, &'static Type>>,
}

impl Names {
    fn new(declarations: Declarations, items: Vec<Item>) -> Self {
        let first = declarations.names().find_map(|name| declarations.get(name).ok());
        let package = first.map_or("main", |ty| ty.package);
        Self { declarations, items, package, found: Mutex::default() }
    }

    /// All that the sources declare.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The type of an expression in one of the items.
    pub(crate) fn type_of(&self, expr: &Expr) -> Result<&'static Type> {
        Ok(self.declarations.type_of(expr)?)
    }

    /// The type that an expression names.
    pub(crate) fn parse(&self, text: &str) -> Result<&'static Type> {
        self.declarations.parse_type(text).map_err(|error| Error::data(format_args!("not a Go type: {error}")))
    }

    /// The type that Go registered under this name: `int`, `main.Circle`, `[]example.com/shapes.Circle`.
    pub(crate) fn find(&self, name: &str) -> Result<&'static Type, String> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ty) = found.get(name) {
            return Ok(ty);
        }
        let ty = self.declarations.parse_type(&self.local(name)).map_err(|error| {
            format!(
                "no type is known by the name {name:?}; declare it with --decl, or name it with --register ({})",
                error.message()
            )
        })?;
        found.insert(name.to_owned(), ty);
        Ok(ty)
    }

    /// The name as it is written in the package of the declarations.
    fn local(&self, name: &str) -> String {
        let is_in_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | '~');
        let mut out = String::new();
        let mut rest = name;
        while let Some(c) = rest.chars().next() {
            if !is_in_path(c) {
                out.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let (word, after) = rest.split_at(rest.find(|c| !is_in_path(c)).unwrap_or(rest.len()));
            let last = word.rsplit('/').next().unwrap_or(word);
            match last.rsplit_once('.') {
                Some((package, ident)) if package == self.package => out.push_str(ident),
                _ => out.push_str(last),
            }
            rest = after;
        }
        out
    }
}
