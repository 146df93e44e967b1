//! Declarations of types.

use super::module::{Module, Pending};
use super::traits::Traits;
use super::types::{Position, generics};
use crate::emit::names::{Taken, camel, derived, escaped, serde_pascal, snake};
use crate::model::{Basic, Body, Declared, Marshaler, Member, Opaque, Ty, TypeId, fields};

/// serde's name of every field, and the rule that gives it where no attribute does.
struct Keys {
    rule: bool,
    names: Vec<(String, String)>,
}

impl Module<'_> {
    pub(super) fn declared(&mut self, id: TypeId) {
        let writer = self.writer;
        let declared = &writer.model.types[id];
        let name = writer.names.types.get(&id).cloned().unwrap_or_default();
        let head = Head { go_name: &declared.name, path: &declared.path, rust_name: &name };
        let traits = writer.analysis.traits(id);
        if let Body::Unsendable(reason) = &declared.body {
            if !reason.is_empty() {
                self.note(&format!("type {}: {reason}", declared.name));
            }
            return;
        }
        self.out.push('\n');
        self.docs(&declared.doc, "");
        let generics = self.generics(id, declared);
        match &declared.body {
            Body::Struct(members) => {
                let phantom = unused_params(declared);
                self.structure(&head, &generics, members, &phantom, traits, Some(id));
            }
            Body::Of(ty) => self.newtype(&head, &generics, ty, traits, id),
            Body::Alias(ty) => {
                let position = Position { owner: None, name: &name };
                let (ty, _) = self.field_ty(ty, &position);
                self.line(&format!("pub type {name}{generics} = {ty};"));
            }
            Body::Opaque(opaque) => self.opaque(&head, *opaque),
            Body::Unsendable(_) => {}
        }
        self.associated(declared, &name, &generics);
    }

    /// `<K: Eq + Hash, V>`
    fn generics(&mut self, id: TypeId, declared: &Declared) -> String {
        if declared.params.is_empty() {
            return String::new();
        }
        let is_bounded = !matches!(declared.body, Body::Alias(_));
        let params: Vec<String> = declared
            .params
            .iter()
            .map(|param| match is_bounded && self.writer.analysis.is_key(id, param) {
                true => format!("{}: Eq + {}", camel(param), self.import("std::hash", "Hash")),
                false => camel(param),
            })
            .collect();
        format!("<{}>", params.join(", "))
    }

    pub(super) fn unnamed(&mut self, pending: Pending) {
        self.out.push('\n');
        match pending {
            Pending::Struct { name, params, members, owner } => {
                let traits = self.writer.analysis.of_ty(&Ty::Struct(members.clone()));
                let head = Head { go_name: "", path: "", rust_name: &name };
                self.structure(&head, &generics(&params), &members, &[], traits, owner);
            }
            Pending::Array { name, params, length, elem, owner } => {
                let ty = Ty::Array(length, Box::new(elem));
                let traits = Traits { copy: false, ..self.writer.analysis.of_ty(&ty) };
                self.derives(traits, false);
                self.line("#[gob(anonymous)]");
                let (ty, with) = self.field_ty(&ty, &Position { owner, name: &name });
                self.tuple(&name, &generics(&params), &ty, with);
            }
        }
    }

    fn derives(&mut self, traits: Traits, is_opaque: bool) {
        let mut derives = vec!["Debug", "Clone"];
        let optional = [(traits.copy, "Copy"), (traits.default, "Default"), (true, "PartialEq"), (traits.eq, "Eq")];
        derives.extend(optional.iter().filter(|(has, _)| *has).map(|(_, name)| *name));
        if traits.ord && traits.copy {
            derives.extend(["PartialOrd", "Ord"]);
        }
        let mut derives: Vec<String> = derives.into_iter().map(str::to_owned).collect();
        if traits.hash {
            derives.push("Hash".to_owned());
        }
        if !is_opaque {
            derives.extend([self.import("serde", "Serialize"), self.import("serde", "Deserialize")]);
        }
        derives.push("gobrpc::Gob".to_owned());
        // rustfmt keeps four columns free.
        let list = derives.join(", ");
        if list.len() + "#[derive()]".len() <= self.width() - 4 {
            self.line(&format!("#[derive({list})]"));
        } else if list.len() + "    ,".len() <= self.width() {
            self.line(&format!("#[derive(\n    {list},\n)]"));
        } else {
            self.line(&format!("#[derive(\n    {},\n)]", derives.join(",\n    ")));
        }
    }

    fn structure(
        &mut self,
        head: &Head<'_>,
        generics: &str,
        members: &[Member],
        phantom: &[String],
        traits: Traits,
        owner: Option<TypeId>,
    ) {
        let is_empty = members.is_empty() && phantom.is_empty();
        let copy = is_empty;
        self.derives(Traits { copy, ord: false, ..traits }, false);
        self.head(head);
        if is_empty {
            return self.line(&format!("pub struct {}{generics};", head.rust_name));
        }
        let keys = keys(members);
        if keys.rule {
            self.line("#[serde(rename_all = \"PascalCase\")]");
        }
        self.line(&format!("pub struct {}{generics} {{", head.rust_name));
        let mut names = keys.names.iter();
        for member in members {
            let field = match member {
                Member::Field(field) => field,
                Member::Note(text) => {
                    let text = text.replace('\n', " ");
                    self.line(&format!("    // Not translated: {text}"));
                    continue;
                }
            };
            let Some((rust, key)) = names.next() else { continue };
            self.docs(&field.doc, "    ");
            let ruled = if keys.rule { serde_pascal(rust) } else { rust.clone() };
            if ruled != *key {
                self.line(&format!("    #[serde(rename = {key:?})]"));
            }
            if derived(key) != field.name {
                self.line(&format!("    #[gob(name = {:?})]", field.name));
            }
            let nested = format!("{}{}", head.rust_name, camel(&field.name));
            let (ty, with) = self.field_ty(&field.ty, &Position { owner, name: &nested });
            if let Some(with) = with {
                self.line(&format!("    {with}"));
            }
            let name = escaped(rust);
            let fits = |line: &str| line.chars().count() <= self.width();
            let (same_line, next_line) = (format!("    pub {name}: {ty},"), format!("        {ty},"));
            let line = match (fits(&same_line), fits(&next_line)) {
                (true, _) => same_line,
                (false, true) => format!("    pub {name}:\n{next_line}"),
                (false, false) => format!("    pub {name}: {},", broken(&ty, 4, self.width())),
            };
            self.line(&line);
        }
        for param in phantom {
            let marker = self.import("std::marker", "PhantomData");
            self.line("    /// Keeps the type parameter.");
            self.line("    #[serde(skip)]");
            self.line(&format!("    pub phantom_{}: {marker}<{}>,", snake(param), camel(param)));
        }
        self.line("}");
    }

    fn newtype(&mut self, head: &Head<'_>, generics: &str, ty: &Ty, traits: Traits, id: TypeId) {
        let has_constants = !self.writer.model.types[id].constants.is_empty();
        let is_small = matches!(ty, Ty::Basic(_));
        self.derives(Traits { copy: traits.copy && is_small, ..traits }, false);
        self.head(head);
        if has_constants && *ty == Ty::Basic(Basic::String) {
            let cow = self.import("std::borrow", "Cow");
            return self.tuple(head.rust_name, generics, &format!("{cow}<'static, str>"), None);
        }
        let (ty, with) = self.field_ty(ty, &Position { owner: Some(id), name: &format!("{}Item", head.rust_name) });
        self.tuple(head.rust_name, generics, &ty, with);
    }

    fn tuple(&mut self, name: &str, generics: &str, ty: &str, with: Option<&str>) {
        match with {
            Some(with) => self.line(&format!("pub struct {name}{generics}({with} pub {ty});")),
            None => self.line(&format!("pub struct {name}{generics}(pub {ty});")),
        }
    }

    /// The attributes that say what the type is called in Go.
    fn head(&mut self, head: &Head<'_>) {
        if head.go_name.is_empty() {
            return self.line("#[gob(anonymous)]");
        }
        if head.go_name != head.rust_name {
            self.line(&format!("#[gob(name = {:?})]", head.go_name));
        }
        if head.path != "main" {
            self.line(&format!("#[gob(package = {:?})]", head.path));
        }
    }

    fn opaque(&mut self, head: &Head<'_>, opaque: Opaque) {
        let (name, vec) = (head.rust_name, self.prelude("std::vec", "Vec"));
        let traits = Traits { default: true, eq: true, hash: true, copy: false, ord: false };
        self.derives(traits, true);
        self.line("#[gob(opaque)]");
        self.line(&format!("pub struct {name}(pub {vec}<u8>);"));
        let marshaler = match opaque.marshaler {
            Marshaler::Gob => "Gob",
            Marshaler::Binary => "Binary",
        };
        self.line(&format!("\nimpl gobrpc::gob::Opaque for {name} {{"));
        self.line(&format!("    const NAME: &'static str = {:?};", head.go_name));
        if head.path != "main" {
            self.line(&format!("    const PACKAGE: &'static str = {:?};", head.path));
        }
        let path = "gobrpc::gob::ty::Marshaler";
        self.line(&format!("    const MARSHALER: {path} = {path}::{marshaler};"));
        self.line("    const ZERO: &'static [u8] = &[];");
        if opaque.by_pointer {
            self.line("    const OMIT_ZERO: bool = false;");
        }
        self.line(&format!("\n    fn marshal(&self, out: &mut {vec}<u8>) -> gobrpc::gob::Result<()> {{"));
        self.line("        out.extend_from_slice(&self.0);\n        Ok(())\n    }\n");
        self.line("    fn unmarshal(bytes: &[u8]) -> gobrpc::gob::Result<Self> {");
        self.line("        Ok(Self(bytes.to_vec()))\n    }\n}");
    }
}

/// What a type is called.
struct Head<'a> {
    /// Empty if it has no name in Go.
    go_name: &'a str,
    path: &'a str,
    rust_name: &'a str,
}

/// The names of the fields in Rust and for serde. The latter are those of Go's `encoding/json`, so that the types do
/// for JSON too.
fn keys(members: &[Member]) -> Keys {
    let (mut rust, mut keys) = (Taken::default(), Taken::default());
    let mut names = Vec::new();
    for field in fields(members) {
        let key = field.json.as_ref().filter(|json| !keys.contains(json)).unwrap_or(&field.name);
        names.push((rust.take(&snake(&field.name)), keys.take(key)));
    }
    let count = |ruled: fn(&str) -> String| names.iter().filter(|(rust, key)| ruled(rust) == *key).count();
    let by_rule = count(serde_pascal);
    Keys { rule: by_rule > 0 && by_rule >= count(str::to_owned), names }
}

/// The type parameters that nothing is of.
fn unused_params(declared: &Declared) -> Vec<String> {
    let mut used = Vec::new();
    declared.body.walk(&mut |ty| {
        if let Ty::Param(name) = ty {
            used.push(name.clone());
        }
    });
    declared.params.iter().filter(|param| !used.contains(param)).cloned().collect()
}

/// A type that is too long for a line, with its arguments on lines of their own.
fn broken(ty: &str, indent: usize, width: usize) -> String {
    let Some((name, args)) = ty.strip_suffix('>').and_then(|ty| ty.split_once('<')) else { return ty.to_owned() };
    let mut out = format!("{name}<\n");
    let inner = indent + 4;
    let mut depth = 0_usize;
    let args = args.split(|c| {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    for arg in args.map(str::trim) {
        let fits = inner + arg.chars().count() < width;
        let arg = if fits { arg.to_owned() } else { broken(arg, inner, width) };
        out.push_str(&format!("{}{arg},\n", " ".repeat(inner)));
    }
    out + &" ".repeat(indent) + ">"
}
