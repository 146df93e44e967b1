//! `gobrpc encode` and Go's gob on types and values made up at random.
//!
//! `GOBRPC_ORACLE_CASES` and `GOBRPC_ORACLE_SEED` say how many and which.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use crate::command::gobrpc_with;
use crate::go::go_or_return;
use crate::hex::to_hex;
use crate::oracle::checks::{Given, Tally};
use crate::oracle::peer::{Item, Program, Stream};
use crate::oracle::types::Ty;
use crate::oracle::values::{Val, unhex_text};
use crate::oracle::wire::Case;
use crate::oracle::{run, setting};
use crate::predeclared::PREDECLARED;

/// Go's `math.NaN()`: JSON has one name for all of them.
const GO_NAN: u64 = 0x7ff8_0000_0000_0001;

#[test]
fn go_and_encode_agree_on_types_and_values_made_up_at_random() {
    let _programs = go_or_return!();
    let (count, seed) = (setting("GOBRPC_ORACLE_CASES", 500), setting("GOBRPC_ORACLE_SEED", 2));
    let tally = run(count as usize, seed, examine);
    for (what, count) in &tally.0 {
        println!("{count:8} {what}");
    }
}

fn examine(case: &Case, given: &Given, program: &Program, index: usize) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let values: Vec<Val> = given.values.iter().map(one_nan).collect();
    let items: Vec<Item<'_>> = values.iter().map(Item::Top).collect();
    let answer = program.ask(index, &items, &[Stream::Own]).map_err(|died| format!("Go died: {died}"))?;
    if answer.error.contains("unaddressable value") {
        tally.count("excused: Go does not encode what it cannot address (G143)");
        return Ok(tally);
    }
    let go = unhex_text(&answer.hex).ok_or("no bytes from Go")?;

    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    let decl = dir.path().join("types.go");
    let declarations = format!("package main\n{}", case.types.declarations(index));
    std::fs::write(&decl, declarations).map_err(|error| error.to_string())?;
    let ty = case.types.spell(index, &case.types.top);
    let encode = ["encode", "--decl", decl.to_str().ok_or("a path that is no text")?, "--type", &ty];

    let documents: Vec<String> =
        values.iter().map(|value| document(case, &case.types.top, value).to_string()).collect();
    let documents = documents.join("\n");
    let encoded = gobrpc_with(&encode, documents.as_bytes());
    if answer.error.contains("nil")
        && values.iter().any(|value| has_nil_pointer_to_interface(case, &case.types.top, value))
    {
        tally.count("excused: JSON has one null for a nil pointer and the nil interface behind one");
        return Ok(tally);
    }
    if (encoded.code == Some(0)) != answer.error.is_empty() {
        return Err(format!("Go says {:?}, encode says {encoded:?} of {documents}", answer.error));
    }
    let is_ordered = values.iter().all(Val::is_ordered);
    if is_ordered && encoded.stdout != go {
        return Err(format!(
            "Go wrote\n  {}\nencode wrote\n  {}\nof {documents}",
            to_hex(&go),
            to_hex(&encoded.stdout)
        ));
    }
    let (theirs, ours) = (case.decode(&[&case.types.top], &go), case.decode(&[&case.types.top], &encoded.stdout));
    if theirs.values != ours.values {
        return Err(format!("Go wrote\n  {:?}\nencode wrote\n  {:?}\nof {documents}", theirs.values, ours.values));
    }
    tally.count(if is_ordered { "same bytes" } else { "bytes in any order" });

    let printed = gobrpc_with(&["decode"], &go);
    let again = gobrpc_with(&encode, &printed.stdout);
    if is_ordered && again.stdout != go {
        let printed = String::from_utf8_lossy(&printed.stdout);
        return Err(format!(
            "Go wrote\n  {}\nencode wrote\n  {}\nof {printed}{again:?}",
            to_hex(&go),
            to_hex(&again.stdout)
        ));
    }
    tally.count("decoded and encoded again");
    Ok(tally)
}

/// The value with Go's own for every NaN.
fn one_nan(value: &Val) -> Val {
    let each = |items: &[Val]| items.iter().map(one_nan).collect();
    let float = |bits: u64| if f64::from_bits(bits).is_nan() { GO_NAN } else { bits };
    match value {
        Val::Float(bits) => Val::Float(float(*bits)),
        Val::Complex(re, im) => Val::Complex(float(*re), float(*im)),
        Val::Slice(Some(items)) => Val::Slice(Some(each(items))),
        Val::Array(items) => Val::Array(each(items)),
        Val::Struct(items) => Val::Struct(each(items)),
        Val::Map(Some(entries)) => {
            Val::Map(Some(entries.iter().map(|(key, value)| (one_nan(key), one_nan(value))).collect()))
        }
        Val::Pointer(Some(value)) => Val::Pointer(Some(Box::new(one_nan(value)))),
        Val::Any(Some((number, value))) => Val::Any(Some((*number, Box::new(one_nan(value))))),
        value => value.clone(),
    }
}

/// Whether there is one anywhere in the value.
fn has_nil_pointer_to_interface(case: &Case, ty: &Ty, value: &Val) -> bool {
    let has = |ty: &Ty, value: &Val| has_nil_pointer_to_interface(case, ty, value);
    let Ok(ty) = case.types.resolve(ty) else { return false };
    match (ty, value) {
        (Ty::Pointer(elem), Val::Pointer(None)) => match case.types.resolve(elem) {
            Ok(Ty::Any) => true,
            Ok(Ty::Pointer(_)) => has(elem, &Val::Pointer(None)),
            _ => false,
        },
        (Ty::Pointer(elem), Val::Pointer(Some(value))) => has(elem, value),
        (Ty::Slice(elem), Val::Slice(Some(items))) | (Ty::Array(_, elem), Val::Array(items)) => {
            items.iter().any(|item| has(elem, item))
        }
        (Ty::Map(key, elem), Val::Map(Some(entries))) => {
            entries.iter().any(|(k, value)| has(key, k) || has(elem, value))
        }
        (Ty::Struct(fields), Val::Struct(items)) => fields.iter().zip(items).any(|((_, ty), item)| has(ty, item)),
        (Ty::Any, Val::Any(Some((number, value)))) => {
            case.types.concrete(*number).is_some_and(|concrete| has(&concrete, value))
        }
        _ => false,
    }
}

/// The JSON that stands for a value.
fn document(case: &Case, ty: &Ty, value: &Val) -> Json {
    // A pointer to nothing is no nil pointer where gob sends no such.
    match (case.types.resolve(ty), value) {
        (Ok(Ty::Pointer(elem)), Val::Pointer(Some(value))) => match (document(case, elem, value), &**value) {
            (Json::Null, Val::Slice(None)) => json!([]),
            (Json::Null, Val::Bytes(None)) => json!(""),
            (Json::Null, Val::Map(None)) => json!({}),
            (json, _) => json,
        },
        _ => plain(case, ty, value),
    }
}

/// The JSON of what is no pointer.
fn plain(case: &Case, ty: &Ty, value: &Val) -> Json {
    let types = &case.types;
    let Ok(ty) = types.resolve(ty) else {
        let Val::Opaque(bytes) = value else { panic!("{value:?}") };
        return json!({ "gob": "any", "base64": STANDARD.encode(bytes) });
    };
    match (ty, value) {
        (_, Val::Bool(value)) => json!(value),
        (_, Val::Int(value)) => json!(value),
        (_, Val::Uint(value)) => json!(value),
        (_, Val::Float(bits)) => float(f64::from_bits(*bits)),
        (_, Val::Complex(re, im)) => {
            let part = |bits: &u64| float(f64::from_bits(*bits)).to_string().trim_matches('"').to_owned();
            let (re, im) = (part(re), part(im));
            let sign = if im.starts_with(['+', '-']) { "" } else { "+" };
            json!(format!("({re}{sign}{im}i)"))
        }
        (_, Val::String(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => json!(text),
            Err(_) => json!({ "string_base64": STANDARD.encode(bytes) }),
        },
        (_, Val::Bytes(Some(bytes))) => json!(STANDARD.encode(bytes)),
        (Ty::Slice(elem), Val::Slice(Some(items))) | (Ty::Array(_, elem), Val::Array(items)) => {
            items.iter().map(|item| document(case, elem, item)).collect()
        }
        (Ty::Map(key, elem), Val::Map(Some(entries))) => {
            let entries: Vec<(Json, Json)> =
                entries.iter().map(|(k, value)| (document(case, key, k), document(case, elem, value))).collect();
            let name = |key: &Json| match key {
                Json::String(text) => Some(text.clone()),
                Json::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
                _ => None,
            };
            let is_by_name = matches!(types.resolve(key), Ok(Ty::Basic(basic)) if {
                let name = PREDECLARED[*basic];
                name == "string" || name.starts_with("int") || name.starts_with("uint")
            });
            let names: Option<Vec<String>> = entries.iter().map(|(key, _)| name(key)).collect();
            match names {
                Some(names) if is_by_name => {
                    let members = names.into_iter().zip(entries).map(|(name, (_, value))| (name, value));
                    Json::Object(members.collect::<Map<String, Json>>())
                }
                _ => entries.into_iter().map(|(key, value)| json!([key, value])).collect(),
            }
        }
        (Ty::Struct(fields), Val::Struct(items)) => {
            // A field may be left out, so there nil is nil.
            let field = |ty: &Ty, value: &Val| match leads_to_nil_map(value) {
                true => Json::Null,
                false => document(case, ty, value),
            };
            let members = fields.iter().zip(items).map(|((name, ty), value)| (name.clone(), field(ty, value)));
            Json::Object(members.collect())
        }
        (Ty::Any, Val::Any(Some((number, value)))) => {
            let ty = types.concrete(*number).expect("a concrete type");
            json!({ "type": case.go_type(&ty).registered_name(), "value": document(case, &ty, value) })
        }
        _ => Json::Null,
    }
}

fn float(value: f64) -> Json {
    match value {
        value if value.is_nan() => json!("NaN"),
        f64::INFINITY => json!("+Inf"),
        f64::NEG_INFINITY => json!("-Inf"),
        value => json!(value),
    }
}

fn leads_to_nil_map(value: &Val) -> bool {
    match value {
        Val::Pointer(Some(value)) => leads_to_nil_map(value),
        value => *value == Val::Map(None),
    }
}
