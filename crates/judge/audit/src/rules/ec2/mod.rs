//! Rules about EC2, its images, snapshots and instances.

pub(super) mod imdsv2_not_enforced;
