//! What people and scripts read: text, tables and JSON on stdout, remarks on stderr.
//!
//! In: values, many of them hostile text from AWS. Out: lines without control characters, and an
//! error of its own kind when the reader has gone. What is worth printing is left to the commands.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::Result;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON document whose keys stay as they are from version to version
    Json,
}

/// The reader of our stdout has closed it.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub(crate) struct Closed;

/// Writes bytes to stdout.
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Closed.into(),
        _ => anyhow::Error::from(error).context("writing to standard output"),
    })
}

/// Writes a text and a line end to stdout. The text must be clean already.
pub(crate) fn line(text: &str) -> Result<()> {
    bytes(format!("{text}\n").as_bytes())
}

/// Writes a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// A remark on stderr; nobody listening is no error.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Whether somebody looks at stdout.
pub(crate) fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether somebody looks at stderr.
pub(crate) fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Replaces whatever could command a terminal or turn its text around: control characters and
/// bidirectional overrides become visible escapes.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let turning =
            matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turning || matches!(c, '\u{2028}' | '\u{2029}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// A table with a heading per column.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()] }
    }

    /// One more row; its cells are cleaned.
    pub(crate) fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows.push(cells.iter().map(|cell| clean(cell)).collect());
    }

    /// The table as text, columns aligned, without trailing spaces.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows[0].len();
        let widths: Vec<usize> =
            (0..columns).map(|c| self.rows.iter().map(|row| row[c].width()).max().unwrap_or(0)).collect();
        let mut lines = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }

    /// Prints the table.
    pub(crate) fn print(&self) -> Result<()> {
        line(&self.render())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_commands_no_terminal() {
        for (input, expected) in [
            ("web-1", "web-1"),
            ("\u{1b}]0;owned\u{7}", "\\u{1b}]0;owned\\u{7}"),
            ("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"),
            ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("서울 웹", "서울 웹"),
        ] {
            assert_eq!(clean(input), expected);
        }
    }

    #[test]
    fn columns_stand_under_their_headings() {
        let mut table = Table::new(["NAME", "REGION"]);
        table.row(["서울", "ap-northeast-2"]);
        table.row(["a\nb", ""]);
        assert_eq!(table.render(), "NAME     REGION\n서울     ap-northeast-2\na\\u{a}b");
    }
}
