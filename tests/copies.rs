//! Large values of calls are not copied: what a call allocates is the buffers of its connection. It is a program of its
//! own, because every allocation of the process is counted.

use std::alloc::System;
use std::convert::Infallible;

use bytes::Bytes;
use gobrpc::Gob;
use gobrpc::gob::Session;
use gobrpc::rpc::{Client, Request, Server};
use serde::de::DeserializeOwned;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

#[path = "common/patience.rs"]
mod patience;

use self::patience::eventually;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Each test is alone, since others allocate too.
static ALONE: Mutex<()> = Mutex::const_new(());

const LARGE: usize = 1 << 20;
static BYTES: [u8; LARGE] = [7; LARGE];

/// How many calls are made before one is counted: what is made once for a connection or a thread does not count.
const WARM: usize = 3;

/// Serves on a free port and returns the address.
async fn serve() -> String {
    let server = Server::new()
        .method("Bytes.Make", |_: ()| async { Ok::<_, Infallible>(Bytes::from_static(&BYTES)) })
        .method("Bytes.Count", |bytes: Bytes| async move { Ok::<_, Infallible>(bytes.len()) })
        .method("Copies.Count", |bytes: Vec<u8>| async move { Ok::<_, Infallible>(bytes.len()) });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener));
    address
}

/// How many large values would fit in what a call allocates.
async fn allocated(mut call: impl AsyncFnMut()) -> usize {
    let counting = async {
        for _ in 0..WARM {
            call().await;
        }
        let region = Region::new(ALLOCATOR);
        call().await;
        (region.change().bytes_allocated + LARGE / 2) / LARGE
    };
    eventually(counting).await
}

/// What a client allocates for a large reply. The server has it already, and a buffer to write it from.
async fn allocated_for_a_reply<T: Gob + DeserializeOwned + AsRef<[u8]>>() -> usize {
    let client = Client::connect(&serve().await).await.unwrap();
    allocated(async || {
        let reply: T = client.call("Bytes.Make", &()).await.unwrap();
        assert!(reply.as_ref() == BYTES);
    })
    .await
}

#[tokio::test]
async fn a_large_reply_is_the_buffer_it_came_in() {
    let _alone = ALONE.lock().await;
    assert_eq!(allocated_for_a_reply::<Bytes>().await, 1);
    // Another type is made beside the buffer, which shows that a copy would be seen.
    assert_eq!(allocated_for_a_reply::<Vec<u8>>().await, 2);
}

/// What a server allocates for large arguments. The request is there before it is sent.
async fn allocated_for_arguments(method: &str) -> usize {
    let mut stream = TcpStream::connect(serve().await).await.unwrap();
    let mut session = Session::new();
    let requests = (0..=WARM as u64).map(|seq| {
        let mut request = Vec::new();
        session.encode(&Request { service_method: method.to_owned(), seq }, &mut request).unwrap();
        session.encode(&Bytes::from_static(&BYTES), &mut request).unwrap();
        request
    });
    let mut requests = requests.collect::<Vec<_>>().into_iter();
    allocated(async || {
        stream.write_all(&requests.next().unwrap()).await.unwrap();
        // The reply ends with its number: 1 << 20.
        let mut reply = Vec::with_capacity(256);
        while !reply.ends_with(&[0xfd, 0x10, 0, 0]) {
            assert!(stream.read_buf(&mut reply).await.unwrap() > 0, "{reply:x?}");
        }
    })
    .await
}

#[tokio::test]
async fn large_arguments_are_the_buffer_they_came_in() {
    let _alone = ALONE.lock().await;
    assert_eq!(allocated_for_arguments("Bytes.Count").await, 1);
    assert_eq!(allocated_for_arguments("Copies.Count").await, 2);
}
