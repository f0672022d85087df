//! What rules read: an account's answers, by operation and region, with the shared readings.

use std::cell::OnceCell;

use isobar_iam::Authorization;
use isobar_model::Region;
use isobar_recording::{Call, Recording};
use serde_json::Value;

/// An account as rules see it, in one region at a time.
pub struct AccountView<'r> {
    recording: &'r Recording,
    region: Region,
    authorization: &'r OnceCell<Authorization>,
}

impl<'r> AccountView<'r> {
    pub(crate) fn new(
        recording: &'r Recording,
        region: Region,
        authorization: &'r OnceCell<Authorization>,
    ) -> Self {
        Self { recording, region, authorization }
    }

    /// The region looked at; `global` for rules about the account.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The account's twelve digits, empty when unknown.
    pub fn aws_account(&self) -> &str {
        self.recording.aws_account().map_or("", |id| id.as_str())
    }

    /// The answers of an operation in this region, with the calls that brought them.
    pub fn responses(&self, service: &str, operation: &str) -> impl Iterator<Item = (&'r Call, &'r Value)> {
        self.recording.responses(service, operation, &self.region)
    }

    /// The one answer of an operation without parameters; none when it was not asked, was denied
    /// or said "there is none".
    pub fn response(&self, service: &str, operation: &str) -> Option<&'r Value> {
        self.responses(service, operation).next().map(|(_, answer)| answer)
    }

    /// The items of a list in the answers of an operation: `items("ec2", "DescribeVolumes", "Volumes")`.
    pub fn items(
        &self,
        service: &str,
        operation: &str,
        list: &'static str,
    ) -> impl Iterator<Item = &'r Value> {
        self.responses(service, operation)
            .flat_map(move |(_, answer)| answer[list].as_array().map(Vec::as_slice).unwrap_or_default())
    }

    /// The answer of an operation that was asked once per item: the one whose `parameter` is `item`.
    pub fn response_for(
        &self,
        service: &str,
        operation: &str,
        parameter: &str,
        item: &str,
    ) -> Option<&'r Value> {
        self.responses(service, operation)
            .find(|(call, _)| call.parameters.get(parameter).and_then(Value::as_str) == Some(item))
            .map(|(_, answer)| answer)
    }

    /// Whether an operation was asked in this region and answered, with something or with nothing.
    pub fn was_answered(&self, service: &str, operation: &str) -> bool {
        self.recording.manifest().entries.iter().any(|e| {
            e.call.service == service
                && e.call.operation == operation
                && e.call.region == self.region
                && matches!(
                    e.outcome,
                    isobar_recording::Outcome::Response { .. } | isobar_recording::Outcome::Absent { .. }
                )
        })
    }

    /// EC2 instances out of their reservations.
    pub fn instances(&self) -> impl Iterator<Item = &'r Value> {
        self.items("ec2", "DescribeInstances", "Reservations").flat_map(|reservation| {
            reservation["Instances"].as_array().map(Vec::as_slice).unwrap_or_default()
        })
    }

    /// Users, roles, groups and policies.
    pub fn authorization(&self) -> &'r Authorization {
        self.authorization.get_or_init(|| {
            let mut answers =
                self.recording.responses("iam", "GetAccountAuthorizationDetails", &Region::global());
            answers.next().map(|(_, answer)| Authorization::read(answer)).unwrap_or_default()
        })
    }
}
