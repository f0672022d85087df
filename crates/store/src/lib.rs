//! Accounts, keys, users, jobs and scans in SQL.
//!
//! In: a [`Scope`] (who asks) and values. Out: rows as plain structs. What the rows are good for is
//! left to the app. One workspace never sees another's rows: each query names the scope's workspace.
//!
//! SQLite today. The SQL is the subset PostgreSQL shares; what differs lies in [`dialect`].

pub mod access;
pub mod account;
mod dialect;
pub mod error;
pub mod job;
pub mod key;
mod row;
pub mod scan;
pub mod scope;
pub mod user;

#[cfg(test)]
mod tests;

pub use access::{Access, Grantee};
pub use account::{Account, Source};
pub use dialect::Store;
pub use error::Error;
pub use job::{Job, JobState};
pub use key::ApiKey;
pub use scan::ScanRow;
pub use scope::{Rights, Scope};
pub use user::{Member, Team, User};
