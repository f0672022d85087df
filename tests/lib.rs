//! What whole-product tests stand on: a moto server, Python with the SDKs, a plain HTTP client
//! that hides nothing, goldens.
//!
//! In: the workspace and its virtual environment (`cargo xtask test` makes it). Out: helpers that
//! panic with a sentence saying what is missing. What the product should do is left to `tests/`.

mod demo;
mod golden;
mod lines;
mod moto;
mod node;
mod python;
mod server;
mod wire;

pub use demo::{DEMO_ACCOUNT, DEMO_REGIONS, demo_moto, demo_path, demo_recording};
pub use golden::{check_golden, golden_path};
pub use isobar_testkit::blessing;
pub use lines::{lines_from_recording, recording_from_lines};
pub use moto::{Moto, isobar_at};
pub use node::run_node;
pub use python::{Ran, python, run_python, workspace_root};
pub use server::{KEY, Server, isobar, scratch};
pub use wire::{Answer, Asked, Door, request};
