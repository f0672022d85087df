//! Which lines are drawn: links between placed things, parallel ones made one with a count.
//!
//! In: the view's links and where everything stands. Out: lines between nodes and plates, each
//! with the relations it stands for: every link stays a member of some line, but for routes that
//! the picture says otherwise (`egress`) and links between a plate and what stands on it. Their
//! course is left to the router.

mod whole;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use isobar_graph::{ContainerKind, Flow, Index};

use crate::blueprint::{End, Lines, Node, Plate, PlateKind};
use crate::plan::Plan;

/// So many parallel links between two plates, or between one end and a plate, become one line.
const PARALLEL: usize = 3;
/// In a plate with more pieces than this, single lines would tangle: two are parallel already.
const CROWD: usize = 8;
/// Above this many lines, or one for so many nodes, only plates are joined.
const MOST_LINES: usize = 1_500;
const NODES_A_LINE: usize = 10;
/// Lines of trust from one key that a reader can still follow.
const TRUST_EACH: usize = 6;

/// A line before it has a course.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub from: End,
    pub to: End,
    pub flow: Flow,
    pub members: Vec<(Index, Index)>,
    pub label: Option<String>,
}

struct Drawn {
    from: End,
    to: End,
    flow: Flow,
    pair: (Index, Index),
    label: Option<String>,
}

/// What a line may begin and end at.
struct Ends<'p> {
    nodes: &'p [Node],
    plates: &'p [Plate],
    node_of: HashMap<Index, usize>,
    plate_of: HashMap<Index, usize>,
    /// How many pieces stand directly on each plate: resources and stacks.
    crowd: Vec<usize>,
}

impl Ends<'_> {
    fn of(&self, at: Index) -> Option<End> {
        let node = self.node_of.get(&at).map(|&n| End::Node(n));
        node.or_else(|| self.plate_of.get(&at).map(|&p| End::Plate(p)))
    }
    fn plate_under(&self, end: End) -> Option<usize> {
        match end {
            End::Node(n) => self.nodes[n].plate,
            End::Plate(p) => self.plates[p].parent,
        }
    }
    /// The stack a node stands in; the end itself where it stands in none.
    fn stack(&self, end: End) -> End {
        match self.plate_under(end) {
            Some(p) if self.plates[p].kind == PlateKind::Stack => End::Plate(p),
            _ => end,
        }
    }
    /// The subnet or group an end stands in; the end itself where it stands free.
    fn leaf(&self, end: End) -> End {
        if matches!(end, End::Node(n) if self.nodes[n].on_border) {
            return end;
        }
        let mut at = end;
        while let Some(p) = self.plate_under(at).filter(|&p| is_leaf(self.plates[p].kind)) {
            at = End::Plate(p);
        }
        at
    }
    /// The region an end lies in; the end itself where it lies in none.
    fn region(&self, end: End) -> End {
        let mut at = end;
        while let Some(p) = self.plate_under(at) {
            at = End::Plate(p);
            if self.plates[p].kind == PlateKind::Region {
                return at;
            }
        }
        end
    }
    fn outermost(&self, end: End) -> End {
        let mut at = end;
        while let Some(p) = self.plate_under(at) {
            if matches!(self.plates[p].kind, PlateKind::Region | PlateKind::Account) {
                break;
            }
            at = End::Plate(p);
        }
        at
    }
    fn encloses(&self, outer: End, inner: End) -> bool {
        let End::Plate(outer) = outer else { return false };
        let mut at = Some(inner);
        while let Some(end) = at {
            if end == End::Plate(outer) {
                return true;
            }
            at = self.plate_under(end).map(End::Plate);
        }
        false
    }
}

/// Plates that hold nodes and that foreign lines go around.
pub(crate) fn is_leaf(kind: PlateKind) -> bool {
    matches!(
        kind,
        PlateKind::PublicSubnet
            | PlateKind::PrivateSubnet
            | PlateKind::IsolatedSubnet
            | PlateKind::Group
            | PlateKind::Stack
    )
}

/// The lines to draw.
pub(crate) fn gather(
    plan: &Plan<'_, '_>,
    nodes: &[Node],
    plates: &[Plate],
    node_of: HashMap<Index, usize>,
    plate_of: HashMap<Index, usize>,
) -> Vec<Line> {
    let mut crowd = vec![0; plates.len()];
    let stacks = plates.iter().filter(|p| p.kind == PlateKind::Stack).filter_map(|p| p.parent);
    for plate in nodes.iter().filter_map(|n| n.plate).chain(stacks) {
        crowd[plate] += 1;
    }
    let ends = Ends { nodes, plates, node_of, plate_of, crowd };
    if plan.lines != Lines::Readable {
        return whole::lines(plan, &ends);
    }
    let mut traffic: Vec<Drawn> = Vec::new();
    let mut trust: Vec<Drawn> = Vec::new();
    for link in &plan.view.links {
        for (from, to) in egress(plan, link.flow, link.from, link.to) {
            let (Some(a), Some(b)) = (ends.of(from), ends.of(to)) else { continue };
            let (a, b) = (ends.stack(a), ends.stack(b));
            if a == b || ends.encloses(a, b) || ends.encloses(b, a) {
                continue;
            }
            let drawn = Drawn {
                from: a,
                to: b,
                flow: link.flow,
                pair: (link.from, link.to),
                label: link.label.clone(),
            };
            if link.flow == Flow::Trust { trust.push(drawn) } else { traffic.push(drawn) }
        }
    }
    let most = MOST_LINES.max(nodes.len() / NODES_A_LINE);
    let mut lines = merge(&ends, traffic);
    let wider: [&dyn Fn(End) -> End; 3] = [&|e| ends.leaf(e), &|e| ends.region(e), &|e| ends.outermost(e)];
    for outwards in wider {
        if lines.len() > most {
            lines = lift(&ends, lines, outwards);
        }
    }
    lines.extend(trust_lines(&ends, trust, nodes.len()));
    lines.retain(|l| l.from != l.to && !ends.encloses(l.from, l.to) && !ends.encloses(l.to, l.from));
    lines.sort_by_key(|l| (l.from, l.to, l.flow));
    lines
}

/// Which ends a route is drawn between. A public subnet's route to the internet gateway is what its
/// NAT gateways use; the green tint says the rest. Routes to peerings, endpoints and the like are
/// the VPC's: on its own border they go without saying.
fn egress(plan: &Plan<'_, '_>, flow: Flow, from: Index, to: Index) -> Vec<(Index, Index)> {
    if flow != Flow::Egress || plan.get(from).container.is_none() {
        return vec![(from, to)];
    }
    let kind = plan.get(to).kind.as_ref();
    let is_nat = |at: &Index| plan.get(*at).kind.contains("nat-gateway");
    if kind.contains("peering") {
        // The peering's own line says it.
        Vec::new()
    } else if is_nat(&to) {
        vec![(from, to)]
    } else if kind.contains("internet-gateway") {
        plan.leaves(from).into_iter().filter(is_nat).map(|nat| (nat, to)).collect()
    } else {
        let vpc = plan.view.graph.enclosing(from, ContainerKind::Vpc);
        vpc.map(|vpc| (vpc, to)).into_iter().collect()
    }
}

type Key = (End, End, Flow);

fn merge(ends: &Ends<'_>, drawn: Vec<Drawn>) -> Vec<Line> {
    let mut between: BTreeMap<Key, Vec<Drawn>> = BTreeMap::new();
    for link in drawn {
        between.entry((ends.leaf(link.from), ends.leaf(link.to), link.flow)).or_default().push(link);
    }
    let mut lines: BTreeMap<Key, Line> = BTreeMap::new();
    for ((from_leaf, to_leaf, flow), links) in between {
        let pairs: BTreeSet<(End, End)> = links.iter().map(|l| (l.from, l.to)).collect();
        let together = from_leaf != to_leaf && pairs.len() >= parallel(ends, &pairs, from_leaf, to_leaf);
        let one = |ends: BTreeSet<End>, leaf: End| match ends.len() {
            1 => ends.into_iter().next().unwrap_or(leaf),
            _ => leaf,
        };
        let from = one(pairs.iter().map(|p| p.0).collect(), from_leaf);
        let to = one(pairs.iter().map(|p| p.1).collect(), to_leaf);
        for link in links {
            let (a, b) = if together { (from, to) } else { (link.from, link.to) };
            let line = lines.entry((a, b, flow)).or_insert_with(|| Line {
                from: a,
                to: b,
                flow,
                members: Vec::new(),
                label: link.label.clone(),
            });
            if line.label != link.label {
                line.label = None;
            }
            line.members.push(link.pair);
        }
    }
    lines.into_values().map(sorted_members).collect()
}

/// How many different links make one line between two plates: fewer in a crowd, where they reach
/// all that stands on a plate, and where several members of one plate use the same thing.
fn parallel(ends: &Ends<'_>, pairs: &BTreeSet<(End, End)>, from: End, to: End) -> usize {
    let crowd = |leaf: End| match leaf {
        End::Plate(p) => ends.crowd[p],
        End::Node(_) => 1,
    };
    let all = |reached: BTreeSet<End>, leaf: End| reached.len() > 1 && reached.len() == crowd(leaf);
    let crowded = crowd(from).max(crowd(to)) > CROWD;
    let whole =
        || all(pairs.iter().map(|p| p.0).collect(), from) || all(pairs.iter().map(|p| p.1).collect(), to);
    let target = pairs.first().map(|p| p.1);
    let to_one = || pairs.len() > 1 && pairs.iter().all(|p| Some(p.1) == target);
    if crowded || whole() || to_one() { 2 } else { PARALLEL }
}

fn sorted_members(mut line: Line) -> Line {
    line.members.sort();
    line.members.dedup();
    line
}

/// Moves the ends of lines outwards and joins those that become the same. A line within what it
/// would be moved out to stays as it is.
fn lift(ends: &Ends<'_>, lines: Vec<Line>, outwards: &dyn Fn(End) -> End) -> Vec<Line> {
    let mut joined: BTreeMap<Key, Line> = BTreeMap::new();
    for line in lines {
        let (mut from, mut to) = (outwards(line.from), outwards(line.to));
        if from == to || ends.encloses(from, to) || ends.encloses(to, from) {
            (from, to) = (line.from, line.to);
        }
        match joined.entry((from, to, line.flow)) {
            Entry::Vacant(free) => {
                free.insert(Line { from, to, ..line });
            }
            Entry::Occupied(mut there) => {
                let there = there.get_mut();
                if there.label != line.label {
                    there.label = None;
                }
                there.members.extend(line.members);
            }
        }
    }
    joined.into_values().map(sorted_members).collect()
}

/// Keys and roles touch much; few lines are drawn as they are, many become a handful between
/// plates, so that the relation is not lost and the picture is.
fn trust_lines(ends: &Ends<'_>, drawn: Vec<Drawn>, nodes: usize) -> Vec<Line> {
    let budget = (nodes / 24).clamp(TRUST_EACH, 24);
    let plain = merge(ends, drawn);
    let mut per_source: HashMap<End, usize> = HashMap::new();
    for line in &plain {
        *per_source.entry(line.from).or_default() += 1;
    }
    if plain.len() <= budget && per_source.values().all(|&n| n <= TRUST_EACH) {
        return plain;
    }
    let leaves = lift(ends, plain, &|end| ends.leaf(end));
    if leaves.len() <= budget { leaves } else { lift(ends, leaves, &|end| ends.outermost(end)) }
}
