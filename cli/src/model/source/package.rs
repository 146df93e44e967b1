//! What stands in the files of a package, together.

use std::collections::HashMap;

use gobrpc::gob::ParseError;
use gobrpc::gob::constant::Constants;
use gobrpc::gob::syntax::{self, Declaration, Item, Method};

use super::{File, Marshaler, Opaque};

/// A package, with the number of the file for all that is in it.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) name: String,
    /// The import path.
    pub(super) path: String,
    pub(super) doc: String,
    pub(super) types: Vec<(usize, Declaration)>,
    pub(super) methods: Vec<(usize, Method)>,
    pub(super) constants: Vec<(usize, syntax::Constants)>,
    /// What the constants are worth.
    pub(super) values: Constants,
    /// The types that encode themselves.
    pub(super) marshalers: HashMap<String, Opaque>,
    /// By file: import paths, by the name the source gives them.
    pub(super) imports: HashMap<usize, HashMap<String, String>>,
}

/// The packages that the files are of.
pub(super) fn load(files: &[File]) -> Result<Vec<Loaded>, (usize, ParseError)> {
    let mut packages: Vec<Loaded> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let items = syntax::parse(&file.text).map_err(|error| (number, error))?;
        let name = items.iter().find_map(|item| match item {
            Item::Package { name, .. } => Some(name.clone()),
            _ => None,
        });
        let name = name.unwrap_or_else(|| "main".to_owned());
        let path = match &file.path {
            Some(path) if name != "main" => path.clone(),
            _ => name.clone(),
        };
        let package = match packages.iter_mut().find(|package| package.name == name && package.path == path) {
            Some(package) => package,
            None => {
                packages.push(Loaded { name, path, ..Loaded::default() });
                let last = packages.len() - 1;
                &mut packages[last]
            }
        };
        package.take(number, items);
    }
    Ok(packages)
}

impl Loaded {
    fn take(&mut self, file: usize, items: Vec<Item>) {
        self.values.extend(&items);
        for item in items {
            match item {
                Item::Package { doc, .. } => {
                    if self.doc.is_empty() {
                        self.doc = doc;
                    }
                }
                Item::Import { name, path } => {
                    self.imports.entry(file).or_default().insert(name, path);
                }
                Item::Type(declaration) => self.types.push((file, declaration)),
                Item::Constants(line) => self.constants.push((file, line)),
                Item::Method(method) => {
                    self.marshaler(&method);
                    self.methods.push((file, method));
                }
            }
        }
    }

    /// Of both methods, Go takes `GobEncode` (G138).
    fn marshaler(&mut self, method: &Method) {
        let marshaler = match method.name.as_str() {
            "GobEncode" => Marshaler::Gob,
            "MarshalBinary" if !self.marshalers.contains_key(&method.receiver) => Marshaler::Binary,
            _ => return,
        };
        let opaque = Opaque { marshaler, by_pointer: method.by_pointer };
        self.marshalers.insert(method.receiver.clone(), opaque);
    }
}
