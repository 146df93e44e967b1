//! gRPC by tonic: what its generator would write for a service with two unary methods.

use std::convert::Infallible;
use std::task::{Context, Poll};

use anyhow::Result;
use bytes::Bytes;
use http::uri::PathAndQuery;
use tokio_stream::wrappers::{TcpListenerStream, UnixListenerStream};
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::server::{NamedService, UnaryService};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use super::Listener;
use crate::load::{LARGE, Peer};

const MULTIPLY: &str = "/bench.Arith/Multiply";
const ECHO: &str = "/bench.Arith/Echo";
const MESSAGE: usize = 2 * LARGE;

#[derive(Clone, PartialEq, prost::Message)]
struct Args {
    #[prost(int64, tag = "1")]
    a: i64,
    #[prost(int64, tag = "2")]
    b: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Product {
    #[prost(int64, tag = "1")]
    value: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Data {
    #[prost(bytes = "bytes", tag = "1")]
    value: Bytes,
}

#[derive(Clone)]
struct Arith;

impl NamedService for Arith {
    const NAME: &'static str = "bench.Arith";
}

impl UnaryService<Args> for Arith {
    type Response = Product;
    type Future = std::future::Ready<Result<Response<Product>, Status>>;

    fn call(&mut self, request: Request<Args>) -> Self::Future {
        let Args { a, b } = request.into_inner();
        std::future::ready(Ok(Response::new(Product { value: a * b })))
    }
}

impl UnaryService<Data> for Arith {
    type Response = Data;
    type Future = std::future::Ready<Result<Response<Data>, Status>>;

    fn call(&mut self, request: Request<Data>) -> Self::Future {
        std::future::ready(Ok(Response::new(request.into_inner())))
    }
}

impl tower::Service<http::Request<Body>> for Arith {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = futures::future::BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path() {
                MULTIPLY => tonic::server::Grpc::new(ProstCodec::<Product, Args>::default()).unary(Self, request).await,
                ECHO => {
                    let grpc = tonic::server::Grpc::new(ProstCodec::<Data, Data>::default());
                    grpc.max_decoding_message_size(MESSAGE).unary(Self, request).await
                }
                _ => Status::unimplemented("").into_http(),
            })
        })
    }
}

pub async fn serve(listener: Listener) -> Result<()> {
    let server = Server::builder().tcp_nodelay(true).add_service(Arith);
    match listener {
        Listener::Tcp(listener) => {
            let streams = TcpListenerStream::new(listener);
            let streams = futures::StreamExt::inspect(streams, |stream| {
                if let Ok(stream) = stream {
                    let _ = stream.set_nodelay(true);
                }
            });
            server.serve_with_incoming(streams).await?
        }
        Listener::Unix(listener) => server.serve_with_incoming(UnixListenerStream::new(listener)).await?,
    }
    Ok(())
}

#[derive(Clone)]
pub struct Calls(Grpc<Channel>);

impl Peer for Calls {
    async fn connect(address: &str) -> Result<Self> {
        let endpoint = match address.strip_prefix("unix:") {
            Some(path) => Endpoint::from_shared(format!("unix://{path}"))?,
            None => Endpoint::from_shared(format!("http://{address}"))?,
        };
        let channel = endpoint.tcp_nodelay(true).connect().await?;
        Ok(Self(Grpc::new(channel).max_decoding_message_size(MESSAGE)))
    }

    fn multiply(&self, a: i64, b: i64) -> impl Future<Output = Result<i64>> + Send + Unpin + 'static {
        let mut grpc = self.0.clone();
        Box::pin(async move {
            grpc.ready().await?;
            let codec = ProstCodec::<Args, Product>::default();
            let path = PathAndQuery::from_static(MULTIPLY);
            Ok(grpc.unary(Request::new(Args { a, b }), path, codec).await?.into_inner().value)
        })
    }

    async fn echo(&self, data: Bytes) -> Result<Bytes> {
        let mut grpc = self.0.clone();
        grpc.ready().await?;
        let codec = ProstCodec::<Data, Data>::default();
        let path = PathAndQuery::from_static(ECHO);
        Ok(grpc.unary(Request::new(Data { value: data }), path, codec).await?.into_inner().value)
    }
}
