//! Sessions that Go's session stores keep: read, changed, and found by the store as they were left.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use gobrpc::Gob;
use gobrpc::gob::{Duration, Registry, Time, Value, from_slice, to_vec};
use ring::hmac;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::go::{Programs, go_or_return};

/// `gob.Register(User{})`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct User {
    name: String,
    roles: Vec<String>,
}

/// `gob.Register(&Cart{})`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Cart {
    items: BTreeMap<String, isize>,
    since: Time,
}

/// `type key int`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(name = "key")]
struct Key(isize);

/// A folder with the sessions of a Go program.
struct Sessions {
    go: &'static Programs,
    store: &'static str,
    dir: TempDir,
}

impl Sessions {
    /// Has Go keep sessions in this store.
    fn written(go: &'static Programs, store: &'static str) -> Self {
        let sessions = Self { go, store, dir: tempfile::tempdir().unwrap() };
        assert_eq!(sessions.run("write"), "");
        sessions
    }

    /// All that Go finds, a line for each entry, with the types of keys and values.
    fn found(&self) -> Vec<String> {
        self.run("read").lines().map(str::to_owned).collect()
    }

    fn run(&self, verb: &str) -> String {
        let mut command = Command::new(self.go.third_party("sessions"));
        let output = command.args([verb, self.store]).arg(self.dir.path()).output().expect("sessions can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sessions {verb} {}: {}\n{said}", self.store, output.status);
        String::from_utf8(output.stdout).expect("it prints text")
    }

    /// The one file whose name begins so.
    fn file(&self, prefix: &str) -> PathBuf {
        let files = fs::read_dir(self.dir.path()).unwrap().map(|file| file.unwrap());
        let mut files = files.filter(|file| file.file_name().to_str().unwrap().starts_with(prefix));
        let file = files.next().expect("a file");
        assert!(files.next().is_none(), "there are several files {prefix}*");
        file.path()
    }
}

/// These lines, with others in the place of some, or without them.
fn with(lines: &[String], changes: &[(&str, Option<&str>)]) -> Vec<String> {
    let mut lines = lines.to_vec();
    for (old, new) in changes {
        let place = lines.iter().position(|line| line == old).unwrap_or_else(|| panic!("no {old:?} in {lines:#?}"));
        match new {
            Some(new) => lines[place] = (*new).to_owned(),
            None => drop(lines.remove(place)),
        }
    }
    lines
}

/// What gorilla's securecookie makes of a gob: a date, the gob in base64 and a signature, all of it in base64 again.
struct SecureCookie {
    name: &'static str,
    key: hmac::Key,
}

impl SecureCookie {
    fn new(name: &'static str) -> Self {
        Self { name, key: hmac::Key::new(hmac::HMAC_SHA256, b"a key that both sides know") }
    }

    fn open(&self, path: &Path) -> (String, Vec<u8>) {
        let cookie = URL_SAFE.decode(fs::read(path).unwrap()).unwrap();
        let mut parts = cookie.splitn(3, |byte| *byte == b'|');
        let mut part = || parts.next().expect("three parts");
        let (date, gob, mac) = (String::from_utf8(part().to_vec()).unwrap(), part(), part());
        hmac::verify(&self.key, &self.signed(&date, gob), mac).expect("the signature is Go's");
        (date, URL_SAFE.decode(gob).unwrap())
    }

    fn seal(&self, path: &Path, date: &str, gob: &[u8]) {
        let gob = URL_SAFE.encode(gob).into_bytes();
        let mac = hmac::sign(&self.key, &self.signed(date, &gob));
        let cookie = [date.as_bytes(), b"|", &gob, b"|", mac.as_ref()].concat();
        fs::write(path, URL_SAFE.encode(cookie)).unwrap();
    }

    fn signed(&self, date: &str, gob: &[u8]) -> Vec<u8> {
        [self.name.as_bytes(), b"|", date.as_bytes(), b"|", gob].concat()
    }
}

/// What the Go program registers.
fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.register::<User>().unwrap().register_name::<Cart>("*main.Cart").unwrap();
    registry.register::<Key>().unwrap();
    registry.register::<Time>().unwrap().register::<Duration>().unwrap();
    registry.register::<HashMap<String, Value>>().unwrap().register::<Vec<Value>>().unwrap();
    registry
}

/// `map[interface{}]interface{}`, as gorilla's sessions have it.
type Entries = HashMap<Value, Value>;

/// Reads every entry as the type it has, changes some, takes one away and adds one.
#[expect(clippy::mutable_key_type, reason = "the table of types behind a value only grows")]
fn change(entries: &mut Entries) {
    let registry = registry();
    let key = |name: &str| Value::from(name);
    assert_eq!(entries.len(), 17);
    assert_eq!(entries[&key("name")].as_str(), Some("Ada"));
    assert_eq!(entries[&key("visits")].as_i64(), Some(42));
    assert_eq!(registry.unwrap::<i64>(&entries[&key("quota")]).unwrap(), 1 << 40);
    assert_eq!(registry.unwrap::<u8>(&entries[&key("level")]).unwrap(), 3);
    assert_eq!(entries[&key("ratio")].as_f64(), Some(2.5));
    assert_eq!(entries[&key("admin")].as_bool(), Some(true));
    assert_eq!(entries[&key("token")].as_bytes(), Some(&[0x00, 0x7f, 0x80, 0xff][..]));
    assert_eq!(entries[&Value::from(7)].as_str(), Some("seven"));
    assert!(entries[&key("nothing")].is_nil());
    let seen: Time = registry.unwrap(&entries[&key("seen")]).unwrap();
    assert_eq!(seen, "2026-11-26T17:30:00.123456789Z".parse().unwrap());
    let local: Time = registry.unwrap(&entries[&key("local")]).unwrap();
    assert_eq!(local, "2026-11-26T17:30:00-05:30".parse().unwrap());
    let idle: Duration = registry.unwrap(&entries[&key("idle")]).unwrap();
    assert_eq!(idle, Duration::from_nanos(90_000_000_000));
    let mut user: User = registry.unwrap(&entries[&key("user")]).unwrap();
    assert_eq!(user, User { name: "Ada".into(), roles: vec!["admin".into(), "author".into()] });
    let mut cart: Cart = registry.unwrap(&entries[&key("cart")]).unwrap();
    assert_eq!((cart.items["tea"], cart.since), (2, "2026-11-26T17:30:00Z".parse().unwrap()));
    let mut settings: HashMap<String, Value> = registry.unwrap(&entries[&key("settings")]).unwrap();
    assert_eq!(settings["inner"].get("beta").and_then(Value::as_bool), Some(true));
    let flashes: Vec<Value> = registry.unwrap(&entries[&key("_flash")]).unwrap();
    assert_eq!(flashes, [Value::from("saved"), Value::from(404)]);
    let last_page = registry.wrap(&Key(1)).unwrap();
    assert_eq!(entries[&last_page].as_str(), Some("/basket"));

    user.roles.push("reader".into());
    cart.items.insert("coffee".into(), 1);
    settings.insert("theme".into(), "light".into());
    let later: Time = "2026-11-27T08:00:00.5+01:00".parse().unwrap();
    entries.insert(key("visits"), 43.into());
    entries.insert(key("token"), vec![0xfe_u8, 0x01].into());
    entries.insert(key("seen"), registry.wrap(&later).unwrap());
    entries.insert(key("user"), registry.wrap(&user).unwrap());
    entries.insert(key("cart"), registry.wrap(&cart).unwrap());
    entries.insert(key("settings"), registry.wrap(&settings).unwrap());
    entries.insert(Value::from(7), "sieben".into());
    entries.insert(last_page, "/checkout".into());
    entries.remove(&key("_flash")).expect("there are flashes");
    entries.insert(Value::from(true), registry.wrap(&1_u16).unwrap());
}

#[test]
fn a_session_of_gorilla_is_changed_in_its_file_and_in_its_cookie() {
    let sessions = Sessions::written(go_or_return!(), "gorilla");
    let before = sessions.found();
    let mut want = Vec::new();
    for (name, file) in [("cookie", "cookie"), ("file", "session_")] {
        let (cookie, path) = (SecureCookie::new(name), sessions.file(file));
        let (date, gob) = cookie.open(&path);
        // Whoever does not know the types can still hand the session on.
        assert_eq!(to_vec(&from_slice::<Value>(&gob).unwrap()).unwrap(), gob);
        #[expect(clippy::mutable_key_type, reason = "the table of types behind a value only grows")]
        let mut entries: Entries = from_slice(&gob).unwrap();
        change(&mut entries);
        cookie.seal(&path, &date, &to_vec(&entries).unwrap());

        let line = |text: &str| format!("{name}: {text}");
        let mut lines: Vec<String> = before.iter().filter(|text| text.starts_with(name)).cloned().collect();
        lines.push(line("bool(true) = uint16(0x1)"));
        let changes = [
            (r#"string("visits") = int(42)"#, Some(r#"string("visits") = int(43)"#)),
            (
                r#"string("token") = []uint8([]byte{0x0, 0x7f, 0x80, 0xff})"#,
                Some(r#"string("token") = []uint8([]byte{0xfe, 0x1})"#),
            ),
            (
                r#"string("seen") = 2026-11-26T17:30:00.123456789Z"#,
                Some(r#"string("seen") = 2026-11-27T08:00:00.5+01:00"#),
            ),
            (
                r#"string("user") = main.User(main.User{Name:"Ada", Roles:[]string{"admin", "author"}})"#,
                Some(
                    r#"string("user") = main.User(main.User{Name:"Ada", Roles:[]string{"admin", "author", "reader"}})"#,
                ),
            ),
            (
                r#"string("cart") = *main.Cart{map[tea:2] 2026-11-26T17:30:00Z}"#,
                Some(r#"string("cart") = *main.Cart{map[coffee:1 tea:2] 2026-11-26T17:30:00Z}"#),
            ),
            (
                r#"string("settings") = {"inner": {"beta": bool(true)}, "size": int(12), "theme": string("dark")}"#,
                Some(
                    r#"string("settings") = {"inner": {"beta": bool(true)}, "size": int(12), "theme": string("light")}"#,
                ),
            ),
            (r#"int(7) = string("seven")"#, Some(r#"int(7) = string("sieben")"#)),
            (r#"main.key(1) = string("/basket")"#, Some(r#"main.key(1) = string("/checkout")"#)),
            (r#"string("_flash") = []interface {}([]interface {}{"saved", 404})"#, None),
        ]
        .map(|(old, new)| (line(old), new.map(line)));
        let changes: Vec<_> = changes.iter().map(|(old, new)| (&**old, new.as_deref())).collect();
        want.extend(with(&lines, &changes));
    }
    want.sort();
    assert_eq!(sessions.found(), want);
}

/// What scs writes: `struct { Deadline time.Time; Values map[string]interface{} }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(anonymous)]
#[serde(rename_all = "PascalCase")]
struct Stored<T: Gob> {
    deadline: Time,
    values: BTreeMap<String, T>,
}

/// All that the Go program puts into a session, and anything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[gob(interface, anonymous)]
enum Any {
    Bool(bool),
    Int(isize),
    Int64(i64),
    Uint8(u8),
    Float(f64),
    String(String),
    Bytes(Vec<u8>),
    Time(Time),
    User(User),
    Cart(Option<Cart>),
    Settings(BTreeMap<String, Option<Self>>),
    #[gob(other)]
    Other(Value),
}

#[test]
fn a_session_of_scs_is_changed_with_the_types_that_it_holds() {
    let sessions = Sessions::written(go_or_return!(), "scs");
    let (before, path) = (sessions.found(), sessions.file(""));
    let gob = fs::read(&path).unwrap();
    let mut stored: Stored<Option<Any>> = from_slice(&gob).unwrap();
    let entry = |name: &str| stored.values[name].clone();
    assert_eq!(stored.deadline, "2036-11-26T17:30:00Z".parse().unwrap());
    assert_eq!(stored.values.len(), 14);
    assert_eq!(entry("name"), Some(Any::String("Ada".into())));
    assert_eq!(entry("visits"), Some(Any::Int(42)));
    assert_eq!(entry("quota"), Some(Any::Int64(1 << 40)));
    assert_eq!(entry("level"), Some(Any::Uint8(3)));
    assert_eq!(entry("ratio"), Some(Any::Float(2.5)));
    assert_eq!(entry("admin"), Some(Any::Bool(true)));
    assert_eq!(entry("token"), Some(Any::Bytes(vec![0x00, 0x7f, 0x80, 0xff])));
    assert_eq!(entry("seen"), Some(Any::Time("2026-11-26T17:30:00.123456789Z".parse().unwrap())));
    assert_eq!(entry("local"), Some(Any::Time("2026-11-26T17:30:00-05:30".parse().unwrap())));
    assert_eq!(entry("nothing"), None);
    let Some(Any::Other(idle)) = entry("idle") else { panic!("a duration is not among the types") };
    assert_eq!(idle.to_string(), "time.Duration(90000000000)");

    let values = &mut stored.values;
    let Some(Some(Any::User(user))) = values.get_mut("user") else { panic!("a user") };
    user.roles.clear();
    let Some(Some(Any::Cart(Some(cart)))) = values.get_mut("cart") else { panic!("a cart") };
    *cart.items.get_mut("tea").unwrap() += 1;
    let Some(Some(Any::Settings(settings))) = values.get_mut("settings") else { panic!("settings") };
    let Some(Some(Any::Settings(inner))) = settings.get_mut("inner") else { panic!("settings in settings") };
    inner.insert("beta".into(), None);
    values.insert("seen".into(), Some(Any::Time("2026-11-27T08:00:00.5+01:00".parse().unwrap())));
    values.insert("visits".into(), Some(Any::Int(-1)));
    stored.deadline = "2037-01-01T00:00:00Z".parse().unwrap();
    fs::write(&path, to_vec(&stored).unwrap()).unwrap();

    let changes = [
        ("deadline: 2036-11-26T17:30:00Z", Some("deadline: 2037-01-01T00:00:00Z")),
        (
            r#"scs: string("user") = main.User(main.User{Name:"Ada", Roles:[]string{"admin", "author"}})"#,
            Some(r#"scs: string("user") = main.User(main.User{Name:"Ada", Roles:[]string(nil)})"#),
        ),
        (
            r#"scs: string("cart") = *main.Cart{map[tea:2] 2026-11-26T17:30:00Z}"#,
            Some(r#"scs: string("cart") = *main.Cart{map[tea:3] 2026-11-26T17:30:00Z}"#),
        ),
        (
            r#"scs: string("settings") = {"inner": {"beta": bool(true)}, "size": int(12), "theme": string("dark")}"#,
            Some(
                r#"scs: string("settings") = {"inner": {"beta": <nil>(<nil>)}, "size": int(12), "theme": string("dark")}"#,
            ),
        ),
        (
            r#"scs: string("seen") = 2026-11-26T17:30:00.123456789Z"#,
            Some(r#"scs: string("seen") = 2026-11-27T08:00:00.5+01:00"#),
        ),
        (r#"scs: string("visits") = int(42)"#, Some(r#"scs: string("visits") = int(-1)"#)),
    ];
    assert_eq!(sessions.found(), with(&before, &changes));
}

#[test]
fn a_session_of_scs_is_changed_without_knowing_its_types() {
    let sessions = Sessions::written(go_or_return!(), "scs");
    let (before, path) = (sessions.found(), sessions.file(""));
    let gob = fs::read(&path).unwrap();
    assert_eq!(to_vec(&from_slice::<Value>(&gob).unwrap()).unwrap(), gob);
    let mut stored: Stored<Value> = from_slice(&gob).unwrap();
    assert_eq!(stored.values["cart"].get("Items").and_then(|items| items.get("tea")).and_then(Value::as_i64), Some(2));
    stored.values.insert("visits".into(), 43.into());
    fs::write(&path, to_vec(&stored).unwrap()).unwrap();
    let changes = [(r#"scs: string("visits") = int(42)"#, Some(r#"scs: string("visits") = int(43)"#))];
    assert_eq!(sessions.found(), with(&before, &changes));
}

/// Nothing of it was ever written by Go.
#[test]
fn a_session_that_is_made_in_rust_is_found_by_go() {
    let sessions = Sessions::written(go_or_return!(), "scs");
    let user = User { name: "Bob".into(), roles: Vec::new() };
    let values = [("user", Some(Any::User(user))), ("visits", Some(Any::Int(0))), ("nothing", None)];
    let values = values.map(|(key, value)| (key.to_owned(), value)).into();
    let stored = Stored { deadline: "2037-01-01T00:00:00Z".parse().unwrap(), values };
    fs::write(sessions.file(""), to_vec(&stored).unwrap()).unwrap();
    let want = [
        "deadline: 2037-01-01T00:00:00Z",
        r#"scs: string("nothing") = <nil>(<nil>)"#,
        r#"scs: string("user") = main.User(main.User{Name:"Bob", Roles:[]string(nil)})"#,
        r#"scs: string("visits") = int(0)"#,
    ];
    assert_eq!(sessions.found(), want);
}
