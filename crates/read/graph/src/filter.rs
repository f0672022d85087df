//! The filter language: `type=rds AND (env=staging OR env=prod)`.
//!
//! In: the text a user typed. Out: a [`Filter`] that says of each resource whether it matches, or a
//! [`FilterError`] with the place of the mistake. What surrounds a match stays with the view.
//!
//! ```text
//! or      := and { OR and }
//! and     := not { [AND] not }            terms side by side mean AND; so does a comma
//! not     := ( NOT | ! ) not | primary
//! primary := "(" or ")" | key = value | key = * | word
//! ```
//!
//! Operators are upper case; `or` is a word. Words and keys do not mind case. Quotes, `"` or `'`,
//! take spaces, commas and brackets, with `\` before a quote or another `\`. `key!=value` is
//! `NOT key=value`, `tag:key=value` asks tags only.

mod matching;
mod parse;
mod print;

/// A parsed filter. The empty text matches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    text: String,
    expression: Option<Expression>,
}

/// What a filter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// All of them, at least two.
    And(Vec<Expression>),
    /// Any of them, at least two.
    Or(Vec<Expression>),
    /// Not that.
    Not(Box<Expression>),
    /// A bare word, kept in lower case.
    Word(String),
    /// A key, in lower case, and the value it must have; any value when none.
    Pair { key: String, value: Option<String> },
}

/// A text that is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid filter at position {offset}: expected {expected}")]
pub struct FilterError {
    /// Where, in characters from 0.
    pub offset: usize,
    /// What should have stood there, worded to follow "expected".
    pub expected: &'static str,
}

impl Filter {
    /// The longest text that is read, in bytes.
    pub const LONGEST: usize = 4_096;
    /// How deep brackets and negations may nest.
    pub const DEEPEST: usize = 48;

    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let expression = parse::expression(text)?;
        Ok(Self { text: text.trim().to_owned(), expression })
    }

    /// The text as it was given, without the space around it.
    pub fn text(&self) -> &str {
        &self.text
    }
}
