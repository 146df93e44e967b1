//! A model of a stream as Go declarations.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use crate::emit::names::{Taken, camel};
use crate::model::known::Known;
use crate::model::{Basic, Body, Declared, Item, Marshaler, Member, Model, Ty, TypeId};

/// The Go source, as gofmt has it, under a comment that says where the types are from.
pub(crate) fn write(model: &Model, values: &[Ty], origin: &str) -> String {
    let mut writer = Writer { model, names: names(model), imports: BTreeSet::new(), out: String::new() };
    for item in model.packages.iter().flat_map(|package| &package.items) {
        if let Item::Type(id) = item {
            writer.declared(*id);
        }
    }
    let values: Vec<String> = values.iter().map(|ty| writer.ty(ty, 0)).collect();
    let mut out = format!("// The types of {origin}, as far as gob tells them.\n");
    if !values.is_empty() {
        let _ = writeln!(out, "// Its values: {}.", one_line(&values.join(", ")));
    }
    out.push_str("\npackage main\n");
    let imports: Vec<&str> = writer.imports.iter().copied().collect();
    match imports.as_slice() {
        [] => {}
        [path] => {
            let _ = write!(out, "\nimport {path:?}\n");
        }
        paths => {
            let lines: String = paths.iter().map(|path| format!("\t{path:?}\n")).collect();
            let _ = write!(out, "\nimport (\n{lines})\n");
        }
    }
    out + &writer.out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(model: &Model) -> HashMap<TypeId, String> {
    let mut taken = Taken::default();
    taken.reserve(&["main", "init"]);
    taken.reserve(&RESERVED);
    let mut names = HashMap::new();
    for (id, declared) in model.types.iter().enumerate() {
        let name = match declared.name_or_other() {
            // Type arguments are no part of a name that can be declared.
            name if name.contains('[') => camel(name),
            name => name.to_owned(),
        };
        names.insert(id, taken.take(&name));
    }
    names
}

/// Keywords of Go, and names that the declarations themselves use.
const RESERVED: [&str; 49] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
    "any",
    "append",
    "big",
    "bool",
    "byte",
    "complex128",
    "complex64",
    "decimal",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "netip",
    "nil",
    "string",
    "time",
    "uint",
    "uint8",
    "url",
    "uuid",
];

struct Writer<'a> {
    model: &'a Model,
    names: HashMap<TypeId, String>,
    imports: BTreeSet<&'static str>,
    out: String,
}

impl Writer<'_> {
    fn declared(&mut self, id: TypeId) {
        let model = self.model;
        let declared = &model.types[id];
        let name = self.names[&id].clone();
        self.out.push('\n');
        if let Body::Unsendable(reason) = &declared.body {
            let _ = writeln!(self.out, "// The type {:?} is left out: {reason}.", declared.name);
            return;
        }
        self.doc(declared, &name);
        let text = match &declared.body {
            Body::Struct(members) => format!("type {name} {}", self.structure(members, 0)),
            Body::Of(ty) => format!("type {name} {}", self.ty(ty, 0)),
            Body::Alias(ty) => format!("type {name} = {}", self.ty(ty, 0)),
            Body::Opaque(opaque) => opaque_source(&name, opaque.marshaler),
            Body::Unsendable(_) => String::new(),
        };
        self.out.push_str(&text);
        self.out.push('\n');
    }

    fn doc(&mut self, declared: &Declared, name: &str) {
        if declared.is_root {
            let _ = writeln!(self.out, "// {name} is what a value of the stream is.");
        } else if matches!(declared.body, Body::Opaque(_)) {
            let _ = writeln!(self.out, "// {name} encodes itself: its bytes are kept as they are.");
        } else if !declared.name.is_empty() && declared.name != name {
            let _ = writeln!(self.out, "// {name} is called {} in the stream.", one_line(&declared.name));
        }
    }

    /// A struct whose lines are indented by so many tabs, with its types in a column.
    fn structure(&mut self, members: &[Member], depth: usize) -> String {
        if members.is_empty() {
            return "struct{}".to_owned();
        }
        let tabs = "\t".repeat(depth + 1);
        let lines: Vec<(String, String)> = members
            .iter()
            .map(|member| match member {
                Member::Field(field) => (field.name.clone(), self.ty(&field.ty, depth + 1)),
                Member::Note(text) => (String::new(), format!("// Left out: {}", one_line(text))),
            })
            .collect();
        let mut out = "struct {\n".to_owned();
        // A comment ends a column, and so does a type of several lines after its first.
        let ends = |(name, ty): &(String, String)| name.is_empty() || ty.contains('\n');
        for block in lines.split_inclusive(ends) {
            let width = block.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
            for (name, ty) in block {
                let _ = match name.is_empty() {
                    true => writeln!(out, "{tabs}{ty}"),
                    false => writeln!(out, "{tabs}{name:width$} {ty}"),
                };
            }
        }
        out + &"\t".repeat(depth) + "}"
    }

    fn ty(&mut self, ty: &Ty, depth: usize) -> String {
        match ty {
            Ty::Basic(Basic::Uint8) => "byte".to_owned(),
            Ty::Basic(basic) => basic.go_name().to_owned(),
            Ty::Slice(elem) => format!("[]{}", self.ty(elem, depth)),
            Ty::Array(length, elem) => format!("[{length}]{}", self.ty(elem, depth)),
            Ty::Map(key, elem) => format!("map[{}]{}", self.ty(key, depth), self.ty(elem, depth)),
            Ty::Pointer(elem) => format!("*{}", self.ty(elem, depth)),
            Ty::Struct(members) => self.structure(members, depth),
            Ty::Any => "any".to_owned(),
            Ty::Known(known) => self.known(*known),
            Ty::Declared(id, _) => self.names[id].clone(),
            Ty::Param(name) => name.clone(),
        }
    }

    fn known(&mut self, known: Known) -> String {
        let facts = known.facts();
        self.imports.insert(facts.path);
        let package = facts.path.rsplit('/').next().unwrap_or(facts.path);
        // Their methods have pointer receivers, and they are used so.
        let pointer = if facts.path == "math/big" { "*" } else { "" };
        format!("{pointer}{package}.{}", facts.name)
    }
}

fn opaque_source(name: &str, marshaler: Marshaler) -> String {
    let (to, from) = match marshaler {
        Marshaler::Gob => ("GobEncode", "GobDecode"),
        Marshaler::Binary => ("MarshalBinary", "UnmarshalBinary"),
    };
    format!(
        "type {name} []byte\n\nfunc (v {name}) {to}() ([]byte, error) {{ return v, nil }}\n\n\
         func (v *{name}) {from}(data []byte) error {{\n\t*v = append({name}{{}}, data...)\n\treturn nil\n}}"
    )
}
