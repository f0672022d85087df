//! Our client's answers against boto3's on the same moto server, key for key.
//!
//! `conformance/boto.py` fills the server and prints what boto3 reads; each line is read again by our
//! client and must be the same JSON.

use std::collections::BTreeSet;

use isobar_aws::{Client, Identity, Settings};
use isobar_model::{Region, Secret};
use isobar_tests::{Moto, run_python};
use serde_json::Value;

#[test]
fn answers_equal_those_of_boto3() {
    let moto = Moto::start();
    let printed = run_python("../tests/conformance/boto.py", &[&moto.url()], &[]).ok();
    let lines: Vec<Value> =
        printed.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut wrong = Vec::new();
    let (mut operations, mut services, mut errors) = (BTreeSet::new(), BTreeSet::new(), 0);
    runtime.block_on(async {
        let client = connect(&moto.url()).await;
        for line in &lines {
            let text = |name: &str| line[name].as_str().unwrap_or_default();
            let (service, operation) = (text("service"), text("operation"));
            let region = Region::parse(text("region")).unwrap();
            let parameters = line["parameters"].as_object().unwrap();
            let got = client.call(service, operation, &region, parameters).await;
            let name = format!("{service}:{operation} {}", line["parameters"]);
            match (got, line.get("answer"), line.get("code")) {
                (Ok(got), Some(expected), _) => {
                    operations.insert(format!("{service}:{operation}"));
                    services.insert(service);
                    compare(&got, expected, &name, &mut wrong);
                }
                (Err(got), None, Some(code)) if code.as_str() == Some(&got.code) => errors += 1,
                (got, _, code) => wrong.push(format!("{name}: got {got:?}, boto3 has the code {code:?}")),
            }
        }
    });
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(operations.len() >= 60 && services.len() >= 25, "{} of {}", operations.len(), services.len());
    assert!(errors >= 8, "{errors} errors");
}

async fn connect(url: &str) -> Client {
    let settings = Settings { endpoint: Some(url.to_owned()), ..Settings::default() };
    let identity = Identity::Keys {
        access_key_id: "testing".to_owned(),
        secret_access_key: Secret::new("testing"),
        session_token: None,
    };
    Client::connect(&settings, identity, &Region::parse("eu-west-1").unwrap()).await.unwrap()
}

fn compare(got: &Value, expected: &Value, path: &str, wrong: &mut Vec<String>) {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            let keys: BTreeSet<&String> = got.keys().chain(expected.keys()).collect();
            for key in keys {
                match (got.get(key), expected.get(key)) {
                    (Some(got), Some(expected)) => compare(got, expected, &format!("{path}.{key}"), wrong),
                    (got, expected) => wrong.push(format!("{path}.{key}: ours {got:?}, boto3 {expected:?}")),
                }
            }
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
                compare(got, expected, &format!("{path}[{at}]"), wrong);
            }
        }
        (got, expected) if got == expected || is_the_clock(got, expected) => {}
        (got, expected) => wrong.push(format!("{path}: ours {got}, boto3 {expected}")),
    }
}

/// Moto makes up some times afresh for each answer; two such are equal when they are close.
fn is_the_clock(got: &Value, expected: &Value) -> bool {
    let time = |value: &Value| {
        let text = value.as_str().filter(|t| t.len() >= 25 && t.ends_with("+00:00"))?;
        isobar_model::Timestamp::parse(text).ok()
    };
    match (time(got), time(expected)) {
        (Some(a), Some(b)) => a.seconds_since(b).abs() < 300.0,
        _ => false,
    }
}
