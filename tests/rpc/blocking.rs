//! The client without a runtime.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use gobrpc::rpc::{Client, Error, Nil, Server, block_on};

use tokio::sync::Semaphore;

use super::hex;

/// Lets a call of `Echo.Pass` return, of which one test makes two.
static GATE: Semaphore = Semaphore::const_new(0);

/// A server of ours in a thread of its own, with the addresses of RPC and of RPC over HTTP.
fn serve() -> (String, String) {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let server = Server::new()
                .method("Echo.Say", |text: String| async move { Ok::<_, Infallible>(text) })
                .method("Echo.Pass", |text: String| async {
                    GATE.acquire().await.unwrap().forget();
                    Ok::<_, Infallible>(text)
                })
                .method("Echo.Fail", |text: String| async move { Err::<(), _>(text) })
                .method("Echo.Late", |millis: u64| async move {
                    tokio::time::sleep(Duration::from_millis(millis)).await;
                    Ok::<_, Infallible>(vec![millis])
                });
            let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let http = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = |listener: &tokio::net::TcpListener| listener.local_addr().unwrap().to_string();
            sender.send((address(&plain), address(&http))).unwrap();
            let (a, b) = tokio::join!(server.clone().serve(plain), server.serve_http(http));
            a.and(b).unwrap();
        });
    });
    receiver.recv().unwrap()
}

#[test]
fn calls_are_made_and_waited_for() {
    let (address, http) = serve();
    for client in [Client::dial(&address).unwrap(), Client::dial_http(&http).unwrap()] {
        assert_eq!(client.call::<String>("Echo.Say", &"x").wait().unwrap(), "x");
        let slow = client.go::<String>("Echo.Pass", &"slow").unwrap();
        assert_eq!(block_on(client.call::<String>("Echo.Say", &"y")).unwrap(), "y");
        assert!(!slow.is_done());
        GATE.add_permits(1);
        assert_eq!(slow.wait().unwrap(), "slow");
        let error = client.call::<Nil>("Echo.Fail", &"why not").wait().unwrap_err();
        assert_eq!(error.to_string(), "why not");
        client.shut_down().unwrap();
        assert!(client.is_closed());
        assert!(matches!(client.call::<String>("Echo.Say", &"x").wait(), Err(Error::Shutdown)));
    }
}

/// R90
#[test]
fn a_reply_may_be_dropped_whatever_it_is() {
    let client = Client::dial(&serve().0).unwrap();
    client.call::<Nil>("Echo.Say", &"x").wait().unwrap();
    client.call::<Nil>("Echo.Late", &0_u64).wait().unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"y").wait().unwrap(), "y");
}

#[test]
fn many_threads_share_a_connection() {
    let client = Client::dial(&serve().0).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let client = client.clone();
            scope.spawn(move || {
                for number in 0..100 {
                    let text = format!("{thread} {number} {}", "x".repeat(number * 50));
                    assert_eq!(client.call::<String>("Echo.Say", &text).wait().unwrap(), text);
                }
            });
        }
    });
}

#[test]
fn a_call_waits_no_longer_than_it_is_told() {
    let address = serve().0;
    let client = Client::dial(&address).unwrap();
    let error = client.call::<Nil>("Echo.Late", &60_000_u64).wait_timeout(Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.to_string(), "rpc: call timed out after 50ms");
    let client = Client::builder().timeout(Duration::from_millis(50)).dial(&address).unwrap();
    let error = client.call::<Nil>("Echo.Late", &60_000_u64).wait().unwrap_err();
    assert_eq!(error.to_string(), "rpc: call timed out after 50ms");
    // The connection is as good as before, and a late reply no trouble (R96).
    let late = client.call::<Nil>("Echo.Late", &200_u64);
    assert!(matches!(late.wait(), Err(Error::Timeout { .. })));
    std::thread::sleep(Duration::from_millis(200));
    let reply = std::iter::repeat_with(|| client.call::<String>("Echo.Say", &"x").wait())
        // Time that the machine takes from a call is no fault of the connection.
        .take(100)
        .find(|reply| !matches!(reply, Err(Error::Timeout { .. })));
    assert_eq!(reply.expect("a call is answered in time").unwrap(), "x");
}

/// A plain gob server takes the request for the start of a message.
#[test]
fn a_server_that_does_not_speak_http_is_given_up() {
    let builder = Client::builder().connect_timeout(Duration::from_millis(50));
    let error = builder.dial_http(&serve().0).unwrap_err();
    assert_eq!(error.to_string(), "rpc: connecting timed out after 50ms");
}

#[test]
fn a_server_that_goes_away_ends_the_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::dial(&listener.local_addr().unwrap().to_string()).unwrap();
    let call = client.go::<Nil>("Any.Thing", &()).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    assert!(stream.read(&mut [0; 100]).unwrap() > 0);
    drop(stream);
    let error = call.wait_timeout(Duration::from_secs(10)).unwrap_err();
    assert!(matches!(error, Error::UnexpectedEof | Error::Io(_)), "{error:?}");
    block_on(client.closed());
    assert!(client.is_closed());
}

#[test]
fn dropping_the_client_closes_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::dial(&listener.local_addr().unwrap().to_string()).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    drop(client);
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(stream.read(&mut [0; 100]).unwrap(), 0);
}

#[test]
fn any_stream_will_do() {
    let address = serve().0;
    let stream = TcpStream::connect(address).unwrap();
    let (reader, closer) = (stream.try_clone().unwrap(), stream.try_clone().unwrap());
    let close = move || drop(closer.shutdown(std::net::Shutdown::Both));
    let client = Client::builder().build_blocking(reader, stream, close).unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"x").wait().unwrap(), "x");
}

/// R71
#[test]
fn headers_are_sent_with_the_http_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\n\n") {
            let mut chunk = [0; 100];
            let read = stream.read(&mut chunk).unwrap();
            request.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(b"HTTP/1.0 200 Connected to Go RPC\n\n").unwrap();
        String::from_utf8(request).unwrap()
    });
    let builder = Client::builder().http_path("/rpc").http_header("Authorization", "Bearer x");
    builder.dial_http(&address).unwrap();
    assert_eq!(server.join().unwrap(), "CONNECT /rpc HTTP/1.0\nAuthorization: Bearer x\n\n");
    let error = Client::builder().http_header("A", "b\nC: d").dial_http(&address).unwrap_err();
    assert!(error.to_string().ends_with("a line break in the header \"A\""), "{error}");
}

/// R137: the bytes that Go programs with this extension send.
#[test]
fn a_dropped_call_is_taken_back() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder().cancel_on_drop(true).dial(&listener.local_addr().unwrap().to_string()).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    drop(client.go::<Nil>("A.B", &()).unwrap());
    let call = client.go::<Nil>("A.B", &()).unwrap();
    let cancel = "15ff80010e5f676f5250435f2e43616e63656c010100\
                  20ff830301010a43616e63656c4172677301ff840001010103536571010600000003ff8400";
    let cancel = hex(cancel);
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut sent = Vec::new();
    while !sent.windows(cancel.len()).any(|window| window == cancel) {
        let mut chunk = [0; 1000];
        let read = stream.read(&mut chunk).unwrap_or(0);
        assert!(read > 0, "{sent:02x?}");
        sent.extend_from_slice(&chunk[..read]);
        assert!(sent.len() < 500, "{sent:02x?}");
    }
    drop(call);
}

#[test]
fn a_call_waits_for_no_server_that_does_not_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::dial(&listener.local_addr().unwrap().to_string()).unwrap();
    let _silent = listener.accept().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..4000 {
            drop(client.call::<Nil>("Echo.Say", &"x".repeat(4096)));
        }
        sender.send(client).unwrap();
    });
    receiver.recv_timeout(Duration::from_secs(10)).expect("all calls are made");
}

#[test]
fn a_stream_that_panics_ends_the_connection() {
    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            panic!("a mistake");
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let closer = stream.try_clone().unwrap();
    let close = move || closer.shutdown(std::net::Shutdown::Both).unwrap();
    let client = Client::builder().build_blocking(stream, Broken, close).unwrap();
    let calling = std::thread::spawn({
        let client = client.clone();
        move || client.call::<Nil>("Echo.Say", &"x").wait()
    });
    // Whose thread it was that panicked.
    assert!(calling.join().map_or(true, |result| result.is_err()));
    block_on(client.closed());
    assert!(matches!(client.call::<Nil>("Echo.Say", &"x").wait(), Err(Error::Shutdown)));
}
