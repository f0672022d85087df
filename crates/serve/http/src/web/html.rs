//! Writing HTML without ever writing a text into it raw.

use std::fmt::Write as _;

/// A text for between tags and inside quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Directions set by a name must not turn what follows it around.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Collects a page; every method but [`Page::raw`] escapes.
#[derive(Default)]
pub(crate) struct Page(String);

impl Page {
    /// Markup of ours.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }
    /// A text of anybody's.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escape(text));
        self
    }
    /// An attribute with anybody's value.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        let _ = write!(self.0, " {name}=\"{}\"", escape(value));
        self
    }
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_are_inert() {
        let mut page = Page::default();
        page.raw("<a").attribute("title", "\" onload='x'").raw(">").text("<script>&\u{202e}").raw("</a>");
        let expected = "<a title=\"&quot; onload=&#39;x&#39;\">&lt;script&gt;&amp;</a>";
        assert_eq!(page.finish(), expected);
    }
}
