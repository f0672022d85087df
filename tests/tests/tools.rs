//! `POST /api/tools/cloudmapper`: the contract of hexstrike-ai's client, and each of the faults of its
//! server as an attack that fails.

use std::path::Path;
use std::process::Command;

use isobar_recording::Recording;
use isobar_tests::{Answer, KEY, Server, demo_path, isobar, request, run_python, scratch};
use serde_json::{Value, json};

const TARGET: &str = "/api/tools/cloudmapper";

/// A server over CloudMapper's own folder with the demo in it as the account `Ottersea Books`.
fn server(flags: &[&str]) -> (Server, std::path::PathBuf) {
    let folder = scratch("tools");
    let recording = Recording::from_bundle(&std::fs::read(demo_path()).expect("a bundle")).expect("it opens");
    isobar_recording::tree::export(&recording, &folder.join("cloudmapper")).expect("a tree");
    std::fs::write(folder.join("outside.json"), r#"{"accounts": [{"id": "1", "name": "x"}], "cidrs": {}}"#)
        .expect("a file");
    let server = Server::start_in(folder.clone(), "http://127.0.0.1:1", flags, &[]);
    (server, folder)
}

const DEMO: &str = "Ottersea Books";

fn post(server: &Server, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend(headers);
    request(server.port(), "POST", TARGET, &all, body.as_bytes())
}

/// The result object of a call with a read-write key.
#[track_caller]
fn call(server: &Server, action: &str, account: &str, config: &str, more: &str) -> Value {
    let body = json!({"action": action, "account": account, "config": config, "additional_args": more});
    let bearer = format!("Bearer {KEY}");
    let answer = post(server, &[("Authorization", &bearer)], &body.to_string());
    assert_eq!(answer.status, 200, "{body}: {}", answer.text());
    answer.json()
}

/// A call that has to fail with this code and these words on stderr.
#[track_caller]
fn refused(server: &Server, call_of: [&str; 4], code: i64, words: &str) {
    let [action, account, config, more] = call_of;
    let result = call(server, action, account, config, more);
    assert_eq!((result["return_code"].as_i64(), &result["success"]), (Some(code), &json!(false)), "{result}");
    assert!(result["stderr"].as_str().expect("text").contains(words), "{call_of:?}: {result}");
    assert_eq!(result["stdout"], "", "{result}");
}

/// The client's own calls, over a server that was opened for it.
#[test]
fn the_calls_of_hexstrikes_client() {
    let (server, _) = server(&["--tools-open-on-loopback"]);
    let url = format!("http://127.0.0.1:{}", server.port());
    let ran = run_python("tools_client.py", &[&url, DEMO], &[]);
    assert!(ran.success, "{}\n{}\n--- server\n{}", ran.stdout, ran.stderr, server.log());
}

#[test]
fn statuses_as_documented() {
    let (server, _) = server(&[]);
    let bearer = format!("Bearer {KEY}");
    let with_key = |body: &str| post(&server, &[("Authorization", &bearer)], body);
    for body in ["{}", r#"{"account": ""}"#, r#"{"action": "stats", "account": null}"#, r#"{"account": 0}"#] {
        let answer = with_key(body);
        assert_eq!(answer.status, 400);
        assert_eq!(answer.text(), r#"{"error":"Account parameter is required for most actions"}"#);
    }
    for body in ["", "{", "null", "[]", "5", r#"{"account": ["a"]}"#] {
        let answer = with_key(body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].is_string(), "{body}");
    }
    let plain = request(
        server.port(),
        "POST",
        TARGET,
        &[("Authorization", &bearer), ("Content-Type", "text/plain")],
        b"{}",
    );
    assert_eq!((plain.status, plain.json()["error"].is_string()), (415, true));
    let get = request(server.port(), "GET", TARGET, &[("Authorization", &bearer)], b"");
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    let slash = request(server.port(), "POST", &format!("{TARGET}/"), &[("Authorization", &bearer)], b"{}");
    assert_eq!((slash.status, slash.json()["error"].is_string()), (404, true));
    let other = request(server.port(), "POST", "/api/tools/nmap", &[("Authorization", &bearer)], b"{}");
    assert_eq!(other.status, 404);
    let health = request(server.port(), "GET", "/health", &[], b"");
    assert_eq!((health.status, &health.json()["status"]), (200, &json!("healthy")));
}

/// Fault 1: no text reaches a shell.
#[test]
fn nothing_is_a_shell() {
    let (server, folder) = server(&[]);
    for text in
        ["demo; echo PWNED > PWNED; #", "$(touch PWNED)", "`touch PWNED`", "a|touch PWNED", "a\ntouch PWNED"]
    {
        for at in 0..4 {
            let mut texts = ["stats", DEMO, "config.json", ""];
            texts[at] = text;
            let [action, account, config, more] = texts;
            let result = call(&server, action, account, config, more);
            assert_eq!(result["success"], false, "{texts:?}: {result}");
            assert!(!result["stdout"].as_str().expect("text").contains("PWNED"), "{result}");
        }
    }
    assert_eq!(find(&folder, "PWNED"), None);
}

fn find(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        let found = entry.file_name() == name;
        if found { Some(path) } else { path.is_dir().then(|| find(&path, name)).flatten() }
    })
}

/// Fault 2: only commands, and those that change things only with the right key.
#[test]
fn only_commands_and_only_with_rights() {
    let (server, folder) = server(&[]);
    refused(&server, ["stats; id", "x", "", ""], 2, "no command");
    refused(&server, ["../../bin/sh", "x", "", ""], 2, "no command");
    let unknown = call(&server, "private_thing", "x", "", "");
    assert_eq!((&unknown["return_code"], &unknown["success"]), (&json!(255), &json!(false)));
    refused(&server, ["stats", DEMO, "config.json", "--nonsense"], 2, "unexpected argument");
    let made = Command::new(isobar())
        .args(["key", "create", "--data-dir"])
        .arg(&folder)
        .output()
        .expect("isobar starts");
    let printed = String::from_utf8_lossy(&made.stdout);
    let key = printed.split_whitespace().max_by_key(|word| word.len()).expect("a key").to_owned();
    for action in ["collect", "configure"] {
        let body =
            json!({"action": action, "account": "x", "additional_args": "add-account --id 1"}).to_string();
        let answer = post(&server, &[("Authorization", &format!("Bearer {key}"))], &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let result = answer.json();
        assert!(result["stderr"].as_str().expect("text").contains("read-write"), "{result}");
    }
    // With the right key it works, and with one that only reads what was configured can be used.
    let done = call(&server, "configure", "second", "config.json", "add-account --id 210987654321");
    assert_eq!(done["return_code"], 0, "{done}");
    let config = std::fs::read_to_string(folder.join("cloudmapper/config.json")).expect("a config");
    assert!(config.contains("210987654321") && config.contains("second"), "{config}");
    refused(&server, ["collect", "second", "config.json", ""], 1, "not linked");
    let web = call(&server, "webserver", "", "config.json", "");
    assert!(web["stdout"].as_str().expect("text").contains(&server.port().to_string()), "{web}");
}

/// Fault 3: no file outside the folder is read, written, deleted, or known to exist.
#[test]
fn nobody_leaves_the_folder() {
    let (server, folder) = server(&[]);
    let outside = folder.join("outside.json").display().to_string();
    for config in
        ["../outside.json", outside.as_str(), "/etc/passwd", "a/../../outside.json", "../nowhere.json"]
    {
        refused(&server, ["stats", "x", config, ""], 2, "outside the folder");
        refused(&server, ["configure", "x", config, "add-account --id 1"], 2, "outside the folder");
    }
    for account in ["..", "../../etc", "/", "a/b", "."] {
        let result = call(&server, "collect", account, "config.json", "--clean");
        assert_eq!(result["success"], false, "{result}");
        let result = call(&server, "stats", account, "config.json", "");
        assert_eq!(result["return_code"], 1, "{result}");
        refused(
            &server,
            ["configure", account, "config.json", "add-account --id 1"],
            1,
            "cannot name an account",
        );
    }
    for (action, option) in [("report", "--output-file"), ("stats", "--output_image")] {
        let result = call(&server, action, DEMO, "config.json", &format!("{option} ../stolen"));
        assert_eq!(result["return_code"], 2, "{result}");
    }
    assert!(folder.join("outside.json").exists() && folder.join("isobar.db").exists());
    assert_eq!(find(&folder, "stolen"), None);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("outside.json"), folder.join("cloudmapper/link.json"))
            .expect("a link");
        refused(&server, ["stats", "x", "link.json", ""], 2, "outside the folder");
    }
}

/// Fault 4: nothing that reaches out, and no programs in filters.
#[test]
fn nothing_reaches_out() {
    let (server, _) = server(&[]);
    refused(&server, ["collect", DEMO, "config.json", "--profile root"], 2, "--profile is not allowed");
    refused(&server, ["collect", DEMO, "config.json", "--prof=root"], 2, "--profile is not allowed");
    refused(&server, ["webserver", "", "", "--public"], 2, "--public is not allowed");
    let filter = call(&server, "amis", DEMO, "config.json", "--instance_filter 'env|input'");
    assert_eq!(
        (&filter["return_code"], filter["stdout"].as_str().map(str::len)),
        (&json!(255), Some(0)),
        "{filter}"
    );
}

/// Fault 5: a key, or nobody; opened on loopback, only programs of this machine.
#[test]
fn strangers_stay_out() {
    let body = json!({"action": "stats", "account": DEMO}).to_string();
    let (closed, _) = server(&[]);
    assert_eq!(post(&closed, &[], &body).status, 401);
    assert_eq!(post(&closed, &[("Authorization", "Bearer nobody")], &body).status, 401);
    let (open, _) = server(&["--tools-open-on-loopback"]);
    assert_eq!(post(&open, &[], &body).status, 200);
    let evil: [&[(&str, &str)]; 5] = [
        &[("Host", "evil.example")],
        &[("Origin", "http://evil.example")],
        &[("Origin", "null")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("X-Forwarded-For", "203.0.113.9")],
    ];
    for headers in evil {
        assert_eq!(post(&open, headers, &body).status, 403, "{headers:?}");
    }
    let read_only = json!({"action": "collect", "account": DEMO}).to_string();
    assert!(post(&open, &[], &read_only).text().contains("read-write"));
    // What is open for the tools is open for nothing else.
    assert_eq!(request(open.port(), "GET", "/aws/account", &[], b"").status, 401);
}

/// Fault 6: none of the neighbours.
#[test]
fn no_other_endpoints() {
    let (server, _) = server(&["--tools-open-on-loopback=read-write"]);
    let neighbours = [
        "/api/command",
        "/api/files/create",
        "/api/files/list",
        "/api/payloads/generate",
        "/api/processes/terminate/1",
    ];
    for target in neighbours {
        let answer = request(
            server.port(),
            "POST",
            target,
            &[("Content-Type", "application/json")],
            br#"{"command": "id"}"#,
        );
        assert!(matches!(answer.status, 401 | 404), "{target}: {}", answer.status);
    }
}

/// Fault 7: logs that cannot be forged, a journal that tells who did what, no processes.
#[test]
fn a_journal_that_cannot_be_forged() {
    let (server, folder) = server(&[]);
    let secret = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    call(&server, "stats", "x\n{\"event\": \"forged\"}\u{1b}[2J", "", &format!("--token {secret}"));
    call(&server, "stats", DEMO, "config.json", "");
    let journal = std::fs::read_to_string(folder.join("tools.jsonl")).expect("a journal");
    let lines: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events, ["began", "ended", "began", "ended"], "{journal}");
    assert_eq!(
        (&lines[2]["action"], &lines[2]["account"], &lines[2]["from"]),
        (&json!("stats"), &json!(DEMO), &json!("127.0.0.1"))
    );
    assert_eq!(lines[3]["return_code"], 0);
    for text in [&journal, &server.log()] {
        assert!(!text.contains(&secret) && !text.contains('\u{1b}') && !text.contains(KEY), "{text}");
    }
}

/// Fault 8 and 9: nothing is cached, and success means success.
#[test]
fn every_call_runs() {
    let (server, folder) = server(&[]);
    let first = call(&server, "prepare", DEMO, "config.json", "");
    assert_eq!(first["success"], true, "{first}");
    let file = folder.join("cloudmapper/web/data.json");
    std::fs::remove_file(&file).expect("it was written");
    let again = call(&server, "prepare", DEMO, "config.json", "");
    assert!(file.exists() && again["timestamp"] != first["timestamp"], "{again}");
    let failed = call(&server, "stats", "nobody", "config.json", "");
    assert_eq!(
        (&failed["success"], &failed["partial_results"], &failed["return_code"]),
        (&json!(false), &json!(false), &json!(1))
    );
}

/// Fault 10: no folders and no causes of ours in answers.
#[test]
fn answers_tell_no_paths() {
    let (server, folder) = server(&[]);
    std::fs::write(folder.join("cloudmapper/broken.json"), "{").expect("a file");
    for (account, config) in
        [("x", "broken.json"), ("x", "missing.json"), ("../x", "config.json"), ("x", "../../x")]
    {
        let result = call(&server, "stats", account, config, "").to_string();
        assert!(!result.contains(&folder.display().to_string()) && !result.contains("src/"), "{result}");
    }
}
