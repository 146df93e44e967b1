//! The answers, and the services that give them.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gobrpc::gob::ty::{Type, TypeRef};
use gobrpc::gob::{self, Decoder, Gob, Value};
use gobrpc::rpc::{Body, Context, Dispatch, Incoming, Method, Payload, ReplyFuture, ServerError, ServiceInfo};
use serde::de::IgnoredAny;

use super::methods::{Signature, Signatures};
use super::print::Printer;
use crate::addr::parse_duration;
use crate::error::{Error, Result};
use crate::golang::Names;
use crate::input::JsonInput;
use crate::json::{self, Json, Raw};
use crate::payload::{Argument, Typing};

/// What to answer, by method.
pub(super) struct Answers {
    names: Arc<Names>,
    methods: BTreeMap<String, Canned>,
    /// Whether methods that are not declared may have answers.
    open: bool,
}

/// How a method answers.
struct Canned {
    signature: Signature,
    answers: Vec<Answer>,
    delay: Duration,
    /// How many calls came.
    calls: AtomicUsize,
}

#[derive(Clone)]
enum Answer {
    /// The reply, and its JSON as it is printed.
    Reply(Argument, Arc<str>),
    Error(String),
}

impl Answers {
    pub(super) fn new(names: &Arc<Names>, signatures: Signatures) -> Self {
        let open = signatures.is_empty();
        let methods = signatures.into_iter().map(|(name, signature)| (name, Canned::new(signature))).collect();
        Self { names: Arc::clone(names), methods, open }
    }

    pub(super) fn reply(&mut self, method: &str, json: &str) -> Result<()> {
        let in_reply = |error: Error| Error::data(format_args!("the reply of {method}: {error}"));
        let json = one(json).map_err(in_reply)?;
        let names = Arc::clone(&self.names);
        let canned = self.method(method)?;
        let text = json_text(|out| json::print_json(&json, json::Style::default(), out)).map_err(Error::data)?;
        let argument = Typing::of(names, canned.signature.reply).argument(json).map_err(in_reply)?;
        argument.check().map_err(in_reply)?;
        canned.signature.reply = Some(argument.go_type());
        canned.answers.push(Answer::Reply(argument, text.into()));
        Ok(())
    }

    pub(super) fn error(&mut self, method: &str, text: &str) -> Result<()> {
        self.method(method)?.answers.push(Answer::Error(text.to_owned()));
        Ok(())
    }

    pub(super) fn delay(&mut self, method: &str, delay: &str) -> Result<()> {
        let delay =
            parse_duration(delay).map_err(|error| Error::data(format_args!("the delay of {method}: {error}")))?;
        self.method(method)?.delay = delay;
        Ok(())
    }

    fn method(&mut self, name: &str) -> Result<&mut Canned> {
        if self.open && !self.methods.contains_key(name) {
            if !name.contains('.') {
                return Err(Error::data(format_args!("{name:?} is no method, as Arith.Multiply is")));
            }
            self.methods.insert(name.to_owned(), Canned::new(Signature { args: None, reply: None }));
        }
        let known = || self.methods.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let unknown =
            Error::data(format_args!("there is no method {name}, only {}; declare it with --method", known()));
        self.methods.get_mut(name).ok_or(unknown)
    }
}

/// The one document of a reply.
fn one(text: &str) -> Result<Json> {
    let input: JsonInput = text.parse().unwrap_or_else(|never: std::convert::Infallible| match never {});
    let mut documents = json::documents(input.open()?);
    let first = documents.next().ok_or_else(|| Error::data("there is no JSON"))??;
    match documents.next() {
        None => Ok(first),
        Some(_) => Err(Error::data("there is more than one JSON document; give several replies one by one")),
    }
}

impl Canned {
    const fn new(signature: Signature) -> Self {
        Self { signature, answers: Vec::new(), delay: Duration::ZERO, calls: AtomicUsize::new(0) }
    }

    /// The answer to the next call: the last one stays.
    fn next(&self, method: &str) -> Answer {
        let index = self.calls.fetch_add(1, Ordering::Relaxed).min(self.answers.len().saturating_sub(1));
        let none = || Answer::Error(format!("gobrpc serve: {method} has no --reply and no --error"));
        self.answers.get(index).cloned().unwrap_or_else(none)
    }
}

/// A service that gives the answers to its methods.
pub(super) struct Service {
    pub(super) name: String,
    /// As net/rpc wants them; they live as long as the process.
    methods: &'static [Method],
    canned: Vec<Canned>,
    jsonrpc: bool,
    printer: Arc<Printer>,
}

impl Service {
    /// The services that have these methods.
    pub(super) fn all(answers: Answers, jsonrpc: bool, printer: &Arc<Printer>) -> Result<Vec<Self>> {
        let mut services: BTreeMap<String, Vec<(String, Canned)>> = BTreeMap::new();
        for (name, canned) in answers.methods {
            if let Some((service, method)) = name.rsplit_once('.') {
                services.entry(service.to_owned()).or_default().push((method.to_owned(), canned));
            }
        }
        if services.is_empty() {
            return Err(Error::data("there is nothing to serve; give --decl, --method or --reply"));
        }
        let service = |(name, methods): (String, Vec<(String, Canned)>)| {
            let (methods, canned): (Vec<_>, Vec<_>) =
                methods.into_iter().map(|(method, canned)| (table_entry(method, canned.signature), canned)).unzip();
            Self { name, methods: methods.leak(), canned, jsonrpc, printer: Arc::clone(printer) }
        };
        Ok(services.into_iter().map(service).collect())
    }

    /// Decodes the arguments for their type, so that what Go's server would refuse is refused.
    fn args(&self, index: usize, body: Body) -> Result<String, String> {
        let ty = self.canned[index].signature.args;
        if self.jsonrpc {
            let Raw(json) = body.decode::<Raw>().map_err(|error| error.kind().to_string())?;
            return json_text(|out| json::print_json(&json, json::Style::default(), out));
        }
        let value = body.decode::<Value>().map_err(|error| error.kind().to_string())?;
        if let Some(ty) = ty {
            check(&value, ty).map_err(|error| error.kind().to_string())?;
        }
        json_text(|out| json::print(&value, json::Style::default(), out))
    }
}

fn json_text(print: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<String, String> {
    let mut out = Vec::new();
    print(&mut out).map_err(|error| error.to_string())?;
    String::from_utf8(out).map_err(|error| error.to_string())
}

/// Whether a value fits a type, by the rules of decoding.
fn check(value: &Value, ty: &'static Type) -> gob::Result<()> {
    let bytes = gob::to_vec(value)?;
    Decoder::new(&bytes[..]).decode_as(ty, PhantomData::<IgnoredAny>).map(drop)
}

fn table_entry(name: String, Signature { args, reply }: Signature) -> Method {
    let edge = |ty: Option<&'static Type>| TypeRef::to(ty.unwrap_or(Value::TYPE));
    Method { name: name.leak(), args: edge(args), reply: edge(reply) }
}

impl Dispatch for Service {
    fn name(&self) -> &'static str {
        "Canned"
    }

    fn methods(&self) -> &'static [Method] {
        self.methods
    }

    fn dispatch(self: Arc<Self>, index: usize, call: Incoming) -> ReplyFuture {
        Box::pin(async move {
            let context = call.context().clone();
            let args = self.args(index, call.into_body());
            let canned = &self.canned[index];
            let answer = match &args {
                Ok(_) => {
                    let answer = canned.next(context.service_method());
                    tokio::time::sleep(canned.delay).await;
                    answer
                }
                Err(error) => Answer::Error(error.clone()),
            };
            match answer {
                Answer::Reply(reply, text) => {
                    self.printer.call(&context, args.ok().as_deref(), Ok(&text));
                    Ok(Box::new(reply) as Box<dyn Payload + Send + Sync>)
                }
                Answer::Error(error) => {
                    self.printer.call(&context, args.ok().as_deref(), Err(&error));
                    Err(error.into())
                }
            }
        })
    }
}

/// Prints the calls for which there is no method, before they are refused as usual.
pub(super) fn unknown(
    services: Vec<ServiceInfo>,
    printer: Arc<Printer>,
) -> impl Fn(&Context) -> Result<(), ServerError> + Send + Sync {
    move |context| {
        let known = context.service_method().rsplit_once('.').is_some_and(|(service, method)| {
            let service = services.iter().find(|known| known.name == service);
            service.is_some_and(|service| service.methods.iter().any(|known| known.name == method))
        });
        if !known {
            printer.call(context, None, Err("there is no such method"));
        }
        Ok(())
    }
}
