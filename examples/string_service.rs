//! One contract, a server and a client of it, in one program.

use std::time::Duration;

use gobrpc::rpc::{Client, Server, ServerError};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, Gob)]
struct StringRequest {
    #[serde(rename = "SA")]
    a: String,
    #[serde(rename = "SB")]
    b: String,
}

/// In Go: `func (StringService) Concat(req StringRequest, ret *string) error`.
#[service]
trait StringService {
    /// Joins two strings, if they are not too long.
    async fn concat(&self, request: StringRequest) -> Result<String, ServerError>;
}

struct Strings;

impl StringService for Strings {
    async fn concat(&self, request: StringRequest) -> Result<String, ServerError> {
        if request.a.len() + request.b.len() > 1024 {
            return Err("maximum size of 1024 bytes exceeded".into());
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(request.a + &request.b)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("localhost:0").await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(Server::new().register(Strings.into_service()).serve(listener));

    let strings = StringServiceClient::new(Client::connect(&address).await?);
    let request = StringRequest { a: "hello ".into(), b: "go rpc".into() };

    println!("sync: {}", strings.concat(request.clone()).await?);

    let pending = strings.concat(request);
    println!("async: {}", if pending.is_done() { "done already" } else { "pending" });
    println!("async: done: {}", pending.await?);

    let too_long = StringRequest { a: "a".repeat(1025), b: String::new() };
    if let Err(error) = strings.concat(too_long).await {
        println!("error: {error}");
    }
    Ok(())
}
