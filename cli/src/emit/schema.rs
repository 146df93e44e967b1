//! A model of a stream as a JSON Schema of what `decode` prints for it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::emit::names::Taken;
use crate::model::{Basic, Body, Member, Model, Ty, TypeId, fields};

/// The schema of one document.
pub(crate) fn write(model: &Model, values: &[Ty]) -> Value {
    let mut taken = Taken::default();
    taken.reserve(&["string", "float", "complex", "interface"]);
    let names = model.types.iter().enumerate().map(|(id, declared)| (id, taken.take(declared.name_or_other())));
    let writer = Writer { model, names: names.collect() };
    let mut defs = Map::new();
    defs.insert("string".to_owned(), text_or_base64());
    defs.insert("float".to_owned(), json!({"anyOf": [{"type": "number"}, {"enum": ["NaN", "+Inf", "-Inf"]}]}));
    defs.insert("complex".to_owned(), json!({"type": "string", "pattern": r"^\(.+i\)$"}));
    defs.insert("interface".to_owned(), interface());
    for (id, declared) in model.types.iter().enumerate() {
        let schema = match &declared.body {
            Body::Struct(members) => writer.structure(members),
            Body::Of(ty) | Body::Alias(ty) => writer.ty(ty),
            Body::Opaque(_) => opaque(&declared.name, false),
            Body::Unsendable(_) => json!(true),
        };
        defs.insert(writer.names[&id].clone(), schema);
    }
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("anyOf".to_owned(), values.iter().map(|ty| writer.ty(ty)).collect());
    if values.is_empty() {
        // A stream without values is none of any document.
        schema.remove("anyOf");
        schema.insert("not".to_owned(), json!(true));
    }
    schema.insert("$defs".to_owned(), Value::Object(defs));
    Value::Object(schema)
}

struct Writer<'a> {
    model: &'a Model,
    names: HashMap<TypeId, String>,
}

impl Writer<'_> {
    fn ty(&self, ty: &Ty) -> Value {
        match ty {
            Ty::Basic(basic) => basic_type(*basic),
            Ty::Slice(elem) if **elem == Ty::Basic(Basic::Uint8) => {
                json!({"type": "string", "contentEncoding": "base64"})
            }
            Ty::Slice(elem) => json!({"type": "array", "items": self.ty(elem)}),
            Ty::Array(length, elem) => {
                json!({"type": "array", "items": self.ty(elem), "minItems": length, "maxItems": length})
            }
            Ty::Map(key, elem) => self.map(key, elem),
            Ty::Pointer(elem) => self.ty(elem),
            Ty::Struct(members) => self.structure(members),
            Ty::Any => json!({"$ref": "#/$defs/interface"}),
            Ty::Known(known) => {
                let name = known.facts().name;
                opaque(name, name == "Time")
            }
            Ty::Declared(id, _) => json!({"$ref": format!("#/$defs/{}", pointer(&self.names[id]))}),
            Ty::Param(_) => json!(true),
        }
    }

    /// All fields are there. What did not come is `null`, unless it has a zero that JSON can show.
    fn structure(&self, members: &[Member]) -> Value {
        let mut properties = Map::new();
        for field in fields(members) {
            let ty = self.ty(&field.ty);
            let ty = match self.has_zero(&field.ty) {
                true => ty,
                false => json!({"anyOf": [ty, {"type": "null"}]}),
            };
            properties.insert(field.name.clone(), ty);
        }
        let required: Vec<&String> = properties.keys().collect();
        let is_whole = members.iter().all(|member| matches!(member, Member::Field(_)));
        json!({"type": "object", "required": required, "properties": properties, "additionalProperties": !is_whole})
    }

    fn has_zero(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Basic(_) => true,
            Ty::Declared(id, _) => match &self.model.types[*id].body {
                Body::Of(ty) | Body::Alias(ty) => self.has_zero(ty),
                _ => false,
            },
            _ => false,
        }
    }

    /// By its keys where they are strings or integers, else a list of pairs. A string that is not UTF-8 is no key.
    fn map(&self, key: &Ty, elem: &Ty) -> Value {
        let elem = self.ty(elem);
        let pairs = json!({
            "type": "array",
            "items": {"type": "array", "prefixItems": [self.ty(key), elem], "minItems": 2, "items": false},
        });
        match key {
            Ty::Basic(Basic::String) => {
                json!({"anyOf": [{"type": "object", "additionalProperties": elem}, pairs]})
            }
            Ty::Basic(basic) if !basic.is_float() && *basic != Basic::Bool => {
                let names = json!({"pattern": "^-?[0-9]+$"});
                json!({"type": "object", "propertyNames": names, "additionalProperties": elem})
            }
            _ => pairs,
        }
    }
}

fn basic_type(basic: Basic) -> Value {
    match basic {
        Basic::Bool => json!({"type": "boolean"}),
        Basic::String => json!({"$ref": "#/$defs/string"}),
        Basic::Float32 | Basic::Float64 => json!({"$ref": "#/$defs/float"}),
        Basic::Complex64 | Basic::Complex128 => json!({"$ref": "#/$defs/complex"}),
        Basic::Uint | Basic::Uint8 | Basic::Uint16 | Basic::Uint32 | Basic::Uint64 | Basic::Uintptr => {
            json!({"type": "integer", "minimum": 0})
        }
        Basic::Int | Basic::Int8 | Basic::Int16 | Basic::Int32 | Basic::Int64 => json!({"type": "integer"}),
    }
}

fn text_or_base64() -> Value {
    let bytes = json!({
        "type": "object",
        "required": ["string_base64"],
        "properties": {"string_base64": {"type": "string", "contentEncoding": "base64"}},
        "additionalProperties": false,
    });
    json!({"anyOf": [{"type": "string"}, bytes]})
}

fn interface() -> Value {
    let held = json!({
        "type": "object",
        "required": ["type", "value"],
        "properties": {"type": {"type": "string"}, "value": true},
        "additionalProperties": false,
    });
    json!({"anyOf": [{"type": "null"}, held]})
}

fn opaque(name: &str, is_time: bool) -> Value {
    let mut properties = json!({"gob": {"const": name}, "base64": {"type": "string", "contentEncoding": "base64"}});
    if is_time {
        properties["time"] = json!({"type": "string", "format": "date-time"});
    }
    json!({"type": "object", "required": ["gob", "base64"], "properties": properties, "additionalProperties": false})
}

/// A name in a JSON pointer of a URI.
fn pointer(name: &str) -> String {
    let mut out = String::new();
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
