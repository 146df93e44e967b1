//! One request at a time, at the caller's pace: Go's `Server.ServeRequest`.

use std::fmt;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Server;
use super::call::{self, Running};
use super::context::{Connection, Context, Route};
use super::lost::Connected;
use crate::gob::Limits;
use crate::rpc::codec::{GobCodec, ServerCodec};
use crate::rpc::error::{Result, ServerError};
use crate::rpc::proto::ServerConn;

/// A connection whose requests are served one by one, with [`Server::serve_request`].
pub struct Requests<IO> {
    io: IO,
    conn: ServerConn,
    input: BytesMut,
    connection: Connection,
    connected: Connected,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Requests<IO> {
    /// The requests of a stream of gobs.
    pub fn new(io: IO) -> Self {
        Self::with_codec(io, GobCodec::new(Limits::default()))
    }

    /// The requests of a stream in any format.
    pub fn with_codec(io: IO, codec: impl ServerCodec) -> Self {
        Self {
            io,
            conn: ServerConn::new(codec),
            input: BytesMut::new(),
            connection: Connection::new(),
            connected: Connected::default(),
        }
    }

    /// The same, with what is known of the connection.
    #[must_use]
    pub fn with_connection(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    /// Gives the stream back. What was read of it and not served is lost.
    pub fn into_inner(self) -> IO {
        self.io
    }

    async fn transmit(&mut self) -> Result<()> {
        while let Some(bytes) = self.conn.poll_transmit() {
            self.io.write_all(&bytes).await?;
        }
        Ok(self.io.flush().await?)
    }
}

impl<IO> fmt::Debug for Requests<IO> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests").field("connection", &self.connection).finish_non_exhaustive()
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Its method has run, and the answer was sent, even if it is an error.
    Answered,
    /// There is no such method, its arguments do not fit, or it is not allowed. The client was told so.
    Refused(ServerError),
    /// There was no request: the client has closed the connection.
    Closed,
}

impl Server {
    /// Waits for one request, runs its method, and sends the answer: Go's `Server.ServeRequest` (R62). A loop around it
    /// serves a connection in strict order, and may do anything between two requests.
    ///
    /// ```no_run
    /// # use gobrpc::rpc::{Requests, Served, Server};
    /// # async fn run(server: Server, stream: tokio::net::TcpStream) -> Result<(), gobrpc::rpc::Error> {
    /// let mut requests = Requests::new(stream);
    /// while server.serve_request(&mut requests).await? != Served::Closed {}
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Nothing is read while a method runs, so only dropping this future cancels a call; the connection cannot be used
    /// after that.
    ///
    /// # Errors
    /// When a registration had failed, the connection fails, or the client sent something that is not a request. The
    /// connection cannot be used any more.
    pub async fn serve_request<IO>(&self, requests: &mut Requests<IO>) -> Result<Served>
    where
        IO: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.check()?;
        let (request, body) = loop {
            if let Some(next) = requests.conn.poll_request() {
                break next;
            }
            // Calls of `_goRPC_.Cancel` were answered on the way.
            requests.transmit().await?;
            if let Some(error) = requests.conn.error() {
                return Err(error.clone());
            }
            if !requests.conn.is_reading() {
                return Ok(Served::Closed);
            }
            match requests.io.read_buf(&mut requests.input).await? {
                0 => requests.conn.handle_eof(&mut requests.input),
                _ => requests.conn.handle_input(&mut requests.input),
            }
        };
        let (connection, lost) = (requests.connection.clone(), requests.connected.lost());
        let route = Route::new(&self.registry, &request.service_method, connection, lost, Arc::clone(&self.settings));
        let context = Context::new(Arc::new(route), request.seq);
        let result = Running::new(context.clone(), body).await;
        let served = match &result {
            Err(error) if !context.has_started() => Served::Refused(error.clone()),
            _ => Served::Answered,
        };
        call::respond(&mut requests.conn, request, &context, result);
        requests.transmit().await?;
        Ok(served)
    }
}
