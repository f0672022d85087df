//! What one command costs on a generated account, for `cargo xtask bench`.
//!
//! `times make FOLDER INSTANCES ROLES` writes the account; `times run FOLDER COMMAND ...` runs one
//! command in this process and prints a line of JSON: CPU seconds, the peak of memory, sizes. A process
//! a command, so that the peak is that command's.

use std::fs;
use std::path::Path;

use isobar_cloudmapper::{Context, Workplace, parse, run};
use isobar_testkit::account_data;
use serde_json::json;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", folder, instances, roles] => {
            make(Path::new(folder), instances.parse().expect("a number"), roles.parse().expect("a number"));
        }
        ["run", folder, command @ ..] => measure(Path::new(folder), command),
        _ => eprintln!("usage: times make FOLDER INSTANCES ROLES | times run FOLDER COMMAND ..."),
    }
}

fn make(folder: &Path, instances: usize, roles: usize) {
    let _ = fs::remove_dir_all(folder);
    for (path, value) in account_data(instances, roles) {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("writes");
        fs::write(file, serde_json::to_string_pretty(&value).expect("JSON")).expect("writes");
    }
}

fn measure(folder: &Path, words: &[&str]) {
    let output = match parse(words) {
        Ok(command) => run(&command, Context::new(Workplace::open(folder), isobar_model::Timestamp::now())),
        Err(output) => output,
    };
    assert_eq!(output.code, 0, "{}", output.stderr);
    let written = fs::metadata(folder.join("web/data.json")).map_or(0, |m| m.len());
    println!(
        "{}",
        json!({"command": words.join(" "), "seconds": cpu_seconds(), "peak": peak_bytes(),
            "stdout": output.stdout.len(), "written": written})
    );
}

/// User and system time of this process so far, in the system's ticks of a hundredth of a second.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in brackets, which may hold blanks.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory this process held; 0 where the system does not say.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
