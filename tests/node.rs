//! Node with the packages of `tests/node`, as `cargo xtask test` installs them.

use std::process::{Command, Stdio};

use crate::{Ran, workspace_root};

/// Runs `tests/node/<script>` with these arguments.
pub fn run_node(script: &str, args: &[&str]) -> Ran {
    let folder = workspace_root().join("tests/node");
    let node = folder.join("node_modules/.bin/node");
    assert!(
        node.exists(),
        "{} is missing: run `cargo xtask test` once, it installs tests/node/package.json there",
        node.display()
    );
    let mut command = Command::new(node);
    command.arg(folder.join(script)).args(args).stdin(Stdio::null());
    let output = command.output().expect("Node starts");
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        success: output.status.success(),
    }
}
