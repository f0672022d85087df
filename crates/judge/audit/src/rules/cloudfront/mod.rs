//! Rules about CloudFront.

pub(super) mod minimum_protocol_support;
