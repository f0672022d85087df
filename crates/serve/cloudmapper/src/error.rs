//! What ends a command before it has an answer.

use std::path::PathBuf;

/// Why a command could not do its work. Each ends with a line on stderr and exit code 1, or 255 for
/// [`Error::Explicit`], as CloudMapper's do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration file cannot be read.
    #[error("unable to load the config file {path}: {source}")]
    ConfigUnreadable {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The configuration file is no JSON of the right form.
    #[error(
        "the config file {path} could not be parsed: {reason}. See config.json.demo of CloudMapper for the form"
    )]
    ConfigMalformed {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// No account of that name.
    #[error("account named `{name}` not found in the config file; it has: {known}")]
    UnknownAccount {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No account was named and none is the default.
    #[error(
        "no account was named and none in the config file is marked `\"default\": true`; pass --account NAME"
    )]
    NoDefaultAccount,
    /// A name that cannot be a folder below account-data.
    #[error(
        "`{name}` cannot name an account: use letters, digits, spaces, `-`, `_`, `.`, `@` or `+`, at most 100"
    )]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// A path that would leave the folder it must stay in.
    #[error("{path} lies outside {root}, where this command may read and write")]
    OutsidePath {
        /// The path asked for.
        path: String,
        /// The folder.
        root: PathBuf,
    },
    /// Nothing was collected for the account.
    #[error("account `{name}` has no collected data: run `collect --account {name}` first")]
    NotCollected {
        /// The account.
        name: String,
    },
    /// Collected data that cannot be read.
    #[error("the collected data of `{name}` cannot be read")]
    Data {
        /// The account.
        name: String,
        /// Why.
        source: isobar_recording::Error,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// AWS refused or failed what the command lives on.
    #[error("{0}")]
    Aws(String),
    /// A failure that CloudMapper ends with exit code 255.
    #[error("{0}")]
    Explicit(String),
}

impl Error {
    /// The exit code CloudMapper ends with.
    pub fn code(&self) -> i32 {
        match self {
            Self::Explicit(_) => 255,
            _ => 1,
        }
    }
}
