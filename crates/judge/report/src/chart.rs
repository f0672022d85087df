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

/// A drawn chart: what lies on its page, in order. Whoever wants pixels draws the marks.
pub struct Chart {
    /// Width and height.
    pub size: (usize, usize),
    /// What it shows.
    pub title: String,
    /// Blocks and words.
    pub marks: Vec<Mark>,
}

/// A thing on a chart.
pub enum Mark {
    /// A rectangle.
    Block {
        /// Its upper left corner.
        at: (usize, usize),
        /// Its width and height.
        size: (usize, usize),
        /// Its corners' radius.
        radius: usize,
        /// Its colour, as `#RRGGBB`.
        colour: &'static str,
        /// What a pointer resting on it reads.
        title: Option<String>,
    },
    /// A line of text.
    Words {
        /// Where, on the baseline.
        at: (usize, usize),
        /// Its height.
        size: f64,
        /// Set in semibold.
        heavy: bool,
        /// `at` is its end, not its beginning.
        ends: bool,
        /// In the quieter ink.
        muted: bool,
        /// The words.
        text: String,
    },
}

/// One bar a row, its series stacked, the sum behind it; below, which colour is whose.
pub fn stacked_bars(title: &str, series: &[String], bars: &[Bar]) -> String {
    stacked(title, series, bars).svg()
}

/// The same as marks.
pub fn stacked(title: &str, series: &[String], bars: &[Bar]) -> Chart {
    let most = bars.iter().map(|(_, counts)| counts.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    let legend = if series.len() > 1 { series.len().div_ceil(4) * 22 + 16 } else { 0 };
    let height = 64 + bars.len() * ROW + legend + 16;
    let room = WIDTH - LEFT - 90;
    let words = |at, size, text| Mark::Words { at, size, heavy: false, ends: false, muted: false, text };
    let mut marks = vec![Mark::Words {
        at: (24, 36),
        size: 17.0,
        heavy: true,
        ends: false,
        muted: false,
        text: title.to_owned(),
    }];
    for (at, (name, counts)) in bars.iter().enumerate() {
        let y = 56 + at * ROW;
        let sum: usize = counts.iter().sum();
        marks.push(Mark::Words {
            at: (LEFT - 12, y + 14),
            size: 12.5,
            heavy: false,
            ends: true,
            muted: false,
            text: cut(name, 38),
        });
        let mut before = 0;
        for (which, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let from = LEFT + before * room / most;
            before += count;
            let to = (LEFT + before * room / most).max(from + 1);
            let owner = series.get(which).map(String::as_str).unwrap_or_default();
            marks.push(Mark::Block {
                at: (from, y),
                size: (to - from, 18),
                radius: 0,
                colour: COLOURS[which % COLOURS.len()],
                title: Some(format!("{owner}: {count}")),
            });
        }
        let at = (LEFT + sum * room / most + 8, y + 14);
        let text = sum.to_string();
        marks.push(Mark::Words { at, size: 12.0, heavy: false, ends: false, muted: true, text });
    }
    if legend > 0 {
        for (at, name) in series.iter().enumerate() {
            let (x, y) = (24 + at % 4 * 230, 56 + bars.len() * ROW + 24 + at / 4 * 22);
            let colour = COLOURS[at % COLOURS.len()];
            marks.push(Mark::Block { at: (x, y - 11), size: (12, 12), radius: 3, colour, title: None });
            marks.push(words((x + 18, y), 12.0, cut(name, 28)));
        }
    }
    Chart { size: (WIDTH, height), title: title.to_owned(), marks }
}

impl Chart {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let (width, height) = self.size;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-label=\"{title}\" font-family=\"{FONTS}\">{STYLE}\
             <rect class=\"p\" width=\"{width}\" height=\"{height}\"/>",
            title = markup(&self.title),
        );
        for mark in &self.marks {
            out.push_str(&mark.svg());
        }
        out.push_str("</svg>\n");
        out
    }
}

impl Mark {
    fn svg(&self) -> String {
        match self {
            Self::Block { at: (x, y), size: (w, h), radius, colour, title } => {
                let round = if *radius > 0 { format!(" rx=\"{radius}\"") } else { String::new() };
                let start = format!(
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{round} fill=\"{colour}\""
                );
                match title {
                    Some(title) => format!("{start}><title>{}</title></rect>", markup(title)),
                    None => format!("{start}/>"),
                }
            }
            Self::Words { at: (x, y), size, heavy, ends, muted, text } => format!(
                "<text class=\"{}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{}{}>{}</text>",
                if *muted { "m" } else { "i" },
                if *heavy { " font-weight=\"600\"" } else { "" },
                if *ends { " text-anchor=\"end\"" } else { "" },
                markup(text)
            ),
        }
    }
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
