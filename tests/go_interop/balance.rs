//! The example with tower's stack over two Go servers.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::go::go_or_return;
use crate::patience::eventually;
use crate::peers::Transport;
use crate::services::built_example;

#[tokio::test]
async fn when_one_of_two_go_servers_dies_the_other_gets_all_calls() {
    let go = go_or_return!();
    let mut servers = [go.server(Transport::Tcp).await, go.server(Transport::Tcp).await];
    let mut command = Command::new(built_example("tower"));
    command.args(servers.iter().map(|server| &server.endpoint.address));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut client = command.spawn().expect("the example can be started");
    let mut lines = BufReader::new(client.stdout.take().expect("its stdout is a pipe")).lines();
    for a in 1..=10 {
        let line = eventually(lines.next_line()).await.expect("it prints text");
        assert_eq!(line, Some(format!("{a} * 2 = {}", 2 * a)));
        if a == 3 {
            servers[0].kill().await;
        }
    }
    assert!(eventually(client.wait()).await.expect("it ends").success());
}
