//! The demo's recording is what its scripts say, and holds nothing of the server it came from.
//!
//! `ISOBAR_BLESS=1 cargo nextest run -p isobar-tests demo::` writes it anew.

use std::collections::HashSet;
use std::process::Command;

use isobar_recording::Recording;
use isobar_tests::{
    DEMO_REGIONS, blessing, demo_moto, demo_path, demo_recording, isobar, lines_from_recording, run_python,
    scratch,
};

/// Scans the estate with isobar and with boto3: both must bring the same, and what is committed.
#[test]
fn the_recording_is_current() {
    let moto = demo_moto();
    let mut arguments = vec![moto.url()];
    arguments.extend(DEMO_REGIONS.map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let boto = demo_recording(&run_python("dump.py", &arguments, &[]).ok());
    let fresh = demo_recording(&lines_from_recording(&scan(&moto.url())));
    same("isobar brings what boto3 does not", &fresh, &boto);
    same("isobar misses what boto3 brings", &boto, &fresh);
    if blessing() {
        std::fs::write(demo_path(), fresh.to_bundle()).expect("the bundle is written");
    }
    same("the demo is stale, see the head of this file", &fresh, &kept());
    same("the demo holds too much, see the head of this file", &kept(), &fresh);
}

fn scan(endpoint: &str) -> Recording {
    let folder = scratch("demo-scan");
    let mut command = Command::new(isobar());
    command
        .arg("scan")
        .current_dir(&folder)
        .env_clear()
        .env("HOME", &folder)
        .env("AWS_ENDPOINT_URL", endpoint);
    command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
    command.args(DEMO_REGIONS.iter().flat_map(|region| ["--region", region])).args(["-o", "scan.isobar"]);
    let ran = command.output().expect("isobar starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let bytes = std::fs::read(folder.join("scan.isobar")).expect("a recording");
    Recording::from_bundle(&bytes).expect("it opens")
}

/// Every line of the one is in the other.
#[track_caller]
fn same(what: &str, one: &Recording, other: &Recording) {
    let other = lines_from_recording(other);
    let other: HashSet<&str> = other.lines().collect();
    let one = lines_from_recording(one);
    let different: Vec<String> = one
        .lines()
        .filter(|line| !other.contains(line))
        // Asked by the collector itself, not by the catalog.
        .filter(|line| !["GetCallerIdentity", "DescribeRegions"].iter().any(|own| line.contains(own)))
        .map(|line| line.chars().take(1500).collect())
        .collect();
    assert!(different.is_empty(), "{what}: {} {}", different.len(), different.join("\n"));
}

#[test]
fn nothing_shows_where_it_came_from() {
    let kept = kept();
    assert!(!kept.is_partial(), "{:#?}", kept.gaps().collect::<Vec<_>>());
    let lines = lines_from_recording(&kept);
    for word in ["127.0.0.1", "moto", "not-a-real-secret", "vpc-123abc", "aaaaaaaaaa"] {
        if let Some(at) = lines.find(word) {
            let around: String =
                lines[..at].chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{word} after {around}");
        }
    }
}

fn kept() -> Recording {
    Recording::from_bundle(&std::fs::read(demo_path()).expect("a bundle")).expect("it opens")
}
