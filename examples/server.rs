//! A server of `StringService` and `Arith` for Go and Rust clients.
//!
//! `cargo run --example server -- [--http] ADDR`, where ADDR is `host:port` or `unix:/path`.

use std::time::Duration;

use gobrpc::rpc::{Listener, Server, ServerError};
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Gob)]
struct StringRequest {
    #[serde(rename = "SA")]
    a: String,
    #[serde(rename = "SB")]
    b: String,
}

const MAX_SIZE: usize = 1024;

struct StringService {
    delay: Duration,
}

#[service]
impl StringService {
    async fn concat(&self, request: StringRequest) -> Result<String, ServerError> {
        if request.a.len() + request.b.len() > MAX_SIZE {
            return Err("maximum size of 1024 bytes exceeded".into());
        }
        tokio::time::sleep(self.delay).await;
        Ok(request.a + &request.b)
    }
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: isize,
    b: isize,
}

#[derive(Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Quotient {
    quo: isize,
    rem: isize,
}

struct Arith;

#[service]
impl Arith {
    fn multiply(&self, args: Args) -> isize {
        args.a.wrapping_mul(args.b)
    }

    fn divide(&self, args: Args) -> Result<Quotient, &'static str> {
        let quo = args.a.checked_div(args.b).ok_or("divide by zero")?;
        Ok(Quotient { quo, rem: args.a.wrapping_rem(args.b) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let http = args.first().is_some_and(|arg| arg == "--http");
    let address = args.pop().unwrap_or_else(|| "localhost:9527".to_owned());
    let delay = std::env::var("GOBRPC_DELAY_MS").ok().and_then(|ms| ms.parse().ok()).unwrap_or(2000);

    let server = Server::new().register(StringService { delay: Duration::from_millis(delay) }).register(Arith);
    match address.strip_prefix("unix:") {
        #[cfg(unix)]
        Some(path) => {
            let listener = tokio::net::UnixListener::bind(path)?;
            println!("listening {address}");
            serve(server, listener, http).await
        }
        _ => {
            let listener = tokio::net::TcpListener::bind(&address).await?;
            println!("listening {}", listener.local_addr()?);
            serve(server, listener, http).await
        }
    }
}

async fn serve(server: Server, listener: impl Listener, http: bool) -> Result<(), Box<dyn std::error::Error>> {
    match http {
        true => server.serve_http(listener).await?,
        false => server.serve(listener).await?,
    }
    Ok(())
}
