//! What can go wrong: with a client as a whole ([`Error`]) and with one call ([`CallError`]).
//!
//! In: a code, a message and a status as AWS sent them. Out: a [`CallErrorKind`], which is what
//! callers act on. What a kind means for a scan is left to collect, its wording to http and cli.

use std::fmt;

/// A client could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting makes no sense: an unreadable CA bundle, an endpoint that is no URL.
    #[error("the setting {setting} cannot be used: {reason}")]
    Setting {
        /// The setting, as its environment variable is called.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A profile wants to start a process, which only the operator's own command line may do.
    #[error("profile {profile} uses credential_process, which is refused here; use a role, keys or SSO")]
    ProcessRefused {
        /// The profile that names the process.
        profile: String,
    },
    /// No credentials were found, or those of the role's base do not work: the first half failed.
    #[error(
        "there are no usable AWS credentials: name a profile (AWS_PROFILE), sign in with `aws sso login`, or \
         set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY ({reason})"
    )]
    NoCredentials {
        /// Which sources were tried, without secrets.
        reason: String,
    },
    /// The base credentials exist, but the role could not be assumed: the second half failed.
    #[error("the role {role_arn} could not be assumed: {source}")]
    Assume {
        /// The role.
        role_arn: String,
        /// What STS answered.
        #[source]
        source: CallError,
    },
    /// The committed models are damaged; this is a bug of ours.
    #[error("the API models cannot be read: {0}")]
    Models(String),
}

/// What to make of a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallErrorKind {
    /// The credentials are good, the permission is missing.
    Denied,
    /// There is no such thing.
    NotFound,
    /// Too many requests, to the end of all retries.
    Throttled,
    /// The credentials are wrong, expired or missing.
    Credentials,
    /// The region is not enabled for the account, or the service is not in the region.
    RegionDisabled,
    /// We refuse to make this call: it does not only read.
    Refused,
    /// There is no such service or operation in our models, or a required parameter is missing.
    Unknown,
    /// The network: DNS, TCP, TLS.
    Transport,
    /// No answer in time.
    Timeout,
    /// The answer was longer than we accept.
    TooLarge,
    /// The answer is not what the model says.
    Unreadable,
    /// Any other error AWS answered with.
    Service,
}

impl CallErrorKind {
    /// The name as recordings keep it where AWS gave no code of its own.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "Denied",
            Self::NotFound => "NotFound",
            Self::Throttled => "Throttled",
            Self::Credentials => "Credentials",
            Self::RegionDisabled => "RegionDisabled",
            Self::Refused => "Refused",
            Self::Unknown => "Unknown",
            Self::Transport => "Transport",
            Self::Timeout => "Timeout",
            Self::TooLarge => "TooLarge",
            Self::Unreadable => "Unreadable",
            Self::Service => "Service",
        }
    }
}

impl fmt::Display for CallErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct CallError {
    /// What to make of it.
    pub kind: CallErrorKind,
    /// AWS's code, `AccessDenied`; the kind's own name where the error is ours.
    pub code: String,
    /// AWS's words or ours, cut to a sane length, without credentials.
    pub message: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
}
