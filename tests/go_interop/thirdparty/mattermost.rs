//! Mattermost, which runs its plugins with go-plugin: its own host, and a plugin made with its own module, in Go, with
//! those of our examples.

use tokio::process::Command;

use super::output;
use crate::go::go_or_return;
use crate::services::built_example;

/// What a host prints: what the plugin asks of it, after a dash, and what comes of its own calls.
const WANT: &str = r#"- command greet
activate: the command is taken
- command greet
- debug no database [error sql: connection is already closed]
- info active [word tabs length 4]
activate: <nil>
implemented: ExecuteCommand MessageWillBePosted OnActivate OnConfigurationChange OnDeactivate ServeHTTP
message: hello ¯\_(ツ)_/¯, the rest as it was: true; ""
message: I like tabs, the rest as it was: true; "nobody says tabs here"
- set greetings_ada = 1
- post town-square ada Welcome, @countess! 1
command: ephemeral greeting 1 is post-1
- set greetings_ada = 2
- post town-square ada Welcome, @countess! 2
command: ephemeral greeting 2 is post-2
command: GetUser: no such user, id=bob 404
- set greetings_ada = 3
- post archive ada Welcome, @countess! 3
command: CreatePost: the channel is archived 403
http: 201, from "gopher", 5 bytes, loud: true
http: 201, from "gopher", 1048576 bytes, loud: true
http: 404, from "", 0 bytes, loud: true
configure: Censor: no word is configured
configure: <nil>
message: I like tabs, the rest as it was: true; ""
message: I like spaces, the rest as it was: true; "nobody says spaces here"
- info not active any more []
deactivate: true
"#;

#[tokio::test]
async fn mattermost_cannot_tell_a_rust_plugin_from_a_go_plugin() {
    let mattermost = go_or_return!().mattermost();
    let ours = built_example("mattermost_plugin");
    for plugin in [&mattermost, &ours] {
        let mut command = Command::new(&mattermost);
        command.arg("host").arg(plugin);
        let (output, text) = output(command).await;
        let warnings = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {}, {warnings}", plugin.display(), output.status);
        assert_eq!(text, WANT, "{}: {warnings}", plugin.display());
        // A plugin in Go may be gone before it has said that it ends, and is warned of. Of any plugin, the host's yamux
        // may report what it could not write any more.
        assert!(*plugin != ours || warnings.lines().all(|line| line.contains("[ERR] yamux")), "{warnings}");
    }
}

#[tokio::test]
async fn plugins_in_go_and_rust_cannot_tell_a_rust_host_from_mattermost() {
    for plugin in [go_or_return!().mattermost(), built_example("mattermost_plugin")] {
        let mut command = Command::new(built_example("mattermost_host"));
        command.arg(&plugin);
        let (output, text) = output(command).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {}, {said}", plugin.display(), output.status);
        assert_eq!(text, WANT, "{}: {said}", plugin.display());
        // It is no error that the streams of the API end with the plugin.
        assert!(!said.lines().any(|line| line.starts_with("stream ")), "{said}");
    }
}
