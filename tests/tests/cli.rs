//! The built binary as a person or a script uses it: what it prints, where, and with which code.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use isobar_tests::{Moto, demo_path, run_python, workspace_root};

/// The binary beside this test's own.
pub(crate) fn isobar() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let folder = own.parent().and_then(Path::parent).expect("target/PROFILE/deps");
    let binary = folder.join("isobar");
    assert!(binary.exists(), "{} is not built; run `cargo build -p isobar-cli`", binary.display());
    binary
}

/// A folder of this test's own, gone with the build.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = workspace_root().join("target/scratch").join(format!("cli-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// Runs isobar in a bare environment.
fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(isobar());
    command.args(words).current_dir(folder).env_clear().env("HOME", folder).stdin(Stdio::null());
    command.output().expect("isobar starts")
}

/// Checks the exit code, and words on stdout and stderr.
#[track_caller]
fn check(folder: &Path, words: &[&str], code: i32, stdout: &str, stderr: &str) -> Output {
    let ran = run(folder, words);
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(code), "{words:?}\n{err}");
    assert!(out.contains(stdout), "{words:?}: {stdout:?} is not in\n{out}");
    assert!(err.contains(stderr), "{words:?}: {stderr:?} is not in\n{err}");
    ran
}

#[test]
fn help_and_mistakes() {
    let home = scratch("help");
    check(&home, &["--version"], 0, "isobar 0.", "");
    check(&home, &["--help"], 0, "Exit codes:", "");
    check(&home, &["snapshot", "--help"], 0, "--projection", "");
    check(&home, &["picture"], 2, "", "unrecognized subcommand");
    check(&home, &["snapshot", "--theme", "blue"], 2, "", "[possible values: light, dark]");
    check(&home, &["snapshot"], 1, "", "which region?");
    check(&home, &["snapshot", "--region", "us-mars-1"], 1, "", "us-mars-1");
    check(&home, &["scan", "--region", "us-east-1", "--service", "sqq", "-o", "x"], 1, "", "isobar services");
    check(&home, &["account", "list", "--config", "nowhere.toml"], 1, "", "nowhere.toml");
    check(&home, &["--log", "=;=", "services"], 1, "", "no log filter");
    std::fs::write(home.join("isobar.toml"), "outptu = 1").expect("written");
    check(&home, &["services"], 1, "", "unknown field `outptu`");
}

#[test]
fn a_neutral_graph_is_placed() {
    let home = scratch("layout");
    let graph = r#"{"nodes": [{"id": "v", "kind": "vpc"}, {"id": "a", "parent": "v"}, {"id": "b", "parent": "v"}],
        "edges": [{"id": "e", "from": "a", "to": "b"}]}"#;
    std::fs::write(home.join("in.json"), graph).expect("written");
    let placed = |bytes: &[u8]| {
        let placed: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        assert_eq!(placed["edges"][0]["members"], serde_json::json!(["e"]));
        assert_eq!(placed["nodes"].as_array().map(Vec::len), Some(3));
    };
    let told = "3 nodes, 1 lines, 0 edges omitted";
    placed(&check(&home, &["layout", "in.json"], 0, "\"points\"", told).stdout);
    check(&home, &["layout", "in.json", "out.json", "--all-edges", "--output", "json"], 0, "", told);
    placed(&std::fs::read(home.join("out.json")).expect("written by isobar"));
    check(&home, &["layout", "nowhere.json"], 1, "", "nowhere.json");
    std::fs::write(home.join("in.json"), r#"{"nodes": [{"id": "a", "parent": "a"}]}"#).expect("written");
    check(&home, &["layout", "in.json"], 1, "", "a");
}

#[test]
fn the_catalog_as_table_and_json() {
    let home = scratch("services");
    check(&home, &["services"], 0, "Not covered:", "");
    let ran = check(&home, &["services", "--output", "json"], 0, "", "");
    let catalog: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let names: Vec<&str> = catalog["services"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|service| service["service"].as_str())
        .collect();
    assert!(names.contains(&"ec2") && names.is_sorted(), "{names:?}");
    let ran = check(&home, &["policy", "minimal"], 0, "ec2:DescribeVpcs", "");
    let policy: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert_eq!(policy["Version"], "2012-10-17");
    check(&home, &["completions", "bash"], 0, "_isobar", "");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let home = scratch("pipe");
    let mut command = Command::new(isobar());
    command.args(["completions", "zsh"]).current_dir(&home).env_clear().env("HOME", &home);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("isobar starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!((child.wait().expect("it ends").code(), said.as_str()), (Some(0), ""));
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let home = scratch("keys");
    let data = ["--data-dir", "data"];
    let with = |words: &[&'static str]| [words, &data].concat();
    let ran =
        check(&home, &with(&["key", "create", "--name", "laptop", "--write"]), 0, "", "not shown again");
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim_end().len(), 44);
    let ran = check(&home, &with(&["key", "list", "--output", "json"]), 0, "laptop", "");
    let keys: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    let id = keys[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(keys[0]["revokedAt"], serde_json::Value::Null);
    check(&home, &["key", "revoke", &id, "--data-dir", "data"], 0, "", "revoked");
    check(&home, &["key", "revoke", &id, "--data-dir", "data"], 1, "", "no such key");
    check(&home, &["key", "revoke", "laptop", "--data-dir", "data"], 1, "", "isobar key list");
    check(&home, &with(&["account", "list"]), 0, "AWS ACCOUNT", "");
    check(&home, &with(&["account", "remove", "prod"]), 1, "", "isobar account list");
    check(&home, &with(&["account", "add", "--name", "x", "--role-arn", "arn:x"]), 1, "", "roleArn");
}

#[test]
fn recordings_are_drawn_offline() {
    let home = scratch("draw");
    let demo = demo_path();
    let demo = demo.to_str().expect("UTF-8");
    check(&home, &["recording", "show", demo], 0, "account  ", "");
    let draw = |words: &[&str]| {
        let words: Vec<&str> = ["snapshot", "--from-recording", demo].iter().chain(words).copied().collect();
        check(&home, &words, 0, "", "").stdout
    };
    assert!(draw(&[]).starts_with(b"<?xml") || draw(&[]).starts_with(b"<svg"));
    assert!(draw(&["-f", "mxGraph"]).starts_with(b"<"));
    let json: serde_json::Value = serde_json::from_slice(&draw(&["--format", "json"])).expect("JSON");
    assert!(json["data"]["nodes"].as_array().is_some_and(|nodes| nodes.len() > 20));
    draw(&["-o", "a.png", "--width", "640", "--height", "480", "--projection", "2d", "--theme", "dark"]);
    let png = std::fs::read(home.join("a.png")).expect("a picture was written");
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(png[16..24], [0, 0, 2, 128, 0, 0, 1, 224]);
    let words = ["snapshot", "--from-recording", demo, "--region", "sa-east-1"];
    check(&home, &words, 1, "", "knows nothing of sa-east-1");
    let words = ["snapshot", "--from-recording", demo, "--filter", "(a"];
    check(&home, &words, 1, "", "filter");
    check(&home, &["snapshot", "--from-recording", "nowhere"], 1, "", "nowhere");
}

#[test]
fn an_earlier_snapshot_is_a_guide_where_it_is_named() {
    let home = scratch("like");
    let demo = demo_path();
    let demo = demo.to_str().expect("UTF-8");
    let base = ["snapshot", "--from-recording", demo, "--region", "eu-west-1"];
    let draw = |words: &[&str], said: &str| check(&home, &[&base[..], words].concat(), 0, "", said).stdout;
    draw(&["-o", "full.json"], "");
    let less = ["--exclude", "sqs", "-f", "json"];
    let (alone, like) = (draw(&less, ""), draw(&[&less[..], &["--like", "full.json"]].concat(), ""));
    assert!(alone != like, "the earlier snapshot changed nothing");
    // The recording is laid out as it is drawn now: without queues, so it changes nothing.
    let again = draw(&[&less[..], &["--like", demo]].concat(), "");
    let nodes = |text: &[u8]| {
        let all: serde_json::Value = serde_json::from_slice(text).expect("JSON");
        all["data"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|n| n["mapPos"].clone())
            .collect::<Vec<_>>()
    };
    let moved = nodes(&again).iter().zip(nodes(&alone)).filter(|(a, b)| *a != b).count();
    assert_eq!(moved, 0, "resources that move");
    // What is locked where it cannot be is told.
    let full = std::fs::read_to_string(home.join("full.json")).expect("it was written");
    let mut full: serde_json::Value = serde_json::from_str(&full).expect("JSON");
    let node = &mut full["data"]["nodes"][0];
    (node["locked"], node["mapPos"]) = (true.into(), serde_json::json!([-900, -900]));
    std::fs::write(home.join("locked.json"), full.to_string()).expect("written");
    draw(&["--like", "locked.json"], "could not be kept where it is locked");
    for (file, words) in [
        ("nowhere.json", "nowhere.json"),
        ("odd.json", "Invalid parameter: like. Must be the JSON of an earlier snapshot; it has no nodes"),
    ] {
        std::fs::write(home.join("odd.json"), "{}").expect("written");
        check(&home, &[&base[..], &["--like", file]].concat(), 1, "", words);
    }
    let other = [&base[..], &["--like", "locked.json", "--projection", "2d"]].concat();
    check(&home, &other, 1, "", "Must be drawn with projection=isometric");
}

#[test]
fn recordings_travel_as_cloudmappers_tree() {
    let home = scratch("tree");
    let demo = demo_path();
    check(&home, &["recording", "export", demo.to_str().expect("UTF-8"), "-o", "tree"], 0, "", "calls");
    check(&home, &["recording", "import", "tree", "-o", "again.isobar"], 0, "", "calls");
    let show = |path: &str| run(&home, &["recording", "show", "--output", "json", path]).stdout;
    let of = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON");
    let (before, after) = (of(show(demo.to_str().expect("UTF-8"))), of(show("again.isobar")));
    assert_eq!(before["awsAccount"], after["awsAccount"]);
    assert_eq!(before["regions"], after["regions"]);
}

/// AWS as moto plays it, through ambient credentials, a role, and a linked account.
#[test]
fn accounts_are_read_with_all_kinds_of_credentials() {
    let home = scratch("scan");
    let moto = Moto::start();
    let vpc = run_python("make_vpc.py", &[&moto.url()], &[]).ok();
    let run = |words: &[&str], stdout: &str, stderr: &str| {
        let mut command = Command::new(isobar());
        command.args(words).current_dir(&home).env_clear().env("HOME", &home).stdin(Stdio::null());
        command.env("AWS_ENDPOINT_URL", moto.url()).env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "example");
        let ran = command.output().expect("isobar starts");
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(0), "{words:?}\n{err}");
        assert!(out.contains(stdout), "{words:?}: {stdout:?} is not in\n{out}");
        assert!(err.contains(stderr), "{words:?}: {stderr:?} is not in\n{err}");
    };
    let vpc = vpc.trim();
    let region = ["--region", "eu-west-1"];
    let with = |words: &[&'static str]| [words, &region].concat();
    run(&with(&["scan", "--service", "ec2", "-o", "a.isobar"]), "", "a.isobar: ");
    run(&["snapshot", "--from-recording", "a.isobar", "-f", "json"], vpc, "");
    let role = "arn:aws:iam::123456789012:role/isobar";
    let of_role = ["snapshot", "--service", "ec2", "--role-arn", role, "--external-id", "x", "-f", "json"];
    run(&[&of_role[..], &region].concat(), vpc, "reading eu-west-1");
    // moto asks for no external id, which is what the warning is about.
    run(&["account", "add", "--name", "shop", "--role-arn", role], role, "confused deputy");
    run(&["account", "verify", "shop"], "warning", "confused deputy");
    run(&["account", "update", "shop", "--name", "store"], "store", "");
    run(&with(&["snapshot", "--account", "store", "-f", "json"]), vpc, "");
    run(&["account", "parameters"], "external id", "");
    run(&["account", "remove", "store"], "", "removed store");
}
