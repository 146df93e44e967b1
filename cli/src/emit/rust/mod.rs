//! A model as Rust: types with the derives, constants, and services.

mod constants;
mod docs;
mod items;
mod module;
mod services;
mod traits;
mod types;

use std::collections::{BTreeSet, HashMap};

use self::module::Module;
use self::traits::Analysis;
use crate::emit::names::{Taken, camel, snake};
use crate::model::{Body, Item, Model, TypeId};

/// How wide rustfmt lets a line be.
const WIDTH: usize = 100;

/// The Rust source, under a comment that begins with these words.
pub(crate) fn write(model: &Model, made_by: &str) -> String {
    let names = Names::of(model);
    let writer = Writer { model, names: &names, analysis: Analysis::of(model) };
    let mut needs = BTreeSet::new();
    let bodies: Vec<String> = (0..model.packages.len())
        .map(|number| {
            let mut module = Module::new(&writer, number);
            let body = module.write();
            needs.append(&mut module.needs);
            body
        })
        .collect();
    let mut out = header(made_by, &needs);
    match (bodies.as_slice(), model.packages.as_slice()) {
        ([body], [package]) => {
            for line in docs::markdown(&package.doc) {
                out.push_str(&comment("//!", &line));
            }
            out.push_str("\n#![allow(dead_code)]\n\n");
            out.push_str(body);
        }
        _ => {
            out.push_str("#![allow(dead_code)]\n");
            for ((number, body), package) in bodies.iter().enumerate().zip(&model.packages) {
                if body.is_empty() {
                    continue;
                }
                out.push('\n');
                for line in docs::markdown(&package.doc) {
                    out.push_str(&comment("///", &line));
                }
                out.push_str(&format!("pub mod {} {{\n", crate::emit::names::escaped(&names.modules[number])));
                out.push_str(&indented(body));
                out.push_str("}\n");
            }
        }
    }
    let out = out.replace("\n\n\n", "\n\n");
    format!("{}\n", out.trim_end())
}

/// What the source needs to be compiled.
fn header(made_by: &str, needs: &BTreeSet<&'static str>) -> String {
    let gobrpc = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let features: Vec<String> = needs.iter().map(|need| format!("\"{need}\"")).collect();
    let mut out = format!("// {made_by}. It needs in Cargo.toml:\n//\n");
    out.push_str(&match features.as_slice() {
        [] => format!("//     gobrpc = \"{gobrpc}\"\n"),
        features => format!("//     gobrpc = {{ version = \"{gobrpc}\", features = [{}] }}\n", features.join(", ")),
    });
    out.push_str("//     serde = { version = \"1\", features = [\"derive\"] }\n");
    for (need, version) in [("num-complex", "0.4"), ("url", "2"), ("uuid", "1")] {
        if needs.contains(need) {
            out.push_str(&format!("//     {need} = \"{version}\"\n"));
        }
    }
    out.push('\n');
    out
}

fn comment(mark: &str, line: &str) -> String {
    if line.is_empty() { format!("{mark}\n") } else { format!("{mark} {line}\n") }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") });
    lines.collect()
}

/// What the parts of a file have in common.
struct Writer<'a> {
    model: &'a Model,
    names: &'a Names,
    analysis: Analysis,
}

/// How the types and modules of a model are called.
struct Names {
    modules: Vec<String>,
    types: HashMap<TypeId, String>,
    /// By package: the traits of its services, in their order.
    traits: Vec<Vec<String>>,
    /// By package: all names of types that are in use.
    taken: Vec<Taken>,
}

impl Names {
    fn of(model: &Model) -> Self {
        let mut this = Self { modules: Vec::new(), types: HashMap::new(), traits: Vec::new(), taken: Vec::new() };
        let mut modules = Taken::default();
        for package in &model.packages {
            this.modules.push(modules.take(&snake(&package.name)));
            let mut taken = Taken::default();
            let is_written = |id: &TypeId| !matches!(model.types[*id].body, Body::Unsendable(_));
            let types = || {
                let ids = package.items.iter().filter_map(|item| match item {
                    Item::Type(id) => Some(*id),
                    _ => None,
                });
                ids.filter(is_written)
            };
            // Those that keep their names come first.
            for keeps_name in [true, false] {
                for id in types() {
                    let declared = &model.types[id];
                    let rust = camel(declared.name_or_other());
                    if (rust == declared.name) == keeps_name {
                        this.types.insert(id, taken.take(&rust));
                    }
                }
            }
            let mut traits = Vec::new();
            for item in &package.items {
                if let Item::Service(service) = item {
                    traits.push(trait_name(&service.name, &mut taken));
                }
            }
            this.traits.push(traits);
            this.taken.push(taken);
        }
        this
    }
}

/// A name for a trait, which takes two more for its client and its server.
fn trait_name(service: &str, taken: &mut Taken) -> String {
    let base = camel(service);
    let candidates = ["", "Service", "Rpc"].map(|suffix| format!("{base}{suffix}"));
    let numbered = (2..).map(|number| format!("{base}{number}"));
    let is_free = |name: &String| ["", "Client", "Server"].iter().all(|end| !taken.contains(&format!("{name}{end}")));
    let name = candidates.into_iter().chain(numbered).find(is_free).unwrap_or(base);
    for end in ["Client", "Server"] {
        taken.take(&format!("{name}{end}"));
    }
    taken.take(&name)
}
