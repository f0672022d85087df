//! Rules about Lambda.

pub(super) mod public;
