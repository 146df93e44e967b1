//! The methods of a server, by name (R32–R39), and how often each was called.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::dispatch::{Dispatch, Incoming, Method, ReplyFuture};
use crate::gob::ty::Type;
use crate::rpc::error::{Error, Result, ServerError};

type Handler = Arc<dyn Fn(Incoming) -> ReplyFuture + Send + Sync>;

/// Services may come while others are called.
#[derive(Default)]
pub(super) struct Registry(RwLock<Services>);

type Services = BTreeMap<String, BTreeMap<String, Arc<Registered>>>;

/// A method that can be called.
pub(super) struct Registered {
    handler: Handler,
    args: fn() -> &'static Type,
    reply: fn() -> &'static Type,
    calls: AtomicU64,
}

impl Registered {
    pub(super) fn new(
        args: fn() -> &'static Type,
        reply: fn() -> &'static Type,
        handler: impl Fn(Incoming) -> ReplyFuture + Send + Sync + 'static,
    ) -> Self {
        Self { handler: Arc::new(handler), args, reply, calls: AtomicU64::new(0) }
    }

    /// Calls the method, and counts it (R50).
    pub(super) fn call(&self, call: Incoming) -> ReplyFuture {
        self.calls.fetch_add(1, Ordering::Relaxed);
        (self.handler)(call)
    }
}

/// A service of a server, as its debug page shows it.
#[derive(Debug, Clone)]
pub struct ServiceInfo {
    /// The name it is registered under.
    pub name: String,
    /// Its methods, by name.
    pub methods: Vec<MethodInfo>,
}

/// A method of a service.
#[derive(Debug, Clone)]
pub struct MethodInfo {
    /// The name after the dot.
    pub name: String,
    /// The Go type of the arguments.
    pub args: &'static Type,
    /// The Go type of the reply, to which Go's method gets a pointer.
    pub reply: &'static Type,
    /// How many calls have begun, over all connections.
    pub calls: u64,
}

impl Registry {
    fn read(&self) -> RwLockReadGuard<'_, Services> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers all methods of a receiver (R33).
    pub(super) fn register<D: Dispatch>(&self, name: &str, receiver: Arc<D>) -> Result<()> {
        let type_name = std::any::type_name::<D>();
        if name.is_empty() {
            return Err(Error::Register(format!("rpc.Register: no service name for type {type_name}")));
        }
        if receiver.methods().is_empty() {
            let text = format!("rpc.Register: type {type_name} has no exported methods of suitable type");
            return Err(Error::Register(text));
        }
        let method = |(index, method): (usize, &Method)| {
            let receiver = Arc::clone(&receiver);
            let handler = move |call| Arc::clone(&receiver).dispatch(index, call);
            (method.name.to_owned(), Arc::new(Registered::new(method.args, method.reply, handler)))
        };
        let methods = receiver.methods().iter().enumerate().map(method).collect();
        let mut services = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if services.contains_key(name) {
            return Err(Error::Register(format!("rpc: service already defined: {name}")));
        }
        services.insert(name.to_owned(), methods);
        Ok(())
    }

    /// Registers one method.
    pub(super) fn method(&self, service_method: &str, method: Registered) -> Result<()> {
        let Some((service, name)) = split(service_method) else {
            return Err(Error::Register(format!("rpc: service/method name ill-formed: {service_method}")));
        };
        let mut services = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let methods = services.entry(service.to_owned()).or_default();
        if methods.contains_key(name) {
            return Err(Error::Register(format!("rpc: method already defined: {service_method}")));
        }
        methods.insert(name.to_owned(), Arc::new(method));
        Ok(())
    }

    /// Finds a method, or Go's words for why there is none (R38, R39).
    pub(super) fn find(&self, service_method: &str) -> Result<Arc<Registered>, ServerError> {
        let Some((service, method)) = split(service_method) else {
            return Err(format!("rpc: service/method request ill-formed: {service_method}").into());
        };
        let services = self.read();
        let Some(methods) = services.get(service) else {
            return Err(format!("rpc: can't find service {service_method}").into());
        };
        let found = methods.get(method).cloned();
        found.ok_or_else(|| format!("rpc: can't find method {service_method}").into())
    }

    /// What is registered, sorted by name.
    pub(super) fn services(&self) -> Vec<ServiceInfo> {
        let method = |(name, method): (&String, &Arc<Registered>)| MethodInfo {
            name: name.clone(),
            args: (method.args)(),
            reply: (method.reply)(),
            calls: method.calls.load(Ordering::Relaxed),
        };
        let service = |(name, methods): (&String, &BTreeMap<String, Arc<Registered>>)| ServiceInfo {
            name: name.clone(),
            methods: methods.iter().map(method).collect(),
        };
        self.read().iter().map(service).collect()
    }
}

/// A service may have dots in its name, a method has none (R38).
fn split(service_method: &str) -> Option<(&str, &str)> {
    service_method.rsplit_once('.')
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let services = self.read();
        let names = services.iter().map(|(name, methods)| (name, methods.keys().collect::<Vec<_>>()));
        f.debug_map().entries(names).finish()
    }
}
