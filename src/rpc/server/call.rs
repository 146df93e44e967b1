//! One call: it is authorized, runs, and is answered, whatever happens.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{self, Poll};
use std::time::Instant;

use super::context::Context;
use super::dispatch::{Incoming, Outgoing, ReplyFuture};
use crate::rpc::error::ServerError;
use crate::rpc::log;
use crate::rpc::message::Request;
use crate::rpc::payload::Body;
use crate::rpc::proto::ServerConn;

/// A call that runs: its answer, to come. A panic is an answer, too.
pub(super) struct Running {
    context: Context,
    stage: Stage,
}

enum Stage {
    Begins(Body),
    Runs(ReplyFuture),
    Over,
}

impl Running {
    /// Nothing happens before it is polled.
    pub(super) fn new(context: Context, body: Body) -> Self {
        Self { context, stage: Stage::Begins(body) }
    }

    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn into_context(self) -> Context {
        self.context
    }

    fn begin(&mut self, cx: &mut task::Context<'_>) -> Poll<Outgoing> {
        let Stage::Begins(body) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return Poll::Pending;
        };
        let route = self.context.route();
        route.settings().check(&self.context)?;
        let pace = route.entry().map_err(Clone::clone)?.pace();
        let begun = Instant::now();
        let mut reply = route.settings().invoke(Incoming::new(self.context.clone(), body));
        let polled = reply.as_mut().poll(cx);
        pace.note(begun.elapsed());
        self.stage = Stage::Runs(reply);
        polled
    }
}

impl Future for Running {
    type Output = Outgoing;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Outgoing> {
        let polled = catch_unwind(AssertUnwindSafe(|| match &mut self.stage {
            Stage::Runs(reply) => reply.as_mut().poll(cx),
            _ => self.begin(cx),
        }));
        polled.unwrap_or_else(|panic| Poll::Ready(Err(panicked(self.context.service_method(), &*panic))))
    }
}

/// Answers a call, even when the reply's own `Serialize` panics.
pub(super) fn respond(conn: &mut ServerConn, request: Request, context: &Context, result: Outgoing) {
    let answered = catch_unwind(AssertUnwindSafe(|| match &result {
        Ok(reply) => conn.respond(request, Ok(&**reply)),
        Err(error) => conn.respond(request, Err(error)),
    }));
    if let Err(panic) = answered {
        let error = panicked(context.service_method(), &*panic);
        let request = Request { service_method: context.service_method().to_owned(), seq: context.seq() };
        conn.respond(request, Err(&error));
    }
}

/// Go ends the process here (R54).
fn panicked(service_method: &str, panic: &(dyn Any + Send)) -> ServerError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "unknown panic".to_owned());
    let error = ServerError::from(format!("rpc: method {service_method} panicked: {text}"));
    log::warn("a method panicked", &error);
    error
}
