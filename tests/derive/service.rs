//! What the service attribute says about a service, and what shapes of services it takes.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use gobrpc::rpc::{Client, Dispatch, Pending};
use gobrpc::{Gob, service};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, Gob)]
struct StringRequest {
    #[serde(rename = "SA")]
    a: String,
    #[serde(rename = "SB")]
    b: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Args {
    a: i64,
    b: i64,
}

/// The methods as a Go interface would print them.
fn methods(service: &impl Dispatch) -> Vec<String> {
    let name = service.name();
    let spell =
        |method: &gobrpc::rpc::Method| format!("{name}.{}({}) {}", method.name, method.args.get(), method.reply.get());
    service.methods().iter().map(spell).collect()
}

fn is_send<T: Send>(_: &T) {}

/// Works on strings.
#[service]
trait StringService {
    /// Joins both strings.
    async fn concat(&self, request: StringRequest) -> Result<String, String>;

    /// Needs no future.
    fn length(&self, text: String) -> u64;

    #[rpc(name = "ID")]
    async fn identity(&self, _: ()) -> String;

    async fn log_line(&self, line: String);

    /// Has a body, in which `?` works.
    async fn parse(&self, text: String) -> Result<i64, std::num::ParseIntError> {
        let number: i64 = text.parse()?;
        let sum = self.length(text) as i64 + number;
        Ok(sum)
    }

    /// Stays with its implementor.
    #[rpc(skip)]
    fn limit(&self) -> usize {
        1024
    }

    /// Has no receiver.
    fn greeting() -> &'static str
    where
        Self: Sized,
    {
        "hello"
    }
}

struct Strings;

impl StringService for Strings {
    async fn concat(&self, StringRequest { a, b }: StringRequest) -> Result<String, String> {
        if a.len() + b.len() > self.limit() { Err("maximum string length exceeded".into()) } else { Ok(a + &b) }
    }

    fn length(&self, text: String) -> u64 {
        text.len() as u64
    }

    async fn identity(&self, (): ()) -> String {
        Self::greeting().to_owned()
    }

    async fn log_line(&self, _: String) {}
}

#[test]
fn a_trait_names_its_methods_for_the_wire() {
    assert_eq!(
        methods(&Strings.into_service()),
        [
            "StringService.Concat(main.StringRequest) string",
            "StringService.Length(string) uint64",
            "StringService.ID(struct {}) string",
            "StringService.LogLine(string) struct {}",
            "StringService.Parse(string) int64",
        ]
    );
}

#[test]
fn futures_of_a_trait_can_be_sent() {
    fn check<S: StringService>(service: &S, request: StringRequest) {
        is_send(&service.concat(request));
        is_send(&service.parse(String::new()));
    }
    check(&Strings, StringRequest { a: String::new(), b: String::new() });
}

#[test]
fn a_client_has_the_methods_of_the_trait() {
    fn check(client: Client, request: StringRequest) -> impl Clone + Debug {
        let strings = StringServiceClient::new(client);
        let concat: Pending<String> = strings.concat(request);
        is_send(&concat);
        let _: [Pending<String>; 1] = [strings.identity(())];
        let _: [Pending<u64>; 1] = [strings.length("four".to_owned())];
        let _: [Pending<()>; 1] = [strings.log_line("line".to_owned())];
        let _: [Pending<i64>; 1] = [strings.parse("1".to_owned())];
        strings
    }
    let _ = check;
}

struct Arith {
    calls: std::sync::atomic::AtomicU64,
}

#[service(name = "Calculator")]
impl Arith {
    const ZERO: u64 = 0;

    fn new() -> Self {
        Self { calls: Self::ZERO.into() }
    }

    fn multiply(&self, Args { a, b }: Args) -> i64 {
        self.count(1, 0);
        a * b
    }

    async fn divide(&self, args: Args) -> Result<i64, &'static str> {
        args.a.checked_div(args.b).ok_or("divide by zero")
    }

    #[rpc(name = "Sum")]
    fn sum_all(&self, mut numbers: Vec<i64>) -> std::io::Result<i64> {
        numbers.retain(|number| *number != 0);
        Ok(numbers.into_iter().sum())
    }

    #[rpc(skip)]
    fn count(&self, by: u64, _other: u64) {
        self.calls.fetch_add(by, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn an_impl_is_a_service_of_its_type() {
    let arith = Arith::new();
    assert_eq!(arith.multiply(Args { a: 7, b: 8 }), 56);
    assert_eq!(
        methods(&arith),
        ["Calculator.Multiply(main.Args) int64", "Calculator.Divide(main.Args) int64", "Calculator.Sum([]int64) int64",]
    );
    is_send(&Arc::new(arith));
}

#[test]
fn words_keep_the_spelling_that_the_service_gives_them() {
    struct Host;

    #[service(initialisms = "URL SSH", initialisms = "ID")]
    impl Host {
        fn get_url(&self, id: u64) -> u64 {
            id
        }

        fn get_ssh_key_by_id(&self, id: u64) -> u64 {
            id
        }

        #[rpc(name = "Url")]
        fn url(&self, id: u64) -> u64 {
            id
        }

        fn curl(&self, id: u64) -> u64 {
            id
        }
    }

    let want = ["GetURL", "GetSSHKeyByID", "Url", "Curl"].map(|name| format!("Host.{name}(uint64) uint64"));
    assert_eq!(methods(&Host), want);
}

#[test]
fn the_receiver_may_be_generic() {
    struct Echo<T> {
        last: std::sync::Mutex<Option<T>>,
    }

    #[service]
    impl<T: Gob + Serialize + DeserializeOwned + Send + Sync + Clone> Echo<T> {
        fn say(&self, value: T) -> T {
            self.last.lock().unwrap().replace(value.clone());
            value
        }

        fn last(&self, (): ()) -> Option<T> {
            self.last.lock().unwrap().clone()
        }
    }

    let echo = Echo { last: std::sync::Mutex::new(Some(1_i32)) };
    assert_eq!(methods(&echo), ["Echo.Say(int32) int32", "Echo.Last(struct {}) *int32"]);
    assert_eq!(echo.last(()), Some(1));
}

#[test]
fn a_service_may_be_without_methods() {
    struct Idle;
    #[service]
    impl Idle {}
    assert!(methods(&Idle).is_empty());
}

#[test]
fn supertraits_of_the_user_stay() {
    #[service]
    trait Described: Debug {
        fn describe(&self, (): ()) -> String {
            format!("{self:?}")
        }
    }
    #[derive(Debug)]
    struct Thing;
    impl Described for Thing {}
    assert_eq!(Thing.describe(()), "Thing");
    assert_eq!(format!("{:?}", Thing.into_service()), "DescribedServer(Thing)");
}

#[test]
fn the_future_of_a_call_owns_its_service() {
    fn answer<D: Dispatch>(service: Arc<D>, call: gobrpc::rpc::Incoming) -> impl Future + Send + 'static {
        service.dispatch(0, call)
    }
    let _ = answer::<Arith>;
}
