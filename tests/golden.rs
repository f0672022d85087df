//! Goldens of whole-product tests, under `tests/goldens`.

use std::path::PathBuf;

use crate::workspace_root;

/// Where a golden lies: `tests/goldens/<name>`.
pub fn golden_path(name: &str) -> PathBuf {
    workspace_root().join("tests/goldens").join(name)
}

/// Compares with the golden of that name, or rewrites it under `ISOBAR_BLESS=1`.
#[track_caller]
pub fn check_golden(name: &str, got: &[u8]) {
    isobar_testkit::check_golden(&workspace_root().join("tests/goldens"), name, got);
}
