//! Rules about SNS.

pub(super) mod public;
