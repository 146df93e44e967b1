//! Where a server is and how to connect to it, for all verbs that do.

mod duration;
mod tls;

use std::time::Duration;

use gobrpc::rpc::codec::JsonCodec;
use gobrpc::rpc::{Client, ClientBuilder, DEFAULT_RPC_PATH};
use tokio::net::TcpStream;

pub(crate) use self::duration::parse as parse_duration;
use self::tls::TlsArgs;
use crate::error::{Error, Result};

/// The server, and how to speak with it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ConnectArgs {
    /// Where the server listens: `host:port` or `unix:/path`
    #[arg(value_parser = parse_addr)]
    pub(crate) addr: String,
    #[command(flatten)]
    pub(crate) options: ConnectOptions,
}

/// Under which these options stand in the help.
const HEADING: &str = "Connection";

/// How to speak with a server.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ConnectOptions {
    /// Connect over HTTP, as Go's rpc.DialHTTP and rpc.DialHTTPPath do
    #[arg(long, help_heading = HEADING, value_name = "PATH")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_RPC_PATH)]
    pub(crate) http: Option<String>,
    /// Speak JSON-RPC 1.0, as Go's net/rpc/jsonrpc does
    #[arg(long, help_heading = HEADING, conflicts_with = "http")]
    pub(crate) jsonrpc: bool,
    /// Give up when connecting, or a call, takes longer: 500ms, 2s, 1m30s
    #[arg(long, help_heading = HEADING, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,
    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

impl ConnectArgs {
    /// Connects. The timeout holds for this and for each call.
    pub(crate) async fn connect(&self) -> Result<Client> {
        let connecting = self.try_connect();
        let connected = match self.options.timeout {
            None => connecting.await,
            Some(after) => match tokio::time::timeout(after, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(Error::connection(format_args!("connecting timed out after {after:?}"))),
            },
        };
        connected.map_err(|error| match error {
            Error::Connection(reason) => {
                // Some reasons begin with the address, as Go's do.
                let place = format!("{}: ", self.addr.trim_start_matches("unix:"));
                let reason = reason.split_once(&place).map_or(&*reason, |(_, reason)| reason);
                Error::connection(format_args!("cannot connect to {}: {reason}", self.addr))
            }
            error => error,
        })
    }

    async fn try_connect(&self) -> Result<Client> {
        let options = &self.options;
        let builder = options.builder();
        if let Some(tls) = options.tls.connector(&self.addr)? {
            let stream = TcpStream::connect(&self.addr).await.map_err(Error::connection)?;
            stream.set_nodelay(true).map_err(Error::connection)?;
            let stream = tls.connect(stream).await.map_err(Error::connection)?;
            return Ok(match options.jsonrpc {
                true => builder.build_with_codec(stream, JsonCodec::new()),
                false => builder.build(stream),
            });
        }
        Ok(match (options.jsonrpc, &options.http) {
            (true, _) => builder.connect_json(&self.addr).await?,
            (_, Some(path)) => builder.http_path(path).connect_http(&self.addr).await?,
            _ => builder.connect(&self.addr).await?,
        })
    }
}

impl ConnectOptions {
    fn builder(&self) -> ClientBuilder {
        match self.timeout {
            Some(timeout) => Client::builder().timeout(timeout),
            None => Client::builder(),
        }
    }
}

/// Checks an address, so that a wrong one is an error of the command line.
pub(crate) fn parse_addr(text: &str) -> Result<String, String> {
    if let Some(path) = text.strip_prefix("unix:") {
        return if path.is_empty() {
            Err("unix: needs a path, as in unix:/run/app.sock".to_owned())
        } else {
            Ok(text.to_owned())
        };
    }
    if text.contains("://") {
        return Err("an address is host:port or unix:/path, without a scheme; --http is for RPC over HTTP".to_owned());
    }
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        // Go's form for this machine.
        Some(("", port)) if port.parse::<u16>().is_ok() => Ok(format!("localhost{text}")),
        _ => Err("an address is host:port or unix:/path".to_owned()),
    }
}
