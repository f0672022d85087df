//! At which coordinates lines may run: through the middle of what stands there, and through the
//! middle of every gap between two neighbours.
//!
//! In: the floor and the lines. Out: coordinates along x and y, each with the stretches of floor it
//! serves. What a lane meets on its way is left to the grid.

use super::Course;
use super::near::Near;
use super::obstacle::Obstacles;
use crate::blueprint::{End, PlateKind, Projection};
use crate::geometry::Rect;
use crate::lines::{Line, is_leaf};
use crate::metrics::HALF;

/// From where to where along it a lane serves what stands there, and whose lane it is there.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub from: f64,
    pub to: f64,
    pub owner: Owner,
}

/// Whose lane it is: everybody's, or that of a VPC, a subnet, a group or a free resource, to whose
/// lines alone it is of use. That keeps searches short: who passes a plate does not look into it.
pub(crate) type Owner = u32;
pub(crate) const EVERYBODY: Owner = 0;

/// Sorted coordinates, and what each serves.
pub(crate) type Served = (Vec<f64>, Vec<Vec<Span>>);

/// How far a gap may reach to be one gap with one lane in its middle.
const WIDE: f64 = 2.4;
/// How far from what it passes a lane runs where there is room.
const CLEAR: f64 = 0.7;
/// Narrower than this nothing runs.
const NARROW: f64 = 0.16;
/// A lane that may be joins another so near.
const NEAR: f64 = 0.24;
/// A lane keeps so far from what stands beside it when it joins another.
const ASIDE: f64 = 0.06;
/// A plate with a shorter side has a lane of its own across it.
const SMALL: f64 = 3.0;
/// More crossings of lanes than this and the floor gets coarser lanes.
const MOST_CROSSINGS: usize = 12_000_000;

/// The lanes along y, at each x, and those along x, at each y.
pub(crate) fn lanes(course: &Course<'_>, obstacles: &Obstacles, lines: &[Line]) -> (Served, Served) {
    let mut xs = Lanes::default();
    let mut ys = Lanes::default();
    let far = 1e6;
    let floor = Rect::new(-far, -far, 2.0 * far, 2.0 * far);
    // What a lane serves: the plate around the plate, less its border, or the whole floor.
    let around = |plate: Option<usize>| plate.map_or(floor, |p| grown(&course.plates[p].rect, 3.0));
    let mut is_end = vec![false; course.nodes.len()];
    let mut is_end_plate = vec![false; course.plates.len()];
    for end in lines.iter().flat_map(|line| [line.from, line.to]) {
        match end {
            End::Node(n) => is_end[n] = true,
            End::Plate(p) => is_end_plate[p] = true,
        }
    }
    let neighbours = Neighbours::of(course, obstacles);
    for (n, node) in course.nodes.iter().enumerate().filter(|n| is_end[n.0]) {
        let inner = |p: &usize| is_leaf(course.plates[*p].kind) || course.plates[*p].kind == PlateKind::Zone;
        let mut home = node.plate;
        while let Some(p) = home.filter(inner) {
            home = course.plates[p].parent;
        }
        let (span, reach) = spans(&around(home), course.owner_of_node(n));
        xs.must(node.at.x, span);
        ys.must(node.at.y, reach);
        let (span, reach) = spans(&around(home), course.owner_of_plate(node.plate));
        let (columns, rows) = neighbours.boxes(n);
        for (at, slack) in neighbours.beside(&columns, node.plate, true) {
            xs.may(at, slack, span);
        }
        for (at, slack) in neighbours.beside(&rows, node.plate, false) {
            ys.may(at, slack, reach);
        }
    }
    for plate in course.plates.iter().zip(&is_end_plate).filter(|p| *p.1).map(|p| p.0) {
        // Perhaps no lane of what stands on it or beside it crosses it; a small one must be hit.
        let (span, reach) = spans(&around(plate.parent), course.owner_of_plate(plate.parent));
        let center = plate.rect.center();
        if plate.rect.w < SMALL {
            xs.must(center.x, span)
        } else {
            xs.may(center.x, NEAR, span)
        }
        if plate.rect.h < SMALL { ys.must(center.y, reach) } else { ys.may(center.y, NEAR, reach) }
    }
    for (p, plate) in course.plates.iter().enumerate() {
        let (span, reach) = spans(&around(plate.parent), course.owner_of_plate(plate.parent));
        for (at, slack) in neighbours.beside(&plate.rect, plate.parent, true) {
            xs.may(at, slack, span);
        }
        for (at, slack) in neighbours.beside(&plate.rect, plate.parent, false) {
            ys.may(at, slack, reach);
        }
        if matches!(plate.kind, PlateKind::Region | PlateKind::Account | PlateKind::Vpc) {
            let inside = if plate.kind == PlateKind::Vpc { 0.5 } else { 0.6 };
            let (span, reach) = spans(&around(plate.parent), course.owner_of_plate(Some(p)));
            for x in [plate.rect.x + inside, plate.rect.right() - inside] {
                xs.may(x, NEAR, span);
            }
            for y in [plate.rect.y + inside, plate.rect.bottom() - inside] {
                ys.may(y, NEAR, reach);
            }
        }
    }
    let mut apart = NEAR;
    loop {
        let (x, y) = (xs.settled(apart), ys.settled(apart));
        if x.0.len() * y.0.len() <= MOST_CROSSINGS || apart > 8.0 {
            return (x, y);
        }
        apart *= 2.0;
    }
}

/// What stands beside what.
struct Neighbours<'c> {
    course: &'c Course<'c>,
    /// Plates, then nodes.
    near: Near,
    /// Footprints with labels.
    whole: Vec<Rect>,
}

impl<'c> Neighbours<'c> {
    fn of(course: &'c Course<'c>, obstacles: &Obstacles) -> Self {
        let mut whole: Vec<Rect> =
            course.nodes.iter().map(|n| Rect::around(n.at, (HALF + 0.18) * n.scale)).collect();
        for (rect, node) in &obstacles.hard {
            whole[*node] = whole[*node].union(rect);
        }
        let near = Near::of(course.plates.iter().map(|p| &p.rect).chain(&whole));
        Self { course, near, whole }
    }

    /// A node's box as seen by lanes between columns, and by those between rows. In isometric a
    /// label slants past the next column; there only the footprint tells columns apart.
    fn boxes(&self, node: usize) -> (Rect, Rect) {
        let whole = self.whole[node];
        let columns = match self.course.projection {
            Projection::Flat => whole,
            Projection::Isometric => Rect::around(self.course.nodes[node].at, HALF + 0.18),
        };
        (columns, whole)
    }

    /// The lanes on both sides of a box that stands on a plate: in the middle of the gap to the
    /// next thing, or a little off where the next is far.
    ///
    /// Each with how far it may move aside to join another lane.
    fn beside(&self, rect: &Rect, home: Option<usize>, columns: bool) -> impl Iterator<Item = (f64, f64)> {
        let turned = |r: &Rect| if columns { *r } else { Rect::new(r.y, r.x, r.h, r.w) };
        let here = turned(rect);
        let (mut before, mut after) = (here.x - 2.0 * WIDE, here.right() + 2.0 * WIDE);
        if let Some(p) = home {
            let outer = turned(&self.course.plates[p].rect);
            before = if here.x > outer.x { before.max(outer.x) } else { before };
            after = if here.right() < outer.right() { after.min(outer.right()) } else { after };
        }
        let strip = turned(&Rect::new(here.x - WIDE, here.y, here.w + 2.0 * WIDE, here.h));
        self.near.each(&strip, |n| {
            let other = if n < self.course.plates.len() {
                turned(&self.course.plates[n].rect)
            } else {
                let (column, row) = self.boxes(n - self.course.plates.len());
                turned(if columns { &column } else { &row })
            };
            if other.y >= here.bottom() - 0.01 || other.bottom() <= here.y + 0.01 {
                return;
            }
            if other.right() <= here.x + 1e-6 {
                before = before.max(other.right());
            } else if other.x >= here.right() - 1e-6 {
                after = after.min(other.x);
            }
        });
        let lane = |gap: f64| {
            let off = if gap <= WIDE { gap / 2.0 } else { CLEAR };
            (gap > NARROW).then_some((off, NEAR.min(off - ASIDE)))
        };
        let left = lane(here.x - before).map(|(off, slack)| (here.x - off, slack));
        let right = lane(after - here.right()).map(|(off, slack)| (here.right() + off, slack));
        left.into_iter().chain(right)
    }
}

/// What the lanes of an owner serve along y, and along x.
fn spans(serves: &Rect, owner: Owner) -> (Span, Span) {
    let span = |from, to| Span { from, to, owner };
    (span(serves.y, serves.bottom()), span(serves.x, serves.right()))
}

/// A rectangle larger by so much on each side.
pub(crate) fn grown(rect: &Rect, by: f64) -> Rect {
    Rect::new(rect.x - by, rect.y - by, rect.w + 2.0 * by, rect.h + 2.0 * by)
}

/// Coordinates in the making, each with the span it serves.
#[derive(Default)]
struct Lanes {
    must: Vec<(f64, Span)>,
    /// Each with how far it may move aside.
    may: Vec<(f64, f64, Span)>,
}

impl Lanes {
    fn must(&mut self, at: f64, span: Span) {
        self.must.push((at, span));
    }
    fn may(&mut self, at: f64, slack: f64, span: Span) {
        self.may.push((at, slack, span));
    }
    /// Sorted, and the spans of each; a lane that may be joins a neighbour where it has a near one.
    fn settled(&mut self, apart: f64) -> Served {
        self.must.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.may.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut fixed: Vec<f64> = self.must.iter().map(|m| m.0).collect();
        fixed.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        let mut all = fixed.clone();
        let mut may: Vec<(f64, f64, f64)> =
            self.may.iter().map(|&(at, slack, span)| (at, slack, span.to - span.from)).collect();
        if apart > NEAR {
            // On a floor of coarse lanes those that lead far come first: between networks, not in them.
            may.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.total_cmp(&b.0)));
        }
        let mut taken: Vec<f64> = Vec::new();
        for (at, slack, _) in may {
            let place = taken.partition_point(|&v| v < at);
            let apart = if apart > NEAR { apart } else { slack };
            if !is_near(&fixed, at, slack) && !is_near(&taken, at, apart) {
                taken.insert(place, at);
            }
        }
        all.extend(taken);
        all.sort_by(f64::total_cmp);
        let mut spans = vec![Vec::new(); all.len()];
        let may = self.may.iter().map(|&(at, _, span)| (at, span));
        for (at, span) in self.must.iter().copied().chain(may) {
            let n = all.partition_point(|&v| v < at);
            let below = n.checked_sub(1);
            let nearest = match (below, all.get(n)) {
                (Some(b), Some(v)) if at - all[b] < v - at => b,
                (Some(b), None) => b,
                _ => n,
            };
            spans[nearest].push(span);
        }
        for spans in &mut spans {
            merge(spans);
        }
        (all, spans)
    }
}

/// Whether one of some sorted coordinates is nearer than so much.
fn is_near(sorted: &[f64], at: f64, apart: f64) -> bool {
    let n = sorted.partition_point(|&v| v < at);
    let near = |v: Option<&f64>| v.is_some_and(|v| (v - at).abs() < apart);
    near(sorted.get(n)) || n.checked_sub(1).is_some_and(|n| near(sorted.get(n)))
}

/// Overlapping spans of one owner become one.
fn merge(spans: &mut Vec<Span>) {
    spans.sort_by(|a, b| a.owner.cmp(&b.owner).then(a.from.total_cmp(&b.from)));
    let mut merged: Vec<Span> = Vec::new();
    for &span in spans.iter() {
        match merged.last_mut() {
            Some(last) if last.owner == span.owner && span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    *spans = merged;
}
