//! Go's debug page, looked at in a real browser.
//!
//! The browser is `$GOBRPC_BROWSER`, else a Chromium or Chrome on `PATH`. `GOBRPC_SKIP_BROWSER=1` leaves the test out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use gobrpc::rpc::Client;
use tokio::net::TcpListener;
use tokio::process::Command;

use super::{ARGS, eventually, server};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser, or `None` when it is to be left out.
fn browser() -> Option<PathBuf> {
    if std::env::var_os("GOBRPC_SKIP_BROWSER").is_some_and(|value| value == "1") {
        // Not through `eprintln!`, which a passing test keeps to itself.
        let _ = writeln!(std::io::stderr(), "left out (GOBRPC_SKIP_BROWSER=1): the debug page in a browser");
        return None;
    }
    if let Some(named) = std::env::var_os("GOBRPC_BROWSER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name))).find(|path| path.is_file());
    assert!(
        found.is_some(),
        "no browser: put one of {NAMES:?} on PATH, name one in GOBRPC_BROWSER, or set GOBRPC_SKIP_BROWSER=1 to leave \
         this test out"
    );
    found
}

/// Has the browser look at a page without a window.
async fn look(browser: &Path, args: &[&str], url: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ])
        .args(["--hide-scrollbars", "--window-size=800,600"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(args)
        .arg(url)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(std::time::Duration::from_secs(60), output).await.expect("the browser is stuck");
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", browser.display()));
    assert!(output.status.success(), "{}: {}", browser.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn screenshot(browser: &Path, url: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("page.png");
    look(browser, &[&format!("--screenshot={}", file.display())], url).await;
    let picture = std::fs::read(&file).expect("the browser has taken a picture");
    assert!(picture.starts_with(b"\x89PNG"));
    if let Some(dir) = std::env::var_os("GOBRPC_SCREENSHOTS") {
        let _ = std::fs::copy(&file, Path::new(&dir).join(format!("debug-{}.png", picture.len())));
    }
    picture
}

/// The cells of all rows, and the headings, as the browser understands the page.
fn words(dom: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in dom.split('<').filter_map(|piece| piece.split_once('>')) {
        let text = piece.1.trim();
        if !text.is_empty() {
            words.push(text.to_owned());
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_services_methods_and_counts() {
    let Some(browser) = browser() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(server().serve_http(listener));
    let url = format!("http://{address}/debug/rpc");
    let before = screenshot(&browser, &url).await;

    // RPC over the port of the page.
    let client = Client::connect_http(&address).await.unwrap();
    for _ in 0..42 {
        assert_eq!(eventually(client.call::<isize>("Arith.Multiply", &ARGS)).await.unwrap(), 56);
    }
    let dom = look(&browser, &["--dump-dom"], &url).await;
    assert!(dom.contains("<title>Services</title>"), "{dom}");
    let words = words(&dom);
    let at = |text: &str| words.iter().position(|word| word == text).unwrap_or_else(|| panic!("{text}: {words:?}"));
    assert!(at("Service Arith") < at("Service Empty") && at("Service Empty") < at("Service with.dots"), "{words:?}");
    assert_eq!(words[at("Multiply(main.Args, *int) error") + 1], "42");
    assert_eq!(words[at("Divide(main.Args, *main.Quotient) error") + 1], "0");
    assert_eq!(dom.matches("<table>").count(), 3, "{dom}");

    // What is seen changes with the count, and with nothing else.
    let after = screenshot(&browser, &url).await;
    assert_ne!(before, after);
    assert_eq!(after, screenshot(&browser, &url).await);
}
