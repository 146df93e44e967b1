//! The macros of [gobrpc](https://docs.rs/gobrpc): `#[derive(Gob)]` and `#[gobrpc::service]`.
//!
//! Use them through that crate, which re-exports them.

#![forbid(unsafe_code)]

mod case;
mod derive;
mod errors;
mod meta;
mod service;

use proc_macro::TokenStream;

/// Gives a struct or an enum its Go type, by implementing `gobrpc::gob::Gob`.
///
/// The description follows serde's attributes, because the values travel through serde:
///
/// ```
/// use gobrpc::Gob;
/// use serde::{Deserialize, Serialize};
///
/// // Go: type StringRequest struct { SA, SB string }
/// #[derive(Serialize, Deserialize, Gob)]
/// struct StringRequest {
///     #[serde(rename = "SA")]
///     a: String,
///     #[serde(rename = "SB")]
///     b: String,
/// }
/// ```
///
/// A struct with named fields is a Go struct, a unit struct is an empty Go struct, and a newtype (or a
/// `#[serde(transparent)]` struct) is a type declared from another: `struct Meters(f64)` is `type Meters float64`.
///
/// # Names
///
/// The Go name of a field is `#[gob(name = "…")]` if given, else its serde name if that begins with an upper-case
/// letter, else the serde name in PascalCase, in which the word `id` becomes `ID`: `user_id` is `UserID`. The Go name
/// of the type is `#[gob(name = "…")]` if given, else its serde name, which is its Rust name unless renamed.
///
/// So nothing has to be said of most fields. With `#[serde(rename_all = "PascalCase")]`, which other formats such as
/// JSON-RPC may want, `user_id` is `UserId`: give such a field its name. A name that the other side does not have is no
/// error in gob; the field is left out there, and zero here.
///
/// # Interfaces
///
/// An enum with `#[gob(interface)]` is a Go interface, and its variants are the types that Go has registered for it.
/// Each holds one value:
///
/// ```
/// use gobrpc::gob::Value;
/// use gobrpc::Gob;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Gob)]
/// #[serde(rename_all = "PascalCase")]
/// struct Circle {
///     radius: f64,
/// }
///
/// #[derive(Serialize, Deserialize, Gob)]
/// #[serde(rename_all = "PascalCase")]
/// struct Group {
///     shapes: Vec<Shape>,
/// }
///
/// // Go: type Shape interface { Area() float64 }
/// #[derive(Serialize, Deserialize, Gob)]
/// #[gob(interface)]
/// enum Shape {
///     // gob.Register(Circle{})
///     Circle(Circle),
///     // gob.Register(&Group{})
///     #[gob(name = "*main.Group")]
///     Group(Box<Group>),
///     // Whatever else comes.
///     #[gob(other)]
///     Other(Value),
/// }
/// # let shape = Shape::Group(Box::new(Group { shapes: vec![Shape::Circle(Circle { radius: 1.0 })] }));
/// # let bytes = gobrpc::gob::to_vec(&shape)?;
/// # assert!(matches!(gobrpc::gob::from_slice(&bytes)?, Shape::Group(group) if group.shapes.len() == 1));
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// A nil interface is the `None` of an `Option<Shape>`. Where a plain `Shape` is expected, an interface that is nil or
/// was not sent is an error.
///
/// # Constants
///
/// An enum of unit variants with `#[gob(repr = "…")]` is a declared type with constants. With `int`, `int8` to `int64`,
/// `uint`, `uint8` to `uint64`, `byte` or `rune` a constant is the discriminant of its variant, and with `string` the
/// serde name:
///
/// ```
/// use gobrpc::Gob;
/// use serde::{Deserialize, Serialize};
///
/// // Go: type Color int; const (Red Color = iota; Green; Blue Color = 7)
/// #[derive(Serialize, Deserialize, Gob)]
/// #[gob(repr = "int")]
/// enum Color {
///     Red,
///     Green,
///     Blue = 7,
/// }
///
/// // Go: type Level string; const (Info Level = "info"; Error Level = "error")
/// #[derive(Serialize, Deserialize, Gob)]
/// #[gob(repr = "string")]
/// #[serde(rename_all = "lowercase")]
/// enum Level {
///     Info,
///     Error,
/// }
/// # assert_eq!(gobrpc::gob::to_vec(&Color::Blue)?, gobrpc::gob::to_vec(&7_i64)?);
/// # assert_eq!(gobrpc::gob::to_vec(&Level::Error)?, gobrpc::gob::to_vec("error")?);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// A value that is not one of the constants is an error. gob leaves zeros out, so a field that was not sent is the
/// constant that is 0 or `""`; if there is none, that is an error too, unless the field has a `#[serde(default)]`.
///
/// # Types that encode themselves
///
/// With `#[gob(opaque)]`, a type that implements `gobrpc::gob::Opaque` gets `Gob`, and `Serialize` and `Deserialize` as
/// well:
///
/// ```
/// use gobrpc::Gob;
/// use gobrpc::gob::ty::Marshaler;
/// use gobrpc::gob::{Opaque, Result};
///
/// // Go: func (p Percent) MarshalBinary() ([]byte, error) { return []byte{p.n}, nil }
/// #[derive(Gob)]
/// #[gob(opaque)]
/// struct Percent(u8);
///
/// impl Opaque for Percent {
///     const NAME: &'static str = "Percent";
///     const MARSHALER: Marshaler = Marshaler::Binary;
///     const ZERO: &'static [u8] = &[0];
///
///     fn marshal(&self, out: &mut Vec<u8>) -> Result<()> {
///         out.push(self.0);
///         Ok(())
///     }
///
///     fn unmarshal(bytes: &[u8]) -> Result<Self> {
///         match bytes {
///             [n] => Ok(Self(*n)),
///             _ => Err(serde::de::Error::custom("a percentage is one byte")),
///         }
///     }
/// }
/// # assert_eq!(gobrpc::gob::from_slice::<Percent>(&gobrpc::gob::to_vec(&Percent(7))?)?.0, 7);
/// # Ok::<(), gobrpc::gob::Error>(())
/// ```
///
/// # Attributes of the type
///
/// * `#[gob(name = "Args")]`: the Go name of the type.
/// * `#[gob(package = "example.com/shapes")]`: the import path of its package; `main` if not given.
/// * `#[gob(anonymous)]`: the type is not declared in Go. A struct is a `struct{…}` literal, a newtype is the type of
///   its field, an interface is `interface{…}`, and constants are plain integers or strings.
/// * `#[gob(interface)]`, `#[gob(repr = "int")]`, `#[gob(opaque)]`: see above.
/// * `#[gob(inside = "Fields")]` with `opaque`: the type as it would be without its method. Go describes the exported
///   parts of a type that encodes itself, though it never sends them.
/// * `#[gob(initialisms = "URL HTTP")]`: further words that field names spell in this way.
/// * `#[gob(bound = "T: Gob + Shape")]`: replaces the bound `T: Gob` of every type parameter. A parameter that has no
///   bound `Gob` then is not part of the Go name.
/// * `#[gob(crate = "facade::gobrpc")]`: where to find gobrpc, if not at `::gobrpc`.
/// * `#[serde(rename, rename_all, default, transparent)]` mean what they mean to serde.
/// * `#[serde(deny_unknown_fields)]` is for other formats: in gob, as in Go, fields that the receiver does not have are
///   skipped.
///
/// # Attributes of a variant
///
/// * `#[gob(name = "*main.Circle")]`: the name under which Go registered the type of the variant. If not given, it is
///   that of `gob.Register`: `main.Circle`, or `*main.Circle` if the variant holds an `Option`. Of a type in another
///   package this is the whole import path, `example.com/shapes.Circle`, but only the last part of it where Go
///   registered a pointer, `*shapes.Circle`.
/// * `#[gob(other)]`: the variant holds a `gobrpc::gob::Value` and takes every type that is not listed, with its name.
/// * `#[serde(skip)]`: the variant is not in the Go type.
/// * `#[serde(with = "module")]`: as for a field.
/// * `#[serde(rename, alias, borrow, bound)]` mean what they mean to serde.
///
/// # Attributes of a field
///
/// * `#[gob(name = "SA")]`: the Go name of the field.
/// * `#[serde(skip)]`: the field is not in the Go type.
/// * `#[serde(default)]`: the value of a field absent from the stream, instead of the Go zero.
/// * `#[serde(with = "module")]`: the Go type is the constant `module::TYPE`, a `&'static gobrpc::gob::ty::Type`.
///   For `serde_bytes` and `gobrpc::gob::array` it is the type of the field.
/// * `#[serde(rename, alias, skip_serializing_if, borrow, bound)]` mean what they mean to serde.
///
/// What has no counterpart in Go is rejected: `flatten`, `tag`, `from`, names that differ by direction and so on.
#[proc_macro_derive(Gob, attributes(gob, serde))]
pub fn derive_gob(input: TokenStream) -> TokenStream {
    derive::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Turns a trait or an inherent impl into a net/rpc service.
///
/// Every method has `&self` and exactly one argument, is `async` or not, and returns `T` or `Result<T, E>` with an
/// `E: Display`. (A return type counts as a result if its last path segment reads `Result`, and its first type
/// argument is the reply.) Methods are named in PascalCase on the wire: `Arith.Multiply` for `multiply`.
///
/// gob has no nil pointer outside of a struct: a reply that may be missing is a field that is an `Option`, or an error.
/// A method that replies with a `None` in place of a pointer answers with an error.
///
/// On a trait it makes a contract with both ends: `into_service`, which turns an implementor into something a server
/// registers, and a client with one method per method:
///
/// ```no_run
/// use gobrpc::rpc::{Client, ServerError};
///
/// #[gobrpc::service]
/// pub trait Strings {
///     async fn shout(&self, text: String) -> Result<String, ServerError>;
/// }
///
/// # async fn run() -> Result<(), gobrpc::rpc::Error> {
/// let strings = StringsClient::new(Client::connect("127.0.0.1:1234").await?);
/// let loud = strings.shout("hello".to_owned()).await?;
/// # Ok(())
/// # }
/// ```
///
/// The implementation is written with plain `async fn`s. In the trait they become functions that return
/// `impl Future + Send`, and the trait gets the supertraits `Send + Sync + 'static`.
///
/// On an inherent impl it makes the type itself a service, as `rpc.Register` does in Go:
///
/// ```
/// struct Arith;
///
/// #[gobrpc::service]
/// impl Arith {
///     fn square(&self, number: i64) -> i64 {
///         number * number
///     }
/// }
/// ```
///
/// # More about the call
///
/// A method may have a second argument, a `gobrpc::rpc::Context`, which the caller does not pass: it tells who called,
/// and whether the answer is still wanted. It is marked in the trait or the inherent impl, and comes before or after
/// the other argument, by value or by reference:
///
/// ```
/// use gobrpc::rpc::Context;
///
/// struct Clock;
///
/// #[gobrpc::service]
/// impl Clock {
///     async fn wait(&self, #[rpc(context)] cx: &Context, seconds: u64) -> Result<(), &'static str> {
///         tokio::select! {
///             () = tokio::time::sleep(std::time::Duration::from_secs(seconds)) => Ok(()),
///             () = cx.cancelled() => Err("context canceled"),
///         }
///     }
/// }
/// ```
///
/// # Attributes
///
/// * `#[service(name = "Calculator")]`: the name of the service; that of the trait or type if not given. One that does
///   not begin with an upper-case letter is registered with `Server::register_name`, as in Go.
/// * `#[service(initialisms = "URL ID")]`: words that the names of methods spell in this way, as in `GetURL`.
/// * `#[service(crate = facade::gobrpc)]`: where to find gobrpc, if not at `::gobrpc`.
/// * `#[rpc(name = "Mul")]` on a method: its name on the wire.
/// * `#[rpc(skip)]` on a method: it is not part of the service.
/// * `#[rpc(blocking)]` on a method that is not `async`: it may block, and so runs on tokio's threads for blocking
///   work. Any other method that blocks holds up a thread that others need.
/// * `#[rpc(context)]` on an argument: see above.
///
/// Functions without `self` are left alone.
#[proc_macro_attribute]
pub fn service(args: TokenStream, input: TokenStream) -> TokenStream {
    service::expand(args.into(), input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
