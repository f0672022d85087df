//! Names as AWS gives them in, text that can be drawn out: nothing invisible or hostile in it, and
//! cut in the middle where it does not fit.

use crate::font::{Fonts, Weight};

/// The text without control characters, line breaks, direction overrides and characters that XML
/// forbids. Directions cannot leak from one name into another, because each name is a text of its
/// own wherever it is drawn.
pub fn clean(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        let code = u32::from(c);
        match code {
            0x9 | 0xA | 0xD | 0x20 | 0x85 | 0x2028 | 0x2029 => space = !out.is_empty(),
            0x0..=0x1F | 0x7F..=0x9F => {}
            0x200B | 0x200E | 0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x61C | 0xFEFF => {}
            0xFFF9..=0xFFFF | 0xE0000..=0xE00FF | 0xFDD0..=0xFDEF => {}
            _ if code & 0xFFFE == 0xFFFE => {}
            _ => {
                if std::mem::take(&mut space) {
                    out.push(' ');
                }
                out.push(c);
            }
        }
    }
    out
}

/// Whether a text is in ASCII and clean as it is: most are, and they are many.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    let good = text.bytes().all(|byte| {
        let last = std::mem::replace(&mut before, byte);
        (b' '..=b'~').contains(&byte) && (byte, last) != (b' ', b' ')
    });
    good && (before != b' ' || text.is_empty())
}

/// Whether a text is [`clean`] as it is.
pub(crate) fn is_clean(text: &str) -> bool {
    is_plain(text) || clean(text) == text
}

/// Whether a character belongs to the one before it and must not be cut off it.
fn joins(c: char) -> bool {
    matches!(u32::from(c),
       0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x610..=0x61A | 0x64B..=0x65F | 0x670 |
        0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200C | 0x200D | 0x20D0..=0x20FF | 0xFE00..=0xFE0F |
        0xFE20..=0xFE2F | 0x1F3FB..=0x1F3FF)
}

/// What may stand between the parts of a name.
pub(crate) const SEPARATORS: [char; 6] = ['-', '_', '.', '/', ':', ' '];

/// The two ends of a text that stay around an ellipsis.
#[derive(Clone, Copy)]
pub(crate) struct Cut<'a> {
    text: &'a str,
    /// Where the first end stops and the last begins, in bytes.
    ends: (usize, usize),
}

impl<'a> Cut<'a> {
    /// So that it is at most `room` wide; none where all of it is. AWS names differ at the end, so the
    /// end is kept.
    pub(crate) fn to_width(
        fonts: &Fonts,
        text: &'a str,
        size: f64,
        weight: Weight,
        room: f64,
    ) -> Option<Self> {
        if fonts.width(text, size, weight) <= room {
            return None;
        }
        let clusters = clusters(text);
        let widths: Vec<f64> = clusters.iter().map(|cluster| fonts.width(cluster, size, weight)).collect();
        let (mut left, mut right) = (0, clusters.len());
        let mut used = fonts.width("…", size, weight);
        // A little more of the beginning than of the end: it is read first.
        loop {
            let take_left = left <= (clusters.len() - right) + 1;
            let next = if take_left { left } else { right - 1 };
            if left >= right || used + widths[next] > room {
                break;
            }
            used += widths[next];
            if take_left { left += 1 } else { right -= 1 }
        }
        Some(Self::between(text, &clusters, left, right))
    }

    /// To so many characters in all; none where it has no more.
    pub(crate) fn to_count(text: &'a str, count: usize) -> Option<Self> {
        let clusters = clusters(text);
        if clusters.len() <= count {
            return None;
        }
        let left = count / 2;
        Some(Self::between(text, &clusters, left, clusters.len() - (count - 1 - left)))
    }

    fn between(text: &'a str, clusters: &[&str], left: usize, right: usize) -> Self {
        let bytes = |clusters: &[&str]| clusters.iter().map(|cluster| cluster.len()).sum::<usize>();
        Self { text, ends: (bytes(&clusters[..left]), text.len() - bytes(&clusters[right..])) }
    }

    /// The same with so many characters more at the beginning and fewer at the end; none where an end
    /// would be less than two.
    pub(crate) fn moved(self, by: isize) -> Option<Self> {
        if by == 0 {
            return Some(self);
        }
        if self.text.is_ascii() {
            let (left, right) = (self.ends.0.checked_add_signed(by)?, self.ends.1.checked_add_signed(by)?);
            let inside = left >= 2 && left < right && right + 2 <= self.text.len();
            return inside.then_some(Self { ends: (left, right), ..self });
        }
        let clusters = clusters(self.text);
        let (mut left, mut right, mut at) = (0, 0, 0);
        for cluster in &clusters {
            left += usize::from(at < self.ends.0);
            right += usize::from(at < self.ends.1);
            at += cluster.len();
        }
        let (left, right) = (left.checked_add_signed(by)?, right.checked_add_signed(by)?);
        let inside = left >= 2 && left < right && right + 2 <= clusters.len();
        inside.then(|| Self::between(self.text, &clusters, left, right))
    }

    /// What stays of its beginning and its end.
    pub(crate) fn ends(self) -> (&'a str, &'a str) {
        (self.text[..self.ends.0].trim_end(), self.text[self.ends.1..].trim_start())
    }

    /// Whether the end that stays is one or more whole parts of a name.
    pub(crate) fn is_between_parts(self) -> bool {
        let (dropped, tail) = self.text.split_at(self.ends.1);
        tail.starts_with(SEPARATORS) || dropped.ends_with(SEPARATORS)
    }

    /// As it is drawn.
    pub(crate) fn text(self) -> String {
        let (head, tail) = self.ends();
        format!("{head}…{tail}")
    }
}

/// The text, or its two ends around an ellipsis so that it is at most `room` wide.
pub(crate) fn fit(fonts: &Fonts, text: &str, size: f64, weight: Weight, room: f64) -> String {
    Cut::to_width(fonts, text, size, weight, room).map_or_else(|| text.to_owned(), Cut::text)
}

/// Characters, each with what joins it.
fn clusters(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let after_joiner = text[..at].ends_with('\u{200D}');
        if at > start && !joins(c) && !after_joiner {
            out.push(&text[start..at]);
            start = at;
        }
    }
    out.push(&text[start..]);
    out
}

/// The text on at most two lines of that width, broken after a separator, each cut where it still
/// does not fit; one line where it fits on one or has nothing to break at.
pub(crate) fn wrap(fonts: &Fonts, text: &str, size: f64, weight: Weight, room: f64) -> Vec<String> {
    let width = |text: &str| fonts.width(text, size, weight);
    if width(text) <= room {
        return vec![text.to_owned()];
    }
    let mut best: Option<(f64, usize)> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if end == text.len() || at == 0 || !SEPARATORS.contains(&c) {
            continue;
        }
        // What does not fit counts ten times what is uneven.
        let (first, second) = (width(text[..end].trim_end()), width(&text[end..]));
        let over = (first - room).max(0.0) + (second - room).max(0.0);
        let cost = 10.0 * over + (first - second).abs();
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, end));
        }
    }
    let parts = best.map_or(vec![text], |(_, end)| vec![text[..end].trim_end(), &text[end..]]);
    parts.into_iter().map(|part| fit(fonts, part, size, weight, room)).collect()
}

/// The text on two lines of that width with one ellipsis, where both lines would be cut or the first
/// would: its beginning and, whole, a part of a name at its end. None where that would say little.
pub(crate) fn halves(fonts: &Fonts, text: &str, size: f64, weight: Weight, room: f64) -> Option<Vec<String>> {
    let width = |text: &str| fonts.width(text, size, weight);
    let left = room - width("…");
    let mut used = 0.0;
    let clusters = clusters(text);
    let fitting = clusters.iter().take_while(|cluster| {
        used += width(cluster);
        used <= left
    });
    let head = fitting.map(|cluster| cluster.len()).sum::<usize>();
    let starts = text.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len());
    let tail = starts.filter(|&at| at > head).map(|at| &text[at..]).find(|tail| width(tail) <= room)?;
    (head >= 3 && tail.chars().count() >= 3)
        .then(|| vec![format!("{}…", text[..head].trim_end_matches(SEPARATORS)), tail.to_owned()])
}

/// Two letters that stand for a type nobody drew a glyph for: `glue:job` is `GJ`.
pub(crate) fn monogram(kind: &str) -> String {
    let mut words = kind.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("?");
    let letters: String = match words.next() {
        Some(second) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        None => first.chars().take(2).collect(),
    };
    letters.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        let cases = [
            ("web\u{0}-1\u{7}", "web-1"),
            ("a\nb\t c ", "a b c"),
            ("\u{202E}gnp.exe", "gnp.exe"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("서울 👩\u{200D}💻", "서울 👩\u{200D}💻"),
            ("\u{FFFE}\u{FEFF}", ""),
            ("", ""),
            ("two words", "two words"),
            (" a", "a"),
            ("a ", "a"),
            ("a  b", "a b"),
        ];
        for (given, expected) in cases {
            assert_eq!(clean(given), expected, "{given:?}");
            assert_eq!(is_clean(given), given == expected, "{given:?}");
        }
    }

    #[test]
    fn long_names_lose_their_middle() {
        let fonts = Fonts::embedded();
        let fit = |text: &str, room| fit(&fonts, text, 13.0, Weight::SemiBold, room);
        assert_eq!(fit("web-1", 100.0), "web-1");
        let cut = fit("web-production-autoscaling-group-7f3a", 110.0);
        assert!(cut.starts_with("web-p") && cut.ends_with("7f3a") && cut.contains('…'), "{cut}");
        let long = "x".repeat(255);
        for room in [0.0, 1.0, 20.0, 300.0] {
            let cut = fit(&long, room);
            let width = fonts.width(&cut, 13.0, Weight::SemiBold);
            assert!(width <= room.max(fonts.width("…", 13.0, Weight::SemiBold)), "{room}: {width}");
        }
        assert!(!fit("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", 30.0).contains("…\u{301}"));
    }

    #[test]
    fn a_cut_name_has_so_many_letters() {
        for (text, count, expected) in [
            ("stock-changed", 7, "sto…ged"),
            ("stock-changed", 8, "stoc…ged"),
            ("stock", 7, "stock"),
            ("a very long name", 7, "a v…ame"),
            ("", 7, ""),
            ("ae\u{301}bcdefgh", 5, "ae\u{301}…gh"),
        ] {
            let cut = Cut::to_count(text, count).map_or_else(|| text.to_owned(), Cut::text);
            assert_eq!(cut, expected, "{text} {count}");
        }
    }

    #[test]
    fn names_break_after_a_separator() {
        let fonts = Fonts::embedded();
        let check = |text: &str, room, expected: &[&str]| {
            assert_eq!(wrap(&fonts, text, 13.0, Weight::SemiBold, room), expected, "{text}");
        };
        check("web-1", 80.0, &["web-1"]);
        check("billing-audit-work", 80.0, &["billing-", "audit-work"]);
        check("catalog-api-1", 70.0, &["catalog-", "api-1"]);
        check("two words here", 80.0, &["two words", "here"]);
        let one = wrap(&fonts, "abcdefghijklmnopqrst", 13.0, Weight::SemiBold, 80.0);
        assert!(one.len() == 1 && one[0].contains('…'), "{one:?}");
        let cut = wrap(&fonts, "igw-0b0c5cc20003ffffaaaa", 13.0, Weight::SemiBold, 70.0);
        assert!(cut.len() == 2 && cut[0] == "igw-" && cut[1].contains('…'), "{cut:?}");
    }

    #[test]
    fn two_halves_have_one_ellipsis_and_end_in_a_whole_part() {
        let fonts = Fonts::embedded();
        let halves = |text: &str, room| halves(&fonts, text, 13.0, Weight::SemiBold, room);
        for (text, room, end) in [
            ("internal.ottersea.example", 80.0, "example"),
            ("catalogue-database/reader-one", 90.0, "reader-one"),
            ("catalogue-api", 60.0, "api"),
        ] {
            let lines = halves(text, room).expect(text);
            assert!(lines.len() == 2 && lines[1] == end && lines[0].ends_with('…'), "{lines:?}");
            assert!(text.starts_with(lines[0].trim_end_matches('…')), "{lines:?}");
            let fits = |line: &String| fonts.width(line, 13.0, Weight::SemiBold) <= room;
            assert!(lines.iter().all(fits), "{lines:?}");
        }
        for (text, room) in [("catalogue-1", 50.0), ("abcdefghijklmnop", 60.0), ("a-bcd", 15.0), ("", 9.0)] {
            assert_eq!(halves(text, room), None, "{text}");
        }
    }

    #[test]
    fn monograms() {
        let cases =
            [("glue:job", "GJ"), ("athena", "AT"), ("", "?"), ("ec2:transit-gateway", "ET"), ("日本", "?")];
        for (kind, expected) in cases {
            assert_eq!(monogram(kind), expected, "{kind}");
        }
    }
}
