//! Go's doc comments as rustdoc reads them.

/// The lines of a comment, in Markdown: what Go indents is code, and nothing else means more than it says.
pub(crate) fn markdown(doc: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut lines = doc.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with([' ', '\t']) || line.trim().is_empty() {
            out.push(escaped(line));
            continue;
        }
        let mut block = vec![line];
        while let Some(next) = lines.next_if(|next| next.starts_with([' ', '\t']) || next.trim().is_empty()) {
            block.push(next);
        }
        let mut after = 0;
        while block.last().is_some_and(|line| line.trim().is_empty()) {
            block.pop();
            after += 1;
        }
        indented(&block, &mut out);
        out.extend(std::iter::repeat_n(String::new(), after.min(1)));
    }
    out
}

/// A list, or else code.
fn indented(block: &[&str], out: &mut Vec<String>) {
    let is_item = |line: &str| {
        let line = line.trim_start();
        line.starts_with("- ") || line.starts_with("* ")
    };
    if out.last().is_some_and(|last| !last.is_empty()) {
        out.push(String::new());
    }
    if block.first().is_some_and(|line| is_item(line)) {
        out.extend(block.iter().map(|line| match line.trim() {
            item if is_item(item) => format!("- {}", escaped(&item[2..])),
            "" => String::new(),
            more => format!("  {}", escaped(more)),
        }));
        return;
    }
    let margin = block.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len());
    let margin = margin.min().unwrap_or(0);
    out.push("```text".to_owned());
    out.extend(block.iter().map(|line| line.get(margin..).unwrap_or("").replace('\t', "    ")));
    out.push("```".to_owned());
}

/// A line of text with nothing in it that Markdown would take for more.
fn escaped(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        match ["http://", "https://"].into_iter().filter_map(|scheme| word.find(scheme)).min() {
            Some(start) => {
                let (before, address) = word.split_at(start);
                let end = address.find(['<', '>', '"', ')', ']']).unwrap_or(address.len());
                let end = address[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']).len();
                format!("{}<{}>{}", plain(before), &address[..end], plain(&address[end..]))
            }
            None => plain(word),
        }
    });
    let out = words.collect::<Vec<_>>().join(" ");
    if out.starts_with("- ") || out.starts_with("+ ") { format!("\\{out}") } else { out }
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '<' | '>' | '[' | ']' | '*' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn text_means_what_it_says() {
        assert_eq!(markdown("A [Link] to *T, map[string]<x>."), ["A \\[Link\\] to \\*T, map\\[string\\]\\<x\\>."]);
        assert_eq!(markdown("See https://go.dev/x."), ["See <https://go.dev/x>."]);
        assert_eq!(markdown("(https://a.b/1/http://c.d)"), ["(<https://a.b/1/http://c.d>)"]);
    }

    #[test]
    fn what_is_indented_is_code_or_a_list() {
        assert_eq!(
            markdown("Use it:\n\n\tx := <-c\n\t\ty()\n\nSo."),
            ["Use it:", "", "```text", "x := <-c", "    y()", "```", "", "So."]
        );
        assert_eq!(markdown("Two:\n  - one\n    more\n  - two"), ["Two:", "", "- one", "  more", "- two"]);
    }
}
