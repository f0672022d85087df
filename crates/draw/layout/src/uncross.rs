//! Which of several like resources stands where: two change places as long as that uncrosses lines.
//!
//! In: placed resources, and the lines between them. Out: the same places, taken otherwise, and the
//! lines' courses. Courses depend on where everything stands, and to find them takes long; but what
//! crosses as the crow flies mostly crosses in the end. So lines are straight while changes are sought.
//! Where every line is drawn as many change as help, a few outcomes are drawn, and the best is kept. Where
//! lines are gathered one change at a time must be worth it: one resource more or less shall move few
//! others. Only small pictures are worth any, and can afford it.

use std::collections::BTreeMap;

use crate::blueprint::{End, Node, Plate};
use crate::lines::Line;
use crate::route::{Route, cross, crossings};

/// With more lines than the first fewer outcomes are drawn, with more than the second none.
const FEW_LINES: usize = 45;
const SOME_LINES: usize = 64;
/// Pairs of lines looked at before a round of changes is too much.
const MOST: usize = 4_000_000;
const ROUNDS: usize = 6;
/// What a unit of length counts, a crossing being 1.
const LENGTHS: [f64; 7] = [0.02, 0.1, 0.4, 0.005, 0.2, 0.05, 1.0];
/// The same where changes are made one by one, and how many are tried.
const LENGTH: f64 = 0.1;
const TRIES: usize = 2;
/// What a change saves at least.
const LEAST: f64 = 1e-9;

/// The courses of all lines, after a few like resources, each with lines of its own, have changed places
/// two by two: a change that uncrosses nothing is taken back.
pub(crate) fn one_by_one(
    nodes: &mut [Node],
    plates: &[Plate],
    lines: &[Line],
    route: impl Fn(&[Node]) -> Vec<Route>,
) -> Vec<Route> {
    let mut best = route(nodes);
    let mut least = crossings(lines, |n| &best[n].points);
    if least == 0 {
        return best;
    }
    let mut pairs = pairs(nodes, lines);
    pairs.retain(|pair| pair.both);
    let mut tried = vec![false; pairs.len()];
    for _ in 0..TRIES {
        let mut most = (-LEAST, None);
        for (n, pair) in pairs.iter().enumerate().filter(|pair| !tried[pair.0]) {
            let change = change(nodes, plates, lines, pair, LENGTH);
            if change < most.0 {
                most = (change, Some(n));
            }
        }
        let Some(n) = most.1 else { break };
        let (a, b) = pairs[n].nodes;
        swap(nodes, a, b);
        let routes = route(nodes);
        let crossings = crossings(lines, |n| &routes[n].points);
        tried[n] = true;
        if crossings < least {
            (least, best) = (crossings, routes);
        } else {
            swap(nodes, a, b);
        }
    }
    best
}

/// The courses of all lines, after like resources of one plate have changed places where that helps.
pub(crate) fn all_at_once(
    nodes: &mut Vec<Node>,
    plates: &[Plate],
    lines: &[Line],
    route: impl Fn(&[Node]) -> Vec<Route>,
) -> Vec<Route> {
    let mut best = route(nodes);
    let outcomes = match lines.len() {
        n if n <= FEW_LINES => LENGTHS.len(),
        n if n <= SOME_LINES => 2,
        _ => 0,
    };
    if outcomes == 0 {
        return best;
    }
    let mut least = crossings(lines, |n| &best[n].points);
    let pairs = pairs(nodes, lines);
    let first = nodes.clone();
    for &length in &LENGTHS[..outcomes] {
        if least == 0 {
            break;
        }
        let mut changed = first.clone();
        uncross(&mut changed, plates, lines, &pairs, length);
        let routes = route(&changed);
        let crossings = crossings(lines, |n| &routes[n].points);
        if crossings < least {
            (least, best, *nodes) = (crossings, routes, changed);
        }
    }
    best
}

/// Two resources that may change places, and the lines that would move with them.
struct Pair {
    nodes: (usize, usize),
    lines: Vec<usize>,
    /// Whether each of them has lines.
    both: bool,
}

/// All pairs that touch lines; none where they are too many to be tried.
fn pairs(nodes: &[Node], lines: &[Line]) -> Vec<Pair> {
    let groups = groups(nodes);
    let count: usize = groups.iter().map(|g| g.len() * g.len() / 2).sum();
    if count * lines.len() * 4 > MOST {
        return Vec::new();
    }
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (n, line) in lines.iter().enumerate() {
        for end in [line.from, line.to] {
            if let End::Node(node) = end {
                at[node].push(n);
            }
        }
    }
    let pair = |a: usize, b: usize| {
        let mut lines = [at[a].as_slice(), &at[b]].concat();
        lines.sort_unstable();
        lines.dedup();
        Pair { nodes: (a, b), lines, both: !at[a].is_empty() && !at[b].is_empty() }
    };
    let all = groups.iter().flat_map(|group| {
        let pair = &pair;
        group.iter().enumerate().flat_map(move |(k, &a)| group[k + 1..].iter().map(move |&b| pair(a, b)))
    });
    all.filter(|pair| !pair.lines.is_empty()).collect()
}

fn uncross(nodes: &mut [Node], plates: &[Plate], lines: &[Line], pairs: &[Pair], length: f64) {
    for _ in 0..ROUNDS {
        let mut changed = false;
        for pair in pairs {
            if change(nodes, plates, lines, pair, length) < -LEAST {
                swap(nodes, pair.nodes.0, pair.nodes.1);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// Resources that may stand in each other's place: on one plate, of one size, none on its border.
fn groups(nodes: &[Node]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(usize, u64, u64), Vec<usize>> = BTreeMap::new();
    for (n, node) in nodes.iter().enumerate().filter(|n| !n.1.on_border) {
        if let Some(plate) = node.plate {
            let size = (node.label_width.to_bits(), node.scale.to_bits());
            groups.entry((plate, size.0, size.1)).or_default().push(n);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

fn swap(nodes: &mut [Node], a: usize, b: usize) {
    (nodes[a].at, nodes[b].at) = (nodes[b].at, nodes[a].at);
}

/// By how much the cost would grow if two changed places; below 0 where that saves.
fn change(nodes: &mut [Node], plates: &[Plate], lines: &[Line], pair: &Pair, length: f64) -> f64 {
    let (a, b) = pair.nodes;
    let before = cost(nodes, plates, lines, &pair.lines, length);
    swap(nodes, a, b);
    let after = cost(nodes, plates, lines, &pair.lines, length);
    swap(nodes, a, b);
    after - before
}

/// What some lines cross, and their length.
fn cost(nodes: &[Node], plates: &[Plate], lines: &[Line], some: &[usize], length: f64) -> f64 {
    let point = |end: End| match end {
        End::Node(n) => nodes[n].at,
        End::Plate(p) => plates[p].rect.center(),
    };
    let mut cost = 0.0;
    for &n in some {
        let (a, b) = (point(lines[n].from), point(lines[n].to));
        cost += length * ((a.x - b.x).abs() + (a.y - b.y).abs());
        for (m, other) in lines.iter().enumerate() {
            // Two of these are looked at from one of them.
            if m == n || m < n && some.binary_search(&m).is_ok() {
                continue;
            }
            if lines[n].from == other.from || lines[n].to == other.to {
                continue;
            }
            cost += f64::from(u8::from(cross(a, b, point(other.from), point(other.to))));
        }
    }
    cost
}
