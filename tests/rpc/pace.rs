//! Methods that hold up their thread run beside each other, be they quick at other times.

use std::convert::Infallible;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use gobrpc::rpc::{Client, Server};

use super::{eventually, serve};

/// A server whose method blocks its thread: 0 for no time, more for so many milliseconds, less until two have met.
fn blocking() -> Server {
    let barrier = Arc::new(Barrier::new(2));
    Server::new().method("Thread.Block", move |how: i64| {
        let barrier = Arc::clone(&barrier);
        async move {
            match u64::try_from(how) {
                Ok(0) => {}
                Ok(millis) => std::thread::sleep(Duration::from_millis(millis)),
                Err(_) => {
                    barrier.wait();
                }
            }
            Ok::<_, Infallible>(how)
        }
    })
}

async fn call(client: &Client, how: i64) {
    assert_eq!(eventually(client.call::<i64>("Thread.Block", &how)).await.unwrap(), how);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_of_a_method_that_blocks_run_beside_each_other() {
    let client = Client::connect(&serve(blocking()).await).await.unwrap();
    tokio::join!(call(&client, -1), call(&client, -1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_method_that_was_quick_and_is_so_no_more_gets_tasks_again() {
    let client = Client::connect(&serve(blocking()).await).await.unwrap();
    for _ in 0..100 {
        call(&client, 0).await;
    }
    call(&client, 20).await;
    tokio::join!(call(&client, -1), call(&client, -1));
}
