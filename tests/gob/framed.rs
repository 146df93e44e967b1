//! Streams and sinks of values.

use futures::{SinkExt, StreamExt};
use gobrpc::gob::{Encoder, ErrorKind, Value, framed};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn values_come_as_they_become_complete() {
    let (mut near, far) = tokio::io::duplex(1);
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&vec!["one"]).unwrap();
    encoder.encode(&vec!["two", "three"]).unwrap();
    let bytes = encoder.into_inner();
    let writer = tokio::spawn(async move {
        for byte in bytes {
            near.write_all(&[byte]).await.unwrap();
        }
        near
    });
    let mut values = framed::stream::<Vec<String>, _>(far);
    assert_eq!(values.next().await.unwrap().unwrap(), ["one"]);
    assert_eq!(values.next().await.unwrap().unwrap(), ["two", "three"]);
    drop(writer.await.unwrap());
    assert!(values.next().await.is_none());
}

#[tokio::test]
async fn a_sink_writes_what_an_encoder_writes() {
    let mut sink = framed::sink(Vec::new());
    sink.feed(7_i64).await.unwrap();
    sink.feed(vec![1_u64]).await.unwrap();
    sink.feed("x").await.unwrap();
    sink.feed(&vec![2_u64]).await.unwrap();
    SinkExt::<i64>::flush(&mut sink).await.unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&7_i64).unwrap();
    encoder.encode(&vec![1_u64]).unwrap();
    encoder.encode("x").unwrap();
    encoder.encode(&vec![2_u64]).unwrap();
    assert_eq!(sink.into_inner(), encoder.into_inner());
}

#[tokio::test]
async fn a_stream_that_ends_inside_a_value_is_an_error() {
    let bytes = gobrpc::gob::to_vec(&vec![1_i64, 2]).unwrap();
    for end in 1..bytes.len() {
        let mut values = framed::stream::<Value, _>(&bytes[..end]);
        let error = values.next().await.unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "{end}: {error}");
        assert!(values.next().await.is_none());
    }
}

#[tokio::test]
async fn after_an_error_in_a_value_the_next_is_read() {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode("text").unwrap();
    encoder.encode(&7_i64).unwrap();
    let bytes = encoder.into_inner();
    let mut values = framed::stream::<i64, _>(&bytes[..]);
    assert!(values.next().await.unwrap().is_err());
    // A stream of tokio-util ends after an error, and goes on when it is asked again.
    assert!(values.next().await.is_none());
    assert_eq!(values.next().await.unwrap().unwrap(), 7);
    assert!(values.next().await.is_none());
}
