//! `S3_PUBLIC_POLICY`: open to anyone, for more than reading objects.

use isobar_iam::Policy;

use super::bucket_policies;
use super::public_policy_getobject_only::opens_reading_only;
use crate::resource_policy::add_if_public;
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_policy.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (bucket, document) in bucket_policies(account) {
        if !opens_reading_only(&Policy::read(document), account.is_strict()) {
            add_if_public(findings, bucket, document);
        }
    }
}
