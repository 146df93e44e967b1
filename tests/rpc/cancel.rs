//! Calls that nobody waits for any more.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gobrpc::Gob;
use gobrpc::rpc::{Client, Context, Error, Server};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::{eventually, gated, hex, multiply, serve, server_error, until};

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CancelArgs {
    pub(super) seq: u64,
}

/// Counts the calls that begin and those that are cancelled.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<AtomicUsize>,
    cancelled: Arc<AtomicUsize>,
}

#[gobrpc::service]
impl Slow {
    async fn wait(&self, #[rpc(context)] cx: &Context, millis: u64) -> Result<u64, &'static str> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(millis)) => Ok(millis),
            () = cx.cancelled() => {
                self.cancelled.fetch_add(1, Ordering::SeqCst);
                Err("context canceled")
            }
        }
    }
}

impl Slow {
    async fn until(&self, count: &AtomicUsize, want: usize) {
        until(|| count.load(Ordering::SeqCst) >= want).await;
    }
}

const LONG: u64 = 60_000;

#[tokio::test]
async fn a_client_cancels_a_call_of_its_own() {
    let slow = Slow::default();
    let client = Client::connect(&serve(Server::new().register(slow.clone())).await).await.unwrap();
    let victim = client.call::<u64>("Slow.Wait", &LONG);
    let other = client.call::<u64>("Slow.Wait", &300_u64);
    slow.until(&slow.begun, 2).await;
    assert!(!client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq: 0 }).await.unwrap());
    assert_eq!(server_error(eventually(victim).await), "context canceled");
    assert_eq!(eventually(other).await.unwrap(), 300);
}

#[tokio::test]
async fn what_a_method_has_begun_hears_of_it_through_a_token() {
    let ((begins, begun), (hears, heard)) = (oneshot::channel(), oneshot::channel());
    let once = Mutex::new(Some((begins, hears)));
    let server = Server::new().method_with_context("Token.Pass", move |cx, (): ()| {
        let (begins, hears) = once.lock().unwrap().take().unwrap();
        let token = cx.token().clone();
        tokio::spawn(async move {
            begins.send(()).unwrap();
            token.cancelled().await;
            hears.send(()).unwrap();
        });
        std::future::pending::<Result<(), &str>>()
    });
    let client = Client::builder().cancel_on_drop(true).connect(&serve(server).await).await.unwrap();
    let call = client.call::<()>("Token.Pass", &());
    eventually(begun).await.unwrap();
    drop(call);
    eventually(heard).await.unwrap();
}

#[tokio::test]
async fn nobody_cancels_a_call_of_another_connection() {
    let slow = Slow::default();
    let address = serve(Server::new().register(slow.clone())).await;
    let client = Client::connect(&address).await.unwrap();
    let call = client.call::<u64>("Slow.Wait", &300_u64);
    slow.until(&slow.begun, 1).await;
    let stranger = Client::connect(&address).await.unwrap();
    for seq in 0..10 {
        assert!(!stranger.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq }).await.unwrap());
    }
    assert_eq!(eventually(call).await.unwrap(), 300);
}

/// R137, with the bytes of a client of Go's fork.
#[tokio::test]
async fn the_answer_to_a_cancellation_comes_first_and_is_false() {
    let slow = Slow::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    tokio::spawn(Server::new().register_name("S", slow.clone()).serve(listener));
    let mut session = gobrpc::gob::Session::new();
    let mut bytes = Vec::new();
    session.encode(&gobrpc::rpc::Request { service_method: "S.Wait".into(), seq: 1 }, &mut bytes).unwrap();
    session.encode(&LONG, &mut bytes).unwrap();
    stream.write_all(&bytes).await.unwrap();
    slow.until(&slow.begun, 1).await;
    let cancel = "15ff80010e5f676f5250435f2e43616e63656c010200
        20ff810301010a43616e63656c4172677301ff8200010101035365710106000000 05ff82010100";
    stream.write_all(&hex(cancel)).await.unwrap();
    let answer = "397f03010108526573706f6e736501ff80000103010d536572766963654d6574686f64010c00010353657101060001054572726f72010c000000
        15ff80010e5f676f5250435f2e43616e63656c010200 03020000";
    let mut came = vec![0; hex(answer).len()];
    eventually(stream.read_exact(&mut came)).await.unwrap();
    assert_eq!(came, hex(answer));
    let mut rest = vec![0; 32];
    eventually(stream.read_exact(&mut rest)).await.unwrap();
    let text = b"context canceled";
    assert!(rest.windows(text.len()).any(|window| window == text), "{rest:02x?}");
}

/// The call waits behind another, and never begins.
#[tokio::test]
async fn a_call_that_has_not_begun_is_not_going_to() {
    let slow = Slow::default();
    let client = Client::connect(&serve(Server::new().serial().register(slow.clone())).await).await.unwrap();
    let first = client.call::<u64>("Slow.Wait", &500_u64);
    let victim = client.call::<u64>("Slow.Wait", &LONG);
    let cancel = client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq: 1 });
    assert!(!eventually(cancel).await.unwrap());
    assert_eq!(server_error(eventually(victim).await), "context canceled");
    assert_eq!(eventually(first).await.unwrap(), 500);
    assert_eq!(slow.begun.load(Ordering::SeqCst), 1);
}

/// Its calls run one by one, and still the one that runs can be cancelled.
#[tokio::test]
async fn a_serial_server_hears_of_a_cancellation() {
    let slow = Slow::default();
    let client = Client::connect(&serve(Server::new().serial().register(slow.clone())).await).await.unwrap();
    let victim = client.call::<u64>("Slow.Wait", &LONG);
    slow.until(&slow.begun, 1).await;
    assert!(!eventually(client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq: 0 })).await.unwrap());
    assert_eq!(server_error(eventually(victim).await), "context canceled");
}

/// R137: as Go's server does.
#[tokio::test]
async fn a_server_can_do_without_cancellation() {
    let server = Server::new().without_cancel().register(Slow::default());
    let client = Client::connect(&serve(server).await).await.unwrap();
    let result = client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq: 0 }).await;
    assert_eq!(server_error(result), "rpc: can't find service _goRPC_.Cancel");
}

#[tokio::test]
async fn a_cancellation_that_makes_no_sense_is_answered() {
    let client = Client::connect(&serve(Server::new()).await).await.unwrap();
    let result = client.call::<bool>("_goRPC_.Cancel", &"text").await;
    assert!(server_error(result).starts_with("gob: type mismatch in decoder"));
    let result = client.call::<bool>("_goRPC_.Nope", &()).await;
    assert_eq!(server_error(result), "rpc: can't find service _goRPC_.Nope");
}

/// R65, where Go lets the method run on.
#[tokio::test]
async fn a_client_that_is_cut_off_cancels_its_calls() {
    let slow = Slow::default();
    let address = serve(Server::new().register(slow.clone())).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let mut session = gobrpc::gob::Session::new();
    let mut bytes = Vec::new();
    for seq in 0..3 {
        session.encode(&gobrpc::rpc::Request { service_method: "Slow.Wait".into(), seq }, &mut bytes).unwrap();
        session.encode(&LONG, &mut bytes).unwrap();
    }
    stream.write_all(&bytes).await.unwrap();
    slow.until(&slow.begun, 3).await;
    // Its end is a reset.
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    drop(stream);
    slow.until(&slow.cancelled, 3).await;
}

/// R66
#[tokio::test]
async fn a_client_that_half_closes_cancels_nothing() {
    let slow = Slow::default();
    let mut stream = TcpStream::connect(serve(Server::new().register(slow.clone())).await).await.unwrap();
    let mut session = gobrpc::gob::Session::new();
    let mut bytes = Vec::new();
    session.encode(&gobrpc::rpc::Request { service_method: "Slow.Wait".into(), seq: 0 }, &mut bytes).unwrap();
    session.encode(&300_u64, &mut bytes).unwrap();
    stream.write_all(&bytes).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    eventually(stream.read_to_end(&mut answer)).await.unwrap();
    // uint 300
    assert!(answer.ends_with(&hex("05 06 00 fe012c")), "{answer:02x?}");
    assert_eq!(slow.cancelled.load(Ordering::SeqCst), 0);
}

/// R137: the client tells the server, and does not care for the answer.
#[tokio::test]
async fn a_call_that_is_dropped_is_taken_back() {
    let slow = Slow::default();
    let address = serve(Server::new().register(slow.clone())).await;
    let client = Client::builder().cancel_on_drop(true).connect(&address).await.unwrap();
    let (victim, other) = (client.call::<u64>("Slow.Wait", &LONG), client.call::<u64>("Slow.Wait", &300_u64));
    slow.until(&slow.begun, 2).await;
    drop(victim);
    slow.until(&slow.cancelled, 1).await;
    assert_eq!(eventually(other).await.unwrap(), 300);
    // A call that was answered is not taken back, whenever it is dropped.
    let answered = client.call::<u64>("Slow.Wait", &1_u64);
    until(|| answered.is_done()).await;
    let seq = answered.seq().unwrap();
    drop(answered);
    assert_eq!(client.call::<u64>("Slow.Wait", &1_u64).seq(), Some(seq + 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_runs_on_unless_the_client_says_otherwise() {
    let slow = Slow::default();
    let client = Client::connect(&serve(Server::new().register(slow.clone())).await).await.unwrap();
    let victim = client.call::<u64>("Slow.Wait", &200_u64);
    slow.until(&slow.begun, 1).await;
    drop(victim);
    assert_eq!(eventually(client.call::<u64>("Slow.Wait", &400_u64)).await.unwrap(), 400);
    assert_eq!(slow.cancelled.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_call_waits_no_longer_than_the_client_is_told() {
    let (server, gate) = gated();
    let address = serve(server.serial()).await;
    let client = Client::builder().timeout(Duration::from_millis(300)).connect(&address).await.unwrap();
    for _ in 0..3 {
        let late = client.call::<u64>("Gate.Pass", &7_u64);
        let error = eventually(late).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.to_string(), "rpc: call timed out after 300ms");
        // The reply comes when nobody waits for it, and before that of the next call, which gets its own.
        gate.add_permits(1);
        assert_eq!(multiply(&client).await, 56);
    }
    assert_eq!(gate.available_permits(), 0);
}

#[tokio::test]
async fn a_call_whose_time_is_up_is_taken_back() {
    let slow = Slow::default();
    let address = serve(Server::new().register(slow.clone())).await;
    let builder = Client::builder().timeout(Duration::from_millis(100)).cancel_on_drop(true);
    let client = builder.connect(&address).await.unwrap();
    // Whether or not anybody looks at it. One of them will have begun before its time is up.
    let mut calls = Vec::new();
    while slow.cancelled.load(Ordering::SeqCst) == 0 {
        assert!(calls.len() < 100, "nobody hears of it");
        calls.push(client.call::<u64>("Slow.Wait", &LONG));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for call in calls {
        assert!(matches!(eventually(call).await, Err(Error::Timeout { .. })));
    }
}
