//! What whole-product tests stand on: a moto server, Python with the SDKs, a plain HTTP client
//! that hides nothing, goldens.
//!
//! In: the workspace and its virtual environment (`cargo xtask test` makes it). Out: helpers that
//! panic with a sentence saying what is missing. What the product should do is left to `tests/`.

mod golden;
mod moto;
mod python;
mod wire;

pub use golden::{check_golden, golden_path};
pub use isobar_testkit::blessing;
pub use moto::Moto;
pub use python::{Ran, python, run_python, workspace_root};
pub use wire::{Answer, Asked, Door, request};
