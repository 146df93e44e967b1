//! The page at `/debug/rpc`, to the byte as Go renders it (R80, R81).

use std::fmt::Write;

use super::registry::ServiceInfo;

/// The page for these services, which are sorted by name.
pub(super) fn page(services: &[ServiceInfo]) -> String {
    let mut out = "<html>\n\t<body>\n\t<title>Services</title>\n\t".to_owned();
    for ServiceInfo { name, methods } in services {
        let _ = write!(out, "\n\t<hr>\n\tService {}\n\t<hr>\n\t\t<table>\n", escaped(name));
        out.push_str("\t\t<th align=center>Method</th><th align=center>Calls</th>\n\t\t");
        for method in methods {
            let signature = format!("{}({}, *{}) error", method.name, method.args, method.reply);
            let _ = write!(out, "\n\t\t\t<tr>\n\t\t\t<td align=left font=fixed>{}</td>\n", escaped(&signature));
            let _ = write!(out, "\t\t\t<td align=center>{}</td>\n\t\t\t</tr>\n\t\t", method.calls);
        }
        out.push_str("\n\t\t</table>\n\t");
    }
    out.push_str("\n\t</body>\n\t</html>");
    out
}

/// Text as html/template writes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '+' => out.push_str("&#43;"),
            '\0' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
