//! Rules about GuardDuty.

pub(super) mod off;
