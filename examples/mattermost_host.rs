//! Mattermost, as a plugin sees it: a host of plugins in Go and Rust.
//!
//! `cargo run --example mattermost_host -- PLUGIN`, where PLUGIN is a program such as `--example mattermost_plugin`.

mod go_plugin;
mod mattermost;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use gobrpc::Gob;
use gobrpc::gob::{Registry, Value};
use gobrpc::rpc::{Server, ServerError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use go_plugin::Result;
use go_plugin::host::Plugin;
use mattermost::api::{Api, Driver};
use mattermost::hooks::{Context, Exchange, HooksClient, Streams};
use mattermost::http::{Header, Request, ResponseWriter, Url, serve_body};
use mattermost::model::{AnyError, AppError, Command, CommandArgs, ErrorString, Post, User};
use mattermost::{HANDSHAKE, One, Reply, Two};

#[tokio::main]
async fn main() -> Result<()> {
    let program = std::env::args().nth(1).ok_or("usage: mattermost_host PLUGIN")?;
    let mattermost = Mattermost::default();
    mattermost.state().word = "tabs".to_owned();
    mattermost.state().taken = true;
    let (plugin, _, error) = start(&program, &mattermost).await?;
    println!("activate: {}", or_nil(error));
    plugin.quit().await?;

    mattermost.state().taken = false;
    let (plugin, hooks, error) = start(&program, &mattermost).await?;
    println!("activate: {}", or_nil(error));
    println!("implemented: {}", hooks.implemented(()).await?.join(" "));

    post(&hooks, "hello :shrug:").await?;
    post(&hooks, "I like tabs").await?;

    command(&hooks, "ada", "town-square").await?;
    command(&hooks, "ada", "town-square").await?;
    command(&hooks, "bob", "town-square").await?;
    command(&hooks, "ada", "archive").await?;

    request(&plugin, &hooks, "POST", "/shout?loud", "hello").await?;
    request(&plugin, &hooks, "POST", "/shout", "x".repeat(1 << 20)).await?;
    request(&plugin, &hooks, "GET", "/whisper", "").await?;

    for word in ["", "spaces"] {
        mattermost.state().word = word.to_owned();
        println!("configure: {}", or_nil(hooks.on_configuration_change(()).await?.a));
    }
    post(&hooks, "I like tabs").await?;
    post(&hooks, "I like spaces").await?;

    plugin.ping().await?;
    hooks.on_deactivate(()).await?.a.map_or(Ok(()), |error| Err(error.to_string()))?;
    println!("deactivate: {}", plugin.quit().await?);
    Ok(())
}

fn or_nil(error: Option<AnyError>) -> String {
    error.map_or_else(|| "<nil>".to_owned(), |error| error.to_string())
}

/// Starts the plugin, and activates it unless it refuses.
async fn start(program: &str, mattermost: &Mattermost) -> Result<(Plugin, HooksClient, Option<AnyError>)> {
    let command = tokio::process::Command::new(program);
    let plugin = Plugin::start(command, &HANDSHAKE, tokio::io::sink(), tokio::io::stderr()).await?;
    let hooks = HooksClient::new(plugin.dispense("hooks").await?);
    let streams = Streams { api_mux_id: plugin.broker.next_id(), driver_mux_id: plugin.broker.next_id() };
    let api = Server::new().register(mattermost.clone().into_service());
    plugin.broker.accept_and_serve(streams.api_mux_id, api);
    plugin.broker.accept_and_serve(streams.driver_mux_id, Server::new().register(Database.into_service()));
    let error = hooks.on_activate(streams).await?.a;
    Ok((plugin, hooks, error))
}

async fn post(hooks: &HooksClient, message: &str) -> Result<()> {
    let post = Post {
        id: "post".to_owned(),
        create_at: 1,
        message: message.to_owned(),
        props: Some(props()?),
        ..Post::default()
    };
    let reply = hooks.message_will_be_posted(Two { a: Context::default(), b: post.clone() }).await?;
    let after = reply.a.unwrap_or_else(|| post.clone());
    let same = after.id == post.id && after.create_at == post.create_at && after.props == post.props;
    println!("message: {}, the rest as it was: {same}; {:?}", after.message, reply.b);
    Ok(())
}

/// What an integration adds to a post.
fn props() -> Result<HashMap<String, Value>> {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename_all = "PascalCase")]
    struct SlackAttachment {
        text: String,
    }

    let mut registry = Registry::new();
    registry.register::<Vec<Value>>()?.register::<HashMap<String, Value>>()?;
    registry.register_name::<Vec<SlackAttachment>>("[]*model.SlackAttachment")?;
    let attachments = registry.wrap(&vec![SlackAttachment { text: "a".to_owned() }])?;
    let map = registry.wrap(&HashMap::from([("b".to_owned(), Value::from(2.5))]))?;
    let list = registry.wrap(&vec![Value::from("a"), Value::from(1), map])?;
    let props = [("attachments", attachments), ("list", list), ("bot", Value::from(true))];
    Ok(props.map(|(key, value)| (key.to_owned(), value)).into())
}

async fn command(hooks: &HooksClient, user: &str, channel: &str) -> Result<()> {
    let args = CommandArgs { user_id: user.to_owned(), channel_id: channel.to_owned(), command: "/greet".to_owned() };
    let reply = hooks.execute_command(Two { a: Context::default(), b: args }).await?;
    match Result::from(reply) {
        Ok(response) => {
            let response = response.unwrap_or_default();
            println!("command: {} {}", response.response_type, response.text);
        }
        Err(error) => println!("command: {error} {}", error.status_code),
    }
    Ok(())
}

async fn request(plugin: &Plugin, hooks: &HooksClient, method: &str, url: &str, body: impl Into<String>) -> Result<()> {
    let (broker, body, recorder) = (&plugin.broker, body.into(), Recorder::default());
    let response_writer_stream = broker.next_id();
    broker.accept_and_serve(response_writer_stream, Server::new().register(recorder.clone().into_service()));
    let request_body_stream = if body.is_empty() { 0 } else { broker.next_id() };
    let serve_body = async {
        match request_body_stream {
            0 => Ok(()),
            id => serve_body(broker.accept(id).await?, body.as_bytes()).await,
        }
    };
    let request = Request {
        method: method.to_owned(),
        url: Some(Url(url.to_owned())),
        header: Header::from([("X-Name".to_owned(), vec!["gopher".to_owned()])]),
        ..Request::default()
    };
    let exchange = Exchange { response_writer_stream, request, context: Context::default(), request_body_stream };
    let (called, served) = tokio::join!(hooks.serve_http(exchange), serve_body);
    called?;
    served?;
    let reply = recorder.reply();
    let from = reply.header.get("X-From").and_then(|values| values.first()).map_or("", String::as_str);
    let loud = reply.body == body.to_ascii_uppercase().into_bytes();
    println!("http: {}, from {from:?}, {} bytes, loud: {loud}", reply.status, reply.body.len());
    Ok(())
}

/// What a plugin sees of Mattermost. Every call is printed.
#[derive(Clone, Default)]
struct Mattermost(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    word: String,
    taken: bool,
    store: HashMap<String, Vec<u8>>,
}

impl Mattermost {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics with it")
    }
}

/// An entry of the log.
fn entry(Two { a: text, b: pairs }: &Two<String, Vec<Value>>) -> String {
    let pairs = pairs.iter().map(|value| match (value.as_str(), value.as_i64()) {
        (Some(text), _) => text.to_owned(),
        (_, Some(number)) => number.to_string(),
        _ => value.to_string(),
    });
    format!("{text} [{}]", pairs.collect::<Vec<_>>().join(" "))
}

impl Api for Mattermost {
    async fn load_plugin_configuration(&self, (): ()) -> Result<One<Vec<u8>>, ServerError> {
        let word = Some(self.state().word.clone()).filter(|word| !word.is_empty());
        Ok(One { a: json!({ "word": word }).to_string().into_bytes() })
    }

    async fn register_command(&self, One { a: command }: One<Command>) -> Result<One<Option<AnyError>>, ServerError> {
        println!("- command {}", command.trigger);
        Ok(One { a: self.state().taken.then(|| AnyError::new("the command is taken")) })
    }

    async fn log_debug(&self, entry: Two<String, Vec<Value>>) -> Result<(), ServerError> {
        println!("- debug {}", self::entry(&entry));
        Ok(())
    }

    async fn log_info(&self, entry: Two<String, Vec<Value>>) -> Result<(), ServerError> {
        println!("- info {}", self::entry(&entry));
        Ok(())
    }

    async fn get_user(&self, One { a: id }: One<String>) -> Result<Reply<Option<User>>, ServerError> {
        let user = match id.as_str() {
            "ada" => Ok(Some(User { id, username: "countess".to_owned() })),
            _ => Err(AppError::new("GetUser", "no such user", &format!("id={id}"), 404)),
        };
        Ok(user.into())
    }

    async fn create_post(&self, One { a: mut post }: One<Post>) -> Result<Reply<Option<Post>>, ServerError> {
        let count = post.props.iter().find_map(|props| props.get("count")?.as_i64()).unwrap_or(0);
        println!("- post {} {} {} {count}", post.channel_id, post.user_id, post.message);
        if post.channel_id == "archive" {
            return Ok(Err(AppError::new("CreatePost", "the channel is archived", "", 403)).into());
        }
        post.id = format!("post-{count}");
        Ok(Ok(Some(post)).into())
    }

    async fn kv_get(&self, One { a: key }: One<String>) -> Result<Reply<Vec<u8>>, ServerError> {
        Ok(Ok(self.state().store.get(&key).cloned().unwrap_or_default()).into())
    }

    async fn kv_set(
        &self,
        Two { a: key, b: value }: Two<String, Vec<u8>>,
    ) -> Result<One<Option<AppError>>, ServerError> {
        println!("- set {key} = {}", String::from_utf8_lossy(&value));
        self.state().store.insert(key, value);
        Ok(One { a: None })
    }
}

/// A database to which no connection can be made.
struct Database;

impl Driver for Database {
    async fn conn(&self, _: bool) -> Result<Two<String, Option<AnyError>>, ServerError> {
        let error = ErrorString { code: 3, err: "sql: connection is already closed".to_owned() };
        Ok(Two { a: String::new(), b: Some(AnyError::Text(error)) })
    }
}

/// Keeps what a plugin replies to a request.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    header: Header,
    status: isize,
    body: Vec<u8>,
}

impl Recorder {
    fn reply(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().expect("nobody panics with it")
    }
}

impl ResponseWriter for Recorder {
    async fn header(&self, (): ()) -> Result<Header, ServerError> {
        Ok(self.reply().header.clone())
    }

    async fn sync_header(&self, header: Header) -> Result<(), ServerError> {
        self.reply().header = header;
        Ok(())
    }

    async fn write_header(&self, status: isize) -> Result<(), ServerError> {
        self.reply().status = status;
        Ok(())
    }

    async fn write(&self, mut bytes: Vec<u8>) -> Result<(), ServerError> {
        self.reply().body.append(&mut bytes);
        Ok(())
    }
}
