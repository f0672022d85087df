//! Rules about Route 53, its domains and zones.

pub(super) mod domain_has_no_transfer_lock;
pub(super) mod domain_not_set_to_renew;
pub(super) mod foreign_hosted_zone;
