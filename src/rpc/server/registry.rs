//! The methods of a server, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::dispatch::{Dispatch, Incoming, Method, ReplyFuture};
use super::pace::Pace;
use crate::gob::ty::{Type, TypeRef};
use crate::rpc::error::{Error, Result, ServerError};
use crate::rpc::log;

pub(super) type Handler = Box<dyn Fn(Incoming) -> ReplyFuture + Send + Sync>;

/// In the order of Go's debug page (R81).
type Services = BTreeMap<String, BTreeMap<String, Arc<Entry>>>;

/// A method, how often it was called, and how it behaved.
pub(super) struct Entry {
    /// `Service.Method`
    name: String,
    handler: Handler,
    args: TypeRef,
    reply: TypeRef,
    calls: AtomicU64,
    pace: Pace,
}

impl Entry {
    pub(super) fn new(name: String, (args, reply): (TypeRef, TypeRef), handler: Handler) -> Self {
        Self { name, handler, args, reply, calls: AtomicU64::new(0), pace: Pace::default() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn pace(&self) -> &Pace {
        &self.pace
    }

    pub(super) fn call(&self, call: Incoming) -> ReplyFuture {
        (self.handler)(call)
    }

    pub(super) fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, *{}) error, called {}", self.args.get(), self.reply.get(), self.calls.load(Ordering::Relaxed))
    }
}

/// A service of a server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// The name under which it is registered.
    pub name: String,
    /// Its methods, by name.
    pub methods: Vec<MethodInfo>,
}

/// A method of a server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MethodInfo {
    /// The name after the dot.
    pub name: String,
    /// The Go type of the arguments.
    pub args: &'static Type,
    /// The Go type of the reply, without the pointer that Go's methods have there.
    pub reply: &'static Type,
    /// How often it was called, over all connections. Calls whose arguments did not fit do not count (R50).
    pub calls: u64,
}

/// Clones of a server share one, and change it while they serve (R32).
#[derive(Default)]
pub(super) struct Registry(RwLock<Services>);

impl Registry {
    /// Registers all methods of a receiver under the name of its type, which has to be one that Go exports (R33).
    pub(super) fn register<D: Dispatch>(&self, receiver: D) -> Result<()> {
        let name = receiver.name();
        if name.is_empty() || name.starts_with(char::is_uppercase) {
            return self.register_name(name, receiver);
        }
        Err(refused(format!("rpc.Register: type {name} is not exported")))
    }

    /// Registers all methods of a receiver under any name (R34).
    pub(super) fn register_name<D: Dispatch>(&self, name: &str, receiver: D) -> Result<()> {
        let type_name = std::any::type_name::<D>();
        if name.is_empty() {
            return Err(refused(format!("rpc.Register: no service name for type {type_name}")));
        }
        if receiver.methods().is_empty() {
            return Err(refused(format!("rpc.Register: type {name} has no exported methods of suitable type")));
        }
        let receiver = Arc::new(receiver);
        let mut methods = BTreeMap::new();
        for (index, &Method { name: method, args, reply }) in receiver.methods().iter().enumerate() {
            let receiver = Arc::clone(&receiver);
            let handler: Handler = Box::new(move |call| Arc::clone(&receiver).dispatch(index, call));
            let entry = Entry::new(format!("{name}.{method}"), (args, reply), handler);
            methods.insert(method.to_owned(), Arc::new(entry));
        }
        let mut services = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if services.contains_key(name) {
            return Err(refused(format!("rpc: service already defined: {name}")));
        }
        services.insert(name.to_owned(), methods);
        Ok(())
    }

    /// Registers one method.
    pub(super) fn method(&self, entry: Entry) -> Result<()> {
        let service_method = entry.name().to_owned();
        let Some((service, method)) =
            split(&service_method).filter(|(service, method)| !(service.is_empty() || method.is_empty()))
        else {
            return Err(refused(format!("rpc: service/method name ill-formed: {service_method}")));
        };
        let mut services = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let methods = services.entry(service.to_owned()).or_default();
        if methods.contains_key(method) {
            return Err(refused(format!("rpc: method already defined: {service_method}")));
        }
        methods.insert(method.to_owned(), Arc::new(entry));
        Ok(())
    }

    /// Finds a method, or Go's words for why there is none (R38, R39).
    pub(super) fn find(&self, service_method: &str) -> Result<Arc<Entry>, ServerError> {
        let Some((service, method)) = split(service_method) else {
            return Err(format!("rpc: service/method request ill-formed: {service_method}").into());
        };
        let services = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(methods) = services.get(service) else {
            return Err(format!("rpc: can't find service {service_method}").into());
        };
        methods.get(method).cloned().ok_or_else(|| format!("rpc: can't find method {service_method}").into())
    }

    /// What there is to call.
    pub(super) fn services(&self) -> Vec<ServiceInfo> {
        let services = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let service = |(name, methods): (&String, &BTreeMap<String, Arc<Entry>>)| ServiceInfo {
            name: name.clone(),
            methods: methods.iter().map(method_info).collect(),
        };
        services.iter().map(service).collect()
    }
}

fn method_info((name, entry): (&String, &Arc<Entry>)) -> MethodInfo {
    MethodInfo {
        name: name.clone(),
        args: entry.args.get(),
        reply: entry.reply.get(),
        calls: entry.calls.load(Ordering::Relaxed),
    }
}

/// An error of registration, which Go logs, too.
fn refused(text: String) -> Error {
    log::warn("a service cannot be registered", &text);
    Error::Register(text)
}

/// A service may have dots in its name, a method has none (R38).
fn split(service_method: &str) -> Option<(&str, &str)> {
    service_method.rsplit_once('.')
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0.read().unwrap_or_else(PoisonError::into_inner), f)
    }
}
