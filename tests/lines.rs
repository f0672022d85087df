//! A recording as lines of JSON, one a call: what scripts in Python read and write.
//!
//! `{"service", "operation", "region", "parameters", "absent", "answer"}` or, instead of `answer`,
//! `code` and `message` of the error.

use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use isobar_recording::{Builder, Call, Manifest, Outcome, Recording};
use serde_json::{Value, json};

/// Reads the lines; every outcome is noted at `at`.
#[track_caller]
pub fn recording_from_lines(lines: &str, account: &str, name: &str, at: Timestamp) -> Recording {
    let mut regions = Vec::new();
    let mut outcomes = Vec::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let region = Region::parse(&text("region")).expect("a region");
        let mut call = Call::new(text("service"), text("operation"), region.clone());
        call.parameters = line["parameters"].as_object().cloned().unwrap_or_default();
        regions.push(region);
        outcomes.push((call, line));
    }
    regions.sort();
    regions.dedup();
    let mut builder = Builder::new(Manifest {
        format: 1,
        scan: Default::default(),
        aws_account: Some(AwsAccountId::parse(account).expect("twelve digits")),
        account_name: Some(name.to_owned()),
        partition: Partition::Aws,
        regions,
        started: at,
        ended: None,
        entries: Vec::new(),
    });
    for (call, mut line) in outcomes {
        match line.get_mut("answer") {
            Some(answer) => {
                builder.response(call, answer.take(), at);
            }
            None => builder.outcome(call, failure(&line), at),
        }
    }
    builder.finish(Some(at))
}

fn failure(line: &Value) -> Outcome {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let (code, message) = (text("code"), text("message"));
    let absent = line["absent"].as_array().is_some_and(|codes| codes.iter().any(|c| c == code.as_str()));
    if absent { Outcome::Absent { code } } else { Outcome::Failed { code, message } }
}

/// Writes the lines, in the order of the manifest.
pub fn lines_from_recording(recording: &Recording) -> String {
    let mut lines = String::new();
    for entry in &recording.manifest().entries {
        let call = &entry.call;
        let mut line = json!({"service": call.service, "operation": call.operation,
            "region": call.region.as_str(), "parameters": call.parameters});
        match &entry.outcome {
            Outcome::Response { hash } => line["answer"] = recording.answers()[hash].as_ref().clone(),
            Outcome::Absent { code } => {
                line["code"] = json!(code);
                line["absent"] = json!([code]);
            }
            Outcome::Denied { code, message } | Outcome::Failed { code, message } => {
                line["code"] = json!(code);
                line["message"] = json!(message);
            }
            Outcome::Skipped { .. } => continue,
        }
        // Keys sorted: two readers of the same answer may keep them in different orders.
        lines.push_str(&isobar_recording::recording::canonical(&line));
        lines.push('\n');
    }
    lines
}
