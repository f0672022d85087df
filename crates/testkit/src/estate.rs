//! Believable AWS estates as graphs, without AWS, recordings or files.
//!
//! In: a seed and a size, or nothing. Out: a [`Graph`]. The numbers come from a small generator of
//! our own, so that an estate of seed 7 is the same in every version of every library. How a
//! recording becomes a graph is left to the graph crate: names and attributes here are plausible,
//! not complete.

mod build;
mod company;
mod generate;

use isobar_graph::{Graph, Index, Link, View};

pub use company::company;
pub use generate::{generate, several, shuffled};

/// Everything of a graph, as a picture without filter shows it: drawn resources, all containers,
/// and one link per drawable relation.
pub fn view(graph: &Graph) -> View<'_> {
    let drawn = |at: Index| graph.get(at).drawn;
    let shown: Vec<Index> = (0..graph.resources().len() as u32).map(Index).filter(|&at| drawn(at)).collect();
    let mut links: Vec<Link> = graph
        .relations()
        .iter()
        .filter(|r| r.from != r.to && drawn(r.from) && drawn(r.to))
        .filter_map(|r| {
            let flow = r.kind.flow()?;
            Some(Link { from: r.from, to: r.to, flow, kind: r.kind, label: r.label.clone() })
        })
        .collect();
    links.sort_by_key(|link| (link.from, link.to, link.flow));
    links.dedup_by_key(|link| (link.from, link.to, link.flow));
    let count = shown.iter().filter(|&&at| graph.get(at).container.is_none()).count();
    View { graph, shown, links, total: count, count, filter: None, excluded: Vec::new() }
}
