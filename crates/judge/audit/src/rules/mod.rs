//! The table of rules, sorted by group and file, checked against the folder by a test.

use crate::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[];
