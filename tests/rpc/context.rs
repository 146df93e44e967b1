//! What a method can know of its call.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};

use gobrpc::rpc::{Client, Connection, Context, Handshake, Server};
use tokio::net::TcpListener;

use super::{begun, eventually, serve, server_error};

/// Counts the calls of a connection.
#[derive(Default)]
struct Calls(AtomicU64);

struct Who;

#[gobrpc::service]
impl Who {
    fn am_i(&self, #[rpc(context)] cx: &Context, _: ()) -> String {
        cx.peer().map_or_else(|| "nobody".to_owned(), |peer| peer.to_string())
    }

    async fn called(&self, text: String, #[rpc(context)] cx: Context) -> String {
        tokio::task::yield_now().await;
        format!("{text} {} {}", cx.service_method(), cx.seq())
    }

    async fn count(&self, #[rpc(context)] cx: &Context, _: ()) -> u64 {
        cx.connection().extensions().get_or_insert_with(Calls::default).0.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn asked_for(&self, #[rpc(context)] cx: &Context, header: String) -> Option<String> {
        let handshake = cx.connection().handshake()?;
        Some(format!("{} {}", handshake.path(), handshake.header(&header).unwrap_or("-")))
    }

    #[rpc(blocking)]
    fn panic(&self, #[rpc(context)] cx: &Context, _: ()) {
        panic!("{} is unlucky", cx.service_method());
    }
}

/// The same, as a contract.
#[gobrpc::service]
trait Contract {
    async fn seq(&self, #[rpc(context)] cx: &Context, _: ()) -> u64;

    #[rpc(blocking)]
    fn name(&self, _: (), #[rpc(context)] cx: Context) -> String {
        cx.service_method().to_owned()
    }
}

impl Contract for Who {
    async fn seq(&self, cx: &Context, (): ()) -> u64 {
        tokio::task::yield_now().await;
        cx.seq()
    }
}

async fn client() -> Client {
    let server = Server::new().register(Who).register(Who.into_service());
    Client::connect(&serve(server).await).await.unwrap()
}

#[tokio::test]
async fn a_method_knows_the_address_of_its_caller() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Server::new().register(Who).serve(listener));
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let ours = stream.local_addr().unwrap().to_string();
    let client = Client::new(stream);
    assert_eq!(client.call::<String>("Who.AmI", &()).await.unwrap(), ours);
}

#[tokio::test]
async fn a_method_knows_its_call() {
    let client = client().await;
    assert_eq!(client.call::<String>("Who.Called", &"I am").await.unwrap(), "I am Who.Called 0");
    assert_eq!(client.call::<String>("Who.Called", &"I am").await.unwrap(), "I am Who.Called 1");
}

#[tokio::test]
async fn a_contract_keeps_the_context_from_the_client() {
    let client = ContractClient::new(client().await);
    assert_eq!(client.seq(()).await.unwrap(), 0);
    assert_eq!(client.name(()).await.unwrap(), "Contract.Name");
    assert_eq!(client.seq(()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_function_may_want_the_context() {
    let server = Server::new().method_with_context("Fn.Seq", |cx, (): ()| async move {
        Ok::<_, Infallible>(format!("{} {}", cx.service_method(), cx.seq()))
    });
    let client = Client::connect(&serve(server).await).await.unwrap();
    assert_eq!(client.call::<String>("Fn.Seq", &()).await.unwrap(), "Fn.Seq 0");
}

#[tokio::test]
async fn what_is_kept_with_a_connection_is_its_own() {
    let address = serve(Server::new().register(Who)).await;
    let (one, two) = (Client::connect(&address).await.unwrap(), Client::connect(&address).await.unwrap());
    assert_eq!(one.call::<u64>("Who.Count", &()).await.unwrap(), 1);
    assert_eq!(one.call::<u64>("Who.Count", &()).await.unwrap(), 2);
    assert_eq!(two.call::<u64>("Who.Count", &()).await.unwrap(), 1);
}

#[tokio::test]
async fn whoever_has_the_stream_says_what_is_known_of_it() {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let known = Connection::new()
        .with(Calls(41.into()))
        .with_peer("192.0.2.7:1234".parse().unwrap())
        .with_handshake(Handshake::new("/mine?a=b", [("X-User", "gopher")]));
    tokio::spawn(async move { Server::new().register(Who).serve_connection_with(theirs, known).await });
    let client = Client::new(ours);
    assert_eq!(client.call::<u64>("Who.Count", &()).await.unwrap(), 42);
    assert_eq!(client.call::<String>("Who.AmI", &()).await.unwrap(), "192.0.2.7:1234");
    let asked = client.call::<Option<String>>("Who.AskedFor", &"x-user").await.unwrap();
    assert_eq!(asked.as_deref(), Some("/mine?a=b gopher"));
}

#[tokio::test]
async fn a_method_that_blocks_holds_up_nobody() {
    struct Blocks(Arc<Barrier>);

    #[gobrpc::service]
    impl Blocks {
        #[rpc(blocking)]
        fn meet(&self, #[rpc(context)] cx: &Context, _: ()) -> String {
            self.0.wait();
            cx.service_method().to_owned()
        }
    }

    // One thread runs both ends: without a thread of its own, the method would hold up the other call.
    let barrier = Arc::new(Barrier::new(2));
    let server = Server::new().register(Who).register(Blocks(Arc::clone(&barrier)));
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    let slow = client.call::<String>("Blocks.Meet", &());
    begun(&server, 1).await;
    eventually(client.call::<u64>("Who.Count", &())).await.unwrap();
    assert!(!slow.is_done());
    tokio::task::spawn_blocking(move || barrier.wait()).await.unwrap();
    assert_eq!(eventually(slow).await.unwrap(), "Blocks.Meet");
}

#[tokio::test]
async fn a_method_that_blocks_may_panic_too() {
    let client = client().await;
    let result = client.call::<()>("Who.Panic", &()).await;
    assert_eq!(server_error(result), "rpc: method Who.Panic panicked: Who.Panic is unlucky");
}

#[test]
fn the_values_of_headers_stay_secret() {
    let handshake = Handshake::new("/", [("Authorization", "Bearer 4711")]);
    let text = format!("{handshake:?}");
    assert!(text.contains("Authorization") && !text.contains("4711"), "{text}");
}
