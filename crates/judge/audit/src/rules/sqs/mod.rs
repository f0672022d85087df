//! Rules about SQS.

pub(super) mod public;
