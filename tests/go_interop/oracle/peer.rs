//! The Go side: a program generated for a number of cases, run once for each, since the ids of types belong to a
//! process (G26).

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::types::Types;
use super::values::Val;
use crate::hex::to_hex;
use crate::predeclared::PREDECLARED;

/// A built program.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
}

/// What Go says of a case.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) hex: String,
    pub(crate) error: String,
    pub(crate) decoded: Vec<Decoded>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Decoded {
    pub(crate) values: Vec<Json>,
    pub(crate) error: String,
    /// What came after the error, `[value]` or null for an error more.
    pub(crate) later: Vec<Json>,
}

/// A value to encode: of the type of the case, or of the other.
#[derive(Clone, Copy)]
pub(crate) enum Item<'a> {
    Top(&'a Val),
    Other(&'a Val),
}

/// A stream to decode.
pub(crate) enum Stream<'a> {
    /// What Go itself has encoded.
    Own,
    /// Bytes, into the type of the case.
    Bytes(&'a [u8]),
    /// Bytes, into the other type.
    Other(&'a [u8]),
    /// Bytes, into the one type and the other in turns.
    Turns(&'a [u8]),
    /// Bytes to be passed over.
    Skip(&'a [u8]),
}

/// The Go source of a program that knows the types of these cases.
pub(crate) fn source(cases: &[(usize, &Types)]) -> String {
    let mut out = "package main\n\nimport (\n\t\"reflect\"\n\n\t\"gobrpc.test/interop/oracle\"\n)\n\n".to_owned();
    for (number, types) in cases {
        out.push_str(&types.declarations(*number));
    }
    out.push_str("\nfunc typeOf[T any]() reflect.Type { return reflect.TypeOf((*T)(nil)).Elem() }\n\n");
    out.push_str("func main() {\n\toracle.Main([]oracle.Case{\n");
    for (number, types) in cases {
        let spell = |ty| types.spell(*number, ty);
        let concretes = PREDECLARED.iter().map(ToString::to_string).chain(types.concretes.iter().map(spell));
        let concretes: Vec<String> = concretes.map(|ty| format!("typeOf[{ty}]()")).collect();
        let _ = writeln!(
            out,
            "\t\t{{Type: typeOf[{}](), Other: typeOf[{}](), Concretes: []reflect.Type{{{}}}}},",
            spell(&types.top),
            spell(&types.other),
            concretes.join(", ")
        );
    }
    out.push_str("\t})\n}\n");
    out
}

impl Program {
    /// Builds the program for these cases in a directory of its own.
    pub(crate) fn build(dir: &Path, cases: &[(usize, &Types)]) -> Self {
        let module = crate::go::module("go_interop");
        std::fs::create_dir_all(dir).expect("a directory for the program");
        let manifest = format!(
            "module cases\n\ngo 1.21\n\nrequire gobrpc.test/interop v0.0.0\n\nreplace gobrpc.test/interop => {}\n",
            module.display()
        );
        std::fs::write(dir.join("go.mod"), manifest).expect("go.mod can be written");
        std::fs::write(dir.join("main.go"), source(cases)).expect("main.go can be written");
        let go = std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into());
        let path = dir.join("cases");
        let output = Command::new(go)
            .args(["build", "-o"])
            .arg(&path)
            .arg(".")
            .current_dir(dir)
            .env_remove("GOROOT")
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "-mod=mod")
            .env("GOWORK", "off")
            .output()
            .expect("go can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "go build of {}: {said}", dir.display());
        Self { path }
    }

    /// Asks about the case at `index`. An error is what the process died of: a lack of
    /// memory, mostly.
    pub(crate) fn ask(&self, index: usize, items: &[Item<'_>], streams: &[Stream<'_>]) -> Result<Answer, String> {
        let stream = |stream: &Stream<'_>| match stream {
            Stream::Own => json!({ "own": true }),
            Stream::Bytes(bytes) => json!({ "hex": to_hex(bytes) }),
            Stream::Other(bytes) => json!({ "hex": to_hex(bytes), "other": true }),
            Stream::Turns(bytes) => json!({ "hex": to_hex(bytes), "turns": true }),
            Stream::Skip(bytes) => json!({ "hex": to_hex(bytes), "skip": true }),
        };
        let item = |item: &Item<'_>| match item {
            Item::Top(value) => json!({ "value": value.json() }),
            Item::Other(value) => json!({ "value": value.json(), "other": true }),
        };
        let question = json!({
            "case": index,
            "encode": items.iter().map(item).collect::<Vec<_>>(),
            "decode": streams.iter().map(stream).collect::<Vec<_>>(),
        });
        // Go allocates a map as large as a stream says it is (R149), which must not be at the cost of others.
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v 4000000; exec \"$0\""])
            .arg(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut stdin = child.stdin.take().expect("its stdin is a pipe");
        // It may die before it has read everything.
        let _ = stdin.write_all(question.to_string().as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the program can be waited for");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.starts_with("oracle:"), "{said}\n{question}");
        if !output.status.success() {
            return Err(said.lines().take(3).collect::<Vec<_>>().join(" / "));
        }
        Ok(serde_json::from_slice(&output.stdout).expect("the program answers in JSON"))
    }
}
