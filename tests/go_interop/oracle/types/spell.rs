//! Types in Go's syntax.

use std::fmt::Write;

use super::{Declared, Ty, Types};
use crate::predeclared::PREDECLARED;

impl Types {
    /// The declared name of a type; `case` keeps those of different cases apart.
    pub(crate) fn name(case: usize, number: usize) -> String {
        format!("C{case}T{number}")
    }

    /// A type in Go's syntax.
    pub(crate) fn spell(&self, case: usize, ty: &Ty) -> String {
        match ty {
            Ty::Basic(basic) => PREDECLARED[*basic].to_owned(),
            Ty::Named(number) => Self::name(case, *number),
            Ty::Pointer(elem) => format!("*{}", self.spell(case, elem)),
            Ty::Slice(elem) => format!("[]{}", self.spell(case, elem)),
            Ty::Array(len, elem) => format!("[{len}]{}", self.spell(case, elem)),
            Ty::Map(key, elem) => format!("map[{}]{}", self.spell(case, key), self.spell(case, elem)),
            Ty::Struct(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, ty)| format!("{name} {}", self.spell(case, ty))).collect();
                format!("struct{{ {} }}", fields.join("; "))
            }
            Ty::Any => "any".to_owned(),
        }
    }

    /// The declarations in Go's syntax, with the methods.
    pub(crate) fn declarations(&self, case: usize) -> String {
        let mut out = String::new();
        for (number, declared) in self.declared.iter().enumerate() {
            let name = Self::name(case, number);
            let _ = match declared {
                Declared::Type(Ty::Struct(fields)) => {
                    let _ = writeln!(out, "type {name} struct {{");
                    for (field, ty) in fields {
                        let _ = writeln!(out, "\t{field} {}", self.spell(case, ty));
                    }
                    // gob passes these over (G29).
                    let _ = writeln!(
                        out,
                        "{}}}",
                        if fields.is_empty() { "" } else { "\thidden int\n\tAChannel chan int\n" }
                    );
                    Ok(())
                }
                Declared::Type(ty) => writeln!(out, "type {name} {}", self.spell(case, ty)),
                Declared::Opaque { is_gob, by_pointer, leaks } => {
                    let star = if *by_pointer { "*" } else { "" };
                    let leaks = leaks.as_ref().map_or_else(String::new, |ty| format!("; L {}", self.spell(case, ty)));
                    let (to, from) =
                        if *is_gob { ("GobEncode", "GobDecode") } else { ("MarshalBinary", "UnmarshalBinary") };
                    writeln!(
                        out,
                        "type {name} struct{{ s string{leaks} }}\n\
                         func (x *{name}) Set(b []byte) {{ x.s = string(b) }}\n\
                         func (x *{name}) Get() []byte {{ return []byte(x.s) }}\n\
                         func (x {star}{name}) {to}() ([]byte, error) {{ return []byte(x.s), nil }}\n\
                         func (x *{name}) {from}(b []byte) error {{ x.s = string(b); return nil }}"
                    )
                }
            };
        }
        out
    }
}
