//! Rules about Redshift.

pub(super) mod public_ip;
