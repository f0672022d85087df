//! What can go wrong with recordings.

use std::path::{Path, PathBuf};

/// A recording that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot {doing} {path}")]
    File {
        /// `read`, `write`.
        doing: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The object store refused.
    #[error("cannot {doing} {what}")]
    Store {
        /// `read`, `write`, `list`.
        doing: &'static str,
        /// Which object.
        what: String,
        /// Why.
        source: Box<object_store::Error>,
    },
    /// A file does not hold what it should.
    #[error("{what} is damaged: {reason}")]
    Damaged {
        /// Which file or object.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Unpacked, it is larger than anything we would have written.
    #[error("{what} is larger than {limit} bytes when unpacked; it was not read")]
    TooLarge {
        /// Which file or object.
        what: String,
        /// How much would have been read.
        limit: u64,
    },
    /// Written by a later isobar.
    #[error("{what} has format {found}; this isobar reads up to {known}")]
    Newer {
        /// Which file or object.
        what: String,
        /// Its format.
        found: u32,
        /// The newest known.
        known: u32,
    },
    /// Somebody else writes there now.
    #[error("{path} is being written by another run; wait for it to end")]
    Busy {
        /// Which folder.
        path: PathBuf,
    },
    /// Nothing here is a recording.
    #[error("{path} holds no recording: {reason}")]
    NoRecording {
        /// Where.
        path: PathBuf,
        /// What was looked for.
        reason: String,
    },
    /// There is no scan of that id.
    #[error("there is no scan {scan}")]
    NoSuchScan {
        /// Its id.
        scan: uuid::Uuid,
    },
    /// A link leads out of the folder that was given.
    #[error("{path} leads out of its folder")]
    Outside {
        /// Which.
        path: PathBuf,
    },
}

impl Error {
    pub(crate) fn damaged(what: impl Into<String>, reason: impl ToString) -> Self {
        Self::Damaged { what: what.into(), reason: reason.to_string() }
    }
    pub(crate) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::File { doing: "read", path: path.to_owned(), source }
    }
    pub(crate) fn write(path: &Path, source: std::io::Error) -> Self {
        Self::File { doing: "write", path: path.to_owned(), source }
    }
}
