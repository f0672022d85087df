//! Who asks: every function of the store takes a scope and cannot be called without one.

use isobar_model::ParseError;
use uuid::Uuid;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Read only.
    Read,
    /// Read and write.
    ReadWrite,
}

impl Rights {
    /// Reads `read-only` or `read-write`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match text {
            "read-only" => Ok(Self::Read),
            "read-write" => Ok(Self::ReadWrite),
            _ => Err(ParseError::new(text, "read-only or read-write")),
        }
    }
    /// `read-only` or `read-write`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read-only",
            Self::ReadWrite => "read-write",
        }
    }
}

/// The rights a call is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The tenant.
    pub workspace: Uuid,
    /// The user who asks.
    pub user: Uuid,
    /// The teams that user is in.
    pub teams: Vec<Uuid>,
    /// What the key may do.
    pub rights: Rights,
    /// The key that was shown; none for the operator's own command line.
    pub key: Option<Uuid>,
}

impl Scope {
    /// Fails for a key that may only read.
    pub fn may_write(&self) -> Result<(), crate::Error> {
        match self.rights {
            Rights::ReadWrite => Ok(()),
            Rights::Read => Err(crate::Error::ReadOnly),
        }
    }
}
