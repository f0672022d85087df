//! The rule engine, and `rules/`, a pair of files per rule: what it says and what it checks.
//!
//! In: a recording. Out: findings, in the order of regions, rules and data. HTML, HTTP and the
//! store are unknown here; who is an administrator and what is open is decided by `isobar-iam`.

mod account;
pub mod document;
mod engine;
mod finding;
mod rule;
pub mod rules;
mod severity;

pub use account::AccountView;
pub use document::{Case, Document};
pub use engine::{EXCEPTION, audit};
pub use finding::{Finding, Findings};
pub use rule::Rule;
pub use severity::Severity;
