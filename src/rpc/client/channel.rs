//! `Channel`: a client, or a stack of tower's services around one.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::Client;
use super::pending::Pending;
#[cfg(feature = "tower")]
use super::stack::{Call, Stack};
use crate::gob::Gob;
use crate::rpc::payload::Payload;

/// What the client of a [`service`](macro@crate::service) calls through: a [`Client`], or, with the feature `tower`,
/// any stack of tower services that ends in one or more clients.
///
/// It is cheap to clone.
#[derive(Debug, Clone)]
pub struct Channel(Route);

#[derive(Debug, Clone)]
enum Route {
    Client(Client),
    #[cfg(feature = "tower")]
    Stack(Stack),
}

impl From<Client> for Channel {
    fn from(client: Client) -> Self {
        Self(Route::Client(client))
    }
}

impl Channel {
    /// A channel through a stack of services.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use gobrpc::rpc::{Channel, Client};
    /// use tower::ServiceBuilder;
    ///
    /// # fn stack(client: Client) {
    /// let stack = ServiceBuilder::new().timeout(Duration::from_secs(1)).concurrency_limit(100).service(client);
    /// let channel = Channel::new(stack);
    /// # }
    /// ```
    ///
    /// A call that a layer gives up still runs, unless its client [cancels](super::ClientBuilder::cancel_on_drop) such
    /// calls; one that a layer repeats may run twice.
    #[cfg(feature = "tower")]
    pub fn new<S>(stack: S) -> Self
    where
        S: tower::Service<Call, Response = crate::rpc::Body> + Clone + Send + Sync + 'static,
        S::Error: Into<crate::rpc::BoxError>,
        S::Future: Send + 'static,
    {
        Self(Route::Stack(Stack::new(stack)))
    }

    /// Calls a method: [`Client::call`], or through the stack, where the call begins when the future is polled.
    ///
    /// # Errors
    /// As [`Client::call`]. What a layer says is [`Error::Layer`](crate::rpc::Error::Layer), unless it passes on an
    /// error of a client.
    pub fn call<R, A>(&self, method: impl Into<Cow<'static, str>>, args: A) -> Pending<R>
    where
        R: Gob + DeserializeOwned,
        A: Payload + Send + Sync + 'static,
    {
        match &self.0 {
            Route::Client(client) => client.call(&method.into(), &args),
            #[cfg(feature = "tower")]
            Route::Stack(stack) => Pending::stacked(stack.call(Call::new(method, args))),
        }
    }
}
