//! The IAM policies a user attaches to the role, made from the calls that the catalog makes.

use isobar_catalog::Catalog;
use serde_json::Value;

/// Which policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Exactly the actions of today's calls.
    Minimal,
    /// Wildcards per service (`ec2:Describe*`), which need no change when isobar learns more.
    Custom,
}

/// The policy document.
pub fn policy(catalog: &Catalog, kind: PolicyKind) -> Value {
    match kind {
        PolicyKind::Minimal => isobar_catalog::policy::minimal(catalog),
        PolicyKind::Custom => isobar_catalog::policy::custom(catalog),
    }
}
