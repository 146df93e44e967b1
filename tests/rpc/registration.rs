//! What cannot be registered is an error when serving begins.

use std::convert::Infallible;

use gobrpc::rpc::Server;

use super::Arith;

async fn refused(server: Server) -> String {
    let (_client, stream) = tokio::io::duplex(16);
    server.serve_connection(stream).await.unwrap_err().to_string()
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

#[tokio::test]
async fn a_method_has_a_service_and_is_registered_once() {
    let echo = |text: String| async { Ok::<_, Infallible>(text) };
    assert_eq!(refused(Server::new().method("Echo", echo)).await, "rpc: service/method name ill-formed: Echo");
    let twice = Server::new().method("Echo.Say", echo).method("Echo.Say", echo);
    assert_eq!(refused(twice).await, "rpc: method already defined: Echo.Say");
}
