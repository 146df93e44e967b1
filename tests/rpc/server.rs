//! What a server does with clients that are not as they should be.

use std::time::Duration;

use gobrpc::rpc::{Client, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{ARGS, client, eventually, hex, serve, server};

/// The first call of rule R10, and the reply to it.
const CALL: &str = "2e7f030101075265717565737401ff80000102010d536572766963654d6574686f64010c0001035365710106000000
    13ff80010e41726974682e4d756c7469706c7900 1eff81030101044172677301ff820001020101410104000101420104000000 07ff82010e011000";
const REPLY: &str = "397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000
    13ff80010e41726974682e4d756c7469706c7900 03040070";
/// The definition of `Response`, as it begins every stream of replies.
const RESPONSE: &str = "397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000";
/// The body of the first error.
const EMPTY: &str = "0aff81030102ff82000000 03ff8200";

async fn connect() -> TcpStream {
    TcpStream::connect(serve(server()).await).await.unwrap()
}

/// Sends bytes, closes the sending side, and returns all that comes back.
async fn exchange(bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect().await;
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    eventually(stream.read_to_end(&mut answer)).await.unwrap();
    answer
}

/// R10, R66: the client has closed its side before the reply is sent.
#[tokio::test]
async fn a_client_that_half_closes_gets_its_reply() {
    assert_eq!(exchange(&hex(CALL)).await, hex(REPLY));
}

/// R8
#[tokio::test]
async fn a_call_may_come_byte_by_byte() {
    let mut stream = connect().await;
    stream.set_nodelay(true).unwrap();
    for byte in hex(CALL) {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut answer = vec![0; hex(REPLY).len()];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, hex(REPLY));
}

/// R45
#[tokio::test]
async fn a_header_without_a_body_is_answered() {
    let call = hex(CALL);
    let error = |text: &str| {
        let header = format!("{:02x}{}00", text.len(), text.bytes().map(|b| format!("{b:02x}")).collect::<String>());
        let body = hex(&format!("ff80 01 0e 41726974682e4d756c7469706c79 02 {header}"));
        [hex(RESPONSE), vec![body.len() as u8], body, hex(EMPTY)].concat()
    };
    assert_eq!(exchange(&call[..67]).await, error("EOF"));
    // A part of the definition, the definition alone, and a part of the value.
    assert_eq!(exchange(&call[..80]).await, error("unexpected EOF"));
    assert_eq!(exchange(&call[..98]).await, error("unexpected EOF"));
    assert_eq!(exchange(&call[..101]).await, error("unexpected EOF"));
}

/// R42
#[tokio::test]
async fn a_connection_that_makes_no_sense_is_closed_without_a_word() {
    assert_eq!(exchange(b"GET / HTTP/1.1\r\n\r\n").await, b"");
    assert_eq!(exchange(&hex("03040006")).await, b"");
    assert_eq!(exchange(&hex("f8ffffffffffffffff")).await, b"");
    // A message of length zero (R27).
    assert_eq!(exchange(&hex("00")).await, b"");
    assert_eq!(exchange(b"").await, b"");
}

/// R6, R22, R40: an unknown method whose argument `any(Known{5})` spans two messages, then a good call.
#[tokio::test]
async fn a_body_that_spans_messages_is_read_over() {
    let call = hex(CALL);
    let unknown = hex("0f ff80 01 0a 41726974682e4e6f7065 00
        26 10 00 0a 6d61696e2e4b6e6f776e ff81 0301 01 05 4b6e6f776e 01ff82 00 0101 01 01 4e 01 04 00 0000
        06 ff82 03 010a 00");
    // The good call defines `Args` as 66 now.
    let good = hex("15 ff80 01 0e 41726974682e4d756c7469706c79 01 01 00
        1e ff83 0301 01 04 41726773 01ff84 00 0102 01 01 41 0104 00 01 01 42 0104 00 0000 07 ff84 010e 0110 00");
    let answer = exchange(&[&call[..47], &unknown, &good].concat()).await;
    let text = b"rpc: can't find method Arith.Nope";
    assert!(answer.windows(text.len()).any(|window| window == text), "{answer:02x?}");
    assert!(answer.ends_with(&hex("03040070")), "{answer:02x?}");
}

/// R54, where Go's server process ends.
#[tokio::test]
async fn a_method_that_panics_answers_with_an_error() {
    let client = client().await;
    let error = client.call::<()>("Arith.Panic", &"boom").await.unwrap_err();
    assert!(
        matches!(&error, Error::Server(error) if error.as_str() == "rpc: method Arith.Panic panicked: boom"),
        "{error:?}"
    );
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

/// R60, where Go's server closes the connection.
#[tokio::test]
async fn a_reply_that_cannot_be_sent_is_an_error_of_its_call() {
    let client = client().await;
    let error = client.call::<Vec<i64>>("Arith.Nothing", &()).await.unwrap_err();
    let text = "rpc: gob error encoding body: gob: cannot encode nil pointer of type *int64";
    assert!(matches!(&error, Error::Server(error) if error.as_str() == text), "{error:?}");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn a_client_that_never_reads_holds_up_nobody_else() {
    let address = serve(server()).await;
    let greedy = TcpStream::connect(&address).await.unwrap();
    // Its calls ask for far more than the socket can hold, and it never looks at a reply.
    let (_unread, mut writer) = greedy.into_split();
    let mut session = gobrpc::gob::Session::new();
    let mut calls = Vec::new();
    for seq in 0..200 {
        let request = gobrpc::rpc::Request { service_method: "Arith.Echo".into(), seq };
        session.encode(&request, &mut calls).unwrap();
        session.encode(&vec![0_u8; 100_000], &mut calls).unwrap();
    }
    let flood = tokio::spawn(async move { writer.write_all(&calls).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let client = Client::connect(&address).await.unwrap();
    let call = client.call::<isize>("Arith.Multiply", &ARGS);
    assert_eq!(eventually(call).await.unwrap(), 56);
    flood.abort();
}
