//! Which methods there are, and of which types.

use std::collections::BTreeMap;

use gobrpc::gob::syntax::{Expr, Item, Method, Parameter};
use gobrpc::gob::ty::Type;

use crate::error::{Error, Result};
use crate::golang::{self, Names};

/// The types of a method.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature {
    /// Any, if it is not known.
    pub(super) args: Option<&'static Type>,
    /// What the client gets: without the pointer that Go's methods have there.
    pub(super) reply: Option<&'static Type>,
}

/// The methods, as `Service.Method`.
pub(super) type Signatures = BTreeMap<String, Signature>;

/// Finds the methods that the sources have, and adds those that are declared otherwise.
pub(super) fn find(names: &Names, declared: &[String], services: &[(String, String)]) -> Result<Signatures> {
    let methods: Vec<_> = names
        .items()
        .iter()
        .filter_map(|item| match item {
            Item::Method(method) => Some((method, rpc_types(method)?)),
            _ => None,
        })
        .collect();
    for (receiver, _) in services {
        if !methods.iter().any(|(method, _)| method.receiver == *receiver) {
            return Err(Error::data(format_args!(
                "no type {receiver} with methods of net/rpc is declared; see --decl"
            )));
        }
    }
    let mut signatures = Signatures::new();
    for (method, (args, reply)) in methods {
        let renamed = services.iter().find(|(receiver, _)| *receiver == method.receiver);
        let service = renamed.map_or(&method.receiver, |(_, service)| service);
        // R33: others have to be registered under a name.
        if renamed.is_none() && !is_exported(&method.receiver) {
            continue;
        }
        let name = format!("{service}.{}", method.name);
        match (names.type_of(args), names.type_of(reply)) {
            (Ok(args), Ok(reply)) => {
                signatures.insert(name, Signature { args: Some(args), reply: Some(reply) });
            }
            // Go's server has it, and fails when it is called.
            (Err(error), _) | (_, Err(error)) => anstream::eprintln!("gobrpc: {name} is left out: {error}"),
        }
    }
    for text in declared {
        let (name, signature) = parse(text, names)?;
        signatures.insert(name, signature);
    }
    Ok(signatures)
}

/// The types of arguments and reply, if a method is one that net/rpc exposes (R35).
fn rpc_types(method: &Method) -> Option<(&Expr, &Expr)> {
    let signature = method.signature.as_ref().filter(|_| is_exported(&method.name))?;
    let ([args, reply], [result]) = (&signature.params[..], &signature.results[..]) else { return None };
    let Parameter { ty: Expr::Pointer(reply), .. } = reply else { return None };
    let Expr::Name(result) = &result.ty else { return None };
    let is_error = result.package.is_none() && result.name == "error" && result.args.is_empty();
    let exposed = is_error && !args.is_variadic && is_exposed(&args.ty) && is_exposed(reply);
    exposed.then_some((&args.ty, reply))
}

/// Whether a type is exported or predeclared, or has no name.
fn is_exposed(expr: &Expr) -> bool {
    match expr {
        Expr::Pointer(inner) => is_exposed(inner),
        Expr::Name(name) => name.package.is_some() || is_exported(&name.name) || Type::parse(&name.name).is_ok(),
        _ => true,
    }
}

fn is_exported(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Reads `Arith.Add(struct{A, B int}, int)`; the reply may be the pointer that it is in Go.
fn parse(text: &str, names: &Names) -> Result<(String, Signature)> {
    let wrong = || Error::data(format_args!("{text:?} is no method, as 'Arith.Add(Args, int)' is"));
    let (name, types) = text.split_once('(').ok_or_else(wrong)?;
    let (name, types) = (name.trim(), types.trim_end().strip_suffix(')').ok_or_else(wrong)?);
    if !name.contains('.') {
        return Err(wrong());
    }
    let (args, reply) = golang::two_types(types).ok_or_else(wrong)?;
    let (args, reply) = (names.parse(args)?, names.parse(reply.strip_prefix('*').unwrap_or(reply))?);
    Ok((name.to_owned(), Signature { args: Some(args), reply: Some(reply) }))
}
