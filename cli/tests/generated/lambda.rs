//! Invokes a function for AWS Lambda with the client that was made from its library's source.

#![deny(warnings)]

#[path = "../lambda.rs"]
mod lambda;

use gobrpc::rpc::Client;

use self::lambda::lambda::FunctionClient;
use self::lambda::messages::{InvokeRequest, InvokeRequestTimestamp, PingRequest};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::connect(&std::env::args().nth(1).ok_or("an address")?).await?;
    let function = FunctionClient::new(client);
    println!("{:?}", function.ping(PingRequest).await?);
    for event in [r#"{"Name": "Rust"}"#, r#"{"Do": "fail"}"#, r#"{"Do": "panic", "Name": "This"}"#] {
        let deadline = InvokeRequestTimestamp { seconds: 1 << 32, nanos: 0 };
        let (payload, request_id) = (event.as_bytes().to_vec(), "42".to_owned());
        let reply = function.invoke(InvokeRequest { payload, request_id, deadline, ..InvokeRequest::default() }).await?;
        match reply.error {
            None => println!("{}", String::from_utf8(reply.payload)?),
            Some(error) => println!(
                "{}: {} ({} frames, exit {})",
                error.r#type,
                error.message,
                error.stack_trace.iter().flatten().filter(|frame| frame.line > 0).count(),
                error.should_exit
            ),
        }
    }
    Ok(())
}
