//! Rules about ECR.

pub(super) mod public;
