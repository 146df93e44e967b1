//! What goes wrong, and how both sides hear of it: at once, and in Go's words.

use gobrpc::Gob;
use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Error, Pending};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use crate::go::{Programs, go_or_return};
use crate::languages::Language;
use crate::patience::{at_once, eventually};
use crate::peers::{Endpoint, Server, Transport};
use crate::services::{self, Args, Quotient, StringRequest};

const ARGS: Args = Args { a: 7, b: 8 };

async fn connect(server: &Endpoint) -> Client {
    server.connect().await.expect("the server is there")
}

fn assert_cut_off(error: &Error) {
    assert!(matches!(error, Error::UnexpectedEof | Error::Io(_)), "{error:?}");
}

/// Kills the server while it has calls to answer.
async fn assert_a_kill_fails_all<R>(server: &mut Server, client: &Client, pending: Vec<Pending<R>>)
where
    R: Gob + serde::de::DeserializeOwned,
{
    // Requests are read in order, so with this reply the server has the others.
    let product: isize = eventually(client.call("Arith.Multiply", &ARGS)).await.expect("the server is alive");
    assert_eq!(product, 56);
    assert!(pending.iter().all(|call| !call.is_done()));

    at_once(async {
        server.kill().await;
        for call in pending {
            match call.await {
                Err(error) => assert_cut_off(&error),
                Ok(_) => panic!("a call succeeds without its server"),
            }
        }
    })
    .await;

    let next = client.call::<isize>("Arith.Multiply", &ARGS).await.expect_err("the next call has no server");
    assert!(matches!(next, Error::Shutdown), "{next:?}");
    assert_eq!(next.to_string(), "connection is shut down");
}

#[tokio::test]
async fn killing_a_go_server_fails_every_pending_call_and_the_next_one() {
    let mut server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let call = |_| client.go::<isize>("Arith.Sleep", &10_000_isize).expect("the call is sent");
    let pending = (0..3).map(call).collect();
    assert_a_kill_fails_all(&mut server, &client, pending).await;
}

#[tokio::test]
async fn killing_a_rust_server_fails_every_pending_call_and_the_next_one() {
    let mut server = services::example().await;
    let client = connect(&server.endpoint).await;
    let hello = StringRequest { sa: "hello ".into(), sb: "go rpc".into() };
    let call = |_| client.go::<String>("StringService.Concat", &hello).expect("the call is sent");
    let pending = (0..3).map(call).collect();
    assert_a_kill_fails_all(&mut server, &client, pending).await;
}

#[tokio::test]
async fn killing_a_rust_server_fails_the_pending_call_of_a_go_client_and_the_next_one() {
    let go = go_or_return!();
    let mut server = services::example().await;
    let mut client = go.talk(&server.endpoint, &["concat-async", "mul"]);
    // The client says so when the request is written.
    assert_eq!(client.line().await.as_deref(), Some("concat-async pending true"));
    at_once(async {
        server.kill().await;
        let line = client.line().await.expect("the call ends");
        let cut_off = line == "concat-async error unexpected EOF" || line.ends_with("connection reset by peer");
        assert!(cut_off, "{line}");
        assert_eq!(client.line().await.as_deref(), Some("mul error connection is shut down"));
    })
    .await;
}

#[tokio::test]
async fn a_go_server_that_exits_in_a_method_fails_the_call() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let error = at_once(client.call::<isize>("Arith.Die", &1_isize)).await.expect_err("nobody is left to answer");
    assert_cut_off(&error);
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses_the_connection() {
    // Bound and not listening: nobody else can get the port in the meantime.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let address = socket.local_addr().expect("it has an address").to_string();
    for result in [at_once(Client::connect(&address)).await, at_once(Client::connect_http(&address)).await] {
        match result.expect_err("nobody listens") {
            Error::Io(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_path_without_a_socket_refuses_the_connection() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("nobody");
    match at_once(Client::connect_unix(path)).await.expect_err("nobody listens") {
        Error::Io(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
        other => panic!("{other:?}"),
    }
}

/// Asserts that asking for this path over HTTP gets a handshake error for this reason.
async fn assert_no_handshake(address: &str, path: &str, reason: &str) {
    let error = at_once(Client::connect_http_path(address, path)).await.expect_err("no RPC is spoken there");
    assert!(matches!(error, Error::Handshake { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("dial-http tcp {address}: {reason}"));
}

#[tokio::test]
async fn the_wrong_http_path_is_not_found_at_a_go_server() {
    let server = go_or_return!().server(Transport::Http).await;
    assert_no_handshake(&server.endpoint.address, "/nope", "unexpected HTTP response: 404 Not Found").await;
}

#[tokio::test]
async fn the_wrong_http_path_is_not_found_at_a_rust_server() {
    let server = services::server(Transport::Http).await;
    assert_no_handshake(&server.endpoint.address, "/nope", "unexpected HTTP response: 404 Not Found").await;
}

/// To a plain server, `C` announces 67 bytes. With the usual path it waits for the rest of them, with Go as with us.
fn long_path() -> String {
    format!("/{}", "x".repeat(100))
}

#[tokio::test]
async fn a_plain_go_server_hangs_up_when_asked_over_http() {
    let server = go_or_return!().server(Transport::Tcp).await;
    assert_no_handshake(&server.endpoint.address, &long_path(), "unexpected EOF").await;
}

#[tokio::test]
async fn a_plain_rust_server_hangs_up_when_asked_over_http() {
    let server = services::server(Transport::Tcp).await;
    assert_no_handshake(&server.endpoint.address, &long_path(), "unexpected EOF").await;
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_malformed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it has an address").to_string();
    let greeter = tokio::spawn(async move {
        let mut stream = listener.accept().await?.0;
        // All of it, or closing would reset the connection.
        let mut asked = [0; 27];
        stream.read_exact(&mut asked).await?;
        stream.write_all(b"hello\n").await
    });
    assert_no_handshake(&address, gobrpc::rpc::DEFAULT_RPC_PATH, "malformed HTTP response \"hello\"").await;
    greeter.await.expect("the greeter does not panic").expect("the greeter is heard");
}

/// Asserts that an HTTP server's answer to a plain call is no gob stream.
async fn assert_http_is_no_gob(server: &Endpoint) {
    let client = Client::connect(&server.address).await.expect("the server is there");
    // The line end is what Go's HTTP server waits for.
    let error = at_once(client.call::<String>("Arith.Echo", &"\r\n\r\n")).await.expect_err("the server speaks HTTP");
    assert!(matches!(error, Error::Codec(_)), "{error:?}");
    // Where in the stream comes after it.
    assert!(error.to_string().starts_with("gob: unknown type id or corrupted data"), "{error}");
    assert!(client.is_closed());
}

#[tokio::test]
async fn the_answer_of_a_go_http_server_to_a_plain_call_is_no_gob() {
    let server = go_or_return!().server(Transport::Http).await;
    assert_http_is_no_gob(&server.endpoint).await;
}

#[tokio::test]
async fn the_answer_of_a_rust_http_server_to_a_plain_call_is_no_gob() {
    let server = services::server(Transport::Http).await;
    assert_http_is_no_gob(&server.endpoint).await;
}

/// Asserts what a client prints for these steps, and that it is over at once.
async fn assert_lines<L>(go: &Programs, client: Language, server: Language, steps: &[&str], lines: &[L])
where
    L: std::fmt::Debug,
    String: PartialEq<L>,
{
    let server = server.server(go, Transport::Tcp).await;
    assert_eq!(at_once(client.client(go, &server.endpoint, steps)).await, lines);
}

const BAD_ARGS: &[&str] = &["badarg-struct", "mul", "badarg-kind", "mul", "badarg-field", "mul"];

/// What comes of it, where the struct with a wrong field has this name.
fn bad_args_lines(name: &str) -> [String; 6] {
    let ok = "mul ok 56".to_owned();
    [
        "badarg-struct server-error gob: type mismatch: no fields matched compiling decoder for Args".to_owned(),
        ok.clone(),
        "badarg-kind server-error gob: type mismatch in decoder: want struct type service.Args; got non-struct"
            .to_owned(),
        ok.clone(),
        // It says what the field should have been.
        format!("badarg-field server-error gob: wrong type (int) for received field {name}.A"),
        ok,
    ]
}

#[tokio::test]
async fn a_go_server_refuses_wrong_arguments_and_answers_the_next_call() {
    let go = go_or_return!();
    assert_lines(go, Language::Rust, Language::Go, BAD_ARGS, &bad_args_lines("TextInArgs")).await;
}

#[tokio::test]
async fn a_rust_server_refuses_wrong_arguments_with_the_texts_of_a_go_server() {
    let go = go_or_return!();
    // The Go client's struct has no name.
    for server in [Language::Go, Language::Rust] {
        assert_lines(go, Language::Go, server, BAD_ARGS, &bad_args_lines("")).await;
    }
}

const BAD_NAMES: &[&str] = &["unknown-method", "mul", "unknown-service", "mul", "ill-formed", "mul"];

const BAD_NAMES_LINES: &[&str] = &[
    "unknown-method server-error rpc: can't find method Arith.Nope",
    "mul ok 56",
    "unknown-service server-error rpc: can't find service Nope.X",
    "mul ok 56",
    "ill-formed server-error rpc: service/method request ill-formed: NoDot",
    "mul ok 56",
];

#[tokio::test]
async fn a_go_server_does_not_find_wrong_names_and_answers_the_next_call() {
    assert_lines(go_or_return!(), Language::Rust, Language::Go, BAD_NAMES, BAD_NAMES_LINES).await;
}

#[tokio::test]
async fn a_rust_server_does_not_find_wrong_names_and_answers_the_next_call() {
    assert_lines(go_or_return!(), Language::Go, Language::Rust, BAD_NAMES, BAD_NAMES_LINES).await;
}

const WRONG_REPLY: &str = "reading body gob: decoding into local type *string, received remote type int";

/// R97
#[tokio::test]
async fn a_reply_of_the_wrong_type_fails_its_call_alone() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let other = client.go::<isize>("Arith.Sleep", &100_isize).expect("the call is sent");
    let error = at_once(client.call::<String>("Arith.Multiply", &ARGS)).await.expect_err("an int is no string");
    assert!(matches!(error, Error::ReadingBody(_)), "{error:?}");
    // Where in the stream comes after it.
    assert!(error.to_string().starts_with(WRONG_REPLY), "{error}");
    assert_eq!(at_once(other).await.expect("the pending call succeeds"), 100);
    let product: isize = at_once(client.call("Arith.Multiply", &ARGS)).await.expect("the next call succeeds");
    assert_eq!(product, 56);
}

/// R97
#[tokio::test]
async fn a_go_client_reads_a_reply_of_the_wrong_type_in_the_same_words() {
    let line = format!("badreply error {WRONG_REPLY}");
    assert_lines(go_or_return!(), Language::Go, Language::Rust, &["badreply"], &[line]).await;
}

/// R6: the interface holds a type that only the server knows.
#[tokio::test]
async fn a_reply_that_holds_an_unknown_type_fails_its_call_alone() {
    #[derive(Debug, Serialize, Deserialize, Gob)]
    #[gob(interface)]
    enum Other {
        Args(Args),
    }

    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    let error = at_once(client.call::<Option<Other>>("Arith.Wrap", &7_isize)).await.expect_err("it is no Args");
    let unknown = "reading body gob: name not registered for interface: \"gobrpc.test/interop/service.Known\"";
    assert!(error.to_string().starts_with(unknown), "{error}");
    // The type is known to the connection all the same, and to whoever takes what comes.
    let value: Value = at_once(client.call("Arith.Wrap", &8_isize)).await.expect("a value holds anything");
    assert_eq!(value.get("N").and_then(Value::as_i64), Some(8), "{value}");
}

/// R90
#[tokio::test]
async fn a_struct_that_a_go_server_replies_can_be_discarded() {
    let server = go_or_return!().server(Transport::Tcp).await;
    let client = connect(&server.endpoint).await;
    at_once(client.call::<()>("Arith.Divide", &ARGS)).await.expect("any struct will do");
    let quotient: Quotient = at_once(client.call("Arith.Divide", &ARGS)).await.expect("the next call succeeds");
    assert_eq!(quotient, Quotient { quo: 0, rem: 7 });
}

/// R90
#[tokio::test]
async fn a_go_client_can_discard_the_reply_of_a_rust_server() {
    let lines = ["nilreply ok null", "mul ok 56"];
    assert_lines(go_or_return!(), Language::Go, Language::Rust, &["nilreply", "mul"], &lines).await;
}
