//! Access advisor: which services each principal may use, and when it last did.
//!
//! In: the answers of `iam:GenerateServiceLastAccessedDetails` (principal to job) and
//! `iam:GetServiceLastAccessedDetails` (job to services). A principal whose job was not collected is
//! simply not here; what that means is left to the caller.

use std::collections::BTreeMap;

use isobar_model::{Region, Timestamp};
use isobar_recording::Recording;
use serde_json::Value;

use crate::answers::{list, text};

/// A service that a principal may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    /// `Amazon S3`.
    pub name: String,
    /// `s3`.
    pub namespace: String,
    /// When it was last used, as AWS wrote it.
    pub last: Option<String>,
    used_at: Option<Timestamp>,
}

/// What is known of one principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// When AWS looked.
    pub asked: Option<Timestamp>,
    /// The services, in AWS's order.
    pub services: Vec<Access>,
}

const DAY: i64 = 24 * 60 * 60 * 1000;

impl Advice {
    /// Whether a service was used within so many days before AWS looked.
    pub(crate) fn uses(&self, service: &Access, days: i64) -> bool {
        match (self.asked, service.used_at) {
            (Some(asked), Some(used)) => asked.as_millis() - used.as_millis() <= days.saturating_mul(DAY),
            _ => false,
        }
    }

    /// How many services were used within so many days.
    pub(crate) fn used(&self, days: i64) -> usize {
        self.services.iter().filter(|s| self.uses(s, days)).count()
    }
}

/// What is known, by principals' ARNs.
pub(crate) fn read(recording: &Recording) -> BTreeMap<String, Advice> {
    let global = Region::global();
    let parameter = |call: &isobar_recording::Call, name: &str| {
        call.parameters.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    let jobs: BTreeMap<String, &Value> = recording
        .responses("iam", "GetServiceLastAccessedDetails", &global)
        .filter_map(|(call, answer)| Some((parameter(call, "JobId")?, answer)))
        .collect();
    let asked = recording.responses("iam", "GenerateServiceLastAccessedDetails", &global);
    asked
        .filter_map(|(call, answer)| {
            let details = jobs.get(text(&answer["JobId"]))?;
            Some((parameter(call, "Arn")?, advice(details)))
        })
        .collect()
}

fn advice(details: &Value) -> Advice {
    let time = |value: &Value| value.as_str().and_then(|t| Timestamp::parse(t).ok());
    let services = list(&details["ServicesLastAccessed"]).iter().map(|service| Access {
        name: text(&service["ServiceName"]).to_owned(),
        namespace: text(&service["ServiceNamespace"]).to_owned(),
        last: service["LastAuthenticated"].as_str().map(str::to_owned),
        used_at: time(&service["LastAuthenticated"]),
    });
    Advice {
        asked: time(&details["JobCompletionDate"]).or(time(&details["JobCreationDate"])),
        services: services.collect(),
    }
}
