//! `SNS_PUBLIC`: the topic's policy lets anyone in.

use crate::resource_policy::add_if_public;
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (call, answer) in account.responses("sns", "GetTopicAttributes") {
        let arn = call.parameters.get("TopicArn").map_or("", text);
        add_if_public(findings, arn, &answer["Attributes"]["Policy"]);
    }
}
