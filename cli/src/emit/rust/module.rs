//! One Rust module: what it declares, and what it imports for that.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Writer, comment, docs};
use crate::emit::names::Taken;
use crate::model::{Item, Member, Ty, TypeId};

/// A module that is being written.
pub(super) struct Module<'a> {
    pub(super) writer: &'a Writer<'a>,
    /// The number of the package.
    pub(super) package: usize,
    /// Features of gobrpc, and crates.
    pub(super) needs: BTreeSet<&'static str>,
    pub(super) taken: Taken,
    /// Names by the module they are imported from.
    imports: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Declarations that Go does not have: of what has no name there.
    pub(super) pending: VecDeque<Pending>,
    pub(super) out: String,
}

/// A declaration that is still to be written.
pub(super) enum Pending {
    /// A struct without a name in Go.
    Struct { name: String, params: Vec<String>, members: Vec<Member>, owner: Option<TypeId> },
    /// An array that is too long for serde where it stands.
    Array { name: String, params: Vec<String>, length: usize, elem: Ty, owner: Option<TypeId> },
}

impl<'a> Module<'a> {
    pub(super) fn new(writer: &'a Writer<'a>, package: usize) -> Self {
        let taken = writer.names.taken[package].clone();
        let (needs, imports, pending, out) = (BTreeSet::new(), BTreeMap::new(), VecDeque::new(), String::new());
        Self { writer, package, needs, taken, imports, pending, out }
    }

    /// The body of the module, its imports first.
    pub(super) fn write(&mut self) -> String {
        let items = &self.writer.model.packages[self.package].items;
        let mut traits = self.writer.names.traits[self.package].iter();
        for item in items {
            match item {
                Item::Type(id) => self.declared(*id),
                Item::Constant(constant) => self.constant(constant),
                Item::Service(service) => {
                    if let Some(name) = traits.next() {
                        self.service(service, name);
                    }
                }
                Item::Note(text) => self.note(text),
            }
            while let Some(pending) = self.pending.pop_front() {
                self.unnamed(pending);
            }
        }
        let body = std::mem::take(&mut self.out);
        let mut out = String::new();
        for is_std in [true, false] {
            let before = out.len();
            for (module, names) in self.imports.iter().filter(|(module, _)| module.starts_with("std::") == is_std) {
                let names: Vec<&str> = names.iter().copied().collect();
                out.push_str(&match names.as_slice() {
                    [name] => format!("use {module}::{name};\n"),
                    names => format!("use {module}::{{{}}};\n", names.join(", ")),
                });
            }
            if out.len() > before {
                out.push('\n');
            }
        }
        out.push_str(body.trim_start_matches('\n'));
        out
    }

    /// A name of another module, imported unless the module has one like it.
    pub(super) fn import(&mut self, module: &'static str, name: &'static str) -> String {
        if self.imports.get(module).is_some_and(|names| names.contains(name)) {
            return name.to_owned();
        }
        if self.taken.contains(name) {
            return format!("{module}::{name}");
        }
        self.taken.reserve(&[name]);
        self.imports.entry(module).or_default().insert(name);
        name.to_owned()
    }

    /// A name of the prelude, by its path if the module has one like it.
    pub(super) fn prelude(&self, module: &str, name: &str) -> String {
        if self.taken.contains(name) { format!("{module}::{name}") } else { name.to_owned() }
    }

    pub(super) fn docs(&mut self, doc: &str, indent: &str) {
        for line in docs::markdown(doc) {
            self.out.push_str(indent);
            self.out.push_str(&comment("///", &line));
        }
    }

    pub(super) fn note(&mut self, text: &str) {
        let text = text.replace('\n', " ");
        self.out.push_str(&format!("\n// Not translated: {text}\n"));
    }

    pub(super) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// How wide a line may be here.
    pub(super) const fn width(&self) -> usize {
        if self.writer.model.packages.len() > 1 { super::WIDTH - 4 } else { super::WIDTH }
    }
}
