//! Drivers of docker-machine, which are plugins: programs of their own that docker-machine starts, and whose service it
//! calls over HTTP. [`plugin`] is the side of the driver, [`host`] that of docker-machine.
//!
//! Copy this folder to use it. It needs the crates serde, serde_json and tokio.

#![allow(dead_code, unreachable_pub, reason = "a program uses half of it")]

pub mod host;
pub mod plugin;

use std::collections::HashMap;

use gobrpc::rpc::ServerError;
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};

/// The version of docker-machine's own protocol.
pub const API_VERSION: isize = 1;

/// By this variable and its value a plugin knows that docker-machine has started it.
pub const TOKEN: (&str, &str) = ("MACHINE_PLUGIN_TOKEN", "42");

pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// What a driver serves. docker-machine before 0.5.1 calls the service `RpcServerDriver`.
#[service(name = "RPCServerDriver", initialisms = "IP SSH URL")]
pub trait RpcServerDriver {
    async fn get_version(&self, _: ()) -> Result<isize, ServerError>;
    /// Comes every five seconds, whatever else the driver is doing.
    async fn heartbeat(&self, _: ()) -> Result<(), ServerError>;
    async fn close(&self, _: ()) -> Result<(), ServerError>;

    /// The driver as JSON, which docker-machine keeps in a file.
    async fn get_config_raw(&self, _: ()) -> Result<Vec<u8>, ServerError>;
    async fn set_config_raw(&self, json: Vec<u8>) -> Result<(), ServerError>;
    async fn get_create_flags(&self, _: ()) -> Result<Vec<Flag>, ServerError>;
    async fn set_config_from_flags(&self, options: DriverOptions) -> Result<(), ServerError>;

    async fn driver_name(&self, _: ()) -> Result<String, ServerError>;
    async fn get_machine_name(&self, _: ()) -> Result<String, ServerError>;
    async fn get_ip(&self, _: ()) -> Result<String, ServerError>;
    async fn get_url(&self, _: ()) -> Result<String, ServerError>;
    async fn get_state(&self, _: ()) -> Result<State, ServerError>;
    async fn get_ssh_hostname(&self, _: ()) -> Result<String, ServerError>;
    async fn get_ssh_key_path(&self, _: ()) -> Result<String, ServerError>;
    async fn get_ssh_port(&self, _: ()) -> Result<isize, ServerError>;
    async fn get_ssh_username(&self, _: ()) -> Result<String, ServerError>;

    async fn pre_create_check(&self, _: ()) -> Result<(), ServerError>;
    async fn create(&self, _: ()) -> Result<(), ServerError>;
    async fn start(&self, _: ()) -> Result<(), ServerError>;
    async fn stop(&self, _: ()) -> Result<(), ServerError>;
    async fn restart(&self, _: ()) -> Result<(), ServerError>;
    async fn kill(&self, _: ()) -> Result<(), ServerError>;
    async fn remove(&self, _: ()) -> Result<(), ServerError>;
}

/// Go: `state.State`
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Gob)]
#[gob(repr = "int")]
pub enum State {
    None,
    Running,
    Paused,
    Saved,
    Stopped,
    Stopping,
    Starting,
    Error,
    Timeout,
}

/// Go: `mcnflag.Flag`, an option of `docker-machine create`.
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub enum Flag {
    #[gob(name = "*mcnflag.StringFlag")]
    String(StringFlag),
    #[gob(name = "*mcnflag.StringSliceFlag")]
    StringSlice(StringSliceFlag),
    #[gob(name = "*mcnflag.IntFlag")]
    Int(IntFlag),
    #[gob(name = "*mcnflag.BoolFlag")]
    Bool(BoolFlag),
}

impl Flag {
    pub fn name(&self) -> &str {
        match self {
            Self::String(flag) => &flag.name,
            Self::StringSlice(flag) => &flag.name,
            Self::Int(flag) => &flag.name,
            Self::Bool(flag) => &flag.name,
        }
    }

    /// The value that it has unless it is given another.
    pub fn value(&self) -> Setting {
        match self {
            Self::String(flag) => Setting::String(flag.value.clone()),
            Self::StringSlice(flag) => Setting::Strings(flag.value.clone()),
            Self::Int(flag) => Setting::Int(flag.value),
            Self::Bool(_) => Setting::Bool(false),
        }
    }
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct StringFlag {
    pub name: String,
    pub usage: String,
    pub env_var: String,
    pub value: String,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct StringSliceFlag {
    pub name: String,
    pub usage: String,
    pub env_var: String,
    pub value: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct IntFlag {
    pub name: String,
    pub usage: String,
    pub env_var: String,
    pub value: isize,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
pub struct BoolFlag {
    pub name: String,
    pub usage: String,
    pub env_var: String,
}

/// Go: `drivers.DriverOptions`
#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub enum DriverOptions {
    #[gob(name = "*rpcdriver.RPCFlags")]
    Flags(RpcFlags),
}

/// The values of the flags, and of all other options that docker-machine has.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Gob)]
#[gob(name = "RPCFlags")]
#[serde(rename_all = "PascalCase")]
pub struct RpcFlags {
    pub values: HashMap<String, Option<Setting>>,
}

/// What Go has in an `interface{}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface)]
pub enum Setting {
    String(String),
    Strings(Vec<String>),
    Int(isize),
    Bool(bool),
}

/// As in Go, a value that is absent or of another type is that of no flag.
impl RpcFlags {
    pub fn string(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(Some(Setting::String(value))) => value,
            _ => "",
        }
    }

    pub fn strings(&self, name: &str) -> &[String] {
        match self.values.get(name) {
            Some(Some(Setting::Strings(values))) => values,
            _ => &[],
        }
    }

    pub fn int(&self, name: &str) -> isize {
        match self.values.get(name) {
            Some(Some(Setting::Int(value))) => *value,
            _ => 0,
        }
    }

    pub fn bool(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Some(Setting::Bool(true))))
    }
}
