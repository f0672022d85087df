//! Stacked horizontal bars as an SVG that stands alone, light and dark.

use crate::escape::markup;

/// A bar: its name, and one number for each series.
pub type Bar = (String, Vec<usize>);

/// Colours of series in order; the hues of the drawing style, told apart by position, too.
pub(crate) const COLOURS: [&str; 8] =
    ["#2160C4", "#C2500A", "#3B7A1E", "#7438DC", "#C21F3F", "#0B7580", "#B8247A", "#47566C"];

pub(crate) const FONTS: &str = "Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

/// Page, ink, muted ink and grid; the values of the drawing style.
pub(crate) const STYLE: &str = "<style>.p{fill:#fff}.i{fill:#16202e}.m{fill:#4a5a70}.g{stroke:#d5dde8;fill:none}.l{fill:#e3e9f1}\
    @media(prefers-color-scheme:dark){.p{fill:#0c1117}.i{fill:#edf2f8}.m{fill:#a3b1c4}.g{stroke:#2a3646}.l{fill:#1d2733}}</style>";

const ROW: usize = 26;
const LEFT: usize = 312;
pub(crate) const WIDTH: usize = 960;

/// One bar a row, its series stacked, the sum behind it; below, which colour is whose.
pub fn stacked_bars(title: &str, series: &[String], bars: &[Bar]) -> String {
    let most = bars.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let legend = if series.len() > 1 { series.len().div_ceil(4) * 22 + 16 } else { 0 };
    let height = 64 + bars.len() * ROW + legend + 16;
    let room = WIDTH - LEFT - 90;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"{FONTS}\">{STYLE}\
         <rect class=\"p\" width=\"{WIDTH}\" height=\"{height}\"/>\
         <text class=\"i\" x=\"24\" y=\"36\" font-size=\"17\" font-weight=\"600\">{title}</text>",
        title = markup(title),
    );
    for (at, (name, counts)) in bars.iter().enumerate() {
        let y = 56 + at * ROW;
        let sum: usize = counts.iter().sum();
        out.push_str(&format!(
            "<text class=\"i\" x=\"{}\" y=\"{}\" font-size=\"12.5\" text-anchor=\"end\">{}</text>",
            LEFT - 12,
            y + 14,
            markup(&cut(name, 38))
        ));
        let mut before = 0;
        for (which, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let from = LEFT + before * room / most;
            before += count;
            let to = (LEFT + before * room / most).max(from + 1);
            let owner = series.get(which).map(|s| markup(s)).unwrap_or_default();
            out.push_str(&format!(
                "<rect x=\"{from}\" y=\"{y}\" width=\"{}\" height=\"18\" fill=\"{}\"><title>{owner}: {count}</title></rect>",
                to - from,
                COLOURS[which % COLOURS.len()]
            ));
        }
        out.push_str(&format!(
            "<text class=\"m\" x=\"{}\" y=\"{}\" font-size=\"12\">{sum}</text>",
            LEFT + sum * room / most + 8,
            y + 14
        ));
    }
    if legend > 0 {
        for (at, name) in series.iter().enumerate() {
            let (x, y) = (24 + at % 4 * 230, 56 + bars.len() * ROW + 24 + at / 4 * 22);
            out.push_str(&format!(
                "<rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" rx=\"3\" fill=\"{}\"/><text class=\"i\" x=\"{}\" y=\"{y}\" font-size=\"12\">{}</text>",
                y - 11,
                COLOURS[at % COLOURS.len()],
                x + 18,
                markup(&cut(name, 28))
            ));
        }
    }
    out.push_str("</svg>\n");
    out
}

/// At most so many characters, cut in the middle: AWS names differ at the end.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_owned();
    }
    let (head, tail) = (most / 2, most - most / 2 - 1);
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_inert_and_sums_stand_behind_the_bars() {
        let series = ["<script>".to_owned(), "b".to_owned()];
        let svg = stacked_bars(
            "a & b",
            &series,
            &[("S3 \"x\"".to_owned(), vec![3, 4]), ("none".to_owned(), vec![0, 0])],
        );
        assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;: 3"));
        assert!(svg.contains(">7</text>") && svg.contains(">0</text>"));
        assert_eq!(svg.matches("<rect").count(), 1 + 2 + 2, "page, two stacked parts, two legend marks");
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(cut("abcdefghij", 5), "ab…ij");
    }
}
