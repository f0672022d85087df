//! The engine for graphs that know no AWS: boxes in boxes and links in, rectangles and courses out.
//!
//! In: a [`Neutral`]. Out: [`Placed`], in pixels. It stands on the very placement and routing that
//! draw AWS regions: boxes become regions, VPCs, zones and subnets by where they stand (`tree`), a
//! graph is made of them (`graph`), and its blueprint is measured in pixels (`pixels`). Reading and
//! writing files is left to others.

mod graph;
mod names;
mod pixels;
mod tree;

pub(crate) use graph::is_added;
use isobar_graph::Flow;

use crate::blueprint::{Detail, Lines, Options, Projection};
use crate::geometry::{Point, Rect};
use crate::metrics::{Frame, Metrics};
use crate::place::place;

/// Boxes at most.
pub const MOST_NODES: usize = 250_000;
/// Links at most.
pub const MOST_EDGES: usize = 1_000_000;
/// Boxes in boxes at most.
pub const DEEPEST: usize = 48;
/// A box's sides where none are given, in pixels.
pub const SIDE: f64 = 64.0;
/// The longest side a box may have, in pixels.
pub const LONGEST: f64 = 100_000.0;

/// A graph of boxes and links.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neutral {
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Links.
    pub edges: Vec<Link>,
}

/// A box; a container where others name it as their parent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Its name among boxes.
    pub id: String,
    /// The box around it.
    pub parent: Option<String>,
    /// Its width in pixels; a container takes what its members need.
    pub w: Option<f64>,
    /// Its height in pixels.
    pub h: Option<f64>,
    /// What is written under it; the id where nothing is given.
    pub label: Option<String>,
    /// `region`, `vpc`, `az`, `subnet`, `resource`, `external`; others are taken for `resource`.
    pub kind: Option<String>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// Its name among links.
    pub id: String,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// `request`, `data`, `event`; others are taken for `request`.
    pub kind: Option<String>,
}

/// A placed graph, in pixels; y runs down.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// Boxes, sorted by id.
    pub nodes: Vec<PlacedNode>,
    /// Lines, sorted by their members.
    pub edges: Vec<PlacedEdge>,
    /// Links that are not drawn, sorted by id.
    pub omitted: Vec<Omitted>,
    /// Around everything; its corner is the origin.
    pub bounds: Rect,
}

/// A box with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedNode {
    /// Its name.
    pub id: String,
    /// Where it lies; of the given size, unless it is a container.
    pub rect: Rect,
    /// Where its name can be written; none for containers.
    pub label_rect: Option<Rect>,
}

/// A line, standing for one link or several parallel ones.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedEdge {
    /// The box on whose border it begins.
    pub from: String,
    /// The box on whose border it ends.
    pub to: String,
    /// The most frequent kind of its links.
    pub kind: &'static str,
    /// Corners, axis-parallel, from border to border.
    pub points: Vec<Point>,
    /// The links it stands for, sorted.
    pub members: Vec<String>,
}

/// A link that is not drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Omitted {
    /// Which.
    pub id: String,
    /// Why.
    pub reason: &'static str,
}

/// What is wrong with a graph.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More boxes or links than anybody could look at.
    #[error("{count} {what} are too many; isobar places up to {most}")]
    TooMany {
        /// `nodes` or `edges`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// Two of one name.
    #[error("two {what} have the id {id:?}")]
    Twice {
        /// `nodes` or `edges`.
        what: &'static str,
        /// Their name.
        id: String,
    },
    /// A parent that is not there.
    #[error("node {id:?} stands in {parent:?}, which is no node")]
    UnknownParent {
        /// The box.
        id: String,
        /// What it names.
        parent: String,
    },
    /// Boxes that stand in one another.
    #[error("node {id:?} stands in itself, by way of its parents")]
    Cycle {
        /// One of them.
        id: String,
    },
    /// More levels than anybody could look at.
    #[error("node {id:?} stands in more than {DEEPEST} others")]
    TooDeep {
        /// The box.
        id: String,
    },
    /// A size that is none.
    #[error("node {id:?} has a side of {side} px; it must be above 0 and at most {LONGEST}")]
    Size {
        /// The box.
        id: String,
        /// What is given.
        side: f64,
    },
    /// A link to nowhere.
    #[error("edge {id:?} leads {direction} {end:?}, which is no node")]
    UnknownEnd {
        /// The link.
        id: String,
        /// `from` or `to`.
        direction: &'static str,
        /// What it names.
        end: String,
    },
}

/// Places a graph. The order in which boxes and links are given does not matter.
pub fn place_neutral(neutral: &Neutral, lines: Lines) -> Result<Placed, Error> {
    let tree = tree::Tree::of(neutral)?;
    let made = graph::Made::of(neutral, &tree);
    let options = Options {
        projection: Projection::Flat,
        metrics: Some(metrics()),
        lines,
        detail: Detail::All,
        ..Options::default()
    };
    let blueprint = place(&made.view(), &options);
    Ok(pixels::measure(neutral, &tree, &made, &blueprint, lines))
}

/// Tighter than our own pictures: only a name of usual length and a few lanes stand between icons.
fn metrics() -> Metrics {
    let frame = |side, plain, band| Frame { side, plain, band };
    Metrics {
        // One width for all names: a longer one is cut, and moves nothing.
        pitch_x: 2.02,
        pitch_x_max: 2.02,
        pitch_y: 2.35,
        lead: 0.88,
        tail: 1.38,
        tier_gap: 0.65,
        subnet_gap: 0.5,
        zone_gap: 0.6,
        block_gap: 0.8,
        strip_gap: 0.6,
        lane_gap: 1.0,
        gate: 0.15,
        row_gap: 0.1,
        flow_room: 0.4,
        account: frame(0.6, 0.6, 0.8),
        region: frame(0.35, 0.35, 0.5),
        vpc: frame(0.35, 0.35, 0.5),
        zone: frame(0.2, 0.2, 0.45),
        subnet: frame(0.1, 0.2, 0.45),
        // The dump names no plate that is not in the graph.
        stack: frame(0.1, 0.0, 0.0),
        ..Metrics::of(Projection::Flat)
    }
}

/// The kinds of links there are.
fn flow(kind: Option<&str>) -> Flow {
    match kind {
        Some("data") => Flow::Data,
        Some("event") => Flow::Event,
        // Trust and egress are drawn sparingly in our pictures; here every link is drawn.
        _ => Flow::Request,
    }
}

#[cfg(test)]
mod tests;
