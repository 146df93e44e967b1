//! Middleware of tower around the methods.

use std::convert::Infallible;
use std::task::{Context, Poll};

use tower::util::{BoxCloneSyncService, ServiceExt as _};
use tower::{Layer, Service};

use super::dispatch::{Incoming, Outgoing, ReplyFuture};
use crate::rpc::error::BoxError;

/// Runs the method of a call: the innermost service, around which layers lie.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Invoke;

impl Service<Incoming> for Invoke {
    type Response = Outgoing;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Outgoing, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Incoming) -> Self::Future {
        Box::pin(async move { Ok(call.run().await) })
    }
}

/// [`Invoke`] and the layers around it.
#[derive(Clone)]
pub(super) struct Stack(BoxCloneSyncService<Incoming, Outgoing, BoxError>);

impl Stack {
    /// Lays one more layer around what there is.
    pub(super) fn wrap<L>(inner: Option<Self>, layer: L) -> Self
    where
        L: Layer<BoxCloneSyncService<Incoming, Outgoing, BoxError>>,
        L::Service:
            Service<Incoming, Response = Outgoing, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync + 'static,
    {
        let inner = match inner {
            Some(Self(inner)) => inner,
            None => BoxCloneSyncService::new(Invoke.map_err(|never: Infallible| match never {})),
        };
        Self(BoxCloneSyncService::new(layer.layer(inner).map_err(Into::into)))
    }

    pub(super) fn invoke(&self, call: Incoming) -> ReplyFuture {
        let outgoing = self.0.clone().oneshot(call);
        Box::pin(async move { outgoing.await.unwrap_or_else(|error| Err(error.to_string().into())) })
    }
}
