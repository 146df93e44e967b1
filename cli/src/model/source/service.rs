//! Methods of net/rpc's shape.

use std::collections::{HashMap, HashSet};

use gobrpc::gob::syntax::{Expr, Method as Written, Name, Parameter};

use super::resolve::Scope;
use super::{Builder, is_exported};
use crate::model::{Basic, Item, Method, Service, ServiceMember, Ty};

impl Builder<'_> {
    /// Makes services of the types that have such methods.
    pub(super) fn services(&mut self) {
        for (number, loaded) in self.packages.iter().enumerate() {
            let mut services: Vec<Service> = Vec::new();
            let mut seen = HashSet::new();
            for (file, method) in &loaded.methods {
                let encodes =
                    matches!(method.name.as_str(), "GobEncode" | "GobDecode" | "MarshalBinary" | "UnmarshalBinary");
                if encodes || !is_exported(&method.name) || !seen.insert((&method.receiver, &method.name)) {
                    continue;
                }
                let member = self.method(number, *file, method);
                let known = services.iter_mut().find(|service| service.name == method.receiver);
                match (member, known) {
                    (member, Some(service)) => service.members.push(member),
                    (member, None) => {
                        let (name, members) = (method.receiver.clone(), vec![member]);
                        services.push(Service { name, doc: String::new(), members });
                    }
                }
            }
            for mut service in services {
                if !service.members.iter().any(|member| matches!(member, ServiceMember::Method(_))) {
                    continue;
                }
                let declared = loaded.types.iter().find(|(_, known)| known.name == service.name);
                if let Some((file, declaration)) = declared {
                    service.doc.clone_from(&declaration.doc);
                    if !is_exported(&service.name) {
                        let text = format!("{} is served only if it is registered with RegisterName", service.name);
                        self.remark(None, self.place(*file, declaration.left), text);
                    }
                }
                if let Some(id) = self.ids.get(&(number, service.name.as_str())) {
                    self.receivers.insert(*id);
                }
                self.model.packages[number].items.push(Item::Service(service));
            }
        }
    }

    fn method(&mut self, package: usize, file: usize, method: &Written) -> ServiceMember {
        let place = self.place(file, method.left);
        let member = shape(method).and_then(|(args, reply)| {
            let receiver = self.ids.get(&(package, method.receiver.as_str())).copied();
            if receiver.is_some_and(|id| !self.model.types[id].params.is_empty()) {
                return Err("its receiver is generic".to_owned());
            }
            let scope = Scope { package, file, about: receiver.unwrap_or(0), params: HashMap::new() };
            let mut resolved = |expr| self.resolve(expr, &scope).map(Ty::base).map_err(|problem| problem.text);
            Ok(Method {
                name: method.name.clone(),
                doc: method.doc.clone(),
                arg: args.name.clone(),
                args: resolved(&args.ty)?,
                reply: resolved(&reply.ty)?,
                place,
            })
        });
        match member {
            Ok(method) => ServiceMember::Method(method),
            Err(reason) => {
                let Written { receiver, name, .. } = method;
                self.remark(None, place, format!("method {receiver}.{name} is not called by net/rpc: {reason}"));
                ServiceMember::Note(format!("{name}: {reason}"))
            }
        }
    }
}

/// The argument and the reply of a method, if net/rpc takes it for one that it serves (R35).
fn shape(method: &Written) -> Result<(&Parameter, &Parameter), String> {
    let Some(signature) = &method.signature else { return Err("its signature is not understood".to_owned()) };
    let [args, reply] = signature.params.as_slice() else {
        let count = match signature.params.len() {
            1 => "1 argument".to_owned(),
            count => format!("{count} arguments"),
        };
        return Err(format!("it takes {count}, and not one and a pointer to the reply"));
    };
    let Expr::Pointer(_) = &reply.ty else { return Err("its second argument is no pointer to a reply".to_owned()) };
    for parameter in [args, reply] {
        if parameter.is_variadic {
            return Err("it takes any number of arguments".to_owned());
        }
        if let Some(name) = unexported(&parameter.ty) {
            return Err(format!("the type {} is not exported", name.name));
        }
    }
    match signature.results.as_slice() {
        [Parameter { ty: Expr::Name(Name { package: None, name, .. }), .. }] if name == "error" => Ok((args, reply)),
        _ => Err("it does not return an error alone".to_owned()),
    }
}

/// The declared type behind any pointers, if Go would not let net/rpc use it.
fn unexported(ty: &Expr) -> Option<&Name> {
    match ty {
        Expr::Pointer(elem) => unexported(elem),
        Expr::Name(name) => {
            let is_predeclared = || Basic::find(&name.name).is_some() || matches!(name.name.as_str(), "any" | "error");
            (name.package.is_none() && !is_exported(&name.name) && !is_predeclared()).then_some(name)
        }
        _ => None,
    }
}
