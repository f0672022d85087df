//! Running other programs, visibly.
//!
//! In: a program and its arguments. Out: its success, or an error that names the command. What the
//! commands are for is left to the callers.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// A command in a folder; the folder is mostly the workspace.
pub(crate) fn command(folder: &Path, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

/// The cargo that runs us.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    command(folder, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Prints the command, runs it, prints how long it took, and fails when it does.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let shown = shown(&command);
    println!("\n$ {shown}");
    let started = Instant::now();
    let status = command.status().with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    println!("  ({:.0} s)", started.elapsed().as_secs_f32());
    Ok(())
}

/// What a command prints on stdout; its stderr goes into the error.
pub(crate) fn output(mut command: Command) -> Result<String> {
    let shown = shown(&command);
    let output = command.output().with_context(|| format!("could not start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the command starts and succeeds, in silence.
pub(crate) fn works(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let mut text = program.into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
