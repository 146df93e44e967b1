//! What a method knows of its call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gobrpc::gob::Session;
use gobrpc::rpc::{Client, Context, Request, Server};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// `CancelArgs` of Go programs that cancel (R137).
#[derive(Serialize, Deserialize, Gob)]
struct CancelArgs {
    #[serde(rename = "Seq")]
    seq: u64,
}

#[derive(Default)]
struct Calls {
    waiting: Arc<Notify>,
    cancelled: Arc<Notify>,
}

#[service]
impl Calls {
    fn name(&self, #[rpc(context)] cx: &Context, _args: ()) -> String {
        cx.service_method().to_owned()
    }

    async fn peer(&self, _args: (), #[rpc(context)] cx: Context) -> Result<String, &'static str> {
        cx.connection().peer().map(str::to_owned).ok_or("nobody knows")
    }

    /// How many calls came over this connection.
    fn count(&self, #[rpc(context)] cx: &Context, _args: ()) -> u64 {
        cx.connection().state::<AtomicUsize>().fetch_add(1, Ordering::Relaxed) as u64 + 1
    }

    async fn wait(&self, #[rpc(context)] cx: &Context, _args: ()) -> Result<(), &'static str> {
        self.waiting.notify_one();
        cx.cancelled().await;
        self.cancelled.notify_one();
        Err("context canceled")
    }

    #[rpc(blocking)]
    fn sleep(&self, millis: u64) -> Result<u64, String> {
        std::thread::sleep(Duration::from_millis(millis));
        if millis == 13 { Err("bad luck".to_owned()) } else { Ok(millis) }
    }

    #[rpc(blocking)]
    fn fall(&self, _args: ()) -> u64 {
        panic!("off the edge")
    }
}

async fn serve(server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener));
    address
}

async fn client() -> Client {
    Client::connect(&serve(Server::new().register(Calls::default())).await).await.unwrap()
}

#[tokio::test]
async fn a_method_knows_its_name_and_who_calls() {
    let client = client().await;
    assert_eq!(client.call::<String>("Calls.Name", &()).await.unwrap(), "Calls.Name");
    let peer: String = client.call("Calls.Peer", &()).await.unwrap();
    assert!(peer.starts_with("127.0.0.1:"), "{peer}");
}

#[tokio::test]
async fn a_connection_has_a_state_of_its_own() {
    let address = serve(Server::new().register(Calls::default())).await;
    let (a, b) = (Client::connect(&address).await.unwrap(), Client::connect(&address).await.unwrap());
    assert_eq!(a.call::<u64>("Calls.Count", &()).await.unwrap(), 1);
    assert_eq!(a.call::<u64>("Calls.Count", &()).await.unwrap(), 2);
    assert_eq!(b.call::<u64>("Calls.Count", &()).await.unwrap(), 1);
}

/// R137
#[tokio::test]
async fn a_client_can_take_a_call_back() {
    let client = client().await;
    let call = client.go::<()>("Calls.Wait", &()).unwrap();
    let seq = call.seq().unwrap();
    assert!(!client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq }).await.unwrap());
    assert_eq!(call.await.unwrap_err().to_string(), "context canceled");
    // Of a call that is not there nothing is said.
    assert!(!client.call::<bool>("_goRPC_.Cancel", &CancelArgs { seq: 99 }).await.unwrap());
}

#[tokio::test]
async fn a_lost_connection_cancels_its_calls() {
    let (waiting, cancelled) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let calls = Calls { waiting: Arc::clone(&waiting), cancelled: Arc::clone(&cancelled) };
    let mut stream = TcpStream::connect(serve(Server::new().register(calls)).await).await.unwrap();
    let mut request = Vec::new();
    let mut session = Session::new();
    session.encode(&Request { service_method: "Calls.Wait".to_owned(), seq: 0 }, &mut request).unwrap();
    session.encode(&(), &mut request).unwrap();
    stream.write_all(&request).await.unwrap();
    waiting.notified().await;
    // Closed so, the connection is reset. One that is ended in good order still takes replies.
    stream.set_zero_linger().unwrap();
    drop(stream);
    tokio::time::timeout(Duration::from_secs(10), cancelled.notified()).await.unwrap();
}

#[tokio::test]
async fn a_method_that_blocks_leaves_the_others_alone() {
    let client = client().await;
    let slow = client.go::<u64>("Calls.Sleep", &200_u64).unwrap();
    assert_eq!(client.call::<u64>("Calls.Count", &()).await.unwrap(), 1);
    assert!(!slow.is_done());
    assert_eq!(slow.await.unwrap(), 200);
    assert_eq!(client.call::<u64>("Calls.Sleep", &13_u64).await.unwrap_err().to_string(), "bad luck");
    let error = client.call::<u64>("Calls.Fall", &()).await.unwrap_err();
    assert_eq!(error.to_string(), "rpc: method Calls.Fall panicked: off the edge");
}

#[tokio::test]
async fn a_function_may_know_its_call_too() {
    let server = Server::new().method_with_context("Echo.Name", |cx: Context, (): ()| async move {
        Ok::<_, String>(cx.service_method().to_owned())
    });
    let client = Client::connect(&serve(server).await).await.unwrap();
    assert_eq!(client.call::<String>("Echo.Name", &()).await.unwrap(), "Echo.Name");
}

#[service]
trait Greeter {
    async fn greet(&self, #[rpc(context)] cx: &Context, name: String) -> Result<String, String>;
}

struct Hello;

impl Greeter for Hello {
    async fn greet(&self, cx: &Context, name: String) -> Result<String, String> {
        Ok(format!("hello {name}, call {}", cx.seq()))
    }
}

#[tokio::test]
async fn a_client_knows_nothing_of_contexts() {
    let client = Client::connect(&serve(Server::new().register(Hello.into_service())).await).await.unwrap();
    assert_eq!(GreeterClient::new(client).greet("you".to_owned()).await.unwrap(), "hello you, call 0");
}
