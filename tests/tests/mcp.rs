//! `isobar mcp` and `/mcp`, as the official Python client sees them.

use std::process::Command;

use isobar_tests::{Server, isobar, run_python, scratch};

#[test]
fn over_stdin_and_stdout() {
    let folder = scratch("mcp");
    let (binary, folder) = (isobar().display().to_string(), folder.display().to_string());
    assert!(run_python("mcp_client.py", &["stdio", &binary, &folder], &[]).ok().ends_with("ok\n"));
    let left: Vec<_> = std::fs::read_dir(&folder).expect("the folder is there").collect();
    assert!(left.is_empty(), "the demo keeps nothing: {left:?}");
}

#[test]
fn over_http() {
    let server = Server::demo();
    let url = format!("http://127.0.0.1:{}/mcp", server.port());
    // The demo has one key; a read-only server is one whose operator opened it so.
    let reading = Server::demo_with(&["--tools-open-on-loopback"]);
    let reading_url = format!("http://127.0.0.1:{}/mcp", reading.port());
    let ran = run_python("mcp_client.py", &["http", &url, &server.key(), &reading_url], &[]);
    assert!(ran.success, "{}\n{}\n--- server\n{}", ran.stdout, ran.stderr, server.log());
}

/// Whatever is logged, stdout belongs to the protocol.
#[test]
fn logs_go_to_stderr() {
    let mut command = Command::new(isobar());
    command.args(["mcp", "--demo", "--log", "trace"]).env("HOME", scratch("mcp-log"));
    let ran = command.stdin(std::process::Stdio::null()).output().expect("isobar starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "");
}
