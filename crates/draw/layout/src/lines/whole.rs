//! Lines for who wants every link drawn: none is left out, none stands for part of a link.

use std::collections::BTreeMap;

use isobar_graph::Flow;

use super::{Ends, Line, sorted_members};
use crate::blueprint::{End, Lines, Plate};
use crate::plan::Plan;

/// A line for each link, or one for all between two subnets.
pub(super) fn lines(plan: &Plan<'_, '_>, ends: &Ends<'_>) -> Vec<Line> {
    let mut single: Vec<Line> = Vec::with_capacity(plan.view.links.len());
    for link in &plan.view.links {
        let (Some(from), Some(to)) = (ends.of(link.from), ends.of(link.to)) else { continue };
        if from == to || ends.encloses(from, to) || ends.encloses(to, from) {
            continue;
        }
        let members = vec![(link.from, link.to)];
        single.push(Line { from, to, flow: link.flow, members, label: link.label.clone() });
    }
    let mut lines = if plan.lines == Lines::Gathered { gathered(ends, single) } else { single };
    lines.sort_by(|a, b| (a.from, a.to, a.flow, &a.members).cmp(&(b.from, b.to, b.flow, &b.members)));
    lines
}

/// One line for all links between two subnets, or resources outside of them. Links within one stay
/// single.
fn gathered(ends: &Ends<'_>, single: Vec<Line>) -> Vec<Line> {
    let mut between: BTreeMap<(End, End), Vec<Line>> = BTreeMap::new();
    for line in single {
        let (from, to) = (holder(ends, line.from), holder(ends, line.to));
        let apart = from != to && !ends.encloses(from, to) && !ends.encloses(to, from);
        let key = if apart { (from, to) } else { (line.from, line.to) };
        between.entry(key).or_default().push(line);
    }
    let one = |((from, to), lines): ((End, End), Vec<Line>)| {
        // What all lines have in common stays an end.
        let from = if lines.iter().all(|l| l.from == lines[0].from) { lines[0].from } else { from };
        let to = if lines.iter().all(|l| l.to == lines[0].to) { lines[0].to } else { to };
        let mut counts: BTreeMap<Flow, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *counts.entry(line.flow).or_default() += 1);
        let most = counts.values().copied().max().unwrap_or(0);
        let flow = counts.into_iter().find(|count| count.1 == most).map_or(Flow::Request, |count| count.0);
        let members = lines.into_iter().flat_map(|line| line.members).collect();
        sorted_members(Line { from, to, flow, members, label: None })
    };
    between.into_iter().map(one).collect()
}

/// Whether somebody gave a plate, rather than the engine adding it to have its order of kinds.
fn is_given(plate: &Plate) -> bool {
    plate.resource.as_ref().is_some_and(|id| !crate::neutral::is_added(id))
}

/// The innermost container of a resource that somebody gave, where it is one that foreign lines go
/// around.
fn holder(ends: &Ends<'_>, end: End) -> End {
    let End::Node(n) = end else { return end };
    let node = &ends.nodes[n];
    let mut at = node.plate;
    while let Some(p) = at.filter(|&p| !is_given(&ends.plates[p])) {
        at = ends.plates[p].parent;
    }
    match at {
        Some(p) if super::is_leaf(ends.plates[p].kind) && !node.on_border => End::Plate(p),
        _ => end,
    }
}
