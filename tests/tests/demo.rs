//! The demo's recording is what its scripts say, and holds nothing of the server it came from.
//!
//! `ISOBAR_BLESS=1 cargo nextest run -p isobar-tests demo::` writes it anew.

use isobar_recording::Recording;
use isobar_tests::{
    DEMO_REGIONS, blessing, demo_moto, demo_path, demo_recording, lines_from_recording, run_python,
};

#[test]
fn the_recording_is_current() {
    let moto = demo_moto();
    let mut arguments = vec![moto.url()];
    arguments.extend(DEMO_REGIONS.map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let fresh = demo_recording(&run_python("dump.py", &arguments, &[]).ok());
    if blessing() {
        std::fs::write(demo_path(), fresh.to_bundle()).expect("the bundle is written");
    }
    let (kept, fresh) = (lines_from_recording(&kept()), lines_from_recording(&fresh));
    let different: Vec<&str> = fresh
        .lines()
        .filter(|line| !kept.lines().any(|other| other == *line))
        .map(|line| line.split(",\"answer\"").next().unwrap_or(line))
        .collect();
    assert!(different.is_empty(), "the demo is stale, see the head of this file: {different:#?}");
    assert_eq!(kept.lines().count(), fresh.lines().count(), "the demo is stale: see the head of this file");
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
