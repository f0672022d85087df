//! The part of a graph that a picture shows, and the lines between what it shows.
//!
//! In: a graph, regions, a filter, excluded types. Out: a [`View`]. Geometry is left to the layout.

use crate::graph::{Graph, Index};
use crate::kind::{Flow, RelationKind};

/// A line between two shown resources; it may stand for a path through undrawn ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// From.
    pub from: Index,
    /// To.
    pub to: Index,
    /// How it is drawn.
    pub flow: Flow,
    /// The relation at the start of the path.
    pub kind: RelationKind,
    /// A short word for the line.
    pub label: Option<String>,
}

/// What a picture shows of a graph.
#[derive(Debug, Clone)]
pub struct View<'g> {
    /// The whole.
    pub graph: &'g Graph,
    /// Shown resources in the order of the graph; with each, all containers around it.
    pub shown: Vec<Index>,
    /// Lines between shown resources, sorted by (from, to, flow), without twins.
    pub links: Vec<Link>,
    /// Drawn non-container resources in the selected regions before filter and exclude.
    pub total: usize,
    /// Those left after filter and exclude ("shown n of m").
    pub count: usize,
    /// The filter's text where one was given.
    pub filter: Option<String>,
    /// The excluded types.
    pub excluded: Vec<String>,
}
