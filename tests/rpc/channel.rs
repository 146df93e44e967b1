//! Clients among tower's services.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gobrpc::rpc::{Body, Call, Channel, Client, Error, Requests};
use gobrpc::service;
use tower::reconnect::Reconnect;
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use super::{ARGS, Args, Quotient, client, eventually, serve, server};

#[service(name = "Arith")]
trait Arithmetic {
    async fn multiply(&self, args: Args) -> isize;
    async fn divide(&self, args: Args) -> Result<Quotient, String>;
    async fn sleep(&self, millis: u64) -> u64;
}

#[tokio::test]
async fn the_client_of_a_service_works_through_a_stack() {
    let stack = ServiceBuilder::new().concurrency_limit(1).service(client().await);
    let arith = ArithmeticClient::new(Channel::new(stack));
    assert_eq!(arith.multiply(ARGS).await.unwrap(), 56);
    assert_eq!(arith.divide(Args { a: 17, b: 8 }).await.unwrap(), Quotient { quo: 2, rem: 1 });
}

#[tokio::test]
async fn an_error_of_the_server_comes_through_as_it_is() {
    let stack = ServiceBuilder::new().timeout(Duration::from_secs(20)).service(client().await);
    let error = ArithmeticClient::new(Channel::new(stack)).divide(Args { a: 1, b: 0 }).await.unwrap_err();
    assert!(matches!(&error, Error::Server(text) if text.as_str() == "divide by zero"), "{error:?}");
}

#[tokio::test]
async fn a_layer_that_gives_up_is_an_error_of_its_own() {
    let client = client().await;
    let stack = ServiceBuilder::new().timeout(Duration::from_millis(50)).service(client.clone());
    let error = ArithmeticClient::new(Channel::new(stack)).sleep(60_000).await.unwrap_err();
    assert!(matches!(&error, Error::Layer(_)), "{error:?}");
    assert_eq!(error.to_string(), "request timed out");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn a_layer_sees_the_method_and_may_send_the_call_twice() {
    let calls = Arc::new(AtomicUsize::new(0));
    let (client, counted) = (client().await, Arc::clone(&calls));
    let twice = service_fn(move |call: Call| {
        let (client, counted) = (client.clone(), Arc::clone(&counted));
        async move {
            assert_eq!(call.method(), "Arith.Multiply");
            for _ in 0..2 {
                client.clone().oneshot(call.clone()).await?;
                counted.fetch_add(1, Ordering::SeqCst);
            }
            client.oneshot(call).await as Result<Body, Error>
        }
    });
    let reply = Channel::new(twice).call::<isize, _>("Arith.Multiply", ARGS).await.unwrap();
    assert_eq!((reply, calls.load(Ordering::SeqCst)), (56, 2));
}

#[tokio::test]
async fn a_call_is_not_made_before_it_is_awaited() {
    let server = server();
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    let arith = ArithmeticClient::new(Channel::new(client));
    let call = arith.multiply(ARGS);
    assert!(!call.is_done() && call.seq().is_none());
    drop(call);
    assert_eq!(arith.multiply(ARGS).await.unwrap(), 56);
    assert_eq!(server.services()[0].methods.iter().map(|method| method.calls).sum::<u64>(), 1);
}

#[tokio::test]
async fn a_client_that_is_cut_off_is_connected_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    // Each connection is good for one call.
    let serving = tokio::spawn(async move {
        loop {
            let mut requests = Requests::new(listener.accept().await.unwrap().0);
            server().serve_request(&mut requests).await.unwrap();
        }
    });
    let mut reconnecting = Reconnect::<_, String>::new(Client::builder(), address);
    for _ in 0..3 {
        let reply = async {
            loop {
                let call = reconnecting.ready().await.unwrap().call(Call::new("Arith.Multiply", ARGS));
                // The end of the last connection comes after its reply, and may be heard of only now.
                if let Ok(body) = call.await {
                    return body.decode::<isize>().unwrap();
                }
            }
        };
        assert_eq!(eventually(reply).await, 56);
    }
    serving.abort();
}
