//! A plugin for Mattermost: it rejects messages that contain a word, has a command that greets, and shouts over HTTP.
//!
//! To install it, put the program into a directory with a `plugin.json` such as
//! `{"id": "com.example.censor", "version": "1.0.0", "server": {"executable": "mattermost_plugin"}, "settings_schema":
//! {"settings": [{"key": "Word", "type": "text"}]}}`, and upload that as a `.tar.gz`. Or try it with
//! `cargo run --example mattermost_host -- target/debug/examples/mattermost_plugin`, after `cargo build --examples`.

mod go_plugin;
mod mattermost;

use std::collections::HashMap;
use std::sync::{OnceLock, RwLock};

use gobrpc::gob::Value;
use gobrpc::rpc::{Client, Server, ServerError};
use serde::Deserialize;

use go_plugin::broker::Broker;
use go_plugin::{Result, plugin};
use mattermost::api::{ApiClient, DriverClient};
use mattermost::hooks::{Context, Exchange, Hooks, Streams};
use mattermost::http::{Header, ResponseWriterClient, read_body};
use mattermost::model::{AnyError, AppError, Command, CommandArgs, CommandResponse, Post};
use mattermost::{HANDSHAKE, One, Reply, Two, failed};

/// How long the body of a request may be.
const MAX_BODY: u64 = 10 << 20;

struct Censor {
    broker: Broker,
    /// Since it has been activated.
    api: OnceLock<ApiClient>,
    word: RwLock<String>,
}

/// Whatever a setting is called in `plugin.json`, here it is in lower case; without a value it is null.
#[derive(Deserialize)]
struct Configuration {
    word: Option<String>,
}

impl Censor {
    fn new(broker: &Broker) -> Self {
        Self { broker: broker.clone(), api: OnceLock::new(), word: RwLock::default() }
    }

    fn api(&self) -> Result<&ApiClient, ServerError> {
        self.api.get().ok_or_else(|| "the plugin is not active".into())
    }

    fn word(&self) -> String {
        self.word.read().expect("nobody panics with it").clone()
    }

    async fn activate(&self, streams: Streams) -> Result<(), AnyError> {
        let api = ApiClient::new(Client::new(self.broker.dial(streams.api_mux_id).await?));
        let driver = DriverClient::new(Client::new(self.broker.dial(streams.driver_mux_id).await?));
        let api = self.api.get_or_init(|| api);
        self.configure().await?;
        let command = Command { trigger: "greet".to_owned() };
        api.register_command(One { a: command }).await?.a.map_or(Ok(()), Err)?;
        if let Some(error) = driver.conn(true).await?.b {
            let pairs = vec!["error".into(), error.to_string().into()];
            api.log_debug(Two { a: "no database".to_owned(), b: pairs }).await?;
        }
        let word = self.word();
        let pairs = vec!["word".into(), word.as_str().into(), "length".into(), (word.len() as i64).into()];
        Ok(api.log_info(Two { a: "active".to_owned(), b: pairs }).await?)
    }

    async fn configure(&self) -> Result<(), AnyError> {
        let json = self.api()?.load_plugin_configuration(()).await?.a;
        match serde_json::from_slice::<Configuration>(&json)?.word {
            Some(word) if !word.is_empty() => *self.word.write().expect("nobody panics with it") = word,
            _ => return Err(AnyError::App(AppError::new("Censor", "no word is configured", "", 400))),
        }
        Ok(())
    }

    async fn greet(&self, args: CommandArgs) -> Result<Option<CommandResponse>, AppError> {
        let api = self.api()?;
        let user = Result::from(api.get_user(One { a: args.user_id }).await?)?.unwrap_or_default();
        let key = format!("greetings_{}", user.id);
        let value = Result::from(api.kv_get(One { a: key.clone() }).await?)?;
        let count = String::from_utf8_lossy(&value).parse().unwrap_or(0_i64) + 1;
        let entry = Two { a: key, b: count.to_string().into_bytes() };
        api.kv_set(entry).await?.a.map_or(Ok(()), Err)?;
        let post = Post {
            user_id: user.id,
            channel_id: args.channel_id,
            message: format!("Welcome, @{}!", user.username),
            props: Some(HashMap::from([("count".to_owned(), Value::from(count))])),
            ..Post::default()
        };
        let post = Result::from(api.create_post(One { a: post }).await?)?.unwrap_or_default();
        Ok(Some(CommandResponse {
            response_type: "ephemeral".to_owned(),
            text: format!("greeting {count} is {}", post.id),
        }))
    }

    async fn shout(&self, exchange: Exchange) -> Result<()> {
        let writer = ResponseWriterClient::new(Client::new(self.broker.dial(exchange.response_writer_stream).await?));
        // Whoever serves the body waits for it to be wanted.
        let body = match exchange.request_body_stream {
            0 => Vec::new(),
            id => read_body(self.broker.dial(id).await?, MAX_BODY).await?,
        };
        if exchange.request.url.is_none_or(|url| url.path() != "/shout") {
            return Ok(writer.write_header(404).await?);
        }
        let from = exchange.request.header.get("X-Name").cloned().unwrap_or_default();
        writer.sync_header(Header::from([("X-From".to_owned(), from)])).await?;
        writer.write_header(201).await?;
        Ok(writer.write(body.to_ascii_uppercase()).await?)
    }
}

impl Hooks for Censor {
    async fn implemented(&self, (): ()) -> Result<Vec<String>, ServerError> {
        let hooks = [
            "ExecuteCommand",
            "MessageWillBePosted",
            "OnActivate",
            "OnConfigurationChange",
            "OnDeactivate",
            "ServeHTTP",
        ];
        Ok(hooks.map(str::to_owned).into())
    }

    async fn on_activate(&self, streams: Streams) -> Result<One<Option<AnyError>>, ServerError> {
        Ok(One { a: self.activate(streams).await.err() })
    }

    async fn on_deactivate(&self, (): ()) -> Result<One<Option<AnyError>>, ServerError> {
        let entry = Two { a: "not active any more".to_owned(), b: Vec::new() };
        Ok(One { a: self.api()?.log_info(entry).await.err().map(AnyError::from) })
    }

    async fn on_configuration_change(&self, (): ()) -> Result<One<Option<AnyError>>, ServerError> {
        Ok(One { a: self.configure().await.err() })
    }

    async fn message_will_be_posted(
        &self,
        Two { b: mut post, .. }: Two<Context, Post>,
    ) -> Result<Two<Option<Post>, String>, ServerError> {
        let word = self.word();
        if post.message.contains(&word) {
            return Ok(Two { a: None, b: format!("nobody says {word} here") });
        }
        post.message = post.message.replace(":shrug:", r"¯\_(ツ)_/¯");
        Ok(Two { a: Some(post), b: String::new() })
    }

    async fn execute_command(
        &self,
        Two { b: args, .. }: Two<Context, CommandArgs>,
    ) -> Result<Reply<Option<CommandResponse>>, ServerError> {
        Ok(self.greet(args).await.into())
    }

    async fn serve_http(&self, exchange: Exchange) -> Result<(), ServerError> {
        self.shout(exchange).await.map_err(failed)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let dispense = |name: &str, broker: &Broker| match name {
        "hooks" => Some(Server::new().register(Censor::new(broker).into_service())),
        _ => None,
    };
    plugin::serve(&HANDSHAKE, dispense).await
}
