//! How a server is told to treat its clients: Go has no such settings (R134–R149).

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use super::Server;
use super::context::Context;
use super::settings::Settings;
use crate::gob::Limits;

impl Server {
    fn set(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(Arc::make_mut(&mut self.settings));
        self
    }

    /// Limits what is read in gob, above all the length of a message (R149). A codec of your own has its own limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        self.set(|settings| settings.limits = limits)
    }

    /// The largest number of calls of one connection that run at the same time; unlimited by default, as in Go (R148).
    /// When that many run, the next call waits, and nothing behind it is read: to the client the connection is slow. A
    /// cancellation behind a waiting call waits with it.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub fn max_in_flight(self, calls: usize) -> Self {
        assert!(calls > 0, "a server that runs no calls serves nobody");
        self.set(|settings| settings.max_in_flight = calls)
    }

    /// Runs the calls of a connection one after the other, and so answers them in their order (R63, R147): a
    /// [`max_in_flight`](Self::max_in_flight) of one.
    #[must_use]
    pub fn serial(self) -> Self {
        self.max_in_flight(1)
    }

    /// The largest number of connections of a listener that are served at the same time; unlimited by default. Others
    /// are not accepted, and wait in the backlog of the operating system.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub fn max_connections(self, connections: usize) -> Self {
        assert!(connections > 0, "a server without connections serves nobody");
        self.set(|settings| settings.max_connections = connections)
    }

    /// Closes a connection over which nothing has arrived for this long, while no call runs and no request or reply is
    /// incomplete.
    #[must_use]
    pub fn idle_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.idle_timeout = Some(timeout))
    }

    /// Closes a connection whose client takes longer than this over a single request, from its first byte to its last.
    #[must_use]
    pub fn read_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.read_timeout = Some(timeout))
    }

    /// Closes a connection whose client has read nothing of the replies that wait for it for this long.
    #[must_use]
    pub fn write_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.write_timeout = Some(timeout))
    }

    /// How long a client may take over its `CONNECT`; ten seconds by default.
    #[must_use]
    pub fn handshake_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.handshake_timeout = timeout)
    }

    /// How long running calls may take to finish when the server [shuts down](Self::serve_with_shutdown); thirty
    /// seconds by default.
    #[must_use]
    pub fn drain_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.drain_timeout = timeout)
    }

    /// Leaves `_goRPC_.Cancel` to the registered services. By default a client may cancel its calls with it (R137).
    /// Go's own server has no such service, and answers it with an error, which clients accept.
    #[must_use]
    pub fn without_cancel(self) -> Self {
        self.set(|settings| settings.cancels = false)
    }

    /// The path at which [`serve_http`](Self::serve_http) answers;
    /// [`DEFAULT_RPC_PATH`](crate::rpc::DEFAULT_RPC_PATH) by default.
    #[must_use]
    pub fn rpc_path(self, path: impl Into<String>) -> Self {
        self.set(|settings| settings.paths.rpc = path.into())
    }

    /// The path at which [`serve_http`](Self::serve_http) shows Go's debug page;
    /// [`DEFAULT_DEBUG_PATH`](crate::rpc::DEFAULT_DEBUG_PATH) by default.
    #[must_use]
    pub fn debug_path(self, path: impl Into<String>) -> Self {
        self.set(|settings| settings.paths.debug = Some(path.into()))
    }

    /// Shows no debug page.
    #[must_use]
    pub fn without_debug_page(self) -> Self {
        self.set(|settings| settings.paths.debug = None)
    }

    /// Asks `check` before every call, when its name is known and its arguments are not yet decoded (R140). If it
    /// returns an error, that is the answer. It is also asked about methods that do not exist.
    ///
    /// ```
    /// # use gobrpc::rpc::Server;
    /// Server::new().authorize(|cx| {
    ///     let handshake = cx.connection().handshake();
    ///     match handshake.and_then(|handshake| handshake.header("Authorization")) {
    ///         Some("Bearer 4711") => Ok(()),
    ///         _ => Err("permission denied"),
    ///     }
    /// })
    /// # ;
    /// ```
    ///
    /// Several checks are asked in the order in which they were added.
    #[must_use]
    pub fn authorize<E, F>(self, check: F) -> Self
    where
        E: Display,
        F: Fn(&Context) -> Result<(), E> + Send + Sync + 'static,
    {
        self.set(|settings| {
            let before = settings.authorize.take();
            settings.authorize = Some(Arc::new(move |context| {
                before.as_ref().map_or(Ok(()), |before| before(context))?;
                check(context).map_err(|error| error.to_string().into())
            }));
        })
    }

    /// Wraps the methods in a tower layer: a service of [`Incoming`](super::Incoming) calls, whose arguments are not
    /// yet decoded, and [`Outgoing`](super::Outgoing) answers, in which an error of the method is an answer like any
    /// other. An error of the service itself, such as a timeout, is answered with its text.
    ///
    /// The last layer is the outermost. It sees the methods that exist, after [`authorize`](Self::authorize).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use gobrpc::rpc::Server;
    /// Server::new().layer(tower::timeout::TimeoutLayer::new(Duration::from_secs(1)))
    /// # ;
    /// ```
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: tower::Layer<tower::util::BoxCloneSyncService<super::Incoming, super::Outgoing, crate::rpc::BoxError>>,
        L::Service: tower::Service<super::Incoming, Response = super::Outgoing, Error: Into<crate::rpc::BoxError>, Future: Send>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        self.set(|settings| settings.stack = Some(super::layer::Stack::wrap(settings.stack.take(), layer)))
    }
}
