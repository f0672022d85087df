//! Which relations become lines, and how lines are carried through what is not drawn.
//!
//! In: a graph and what is shown of it. Out: [`Link`]s. A load balancer points at a target group,
//! which points at instances; the picture says "load balancer -> instance". The same holds for what
//! the viewer left out, one such thing per line at most: beyond that a line would tell more than
//! the configuration does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::graph::{Graph, Index};
use crate::kind::{ContainerKind, Flow, RelationKind};
use crate::view::{INTERNET, Link, Place, around};

/// The longest path that becomes one line, in relations.
const LONGEST: usize = 6;
/// How many ends one resource's lines may have through undrawn ones.
const MOST_ENDS: usize = 2_000;
/// Members of these are many of one kind, and what one of them does the group does: where the group
/// is in the picture the lines are its, once, instead of each member's.
const GROUPS: [&str; 3] = ["ecs:service", "elasticache:replication-group", "rds:db-cluster"];

/// A relation turned so that it points the way the line does.
#[derive(Clone, Copy)]
struct Step<'g> {
    to: Index,
    kind: RelationKind,
    /// None for steps that only lead on from something undrawn.
    flow: Option<Flow>,
    label: Option<&'g str>,
}

/// The lines between shown resources, sorted by (from, to, flow), without twins.
pub(super) fn between(graph: &Graph, places: &[Place]) -> Vec<Link> {
    let steps = steps(graph, places);
    let groups = groups(graph, places);
    let mut found: BTreeMap<(Index, Index, Flow), (RelationKind, BTreeSet<&str>)> = BTreeMap::new();
    for (at, _) in places.iter().enumerate().filter(|(_, place)| **place == Place::Shown) {
        let from = Index(at as u32);
        for (to, flow, kind, label) in reached(&steps, graph, places, from) {
            if to == from || around(graph, to).any(|a| a == from) || around(graph, from).any(|a| a == to) {
                continue; // containment is shown by containment
            }
            let (from, to) = lifted(&groups, from, to);
            let twin = found.entry((from, to, flow)).or_insert_with(|| (kind, BTreeSet::new()));
            twin.0 = twin.0.min(kind);
            twin.1.extend(label);
        }
    }
    found
        .into_iter()
        .map(|((from, to, flow), (kind, labels))| Link { from, to, flow, kind, label: joined(&labels) })
        .collect()
}

/// The shown group of each shown member.
fn groups(graph: &Graph, places: &[Place]) -> BTreeMap<Index, Index> {
    let shown = |at: Index| places[at.at()] == Place::Shown;
    let is_group = |at: Index| GROUPS.contains(&graph.get(at).kind.as_ref());
    graph
        .relations()
        .iter()
        .filter(|r| r.kind == RelationKind::Contains && is_group(r.from) && !is_group(r.to))
        .filter(|r| shown(r.from) && shown(r.to))
        .map(|r| (r.to, r.from))
        .collect()
}

/// A line's ends, members' given to their group; lines within a group stay between its members.
fn lifted(groups: &BTreeMap<Index, Index>, from: Index, to: Index) -> (Index, Index) {
    let of = |at: Index| groups.get(&at).copied().unwrap_or(at);
    if of(from) == of(to) { (from, to) } else { (of(from), of(to)) }
}

/// Twins' labels in one: `:80, :443`, or the first two and how many more.
fn joined(labels: &BTreeSet<&str>) -> Option<String> {
    let mut words: Vec<String> = labels.iter().take(2).map(|&l| l.to_owned()).collect();
    if labels.len() > 2 {
        words.push(format!("+{}", labels.len() - 2));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// Every relation that can be part of a line, by where it starts, in the graph's order.
fn steps<'g>(graph: &'g Graph, places: &[Place]) -> Vec<Vec<Step<'g>>> {
    let mut steps: Vec<Vec<Step<'g>>> = vec![Vec::new(); graph.resources().len()];
    for relation in graph.relations() {
        let undrawn = |at: Index| places[at.at()] == Place::Undrawn;
        let is_subnet = |at: Index| graph.get(at).container == Some(ContainerKind::Subnet);
        let (from, to, kind) = (relation.from, relation.to, relation.kind);
        let label = relation.label.as_deref().filter(|l| !l.is_empty());
        let (from, to, flow) = match kind {
            // A mapping or pipe that is not drawn reads from a source and runs a function: the
            // events go from the source through it.
            RelationKind::Reads if undrawn(from) => (to, from, Some(Flow::Event)),
            // A network interface stands for its owner, a subnet's table for the subnet.
            RelationKind::AttachedTo if undrawn(from) => (from, to, None),
            // A gateway endpoint is listed in tables too, but nothing leaves through them from it.
            RelationKind::UsesTable if undrawn(to) && is_subnet(from) => (from, to, None),
            kind => match kind.flow() {
                Some(flow) => (from, to, Some(flow)),
                None => continue,
            },
        };
        steps[from.at()].push(Step { to, kind, flow, label });
    }
    steps
}

/// Walks from a shown resource, breadth first, to all shown ones that its lines reach.
fn reached<'g>(
    steps: &[Vec<Step<'g>>],
    graph: &Graph,
    places: &[Place],
    start: Index,
) -> Vec<(Index, Flow, RelationKind, Option<&'g str>)> {
    struct Head<'g> {
        at: Index,
        flow: Option<Flow>,
        kind: Option<RelationKind>,
        label: Option<&'g str>,
        length: usize,
        hidden: usize,
    }
    // What was left out of the picture must not make anything look open to the internet.
    let origin = graph.get(start);
    let most_hidden = usize::from(origin.container.is_none() && origin.kind.as_ref() != INTERNET);
    let mut ends = Vec::new();
    let mut seen: BTreeSet<(Index, Option<Flow>, usize)> = BTreeSet::new();
    let head = Head { at: start, flow: None, kind: None, label: None, length: 0, hidden: 0 };
    let mut queue = VecDeque::from([head]);
    while let Some(head) = queue.pop_front() {
        for step in &steps[head.at.at()] {
            if ends.len() >= MOST_ENDS {
                return ends;
            }
            if step.to == start || !goes_on(head.flow, step.flow) {
                continue;
            }
            let flow = head.flow.or(step.flow);
            let kind = head.kind.or(step.flow.map(|_| step.kind));
            let label = head.label.or(step.label);
            match (places[step.to.at()], flow, kind) {
                (Place::Shown, Some(flow), Some(kind)) => ends.push((step.to, flow, kind, label)),
                (Place::Shown, ..) => {}
                (place, ..) => {
                    let hidden = head.hidden + usize::from(place == Place::Hidden);
                    // Peering is not transitive, and a hidden VPC is no way through.
                    let passable = graph.get(step.to).container.is_none() && hidden <= most_hidden;
                    if passable && head.length + 1 < LONGEST && seen.insert((step.to, flow, hidden)) {
                        queue.push_back(Head {
                            at: step.to,
                            flow,
                            kind,
                            label,
                            length: head.length + 1,
                            hidden,
                        });
                    }
                }
            }
        }
    }
    ends
}

/// Whether a line of one flow may go on with a step of another: requests, events and data turn into
/// each other on their way, but an encryption key's line never becomes a request.
fn goes_on(line: Option<Flow>, step: Option<Flow>) -> bool {
    let traffic = |flow| matches!(flow, Flow::Request | Flow::Data | Flow::Event);
    match (line, step) {
        (Some(a), Some(b)) => a == b || (traffic(a) && traffic(b)),
        _ => true,
    }
}
