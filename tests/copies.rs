//! What is allocated: large values of calls are not copied, what does not come gets no room, and who waits has no buffer.
//! It is a program of its own, because every allocation of the process is counted.

use std::alloc::System;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gobrpc::Gob;
use gobrpc::gob::{Decoder, Limits, Session, to_vec};
use gobrpc::rpc::{Client, Request, Server};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};

#[path = "common/hex.rs"]
mod hex;
#[path = "common/patience.rs"]
mod patience;

use self::hex::hex;
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

/// Decodes this in all ways, and says how many bytes that allocated at the most.
fn allocated_for_errors<T: Gob + DeserializeOwned>(stream: &[u8]) -> usize {
    let allocated = |decode: &dyn Fn() -> bool| {
        let region = Region::new(ALLOCATOR);
        assert!(decode(), "{stream:x?} is a value");
        region.change().bytes_allocated
    };
    let reader = || Decoder::with_limits(stream, Limits::new().message(1 << 40));
    let from_slice = allocated(&|| gobrpc::gob::from_slice::<T>(stream).is_err());
    assert!(from_slice < 1 << 14, "{from_slice} bytes for {stream:x?}");
    // It cannot see how much there is, and makes room for a MiB at first.
    let typed = allocated(&|| reader().decode::<T>().is_err());
    let value = allocated(&|| reader().decode_value().is_err());
    from_slice.max(typed).max(value)
}

#[tokio::test]
async fn what_is_announced_and_does_not_come_is_given_little_room() {
    let _alone = ALONE.lock().await;
    // A message, bytes, a string, a slice and a map that say they have 2^32 bytes or elements.
    for stream in [
        "fb0100000000 0a00 fb0100000000 61",
        "09 0a00 fb0100000000 61",
        "09 0c00 fb0100000000 61",
        "0c ff81 0201 02 ff82 00 01 04 0000 09 ff82 00 fb0100000000 02",
        "0e ff81 0401 02 ff82 00 01 0c 01 04 0000 09 ff82 00 fb0100000000 00",
    ] {
        let stream = hex(stream);
        for allocated in [
            allocated_for_errors::<Vec<u8>>(&stream),
            allocated_for_errors::<String>(&stream),
            allocated_for_errors::<Vec<i64>>(&stream),
            allocated_for_errors::<HashMap<String, i64>>(&stream),
        ] {
            assert!(allocated < 2 * LARGE, "{allocated} bytes for {stream:x?}");
        }
    }
}

#[derive(Default, Serialize, Deserialize, Gob)]
struct Slices {
    parts: Vec<Self>,
}

#[derive(Default, Serialize, Deserialize, Gob)]
struct Maps {
    parts: HashMap<u8, Self>,
}

/// A value with 65,000 parts, the first of which has as many, and so on, of which hardly more comes than their number.
/// `empty` is the message of a value without parts, and `part` what comes before each.
fn promises<T: Gob + Serialize + Default>(empty: &str, part: &[u8]) -> Vec<u8> {
    let mut stream = to_vec(&T::default()).unwrap();
    let definitions = stream.len() - hex(empty).len();
    assert_eq!(stream.split_off(definitions), hex(empty));
    let mut value = hex("ff80");
    for _ in 0..200 {
        value.extend([&hex("01 fefde8"), part].concat());
    }
    // There is room for all parts, but no such field.
    value.resize(LARGE / 16, 0x7f);
    stream.extend([&hex("fd 010000"), &value[..]].concat());
    stream
}

/// What decoding it takes, with its type and without.
fn allocated_for_promises<T: Gob + DeserializeOwned>(stream: &[u8]) -> [usize; 2] {
    let allocated = |decode: &dyn Fn() -> bool| {
        let region = Region::new(ALLOCATOR);
        assert!(decode(), "{stream:x?} is a value");
        region.change().bytes_allocated
    };
    let typed = allocated(&|| gobrpc::gob::from_slice::<T>(stream).is_err());
    [typed, allocated(&|| Decoder::new(stream).decode_value().is_err())]
}

#[tokio::test]
async fn parts_that_are_announced_within_parts_are_given_little_room() {
    let _alone = ALONE.lock().await;
    let slices = allocated_for_promises::<Slices>(&promises::<Slices>("03 ff80 00", &[]));
    let maps = allocated_for_promises::<Maps>(&promises::<Maps>("05 ff80 01 00 00", &[0]));
    for allocated in slices.into_iter().chain(maps) {
        assert!(allocated < 10 * LARGE, "{slices:?} bytes for slices, {maps:?} for maps");
    }
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

const WAITING: usize = 50;

/// Makes a call that does not end, and returns when it runs.
async fn waiting_call(address: &str, begun: &Semaphore) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (mut session, mut request) = (Session::new(), Vec::new());
    session.encode(&Request { service_method: "Call.Wait".to_owned(), seq: 0 }, &mut request).unwrap();
    session.encode(&(), &mut request).unwrap();
    stream.write_all(&request).await.unwrap();
    eventually(begun.acquire()).await.unwrap().forget();
    stream
}

#[tokio::test]
async fn a_connection_whose_client_only_waits_for_its_answer_has_no_buffer_to_read_into() {
    let _alone = ALONE.lock().await;
    let begun = Arc::new(Semaphore::new(0));
    let begins = Arc::clone(&begun);
    let server = Server::new().method("Call.Wait", move |_: ()| {
        begins.add_permits(1);
        std::future::pending::<Result<(), Infallible>>()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server.serve(listener));
    let mut streams = Vec::new();
    for _ in 0..WAITING {
        streams.push(waiting_call(&address, &begun).await);
    }

    let region = Region::new(ALLOCATOR);
    for stream in &mut streams {
        stream.shutdown().await.unwrap();
    }
    // The server sees the ends of what they send.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let change = region.change();
    let held = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    assert!(held < WAITING << 10, "{} bytes for each connection", held / WAITING);
}
