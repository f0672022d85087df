//! Rules about load balancers, classic and newer.

pub(super) mod desync_mitigation;
pub(super) mod request_smuggling;
