//! Middleware of tower around the methods.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gobrpc::rpc::{BoxError, Client, Incoming, Server};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::util::{BoxCloneSyncService, MapRequestLayer, MapResponseLayer};
use tower::{ServiceExt, layer::layer_fn};

use super::{ARGS, eventually, serve, server, server_error};

async fn client(server: Server) -> Client {
    Client::connect(&serve(server).await).await.unwrap()
}

#[tokio::test]
async fn a_timeout_is_the_answer() {
    let client = client(server().layer(TimeoutLayer::new(Duration::from_millis(50)))).await;
    let result = client.call::<u64>("Arith.Sleep", &60_000_u64).await;
    assert_eq!(server_error(result), "request timed out");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

#[tokio::test]
async fn a_layer_sees_calls_and_answers() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (calls, answers) = (Arc::clone(&seen), Arc::clone(&seen));
    let server = server()
        .layer(MapResponseLayer::new(move |answer: gobrpc::rpc::Outgoing| {
            answers.lock().unwrap().push(match &answer {
                Ok(reply) => reply.go_type().to_string(),
                Err(error) => error.to_string(),
            });
            answer
        }))
        .layer(MapRequestLayer::new(move |call: Incoming| {
            calls.lock().unwrap().push(format!("{} {}", call.service_method(), call.context().seq()));
            call
        }));
    let client = client(server).await;
    client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap();
    server_error(client.call::<()>("Arith.Divide", &super::Args { a: 1, b: 0 }).await);
    // What does not exist is not invoked.
    server_error(client.call::<()>("Arith.Nope", &()).await);
    assert_eq!(*seen.lock().unwrap(), ["Arith.Multiply 0", "int", "Arith.Divide 1", "divide by zero"]);
}

#[tokio::test]
async fn the_last_layer_is_the_outermost() {
    let order = Arc::new(Mutex::new(String::new()));
    let mark = |name: &'static str| {
        let order = Arc::clone(&order);
        MapRequestLayer::new(move |call: Incoming| {
            order.lock().unwrap().push_str(name);
            call
        })
    };
    let client = client(server().layer(mark("inner")).layer(mark("outer "))).await;
    client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap();
    assert_eq!(*order.lock().unwrap(), "outer inner");
}

#[tokio::test]
async fn a_layer_may_answer_by_itself() {
    let server = server().layer(layer_fn(|inner: BoxCloneSyncService<Incoming, _, BoxError>| {
        inner.filter(|call: Incoming| match call.service_method() {
            "Arith.Echo" => Err(BoxError::from("no echo today")),
            _ => Ok(call),
        })
    }));
    let client = client(server).await;
    assert_eq!(server_error(client.call::<Vec<u8>>("Arith.Echo", &vec![1_u8]).await), "no echo today");
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
}

/// A limit of all connections together.
#[tokio::test]
async fn a_limit_is_shared_by_the_calls() {
    let running = Arc::new(Mutex::new((0_usize, 0_usize)));
    let count = Arc::clone(&running);
    let server = Server::new()
        .method("Crowd.Stay", move |(): ()| {
            let count = Arc::clone(&count);
            async move {
                {
                    let mut count = count.lock().unwrap();
                    count.0 += 1;
                    count.1 = count.1.max(count.0);
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
                count.lock().unwrap().0 -= 1;
                Ok::<_, Infallible>(())
            }
        })
        .layer(GlobalConcurrencyLimitLayer::new(2));
    let address = serve(server).await;
    let (one, two) = (Client::connect(&address).await.unwrap(), Client::connect(&address).await.unwrap());
    let calls: Vec<_> = (0..10).flat_map(|_| [&one, &two]).map(|client| client.call::<()>("Crowd.Stay", &())).collect();
    for call in calls {
        eventually(call).await.unwrap();
    }
    assert_eq!(running.lock().unwrap().1, 2);
}
