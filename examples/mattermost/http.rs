//! HTTP through a plugin: Go's `http.Request` and `http.ResponseWriter`, and bodies on streams of their own.

use std::collections::HashMap;
use std::io;

use gobrpc::gob::ty::Marshaler;
use gobrpc::gob::{self, Opaque};
use gobrpc::rpc::ServerError;
use gobrpc::{Gob, service};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// Go: `http.Header`
pub type Header = HashMap<String, Vec<String>>;

/// Go: `http.Request`, of which only this is sent.
#[derive(Debug, Default, Serialize, Deserialize, Gob)]
#[gob(initialisms = "URL URI")]
pub struct Request {
    pub method: String,
    pub url: Option<Url>,
    pub proto: String,
    pub proto_major: isize,
    pub proto_minor: isize,
    pub header: Header,
    pub host: String,
    pub remote_addr: String,
    pub request_uri: String,
}

/// Go: `url.URL`, as a string: that of a request has no host.
#[derive(Debug, Gob)]
#[gob(opaque)]
pub struct Url(pub String);

impl Url {
    pub fn path(&self) -> &str {
        self.0.split_once('?').map_or(&*self.0, |(path, _)| path)
    }
}

impl Opaque for Url {
    const NAME: &'static str = "URL";
    const PACKAGE: &'static str = "net/url";
    const MARSHALER: Marshaler = Marshaler::Binary;
    const ZERO: &'static [u8] = b"";
    const OMIT_ZERO: bool = false;

    fn marshal(&self, out: &mut Vec<u8>) -> gob::Result<()> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(())
    }

    fn unmarshal(bytes: &[u8]) -> gob::Result<Self> {
        String::from_utf8(bytes.to_vec()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Go: `http.ResponseWriter`
#[service(name = "Plugin")]
pub trait ResponseWriter {
    async fn header(&self, none: ()) -> Result<Header, ServerError>;
    async fn sync_header(&self, header: Header) -> Result<(), ServerError>;
    async fn write_header(&self, status: isize) -> Result<(), ServerError>;
    async fn write(&self, bytes: Vec<u8>) -> Result<(), ServerError>;
}

/// The side that reads a body. It says how much it wants, and here it wants everything.
pub async fn read_body(mut stream: impl AsyncRead + AsyncWrite + Unpin, limit: u64) -> io::Result<Vec<u8>> {
    stream.write_all(&varint(i64::MAX)).await?;
    stream.flush().await?;
    let mut body = Vec::new();
    match stream.take(limit + 1).read_to_end(&mut body).await? as u64 > limit {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(body),
    }
}

/// The side that has the body, and sends as much of it as the other side wants.
pub async fn serve_body(stream: impl AsyncRead + AsyncWrite + Unpin, mut body: &[u8]) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(wanted) = read_varint(&mut stream).await? {
        let wanted = usize::try_from(wanted).unwrap_or(0);
        let (part, rest) = body.split_at(wanted.min(body.len()));
        stream.write_all(part).await?;
        stream.flush().await?;
        if part.len() < wanted {
            break;
        }
        body = rest;
    }
    stream.shutdown().await
}

/// Go: `binary.PutVarint`
fn varint(number: i64) -> Vec<u8> {
    let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
    let mut bytes = Vec::new();
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// Go: `binary.ReadVarint`. Nothing, where the other side does not want any more.
async fn read_varint(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<i64>> {
    let (mut number, mut shift) = (0_u64, 0);
    loop {
        let byte = match stream.read_u8().await {
            Ok(byte) => byte,
            Err(error) if shift == 0 && error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        number |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(io::ErrorKind::InvalidData)?;
        if byte < 0x80 {
            return Ok(Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed()));
        }
        shift += 7;
    }
}
