//! A crate of what the command writes, compiled with the library as any user's would be.

use std::ffi::OsString;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::command::gobrpc;

/// The streams whose types are written as Rust, and what their values are called there.
pub(crate) const STREAMS: [(&str, &str); 16] = [
    ("all_kinds_full", "AllKinds"),
    ("struct_anon", "Root"),
    ("big_fields", "Bigs"),
    ("complex128", "Root"),
    ("decimal_price", "Root"),
    ("deep_composites", "Deep"),
    ("embedded", "Embeds"),
    ("generic_pair_composite", "PairMainPointString"),
    ("iface_field_int", "Holder"),
    ("netip_fields", "Addrs"),
    ("rec_mutual", "MutA"),
    ("rec_slice", "RecSlice"),
    ("rec_tree_slice", "Tree"),
    ("slice_of_struct", "Root"),
    ("time_fields", "Times"),
    ("uuid_fields", "UUIDs"),
];

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the command is in the repository")
}

/// A stream that Go has written.
pub(crate) fn golden(name: &str) -> PathBuf {
    root().join("testdata/golden").join(format!("{name}.gob"))
}

/// A command of Go's toolchain.
pub(crate) fn go() -> Command {
    let mut go = Command::new(std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into()));
    go.env_remove("GOROOT").env("GOTOOLCHAIN", "local").env("GOFLAGS", "").env("GOWORK", "off").stdin(Stdio::null());
    go
}

/// What a command prints that has to succeed.
#[track_caller]
pub(crate) fn printed(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{err}\n{out}", output.status);
    out.into_owned()
}

/// Where Go keeps the source of the library for AWS Lambda. Go fetches it unless it has it.
fn lambda_source() -> PathBuf {
    let mut list = go();
    list.args(["list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-lambda-go"]);
    let dir = |list: &mut Command| {
        printed(list.current_dir(root().join("tests/go_interop/thirdparty"))).trim_end().to_owned()
    };
    let found = dir(&mut list);
    if found.is_empty() {
        printed(
            go().args(["mod", "download", "github.com/aws/aws-lambda-go"])
                .current_dir(root().join("tests/go_interop/thirdparty")),
        );
    }
    PathBuf::from(dir(&mut list)).join("lambda")
}

/// The directories with sources of Go, from this one down.
fn go_packages(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("the directory can be read").map(|entry| entry.expect("an entry").path());
    let (dirs, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let is_go = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "go");
    let own = files.iter().any(is_go).then(|| dir.to_owned());
    let mut packages: Vec<PathBuf> = own.into_iter().chain(dirs.iter().flat_map(|dir| go_packages(dir))).collect();
    packages.sort();
    packages
}

/// The programs that were compiled with what the command has written.
#[derive(Debug)]
pub(crate) struct Programs {
    dir: PathBuf,
    /// The sources that the command has written, with their names.
    pub(crate) written: Vec<(String, String)>,
}

impl Programs {
    pub(crate) fn run(&self, name: &str) -> Command {
        Command::new(self.dir.join(name))
    }
}

/// Writes the sources, and compiles them, once.
pub(crate) fn programs() -> &'static Programs {
    static BUILT: OnceLock<Programs> = OnceLock::new();

    BUILT.get_or_init(build)
}

fn build() -> Programs {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let krate = temporary.join("generated");
    let sources = krate.join("src/bin");
    fs::create_dir_all(&sources).expect("the directory of the crate can be made");

    let lambda = lambda_source();
    let mut written = Vec::new();
    let mut write = |name: &str, args: &[OsString]| {
        let ran = gobrpc(args);
        assert_eq!(ran.code, Some(0), "{name}: {ran:?}");
        fs::write(krate.join("src").join(name), ran.text()).expect("the crate can be written");
        written.push((name.to_owned(), ran.text().to_owned()));
    };
    write("service.rs", &["gen".into(), root().join("tests/go_interop/service/service.go").into()]);
    write("shapes.rs", &["gen".into(), root().join("cli/tests/go/shapes").into()]);
    let files = [lambda.join("messages"), lambda.join("rpc_function.go")];
    write("lambda.rs", &["gen".into(), files[0].clone().into(), files[1].clone().into()]);
    for (stream, _) in STREAMS {
        write(&format!("{stream}.rs"), &["types".into(), "--rust".into(), golden(stream).into()]);
    }

    let dirs = go_packages(&root().join("tests/go_interop"));
    let mut modules = "#![deny(warnings)]\n\n".to_owned();
    for (number, dir) in dirs.iter().enumerate() {
        write(&format!("interop{number}.rs"), &["gen".into(), dir.into()]);
        let _ = writeln!(modules, "#[path = \"../interop{number}.rs\"]\nmod interop{number};");
    }
    fs::write(sources.join("interop.rs"), modules + "\nfn main() {}\n").expect("the program can be written");

    for name in ["service.rs", "shapes.rs", "lambda.rs"] {
        let from = root().join("cli/tests/generated").join(name);
        fs::copy(from, sources.join(name)).expect("the program can be copied");
    }
    fs::write(sources.join("streams.rs"), streams()).expect("the program can be written");
    fs::write(krate.join("Cargo.toml"), manifest()).expect("the manifest can be written");
    fs::copy(root().join("Cargo.lock"), krate.join("Cargo.lock")).expect("the lock file can be copied");

    let target = temporary.parent().unwrap_or(temporary).join("tests/generated");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet"]).current_dir(&krate).env("CARGO_TARGET_DIR", &target);
    printed(&mut cargo);
    Programs { dir: target.join("debug"), written }
}

fn manifest() -> String {
    let features = "\"num-bigint\", \"num-complex\", \"num-rational\", \"rust_decimal\", \"url\", \"uuid\"";
    format!(
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         gobrpc = {{ path = {:?}, features = [{features}] }}\nnum-complex = \"0.4\"\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\nurl = \"2\"\nuuid = \"1\"\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n",
        root().display().to_string()
    )
}

/// A program that reads each stream as what it is of, and has written what it read.
fn streams() -> String {
    let mut out = "#![deny(warnings)]\n\n".to_owned();
    for (stream, _) in STREAMS {
        let _ = writeln!(out, "#[path = \"../{stream}.rs\"]\nmod {stream};");
    }
    out.push_str(
        "\nfn again<T: gobrpc::Gob + serde::Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) -> Vec<u8> {\n    \
         gobrpc::gob::to_vec(&gobrpc::gob::from_slice::<T>(bytes).unwrap()).unwrap()\n}\n\nfn main() {\n    \
         let args: Vec<String> = std::env::args().collect();\n    let bytes = std::fs::read(&args[2]).unwrap();\n    \
         let bytes = match args[1].as_str() {\n",
    );
    for (stream, ty) in STREAMS {
        let _ = writeln!(out, "        {stream:?} => again::<{stream}::{ty}>(&bytes),");
    }
    out.push_str("        other => panic!(\"{other}\"),\n    };\n    std::fs::write(&args[3], bytes).unwrap();\n}\n");
    out
}
