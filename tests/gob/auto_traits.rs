//! The types are at home in every thread and every task.

use gobrpc::gob::framed::{GobDecoder, GobEncoder};
use gobrpc::gob::{
    Blob, ByteString, Category, ConvertError, Declarations, Decoder, Duration, Encoder, Error, ErrorKind, Interface,
    Limits, Map, ParseError, PushDecoder, Registry, Sequence, Session, StreamType, Struct, Time, Value, big, net,
    netip, ty,
};

const fn free<T: Send + Sync + Unpin + 'static>() {}

const fn an_error<T: std::error::Error + Send + Sync + Unpin + 'static>() {}

#[test]
fn everything_may_be_sent_and_shared() {
    free::<(Encoder<Vec<u8>>, Decoder<&[u8]>, PushDecoder, Session, GobEncoder, GobDecoder<Value>)>();
    free::<(Value, Sequence, Map, Struct, Interface, Blob, ByteString, StreamType)>();
    free::<(Registry, Declarations, Limits, Category, ty::Type, ty::TypeRef, ty::Field)>();
    free::<(Time, Duration, big::Float, net::ip::Ip, netip::Addr, netip::AddrPort, netip::Prefix)>();
}

#[test]
fn the_errors_are_errors_that_may_be_sent_and_shared() {
    an_error::<Error>();
    an_error::<ErrorKind>();
    an_error::<ConvertError>();
    an_error::<ParseError>();
}
