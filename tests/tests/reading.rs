//! How an account is read: only by reading operations, and partial where AWS refuses.

use std::path::Path;
use std::process::{Command, Output};

use isobar_recording::{Outcome, Recording};
use isobar_tests::{Answer, Asked, Door, Moto, Server, isobar, run_python, scratch};

/// `isobar scan` with plain keys against an endpoint.
fn scan(endpoint: &str, folder: &Path) -> Output {
    Command::new(isobar())
        .args(["scan", "--fail-on-partial", "--region", "eu-west-1", "-o", "scan.isobar"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .expect("isobar starts")
}

fn scanned(folder: &Path) -> Recording {
    Recording::from_bundle(&std::fs::read(folder.join("scan.isobar")).expect("a recording"))
        .expect("it opens")
}

/// AWS's two envelopes of a refusal: XML for query protocols, JSON for the rest.
fn denied(asked: &Asked) -> Answer {
    let operation = asked.operation();
    let words =
        format!("User: arn:aws:iam::123456789012:user/isobar is not authorized to perform: {operation}");
    if asked.header("content-type").is_some_and(|kind| kind.contains("urlencoded")) {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{words}</Message></Error></ErrorResponse>"
        );
        return Answer::new(403, "text/xml", body);
    }
    let mut answer = Answer::new(403, "application/json", format!("{{\"message\": \"{words}\"}}"));
    answer.headers.push(("x-amzn-errortype".into(), "AccessDeniedException".into()));
    answer
}

#[test]
fn a_scan_only_reads() {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let port = moto.port();
    let door = Door::open(move |asked| asked.forward(port));
    let folder = scratch("reads");
    let ran = scan(&door.url(), &folder);
    assert!(matches!(ran.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&ran.stderr));
    let asked = door.asked();
    assert!(asked.len() > 60, "{} requests", asked.len());
    let reads = ["Describe", "List", "Get", "BatchGet", "Lookup", "Search"];
    for request in &asked {
        let operation = request.operation();
        let fine = match operation.split_once(' ') {
            Some((method, _)) => method == "GET" || method == "HEAD",
            None => reads.iter().any(|verb| operation.starts_with(verb)),
        };
        assert!(fine, "a scan asked {operation}");
        // Signed, so that nobody can change it on the way.
        let signed = request.header("authorization").unwrap_or_default();
        assert!(signed.starts_with("AWS4-HMAC-SHA256 "), "{operation} was not signed");
    }
    let values = [
        "GetSecretValue",
        "GetParameter",
        "GetPasswordData",
        "ReceiveMessage",
        "GetObject",
        "GetItem",
        "Scan",
    ];
    for request in &asked {
        assert!(!values.contains(&request.operation().as_str()), "{}", request.operation());
    }
    // Nothing that the account keeps secret is on disk.
    let lines = isobar_tests::lines_from_recording(&scanned(&folder));
    assert!(lines.contains("resize") && !lines.contains("not-a-real-secret"));
}

#[test]
fn what_is_denied_is_missing_and_said() {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let port = moto.port();
    let door = Door::open(move |asked| match asked.operation().as_str() {
        "DescribeDBInstances" | "GetAccountAuthorizationDetails" => denied(asked),
        other if other.starts_with("GET /2015-03-31/functions") => denied(asked),
        _ => asked.forward(port),
    });
    let folder = scratch("denied");
    let ran = scan(&door.url(), &folder);
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(3), "a partial scan has its own exit code: {said}");
    assert!(said.contains("DescribeDBInstances"), "{said}");
    let recording = scanned(&folder);
    assert!(recording.is_partial());
    let refused: Vec<&str> = recording
        .gaps()
        .filter(|entry| matches!(entry.outcome, Outcome::Denied { .. }))
        .map(|entry| entry.call.operation.as_str())
        .collect();
    for operation in ["DescribeDBInstances", "GetAccountAuthorizationDetails", "ListFunctions"] {
        assert!(refused.contains(&operation), "{operation} is not among {refused:?}");
    }

    // The same through the server: a picture, not an error, and it says what it lacks.
    let server = Server::start(&door.url(), &[]);
    let account = server.link("shop", "arn:aws:iam::123456789012:role/isobar");
    let path = format!("/aws/account/{}/eu-west-1", account["id"].as_str().expect("an id"));
    let answer = server.get(&format!("{path}/json"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let types: Vec<&str> =
        body["data"]["nodes"].as_array().expect("nodes").iter().filter_map(|n| n["type"].as_str()).collect();
    assert!(types.contains(&"ec2") && !types.contains(&"rds"), "{types:?}");
    assert_eq!(body["data"]["isobar"]["partial"], true);
    assert!(
        body["data"]["isobar"]["gaps"].to_string().contains("DescribeDBInstances"),
        "{}",
        body["data"]["isobar"]
    );
    assert!(server.get(&format!("{path}/svg")).text().contains("Partial"), "the drawing does not say so");
}

#[test]
fn a_scan_of_nothing_but_refusals_is_still_a_scan() {
    let door = Door::open(denied);
    let folder = scratch("nothing");
    let ran = scan(&door.url(), &folder);
    assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
    let recording = scanned(&folder);
    assert!(
        recording
            .responses("ec2", "DescribeVpcs", &isobar_model::Region::parse("eu-west-1").unwrap())
            .next()
            .is_none()
    );
    assert!(recording.gaps().count() > 20);
}

#[test]
fn two_scans_of_the_same_account_agree() {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let names: Vec<Vec<String>> = (0..2)
        .map(|_| {
            let folder = scratch("again");
            scan(&moto.url(), &folder);
            scanned(&folder).manifest().entries.iter().map(|e| e.call.key()).collect()
        })
        .collect();
    assert_eq!(names[0], names[1]);
}
