//! The debug page.

use std::convert::Infallible;

use gobrpc::gob::Declarations;
use gobrpc::gob::ty::Type;
use gobrpc::rpc::{Client, MethodInfo, Server, ServiceInfo, debug_page};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a Go server showed after some calls (R80).
const PAGE: &str = include_str!("../../testdata/debug_page.html");

/// The services on a page, by a look at its text.
fn services(page: &str) -> Vec<ServiceInfo> {
    let text = page.replace("&lt;", "<").replace("&#34;", "\"").replace("&amp;", "&");
    let mut services: Vec<ServiceInfo> = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("Service ") {
            services.push(ServiceInfo { name: name.to_owned(), methods: Vec::new() });
        } else if let Some(method) = line.strip_prefix("<td align=left font=fixed>") {
            let signature = method.strip_suffix(" error</td>").unwrap();
            let calls = lines.next().unwrap().trim_start_matches("<td align=center>").trim_end_matches("</td>");
            services.last_mut().unwrap().methods.push(method_info(signature, calls.parse().unwrap()));
        }
    }
    services
}

/// `Divide(*main.Args, *main.Quotient)`
fn method_info(signature: &str, calls: u64) -> MethodInfo {
    let (name, types) = signature.strip_suffix(')').unwrap().split_once('(').unwrap();
    let (args, reply) = types.rsplit_once(", *").unwrap();
    MethodInfo { name: name.to_owned(), args: go_type(args), reply: go_type(reply), calls }
}

fn go_type(text: &str) -> &'static Type {
    if text == "chan int" {
        // No value of it can be sent, but Go registers the method (R37).
        return const { &Type::bytes().named("", "chan int") };
    }
    let text = text.replace("main.", "");
    let names = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(char::is_uppercase));
    let source: String = names.map(|name| format!("type {name} struct {{ A int }}\n")).collect();
    Declarations::parse(&source).unwrap().parse_type(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn the_page_is_gos_to_the_byte() {
    let services = services(PAGE);
    assert_eq!(services.len(), 3);
    assert_eq!(debug_page(&services), PAGE);
    assert_eq!(debug_page(&[]), "<html>\n\t<body>\n\t<title>Services</title>\n\t\n\t</body>\n\t</html>");
}

async fn get(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_page_shows_services_and_counts_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = Server::new()
        .method("Text.Upper", |text: String| async move { Ok::<_, Infallible>(text.to_uppercase()) })
        .method("Text.Fail", |_: Vec<u8>| async move { Err::<i64, _>("no") })
        .method("<Odd>.Name", |(): ()| async move { Ok::<_, Infallible>(()) });
    tokio::spawn(server.serve_http(listener));
    let client = Client::connect_http(&address).await.unwrap();
    client.call::<String>("Text.Upper", &"x").await.unwrap();
    client.call::<String>("Text.Upper", &"x").await.unwrap();
    client.call::<i64>("Text.Fail", &vec![1_u8]).await.unwrap_err();
    // Arguments that do not fit begin no call in Go (R50); here the method is what decodes them.
    let answer = get(&address, "GET /debug/rpc HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (head, page) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{head}");
    assert!(head.contains(&format!("Content-Length: {}\r\n", page.len())), "{head}");
    for line in [
        "Service &lt;Odd&gt;",
        "<td align=left font=fixed>Fail([]uint8, *int64) error</td>\n\t\t\t<td align=center>1</td>",
        "<td align=left font=fixed>Upper(string, *string) error</td>\n\t\t\t<td align=center>2</td>",
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    let head = get(&address, "HEAD /debug/rpc HTTP/1.0\r\n\r\n").await;
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let missing = get(&address, "GET /debug HTTP/1.0\r\n\r\n").await;
    assert!(missing.starts_with("HTTP/1.1 404 Not Found\r\n"), "{missing}");
}
