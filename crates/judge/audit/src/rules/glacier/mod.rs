//! Rules about Glacier.

pub(super) mod public;
