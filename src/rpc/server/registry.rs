//! The methods of a server, by name.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::dispatch::{Dispatch, Incoming, ReplyFuture};
use crate::rpc::error::{Error, Result, ServerError};

pub(super) type Handler = Arc<dyn Fn(Incoming) -> ReplyFuture + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct Registry {
    services: HashMap<String, HashMap<String, Handler>>,
}

impl Registry {
    /// Registers all methods of a receiver (R33).
    pub(super) fn register<D: Dispatch>(&mut self, name: &str, receiver: Arc<D>) -> Result<()> {
        let type_name = std::any::type_name::<D>();
        if name.is_empty() {
            return Err(Error::Register(format!("rpc.Register: no service name for type {type_name}")));
        }
        if receiver.methods().is_empty() {
            let text = format!("rpc.Register: type {type_name} has no exported methods of suitable type");
            return Err(Error::Register(text));
        }
        if self.services.contains_key(name) {
            return Err(Error::Register(format!("rpc: service already defined: {name}")));
        }
        let mut methods = HashMap::new();
        for (index, method) in receiver.methods().iter().enumerate() {
            let receiver = Arc::clone(&receiver);
            let handler: Handler = Arc::new(move |call| Arc::clone(&receiver).dispatch(index, call));
            methods.insert(method.name.to_owned(), handler);
        }
        self.services.insert(name.to_owned(), methods);
        Ok(())
    }

    /// Registers one method.
    pub(super) fn method(&mut self, service_method: &str, handler: Handler) -> Result<()> {
        let Some((service, method)) = split(service_method) else {
            return Err(Error::Register(format!("rpc: service/method name ill-formed: {service_method}")));
        };
        let methods = self.services.entry(service.to_owned()).or_default();
        if methods.contains_key(method) {
            return Err(Error::Register(format!("rpc: method already defined: {service_method}")));
        }
        methods.insert(method.to_owned(), handler);
        Ok(())
    }

    /// Finds a method, or Go's words for why there is none (R38, R39).
    pub(super) fn find(&self, service_method: &str) -> Result<&Handler, ServerError> {
        let Some((service, method)) = split(service_method) else {
            return Err(format!("rpc: service/method request ill-formed: {service_method}").into());
        };
        let Some(methods) = self.services.get(service) else {
            return Err(format!("rpc: can't find service {service_method}").into());
        };
        methods.get(method).ok_or_else(|| format!("rpc: can't find method {service_method}").into())
    }
}

/// A service may have dots in its name, a method has none (R38).
fn split(service_method: &str) -> Option<(&str, &str)> {
    service_method.rsplit_once('.')
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.services.iter().map(|(name, methods)| (name, methods.keys().collect::<Vec<_>>()));
        f.debug_map().entries(names).finish()
    }
}
