//! A report as one HTML file that needs nothing beside it.
//!
//! In: a [`Page`]: sections of text, charts and tables, as plain values. Out: HTML whose every text is
//! escaped, light or dark as the reader's system is, fit for paper. Its one script turns the pages
//! of long tables; a content security policy allows that script by its hash and nothing else, so
//! that even a text that slipped through could not run. What the values mean is left to the caller.
//!
//! Long tables are not in the document: it holds the first rows and all rows as data, so that a
//! report on hundreds of accounts opens as fast as one on a single account.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::escape::markup;

/// Rows shown at a time.
pub const ROWS: usize = 50;

/// How a column's cells are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Set to the right.
    Number,
    /// JSON, ARNs: in a fixed-width face.
    Code,
    /// A severity, with its colour.
    Severity,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Headings and how their cells are shown.
    pub columns: Vec<(String, Kind)>,
    /// Cells row by row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows yet.
    pub fn new(columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// The table without the columns that no row has anything in, the first one kept.
    pub fn without_empty_columns(mut self) -> Self {
        for at in (1..self.columns.len()).rev() {
            if self.rows.iter().all(|row| row.get(at).is_none_or(String::is_empty)) {
                self.columns.remove(at);
                for row in self.rows.iter_mut().filter(|row| at < row.len()) {
                    row.remove(at);
                }
            }
        }
        self
    }
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// An SVG that this crate drew.
    Chart(String),
    /// A table.
    Table(Table),
    /// A part that opens on a click: a severity or nothing, a title, the parts inside.
    Fold(Option<String>, String, Vec<Block>),
}

/// A section: anchor, title, parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The anchor.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A whole report.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// A line below it.
    pub about: String,
    /// Its sections.
    pub sections: Vec<Section>,
}

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page as HTML.
pub fn html(page: &Page) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{title}</h1><p>{}</p></header>\n<nav aria-label=\"Contents\"><ul>",
        hash(STYLE),
        hash(SCRIPT),
        markup(&page.about),
        title = markup(&page.title),
    );
    for section in &page.sections {
        let (id, title) = (markup(&section.id), markup(&section.title));
        out.push_str(&format!("<li><a href=\"#{id}\">{title}</a></li>"));
    }
    out.push_str("</ul></nav>\n<main>\n");
    for section in &page.sections {
        let (id, title) = (markup(&section.id), markup(&section.title));
        out.push_str(&format!("<section id=\"{id}\"><h2>{title}</h2>\n"));
        section.blocks.iter().for_each(|b| block(b, &mut out));
        out.push_str("</section>\n");
    }
    out.push_str(&format!("</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    out
}

fn block(part: &Block, out: &mut String) {
    match part {
        Block::Text(text) => out.push_str(&format!("<p>{}</p>\n", markup(text))),
        // The page's own style rules stand in for those of a chart that stands alone.
        Block::Chart(svg) => {
            out.push_str("<figure>");
            out.push_str(&svg.replace(crate::chart::STYLE, ""));
            out.push_str("</figure>\n");
        }
        Block::Table(of) => table(of, out),
        Block::Fold(severity, title, inside) => {
            out.push_str("<details><summary>");
            if let Some(severity) = severity {
                out.push_str(&badge(severity));
                out.push(' ');
            }
            out.push_str(&format!("{}</summary>\n", markup(title)));
            inside.iter().for_each(|b| block(b, out));
            out.push_str("</details>\n");
        }
    }
}

fn table(table: &Table, out: &mut String) {
    if table.rows.is_empty() {
        out.push_str("<p class=\"none\">None.</p>\n");
        return;
    }
    let class = |kind: Kind| match kind {
        Kind::Text => "t",
        Kind::Number => "n",
        Kind::Code => "c",
        Kind::Severity => "s",
    };
    out.push_str("<div class=\"table\"><table><thead><tr>");
    for (name, kind) in &table.columns {
        out.push_str(&format!("<th scope=\"col\" class=\"{}\">{}</th>", class(*kind), markup(name)));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in table.rows.iter().take(ROWS) {
        out.push_str("<tr>");
        for (cell, (_, kind)) in row.iter().zip(&table.columns) {
            let inside = if *kind == Kind::Severity { badge(cell) } else { markup(cell) };
            out.push_str(&format!("<td class=\"{}\">{inside}</td>", class(*kind)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>");
    if table.rows.len() > ROWS {
        let rows: Vec<Value> = table.rows.iter().map(|row| Value::from(row.clone())).collect();
        // In a script element only `<` could end the data.
        let data = Value::Array(rows).to_string().replace('<', "\\u003c");
        out.push_str(&format!(
            "<noscript><p>The first {ROWS} of {} rows.</p></noscript><script type=\"application/json\">{data}</script>",
            table.rows.len()
        ));
    }
    out.push_str("</div>\n");
}

/// A severity's mark; the class is one of ours, never a text from elsewhere.
fn badge(severity: &str) -> String {
    let small = severity.to_ascii_lowercase();
    let known = ["critical", "high", "medium", "low", "info", "mute"].contains(&small.as_str());
    let class = if known { small.as_str() } else { "info" };
    format!("<span class=\"badge {class}\">{}</span>", markup(severity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: usize) -> String {
        let mut table = Table::new(&[("<b>", Kind::Text), ("S", Kind::Severity)]);
        let row = |n: usize| vec![format!("</script><script>alert({n})</script>"), "\"onload=".to_owned()];
        table.rows = (0..rows).map(row).collect();
        let fold = Block::Fold(Some("High".to_owned()), "<img src=x>".to_owned(), vec![Block::Table(table)]);
        html(&Page {
            title: "<i>&".to_owned(),
            about: "'\"".to_owned(),
            sections: vec![Section { id: "a\"b".to_owned(), title: "T".to_owned(), blocks: vec![fold] }],
        })
    }

    #[test]
    fn no_text_becomes_markup() {
        for rows in [0, 3, ROWS + 1, 1000] {
            let html = page(rows);
            let scripts = if rows > ROWS { 2 } else { 1 };
            assert_eq!(html.matches("<script").count(), scripts, "{rows} rows");
            assert_eq!(html.matches("</script>").count(), scripts, "{rows} rows");
            for bad in ["<img", "<b>", "<i>", ">\"onload", "https://", " style="] {
                assert!(!html.contains(bad), "{bad} with {rows} rows");
            }
        }
    }

    #[test]
    fn columns_without_anything_are_left_out() {
        let mut table =
            Table::new(&[("a", Kind::Text), ("b", Kind::Text), ("c", Kind::Code), ("d", Kind::Text)]);
        table.rows =
            [["", "", "1", ""], ["", "", "", ""]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
        let table = table.without_empty_columns();
        assert_eq!(table.columns, [("a".to_owned(), Kind::Text), ("c".to_owned(), Kind::Code)]);
        assert_eq!(table.rows, [["", "1"], ["", ""]]);
    }

    #[test]
    fn long_tables_stay_out_of_the_document() {
        let html = page(1000);
        assert_eq!(html.matches("<tr>").count(), 1 + ROWS);
        assert_eq!(page(ROWS).matches("<script type=").count(), 0);
    }

    #[test]
    fn the_policy_allows_just_this_style_and_script() {
        let html = page(1);
        for text in [STYLE, SCRIPT] {
            let hash = STANDARD.encode(Sha256::digest(text.as_bytes()));
            assert!(html.contains(&format!("'sha256-{hash}'")));
        }
        assert!(!html.contains("unsafe"));
    }
}
