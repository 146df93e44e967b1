//! What a caller sees.

use std::io::ErrorKind;
use std::time::Duration;

use bytes::Bytes;
use gobrpc::Gob;
use gobrpc::rpc::{Client, Error, Pending, Server, ServerError};
use serde::{Serialize, Serializer};
use tokio::time::timeout;

use super::{ARGS, Args, Quotient, client, eventually, gated, serve, server, server_error};

#[tokio::test]
async fn a_call_returns_the_reply() {
    let client = client().await;
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    let quotient: Quotient = client.call("Arith.Divide", &Args { a: 17, b: 8 }).await.unwrap();
    assert_eq!(quotient, Quotient { quo: 2, rem: 1 });
}

#[tokio::test]
async fn the_error_of_a_method_reaches_the_caller_and_the_next_call_works() {
    let client = client().await;
    let error = client.call::<Quotient>("Arith.Divide", &Args { a: 1, b: 0 }).await.unwrap_err();
    assert!(matches!(&error, Error::Server(error) if error.as_str() == "divide by zero"), "{error:?}");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

/// R38, R39
#[tokio::test]
async fn an_unknown_name_is_refused_in_gos_words() {
    let client = client().await;
    for (name, text) in [
        ("Nope.X", "rpc: can't find service Nope.X"),
        ("Arith.Nope", "rpc: can't find method Arith.Nope"),
        ("NoDot", "rpc: service/method request ill-formed: NoDot"),
        ("", "rpc: service/method request ill-formed: "),
        (".", "rpc: can't find service ."),
        ("Arith.", "rpc: can't find method Arith."),
        ("a.b.c.d", "rpc: can't find service a.b.c.d"),
        ("arith.multiply", "rpc: can't find service arith.multiply"),
    ] {
        let error = client.call::<isize>(name, &ARGS).await.unwrap_err();
        assert!(matches!(&error, Error::Server(error) if error.as_str() == text), "{error:?}");
    }
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn an_address_without_a_host_is_this_machine() {
    let address = serve(server()).await;
    let port = address.rsplit_once(':').unwrap().1.to_owned();
    let client = Client::connect(&format!(":{port}")).await.unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    let blocking = tokio::task::spawn_blocking(move || {
        let client = Client::dial(&format!(":{port}")).unwrap();
        client.call::<isize>("Arith.Multiply", &ARGS).wait()
    });
    assert_eq!(blocking.await.unwrap().unwrap(), 56);
}

#[tokio::test]
async fn an_address_without_a_port_is_refused_in_gos_words() {
    for (address, text) in
        [("localhost", "dial tcp: address localhost: missing port in address"), ("", "dial tcp: missing address")]
    {
        assert_eq!(Client::connect(address).await.unwrap_err().to_string(), text);
        assert_eq!(Client::dial(address).unwrap_err().to_string(), text);
        let in_time = Client::builder().connect_timeout(Duration::from_secs(10));
        assert_eq!(in_time.dial(address).unwrap_err().to_string(), text);
    }
}

#[tokio::test]
async fn a_service_name_may_have_dots() {
    let reply: String = client().await.call("with.dots.Echo", &"hi").await.unwrap();
    assert_eq!(reply, "hi");
}

/// R19
#[tokio::test]
async fn an_error_without_text_gets_one() {
    let result = client().await.call::<i64>("Empty.Error", &()).await;
    assert_eq!(server_error(result), "rpc: method Empty.Error failed without a word");
}

/// R97, where Go's client dies.
#[tokio::test]
async fn a_reply_of_the_wrong_type_fails_its_call_alone() {
    let client = client().await;
    let slow = client.call::<u64>("Arith.Sleep", &50_u64);
    let error = client.call::<String>("Arith.Multiply", &ARGS).await.unwrap_err();
    assert!(
        error.to_string().starts_with("reading body gob: decoding into local type *string, received remote type int"),
        "{error}"
    );
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    assert_eq!(slow.await.unwrap(), 50);
}

/// R44
#[tokio::test]
async fn arguments_of_the_wrong_type_are_refused_in_gos_words() {
    let client = client().await;
    for (result, text) in [
        (
            client.call::<isize>("Arith.Multiply", &"x").await,
            "gob: type mismatch in decoder: want struct type main.Args; got non-struct",
        ),
        (
            client.call("Arith.Multiply", &Quotient { quo: 1, rem: 2 }).await,
            "gob: type mismatch: no fields matched compiling decoder for Args",
        ),
        (client.call("Arith.Sleep", &1_i64).await, "gob: decoding into local type *uint64, received remote type int"),
    ] {
        let error = result.unwrap_err();
        assert!(matches!(&error, Error::Server(error) if error.as_str() == text), "{error:?}");
    }
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn replies_come_in_any_order() {
    let (server, gate) = gated();
    let client = Client::connect(&serve(server).await).await.unwrap();
    let slow = client.go::<u64>("Gate.Pass", &7_u64).unwrap();
    let quick = client.go::<isize>("Arith.Multiply", &ARGS).unwrap();
    assert_eq!(eventually(quick).await.unwrap(), 56);
    assert!(!slow.is_done());
    gate.add_permits(1);
    assert_eq!(eventually(slow).await.unwrap(), 7);
}

#[tokio::test]
async fn a_thousand_calls_at_once_each_get_their_own_reply() {
    let client = client().await;
    let pending: Vec<Pending<isize>> = (0..1000).map(|a| client.call("Arith.Multiply", &Args { a, b: 3 })).collect();
    for (a, pending) in pending.into_iter().enumerate() {
        assert_eq!(pending.await.unwrap(), a as isize * 3);
    }
}

#[test]
fn a_call_can_be_waited_for_without_a_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let client = runtime.block_on(client());
    let pending = client.go::<u64>("Arith.Sleep", &20_u64).unwrap();
    assert_eq!(std::thread::spawn(move || pending.wait()).join().unwrap().unwrap(), 20);
}

#[tokio::test]
async fn a_call_that_is_dropped_does_no_harm() {
    let client = client().await;
    let big = vec![7_u8; 4 << 20];
    for _ in 0..5 {
        drop(client.call::<Vec<u8>>("Arith.Echo", &big));
        let call = client.call::<Vec<u8>>("Arith.Echo", &big);
        let _ = timeout(Duration::from_millis(1), call).await;
    }
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn large_arguments_and_replies_pass() {
    let client = client().await;
    let big: Vec<u8> = (0..10_000_000_u32).map(|n| n as u8).collect();
    assert_eq!(client.call::<Vec<u8>>("Arith.Echo", &big).await.unwrap(), big);
}

#[derive(Gob)]
struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[derive(Gob)]
struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        serializer.serialize_struct("Panics", 0)?.serialize_field("Nope", &1).unwrap();
        unreachable!()
    }
}

/// R103, where Go sends a header without a body.
#[tokio::test]
async fn arguments_that_cannot_be_sent_leave_the_connection_as_it_was() {
    let client = client().await;
    let error = client.go::<isize>("Arith.Multiply", &Fails).unwrap_err();
    assert_eq!(error.to_string(), "no");
    let error = client.call::<isize>("Arith.Multiply", &vec![None::<i64>]).await.unwrap_err();
    assert_eq!(error.to_string(), "gob: cannot encode nil pointer of type *int64 ([0])");
    let call = std::panic::AssertUnwindSafe(|| client.go::<isize>("Arith.Multiply", &Panics));
    assert!(std::panic::catch_unwind(call).is_err());
    let pending = client.go::<isize>("Arith.Multiply", &ARGS).unwrap();
    assert_eq!(pending.seq(), Some(0));
    assert_eq!(pending.await.unwrap(), 56);
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets_work_alike() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rpc.sock");
    tokio::spawn(server().serve(tokio::net::UnixListener::bind(&path).unwrap()));
    for client in [
        Client::connect_unix(&path).await.unwrap(),
        Client::connect(&format!("unix:{}", path.display())).await.unwrap(),
    ] {
        assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    }
}

#[tokio::test]
async fn any_stream_of_bytes_will_do() {
    let (ours, theirs) = tokio::io::duplex(16);
    tokio::spawn(async move { server().serve_connection(theirs).await });
    let client = Client::new(ours);
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn a_connection_that_is_refused_is_an_error_that_says_where() {
    // Bound and not listening: nobody else can get the port in the meantime.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    let in_time = Client::builder().connect_timeout(Duration::from_secs(10));
    for error in [
        Client::connect(&address).await.unwrap_err(),
        Client::connect_http(&address).await.unwrap_err(),
        Client::dial(&address).unwrap_err(),
        in_time.dial_http(&address).unwrap_err(),
    ] {
        assert!(matches!(&error, Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused), "{error:?}");
        assert!(error.to_string().starts_with(&format!("dial tcp {address}: ")), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_that_is_not_there_is_an_error_that_says_where() {
    for error in [Client::connect_unix("/nowhere").await.unwrap_err(), Client::dial("unix:/nowhere").unwrap_err()] {
        assert!(matches!(&error, Error::Io(error) if error.kind() == ErrorKind::NotFound), "{error:?}");
        assert!(error.to_string().starts_with("dial unix /nowhere: "), "{error}");
    }
}

#[test]
fn a_chain_of_errors_says_everything_once() {
    #[derive(Debug, thiserror::Error)]
    #[error("the certificate has expired")]
    struct Cause;

    #[derive(Debug, thiserror::Error)]
    #[error("no handshake")]
    struct Handshake(#[source] Cause);

    let io = || std::io::Error::other(Handshake(Cause));
    for (error, texts) in [
        (Error::from(io()), &["no handshake", "the certificate has expired"][..]),
        (Error::from(gobrpc::gob::Error::from(io())), &["no handshake", "the certificate has expired"]),
        (Error::from(ServerError::from("divide by zero")), &["divide by zero"]),
    ] {
        let first: &dyn std::error::Error = &error;
        let chain = std::iter::successors(Some(first), |error| error.source());
        assert_eq!(chain.map(ToString::to_string).collect::<Vec<_>>(), texts);
    }
}

#[tokio::test]
async fn bytes_of_all_sizes_come_back_as_they_were_sent_whoever_keeps_them() {
    let server = Server::new().method("Bytes.Echo", |bytes: Bytes| async { Ok::<_, String>(bytes) });
    let client = Client::connect(&serve(server).await).await.unwrap();
    let data = |len: usize| Bytes::from((0..len).map(|index| (index % 251) as u8).collect::<Vec<_>>());
    let mut kept = Vec::new();
    for len in [0, 1, 30, 31, 8_000, 100_000, 1 << 20, 3 << 20] {
        let calls: Vec<_> = (0..3).map(|_| client.call::<Bytes>("Bytes.Echo", &data(len))).collect();
        for call in calls {
            kept.push((len, eventually(call).await.unwrap()));
        }
        let vec = eventually(client.call::<Vec<u8>>("Bytes.Echo", &data(len))).await.unwrap();
        assert_eq!(vec, data(len));
    }
    // What was kept is not what the connection read into later.
    for (len, echo) in kept {
        assert!(echo == data(len), "{len} bytes came back as {} others", echo.len());
    }
}
