//! The types are at home in every thread and every task.

use gobrpc::rpc::proto::{ClientConn, ServerConn};
use gobrpc::rpc::{
    Body, Channel, Client, ClientBuilder, Connection, Context, Error, Extensions, Incoming, MethodInfo, Pending,
    Request, Response, Server, ServerError, ServiceInfo,
};

const fn free<T: Send + Sync + Unpin + 'static>() {}

const fn sent<T: Send + Unpin + 'static>() {}

const fn an_error<T: std::error::Error + Send + Sync + Unpin + 'static>() {}

#[test]
fn everything_may_be_sent_and_shared() {
    free::<(Client, ClientBuilder, Channel, Server, Context, Connection, Extensions)>();
    free::<(Request, Response, ServiceInfo, MethodInfo)>();
}

#[test]
fn what_belongs_to_one_connection_may_be_sent() {
    sent::<(Body, Incoming, ClientConn, ServerConn)>();
}

#[test]
fn a_reply_may_be_waited_for_anywhere_whatever_its_type() {
    free::<Pending<std::rc::Rc<i64>>>();
}

#[test]
fn the_errors_are_errors_that_may_be_sent_and_shared() {
    an_error::<Error>();
    an_error::<ServerError>();
}
