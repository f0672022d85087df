//! What can go wrong in the store.

use isobar_model::ParseError;

/// An error of the store; says what was being attempted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be opened or brought up to date.
    #[error("the database {path} could not be opened")]
    Open {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A statement failed.
    #[error("the database could not {attempt}")]
    Query {
        /// What was attempted, worded to follow "could not".
        attempt: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value is not what it should be.
    #[error("the database holds a bad {column}")]
    Corrupt {
        /// Where it lies.
        column: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The scope's key may not write.
    #[error("this key may only read")]
    ReadOnly,
    /// The scope's user may see the row, but not change it.
    #[error("no write access")]
    NoWriteAccess,
}

impl Error {
    /// For `map_err` on a statement.
    pub(crate) fn query(attempt: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { attempt, source }
    }
    /// For `map_err` on a stored value.
    pub(crate) fn corrupt(column: &'static str) -> impl FnOnce(ParseError) -> Self {
        move |source| Self::Corrupt { column, source: Box::new(source) }
    }
}
