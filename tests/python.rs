//! Python with moto, boto3 and Cloudcraft's SDK, from the virtual environment of the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// The interpreter of the virtual environment: `ISOBAR_VENV`, else `.venv` in the workspace.
pub fn python() -> PathBuf {
    let venv = match std::env::var_os("ISOBAR_VENV") {
        Some(path) => PathBuf::from(path),
        None => workspace_root().join(".venv"),
    };
    let python = venv.join("bin/python");
    assert!(
        python.exists(),
        "{} is missing: run `cargo xtask test` once, it installs tests/requirements.txt there",
        python.display()
    );
    python
}

/// What a script printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Whether it ended with 0.
    pub success: bool,
}

impl Ran {
    /// Standard output of a script that has to succeed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert!(self.success, "the script failed\n{}\n{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// Runs `tests/estates/<script>` with these arguments and further environment. Variables that
/// would lead boto3 to a real account are taken away.
pub fn run_python(script: &str, args: &[&str], env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(python());
    command
        .arg(workspace_root().join("tests/estates").join(script))
        .args(args)
        .stdin(Stdio::null())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN")
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_DEFAULT_REGION", "us-east-1");
    for (name, value) in env {
        command.env(name, value);
    }
    let output = command.output().expect("Python starts");
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        success: output.status.success(),
    }
}
