//! `cargo xtask models`: the trimmed AWS models, made from the pinned botocore or compared with it.
//!
//! In: `xtask/models/requirements.txt` (the pin) and PyPI. Out: the files of `crates/read/aws/models`.
//! How the models are cut down is `xtask/models/extract.py`'s own matter.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Rewrites the models; with `check`, only compares them with a fresh extraction.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent folder")?;
    let python = environment(root)?;
    let mut command = Command::new(python);
    command.arg(root.join("xtask/models/extract.py")).arg(root.join("crates/read/aws/models"));
    if check {
        command.arg("--check");
    }
    call(&mut command)
}

/// A virtual environment with the pinned packages; made anew when the pins have changed.
fn environment(root: &Path) -> Result<PathBuf> {
    let pins = root.join("xtask/models/requirements.txt");
    let folder = root.join("target/models-venv");
    let python = folder.join("bin/python");
    let stamp = folder.join("pins.txt");
    let wanted = std::fs::read(&pins).with_context(|| format!("reading {}", pins.display()))?;
    if python.exists() && std::fs::read(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    call(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"];
    // botocore's own needs, which --no-deps leaves out, do not change what is extracted.
    call(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["jmespath", "python-dateutil", "urllib3"]),
    )?;
    call(Command::new(&python).args(quiet).arg(&pins))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}

fn call(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}
