//! `SQS_PUBLIC`: the queue's policy lets anyone in.

use crate::resource_policy::add_if_public;
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (call, answer) in account.responses("sqs", "GetQueueAttributes") {
        let url = call.parameters.get("QueueUrl").map_or("", text);
        let name = url.rsplit('/').next().unwrap_or_default();
        add_if_public(findings, name, &answer["Attributes"]["Policy"]);
    }
}
