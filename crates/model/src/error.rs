//! The one error of this crate: a text that is not what it should be.

/// A text that does not parse. `value` is cut so that hostile input cannot flood a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not {expected}")]
pub struct ParseError {
    /// The text as given, at most 120 characters of it.
    pub value: String,
    /// What was expected, worded to follow "is not": "an AWS region such as eu-west-1".
    pub expected: &'static str,
}

impl ParseError {
    /// An error about `value`, which should have been `expected`.
    pub fn new(value: &str, expected: &'static str) -> Self {
        Self { value: value.chars().take(120).collect(), expected }
    }
}
