//! A small XML writer: elements, attributes, escaping, short numbers.

use std::fmt::{self, Display, Write};

/// An XML text in the making.
pub(crate) struct Xml {
    out: String,
}

impl Xml {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes) }
    }
    pub(crate) fn finish(self) -> String {
        self.out
    }
    /// Text that is markup already.
    pub(crate) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }
    /// `<name`
    pub(crate) fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
    }
    /// An attribute whose value needs no escaping: numbers, colours, our own words.
    pub(crate) fn attr(&mut self, name: &str, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, " {name}=\"{value}\"");
    }
    /// An attribute with any text.
    pub(crate) fn text_attr(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, value);
        self.out.push('"');
    }
    /// `>`
    pub(crate) fn end_open(&mut self) {
        self.out.push('>');
    }
    /// `/>`
    pub(crate) fn end_empty(&mut self) {
        self.out.push_str("/>");
    }
    /// `</name>`
    pub(crate) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
    /// Any text.
    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }
    /// `<name>text</name>`
    pub(crate) fn element_with_text(&mut self, name: &str, text: &str) {
        self.open(name);
        self.end_open();
        self.text(text);
        self.close(name);
    }
}

/// Appends text so that it is inert in element content and in attribute values. Characters that
/// XML cannot hold are dropped, line breaks are kept through attribute normalisation.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\t' | '\r' => out.push(' '),
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            // Direction overrides would turn what follows them around, in a source view too.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            c => out.push(c),
        }
    }
}

/// A length with at most two decimals, as short as it gets.
pub(crate) fn number(value: f64) -> Short {
    Short { hundredths: if value.is_finite() { (value * 100.0).round() as i64 } else { 0 } }
}

/// The same with one decimal: a tenth of a pixel is finer than any eye.
pub(crate) fn tenth(value: f64) -> Short {
    Short { hundredths: if value.is_finite() { (value * 10.0).round() as i64 * 10 } else { 0 } }
}

/// A number that prints without trailing zeros.
#[derive(Clone, Copy)]
pub(crate) struct Short {
    hundredths: i64,
}

impl Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.hundredths.abs() / 100, self.hundredths.abs() % 100);
        if self.hundredths < 0 {
            f.write_char('-')?;
        }
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 && whole == 0 => write!(f, ".{}", part / 10),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part if whole == 0 => write!(f, ".{part:02}"),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (-0.5, "-.5"),
            (12.345, "12.35"),
            (0.05, ".05"),
            (3.10, "3.1"),
            (-0.001, "0"),
            (f64::NAN, "0"),
        ];
        for (value, expected) in cases {
            assert_eq!(number(value).to_string(), expected);
        }
        assert_eq!(tenth(12.345).to_string(), "12.3");
    }

    #[test]
    fn hostile_text_is_inert() {
        let mut out = String::new();
        escape(&mut out, "<script>alert('x')</script>&]]>\"\0\u{1b}\n");
        assert_eq!(out, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;]]&gt;&quot;&#10;");
    }
}
