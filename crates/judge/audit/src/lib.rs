//! The rule engine, and `rules/`, a pair of files per rule: what it says and what it checks.
//!
//! In: a recording. Out: findings, in the order of regions, rules and data. HTML, HTTP and the
//! store are unknown here; who is an administrator and what is open is decided by `isobar-iam`,
//! what addresses mean by `isobar-network`.

mod account;
mod credential_report;
pub mod document;
mod engine;
mod finding;
mod privilege;
mod resource_policy;
mod rule;
pub mod rules;
mod severity;

pub use account::{AccountView, Answer};
pub use credential_report::CredentialReport;
pub use document::{Case, Document, Scope};
pub use engine::{Audit, EXCEPTION, EXCEPTION_DOCUMENT, Options, audit, examine};
pub use finding::{Finding, Findings, Gap};
pub use privilege::Privileges;
pub use rule::Rule;
pub use severity::Severity;

use serde_json::Value;

/// A list, or nothing.
fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A text, or the empty one.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
