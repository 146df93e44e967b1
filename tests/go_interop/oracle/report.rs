//! A case as a Go program and as a Rust test, to be run again by themselves.

use std::fmt::Write;

use super::checks::Given;
use super::types::{Declared, Ty, Types};
use super::values::Val;
use crate::hex::to_hex;
use crate::predeclared::PREDECLARED;

/// A Go program that writes the values, and reads the streams.
pub(crate) fn go_program(types: &Types, given: &Given) -> String {
    let Given { values, others, streams } = given;
    let mut out =
        "package main\n\nimport (\n\t\"bytes\"\n\t\"encoding/gob\"\n\t\"encoding/hex\"\n\t\"fmt\"\n\t\"math\"\n)\n\n"
            .to_owned();
    out.push_str(&types.declarations(0));
    let (top, other) = (types.spell(0, &types.top), types.spell(0, &types.other));
    let _ = writeln!(out, "\nvar _ = math.Pi\n\nfunc ptr[T any](v T) *T {{ return &v }}\n\nfunc main() {{");
    for concrete in &types.concretes {
        let _ = writeln!(out, "\tgob.Register(*new({}))", types.spell(0, concrete));
    }
    let _ = writeln!(out, "\tvar buffer bytes.Buffer\n\te := gob.NewEncoder(&buffer)");
    for value in values {
        let _ = writeln!(out, "\tfmt.Println(e.Encode(ptr[{top}]({})))", types.go_literal(&types.top, value));
    }
    let print = "\tfmt.Printf(\"%x\\n\", buffer.Bytes())";
    let _ = writeln!(out, "{print}\n\t// In turns.\n\tbuffer.Reset()\n\te = gob.NewEncoder(&buffer)");
    for (value, second) in values.iter().zip(others) {
        let _ = writeln!(out, "\tfmt.Println(e.Encode(ptr[{top}]({})))", types.go_literal(&types.top, value));
        let _ = writeln!(out, "\tfmt.Println(e.Encode(ptr[{other}]({})))", types.go_literal(&types.other, second));
    }
    let _ = writeln!(out, "{print}");
    for stream in streams {
        let _ = writeln!(
            out,
            "\t{{\n\t\tdata, _ := hex.DecodeString(\"{}\")\n\t\td := gob.NewDecoder(bytes.NewReader(data))\n\
             \t\tfor {{\n\t\t\tvar v {top}\n\t\t\terr := d.Decode(&v)\n\t\t\tfmt.Printf(\"%#v %v\\n\", v, err)\n\
             \t\t\tif err != nil {{\n\t\t\t\tbreak\n\t\t\t}}\n\t\t}}\n\t}}",
            to_hex(stream)
        );
    }
    out.push_str("\t_ = hex.DecodeString\n}\n");
    out
}

/// A test for the module above.
pub(crate) fn rust_test(types: &Types, given: &Given) -> String {
    let Given { values, others, streams } = given;
    let streams: Vec<String> = streams.iter().map(|stream| format!("{:?}", to_hex(stream))).collect();
    format!(
        "#[test]\nfn found_at_random() {{\n    let types = Types {{\n        top: {},\n        other: {},\n        \
         declared: {},\n        concretes: {},\n    }};\n    let values = {};\n    let others = {};\n    \
         replay(types, values, others, &[{}]);\n}}\n",
        rust_type(&types.top),
        rust_type(&types.other),
        list(&types.declared, |declared| match declared {
            Declared::Type(ty) => format!("Declared::Type({})", rust_type(ty)),
            Declared::Opaque { is_gob, by_pointer, leaks } => {
                let leaks = leaks.as_ref().map_or_else(|| "None".to_owned(), |ty| format!("Some({})", rust_type(ty)));
                format!("Declared::Opaque {{ is_gob: {is_gob}, by_pointer: {by_pointer}, leaks: {leaks} }}")
            }
        }),
        list(&types.concretes, rust_type),
        list(values, rust_value),
        list(others, rust_value),
        streams.join(", "),
    )
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    format!("vec![{}]", items.iter().map(show).collect::<Vec<_>>().join(", "))
}

fn rust_type(ty: &Ty) -> String {
    match ty {
        Ty::Basic(basic) => format!("Ty::Basic({basic})"),
        Ty::Named(number) => format!("Ty::Named({number})"),
        Ty::Pointer(elem) => format!("Ty::Pointer(Box::new({}))", rust_type(elem)),
        Ty::Slice(elem) => format!("Ty::Slice(Box::new({}))", rust_type(elem)),
        Ty::Array(len, elem) => format!("Ty::Array({len}, Box::new({}))", rust_type(elem)),
        Ty::Map(key, elem) => format!("Ty::Map(Box::new({}), Box::new({}))", rust_type(key), rust_type(elem)),
        Ty::Struct(fields) => {
            format!("Ty::Struct({})", list(fields, |(name, ty)| format!("({name:?}.to_owned(), {})", rust_type(ty))))
        }
        Ty::Any => "Ty::Any".to_owned(),
    }
}

fn rust_value(value: &Val) -> String {
    let bytes = |bytes: &[u8]| list(bytes, u8::to_string);
    let option = |value: Option<String>| value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"));
    match value {
        Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::Float(_) | Val::Complex(..) => format!("Val::{value:?}"),
        Val::String(text) => format!("Val::String({})", bytes(text)),
        Val::Opaque(text) => format!("Val::Opaque({})", bytes(text)),
        Val::Bytes(value) => format!("Val::Bytes({})", option(value.as_deref().map(bytes))),
        Val::Slice(items) => format!("Val::Slice({})", option(items.as_ref().map(|items| list(items, rust_value)))),
        Val::Array(items) => format!("Val::Array({})", list(items, rust_value)),
        Val::Struct(items) => format!("Val::Struct({})", list(items, rust_value)),
        Val::Map(entries) => {
            let entry = |(key, value): &(Val, Val)| format!("({}, {})", rust_value(key), rust_value(value));
            format!("Val::Map({})", option(entries.as_ref().map(|entries| list(entries, entry))))
        }
        Val::Pointer(value) => {
            format!("Val::Pointer({})", option(value.as_ref().map(|value| format!("Box::new({})", rust_value(value)))))
        }
        Val::Any(value) => {
            let held = |(number, value): &(usize, Box<Val>)| format!("({number}, Box::new({}))", rust_value(value));
            format!("Val::Any({})", option(value.as_ref().map(held)))
        }
    }
}

impl Types {
    /// A value as Go writes it in a source.
    fn go_literal(&self, ty: &Ty, value: &Val) -> String {
        let name = self.spell(0, ty);
        let text = |bytes: &[u8]| {
            let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
            format!("\"{escaped}\"")
        };
        let Ok(resolved) = self.resolve(ty) else {
            let Val::Opaque(bytes) = value else { return "nil".to_owned() };
            return format!("{name}{{s: {}}}", text(bytes));
        };
        let float = |bits: u64| format!("math.Float64frombits({bits:#x})");
        let items = |elem: &Ty, items: &[Val]| {
            let items: Vec<String> = items.iter().map(|item| self.go_literal(elem, item)).collect();
            format!("{name}{{{}}}", items.join(", "))
        };
        match (resolved, value) {
            (_, Val::Bool(value)) => format!("{name}({value})"),
            (_, Val::Int(value)) => format!("{name}({value})"),
            (_, Val::Uint(value)) => format!("{name}({value})"),
            (_, Val::Float(bits)) => format!("{name}({})", float(*bits)),
            (Ty::Basic(basic), Val::Complex(re, im)) if PREDECLARED[*basic] == "complex64" => {
                format!("{name}(complex(float32({}), float32({})))", float(*re), float(*im))
            }
            (_, Val::Complex(re, im)) => format!("{name}(complex({}, {}))", float(*re), float(*im)),
            (_, Val::String(bytes) | Val::Bytes(Some(bytes))) => format!("{name}({})", text(bytes)),
            (Ty::Slice(elem), Val::Slice(Some(list))) | (Ty::Array(_, elem), Val::Array(list)) => items(elem, list),
            (Ty::Map(key, elem), Val::Map(Some(entries))) => {
                let entry = |(k, v): &(Val, Val)| format!("{}: {}", self.go_literal(key, k), self.go_literal(elem, v));
                format!("{name}{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            (Ty::Struct(fields), Val::Struct(values)) => {
                let fields = fields.iter().zip(values);
                let fields: Vec<String> =
                    fields.map(|((field, ty), value)| format!("{field}: {}", self.go_literal(ty, value))).collect();
                format!("{name}{{{}}}", fields.join(", "))
            }
            (Ty::Pointer(elem), Val::Pointer(Some(value))) => {
                format!("ptr[{}]({})", self.spell(0, elem), self.go_literal(elem, value))
            }
            (_, Val::Any(Some((number, value)))) => match self.concrete(*number) {
                Some(ty) => format!("any({})", self.go_literal(&ty, value)),
                None => "nil".to_owned(),
            },
            _ => format!("({name})(nil)"),
        }
    }
}
