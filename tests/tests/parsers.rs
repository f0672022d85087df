//! Everything that reads text or bytes from elsewhere, over the fuzzer's seeds and mutations of them.
//!
//! What must hold is written once, in `fuzz/src`, and shared with the fuzz targets. An input that once
//! broke something lies among the seeds, so that it is tried here each time.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[allow(unreachable_pub)] // a crate of its own to the fuzzer
#[path = "../../fuzz/src/lib.rs"]
mod doors;

fn seeds(door: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(door);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("seeds").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).expect("a seed")).collect()
}

/// Pieces that texts of any door are made of or break on.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"'",
    b"\\",
    b"\0",
    b"\n",
    b"\xff",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"=",
    b"*",
    b"%",
    b"%2F",
    b"..",
    b"/",
    b"-",
    b"--",
    b"<",
    b"</",
    b">",
    b"&",
    b"&#x0;",
    b"<![CDATA[",
    b"null",
    b"true",
    b"1e999",
    b"-9223372036854775809",
    b"\\ud800",
    b"AND",
    b"NOT",
    b"(",
    b")",
    b"!",
    b"arn:",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae",
    b"2026-01-02T03:04:05Z",
    b"~",
    b"+",
    b".json",
    b"&a",
    b"*a",
    b"!!",
];

/// One change: where, how much goes, what comes.
fn change() -> impl Strategy<Value = (u16, u8, Vec<u8>)> {
    let piece = proptest::sample::select(PIECES).prop_map(<[u8]>::to_vec);
    let comes = prop_oneof![piece, proptest::collection::vec(any::<u8>(), 0..6)];
    (any::<u16>(), 0..6u8, comes)
}

fn changed(seed: &[u8], changes: &[(u16, u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, goes, comes) in changes {
        let from = usize::from(*at) % (bytes.len() + 1);
        let to = (from + usize::from(*goes)).min(bytes.len());
        bytes.splice(from..to, comes.iter().copied());
    }
    bytes
}

/// Tries a door's seeds, then so many mutations of them; the same ones on every run.
fn check(door: &str, cases: u32) {
    let (_, open) = doors::ALL.iter().find(|(name, _)| *name == door).expect("a door");
    let seeds = seeds(door);
    seeds.iter().for_each(|seed| open(seed));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mutations = (proptest::sample::select(seeds), proptest::collection::vec(change(), 0..8));
    let ran = runner.run(&mutations, |(seed, changes)| {
        open(&changed(&seed, &changes));
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{door}: {failure}");
    }
}

#[test]
fn arguments_config_filters_snapshots_and_words() {
    for door in ["arguments", "config", "filter", "snapshot", "words"] {
        check(door, 600);
    }
}

#[test]
fn policies_and_answers() {
    check("policy", 400);
    check("response", 400);
}

#[test]
fn recordings() {
    check("bundle", 400);
    check("tree", 150);
}

#[test]
fn accounts() {
    check("account", 24);
}

#[test]
fn every_door_has_a_target_and_seeds() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).expect("a manifest");
    for (door, _) in doors::ALL {
        assert!(fuzz.join("fuzz_targets").join(format!("{door}.rs")).is_file(), "{door}");
        assert!(manifest.contains(&format!("name = \"{door}\"")) && !seeds(door).is_empty(), "{door}");
    }
}
