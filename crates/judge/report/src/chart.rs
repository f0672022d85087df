//! Stacked horizontal bars as an SVG that stands alone, light and dark.

use crate::escape::markup;

/// A bar: its name, and one number for each series.
pub type Bar = (String, Vec<usize>);

/// Colours of series in order; the hues of the drawing style, told apart by position, too.
const COLOURS: [&str; 8] =
    ["#2160C4", "#C2500A", "#3B7A1E", "#7438DC", "#C21F3F", "#0B7580", "#B8247A", "#47566C"];

const FONTS: &str = "Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";

/// Page, ink, muted ink and grid; the values of the drawing style.
pub(crate) const STYLE: &str = "<style>.p{fill:#fff}.i{fill:#16202e}.m{fill:#4a5a70}.g{stroke:#d5dde8;fill:none}\
    @media(prefers-color-scheme:dark){.p{fill:#0c1117}.i{fill:#edf2f8}.m{fill:#a3b1c4}.g{stroke:#2a3646}}</style>";

const ROW: usize = 26;
const LEFT: usize = 220;
const WIDTH: usize = 960;

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
            markup(&cut(name, 30))
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

/// A place on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What is there.
    pub name: String,
}

/// Dots on a grid of the world, thirty degrees a line, every place at its true longitude and
/// latitude (plate carrée). There are no coasts: where there is a dot, its title says what it is.
pub fn map(title: &str, points: &[Point]) -> String {
    let (left, top, wide, high) = (24.0, 56.0, 912.0, 456.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"536\" viewBox=\"0 0 {WIDTH} 536\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"{FONTS}\">{STYLE}\
         <rect class=\"p\" width=\"{WIDTH}\" height=\"536\"/>\
         <text class=\"i\" x=\"24\" y=\"36\" font-size=\"17\" font-weight=\"600\">{title}</text>",
        title = markup(title),
    );
    for step in 0..=12 {
        let x = left + wide * f64::from(step) / 12.0;
        out.push_str(&format!("<path class=\"g\" d=\"M{x:.1} {top:.1}v{high:.1}\"/>"));
        if step <= 6 {
            let y = top + high * f64::from(step) / 6.0;
            out.push_str(&format!("<path class=\"g\" d=\"M{left:.1} {y:.1}h{wide:.1}\"/>"));
            let degrees = 90 - 30 * step;
            out.push_str(&format!(
                "<text class=\"m\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"10\">{degrees}\u{b0}</text>",
                left + 3.0,
                y + 11.0
            ));
        }
    }
    for point in points {
        let x = left + (point.longitude.clamp(-180.0, 180.0) + 180.0) / 360.0 * wide;
        let y = top + (90.0 - point.latitude.clamp(-90.0, 90.0)) / 180.0 * high;
        out.push_str(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{}\" fill-opacity=\".75\"><title>{}</title></circle>",
            COLOURS[1],
            markup(&point.name)
        ));
    }
    out.push_str("</svg>\n");
    out
}

/// At most so many characters, cut in the middle: AWS names differ at the end.
fn cut(text: &str, most: usize) -> String {
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
    fn places_stand_where_they_are() {
        let place = |latitude, longitude| Point { latitude, longitude, name: "<a>".to_owned() };
        let svg = map("m", &[place(0.0, 0.0), place(90.0, -180.0), place(f64::NAN, 900.0)]);
        assert!(svg.contains("cx=\"480.0\" cy=\"284.0\"") && svg.contains("cx=\"24.0\" cy=\"56.0\""));
        assert!(svg.contains("&lt;a&gt;") && !svg.contains("<a>") && svg.contains("cx=\"936.0\""));
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(cut("abcdefghij", 5), "ab…ij");
    }
}
