//! The debug page of net/rpc (R80, R81), read leniently: whatever stands around the names and the tables.

use html5gum::{Token, Tokenizer};
use serde::Serialize;

use crate::golang;

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) methods: Vec<Method>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Method {
    pub(super) name: String,
    /// The Go type of the arguments.
    pub(super) args: String,
    /// The Go type of the reply, which is a pointer.
    pub(super) reply: String,
    pub(super) calls: u64,
}

/// Reads a page; `None` if it is none of net/rpc.
pub(super) fn read(html: &str) -> Option<Vec<Service>> {
    let (mut services, mut title) = (Vec::<Service>::new(), String::new());
    let (mut cells, mut text) = (Vec::new(), String::new());
    for token in Tokenizer::new(html).flatten() {
        let tag = match &token {
            Token::String(string) => {
                text.push_str(&String::from_utf8_lossy(string));
                continue;
            }
            Token::StartTag(tag) => &tag.name,
            Token::EndTag(tag) => &tag.name,
            _ => continue,
        };
        let ends = matches!(token, Token::EndTag(_));
        match (&***tag, ends) {
            (b"title", true) => title = text.trim().to_owned(),
            // The name of a service stands between two rules.
            (b"hr", false) => {
                if let Some(name) = text.trim().strip_prefix("Service ") {
                    services.push(Service { name: name.trim().to_owned(), methods: Vec::new() });
                }
            }
            (b"td", true) => cells.push(text.trim().to_owned()),
            (b"tr", _) => {
                let row = std::mem::take(&mut cells);
                if let ([signature, calls, ..], Some(service)) = (&row[..], services.last_mut()) {
                    service.methods.extend(method(signature, calls));
                }
            }
            _ => {}
        }
        text.clear();
    }
    (title == "Services").then_some(services)
}

/// Reads `Divide(*main.Args, *main.Quotient) error`.
fn method(signature: &str, calls: &str) -> Option<Method> {
    let (name, rest) = signature.split_once('(')?;
    let types = rest.trim_end().strip_suffix("error")?.trim_end().strip_suffix(')')?;
    let (args, reply) = golang::two_types(types)?;
    let (name, args, reply) = (name.trim().to_owned(), args.to_owned(), reply.to_owned());
    Some(Method { name, args, reply, calls: calls.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(name: &str, args: &str, reply: &str, calls: u64) -> Method {
        Method { name: name.to_owned(), args: args.to_owned(), reply: reply.to_owned(), calls }
    }

    #[test]
    fn a_page_of_go_is_read() {
        let html = "<html>\n\t<body>\n\t<title>Services</title>\n\t\n\t<hr>\n\tService Arith\n\t<hr>\n\t\t<table>\n\t\t\
            <th align=center>Method</th><th align=center>Calls</th>\n\t\t\n\t\t\t<tr>\n\t\t\t<td align=left \
            font=fixed>Divide(*main.Args, *main.Quotient) error</td>\n\t\t\t<td align=center>3</td>\n\t\t\t</tr>\n\t\t\n\
            \t\t</table>\n\t\n\t</body>\n\t</html>";
        let methods = vec![method("Divide", "*main.Args", "*main.Quotient", 3)];
        assert_eq!(read(html), Some(vec![Service { name: "Arith".to_owned(), methods }]));
    }

    #[test]
    fn types_with_commas_and_escapes_are_told_apart() {
        let html = "<title>Services</title><hr>Service A<hr><table><tr><td>F(func(int, string), \
            *struct { A int &#34;x,y&#34; }) error</td><td>0</td></tr><tr><td>G(main.Gen[int,string], *map[string]bool) \
            error</td><td>1</td></tr></table>";
        let methods = vec![
            method("F", "func(int, string)", "*struct { A int \"x,y\" }", 0),
            method("G", "main.Gen[int,string]", "*map[string]bool", 1),
        ];
        assert_eq!(read(html), Some(vec![Service { name: "A".to_owned(), methods }]));
    }

    #[test]
    fn a_server_without_services_has_none() {
        assert_eq!(read("<html>\n\t<body>\n\t<title>Services</title>\n\t\n\t</body>\n\t</html>"), Some(Vec::new()));
    }

    #[test]
    fn another_page_is_no_debug_page() {
        for html in ["", "<title>Hello</title>", "404 page not found\n", "<title>Services"] {
            assert_eq!(read(html), None, "{html}");
        }
    }

    #[test]
    fn rows_that_make_no_sense_are_passed_over() {
        let html = "<title>Services</title><tr><td>x</td></tr><hr>Service A<hr><tr><td>F</td><td>1</td></tr>\
            <tr><td>F(int, *int) error</td><td>many</td></tr><tr><td>F(int) error</td><td>1</td></tr>\
            <tr><td>F)(, error</td><td>1</td></tr>";
        assert_eq!(read(html), Some(vec![Service { name: "A".to_owned(), methods: Vec::new() }]));
    }
}
