//! How names change on their way from Rust over serde to Go.

/// A value of serde's `rename_all`.
#[derive(Clone, Copy)]
pub(crate) enum RenameRule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl RenameRule {
    pub(crate) const NAMES: &str = "`lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, \
                                    `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`";

    pub(crate) fn parse(rule: &str) -> Option<Self> {
        Some(match rule {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// The serde key of a field. As serde does, it trusts that the Rust name is in snake case.
    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
            Self::Pascal => ascii_pascal(field),
            Self::Camel => uncapitalized(&ascii_pascal(field)),
        }
    }

    /// The serde key of a variant. As serde does, it trusts that the Rust name is in PascalCase.
    pub(crate) fn apply_to_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => uncapitalized(variant),
            Self::Snake => snake(variant),
            Self::ScreamingSnake => snake(variant).to_ascii_uppercase(),
            Self::Kebab => snake(variant).replace('_', "-"),
            Self::ScreamingKebab => snake(variant).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// serde's snake_case of a variant: an underscore before every upper-case letter but the first.
fn snake(pascal: &str) -> String {
    let mut out = String::with_capacity(pascal.len() + 4);
    for (i, c) in pascal.char_indices() {
        if i > 0 && c.is_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// With its first letter in lower case, if that is ASCII.
fn uncapitalized(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect()
}

/// serde's PascalCase: an underscore raises the next character, if that is an ASCII letter.
fn ascii_pascal(snake: &str) -> String {
    let mut raise = true;
    let mut out = String::with_capacity(snake.len());
    for c in snake.chars() {
        if c == '_' {
            raise = true;
        } else {
            out.push(if raise { c.to_ascii_uppercase() } else { c });
            raise = false;
        }
    }
    out
}

/// The Go name of a field with this serde key: itself if Go would export it, else its PascalCase, in which the words of
/// `initialisms` keep their spelling.
pub(crate) fn exported(key: &str, initialisms: &[String]) -> String {
    if starts_upper(key) { key.to_owned() } else { go_pascal(key, initialisms) }
}

/// Whether Go would export this name.
pub(crate) fn starts_upper(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// Whether Go would take it for a name at all.
pub(crate) fn is_go_identifier(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_numeric())
        && !name.is_empty()
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
}

/// PascalCase, in which these words keep their spelling: the wire name of a method.
pub(crate) fn go_pascal(name: &str, initialisms: &[String]) -> String {
    words(name).iter().fold(String::with_capacity(name.len()), |mut out, word| {
        match initialisms.iter().find(|known| known.eq_ignore_ascii_case(word)) {
            Some(known) => out.push_str(known),
            None => {
                let mut rest = word.chars();
                out.extend(rest.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(rest.as_str());
            }
        }
        out
    })
}

/// Splits at everything that is no letter or digit, and before the humps of camelCase.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()) {
        let (mut start, mut hump_ahead) = (0, false);
        for (i, c) in part.char_indices() {
            if c.is_uppercase() && hump_ahead {
                words.push(&part[start..i]);
                start = i;
            }
            hump_ahead = !c.is_uppercase();
        }
        words.push(&part[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rename_all_is_applied_as_serde_does() {
        let renamed = |rule: &str, field: &str| RenameRule::parse(rule).map(|rule| rule.apply(field));
        for (rule, expected) in [
            ("lowercase", "user_id2"),
            ("UPPERCASE", "USER_ID2"),
            ("PascalCase", "UserId2"),
            ("camelCase", "userId2"),
            ("snake_case", "user_id2"),
            ("SCREAMING_SNAKE_CASE", "USER_ID2"),
            ("kebab-case", "user-id2"),
            ("SCREAMING-KEBAB-CASE", "USER-ID2"),
        ] {
            assert_eq!(renamed(rule, "user_id2").as_deref(), Some(expected), "{rule}");
        }
        assert_eq!(renamed("PascalCase", "__a__élan").as_deref(), Some("Aélan"));
        assert_eq!(renamed("Title Case", "a"), None);
    }

    #[test]
    fn rename_all_is_applied_to_variants_as_serde_does() {
        for (rule, expected) in [
            ("lowercase", "darkred2"),
            ("UPPERCASE", "DARKRED2"),
            ("PascalCase", "DarkRed2"),
            ("camelCase", "darkRed2"),
            ("snake_case", "dark_red2"),
            ("SCREAMING_SNAKE_CASE", "DARK_RED2"),
            ("kebab-case", "dark-red2"),
            ("SCREAMING-KEBAB-CASE", "DARK-RED2"),
        ] {
            let renamed = RenameRule::parse(rule).map(|rule| rule.apply_to_variant("DarkRed2"));
            assert_eq!(renamed.as_deref(), Some(expected), "{rule}");
        }
    }

    #[test]
    fn an_exported_name_keeps_its_spelling() {
        for name in ["SA", "User_id", "Élan", "HTTPServer"] {
            assert_eq!(exported(name, &["ID".to_owned()]), name);
        }
    }

    #[test]
    fn other_names_become_pascal_case_with_initialisms() {
        let initialisms = ["ID".to_owned(), "URL".to_owned()];
        for (key, name) in [
            ("id", "ID"),
            ("user_id", "UserID"),
            ("userId", "UserID"),
            ("user-id", "UserID"),
            ("userID", "UserID"),
            ("aDBId", "ADBId"),
            ("identity", "Identity"),
            ("valid", "Valid"),
            ("base_url", "BaseURL"),
            ("url2", "Url2"),
            ("parseHTTPBody", "ParseHTTPBody"),
            ("_private", "Private"),
            ("élan_vital", "ÉlanVital"),
            ("$ref", "Ref"),
        ] {
            assert_eq!(exported(key, &initialisms), name);
        }
        assert_eq!(go_pascal("user_id", &[]), "UserId");
    }

    #[test]
    fn go_identifiers_are_letters_digits_and_underscores() {
        assert!(["A", "A_1", "Ü", "_"].into_iter().all(is_go_identifier));
        assert!(!["", "A-B", "1A", "A.B", "A B"].into_iter().any(is_go_identifier));
    }
}
