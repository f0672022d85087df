//! Measures a blueprint: what must be zero, and what should be small.

use isobar_layout::blueprint::FOOTPRINT;
use isobar_layout::{Blueprint, Edge, End, PlateKind, Point, Rect};

/// What a blueprint is worth.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) faults: Vec<String>,
    pub(crate) lines: usize,
    pub(crate) crossings: usize,
    pub(crate) bends: usize,
    pub(crate) foreign: usize,
    pub(crate) shared: usize,
    pub(crate) aspect: f64,
    pub(crate) density: f64,
}

fn leaf(kind: PlateKind) -> bool {
    use PlateKind::*;
    matches!(kind, PublicSubnet | PrivateSubnet | IsolatedSubnet | Group | Stack)
}

/// Measures everything.
pub(crate) fn score(b: &Blueprint) -> Score {
    let mut score = Score { lines: b.edges.len(), aspect: b.bounds.w / b.bounds.h, ..Score::default() };
    plates(b, &mut score);
    nodes(b, &mut score);
    edges(b, &mut score);
    let used: f64 = b.nodes.len() as f64 * (FOOTPRINT * FOOTPRINT + 2.4 * 0.8);
    score.density = used / (b.bounds.w * b.bounds.h);
    score.faults.truncate(40);
    score
}

fn foot(b: &Blueprint, n: usize) -> Rect {
    Rect::around(b.nodes[n].at, FOOTPRINT / 2.0)
}

fn plates(b: &Blueprint, score: &mut Score) {
    for (n, plate) in b.plates.iter().enumerate() {
        if let Some(parent) = plate.parent {
            if parent >= n {
                score.faults.push(format!("plate {} comes before its parent", plate.title));
            }
            if !b.plates[parent].rect.contains(&plate.rect, 0.011) {
                score.faults.push(format!("plate {} sticks out of {}", plate.title, b.plates[parent].title));
            }
        }
        if !b.bounds.contains(&plate.rect, 0.011) {
            score.faults.push(format!("plate {} outside the bounds", plate.title));
        }
        for other in &b.plates[n + 1..] {
            if other.parent == plate.parent && other.rect.overlaps(&plate.rect, 0.011) {
                score.faults.push(format!("plates {} and {} overlap", plate.title, other.title));
            }
        }
    }
}

fn inside(b: &Blueprint, mut plate: Option<usize>, outer: usize) -> bool {
    while let Some(p) = plate {
        if p == outer {
            return true;
        }
        plate = b.plates[p].parent;
    }
    false
}

fn nodes(b: &Blueprint, score: &mut Score) {
    let mut order: Vec<usize> = (0..b.nodes.len()).collect();
    order.sort_by(|&x, &y| b.nodes[x].at.x.total_cmp(&b.nodes[y].at.x));
    for (k, &n) in order.iter().enumerate() {
        let node = &b.nodes[n];
        for &other in order[k + 1..].iter().take_while(|&&o| b.nodes[o].at.x - node.at.x < FOOTPRINT) {
            if foot(b, n).overlaps(&foot(b, other), 0.0) {
                score.faults.push(format!("{} and {} overlap", node.name, b.nodes[other].name));
            }
        }
        if let Some(plate) = node.plate
            && !node.on_border
            && !b.plates[plate].rect.contains(&foot(b, n), 0.0)
        {
            score.faults.push(format!("{} sticks out of {}", node.name, b.plates[plate].title));
        }
        for (p, plate) in b.plates.iter().enumerate() {
            if leaf(plate.kind) && !inside(b, node.plate, p) && plate.rect.overlaps(&foot(b, n), 0.0) {
                score.faults.push(format!("{} stands in foreign {}", node.name, plate.title));
            }
        }
        if !b.bounds.contains(&foot(b, n), 0.0) {
            score.faults.push(format!("{} outside the bounds", node.name));
        }
    }
}

fn on_end(b: &Blueprint, end: End, at: Point) -> bool {
    match end {
        End::Node(n) => foot(b, n).contains(&Rect::new(at.x, at.y, 0.0, 0.0), 0.0),
        End::Plate(p) => {
            let r = b.plates[p].rect;
            let near = |a: f64, c: f64| (a - c).abs() < 0.02;
            r.contains(&Rect::new(at.x, at.y, 0.0, 0.0), 0.02)
                && (near(at.x, r.x) || near(at.x, r.right()) || near(at.y, r.y) || near(at.y, r.bottom()))
        }
    }
}

fn pieces(edge: &Edge) -> impl Iterator<Item = Rect> + '_ {
    edge.points.windows(2).map(|w| {
        let (x, y) = (w[0].x.min(w[1].x), w[0].y.min(w[1].y));
        Rect::new(x, y, (w[0].x - w[1].x).abs(), (w[0].y - w[1].y).abs())
    })
}

fn edges(b: &Blueprint, score: &mut Score) {
    for edge in &b.edges {
        let name = format!("line {:?} to {:?}", edge.from, edge.to);
        if edge.points.len() < 2 || edge.count == 0 || edge.count != edge.members.len() {
            score.faults.push(format!("{name} is empty or miscounted"));
            continue;
        }
        for w in edge.points.windows(2) {
            if (w[0].x - w[1].x).abs() > 0.006 && (w[0].y - w[1].y).abs() > 0.006 {
                score.faults.push(format!("{name} is not orthogonal: {:?}", edge.points));
            }
        }
        score.bends += edge.points.len() - 2;
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        if !on_end(b, edge.from, first) || !on_end(b, edge.to, last) {
            score.faults.push(format!("{name} does not touch its ends: {:?}", edge.points));
        }
        for piece in pieces(edge) {
            for n in 0..b.nodes.len() {
                if edge.from != End::Node(n) && edge.to != End::Node(n) && foot(b, n).overlaps(&piece, -1e-9)
                {
                    score.faults.push(format!("{name} runs through {}", b.nodes[n].name));
                }
            }
            if !b.bounds.contains(&piece, 0.011) {
                score.faults.push(format!("{name} leaves the bounds"));
            }
        }
        for (p, plate) in b.plates.iter().enumerate().filter(|p| leaf(p.1.kind)) {
            let home = |end: End| match end {
                End::Node(n) => inside(b, b.nodes[n].plate, p),
                End::Plate(q) => inside(b, Some(q), p),
            };
            if !home(edge.from) && !home(edge.to) && pieces(edge).any(|s| plate.rect.overlaps(&s, -1e-9)) {
                score.foreign += 1;
            }
        }
    }
    let all: Vec<(usize, Rect)> =
        b.edges.iter().enumerate().flat_map(|(n, e)| pieces(e).map(move |p| (n, p))).collect();
    let joined: std::collections::HashSet<(End, End)> = b.edges.iter().map(|e| (e.from, e.to)).collect();
    let mut crossed = std::collections::HashSet::new();
    for (k, (n, piece)) in all.iter().enumerate() {
        for (m, other) in &all[k + 1..] {
            if n == m {
                continue;
            }
            let (level, other_level) = (piece.h < 0.01, other.h < 0.01);
            if level != other_level {
                let (l, v) = if level { (piece, other) } else { (other, piece) };
                let inside = |a: f64, from: f64, to: f64| a > from + 0.02 && a < to - 0.02;
                if inside(v.x, l.x, l.right()) && inside(l.y, v.y, v.bottom()) {
                    // Lines that share a trunk are crossed together.
                    crossed.insert(((v.x * 20.0).round() as i64, (l.y * 20.0).round() as i64));
                }
            } else {
                let (x, y) = (&b.edges[*n], &b.edges[*m]);
                // Lines of one trunk: where each source is joined with each target, it says the truth.
                let crosswise = joined.contains(&(x.from, y.to)) && joined.contains(&(y.from, x.to));
                if x.flow == y.flow && (x.from == y.from || x.to == y.to || crosswise) {
                    continue;
                }
                let (apart, along) = if level {
                    ((piece.y - other.y).abs(), piece.right().min(other.right()) - piece.x.max(other.x))
                } else {
                    ((piece.x - other.x).abs(), piece.bottom().min(other.bottom()) - piece.y.max(other.y))
                };
                score.shared += usize::from(apart < 0.03 && along > 0.25);
            }
        }
    }
    score.crossings = crossed.len();
}
