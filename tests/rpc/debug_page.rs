//! Go's debug page, byte for byte.

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Type};
use gobrpc::gob::{Time, Value};
use gobrpc::rpc::{Client, Server};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{Args, Quotient, serve};

#[derive(Serialize, Deserialize, Gob)]
struct BadReply {}

#[derive(Serialize, Deserialize, Gob)]
struct TimeArg {}

#[derive(Serialize, Deserialize, Gob)]
struct Node {}

/// A type that Go has and Rust has not.
#[derive(Serialize, Deserialize)]
struct Chan;

impl Gob for Chan {
    const TYPE: &'static Type = &Type::structure(&[]).named("", "chan int");
    const KIND: Kind = Kind::Struct;
}

/// Registers a method of which only the types matter.
fn add<A: Gob + DeserializeOwned + Send + 'static, T: Gob + Serialize + Send + Sync + 'static>(
    server: &Server,
    name: &str,
) {
    server.try_method(name, |_: A| async { Err::<T, _>("not this one") }).unwrap();
}

/// The services of the captured page.
fn captured() -> Server {
    type Pointer<T> = Option<T>;

    let server = Server::new();
    for service in ["Arith", "net.rpc.Arith"] {
        let add_to = |method: &str| format!("{service}.{method}");
        add::<Args, isize>(&server, &add_to("AddVal"));
        add::<Pointer<Args>, Quotient>(&server, &add_to("Divide"));
        add::<String, String>(&server, &add_to("Echo"));
        for method in ["EmptyErr", "ErrWithReply", "Exit", "Multiply", "Panic"] {
            add::<Pointer<Args>, isize>(&server, &add_to(method));
        }
        add::<Pointer<Pointer<String>>, Pointer<String>>(&server, &add_to("PtrEcho"));
        add::<isize, isize>(&server, &add_to("Sleep"));
    }
    // Not in their order, which is the page's affair.
    add::<usize, u64>(&server, "Misc.U");
    add::<TimeArg, Time>(&server, "Misc.Time");
    add::<isize, String>(&server, "Misc.Str");
    add::<Vec<Args>, Vec<Quotient>>(&server, "Misc.SliceArgs");
    add::<isize, Vec<isize>>(&server, "Misc.Slice");
    add::<isize, Node>(&server, "Misc.Rec");
    add::<isize, Pointer<isize>>(&server, "Misc.PtrPtr");
    add::<isize, Pointer<isize>>(&server, "Misc.PtrPtrNil");
    add::<isize, Vec<isize>>(&server, "Misc.NilSlice");
    add::<isize, BTreeMap<String, isize>>(&server, "Misc.NilMap");
    add::<isize, BTreeMap<String, isize>>(&server, "Misc.Map");
    add::<isize, Value>(&server, "Misc.IfaceReplyNil");
    add::<isize, Value>(&server, "Misc.IfaceReply");
    add::<Value, String>(&server, "Misc.IfaceArg");
    add::<isize, f64>(&server, "Misc.F");
    add::<(), ()>(&server, "Misc.Empty");
    add::<isize, Vec<u8>>(&server, "Misc.Bytes");
    add::<isize, bool>(&server, "Misc.Bool");
    add::<isize, Chan>(&server, "Misc.BadChan");
    add::<isize, BadReply>(&server, "Misc.Bad");
    add::<isize, [isize; 2]>(&server, "Misc.Array");
    server
}

/// R80, R81
#[tokio::test]
async fn the_page_is_gos_byte_for_byte() {
    let server = captured();
    let client = Client::connect(&serve(server.clone()).await).await.unwrap();
    for _ in 0..3 {
        client.call::<isize>("Arith.Multiply", &super::ARGS).await.unwrap_err();
    }
    assert_eq!(server.debug_page(), include_str!("../../testdata/debug_page.html"));
}

/// R80
#[test]
fn a_server_without_services_has_a_page_too() {
    let page = "<html>\n\t<body>\n\t<title>Services</title>\n\t\n\t</body>\n\t</html>";
    assert_eq!(Server::new().debug_page(), page);
}

/// R81
#[test]
fn names_are_escaped() {
    let server = Server::new();
    add::<(), ()>(&server, "<b>&\"'+\0.M");
    let page = server.debug_page();
    assert!(page.contains("Service &lt;b&gt;&amp;&#34;&#39;&#43;\u{fffd}\n"), "{page}");
}
