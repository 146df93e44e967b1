//! `gobrpc gen`: Rust from Go source.

use std::process::Command;

use gobrpc::rpc::Client;
use tempfile::TempDir;

use crate::command::{Ran, gobrpc, gobrpc_with};
use crate::generated::{go, printed, programs, root};
use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::Transport;

fn gen_source(source: &str) -> Ran {
    let ran = gobrpc_with(&["gen", "-"], source.as_bytes());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran
}

/// What is written after the imports, without empty lines and derives.
fn body(source: &str) -> String {
    let ran = gen_source(source);
    let text = ran.text().split_once("#![allow(dead_code)]\n").expect("a head").1;
    let mut in_derive = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        in_derive |= line.trim_start().starts_with("#[derive");
        if !in_derive && !line.is_empty() && !line.starts_with("use ") {
            lines.push(line);
        }
        in_derive &= !line.ends_with(")]");
    }
    lines.join("\n")
}

fn remarks(source: &str) -> Vec<String> {
    gen_source(source).stderr.lines().map(str::to_owned).collect()
}

#[test]
fn a_struct_becomes_a_struct_with_the_names_that_go_has() {
    let source = "package p\n\n// T is\n// a type.\ntype T struct {\n\t// A, that is.\n\tUserName, SA string\n\
                  \tUserID int `json:\"id\"`\n\tType *bool // or not\n\thidden int\n}";
    assert_eq!(
        body(source),
        "/// T is\n/// a type.\n#[gob(package = \"p\")]\n#[serde(rename_all = \"PascalCase\")]\npub struct T {\n    \
         /// A, that is.\n    pub user_name: String,\n    /// A, that is.\n    #[serde(rename = \"SA\")]\n    \
         pub sa: String,\n    #[serde(rename = \"id\")]\n    #[gob(name = \"UserID\")]\n    pub user_id: isize,\n    \
         /// or not\n    pub r#type: Option<bool>,\n}"
    );
    assert_eq!(remarks(source), <[&str; 0]>::default());
}

#[test]
fn a_field_that_the_derive_would_name_otherwise_has_its_name() {
    let body = body("type T struct { ADBID int `json:\"aDBId\"`; UserID int `json:\"userId\"` }");
    for line in [
        "#[serde(rename = \"aDBId\")]\n    #[gob(name = \"ADBID\")]\n",
        "#[serde(rename = \"userId\")]\n    pub user_id",
    ] {
        assert!(body.contains(line), "{body}");
    }
}

#[test]
fn a_type_that_leads_to_itself_is_boxed_where_it_must_be() {
    let source = "type A struct { Next *A; Kids []*A; B B }\ntype B struct { Back *A; Other *C }\ntype C struct{}";
    let body = body(source);
    for line in [
        "pub next: Option<Box<A>>,",
        "pub kids: Vec<Option<A>>,",
        "pub b: B,",
        "pub back: Option<Box<A>>,",
        "pub other: Option<C>,",
        "pub struct C;",
    ] {
        assert!(body.contains(line), "{line}\n{body}");
    }
}

#[test]
fn a_type_with_constants_keeps_values_that_are_none_of_them() {
    let source = "type Color uint8\nconst (\n\tColorRed Color = iota + 1\n\tColorBlue\n\tcolorHidden\n)\n\
                  type Level string\nconst Info, Other Level = \"info\", \"o\"";
    assert_eq!(
        body(source),
        "pub struct Color(pub u8);\nimpl Color {\n    /// In Go: `ColorRed`.\n    pub const RED: Self = Self(1);\n    \
         /// In Go: `ColorBlue`.\n    pub const BLUE: Self = Self(2);\n}\n\
         pub struct Level(pub Cow<'static, str>);\nimpl Level {\n    \
         pub const INFO: Self = Self(Cow::Borrowed(\"info\"));\n    \
         pub const OTHER: Self = Self(Cow::Borrowed(\"o\"));\n}"
    );
}

#[test]
fn constants_have_their_values_and_types() {
    let source = "import \"time\"\nconst (\n\tMax = 1 << 20 // at most\n\tWide = 1 << 40\n\tHalf = 1 / 2.0\n\
                  \tName = \"a\\\"b\"\n\tWait = 2 * time.Second\n\tBit uint8 = ^uint8(1)\n\tLetter = 'x'\n)\n\
                  const TwoPi = 2 * 3.14159265358979323846264338327950288419716939937510582097494459";
    assert_eq!(
        body(source),
        "/// at most\npub const MAX: isize = 1048576;\npub const WIDE: i64 = 1099511627776;\n\
         pub const HALF: f64 = 0.5;\npub const NAME: &str = \"a\\\"b\";\n\
         pub const WAIT: Duration = Duration::from_nanos(2000000000);\npub const BIT: u8 = 254;\n\
         pub const LETTER: char = 'x';\n// Not translated: TwoPi: a number that is not known exactly"
    );
    assert_eq!(remarks(source), ["stdin:11: constant TwoPi: a number that is not known exactly"]);
}

#[test]
fn methods_of_the_right_shape_become_a_service() {
    let source = "// S serves.\ntype S struct{ mu sync.Mutex }\n\
                  // Get gives.\nfunc (s *S) Get(id int, reply *[]string) error { return nil }\n\
                  func (S) GetURL(*Args, **Args) error { return nil }\n\
                  func (S) One(a int) error { return nil }\n\
                  func (S) NoPointer(a, b int) error { return nil }\n\
                  func (S) Hidden(a args, b *int) error { return nil }\n\
                  func (S) Two(a int, b *int) (int, error) { return 0, nil }\n\
                  func (S) private(a int, b *int) error { return nil }\n\
                  type Args struct{ Type string }\ntype args struct{ A int }";
    let body = body(source);
    assert!(
        body.contains(
            "/// S serves.\n#[gobrpc::service]\npub trait S {\n    /// Get gives.\n    \
             async fn get(&self, id: isize) -> Result<Vec<String>, ServerError>;\n    \
             #[rpc(name = \"GetURL\")]\n    async fn get_url(&self, args: Args) -> Result<Args, ServerError>;\n    \
             // Not translated: One: it takes 1 argument, and not one and a pointer to the reply\n"
        ),
        "{body}"
    );
    assert!(!body.contains("struct S"), "{body}");
    assert_eq!(
        remarks(source),
        [
            "stdin:6: method S.One is not called by net/rpc: it takes 1 argument, and not one and a pointer to the reply",
            "stdin:7: method S.NoPointer is not called by net/rpc: its second argument is no pointer to a reply",
            "stdin:8: method S.Hidden is not called by net/rpc: the type args is not exported",
            "stdin:9: method S.Two is not called by net/rpc: it does not return an error alone",
        ]
    );
}

#[test]
fn what_is_served_and_sent_has_two_names() {
    let source = "type S struct{ N int }\nfunc (s S) Same(in S, out *S) error { return nil }\ntype SServiceClient struct{ A int }";
    let body = body(source);
    assert!(body.contains("#[gobrpc::service(name = \"S\")]\npub trait SRpc {"), "{body}");
    assert!(body.contains("async fn same(&self, r#in: S) -> Result<S, ServerError>;"), "{body}");
}

#[test]
fn what_cannot_be_translated_is_said_with_its_line() {
    let source = "package p\n\ntype T struct {\n\tC chan int\n\tF func()\n\tM map[float64]int\n\tX x.Y\n\tU *Unknown\n\tN int\n}\n\
                  type H struct{ a int }\ntype D time.Time\ntype G[T any] map[T]int\nconst C = f()\n";
    assert_eq!(
        remarks(source),
        [
            "stdin:4: T: field C: gob does not send channels",
            "stdin:5: T: field F: gob does not send functions",
            "stdin:6: T: field M: floats as keys of a map have no equal in Rust",
            "stdin:7: T: field X: the type x.Y is not known: its file may be given too",
            "stdin:8: T: field U: no type Unknown is declared in these files",
            "stdin:11: type H: gob cannot send a struct without exported fields",
            "stdin:12: type D: what is in a time.Time is not known here",
            "stdin:14: constant C: f() is not understood",
        ]
    );
    let body = body(source);
    assert!(body.contains("    // Not translated: field C: gob does not send channels\n"), "{body}");
    assert!(body.contains("// Not translated: type D: what is in a time.Time is not known here\n"), "{body}");
    assert!(body.contains("pub struct G<T: Eq + Hash>(pub HashMap<T, isize>);"), "{body}");
}

#[test]
fn comments_of_go_become_comments_of_rust() {
    let source = "// Package p does [T] <b>.\n//\n//\tT{}.Do()\npackage p\n";
    let text = gen_source(source);
    assert!(text.text().contains("//! Package p does \\[T\\] \\<b\\>.\n//!\n//! ```text\n//! T{}.Do()\n//! ```\n"));
}

#[test]
fn packages_that_use_each_other_become_modules() {
    let dir = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    };
    write("go.mod", "module example.com/m\n");
    let a = write("a/a.go", "package a\nimport \"example.com/m/b\"\ntype A struct{ B *b.B }\n");
    write("b/b.go", "package b\ntype B struct{ C C }\n");
    write("b/c.go", "package b\ntype C int\n");
    write("b/c_test.go", "package b\ntype TestOnly int\n");
    let ran = gobrpc(&["gen".as_ref(), a.as_os_str(), dir.path().join("b").as_os_str()]);
    let text = ran.ok();
    for part in [
        "pub mod a {\n",
        "    #[gob(package = \"example.com/m/a\")]\n",
        "        pub b: Option<super::b::B>,\n",
        "pub mod b {\n",
        "    #[gob(package = \"example.com/m/b\")]\n",
        "        pub c: C,\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("TestOnly"), "{text}");
}

#[test]
fn a_mistake_is_shown_with_its_line_and_what_was_expected() {
    let ran = gobrpc_with(&["gen", "-"], b"package p\n\ntype T struct {\n\tA []]int\n}\n");
    assert_eq!((ran.code, ran.text()), (Some(1), ""));
    assert_eq!(ran.stderr, "gobrpc: stdin: line 4, column 6: expected a type\n    \tA []]int\n    \t    ^\n");
    let ran = gobrpc(&["gen", "/nowhere/to/be/found.go"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.starts_with("gobrpc: cannot open /nowhere/to/be/found.go: "), "{}", ran.stderr);
}

#[test]
fn what_is_no_go_source_is_no_empty_module() {
    for text in ["{\"a\": 1}\nhello\n", ""] {
        let ran = gobrpc_with(&["gen", "-"], text.as_bytes());
        assert_eq!((ran.code, ran.text()), (Some(1), ""), "{text}");
        assert_eq!(ran.stderr, "gobrpc: there is no Go source in stdin\n", "{text}");
    }
    assert_eq!(body("package p\n\nfunc main() {}\n"), "");
}

#[test]
fn sources_that_are_made_to_hurt_do_not() {
    let deep = |open: &str, close: &str| format!("type T {}int{}", open.repeat(100_000), close.repeat(100_000));
    let wide: String =
        (0..300).map(|i| format!("type T{i} struct {{ A, B *T{}; C map[T{i}]int }}\n", (i + 1) % 300)).collect();
    let shared: String = (0..60).map(|i| format!("type T{i} = map[string]struct {{ A, B T{} }}\n", i + 1)).collect();
    for source in [
        deep("[]", ""),
        deep("struct{ A ", "}"),
        deep("map[", "]int"),
        wide,
        shared + "type T60 int\n",
        "type A = B\ntype B = A\ntype C struct{ A A }".to_owned(),
        "type A B\ntype B A".to_owned(),
        "type A[T any] struct{ B *A[[]T] }".to_owned(),
        "const A = A\nconst B = 1 << 1000000000000\ntype C [B]int\n".to_owned(),
        "\u{0}\u{1}\u{fffd}'\"`".to_owned(),
    ] {
        let ran = gobrpc_with(&["gen", "-"], source.as_bytes());
        assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    }
}

#[test]
fn the_output_is_as_rustfmt_has_it() {
    let _programs = go_or_return!();
    for (name, text) in &programs().written {
        for edition in ["2021", "2024"] {
            let dir = TempDir::new().unwrap();
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            let mut rustfmt = Command::new("rustfmt");
            printed(rustfmt.args(["--check", "--edition", edition]).arg(path).current_dir(dir.path()));
        }
    }
}

#[tokio::test]
async fn the_client_that_was_made_from_a_servers_source_calls_it() {
    let go = go_or_return!();
    let server = go.server(Transport::Tcp).await;
    let address = server.endpoint.address.clone();
    let said = tokio::task::spawn_blocking(move || printed(programs().run("service").arg(address))).await.unwrap();
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "hello go rpc",
            "42",
            "Quotient { quo: 3, rem: 1 }",
            "divide by zero",
            "6",
            "[\"a\", \"b\"]",
            "6",
            "true",
            "4",
            "Known { n: 9 }",
            "gobrpc.test/interop/service.Known 1024",
            "hello -go rpc",
        ]
    );
}

#[tokio::test]
async fn the_client_that_was_made_from_the_source_of_aws_lambda_invokes_a_function() {
    let go = go_or_return!();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("localhost:{port}");
    let mut function = tokio::process::Command::new(go.third_party("lambda"));
    function.env("_LAMBDA_SERVER_PORT", port.to_string());
    function.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).kill_on_drop(true);
    let _function = function.spawn().unwrap();
    eventually(async {
        while Client::connect(&address).await.is_err() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let said = tokio::task::spawn_blocking(move || printed(programs().run("lambda").arg(address))).await.unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "PingResponse");
    assert!(lines[1].starts_with("{\"Text\":\"hello Rust\",\"Request\":\"42\""), "{said}");
    assert_eq!(lines[2], "errorString: told to fail (0 frames, exit false)");
    assert!(lines[3].starts_with("string: This is too much (") && lines[3].ends_with(" frames, exit true)"), "{said}");
    assert!(!lines[3].contains("(0 frames"), "{said}");
}

#[test]
fn values_of_every_type_keep_their_bytes() {
    let _programs = go_or_return!();
    let dir = TempDir::new().unwrap();
    let (from, to) = (dir.path().join("go.gob"), dir.path().join("rust.gob"));
    let shapes = |verb: &str, file: &std::path::Path| {
        let mut shapes = go();
        printed(shapes.args(["run", "./cmd/shapes", verb]).arg(file).current_dir(root().join("cli/tests/go")));
    };
    shapes("write", &from);
    assert_eq!(printed(programs().run("shapes").arg(&from).arg(&to)), "the same bytes\n");
    shapes("check", &to);
}
