//! Peers in both languages.

use crate::go::Programs;
use crate::patience::eventually;
use crate::peers::{Endpoint, Server, Transport};
use crate::{services, steps};

/// In which language a peer is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Language {
    Go,
    Rust,
}

impl Language {
    pub(crate) async fn server(self, go: &Programs, transport: Transport) -> Server {
        match self {
            Self::Go => go.server(transport).await,
            Self::Rust => services::server(transport).await,
        }
    }

    /// The lines that a client prints which takes these steps.
    pub(crate) async fn client(self, go: &Programs, server: &Endpoint, steps: &[&str]) -> Vec<String> {
        match self {
            Self::Go => go.client(server, steps).await,
            Self::Rust => eventually(steps::client(server, steps)).await,
        }
    }
}
