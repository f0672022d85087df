//! What agents may do: CloudMapper's commands, confined and logged, and the MCP server.
//!
//! In: an [`isobar_app::App`] and a [`Scope`](isobar_app::Scope), who asks. Out: [`Answer`]s of the
//! tools endpoint, and an MCP server over stdio or as a service that http mounts. Listeners, keys in
//! headers and status codes are left to http; what a command answers to `isobar-cloudmapper`.
//!
//! [`tools`] is the one place where a caller from elsewhere gets a command to run: no shell, no
//! process, one folder, limits on time, output and number, and a line in the journal for each.

pub mod server;
pub mod tools;

pub use server::{Agent, HttpService, http_service, stdio};
pub use tools::{Answer, Caller, Limits, Tally, Tools};
