//! Rules about Lightsail.

pub(super) mod in_use;
