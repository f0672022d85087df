//! What can go wrong in the app, in variants that http and cli treat differently.

use std::path::PathBuf;

use crate::verify::RoleProblem;

/// An error of the app. `Display` is fit for the user; the cause below is for the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A request's parameter is wrong; the text names it.
    #[error("{text}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// The whole sentence.
        text: String,
    },
    /// A field of a body, or an id in a path, is wrong; the text names it.
    #[error("{text}")]
    Property {
        /// Which.
        name: &'static str,
        /// The whole sentence.
        text: String,
    },
    /// There is no such account, or the scope may not see it.
    #[error("AwsAccount not found")]
    AccountNotFound,
    /// There is no such key.
    #[error("there is no such key, or it was revoked before")]
    KeyNotFound,
    /// The key's user is gone.
    #[error("the user of this key no longer exists")]
    UserGone,
    /// The key may only read, or the account is not shared for writing.
    #[error("API key does not have sufficient permissions")]
    Forbidden,
    /// The role could not be assumed.
    #[error("{0}")]
    Role(Box<RoleProblem>),
    /// Nobody said which AWS account roles should trust.
    #[error(
        "the AWS account of this server is not known: set ISOBAR_AWS_ACCOUNT_ID (aws_account_id in the \
         configuration file), or give the server AWS credentials with which it can ask STS"
    )]
    NoAwsAccountId {
        /// Why STS did not tell.
        reason: String,
    },
    /// The demo has no AWS behind it.
    #[error("{0}")]
    Demo(&'static str),
    /// The scan took longer than allowed.
    #[error("the scan took longer than {seconds} s and was stopped")]
    ScanTimeout {
        /// The limit.
        seconds: u64,
    },
    /// A job of this or an earlier process failed; code and words as they were kept.
    #[error("{text}")]
    Job {
        /// Ours, `interrupted`, `internal`, ...
        code: String,
        /// The words.
        text: String,
    },
    /// The picture would be larger than we draw.
    #[error("{0}")]
    TooLarge(String),
    /// Something in us broke: a panic, an answer that cannot be.
    #[error("internal error")]
    Internal(String),
    /// The data directory cannot be used.
    #[error("the data directory {} cannot be used: {source}", path.display())]
    DataDir {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[source] isobar_store::Error),
    /// Recordings could not be read or written.
    #[error("{0}")]
    Recording(#[from] isobar_recording::Error),
    /// The catalog is damaged; this is a bug of ours.
    #[error("{0}")]
    Catalog(#[from] isobar_catalog::Error),
    /// The AWS client could not be made.
    #[error("{0}")]
    Aws(#[from] isobar_aws::Error),
}

impl From<isobar_store::Error> for Error {
    fn from(error: isobar_store::Error) -> Self {
        match error {
            isobar_store::Error::ReadOnly | isobar_store::Error::NoWriteAccess => Self::Forbidden,
            other => Self::Store(other),
        }
    }
}

impl Error {
    /// A parameter that must be one of a few words.
    pub fn one_of(name: &'static str, words: &str) -> Self {
        Self::Parameter { name, text: format!("Invalid parameter: {name}. Must be one of: {words}") }
    }
    /// A parameter that must be something.
    pub fn parameter(name: &'static str, must: &str) -> Self {
        Self::Parameter { name, text: format!("Invalid parameter: {name}. Must be {must}") }
    }
    /// A field of a body that is not what it should be.
    pub fn property(name: &'static str) -> Self {
        Self::Property { name, text: format!("Invalid parameter format: {name}") }
    }

    /// A short code, for the table of jobs and for what the API calls `reason`.
    pub fn code(&self) -> &str {
        match self {
            Self::Parameter { .. } | Self::TooLarge(_) => "invalid_parameter",
            Self::Property { .. } => "invalid_property",
            Self::AccountNotFound | Self::KeyNotFound => "not_found",
            Self::UserGone => "unauthorized",
            Self::Forbidden => "insufficient_privileges",
            Self::Role(problem) => problem.code(),
            Self::NoAwsAccountId { .. } => "aws_account_id_unknown",
            Self::Demo(_) => "demo",
            Self::ScanTimeout { .. } => "scan_timeout",
            Self::Job { code, .. } => code,
            _ => "internal_server_error",
        }
    }

    /// The same error for one more who waits. What is nobody's business stays in the log.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Parameter { name, text } => Self::Parameter { name, text: text.clone() },
            Self::TooLarge(text) => Self::TooLarge(text.clone()),
            Self::Role(problem) => Self::Role(problem.clone()),
            Self::ScanTimeout { seconds } => Self::ScanTimeout { seconds: *seconds },
            Self::Demo(text) => Self::Demo(text),
            other => Self::Job { code: other.code().to_owned(), text: other.to_string() },
        }
    }

    /// The error with its causes on one line, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        if let Self::Internal(detail) | Self::NoAwsAccountId { reason: detail } = self {
            text = format!("{text}: {detail}");
        }
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text = format!("{text}: {inner}");
            cause = inner.source();
        }
        text
    }
}
