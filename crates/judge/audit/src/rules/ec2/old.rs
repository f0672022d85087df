//! `EC2_OLD`: launched more than 365 days before the account was looked at.

use isobar_model::Timestamp;
use serde_json::json;

use super::{is_gone, name_of};
use crate::credential_report::days_between;
use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("old.md"), check);

/// This many days still pass.
const YEAR: i64 = 365;

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let now = account.as_of();
    for instance in account.instances().filter(|i| !is_gone(i)) {
        let Ok(launched) = Timestamp::parse(text(&instance["LaunchTime"])) else { continue };
        let days = days_between(launched, now);
        if days > YEAR && launched < now {
            findings.add_with(
                Some(text(&instance["InstanceId"]).to_owned()),
                format!("launched {days} days before"),
                json!({"Age in days": days, "Name": name_of(instance), "Tags": instance["Tags"]}),
            );
        }
    }
}
