//! A client among tower's services.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower::Service;
use tower::util::{BoxCloneSyncService, ServiceExt as _};

use super::pending::Sent;
use super::{Client, ClientBuilder};
use crate::rpc::error::{BoxError, Error, Result};
use crate::rpc::payload::{Body, Payload};

/// Services around clients.
#[derive(Clone)]
pub(super) struct Stack(BoxCloneSyncService<Call, Body, BoxError>);

impl Stack {
    pub(super) fn new<S>(stack: S) -> Self
    where
        S: Service<Call, Response = Body> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
    {
        Self(BoxCloneSyncService::new(stack.map_err(Into::into)))
    }

    pub(super) fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Result<Body>> + Send>> {
        let reply = self.0.clone().oneshot(call);
        Box::pin(async move { reply.await.map_err(Error::from_layer) })
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stack")
    }
}

/// A call on its way through tower's services: they may look at it, and send it again.
#[derive(Clone)]
pub struct Call {
    method: Cow<'static, str>,
    args: Arc<dyn Payload + Send + Sync>,
}

impl Call {
    /// A call of `Service.Method` with these arguments.
    pub fn new(method: impl Into<Cow<'static, str>>, args: impl Payload + Send + Sync + 'static) -> Self {
        Self { method: method.into(), args: Arc::new(args) }
    }

    /// `Service.Method`
    pub fn method(&self) -> &str {
        &self.method
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The reply is a [`Body`], which says what it is when it is decoded. It is ready until the connection is closed or
/// dies; tower's `Reconnect` makes another one then.
impl Service<Call> for Client {
    type Response = Body;
    type Error = Error;
    type Future = Responding;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(if self.is_closed() { Err(Error::Shutdown) } else { Ok(()) })
    }

    fn call(&mut self, call: Call) -> Responding {
        Responding(self.start(&call.method, &*call.args).map_err(Some))
    }
}

/// The reply to a [`Call`], to come.
#[derive(Debug)]
pub struct Responding(Result<Sent, Option<Error>>);

impl Future for Responding {
    type Output = Result<Body>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Body>> {
        match &mut self.get_mut().0 {
            Ok(sent) => sent.poll(cx),
            Err(error) => Poll::Ready(Err(error.take().unwrap_or(Error::Shutdown))),
        }
    }
}

/// Connects to an address, as [`connect`](ClientBuilder::connect) does: what tower's `Reconnect` and its like need.
impl Service<String> for ClientBuilder {
    type Response = Client;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Client>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: String) -> Self::Future {
        let builder = self.clone();
        Box::pin(async move { builder.connect(&address).await })
    }
}
