//! What can be registered, when, and what is said of the rest.

use std::convert::Infallible;

use gobrpc::gob::Value;
use gobrpc::gob::ty::{Type, TypeRef};
use gobrpc::rpc::{Client, Dispatch, Error, Incoming, Method, Payload, ReplyFuture, Server, ServerError};

use super::{ARGS, Arith, eventually, serve, server_error};

async fn refused(server: Server) -> String {
    let (_client, stream) = tokio::io::duplex(16);
    eventually(server.serve_connection(stream)).await.unwrap_err().to_string()
}

#[derive(Debug)]
struct Idle;

#[gobrpc::service]
impl Idle {}

#[allow(non_camel_case_types)]
struct idle;

#[gobrpc::service]
impl idle {}

/// A receiver of which only the name matters.
struct Called(&'static str);

impl Dispatch for Called {
    fn name(&self) -> &'static str {
        self.0
    }

    fn methods(&self) -> &'static [Method] {
        const STRING: TypeRef = TypeRef::new(<String as gobrpc::Gob>::ty);
        &[Method { name: "Say", args: STRING, reply: STRING }]
    }

    fn dispatch(self: std::sync::Arc<Self>, _: usize, call: Incoming) -> ReplyFuture {
        call.answer(move |text: String| async move { Ok::<_, Infallible>(format!("{}: {text}", self.0)) })
    }
}

/// A receiver of which all is known only at run time.
struct Made(&'static [Method]);

impl Dispatch for Made {
    fn name(&self) -> &'static str {
        "Made"
    }

    fn methods(&self) -> &'static [Method] {
        self.0
    }

    fn dispatch(self: std::sync::Arc<Self>, _: usize, call: Incoming) -> ReplyFuture {
        call.unknown_method()
    }
}

/// A receiver that finds out what it was sent.
struct Curious;

impl Dispatch for Curious {
    fn name(&self) -> &'static str {
        "Curious"
    }

    fn methods(&self) -> &'static [Method] {
        const ANY: TypeRef = TypeRef::new(<Value as gobrpc::Gob>::ty);
        const STRING: TypeRef = TypeRef::new(<String as gobrpc::Gob>::ty);
        &[Method { name: "Show", args: ANY, reply: STRING }]
    }

    fn dispatch(self: std::sync::Arc<Self>, _: usize, call: Incoming) -> ReplyFuture {
        Box::pin(async move {
            let value = call.into_body().decode::<Value>().map_err(|error| ServerError::from(error.to_string()))?;
            Ok(Box::new(value.to_string()) as Box<dyn Payload + Send + Sync>)
        })
    }
}

#[tokio::test]
async fn a_method_may_take_its_arguments_as_they_came() {
    let server = Server::new().register(Curious);
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    assert_eq!(client.call::<String>("Curious.Show", &ARGS).await.unwrap(), "{A: 7, B: 8}");
    assert_eq!(client.call::<String>("Curious.Show", &"text").await.unwrap(), "\"text\"");
    assert_eq!(server.services()[0].methods[0].calls, 2);
}

#[test]
fn the_types_of_a_method_may_be_made_at_run_time() {
    let [args, reply] = ["*struct { A int }", "map[string]bool"].map(|ty| TypeRef::to(Type::parse(ty).unwrap()));
    let server = Server::new().register(Made(vec![Method { name: "Get", args, reply }].leak()));
    let [service] = &server.services()[..] else { panic!("one service") };
    assert_eq!(service.methods[0].to_string(), "Get(*struct { A int }, *map[string]bool) error");
}

/// R33
#[tokio::test]
async fn a_service_is_registered_once() {
    assert_eq!(refused(Server::new().register(Arith).register(Arith)).await, "rpc: service already defined: Arith");
    let named = Server::new().register_name("A", Arith).register_name("A", Arith).register(Arith);
    assert_eq!(refused(named).await, "rpc: service already defined: A");
}

/// R33
#[tokio::test]
async fn a_service_has_a_name() {
    let text = refused(Server::new().register_name("", Arith)).await;
    assert!(text.starts_with("rpc.Register: no service name for type "), "{text}");
}

/// R33
#[test]
fn a_type_is_exported_and_has_methods() {
    let server = Server::new();
    let error = |result: Result<(), Error>| result.unwrap_err().to_string();
    assert_eq!(error(server.try_register(Called("arith"))), "rpc.Register: type arith is not exported");
    let text = "rpc.Register: type Idle has no exported methods of suitable type";
    assert_eq!(error(server.try_register(Idle)), text);
    assert!(error(server.try_register(Called(""))).starts_with("rpc.Register: no service name for type "));
    // Go asks in this order: an unexported type without methods is unexported.
    assert_eq!(error(server.try_register(idle)), "rpc.Register: type idle is not exported");
    assert!(server.services().is_empty());
}

#[tokio::test]
async fn a_method_has_a_service_and_is_registered_once() {
    let echo = |text: String| async { Ok::<_, Infallible>(text) };
    for name in ["Echo", "", ".", ".Say", "Echo."] {
        let text = format!("rpc: service/method name ill-formed: {name}");
        assert_eq!(refused(Server::new().method(name, echo)).await, text);
    }
    let twice = Server::new().method("Echo.Say", echo).method("Echo.Say", echo);
    assert_eq!(refused(twice).await, "rpc: method already defined: Echo.Say");
}

#[test]
fn an_error_of_registration_is_a_value_and_leaves_the_server_as_it_was() {
    let server = Server::new();
    server.try_register(Arith).unwrap();
    let error = server.try_register(Arith).unwrap_err();
    assert!(matches!(&error, Error::Register(text) if text == "rpc: service already defined: Arith"), "{error:?}");
    let error = server.try_method("Arith.Multiply", |n: i64| async move { Ok::<_, Infallible>(n) }).unwrap_err();
    assert_eq!(error.to_string(), "rpc: method already defined: Arith.Multiply");
    server.try_method("Arith.Negate", |n: i64| async move { Ok::<_, Infallible>(-n) }).unwrap();
    assert_eq!(server.services().len(), 1);
}

/// R32
#[tokio::test]
async fn services_can_be_added_while_a_server_serves() {
    let server = Server::new();
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    let early = client.call::<isize>("Arith.Multiply", &ARGS).await;
    assert_eq!(server_error(early), "rpc: can't find service Arith.Multiply");
    server.try_register(Arith).unwrap();
    assert_eq!(client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap(), 56);
    server.try_method("Echo.Say", |text: String| async { Ok::<_, Infallible>(text) }).unwrap();
    assert_eq!(client.call::<String>("Echo.Say", &"hi").await.unwrap(), "hi");
    server.try_method_with_context("Echo.Seq", |cx, (): ()| async move { Ok::<_, Infallible>(cx.seq()) }).unwrap();
    assert_eq!(client.call::<u64>("Echo.Seq", &()).await.unwrap(), 3);
    assert!(server.try_method_with_context("Echo.Seq", |_, (): ()| async { Ok::<_, Infallible>(0_u64) }).is_err());
}

/// R34, R38
#[tokio::test]
async fn a_service_may_have_any_name() {
    let names = ["net.rpc.Arith", "a.b/c d", "lower", "日本", "Gen[int]"];
    let server = Server::new();
    for name in names {
        server.try_register_name(name, Called(name)).unwrap();
    }
    let client = Client::connect(&serve(server).await).await.unwrap();
    for name in names {
        let reply: String = client.call(&format!("{name}.Say"), &"hi").await.unwrap();
        assert_eq!(reply, format!("{name}: hi"));
    }
}

/// R81
#[test]
fn services_are_listed_with_their_go_types() {
    let services = super::server().services();
    let names: Vec<_> = services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["Arith", "Empty", "with.dots"]);
    let methods: Vec<_> = services[0].methods.iter().map(ToString::to_string).collect();
    assert_eq!(
        methods,
        [
            "Divide(main.Args, *main.Quotient) error",
            "Echo([]uint8, *[]uint8) error",
            "Multiply(main.Args, *int) error",
            "Nothing(struct {}, *[]*int64) error",
            "Panic(string, *struct {}) error",
            "Sleep(uint64, *uint64) error",
        ]
    );
}

/// R50
#[tokio::test]
async fn a_call_counts_when_its_method_begins() {
    let server = super::server();
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap();
    client.call::<isize>("Arith.Multiply", &ARGS).await.unwrap();
    // An error and a panic count; what cannot be decoded does not.
    server_error(client.call::<isize>("Empty.Error", &()).await);
    server_error(client.call::<()>("Arith.Panic", &"boom").await);
    server_error(client.call::<isize>("Arith.Divide", &"text").await);
    server_error(client.call::<isize>("Arith.Nope", &()).await);
    let other = Client::connect(&serve(server.clone()).await).await.unwrap();
    other.call::<isize>("Arith.Multiply", &ARGS).await.unwrap();

    let services = server.services();
    let calls = services.iter().flat_map(|service| &service.methods).filter(|method| method.calls > 0);
    let calls: Vec<_> = calls.map(|method| (method.name.as_str(), method.calls)).collect();
    assert_eq!(calls, [("Multiply", 3), ("Panic", 1), ("Error", 1)]);
}
