//! What a placed diagram is worth: what must be zero, and what should be small or large.
//!
//! In: a [`Picture`], which anything that draws boxes and lines can be turned into: a blueprint, the
//! neutral dump, another engine's output. Out: a [`Score`]. Which values are good enough is left to
//! the tests.

mod cross;
mod near;
mod picture;
mod stability;
mod stand;
mod travel;

pub use picture::{Item, Line, Picture, Rect, Sort};
pub use stability::{Stability, stability};

/// How many faults are described in words.
const WORDS: usize = 40;

/// What a picture is worth.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// Leaves that lie over one another, and containers over one another that are not nested.
    pub overlaps: usize,
    /// Members that stick out of what holds them.
    pub outside: usize,
    /// Leaves covered by a container that does not hold them.
    pub covered: usize,
    /// Lines through icons that are none of their ends.
    pub through_icons: usize,
    /// Lines through labels.
    pub through_labels: usize,
    /// Lines through innermost containers that hold none of their ends.
    pub through_holders: usize,
    /// Lines through VPCs that hold none of their ends.
    pub through_vpcs: usize,
    /// Lines through containers of any sort that hold none of their ends.
    pub through_boxes: usize,
    /// Labels over one another, and over icons.
    pub label_overlaps: usize,
    /// Ends of lines that do not lie where they should.
    pub ends_off: usize,
    /// Lines drawn.
    pub lines: usize,
    /// Pairs of lines that cross, each place counted.
    pub crossings: usize,
    /// Places where lines cross; lines that share a trunk are crossed together.
    pub crossing_places: usize,
    /// Pieces of unrelated lines that lie on one another.
    pub shared: usize,
    /// Corners of all lines.
    pub bends: usize,
    /// The share of pieces that run straight along or across.
    pub orthogonal: f64,
    /// The mean length of a line, as a share of the root of the area.
    pub length: f64,
    /// Width over height.
    pub aspect: f64,
    /// The area of icons in that of the picture.
    pub density: f64,
    /// The area of icons with their labels in that of the picture.
    pub label_density: f64,
    /// The share of subnets that stand in line with those of their tier in other zones.
    pub tiers: f64,
    /// The share of lines towards the data that run right or down.
    pub flow: f64,
    /// The first faults in words.
    pub faults: Vec<String>,
}

impl Score {
    /// What must be zero in every picture, by name.
    pub fn zeros(&self) -> [(&'static str, usize); 9] {
        [
            ("overlaps", self.overlaps),
            ("outside", self.outside),
            ("covered", self.covered),
            ("through_icons", self.through_icons),
            ("through_labels", self.through_labels),
            ("through_holders", self.through_holders),
            ("through_vpcs", self.through_vpcs),
            ("label_overlaps", self.label_overlaps),
            ("ends_off", self.ends_off),
        ]
    }

    fn fault(&mut self, words: impl FnOnce() -> String) {
        if self.faults.len() < WORDS {
            self.faults.push(words());
        }
    }
}

/// One line of a table, for people.
impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = self.lines.max(1) as f64;
        write!(
            f,
            "{} lines, {} crossings ({} places), {:.2} bends, length {:.2}, {:.0} % orthogonal, aspect {:.2}, density {:.1} % ({:.1} % with labels), tiers {:.0} %, flow {:.0} %, shared {}, foreign boxes {:.2} a line",
            self.lines,
            self.crossings,
            self.crossing_places,
            self.bends as f64 / lines,
            self.length,
            self.orthogonal * 100.0,
            self.aspect,
            self.density * 100.0,
            self.label_density * 100.0,
            self.tiers * 100.0,
            self.flow * 100.0,
            self.shared,
            self.through_boxes as f64 / lines,
        )?;
        for (name, count) in self.zeros().iter().filter(|zero| zero.1 > 0) {
            write!(f, ", {name} {count}")?;
        }
        Ok(())
    }
}

/// Measures everything.
pub fn score(picture: &Picture) -> Score {
    let mut score = Score {
        lines: picture.lines.len(),
        aspect: picture.bounds.w / picture.bounds.h.max(f64::MIN_POSITIVE),
        ..Score::default()
    };
    stand::measure(picture, &mut score);
    travel::measure(picture, &mut score);
    cross::measure(picture, &mut score);
    score
}

#[cfg(test)]
mod tests;
