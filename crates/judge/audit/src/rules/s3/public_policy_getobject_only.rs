//! `S3_PUBLIC_POLICY_GETOBJECT_ONLY`: what is open to anyone is exactly reading objects.

use isobar_iam::{Policy, public};

use super::bucket_policies;
use crate::resource_policy::open_words;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_policy_getobject_only.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (bucket, document) in bucket_policies(account) {
        let policy = Policy::read(document);
        if let Some(words) = open_words(&policy)
            && opens_reading_only(&policy, account.is_strict())
        {
            findings.add(bucket, words);
        }
    }
}

/// Whether the open statements allow `s3:GetObject` and nothing more. CloudMapper wanted the policy
/// to hold no other statement, not even a Deny.
pub(super) fn opens_reading_only(policy: &Policy, strict: bool) -> bool {
    let mut open = public::open_statements(policy).peekable();
    open.peek().is_some()
        && (!strict || policy.statements.len() == 1)
        && open.all(|s| {
            s.not_actions.is_empty()
                && s.actions.len() == 1
                && s.actions[0].eq_ignore_ascii_case("s3:GetObject")
        })
}
