//! What a plugin calls.

use gobrpc::gob::Value;
use gobrpc::rpc::ServerError;
use gobrpc::service;

use super::model::{AnyError, AppError, Command, Post, User};
use super::{One, Reply, Two};

#[service(name = "Plugin")]
pub trait Api {
    /// As JSON.
    async fn load_plugin_configuration(&self, none: ()) -> Result<One<Vec<u8>>, ServerError>;
    async fn register_command(&self, command: One<Command>) -> Result<One<Option<AnyError>>, ServerError>;
    /// A text, and names with values.
    async fn log_debug(&self, entry: Two<String, Vec<Value>>) -> Result<(), ServerError>;
    async fn log_info(&self, entry: Two<String, Vec<Value>>) -> Result<(), ServerError>;
    async fn get_user(&self, id: One<String>) -> Result<Reply<Option<User>>, ServerError>;
    async fn create_post(&self, post: One<Post>) -> Result<Reply<Option<Post>>, ServerError>;
    #[rpc(name = "KVGet")]
    async fn kv_get(&self, key: One<String>) -> Result<Reply<Vec<u8>>, ServerError>;
    #[rpc(name = "KVSet")]
    async fn kv_set(&self, entry: Two<String, Vec<u8>>) -> Result<One<Option<AppError>>, ServerError>;
}

/// The database, as Go's `database/sql/driver` has it. There is more to it.
#[service(name = "Plugin")]
pub trait Driver {
    /// Opens a connection to the master or to a replica, and gives it a name.
    async fn conn(&self, is_master: bool) -> Result<Two<String, Option<AnyError>>, ServerError>;
}
