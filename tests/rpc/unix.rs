//! Unix sockets.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use gobrpc::rpc::UnixStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::time::sleep;

use super::{eventually, until};

fn pair() -> (UnixStream, tokio::net::UnixStream) {
    let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
    (ours.try_into().unwrap(), theirs)
}

#[tokio::test]
async fn what_does_not_fit_waits_for_room() {
    let (mut ours, mut theirs) = pair();
    let sent: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
    for _ in 0..2 {
        let mut came = vec![0; sent.len()];
        let reading = async {
            sleep(Duration::from_millis(20)).await;
            theirs.read_exact(&mut came).await.unwrap();
        };
        let writing = async {
            ours.write_all(&sent).await.unwrap();
            ours.flush().await.unwrap();
        };
        eventually(async { tokio::join!(reading, writing) }).await;
        assert!(came == sent);
        // The other way, in which a read may leave something for the next.
        let reading = ours.read_exact(&mut came);
        let (read, written) = eventually(async { tokio::join!(reading, theirs.write_all(&sent)) }).await;
        assert_eq!((read.unwrap(), written.unwrap()), (sent.len(), ()));
        assert!(came == sent);
    }
}

#[tokio::test]
async fn both_sides_learn_of_the_end() {
    let (mut ours, mut theirs) = pair();
    ours.write_all(b"that is all").await.unwrap();
    ours.shutdown().await.unwrap();
    let mut came = String::new();
    eventually(theirs.read_to_string(&mut came)).await.unwrap();
    assert_eq!(came, "that is all");
    theirs.write_all(b"here, too").await.unwrap();
    drop(theirs);
    came.clear();
    eventually(ours.read_to_string(&mut came)).await.unwrap();
    assert_eq!(came, "here, too");
    assert!(ours.write(b"more").await.is_err());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nobody_is_woken_when_the_other_side_takes_what_came() {
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let (mut ours, mut theirs) = pair();
    let woken = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut buf = [0; 16];
    let mut buf = ReadBuf::new(&mut buf);
    assert!(Pin::new(&mut ours).poll_read(&mut Context::from_waker(&waker), &mut buf).is_pending());
    for _ in 0..10 {
        ours.write_all(b"a request").await.unwrap();
        theirs.read_exact(&mut [0; 9]).await.unwrap();
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(woken.0.load(Ordering::SeqCst), 0);
    theirs.write_all(b"a reply").await.unwrap();
    until(|| woken.0.load(Ordering::SeqCst) > 0).await;
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    assert!(Pin::new(&mut ours).poll_read(&mut Context::from_waker(&waker), &mut buf).is_ready());
    assert_eq!(buf.filled(), b"a reply");
}
