//! A connection that is made again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::LIMITS;
use crate::capture::{Conversation, Event, Outcome, Side};
use crate::error::{Error, Result};
use crate::net::Stream;

pub(super) struct Live {
    shared: Arc<Shared>,
    writer: WriteHalf<Stream>,
    reading: JoinHandle<()>,
}

struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    conversation: Conversation,
    connected: bool,
    ended: bool,
    /// What came and was not asked for yet.
    answers: HashMap<String, VecDeque<Outcome>>,
}

impl Live {
    pub(super) async fn connect(target: &str) -> Result<Self> {
        let stream = Stream::connect(target).await;
        let stream = stream.map_err(|error| Error::connection(format_args!("cannot connect to {target}: {error}")))?;
        let (reader, writer) = tokio::io::split(stream);
        let state =
            State { conversation: Conversation::new(LIMITS), connected: false, ended: false, answers: HashMap::new() };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Notify::new() });
        let reading = tokio::spawn(read(reader, Arc::clone(&shared)));
        Ok(Self { shared, writer, reading })
    }

    /// Says what the client said. If the server does not want it, that shows in the replies that do not come.
    pub(super) async fn send(&mut self, bytes: &[u8]) {
        self.shared.change(|conversation| conversation.said(Side::Client, bytes, Duration::ZERO));
        let _ = self.writer.write_all(bytes).await;
    }

    /// Says no more.
    pub(super) async fn end(&mut self) {
        self.shared.change(|conversation| conversation.ended(Side::Client, Duration::ZERO));
        let _ = self.writer.shutdown().await;
    }

    /// Waits for the server to agree to speak RPC over HTTP.
    pub(super) async fn connected(&self, timeout: Duration) -> Result<()> {
        let connected = self.wait(timeout, |state| state.connected.then_some(())).await;
        connected.map_err(|why| Error::connection(format_args!("the server did not agree to RPC over HTTP: {why}")))
    }

    /// Waits for the server to close.
    pub(super) async fn ended(&self, timeout: Duration) {
        // It need not.
        let _ = self.wait(timeout, |state| state.ended.then_some(())).await;
    }

    /// Waits for the reply to a call.
    pub(super) async fn answer(&self, seq: &str, timeout: Duration) -> Outcome {
        let answer = self.wait(timeout, |state| state.answers.get_mut(seq)?.pop_front()).await;
        answer.unwrap_or_else(Outcome::Unanswered)
    }

    async fn wait<T>(
        &self,
        timeout: Duration,
        mut take: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T, &'static str> {
        let waiting = async {
            loop {
                let changed = self.shared.changed.notified();
                if let Some(found) = self.shared.find(&mut take) {
                    return found;
                }
                changed.await;
            }
        };
        tokio::time::timeout(timeout, waiting).await.unwrap_or(Err("none in time"))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is looked for, or that it will not come any more.
    fn find<T>(&self, take: impl FnOnce(&mut State) -> Option<T>) -> Option<Result<T, &'static str>> {
        let mut state = self.lock();
        match take(&mut state) {
            Some(found) => Some(Ok(found)),
            None => state.ended.then_some(Err("the connection ended")),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Conversation) -> Vec<Event>) {
        let mut state = self.lock();
        for event in change(&mut state.conversation) {
            match event {
                Event::Connected { .. } => state.connected = true,
                Event::Call(call) => state.answers.entry(call.seq).or_default().push_back(call.outcome),
                Event::Other(_) | Event::Lost { .. } => {}
            }
        }
        drop(state);
        self.changed.notify_waiters();
    }
}

async fn read(mut reader: ReadHalf<Stream>, shared: Arc<Shared>) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(len @ 1..) = reader.read(&mut bytes).await {
        shared.change(|conversation| conversation.said(Side::Server, &bytes[..len], Duration::ZERO));
    }
    shared.change(|conversation| conversation.ended(Side::Server, Duration::ZERO));
    shared.lock().ended = true;
    shared.changed.notify_waiters();
}
