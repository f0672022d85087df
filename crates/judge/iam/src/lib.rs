//! Policies, principals, who can do what and why, trust.
//!
//! In: policy documents and the answer of `iam:GetAccountAuthorizationDetails`, as JSON. Out:
//! decisions as values: who is an administrator and through which statement, whom a trust policy
//! lets in, whether a resource policy is open to the internet. Findings and their wording are left
//! to the audit; this crate alone decides.
//!
//! What decides here are single looks at statements, the questions CloudMapper asked. Conditions
//! are not evaluated, they are noticed.

pub mod admin;
pub mod authorization;
pub mod lint;
pub mod pattern;
pub mod policy;
pub mod public;
pub mod trust;

pub use admin::{AdminQuestion, Reason, Verdict};
pub use authorization::{Authorization, Holder, HolderKind, ManagedPolicy, NamedPolicy};
pub use policy::{Effect, Policy, Principal, Statement};
