//! Requests one by one.

use gobrpc::rpc::{Client, Connection, Error, Requests, Served};
use tokio::io::AsyncWriteExt;

use super::{ARGS, Arith, eventually, server, server_error};

/// R62, R63
#[tokio::test]
async fn requests_are_served_one_by_one_in_their_order() {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let client = Client::new(ours);
    let slow = client.call::<u64>("Arith.Sleep", &100_u64);
    let fast = client.call::<isize>("Arith.Multiply", &ARGS);
    let (server, mut requests) = (server(), Requests::new(theirs));
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Answered);
    assert_eq!(eventually(slow).await.unwrap(), 100);
    // Nobody has asked for the next one yet.
    assert!(!fast.is_done());
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Answered);
    assert_eq!(eventually(fast).await.unwrap(), 56);
    drop(client);
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Closed);
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Closed);
}

/// R62: both sides hear of it.
#[tokio::test]
async fn a_request_that_cannot_run_is_refused_and_the_next_one_runs() {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let client = Client::new(ours);
    let (server, mut requests) = (server(), Requests::new(theirs).with_connection(Connection::new().with(1_u8)));
    let server = server.authorize(|cx| match cx.connection().extensions().get::<u8>().as_deref() {
        Some(1) if cx.service_method() != "Arith.Sleep" => Ok(()),
        _ => Err("not now"),
    });
    for (method, text) in [
        ("Arith.Nope", "rpc: can't find method Arith.Nope"),
        ("Arith.Sleep", "not now"),
        ("Arith.Multiply", "gob: type mismatch in decoder: want struct type main.Args; got non-struct"),
    ] {
        let call = client.call::<()>(method, &"text");
        let served = eventually(server.serve_request(&mut requests)).await.unwrap();
        assert_eq!(served, Served::Refused(text.into()));
        assert_eq!(server_error(eventually(call).await), text);
    }
    // An error of the method is an answer.
    let call = client.call::<()>("Arith.Divide", &super::Args { a: 1, b: 0 });
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Answered);
    assert_eq!(server_error(eventually(call).await), "divide by zero");
    let call = client.call::<()>("Arith.Panic", &"boom");
    assert_eq!(eventually(server.serve_request(&mut requests)).await.unwrap(), Served::Answered);
    assert_eq!(server_error(eventually(call).await), "rpc: method Arith.Panic panicked: boom");
}

#[tokio::test]
async fn what_is_no_request_is_an_error() {
    let (mut ours, theirs) = tokio::io::duplex(1 << 10);
    ours.write_all(&super::hex("03040006")).await.unwrap();
    let mut requests = Requests::new(theirs);
    let error = eventually(server().serve_request(&mut requests)).await.unwrap_err();
    assert!(matches!(error, Error::Codec(_)), "{error:?}");
    let twice = server().register(Arith);
    let error = eventually(twice.serve_request(&mut requests)).await.unwrap_err();
    assert_eq!(error.to_string(), "rpc: service already defined: Arith");
}
