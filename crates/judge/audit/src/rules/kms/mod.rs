//! Rules about KMS.

pub(super) mod public;
