//! The lanes of the floor with what each stretch of them runs through: a sparse grid.
//!
//! In: the floor and the lanes. Out: for each stretch between two crossings of lanes, what a line
//! there would run through. What that costs is left to the search.

use super::Course;
use super::lanes::{Span, lanes};
use super::obstacle::Obstacles;
use crate::blueprint::PlateKind;
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
    /// The number of each plate that is a region; 0 for others.
    pub regions: Vec<u16>,
}

/// What a stretch of a lane runs through.
#[derive(Clone, Copy)]
pub(crate) struct Stretch {
    pub blocked: bool,
    pub title: bool,
    /// It runs along a plate's border, where it would be taken for it.
    pub border: bool,
    /// The region's number; 0 outside all.
    pub region: u16,
    /// The innermost leaf plate.
    pub plate: u32,
    /// The VPC.
    pub vpc: u32,
}

impl Grid {
    pub(crate) fn new(course: &Course<'_>, obstacles: &Obstacles, lines: &[Line]) -> Self {
        let ((xs, x_spans), (ys, y_spans)) = lanes(course, obstacles, lines);
        let turns = turns(&xs, &ys, &x_spans, &y_spans);
        let free = Stretch { blocked: false, title: false, border: false, region: 0, plate: NONE, vpc: NONE };
        let mut regions = vec![0; course.plates.len()];
        let is_region = |p: &usize| course.plates[*p].kind == PlateKind::Region;
        for (n, plate) in (0..course.plates.len()).filter(is_region).enumerate() {
            regions[plate] = (n + 1).min(u16::MAX.into()) as u16;
        }
        let mut grid = Self {
            across: vec![free; xs.len() * ys.len()],
            along: vec![free; xs.len() * ys.len()],
            turns,
            regions,
            xs,
            ys,
        };
        // Plates come outermost first, so the innermost is written last.
        for (n, plate) in course.plates.iter().enumerate() {
            if is_leaf(plate.kind) {
                grid.mark(&plate.rect, true, true, |s| s.plate = n as u32);
            } else if plate.kind == PlateKind::Vpc {
                grid.mark(&plate.rect, true, true, |s| s.vpc = n as u32);
            } else if plate.kind == PlateKind::Region {
                let number = grid.regions[n];
                grid.mark(&plate.rect, true, true, |s| s.region = number);
            }
            const NEAR: f64 = 0.12;
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
