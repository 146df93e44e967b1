//! Go's debug page: the services, their methods, and how often each was called (R80, R81).

use std::fmt::{self, Write as _};

use super::registry::{MethodInfo, ServiceInfo};

/// The page, byte for byte as Go's template renders it.
pub(super) fn page(services: &[ServiceInfo]) -> String {
    let mut page = "<html>\n\t<body>\n\t<title>Services</title>\n\t".to_owned();
    for ServiceInfo { name, methods } in services {
        page += "\n\t<hr>\n\tService ";
        escape(&mut page, name);
        page += "\n\t<hr>\n\t\t<table>\n\t\t<th align=center>Method</th><th align=center>Calls</th>\n\t\t";
        for method in methods {
            page += "\n\t\t\t<tr>\n\t\t\t<td align=left font=fixed>";
            escape(&mut page, &method.to_string());
            page += "</td>\n\t\t\t<td align=center>";
            page += &method.calls.to_string();
            page += "</td>\n\t\t\t</tr>\n\t\t";
        }
        page += "\n\t\t</table>\n\t";
    }
    page += "\n\t</body>\n\t</html>";
    page
}

/// As the page shows it: `Divide(main.Args, *main.Quotient) error`.
impl fmt::Display for MethodInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}, *{}) error", self.name, self.args, self.reply)
    }
}

/// Appends a text as Go's html/template escapes it.
fn escape(page: &mut String, text: &str) {
    for c in text.chars() {
        let escaped = match c {
            '\0' => "\u{fffd}",
            '"' => "&#34;",
            '\'' => "&#39;",
            '&' => "&amp;",
            '+' => "&#43;",
            '<' => "&lt;",
            '>' => "&gt;",
            c => {
                // Writing to a string cannot fail.
                let _ = page.write_char(c);
                continue;
            }
        };
        *page += escaped;
    }
}
