//! Plugins as Mattermost has them: what `server/public/plugin` of its Go module is, for the hooks and the parts of the
//! API that the examples need. What is missing is added in the same way.
//!
//! Mattermost runs its plugins with go-plugin. The plugin serves [`Hooks`](hooks::Hooks); when it is activated, it is
//! told the numbers of two streams, on which Mattermost serves the [`Api`](api::Api) and the [`Driver`](api::Driver) of
//! its database.
//!
//! Copy this folder to use it, and the folder `go_plugin`.

#![allow(dead_code, unreachable_pub, reason = "a program uses half of it")]

pub mod api;
pub mod hooks;
pub mod http;
pub mod model;

use gobrpc::Gob;
use gobrpc::rpc::ServerError;
use serde::{Deserialize, Serialize};

use self::model::AppError;
use super::go_plugin::Handshake;

pub const HANDSHAKE: Handshake = Handshake {
    version: 1,
    cookie_key: "MATTERMOST_PLUGIN",
    cookie_value: "Securely message teams, anywhere.",
    auto_mtls: false,
};

/// What a method takes or gives is a struct, whose fields are named after the letters.
#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct One<A> {
    pub a: A,
}

#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Two<A, B> {
    pub a: A,
    pub b: B,
}

/// Go: `(A, *model.AppError)`
pub type Reply<A> = Two<A, Option<AppError>>;

impl<A: Default> From<Result<A, AppError>> for Reply<A> {
    fn from(result: Result<A, AppError>) -> Self {
        match result {
            Ok(a) => Self { a, b: None },
            Err(error) => Self { a: A::default(), b: Some(error) },
        }
    }
}

impl<A> From<Reply<A>> for Result<A, AppError> {
    fn from(reply: Reply<A>) -> Self {
        reply.b.map_or(Ok(reply.a), Err)
    }
}

/// A call has failed, and not what it was for.
pub fn failed(error: impl std::fmt::Display) -> ServerError {
    error.to_string().into()
}
