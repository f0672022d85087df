//! Rules about S3.

use serde_json::Value;

use crate::AccountView;

pub(super) mod access_block_all_access_types;
pub(super) mod access_block_off;
pub(super) mod public_acl;
pub(super) mod public_policy;
pub(super) mod public_policy_getobject_only;

/// Buckets that have a policy, with the policy's text.
fn bucket_policies<'r>(account: &AccountView<'r>) -> impl Iterator<Item = (&'r str, &'r Value)> + use<'r> {
    account
        .responses("s3", "GetBucketPolicy")
        .map(|(call, answer)| (call.parameters.get("Bucket").map_or("", crate::text), &answer["Policy"]))
}
