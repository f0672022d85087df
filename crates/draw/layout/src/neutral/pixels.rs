//! A blueprint in pixels, by the names of the neutral graph.
//!
//! The engine places squares of one size. Here that square becomes a cell as wide as the widest box
//! and as high as the highest; each box stands in the middle of its cell's lower edge, and lines are
//! led on to its border.

use std::collections::BTreeMap;

use isobar_model::ResourceId;

use super::graph::Made;
use super::names::step_aside;
use super::tree::Tree;
use super::{Neutral, Omitted, Placed, PlacedEdge, PlacedNode, SIDE};
use crate::blueprint::{Blueprint, Edge, End, FOOTPRINT, Lines};
use crate::geometry::{Point, Rect};
use crate::label::label_boxes;

/// A narrower cell would leave no room for names and lines, which shrink with it.
const LEAST_CELL: f64 = 32.0;

struct Scale {
    x: f64,
    y: f64,
    origin: Point,
}

impl Scale {
    fn point(&self, p: Point) -> Point {
        Point::new(round((p.x - self.origin.x) * self.x), round((p.y - self.origin.y) * self.y))
    }
    fn rect(&self, r: &Rect) -> Rect {
        let (a, b) = (self.point(Point::new(r.x, r.y)), self.point(Point::new(r.right(), r.bottom())));
        Rect::new(a.x, a.y, round(b.x - a.x), round(b.y - a.y))
    }
}

fn round(v: f64) -> f64 {
    (v * 100.0).round() / 100.0
}

pub(super) fn measure(
    neutral: &Neutral,
    tree: &Tree,
    made: &Made,
    blueprint: &Blueprint,
    lines: Lines,
) -> Placed {
    let mut is_container = vec![false; neutral.nodes.len()];
    tree.parents.iter().flatten().for_each(|&parent| is_container[parent] = true);
    let leaves = || neutral.nodes.iter().zip(&is_container).filter(|pair| !*pair.1).map(|pair| pair.0);
    let wide = leaves().map(|node| node.w.unwrap_or(SIDE)).fold(LEAST_CELL, f64::max);
    let high = leaves().map(|node| node.h.unwrap_or(SIDE)).fold(LEAST_CELL, f64::max);
    let scale = Scale {
        x: wide / FOOTPRINT,
        y: high / FOOTPRINT,
        origin: Point::new(blueprint.bounds.x, blueprint.bounds.y),
    };
    let find = |id: &ResourceId| made.node_of.get(id).copied();
    let mut nodes: Vec<PlacedNode> = Vec::with_capacity(neutral.nodes.len());
    // The place of each end: its cell or plate in floor units, and its border in pixels.
    let mut borders: BTreeMap<End, (usize, Rect, Rect)> = BTreeMap::new();
    for (n, plate) in blueprint.plates.iter().enumerate() {
        if let Some(at) = plate.resource.as_ref().and_then(find) {
            let rect = scale.rect(&plate.rect);
            borders.insert(End::Plate(n), (at, plate.rect, rect));
            nodes.push(PlacedNode { id: neutral.nodes[at].id.clone(), rect, label_rect: None });
        }
    }
    for (n, node) in blueprint.nodes.iter().enumerate() {
        let Some(at) = find(&node.resource) else { continue };
        let given = &neutral.nodes[at];
        let cell = Rect::around(node.at, FOOTPRINT / 2.0);
        let (w, h) = (given.w.unwrap_or(SIDE), given.h.unwrap_or(SIDE));
        let middle = scale.point(Point::new(node.at.x, cell.bottom()));
        let rect = Rect::new(round(middle.x - w / 2.0), round(middle.y - h), w, h);
        borders.insert(End::Node(n), (at, cell, rect));
        let label_rect = (!node.name.trim().is_empty())
            .then(|| label_boxes(node, blueprint.projection).first().map(|label| scale.rect(label)))
            .flatten();
        nodes.push(PlacedNode { id: given.id.clone(), rect, label_rect });
    }
    nodes.sort_by(|a, b| a.id.cmp(&b.id));

    let mut left: BTreeMap<(ResourceId, ResourceId), Vec<usize>> = made.between.clone();
    let mut edges: Vec<PlacedEdge> = Vec::with_capacity(blueprint.edges.len());
    for edge in &blueprint.edges {
        let (Some(from), Some(to)) = (borders.get(&edge.from), borders.get(&edge.to)) else { continue };
        let mut members = members(neutral, edge, lines, &mut left);
        if members.is_empty() {
            continue;
        }
        members.sort();
        let mut points: Vec<Point> = trimmed(&edge.points, &from.1, &to.1);
        points = points.into_iter().map(|p| scale.point(p)).collect();
        lead_on(&mut points, &scale.rect(&from.1), &from.2);
        points.reverse();
        lead_on(&mut points, &scale.rect(&to.1), &to.2);
        points.reverse();
        let name = |end: &(usize, Rect, Rect)| neutral.nodes[end.0].id.clone();
        let (from, to) = (name(from), name(to));
        edges.push(PlacedEdge { from, to, kind: edge.flow.as_str(), points, members });
    }
    edges.sort_by(|a, b| a.members.cmp(&b.members));
    step_aside(&mut nodes, &edges);
    let mut omitted = omitted(neutral, tree, left.into_values().flatten());
    omitted.sort_by(|a, b| a.id.cmp(&b.id));
    let bounds = Rect::new(0.0, 0.0, 0.0, 0.0);
    let bounds =
        nodes.iter().flat_map(|n| [Some(n.rect), n.label_rect]).flatten().fold(bounds, |a, b| a.union(&b));
    let corners = edges.iter().flat_map(|e| &e.points).map(|p| Rect::new(p.x, p.y, 0.0, 0.0));
    let bounds = corners.fold(bounds, |a, b| a.union(&b));
    Placed { nodes, edges, omitted, bounds }
}

/// The given links of a line, taken out of what is left.
fn members(
    neutral: &Neutral,
    edge: &Edge,
    lines: Lines,
    left: &mut BTreeMap<(ResourceId, ResourceId), Vec<usize>>,
) -> Vec<String> {
    let mut found = Vec::new();
    for pair in &edge.members {
        let Some(links) = left.get_mut(pair) else { continue };
        // A line of its own takes one, a line for several takes all.
        let of_flow = |at: &usize| super::flow(neutral.edges[*at].kind.as_deref()) == edge.flow;
        if lines == Lines::Each {
            if let Some(n) = links.iter().position(of_flow) {
                found.push(links.remove(n));
            }
        } else {
            found.append(links);
        }
    }
    found.into_iter().map(|at| neutral.edges[at].id.clone()).collect()
}

fn omitted(neutral: &Neutral, tree: &Tree, left: impl Iterator<Item = usize>) -> Vec<Omitted> {
    let named = |at: usize, reason| Omitted { id: neutral.edges[at].id.clone(), reason };
    let inside = tree.ends.iter().enumerate().filter_map(|(at, &(from, to))| match () {
        () if from == to => Some(named(at, "it leads to where it begins")),
        () if tree.encloses(from, to) || tree.encloses(to, from) => {
            Some(named(at, "one end stands in the other; containment shows it"))
        }
        () => None,
    });
    inside.chain(left.map(|at| named(at, "no way was found for it"))).collect()
}

/// A course from the border of one end to the border of the other.
fn trimmed(points: &[Point], from: &Rect, to: &Rect) -> Vec<Point> {
    let mut points = points.to_vec();
    leave(&mut points, from);
    points.reverse();
    leave(&mut points, to);
    points.reverse();
    points
}

/// Drops what of a course lies in the rectangle where it begins.
fn leave(points: &mut Vec<Point>, rect: &Rect) {
    const SLACK: f64 = 0.011;
    let strictly = |p: &Point| {
        p.x > rect.x + SLACK
            && p.x < rect.right() - SLACK
            && p.y > rect.y + SLACK
            && p.y < rect.bottom() - SLACK
    };
    while points.len() >= 2 && strictly(&points[0]) {
        let (a, b) = (points[0], points[1]);
        if strictly(&b) && points.len() > 2 {
            points.remove(0);
            continue;
        }
        points[0] = match () {
            () if b.x > rect.right() - SLACK => Point::new(rect.right(), a.y),
            () if b.x < rect.x + SLACK => Point::new(rect.x, a.y),
            () if b.y > rect.bottom() - SLACK => Point::new(a.x, rect.bottom()),
            () => Point::new(a.x, rect.y),
        };
        break;
    }
}

/// Leads a course that begins on a cell's border on to the box in it.
fn lead_on(points: &mut Vec<Point>, cell: &Rect, rect: &Rect) {
    const NEAR: f64 = 1.5;
    let Some(&first) = points.first() else { return };
    let near = |a: f64, b: f64| (a - b).abs() <= NEAR;
    let between = |v: f64, from: f64, to: f64| v.clamp(from, to.max(from));
    // Which side of the cell it is on, and the corners from there to the box.
    let level = match points.get(1) {
        Some(next) => (next.y - first.y).abs() <= (next.x - first.x).abs(),
        None => near(first.x, cell.x) || near(first.x, cell.right()),
    };
    let mut way: Vec<Point> = Vec::new();
    if level {
        let side =
            if (first.x - cell.x).abs() <= (first.x - cell.right()).abs() { rect.x } else { rect.right() };
        let y = between(first.y, rect.y, rect.bottom());
        way.push(Point::new(side, y));
        if y != first.y {
            let turn = round((side + first.x) / 2.0);
            way.extend([Point::new(turn, y), Point::new(turn, first.y)]);
        }
    } else {
        let upper = (first.y - cell.y).abs() <= (first.y - cell.bottom()).abs();
        let side = if upper { rect.y } else { rect.bottom() };
        let x = between(first.x, rect.x, rect.right());
        way.push(Point::new(x, side));
        if x != first.x {
            let turn = round((side + first.y) / 2.0);
            way.extend([Point::new(x, turn), Point::new(first.x, turn)]);
        }
    }
    points.splice(0..1, way);
}
