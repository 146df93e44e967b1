//! Constants: of a type as a part of it, others by themselves.
//!
//! A type with constants is no enum, since any other value of the type may come too, and must not get lost.

use gobrpc::gob::constant::Exact;

use super::module::Module;
use super::types::{Position, primitive};
use crate::emit::names::{Taken, screaming};
use crate::model::known::Known;
use crate::model::{Basic, Body, Constant, Declared, Ty};

impl Module<'_> {
    /// A constant by itself.
    pub(super) fn constant(&mut self, constant: &Constant) {
        let name = self.taken.take(&screaming(&constant.name));
        let (ty, value) = match &constant.ty {
            None => self.untyped(constant),
            Some(Ty::Basic(basic)) => (constant_type(*basic), literal(&constant.value, *basic)),
            Some(Ty::Known(Known::Duration)) => {
                let ty = self.import("gobrpc::gob", "Duration");
                let value = literal(&constant.value, Basic::Int64).map(|nanos| format!("{ty}::from_nanos({nanos})"));
                (ty, value)
            }
            Some(other) => {
                let basic = match other {
                    Ty::Declared(id, _) => match &self.writer.model.types[*id].body {
                        Body::Of(Ty::Basic(basic)) if *basic != Basic::String => Some(*basic),
                        _ => None,
                    },
                    _ => None,
                };
                let ty = self.ty(other, &Position { owner: None, name: &name });
                let value =
                    basic.and_then(|basic| literal(&constant.value, basic)).map(|value| format!("{ty}({value})"));
                (ty, value)
            }
        };
        let Some(value) = value else { return self.note(&format!("{}: no constant of Rust", constant.name)) };
        self.out.push('\n');
        self.docs(&constant.doc, "");
        self.assignment("", &name, &ty, &value);
    }

    fn assignment(&mut self, indent: &str, name: &str, ty: &str, value: &str) {
        let fits = |line: &str| line.chars().count() <= self.width();
        let line = format!("{indent}pub const {name}: {ty} = {value};");
        let second = format!("{indent}    {value};");
        if fits(&line) || !fits(&second) {
            self.line(&line);
        } else {
            self.line(&format!("{indent}pub const {name}: {ty} =\n{second}"));
        }
    }

    /// A constant that has the type that Go gives it where it is used, as large as it needs.
    fn untyped(&self, constant: &Constant) -> (String, Option<String>) {
        let basic = constant.default_type();
        match &constant.value {
            Exact::Rune(value) => match u32::try_from(*value).ok().and_then(char::from_u32) {
                Some(c) => ("char".to_owned(), Some(format!("{c:?}"))),
                None => ("i32".to_owned(), literal(&constant.value, basic)),
            },
            Exact::Integer(value) => {
                // `isize` is not as large everywhere.
                let fits = if i32::try_from(*value).is_ok() {
                    "isize"
                } else if i64::try_from(*value).is_ok() {
                    "i64"
                } else if u64::try_from(*value).is_ok() {
                    "u64"
                } else {
                    "i128"
                };
                (fits.to_owned(), Some(value.to_string()))
            }
            value => (constant_type(basic), literal(value, basic)),
        }
    }

    /// The constants of a type.
    pub(super) fn associated(&mut self, declared: &Declared, name: &str, generics: &str) {
        let Body::Of(Ty::Basic(basic)) = &declared.body else { return };
        if declared.constants.is_empty() || !generics.is_empty() {
            return;
        }
        let prefix = prefix(declared);
        let mut taken = Taken::default();
        self.line(&format!("\nimpl {name} {{"));
        for (i, constant) in declared.constants.iter().enumerate() {
            let value = match (basic, &constant.value) {
                (Basic::String, Exact::String(bytes)) => {
                    let cow = self.import("std::borrow", "Cow");
                    std::str::from_utf8(bytes).ok().map(|text| format!("{cow}::Borrowed({text:?})"))
                }
                (basic, value) => literal(value, *basic),
            };
            if i > 0 {
                self.out.push('\n');
            }
            let Some(value) = value else {
                self.line(&format!("    // Not translated: {}: no constant of Rust", constant.name));
                continue;
            };
            self.docs(&constant.doc, "    ");
            let short = &constant.name[prefix.len()..];
            if !prefix.is_empty() {
                if !constant.doc.is_empty() {
                    self.line("    ///");
                }
                self.line(&format!("    /// In Go: `{}`.", constant.name));
            }
            self.assignment("    ", &taken.take(&screaming(short)), "Self", &format!("Self({value})"));
        }
        self.line("}");
    }
}

/// The name of the type, if all its constants begin with that: `ColorRed` is `Color::RED`.
fn prefix(declared: &Declared) -> &str {
    let has_prefix = |constant: &Constant| {
        let rest = constant.name.strip_prefix(&declared.name);
        rest.is_some_and(|rest| rest.trim_start_matches('_').starts_with(char::is_uppercase))
    };
    if declared.constants.iter().all(has_prefix) { &declared.name } else { "" }
}

/// The type of a constant. The model has none that are complex.
fn constant_type(basic: Basic) -> String {
    primitive(basic).unwrap_or("&str").to_owned()
}

/// A value as Rust writes one of this type.
fn literal(value: &Exact, basic: Basic) -> Option<String> {
    match (basic, value) {
        (Basic::Bool, Exact::Bool(value)) => Some(value.to_string()),
        (Basic::String, Exact::String(bytes)) => std::str::from_utf8(bytes).ok().map(|text| format!("{text:?}")),
        (Basic::Float32, value) => value.float().map(|float| format!("{:?}", float.value as f32)),
        (Basic::Float64, value) => value.float().map(|float| format!("{:?}", float.value)),
        (_, value) => value.integer().map(|value| value.to_string()),
    }
}
