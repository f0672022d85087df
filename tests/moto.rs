//! A moto server of a test's own, on a port that the system chose, and isobar pointed at one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::{isobar, python, request, workspace_root};

/// A running moto server. It goes when this value goes, and also when the test process is killed:
/// the server watches its standard input.
#[derive(Debug)]
pub struct Moto {
    child: Child,
    _stdin: Option<ChildStdin>,
    port: u16,
}

impl Moto {
    /// Starts one with nothing in it; ids are drawn from a fixed seed.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with settings of moto in the environment, `MOTO_ACCOUNT_ID` or
    /// `INITIAL_NO_AUTH_ACTION_COUNT`.
    pub fn start_with(env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(python());
        command
            .arg(workspace_root().join("tests/estates/moto_server.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // moto walks sets in places; with a fixed seed it walks them in the same order.
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for (name, value) in env {
            command.env(name, value);
        }
        let mut child = command.spawn().expect("Python starts");
        let stdin = child.stdin.take();
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("moto says its port");
        let port = line.trim().parse().unwrap_or_else(|_| {
            panic!("moto did not start (it said {line:?}); is the virtual environment complete?")
        });
        let moto = Self { child, _stdin: stdin, port };
        moto.seed(42);
        moto
    }

    /// Its address, for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes the ids that follow the same on every run.
    pub fn seed(&self, number: u32) {
        let answer = request(self.port, "POST", &format!("/moto-api/seed?a={number}"), &[], b"");
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // Errors mean that it has gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `isobar WORDS` in a folder, with nothing in its environment but keys and the address that AWS has:
/// a moto server, or a [`crate::Door`] before one.
pub fn isobar_at(url: &str, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(isobar());
    command
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}
