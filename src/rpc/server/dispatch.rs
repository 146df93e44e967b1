//! How a call reaches its method: what `#[service]` is built on.

use std::fmt::{self, Display};
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use crate::gob::Gob;
use crate::gob::ty::TypeRef;
use crate::rpc::error::ServerError;
use crate::rpc::payload::{Body, Payload};

/// The result of a call: a reply or an error.
pub type Outgoing = Result<Box<dyn Payload + Send + Sync>, ServerError>;

/// A call that runs.
pub type ReplyFuture = Pin<Box<dyn Future<Output = Outgoing> + Send>>;

/// A receiver: a value with methods that can be called from the other side.
///
/// [`#[service]`](macro@crate::service) writes it; write it yourself where methods are only known at run time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no service",
    note = "write `#[gobrpc::service]` above its inherent impl; if it implements a trait that has that, register what \
            its `into_service()` returns"
)]
pub trait Dispatch: Send + Sync + 'static {
    /// The name of the service.
    fn name(&self) -> &'static str;

    /// Its methods.
    fn methods(&self) -> &'static [Method];

    /// Calls the method with this index in [`methods`](Self::methods).
    fn dispatch(self: Arc<Self>, method: usize, call: Incoming) -> ReplyFuture;
}

/// A method of a service, with its Go types.
#[derive(Clone, Copy)]
pub struct Method {
    /// The name after the dot.
    pub name: &'static str,
    /// The type of the arguments.
    pub args: TypeRef,
    /// The type of the reply.
    pub reply: TypeRef,
}

/// As Go's debug page shows it: `Divide(main.Args, *main.Quotient) error`.
impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}, *{}) error", self.name, self.args.get(), self.reply.get())
    }
}

/// A call whose arguments are not decoded yet.
#[derive(Debug)]
pub struct Incoming {
    context: Context,
    body: Body,
}

impl Incoming {
    pub(super) fn new(context: Context, body: Body) -> Self {
        Self { context, body }
    }

    /// `Service.Method`, as the client wrote it.
    pub fn service_method(&self) -> &str {
        self.context.service_method()
    }

    /// The context of the call.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Calls the registered method.
    pub(super) fn run(self) -> ReplyFuture {
        let context = self.context.clone();
        match context.route().entry() {
            Ok(entry) => entry.call(self),
            // `Running` refuses such a call before it gets here.
            Err(_) => self.unknown_method(),
        }
    }

    /// Takes the undecoded arguments, for a method that passes them on or finds out their type itself.
    pub fn into_body(self) -> Body {
        self.context.note_started();
        self.body
    }

    fn decode<A: Gob + DeserializeOwned>(self) -> Result<A, ServerError> {
        let Self { context, body } = self;
        let args = body.decode().map_err(|error| ServerError::from(error.kind().to_string()))?;
        context.note_started();
        Ok(args)
    }

    /// Decodes the arguments and calls `method` with them. Arguments that do not fit are answered with Go's text (R44).
    pub fn answer<A, T, E, F, Fut>(self, method: F) -> ReplyFuture
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: FnOnce(A) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        Box::pin(async move { reply(method(self.decode()?).await) })
    }

    /// As [`answer`](Self::answer), for a method that blocks: it runs on tokio's threads for blocking work.
    pub fn answer_blocking<A, T, E, F>(self, method: F) -> ReplyFuture
    where
        A: Gob + DeserializeOwned + Send + 'static,
        T: Gob + Serialize + Send + Sync + 'static,
        E: Display,
        F: FnOnce(A) -> Result<T, E> + Send + 'static,
    {
        Box::pin(async move {
            let args = self.decode()?;
            match tokio::task::spawn_blocking(move || reply(method(args))).await {
                Ok(reply) => reply,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => resume_unwind(panic),
                    Err(error) => Err(error.to_string().into()),
                },
            }
        })
    }

    /// Answers that there is no such method (R39).
    pub fn unknown_method(self) -> ReplyFuture {
        let error = ServerError::from(format!("rpc: can't find method {}", self.service_method()));
        Box::pin(async move { Err(error) })
    }
}

fn reply<T, E>(result: Result<T, E>) -> Outgoing
where
    T: Gob + Serialize + Send + Sync + 'static,
    E: Display,
{
    match result {
        Ok(reply) => Ok(Box::new(reply)),
        Err(error) => Err(error.to_string().into()),
    }
}
