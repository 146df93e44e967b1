//! Go's names as Rust spells them.

use std::collections::HashSet;

/// The parts of a name between what is no letter or digit, and before the humps of camelCase.
///
/// This is how the derive splits names, in whose crate are only macros, so that nothing can be shared.
fn humps(name: &str) -> Vec<&str> {
    let mut humps = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let (mut start, mut hump_ahead) = (0, false);
        for (i, c) in part.char_indices() {
            if c.is_uppercase() && hump_ahead {
                humps.push(&part[start..i]);
                start = i;
            }
            hump_ahead = !c.is_uppercase();
        }
        humps.push(&part[start..]);
    }
    humps
}

/// The words of a Go name: `HTTPServerID2` is `HTTP`, `Server`, `ID2`, and `UserIDs` is `User`, `IDs`.
fn words(name: &str) -> Vec<&str> {
    humps(name).into_iter().flat_map(after_capitals).filter(|word| !word.is_empty()).collect()
}

/// The last of capitals begins the next word, unless what follows is but the s of a plural.
fn after_capitals(hump: &str) -> [&str; 2] {
    let rest = hump.trim_start_matches(char::is_uppercase);
    let capitals = &hump[..hump.len() - rest.len()];
    let last = capitals.char_indices().next_back().map_or(0, |(at, _)| at);
    hump.split_at(if rest.starts_with(char::is_lowercase) && rest != "s" { last } else { 0 }).into()
}

/// A name for a field, a method or an argument.
pub(crate) fn snake(name: &str) -> String {
    let joined = words(name).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_");
    identifier(joined)
}

/// A name for a constant.
pub(crate) fn screaming(name: &str) -> String {
    let joined = words(name).iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join("_");
    identifier(joined)
}

/// A name for a type: as in Go, where Rust takes that for one.
pub(crate) fn camel(name: &str) -> String {
    let mut out = String::new();
    for part in name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let mut chars = part.chars();
        out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(chars.as_str());
    }
    if out == "Self" { "SelfType".to_owned() } else { identifier(out) }
}

fn identifier(name: String) -> String {
    match name.chars().next() {
        Some(first) if first.is_alphabetic() => name,
        _ => format!("_{name}"),
    }
}

/// serde's PascalCase of a field.
pub(crate) fn serde_pascal(field: &str) -> String {
    let mut out = String::new();
    let mut raise = true;
    for c in field.chars() {
        if c == '_' {
            raise = true;
        } else {
            out.push(if raise { c.to_ascii_uppercase() } else { c });
            raise = false;
        }
    }
    out
}

/// The name on the wire that `#[service]` gives a method, and the derive a field: every word with a capital letter.
pub(crate) fn wire_pascal(snake: &str) -> String {
    let words = snake.split('_').map(|word| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    });
    words.collect()
}

/// The Go name that the derive gives a field of this serde name.
pub(crate) fn derived(key: &str) -> String {
    if key.chars().next().is_some_and(char::is_uppercase) {
        return key.to_owned();
    }
    let is_id = |word: &str| word.eq_ignore_ascii_case("id");
    humps(key).into_iter().map(|word| if is_id(word) { "ID".to_owned() } else { wire_pascal(word) }).collect()
}

/// A name that may be written in Rust.
pub(crate) fn escaped(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// What Rust keeps for itself, but for the words that cannot be escaped.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that are in use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken(HashSet<String>);

impl Taken {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Takes the name, or one that is like it.
    pub(crate) fn take(&mut self, name: &str) -> String {
        // These are none even with `r#`.
        let name = if matches!(name, "self" | "super" | "crate" | "_") { format!("{name}_") } else { name.to_owned() };
        let mut unique = name.clone();
        let mut number = 2;
        while !self.0.insert(unique.clone()) {
            unique = format!("{name}{number}");
            number += 1;
        }
        unique
    }

    pub(crate) fn reserve(&mut self, names: &[&str]) {
        self.0.extend(names.iter().map(|name| (*name).to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_names_become_words() {
        for (name, snaked) in [
            ("A", "a"),
            ("SA", "sa"),
            ("RequestId", "request_id"),
            ("UserID", "user_id"),
            ("UserIDs", "user_ids"),
            ("IDsByName", "ids_by_name"),
            ("HTTPServer", "http_server"),
            ("XAmznTraceID", "x_amzn_trace_id"),
            ("PNested", "p_nested"),
            ("I8", "i8"),
            ("Sha256Sum", "sha256_sum"),
            ("V1API", "v1_api"),
            ("Snake_Case", "snake_case"),
            ("InvokeRequest_Timestamp", "invoke_request_timestamp"),
            ("ÉlanVital", "élan_vital"),
            ("IsOK", "is_ok"),
        ] {
            assert_eq!(snake(name), snaked);
        }
        assert_eq!(screaming("MaxRPCSize"), "MAX_RPC_SIZE");
        assert_eq!(camel("InvokeRequest_Timestamp"), "InvokeRequestTimestamp");
        assert_eq!(camel("Pair[string,main.Point]"), "PairStringMainPoint");
        assert_eq!(camel("HTTPServer"), "HTTPServer");
    }

    #[test]
    fn the_derive_finds_go_names_again() {
        for (key, name) in [
            ("user_id", "UserID"),
            ("UserId", "UserId"),
            ("errorMessage", "ErrorMessage"),
            ("a-b", "AB"),
            ("aDBId", "ADBId"),
        ] {
            assert_eq!(derived(key), name);
        }
        assert_eq!(serde_pascal("user_id"), "UserId");
        assert_eq!(wire_pascal("get_url"), "GetUrl");
    }

    #[test]
    fn a_name_is_taken_once() {
        let mut taken = Taken::default();
        assert_eq!((taken.take("a"), taken.take("a"), taken.take("self")), ("a".into(), "a2".into(), "self_".into()));
    }
}
