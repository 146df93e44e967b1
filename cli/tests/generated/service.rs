//! Calls the server of the services with the client that was made from its source.

#![deny(warnings)]

#[path = "../service.rs"]
mod service;

use std::collections::HashMap;

use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Server};

use self::service::{Args, ArithClient, Holder, Kinds, Known, Nested, Node, StringRequest, StringServiceClient};

/// A server from the same trait.
struct Strings;

impl service::StringService for Strings {
    async fn concat(&self, req: StringRequest) -> Result<String, gobrpc::rpc::ServerError> {
        Ok(req.sa + "-" + &req.sb)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::connect(&std::env::args().nth(1).ok_or("an address")?).await?;
    let strings = StringServiceClient::new(client.clone());
    let request = || StringRequest { sa: "hello ".to_owned(), sb: "go rpc".to_owned() };
    println!("{}", strings.concat(request()).await?);
    let arith = ArithClient::new(client);
    println!("{}", arith.multiply(Args { a: 6, b: 7 }).await?);
    println!("{:?}", arith.divide(Args { a: 7, b: 2 }).await?);
    println!("{}", arith.divide(Args::default()).await.unwrap_err());
    println!("{}", arith.sum(vec![1, 2, 3]).await?);
    println!("{:?}", arith.lookup(HashMap::from([("b".to_owned(), 1), ("a".to_owned(), 2)])).await?);
    let leaf = |v| Some(Box::new(Node { v, ..Node::default() }));
    println!("{}", arith.tree(Node { v: 1, l: leaf(2), r: leaf(3) }).await?);
    let nested = Nested { id: 5, name: "n".to_owned() };
    let kinds = Kinds { arr: [1, 2, 3], bytes: vec![7], u64: u64::MAX, p_nested: Some(nested), ..Kinds::default() };
    println!("{}", arith.kinds(kinds.clone()).await? == kinds);
    let held = Holder { name: "four".to_owned(), value: Value::from("text").into_interface().unwrap_or_default() };
    println!("{}", arith.any(held).await?);
    let wrapped = arith.wrap(9).await?;
    println!("{:?}", gobrpc::gob::from_value::<Known>(&wrapped)?);
    println!("{} {}", service::KNOWN_NAME, service::STR_MAX_SIZE);

    // The trait serves, too.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(Server::new().register(service::StringService::into_service(Strings)).serve(listener));
    let strings = StringServiceClient::new(Client::connect(&address.to_string()).await?);
    println!("{}", strings.concat(request()).await?);
    Ok(())
}
