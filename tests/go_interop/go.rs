//! The Go programs: finding Go, building them, and running them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout};

use crate::patience::eventually;
use crate::peers::{DELAY, Endpoint, Server, Transport};

/// The Go programs; a test that is to be left out returns instead.
macro_rules! go_or_return {
    () => {{
        fn here() {}
        match $crate::go::programs(std::any::type_name_of_val(&here)) {
            Some(programs) => programs,
            None => return,
        }
    }};
}
pub(crate) use go_or_return;

/// Where the programs are.
#[derive(Debug)]
pub(crate) struct Programs {
    server: PathBuf,
    client: PathBuf,
    files: PathBuf,
}

type Built<T> = OnceLock<Result<T, String>>;

/// The programs, built once, or `None` when tests with Go are left out. `place` is a function in the test that asks.
pub(crate) fn programs(place: &str) -> Option<&'static Programs> {
    static BUILT: Built<Programs> = OnceLock::new();

    if std::env::var_os("GOBRPC_SKIP_GO").is_some_and(|value| value == "1") {
        leave_out(place);
        return None;
    }
    Some(or_panic(BUILT.get_or_init(|| Programs::built_with("local"))))
}

fn or_panic<T>(built: &Result<T, String>) -> &T {
    built.as_ref().unwrap_or_else(|reason| {
        panic!(
            "{reason}\nThis test needs Go: put `go` on PATH, name it in GOBRPC_GO, or set GOBRPC_SKIP_GO=1 to leave \
             such tests out."
        )
    })
}

/// Says so on the real stderr, which the test harness does not capture.
fn leave_out(place: &str) {
    static LEFT_OUT: AtomicUsize = AtomicUsize::new(0);

    let count = LEFT_OUT.fetch_add(1, Ordering::Relaxed) + 1;
    let test = place.trim_end_matches("::here").trim_end_matches("::{{closure}}");
    let test = test.split_once("::").map_or(test, |(_, test)| test);
    let line = format!("left out (GOBRPC_SKIP_GO=1): {test} ({count} so far)\n");
    // A closed stderr is no reason for a test to fail.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// The directory of one of the Go modules. The tests of the command use them too, from their own package.
pub(crate) fn module(name: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if package.join("tests/go_interop").exists() { package } else { package.parent().unwrap_or(package) };
    root.join("tests").join(name)
}

/// What `go build` makes of these packages of a module, with the toolchain that it comes with, or with another.
fn build(module: &str, packages: &[&str], toolchain: &str) -> Result<PathBuf, String> {
    let go = std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into());
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(module).join(toolchain);
    std::fs::create_dir_all(&out).map_err(|error| format!("{} cannot be made: {error}", out.display()))?;
    let built = Command::new(&go)
        .args(["build", "-o"])
        .arg(&out)
        .args(packages)
        .current_dir(self::module(module))
        .env_remove("GOROOT")
        .env("GOTOOLCHAIN", toolchain)
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{} cannot be run: {error}", go.display()))?;
    if !built.status.success() {
        let output = String::from_utf8_lossy(&built.stderr);
        return Err(format!("{} build: {}\n{output}", go.display(), built.status));
    }
    Ok(out)
}

impl Programs {
    fn built_with(toolchain: &str) -> Result<Self, String> {
        let out = build("go_interop", &["./cmd/server", "./cmd/client", "./cmd/files"], toolchain)?;
        Ok(Self { server: out.join("server"), client: out.join("client"), files: out.join("files") })
    }

    /// The same programs, built with a Go that numbers types differently (R15). Go fetches it unless it has it.
    pub(crate) fn old(&self) -> &'static Self {
        static BUILT: Built<Programs> = OnceLock::new();

        or_panic(BUILT.get_or_init(|| Self::built_with("go1.19.13")))
    }

    /// A program of others, or one made with what is theirs. Go fetches their modules unless it has them.
    pub(crate) fn third_party(&self, name: &str) -> PathBuf {
        static BUILT: [(&str, &str, Built<PathBuf>); 15] = [
            ("basic", "github.com/hashicorp/go-plugin/examples/basic", OnceLock::new()),
            ("cancel", "./cancel", OnceLock::new()),
            ("dlv", "github.com/go-delve/delve/cmd/dlv", OnceLock::new()),
            ("goreman", "github.com/mattn/goreman", OnceLock::new()),
            ("greeter", "./greeter", OnceLock::new()),
            ("lambda", "./lambda", OnceLock::new()),
            ("machine", "./machine", OnceLock::new()),
            ("master_consumer", "github.com/natefinch/pie/examples/consumer/master_consumer", OnceLock::new()),
            ("master_provider", "github.com/natefinch/pie/examples/provider/master_provider", OnceLock::new()),
            ("msgpack", "./msgpack", OnceLock::new()),
            ("plugin", "github.com/hashicorp/go-plugin/examples/basic/plugin", OnceLock::new()),
            ("plugin-go-netrpc", "github.com/hashicorp/go-plugin/examples/grpc/plugin-go-netrpc", OnceLock::new()),
            ("plugin_consumer", "github.com/natefinch/pie/examples/consumer/plugin_consumer", OnceLock::new()),
            ("plugin_provider", "github.com/natefinch/pie/examples/provider/plugin_provider", OnceLock::new()),
            ("sessions", "./sessions", OnceLock::new()),
        ];

        let (_, package, built) = BUILT.iter().find(|(known, ..)| *known == name).expect("a program that is known");
        or_panic(built.get_or_init(|| build("go_interop/thirdparty", &[package], "local"))).join(name)
    }

    /// A plugin of Mattermost and its host, made with Mattermost's own module.
    pub(crate) fn mattermost(&self) -> PathBuf {
        static BUILT: Built<PathBuf> = OnceLock::new();

        or_panic(BUILT.get_or_init(|| build("go_interop/thirdparty/mattermost", &["."], "local"))).join("mattermost")
    }

    /// A Go server in a process of its own.
    pub(crate) async fn server(&self, transport: Transport) -> Server {
        self.server_with(transport, &[]).await
    }

    /// A Go server with these flags.
    pub(crate) async fn server_with(&self, transport: Transport, flags: &[&str]) -> Server {
        let (dir, address) = transport.free_address();
        let mut command = if transport == Transport::Msgpack {
            self.msgpack("server")
        } else {
            let mut command = tokio::process::Command::new(&self.server);
            command.args(["-network", transport.network()]);
            command
        };
        command.args(["-addr", &address]);
        command.args(["-delay", &format!("{}ms", DELAY.as_millis())]);
        command.args(transport.flag()).args(flags);
        Server::process(command, transport, dir).await
    }

    fn msgpack(&self, side: &str) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(self.third_party("msgpack"));
        command.arg(side);
        command
    }

    /// A Go server over TLS.
    pub(crate) async fn tls_server(&self, certificate: &Path, key: &Path) -> Server {
        let mut command = tokio::process::Command::new(&self.server);
        command.args(["-addr", "127.0.0.1:0", "-delay", "0s", "-cert"]).arg(certificate).arg("-key").arg(key);
        Server::process(command, Transport::Tcp, None).await
    }

    /// What a Go client prints that takes these steps over TLS.
    pub(crate) async fn tls_client(&self, server: &Endpoint, trusted: &Path, steps: &[&str]) -> Vec<String> {
        let mut command = tokio::process::Command::new(&self.client);
        command.args(["-addr", &server.address, "-ca"]).arg(trusted).args(steps);
        Talk::start(command).all_lines().await
    }

    /// Has Go write a file of this shape, or read one and say whether it is what Go would have written.
    pub(crate) fn file(&self, verb: &str, shape: &str, path: &Path) {
        let output = Command::new(&self.files).args([verb, shape]).arg(path).output().expect("files can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "files {verb} {shape}: {}\n{said}", output.status);
    }

    /// What a Go client prints that takes these steps.
    pub(crate) async fn client(&self, server: &Endpoint, steps: &[&str]) -> Vec<String> {
        self.talk(server, steps).all_lines().await
    }

    /// A Go client that takes these steps.
    pub(crate) fn talk(&self, server: &Endpoint, steps: &[&str]) -> Talk {
        let mut command = if server.transport == Transport::Msgpack {
            self.msgpack("client")
        } else {
            let mut command = tokio::process::Command::new(&self.client);
            command.args(["-network", server.transport.network()]);
            command
        };
        command.args(["-addr", &server.address]).args(server.transport.flag());
        command.args(steps);
        Talk::start(command)
    }
}

/// A Go client at work.
#[derive(Debug)]
pub(crate) struct Talk {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Talk {
    fn start(mut command: tokio::process::Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the Go client can be started");
        let stdout = child.stdout.take().expect("its stdout is a pipe");
        Self { child, stdout: BufReader::new(stdout) }
    }

    /// All the lines it prints.
    async fn all_lines(mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(line) = self.line().await {
            lines.push(line);
        }
        let status = eventually(self.child.wait()).await.expect("the Go client can be waited for");
        assert!(status.success(), "the Go client: {status}, after {lines:?}");
        lines
    }

    /// The next line it prints. What is not UTF-8, since the server said it, is replaced.
    pub(crate) async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = eventually(self.stdout.read_until(b'\n', &mut line)).await.expect("the pipe can be read");
        (read > 0).then(|| String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned())
    }
}
