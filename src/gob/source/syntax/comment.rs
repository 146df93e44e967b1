//! Comments that say something about what they stand at.

use nom::Parser;
use nom::combinator::recognize;

use super::Parsed;
use super::token::{blank, comment, inline};

/// What may stand before a declaration, and the comment that belongs to it: the last one, if no line is empty between
/// the two.
pub(super) fn before(input: &str) -> Parsed<'_, String> {
    let (rest, text) = recognize(blank).parse(input)?;
    Ok((rest, group(text)))
}

/// A comment at the end of a line.
pub(super) fn after(input: &str) -> Parsed<'_, String> {
    let (rest, text) = recognize(inline).parse(input)?;
    Ok((rest, group(text)))
}

/// The text of the last group of comments, unless an empty line comes after it.
fn group(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('/') {
        if rest[..start].matches('\n').count() > 1 {
            lines.clear();
        }
        let Ok((after, ())) = comment(&rest[start..]) else { return String::new() };
        let comment = &rest[start..rest.len() - after.len()];
        match comment.strip_prefix("//") {
            Some(_) if is_directive(comment) => {}
            Some(line) => lines.push(line.strip_prefix(' ').unwrap_or(line)),
            None => lines.extend(comment[2..comment.len() - 2].lines().map(|line| {
                let line = line.trim_start();
                line.strip_prefix("* ").unwrap_or(if line == "*" { "" } else { line })
            })),
        }
        rest = after;
    }
    if rest.matches('\n').count() > 1 {
        return String::new();
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(start, |last| last + 1);
    lines[start..end].join("\n")
}

/// Whether a comment is for a tool, as Go tells it: `//go:build`, `//nolint:all`, `//export F`.
fn is_directive(comment: &str) -> bool {
    let text = &comment[2..];
    if ["line ", "extern ", "export "].iter().any(|word| text.starts_with(word)) {
        return true;
    }
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let Some((tool, rest)) = text.split_once(':') else {
        return text.starts_with("nolint") || text.starts_with("+build");
    };
    !tool.is_empty() && tool.chars().all(is_word) && rest.starts_with(is_word)
}
