//! The lanes of the floor: a sparse grid of the coordinates at which lines may run.

use super::Course;
use super::obstacle::Obstacles;
use crate::blueprint::{End, PlateKind};
use crate::geometry::Rect;
use crate::lines::{Line, is_leaf};

/// No plate.
pub(crate) const NONE: u32 = u32::MAX;

/// Lanes, and what each stretch between two crossings runs through.
pub(crate) struct Grid {
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    /// Stretch from (x, y) to (x + 1, y), at `y * xs.len() + x`.
    pub across: Vec<Stretch>,
    /// Stretch from (x, y) to (x, y + 1).
    pub along: Vec<Stretch>,
    /// Crossings at which a line may turn: both lanes belong to what stands there. Elsewhere a
    /// lane is only passed, which keeps searches short.
    pub turns: Vec<bool>,
}

/// What a stretch of a lane runs through.
#[derive(Clone, Copy)]
pub(crate) struct Stretch {
    pub blocked: bool,
    pub title: bool,
    /// It runs along a plate's border, where it would be taken for it.
    pub border: bool,
    /// The innermost leaf plate.
    pub plate: u32,
    /// The VPC.
    pub vpc: u32,
}

impl Grid {
    pub(crate) fn new(course: &Course<'_>, obstacles: &Obstacles, lines: &[Line]) -> Self {
        let mut xs = Lanes::default();
        let mut ys = Lanes::default();
        let far = 1e6;
        let floor = Rect::new(-far, -far, 2.0 * far, 2.0 * far);
        // What a lane serves: the plate around the plate, less its border, or the whole floor.
        let around = |plate: Option<usize>| plate.map_or(floor, |p| grown(&course.plates[p].rect, 3.0));
        let mut is_end = vec![false; course.nodes.len()];
        for line in lines {
            for end in [line.from, line.to] {
                if let End::Node(n) = end {
                    is_end[n] = true;
                }
            }
        }
        for (node, _) in course.nodes.iter().zip(&is_end).filter(|n| *n.1) {
            let mut home = node.plate;
            let inner =
                |p: &usize| is_leaf(course.plates[*p].kind) || course.plates[*p].kind == PlateKind::Zone;
            while let Some(p) = home.filter(inner) {
                home = course.plates[p].parent;
            }
            let serves = around(home);
            let (span, reach) = ((serves.y, serves.bottom()), (serves.x, serves.right()));
            xs.must(node.at.x, span);
            ys.must(node.at.y, reach);
            let beside = (node.label_width + 0.4).clamp(3.1, 4.0);
            for x in [node.at.x - beside / 2.0, node.at.x + beside / 2.0] {
                xs.may(x, span);
            }
            for y in [node.at.y - 1.8, node.at.y + 2.7] {
                ys.may(y, reach);
            }
        }
        for plate in course.plates {
            let r = plate.rect;
            let offsets: &[f64] = match plate.kind {
                PlateKind::Region | PlateKind::Account => &[-0.8, 0.6],
                PlateKind::Vpc => &[-0.8, 0.5],
                PlateKind::Zone => &[-0.7],
                _ => &[-0.7],
            };
            let serves = around(plate.parent);
            let (span, reach) = ((serves.y, serves.bottom()), (serves.x, serves.right()));
            for offset in offsets {
                xs.may(r.x + offset, span);
                xs.may(r.right() - offset, span);
                ys.may(r.y + offset, reach);
                ys.may(r.bottom() - offset, reach);
            }
        }
        let ((xs, x_spans), (ys, y_spans)) = (xs.settled(), ys.settled());
        let turns = turns(&xs, &ys, &x_spans, &y_spans);
        let free = Stretch { blocked: false, title: false, border: false, plate: NONE, vpc: NONE };
        let mut grid = Self {
            across: vec![free; xs.len() * ys.len()],
            along: vec![free; xs.len() * ys.len()],
            turns,
            xs,
            ys,
        };
        // Plates come outermost first, so the innermost is written last.
        for (n, plate) in course.plates.iter().enumerate() {
            if is_leaf(plate.kind) {
                grid.mark(&plate.rect, true, true, |s| s.plate = n as u32);
            } else if plate.kind == PlateKind::Vpc {
                grid.mark(&plate.rect, true, true, |s| s.vpc = n as u32);
            }
            const NEAR: f64 = 0.19;
            let r = plate.rect;
            for x in [r.x, r.right()] {
                grid.mark(&Rect::new(x - NEAR, r.y, 2.0 * NEAR, r.h), false, true, |s| s.border = true);
            }
            for y in [r.y, r.bottom()] {
                grid.mark(&Rect::new(r.x, y - NEAR, r.w, 2.0 * NEAR), true, false, |s| s.border = true);
            }
        }
        for title in &obstacles.titles {
            grid.mark(title, true, true, |s| s.title = true);
        }
        for (rect, _) in &obstacles.hard {
            grid.mark(rect, true, true, |s| s.blocked = true);
        }
        grid
    }

    /// The lane at a coordinate, which must be one.
    pub(crate) fn lane(lanes: &[f64], at: f64) -> usize {
        lanes.partition_point(|&v| v < at - 1e-6).min(lanes.len() - 1)
    }

    /// Changes every stretch across, and every one along, that runs through the inside of a
    /// rectangle.
    fn mark(&mut self, rect: &Rect, across: bool, along: bool, change: impl Fn(&mut Stretch)) {
        let inside = |lanes: &[f64], from: f64, to: f64| {
            let first = lanes.partition_point(|&v| v <= from + 1e-9);
            (first, lanes.partition_point(|&v| v < to - 1e-9))
        };
        // A stretch touches the rectangle when it begins before its end and ends after its begin.
        let touching = |lanes: &[f64], from: f64, to: f64| {
            let first = lanes.partition_point(|&v| v <= from + 1e-9).saturating_sub(1);
            (first, lanes.partition_point(|&v| v < to - 1e-9))
        };
        let w = self.xs.len();
        let (y0, y1) = inside(&self.ys, rect.y, rect.bottom());
        let (x0, x1) = touching(&self.xs, rect.x, rect.right());
        for y in y0..if across { y1 } else { y0 } {
            for x in x0..x1.min(w) {
                change(&mut self.across[y * w + x]);
            }
        }
        let (x0, x1) = inside(&self.xs, rect.x, rect.right());
        let (y0, y1) = touching(&self.ys, rect.y, rect.bottom());
        for y in y0..if along { y1.min(self.ys.len()) } else { y0 } {
            for x in x0..x1 {
                change(&mut self.along[y * w + x]);
            }
        }
    }
}

fn grown(rect: &Rect, by: f64) -> Rect {
    Rect::new(rect.x - by, rect.y - by, rect.w + 2.0 * by, rect.h + 2.0 * by)
}

/// From where to where along it a lane serves what stands there.
type Span = (f64, f64);

fn turns(xs: &[f64], ys: &[f64], x_spans: &[Vec<Span>], y_spans: &[Vec<Span>]) -> Vec<bool> {
    let w = xs.len();
    let mut level = vec![false; w * ys.len()];
    for (y, spans) in y_spans.iter().enumerate() {
        for &(from, to) in spans {
            let (a, b) = (xs.partition_point(|&v| v < from), xs.partition_point(|&v| v <= to));
            level[y * w + a..y * w + b].fill(true);
        }
    }
    let mut turns = vec![false; level.len()];
    for (x, spans) in x_spans.iter().enumerate() {
        for &(from, to) in spans {
            for y in ys.partition_point(|&v| v < from)..ys.partition_point(|&v| v <= to) {
                turns[y * w + x] = level[y * w + x];
            }
        }
    }
    turns
}

/// Coordinates in the making, each with the span it serves.
#[derive(Default)]
struct Lanes {
    must: Vec<(f64, Span)>,
    may: Vec<(f64, Span)>,
}

impl Lanes {
    fn must(&mut self, at: f64, span: Span) {
        self.must.push((at, span));
    }
    fn may(&mut self, at: f64, span: Span) {
        self.may.push((at, span));
    }
    /// Sorted, and the spans of each; a lane that may be joins a neighbour where it has a near one.
    fn settled(mut self) -> (Vec<f64>, Vec<Vec<Span>>) {
        const NEAR: f64 = 0.24;
        self.must.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.may.sort_by(|a, b| a.0.total_cmp(&b.0));
        // A large floor has coarser lanes.
        let apart = if self.must.len() + self.may.len() > 8_000 { 0.5 } else { NEAR };
        let mut fixed: Vec<f64> = self.must.iter().map(|m| m.0).collect();
        fixed.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        let mut all = fixed.clone();
        let mut last = f64::MIN;
        for &(at, _) in &self.may {
            let n = fixed.partition_point(|&v| v < at);
            let near = |v: Option<&f64>| v.is_some_and(|v| (v - at).abs() < NEAR);
            if at - last >= apart && !near(fixed.get(n)) && !near(n.checked_sub(1).and_then(|n| fixed.get(n)))
            {
                all.push(at);
                last = at;
            }
        }
        all.sort_by(f64::total_cmp);
        let mut spans = vec![Vec::new(); all.len()];
        for (at, span) in self.must.into_iter().chain(self.may) {
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

/// Overlapping spans become one.
fn merge(spans: &mut Vec<Span>) {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<Span> = Vec::new();
    for &(from, to) in spans.iter() {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    *spans = merged;
}
