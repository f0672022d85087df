//! The demo's recording: the estate of `tests/estates/ottersea`, scanned, mended, packed.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use isobar_model::Timestamp;
use isobar_recording::Recording;

use crate::{Moto, python, recording_from_lines, run_python, workspace_root};

/// The demo company's account number, one of those AWS keeps for examples.
pub const DEMO_ACCOUNT: &str = "111122223333";
/// The regions the demo company works in.
pub const DEMO_REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// Where the packed recording lies, from which the program embeds it.
pub fn demo_path() -> PathBuf {
    workspace_root().join("crates/serve/app/demo/demo.isobar")
}

/// A moto server with the demo's estate in it.
pub fn demo_moto() -> Moto {
    let moto = Moto::start_with(&[("MOTO_ACCOUNT_ID", DEMO_ACCOUNT)]);
    run_python("demo.py", &[&moto.url(), DEMO_ACCOUNT], &[]).ok();
    moto
}

/// Mends what moto lacks or invents, and gives the lines the demo's name and time.
pub fn demo_recording(lines: &str) -> Recording {
    let mut child = Command::new(python())
        .arg(workspace_root().join("tests/estates/polish.py"))
        .arg(DEMO_ACCOUNT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let text = lines.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("polish.py ends");
    writer.join().expect("no panic").expect("polish.py reads all lines");
    assert!(output.status.success(), "polish.py failed");
    let mended = String::from_utf8(output.stdout).expect("UTF-8");
    let at = Timestamp::parse("2026-11-16T09:30:00Z").expect("a time");
    recording_from_lines(&mended, DEMO_ACCOUNT, "Ottersea Books", at)
}
