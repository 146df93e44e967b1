//! The Go type that a document would have, where none is given.
//!
//! Integers are `int`, other numbers `float64`, objects structs if all their names may be those of fields, and
//! otherwise maps by strings. What is `null` or empty says nothing of its type, and as a field is left out, which to Go
//! is the same.

use super::tree::Json;

/// What is known of a type.
#[derive(Debug, Clone, PartialEq)]
enum Guess {
    /// Anything that may be nil.
    Nothing,
    Named(&'static str),
    Slice(Box<Self>),
    Map(Box<Self>),
    /// In the order in which they came.
    Struct(Vec<(String, Self)>),
}

const ANY: Guess = Guess::Named("interface{}");

/// Infers the type of a document, as a Go type expression; `None` if it says nothing. Fields that say nothing of their
/// type are taken out of the document.
pub(crate) fn infer(json: &mut Json) -> Option<String> {
    let mut guess = guess(json);
    guess.simplify();
    prune(json, &guess);
    (guess != Guess::Nothing).then(|| guess.spell())
}

fn guess(json: &Json) -> Guess {
    match json {
        Json::Null => Guess::Nothing,
        Json::Bool(_) => Guess::Named("bool"),
        Json::Int(_) => Guess::Named("int"),
        Json::Uint(_) => Guess::Named("uint64"),
        Json::Float(_) => Guess::Named("float64"),
        Json::Text(_) => Guess::Named("string"),
        Json::Array(items) => Guess::Slice(Box::new(all(items.iter()))),
        Json::Object(members) if members.iter().all(|(name, _)| is_exported(name)) => {
            let fields = members.iter().map(|(name, value)| (name.clone(), guess(value)));
            // A name that comes twice is one field.
            unite(Guess::Struct(Vec::new()), Guess::Struct(fields.collect()))
        }
        Json::Object(members) => Guess::Map(Box::new(all(members.iter().map(|(_, value)| value)))),
    }
}

fn all<'a>(elements: impl Iterator<Item = &'a Json>) -> Guess {
    elements.map(guess).reduce(unite).unwrap_or(Guess::Nothing)
}

/// Whether a field may have this name, and be sent.
fn is_exported(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The type of two elements.
fn unite(a: Guess, b: Guess) -> Guess {
    match (a, b) {
        (a, b) if a == b => a,
        // Of these an element may be nil, or zero.
        (Guess::Nothing, other) | (other, Guess::Nothing) if !matches!(other, Guess::Named(_)) => other,
        (Guess::Named("int" | "uint64"), Guess::Named("int" | "uint64")) => Guess::Named("uint64"),
        (Guess::Named("int" | "uint64" | "float64"), Guess::Named("int" | "uint64" | "float64")) => {
            Guess::Named("float64")
        }
        (Guess::Slice(a), Guess::Slice(b)) => Guess::Slice(Box::new(unite_parts(*a, *b))),
        (Guess::Map(a), Guess::Map(b)) => Guess::Map(Box::new(unite_parts(*a, *b))),
        (map @ Guess::Map(_), Guess::Struct(fields)) | (Guess::Struct(fields), map @ Guess::Map(_)) => {
            // An object with nothing in it is either.
            if fields.is_empty() { map } else { ANY }
        }
        (Guess::Struct(mut fields), Guess::Struct(more)) => {
            for (name, guess) in more {
                match fields.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = unite_parts(std::mem::replace(known, Guess::Nothing), guess),
                    None => fields.push((name, guess)),
                }
            }
            Guess::Struct(fields)
        }
        _ => ANY,
    }
}

/// The type of what is in two values. One that has nothing says nothing.
fn unite_parts(a: Guess, b: Guess) -> Guess {
    match (a, b) {
        (Guess::Nothing, other) | (other, Guess::Nothing) => other,
        (a, b) => unite(a, b),
    }
}

impl Guess {
    /// Leaves out the fields that say nothing.
    fn simplify(&mut self) {
        match self {
            Self::Slice(elem) | Self::Map(elem) => elem.simplify(),
            Self::Struct(fields) => {
                fields.retain(|(_, guess)| !guess.says_nothing());
                fields.iter_mut().for_each(|(_, guess)| guess.simplify());
            }
            Self::Nothing | Self::Named(_) => {}
        }
    }

    fn says_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Slice(elem) => **elem == Self::Nothing,
            Self::Struct(fields) => fields.is_empty(),
            Self::Named(_) | Self::Map(_) => false,
        }
    }

    fn spell(&self) -> String {
        match self {
            Self::Nothing => "interface{}".to_owned(),
            Self::Named(name) => (*name).to_owned(),
            Self::Slice(elem) => format!("[]{}", elem.spell()),
            Self::Map(elem) => format!("map[string]{}", elem.spell()),
            Self::Struct(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, guess)| format!("{name} {}", guess.spell())).collect();
                format!("struct{{{}}}", fields.join("; "))
            }
        }
    }
}

/// Takes the members out that are no fields.
fn prune(json: &mut Json, guess: &Guess) {
    match (json, guess) {
        (Json::Array(items), Guess::Slice(elem)) => items.iter_mut().for_each(|item| prune(item, elem)),
        (Json::Object(members), Guess::Map(elem)) => members.iter_mut().for_each(|(_, value)| prune(value, elem)),
        (Json::Object(members), Guess::Struct(fields)) => {
            members.retain_mut(|(name, value)| match fields.iter().find(|(known, _)| known == name) {
                Some((_, guess)) => {
                    prune(value, guess);
                    true
                }
                None => false,
            });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::documents;
    use super::*;

    fn inferred(text: &str) -> (Option<String>, Json) {
        let mut json = documents(text.as_bytes()).next().unwrap().unwrap();
        (infer(&mut json), json)
    }

    #[test]
    fn types_are_those_a_go_program_would_choose() {
        for (json, ty) in [
            ("1", "int"),
            ("1.5", "float64"),
            ("18446744073709551615", "uint64"),
            (r#""a""#, "string"),
            ("[true]", "[]bool"),
            ("[1, 2.5]", "[]float64"),
            (r#"[1, "a"]"#, "[]interface{}"),
            ("[1, null]", "[]interface{}"),
            ("[[1], null, []]", "[][]int"),
            ("[]", "[]interface{}"),
            (r#"{"A": 1, "B": [{"C": "x"}, {"D": 2}]}"#, "struct{A int; B []struct{C string; D int}}"),
            (r#"{"a": 1, "b": 2}"#, "map[string]int"),
            (r#"{"a": {}, "b": {"c": 1}}"#, "map[string]map[string]int"),
            (r#"{"A": 1, "b": "x"}"#, "map[string]interface{}"),
            ("{}", "struct{}"),
        ] {
            assert_eq!(inferred(json).0.as_deref(), Some(ty), "{json}");
        }
    }

    #[test]
    fn null_alone_has_no_type() {
        assert_eq!(inferred("null").0, None);
    }

    #[test]
    fn fields_that_say_nothing_are_left_out() {
        let (ty, json) = inferred(r#"{"A": null, "B": 1, "C": [], "D": {"E": null}, "F": {}}"#);
        assert_eq!(ty.as_deref(), Some("struct{B int; D struct{}}"));
        let member = |json| Json::Object(json);
        let expected = vec![("B".to_owned(), Json::Int(1)), ("D".to_owned(), member(vec![]))];
        assert_eq!(json, member(expected));
    }

    #[test]
    fn a_field_that_is_null_once_has_the_type_of_the_others() {
        let (ty, _) = inferred(r#"[{"A": null}, {"A": 1}]"#);
        assert_eq!(ty.as_deref(), Some("[]struct{A int}"));
    }
}
