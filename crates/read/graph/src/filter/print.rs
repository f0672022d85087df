//! From expression back to text, in one canonical form that reads as the same expression.

use std::fmt;

use super::{Expression, Filter};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.as_ref().map_or(Ok(()), |expression| write(expression, Level::Or, f))
    }
}

/// What may stand without brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
}

fn write(expression: &Expression, level: Level, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match expression {
        Expression::Or(parts) => list(parts, " OR ", level > Level::Or, Level::And, f),
        Expression::And(parts) => list(parts, " ", level > Level::And, Level::Not, f),
        Expression::Not(inner) => {
            f.write_str("NOT ")?;
            write(inner, Level::Not, f)
        }
        Expression::Word(word) => atom(word, true, f),
        Expression::Pair { key, value } => {
            atom(key, true, f)?;
            f.write_str("=")?;
            match value {
                None => f.write_str("*"),
                Some(value) => atom(value, false, f),
            }
        }
    }
}

fn list(
    parts: &[Expression],
    between: &str,
    brackets: bool,
    inner: Level,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    if brackets {
        f.write_str("(")?;
    }
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            f.write_str(between)?;
        }
        write(part, inner, f)?;
    }
    if brackets {
        f.write_str(")")?;
    }
    Ok(())
}

/// A text, in quotes where it would be read otherwise without them.
fn atom(text: &str, is_key: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let awkward = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | ',' | '"' | '\'' | '\\' | '!' | '*')
    };
    let needs_quotes = text.is_empty()
        || text.contains(awkward)
        || (is_key && (text.contains('=') || matches!(text, "AND" | "OR" | "NOT")));
    if !needs_quotes {
        return f.write_str(text);
    }
    f.write_str("\"")?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"")
}
