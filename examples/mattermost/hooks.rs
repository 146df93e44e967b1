//! What Mattermost calls.

use gobrpc::rpc::ServerError;
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};

use super::http::Request;
use super::model::{AnyError, CommandArgs, CommandResponse, Post};
use super::{One, Reply, Two};

/// A plugin is asked only for those hooks that it says are implemented.
#[service(name = "Plugin")]
pub trait Hooks {
    async fn implemented(&self, none: ()) -> Result<Vec<String>, ServerError>;
    async fn on_activate(&self, streams: Streams) -> Result<One<Option<AnyError>>, ServerError>;
    async fn on_deactivate(&self, none: ()) -> Result<One<Option<AnyError>>, ServerError>;
    async fn on_configuration_change(&self, none: ()) -> Result<One<Option<AnyError>>, ServerError>;
    /// The post, or nothing and the reason. What is zero in the post stays as it was: Mattermost decodes it into the
    /// one that it has sent.
    async fn message_will_be_posted(&self, post: Two<Context, Post>) -> Result<Two<Option<Post>, String>, ServerError>;
    async fn execute_command(
        &self,
        command: Two<Context, CommandArgs>,
    ) -> Result<Reply<Option<CommandResponse>>, ServerError>;
    #[rpc(name = "ServeHTTP")]
    async fn serve_http(&self, exchange: Exchange) -> Result<(), ServerError>;
}

/// Where Mattermost serves what the plugin may call.
#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Streams {
    #[serde(rename = "APIMuxId")]
    pub api_mux_id: u32,
    pub driver_mux_id: u32,
}

/// On whose behalf a hook is called.
#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Context {
    pub session_id: String,
    pub request_id: String,
}

/// A request, with a stream for its body (0 if it has none), and another for the reply.
#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Exchange {
    pub response_writer_stream: u32,
    pub request: Request,
    pub context: Context,
    pub request_body_stream: u32,
}
