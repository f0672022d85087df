//! The built binary as a server of a test's own: its data in a folder that goes with it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::{Answer, request, workspace_root};

/// The key that every test server accepts: 44 characters, read-write.
pub const KEY: &str = "dGVzdHMtb25seS1rZXktZm9yLWlzb2Jhci1zZXJ2ZXI=";

/// The binary beside the test's own.
pub fn isobar() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let folder = own.parent().and_then(Path::parent).expect("target/PROFILE/deps");
    let binary = folder.join("isobar");
    assert!(binary.exists(), "{} is not built; run `cargo build -p isobar-cli`", binary.display());
    binary
}

/// A folder under `target/`, empty at first.
pub fn scratch(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    let folder = workspace_root().join(format!("target/scratch/{name}-{}-{count}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// A running `isobar serve` or `isobar demo`; killed when this value goes.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
    keep: bool,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// `isobar serve` that reads AWS at `endpoint`; without a rate limit unless the flags set one.
    pub fn start(endpoint: &str, flags: &[&str]) -> Self {
        Self::start_in(scratch("serve"), endpoint, flags, &[])
    }

    /// The same over a given data folder, with further environment.
    pub fn start_in(folder: PathBuf, endpoint: &str, flags: &[&str], env: &[(&str, &str)]) -> Self {
        let mut words = vec!["serve", "--listen", "127.0.0.1:0"];
        if !flags.contains(&"--rate-requests") {
            words.extend(["--rate-requests", "0"]);
        }
        words.extend(flags);
        let mut pairs = vec![
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("ISOBAR_API_KEY", KEY),
        ];
        pairs.extend(env);
        Self::spawn(folder, &words, &pairs)
    }

    /// `isobar demo`.
    pub fn demo() -> Self {
        Self::demo_with(&[])
    }

    /// `isobar demo` with further flags.
    pub fn demo_with(flags: &[&str]) -> Self {
        let words: Vec<&str> = ["demo", "--listen", "127.0.0.1:0"].iter().chain(flags).copied().collect();
        Self::spawn(scratch("demo"), &words, &[])
    }

    fn spawn(folder: PathBuf, words: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(isobar());
        command.args(words).arg("--data-dir").arg(&folder).current_dir(&folder).env_clear();
        command.env("HOME", &folder).envs(env.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("isobar starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (say, said) = std::sync::mpsc::channel();
        let outputs: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("stdout is piped")),
            Box::new(child.stderr.take().expect("stderr is piped")),
        ];
        for output in outputs {
            let (log, say) = (log.clone(), say.clone());
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some(port) = port_in(&line) {
                        let _ = say.send(port);
                    }
                    let mut log = log.lock().expect("no thread panics with the log");
                    log.push_str(&line);
                    log.push('\n');
                }
            });
        }
        let port = said.recv_timeout(std::time::Duration::from_secs(60)).unwrap_or_else(|_| {
            panic!("isobar did not say where it listens:\n{}", log.lock().expect("no panic"))
        });
        Self { child, port, folder, keep: false, log }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process, to ask the kernel about.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Everything it printed so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no thread panics with the log").clone()
    }

    /// Sends a request with the key.
    #[track_caller]
    pub fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        let authorization = format!("Bearer {}", self.key());
        request(self.port, method, target, &[("Authorization", &authorization)], body.as_bytes())
    }

    /// A GET with the key.
    #[track_caller]
    pub fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "")
    }

    /// Links a role; the answer has to be 201.
    #[track_caller]
    pub fn link(&self, name: &str, role: &str) -> Value {
        let body = serde_json::json!({"name": name, "roleArn": role, "region": "eu-west-1"});
        let answer = self.ask("POST", "/aws/account", &body.to_string());
        assert_eq!(answer.status, 201, "{} {}", answer.text(), self.log());
        answer.json()
    }

    /// The key it accepts: [`KEY`], or the one the demo printed.
    pub fn key(&self) -> String {
        let log = self.log();
        let printed = log.lines().find_map(|line| line.strip_prefix("API key")).map(str::trim);
        printed.unwrap_or(KEY).to_owned()
    }

    /// Kills it as a power cut would, and gives the data folder back.
    pub fn crash(mut self) -> PathBuf {
        self.keep = true;
        self.folder.clone()
    }
}

/// The port in `... http://127.0.0.1:41234/...`.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("://127.0.0.1:")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
