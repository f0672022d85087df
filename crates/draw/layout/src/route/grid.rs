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
        let mut is_end = vec![false; course.nodes.len()];
        for line in lines {
            for end in [line.from, line.to] {
                if let End::Node(n) = end {
                    is_end[n] = true;
                }
            }
        }
        for (node, _) in course.nodes.iter().zip(&is_end).filter(|n| *n.1) {
            xs.must(node.at.x);
            ys.must(node.at.y);
            let beside = (node.label_width + 0.4).clamp(3.1, 4.0);
            for x in [node.at.x - beside / 2.0, node.at.x + beside / 2.0] {
                xs.may(x);
            }
            for y in [node.at.y - 1.8, node.at.y + 2.7] {
                ys.may(y);
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
            for offset in offsets {
                xs.may(r.x + offset);
                xs.may(r.right() - offset);
                ys.may(r.y + offset);
                ys.may(r.bottom() - offset);
            }
        }
        let (xs, ys) = (xs.settled(), ys.settled());
        let free = Stretch { blocked: false, title: false, border: false, plate: NONE, vpc: NONE };
        let mut grid =
            Self { across: vec![free; xs.len() * ys.len()], along: vec![free; xs.len() * ys.len()], xs, ys };
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

/// Coordinates in the making.
#[derive(Default)]
struct Lanes {
    must: Vec<f64>,
    may: Vec<f64>,
}

impl Lanes {
    fn must(&mut self, at: f64) {
        self.must.push(at);
    }
    fn may(&mut self, at: f64) {
        self.may.push(at);
    }
    /// Sorted; a lane that may be stays away from its neighbours.
    fn settled(mut self) -> Vec<f64> {
        self.must.sort_by(f64::total_cmp);
        self.must.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        self.may.sort_by(f64::total_cmp);
        // A large floor has coarser lanes.
        let apart = if self.must.len() + self.may.len() > 4_000 { 0.5 } else { 0.24 };
        let mut all = self.must.clone();
        let mut last = f64::MIN;
        for at in self.may {
            let n = self.must.partition_point(|&v| v < at);
            let near = |v: Option<&f64>| v.is_some_and(|v| (v - at).abs() < 0.24);
            if at - last >= apart && !near(self.must.get(n)) && !near(n.checked_sub(1).and_then(|n| self.must.get(n))) {
                all.push(at);
                last = at;
            }
        }
        all.sort_by(f64::total_cmp);
        all
    }
}
