//! CloudMapper's command line, native: one file per command under `command/`.
//!
//! In: arguments as CloudMapper took them and a [`Workplace`], the folder that holds `account-data/`,
//! `web/` and `config.json`. Out: an [`Output`]: stdout, stderr and an exit code, as values. No
//! process is started and no shell exists here; listeners and terminals are left to http and cli.
//!
//! Exit codes are CloudMapper's: 0 done, 1 bad configuration or account, 2 usage, 255 an explicit
//! failure.

mod advisor;
mod answers;
mod arguments;
mod audit_config;
pub mod command;
mod config;
mod context;
mod error;
mod geography;
mod map;
mod output;
mod plot;
mod run;
#[cfg(test)]
mod tests;
mod vendor;
mod workplace;

pub use arguments::{Call, quote, split};
pub use audit_config::override_problems;
pub use command::collect::{Listener, Reach};
pub use config::{AccountEntry, Config};
pub use context::{Context, Linked};
pub use error::Error;
pub use output::Output;
pub use run::{parse, parse_confined, run, run_reaching};
pub use workplace::Workplace;
