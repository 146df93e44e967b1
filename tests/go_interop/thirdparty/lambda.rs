//! A function for AWS Lambda, written with their library in Go and invoked as their service does it.

use std::time::{SystemTime, UNIX_EPOCH};

use gobrpc::Gob;
use gobrpc::rpc::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::process::{Child, Command};

use super::{free_port, start};
use crate::go::{Programs, go_or_return};
use crate::patience::eventually;

#[derive(Serialize, Deserialize, Gob)]
struct PingRequest {}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
struct PingResponse {}

#[derive(Default, Serialize, Deserialize, Gob)]
#[gob(name = "InvokeRequest_Timestamp")]
#[serde(rename_all = "PascalCase")]
struct Timestamp {
    seconds: i64,
    nanos: i64,
}

#[derive(Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct InvokeRequest {
    payload: Vec<u8>,
    request_id: String,
    x_amzn_trace_id: String,
    deadline: Timestamp,
    invoked_function_arn: String,
    cognito_identity_id: String,
    cognito_identity_pool_id: String,
    client_context: Vec<u8>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct InvokeResponse {
    payload: Vec<u8>,
    error: Option<Failure>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(name = "InvokeResponse_Error")]
#[serde(rename_all = "PascalCase")]
struct Failure {
    message: String,
    #[serde(rename = "Type")]
    kind: String,
    stack_trace: Vec<Frame>,
    should_exit: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(name = "InvokeResponse_Error_StackFrame")]
#[serde(rename_all = "PascalCase")]
struct Frame {
    path: String,
    line: i32,
    label: String,
}

/// A function that runs, and a client of it.
struct Function {
    client: Client,
    _process: Child,
}

impl Function {
    async fn start(go: &Programs) -> Self {
        let port = free_port();
        let mut command = Command::new(go.third_party("lambda"));
        command.env("_LAMBDA_SERVER_PORT", port.to_string());
        let address = format!("localhost:{port}");
        let process = start(command, &address).await;
        let client = Client::connect(&address).await.expect("the function listens");
        Self { client, _process: process }
    }

    async fn invoke(&self, request: InvokeRequest) -> InvokeResponse {
        eventually(self.client.call("Function.Invoke", &request)).await.expect("the function answers")
    }
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_secs()
}

/// An invocation with this event, that may take a minute.
fn event(event: &Json) -> InvokeRequest {
    let deadline = Timestamp { seconds: seconds() as i64 + 60, nanos: 7 };
    InvokeRequest { payload: event.to_string().into_bytes(), deadline, ..InvokeRequest::default() }
}

#[tokio::test]
async fn a_function_answers_a_ping() {
    let function = Function::start(go_or_return!()).await;
    let pong = eventually(function.client.call::<PingResponse>("Function.Ping", &PingRequest {})).await;
    assert_eq!(pong.expect("the function is there"), PingResponse {});
}

#[tokio::test]
async fn a_function_knows_all_of_its_invocation() {
    let function = Function::start(go_or_return!()).await;
    let request = InvokeRequest {
        request_id: "request 1".to_owned(),
        x_amzn_trace_id: "trace 2".to_owned(),
        invoked_function_arn: "arn:3".to_owned(),
        cognito_identity_id: "identity 4".to_owned(),
        cognito_identity_pool_id: "pool 5".to_owned(),
        client_context: json!({"client": {"app_title": "app 6"}}).to_string().into_bytes(),
        deadline: Timestamp { seconds: 4_102_444_800, nanos: 7 },
        ..event(&json!({"Name": "wörld"}))
    };
    let response = function.invoke(request).await;
    assert_eq!(response.error, None);
    let want = json!({
        "Text": "hello wörld",
        "Request": "request 1",
        "Function": "arn:3",
        "Identity": "identity 4",
        "Pool": "pool 5",
        "Trace": "trace 2",
        "App": "app 6",
        "Deadline": "2100-01-01T00:00:00.000000007Z",
    });
    assert_eq!(serde_json::from_slice::<Json>(&response.payload).expect("a function gives JSON"), want);
}

#[tokio::test]
async fn a_function_may_return_nothing() {
    let function = Function::start(go_or_return!()).await;
    let response = function.invoke(event(&json!({"Do": "nothing"}))).await;
    assert_eq!(response, InvokeResponse { payload: b"null".to_vec(), error: None });
}

#[tokio::test]
async fn the_error_of_a_function_comes_in_the_reply() {
    let function = Function::start(go_or_return!()).await;
    for (event_, message, kind) in [
        (json!({"Do": "fail"}), "told to fail", "errorString"),
        (json!({"Do": "refuse", "Name": "x"}), "no greeting for x", "refusal"),
    ] {
        let response = function.invoke(event(&event_)).await;
        let (message, kind) = (message.to_owned(), kind.to_owned());
        let failure = Failure { message, kind, stack_trace: Vec::new(), should_exit: false };
        assert_eq!(response, InvokeResponse { payload: Vec::new(), error: Some(failure) });
    }
    // What is no event at all does not even reach the function.
    let response = function.invoke(InvokeRequest { payload: b"{]".to_vec(), ..event(&Json::Null) }).await;
    assert_eq!(response.error.expect("this is no JSON").kind, "SyntaxError");
    assert_eq!(function.invoke(event(&json!({"Do": "nothing"}))).await.error, None);
}

#[tokio::test]
async fn the_panic_of_a_function_comes_in_the_reply_with_its_stack() {
    let function = Function::start(go_or_return!()).await;
    let response = function.invoke(event(&json!({"Do": "panic", "Name": "x"}))).await;
    assert_eq!(response.payload, b"");
    let failure = response.error.expect("a panic is an error");
    assert_eq!((&*failure.message, &*failure.kind), ("x is too much", "string"));
    assert!(failure.should_exit);
    let handle = failure.stack_trace.iter().find(|frame| frame.label == "handle");
    let handle = handle.unwrap_or_else(|| panic!("{:?}", failure.stack_trace));
    assert!(handle.path.ends_with("main.go") && handle.line > 0, "{handle:?}");
    // Whether to exit is the caller's affair.
    assert_eq!(function.invoke(event(&json!({"Do": "nothing"}))).await.error, None);
}

#[tokio::test]
async fn invocations_that_have_no_time_left_are_told_so() {
    let function = Function::start(go_or_return!()).await;
    let late = InvokeRequest { deadline: Timestamp { seconds: 1, nanos: 0 }, ..event(&json!({"Name": "x"})) };
    let greeting: Json = serde_json::from_slice(&function.invoke(late).await.payload).expect("a function gives JSON");
    assert_eq!(greeting["Deadline"], "1970-01-01T00:00:01Z");
}
