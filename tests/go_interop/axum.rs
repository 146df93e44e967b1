//! The example among the routes of axum, with a stock Go client at the door, and a Rust client that has the token.

use gobrpc::rpc::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::{Endpoint, Server, Transport};
use crate::services::built_example;

async fn example() -> Server {
    let mut command = Command::new(built_example("axum"));
    command.arg("127.0.0.1:0");
    Server::process(command, Transport::Http, None).await
}

/// The body of a page.
async fn page(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the example listens");
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the example reads");
    let mut answer = String::new();
    eventually(stream.read_to_string(&mut answer)).await.expect("HTTP is text");
    answer.split_once("\r\n\r\n").expect("a head and a body").1.to_owned()
}

#[tokio::test]
async fn calls_and_pages_come_from_one_port() {
    let server = example().await;
    let address = &server.endpoint.address;
    assert_eq!(page(address, "/").await, "RPC is next door\n");
    let client = Client::builder().http_header("Authorization", "Bearer gopher").connect_http(address).await;
    let client = client.expect("the token is good");
    let greeting = eventually(client.call::<String>("Greeter.Greet", &"hello")).await;
    assert_eq!(greeting.expect("the method is there"), "hello, gopher!");
    assert_eq!(page(address, "/").await, "RPC is next door\n");
    let debug = page(address, "/debug/rpc").await;
    assert!(debug.contains("Greet(string, *string) error</td>\n\t\t\t<td align=center>1</td>"), "{debug}");
}

#[tokio::test]
async fn a_go_client_without_the_token_is_refused() {
    let go = go_or_return!();
    let server = example().await;
    let Endpoint { address, .. } = &server.endpoint;
    let refused = format!("connect error dial-http tcp {address}: unexpected HTTP response: 401 Unauthorized");
    assert_eq!(go.client(&server.endpoint, &["mul"]).await, [refused]);
}
