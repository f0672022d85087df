//! Rules about S3.

pub(super) mod public_acl;
