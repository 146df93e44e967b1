//! Mattermost's package `model`. A type needs only those fields that are used: gob skips what the receiver does not
//! have, and takes what was not sent for zero.

use std::collections::HashMap;
use std::fmt;

use gobrpc::Gob;
use gobrpc::gob::Value;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Post {
    pub id: String,
    pub create_at: i64,
    pub user_id: String,
    pub channel_id: String,
    pub message: String,
    /// Go: `StringInterface`, a `map[string]any`
    pub props: Option<HashMap<String, Value>>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct User {
    pub id: String,
    pub username: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct Command {
    pub trigger: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct CommandArgs {
    pub user_id: String,
    pub channel_id: String,
    pub command: String,
}

#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct CommandResponse {
    pub response_type: String,
    pub text: String,
}

/// What goes wrong in Mattermost: in most places a `*model.AppError`, in others one of the things that an [`AnyError`]
/// can be.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct AppError {
    pub id: String,
    pub message: String,
    pub detailed_error: String,
    pub status_code: isize,
    #[serde(rename = "Where")]
    pub place: String,
}

impl AppError {
    pub fn new(place: &str, message: &str, detail: &str, status_code: isize) -> Self {
        Self {
            id: message.to_owned(),
            message: message.to_owned(),
            detailed_error: detail.to_owned(),
            status_code,
            place: place.to_owned(),
        }
    }
}

impl<E: std::error::Error> From<E> for AppError {
    fn from(error: E) -> Self {
        Self::new("plugin", "the call failed", &error.to_string(), 500)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        match self.detailed_error.as_str() {
            "" => Ok(()),
            detail => write!(f, ", {detail}"),
        }
    }
}

/// Go: `error`
#[derive(Debug, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub enum AnyError {
    #[gob(name = "*plugin.ErrorString")]
    Text(ErrorString),
    #[gob(name = "*model.AppError")]
    App(AppError),
    /// Those of the databases.
    #[gob(other)]
    Other(Value),
}

/// An error of a type that the other side need not know.
#[derive(Debug, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorString {
    /// Which of Go's variables the error is, or 0: 1 is `io.EOF`, 2 to 4 are those of `database/sql`.
    pub code: isize,
    pub err: String,
}

impl AnyError {
    pub fn new(err: &str) -> Self {
        Self::Text(ErrorString { code: 0, err: err.to_owned() })
    }
}

impl<E: std::error::Error> From<E> for AnyError {
    fn from(error: E) -> Self {
        Self::new(&error.to_string())
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(error) => f.write_str(&error.err),
            Self::App(error) => error.fmt(f),
            Self::Other(error) => error.fmt(f),
        }
    }
}
