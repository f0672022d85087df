//! Rules about RDS.

pub(super) mod public_ip;
pub(super) mod public_snapshot;
pub(super) mod vpc_classic;
