//! Rules about IAM: policies, roles' trust, users and their credentials.

use isobar_iam::{Authorization, Holder, Policy, Principal};
use serde_json::Value;

use crate::{AccountView, Answer, credential_report};

pub(super) mod bad_mfa_policy;
pub(super) mod custom_policy_allows_admin;
pub(super) mod known_bad_policy;
pub(super) mod linter;
pub(super) mod managed_policy_unintentionally_allowing_admin;
pub(super) mod name_does_not_indicate_admin;
pub(super) mod notaction_allow;
pub(super) mod password_policy_character_minimum;
pub(super) mod password_policy_character_set_requirements;
pub(super) mod password_policy_not_set;
pub(super) mod role_allows_assumption_from_anywhere;
pub(super) mod root_user_has_access_keys;
pub(super) mod root_user_has_no_mfa;
pub(super) mod unexpected_admin_principal;
pub(super) mod unexpected_format;
pub(super) mod unexpected_s3_exfil_principal;
pub(super) mod user_has_never_logged_in;
pub(super) mod user_has_not_logged_in_for_over_max_days;
pub(super) mod user_has_not_used_access_key_for_max_days;
pub(super) mod user_has_two_access_keys;
pub(super) mod user_has_unused_access_key;
pub(super) mod user_with_password_login_but_no_mfa;

/// Days a password or key may go unused; this many still pass.
const MAX_DAYS: i64 = 90;

/// A policy of the account, and by what a finding about it is known.
struct Found<'a> {
    /// A managed policy's ARN, or whose inline policy it is.
    resource: &'a str,
    /// An inline policy's name.
    inline: Option<&'a str>,
    policy: &'a Policy,
}

impl Found<'_> {
    /// The words, with an inline policy's name before them.
    fn say(&self, words: &str) -> String {
        self.inline.map_or_else(|| words.to_owned(), |name| format!("{name}: {words}"))
    }
}

/// Every policy: managed ones in AWS's order, then the inline ones of roles, users and groups.
fn policies(all: &Authorization) -> impl Iterator<Item = Found<'_>> {
    let managed = all.managed_order.iter().filter_map(|arn| all.managed.get(arn));
    let managed = managed.map(|m| Found { resource: &m.arn, inline: None, policy: &m.policy });
    let inline = all.holders.iter().flat_map(|holder| {
        holder.inline.iter().map(|named| Found {
            resource: &holder.arn,
            inline: Some(&named.name),
            policy: &named.policy,
        })
    });
    managed.chain(inline)
}

/// Who besides AWS principals may assume a role by `sts:AssumeRole`: services, mostly. CloudMapper
/// looked only at statements whose action was that one plain string.
fn outsiders(role: &Holder, strict: bool) -> Vec<String> {
    let statements = role.trust.iter().flat_map(Policy::allows).filter(|s| match strict {
        true => s.action_is_text && s.actions.iter().any(|a| a == "sts:AssumeRole"),
        false => s.covers_action("sts:AssumeRole"),
    });
    let mut names = Vec::new();
    for principal in statements.flat_map(|s| &s.principals) {
        let name = match principal {
            Principal::Service(name) | Principal::Federated(name) | Principal::Canonical(name) => name,
            Principal::Anyone | Principal::Aws(_) => continue,
        };
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The rows of the credential report; none where there is no report.
fn users<'r>(account: &AccountView<'r>) -> impl Iterator<Item = credential_report::Row<'r>> + use<'r> {
    account.credential_report().into_iter().flat_map(|report| report.users())
}

/// The password policy; none when there is none, an error in words when nobody knows.
fn password_policy<'r>(account: &AccountView<'r>) -> Result<Option<&'r Value>, String> {
    match account.asked("iam", "GetAccountPasswordPolicy") {
        Answer::Response(answer) => {
            let policy = &answer["PasswordPolicy"];
            Ok(policy.as_object().is_some_and(|p| !p.is_empty()).then_some(policy))
        }
        Answer::Nothing => Ok(None),
        Answer::Unknown(why) => Err(why),
    }
}
