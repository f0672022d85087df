//! The lanes of the floor with what each stretch of them runs through: a sparse grid.
//!
//! In: the floor and the lanes. Out: for each stretch between two crossings of lanes, what a line
//! there would run through. What that costs is left to the search.

use std::collections::HashMap;
use std::hash::Hash;

use super::Course;
use super::lanes::{EVERYBODY, Owner, Span, grown, lanes};
use super::obstacle::Obstacles;
use crate::blueprint::PlateKind;
use crate::geometry::Rect;
use crate::lines::{Line, is_leaf};

/// How far from a plate's border a lane lies on it.
const ON: f64 = 0.02;
/// No plate.
pub(crate) const NONE: u32 = u32::MAX;

/// Lanes, and what each stretch between two crossings runs through.
pub(crate) struct Grid {
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    /// The lanes along x: stretch and crossing (x, y) at `y * xs.len() + x`.
    pub across: Axis,
    /// The lanes along y: stretch and crossing (x, y) at `x * ys.len() + y`.
    pub along: Axis,
    /// The kinds of stretches.
    pub stretches: Vec<Stretch>,
    /// The kinds of crossings.
    pub turns: Vec<Turn>,
    /// The number of each plate that is a region; 0 for others.
    pub regions: Vec<u16>,
}

/// The lanes of one direction, in the order in which a line runs along them.
pub(crate) struct Axis {
    /// The kind of the stretch that begins at each crossing.
    pub stretch: Vec<u32>,
    /// The kind of each crossing.
    pub turn: Vec<u32>,
    /// How long the stretch from each lane across to the next is.
    pub gaps: Vec<f32>,
}

/// Whose the two lanes of a crossing are there; none where they do not both serve it. A line turns
/// where they serve what stands there, and the line; elsewhere a lane is only passed, which keeps
/// searches short.
pub(crate) type Turn = Option<(Owner, Owner)>;

/// What a stretch of a lane runs through.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
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
        let mut regions = vec![0; course.plates.len()];
        let is_region = |p: &usize| course.plates[*p].kind == PlateKind::Region;
        for (n, plate) in (0..course.plates.len()).filter(is_region).enumerate() {
            regions[plate] = (n + 1).min(u16::MAX.into()) as u16;
        }
        let mut floor = Floor::new(&xs, &ys);
        floor.stand(course, obstacles, &regions);
        let mut kinds = Kinds::default();
        let stretches = [&floor.across, &floor.along].map(|of| of.iter().map(|&s| kinds.number(s)).collect());
        let [across, along]: [Vec<u32>; 2] = stretches;
        let mut crossings = Kinds::default();
        let turn: Vec<u32> = turns.into_iter().map(|turn| crossings.number(turn)).collect();
        let turned = |of: &[u32]| -> Vec<u32> {
            let (w, h) = (xs.len(), ys.len());
            (0..w * h).map(|n| of[n % h * w + n / h]).collect()
        };
        let gaps = |lanes: &[f64]| lanes.windows(2).map(|pair| (pair[1] - pair[0]) as f32).collect();
        Self {
            along: Axis { stretch: turned(&along), turn: turned(&turn), gaps: gaps(&ys) },
            across: Axis { stretch: across, turn, gaps: gaps(&xs) },
            stretches: kinds.all,
            turns: crossings.all,
            regions,
            xs,
            ys,
        }
    }

    /// The lane at a coordinate, which must be one.
    pub(crate) fn lane(lanes: &[f64], at: f64) -> usize {
        lanes.partition_point(|&v| v < at - 1e-6).min(lanes.len() - 1)
    }
}

/// Different things, numbered in the order in which they were met.
struct Kinds<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
    /// Most are like the one before.
    last: Option<(T, u32)>,
}

impl<T> Default for Kinds<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new(), last: None }
    }
}

impl<T: Copy + Eq + Hash> Kinds<T> {
    fn number(&mut self, kind: T) -> u32 {
        if let Some((_, number)) = self.last.filter(|last| last.0 == kind) {
            return number;
        }
        let all = &mut self.all;
        let number = *self.numbers.entry(kind).or_insert_with(|| {
            all.push(kind);
            all.len() as u32 - 1
        });
        self.last = Some((kind, number));
        number
    }
}

/// The grid in the making: stretches from (x, y) to (x + 1, y), and to (x, y + 1), both at
/// `y * xs.len() + x`.
struct Floor<'g> {
    xs: &'g [f64],
    ys: &'g [f64],
    across: Vec<Stretch>,
    along: Vec<Stretch>,
}

impl<'g> Floor<'g> {
    fn new(xs: &'g [f64], ys: &'g [f64]) -> Self {
        let free = Stretch { blocked: false, title: false, border: false, region: 0, plate: NONE, vpc: NONE };
        let all = vec![free; xs.len() * ys.len()];
        Self { xs, ys, across: all.clone(), along: all }
    }

    /// Puts everything on the floor.
    fn stand(&mut self, course: &Course<'_>, obstacles: &Obstacles, regions: &[u16]) {
        // Plates come outermost first, so the innermost is written last.
        for (n, plate) in course.plates.iter().enumerate() {
            if is_leaf(plate.kind) {
                // On its border is in it.
                self.mark(&grown(&plate.rect, ON), true, true, |s| s.plate = n as u32);
            } else if plate.kind == PlateKind::Vpc {
                self.mark(&plate.rect, true, true, |s| s.vpc = n as u32);
            } else if plate.kind == PlateKind::Region {
                let number = regions[n];
                self.mark(&plate.rect, true, true, |s| s.region = number);
            }
            const NEAR: f64 = 0.12;
            let r = plate.rect;
            for x in [r.x, r.right()] {
                self.mark(&Rect::new(x - NEAR, r.y, 2.0 * NEAR, r.h), false, true, |s| s.border = true);
            }
            for y in [r.y, r.bottom()] {
                self.mark(&Rect::new(r.x, y - NEAR, r.w, 2.0 * NEAR), true, false, |s| s.border = true);
            }
        }
        for title in &obstacles.titles {
            self.mark(title, true, true, |s| s.title = true);
        }
        for (rect, _) in &obstacles.hard {
            self.mark(rect, true, true, |s| s.blocked = true);
        }
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
        let (y0, y1) = inside(self.ys, rect.y, rect.bottom());
        let (x0, x1) = touching(self.xs, rect.x, rect.right());
        for y in y0..if across { y1 } else { y0 } {
            for x in x0..x1.min(w) {
                change(&mut self.across[y * w + x]);
            }
        }
        let (x0, x1) = inside(self.xs, rect.x, rect.right());
        let (y0, y1) = touching(self.ys, rect.y, rect.bottom());
        for y in y0..if along { y1.min(self.ys.len()) } else { y0 } {
            for x in x0..x1 {
                change(&mut self.along[y * w + x]);
            }
        }
    }
}

fn turns(xs: &[f64], ys: &[f64], x_spans: &[Vec<Span>], y_spans: &[Vec<Span>]) -> Vec<Turn> {
    // Where several own a lane it is everybody's.
    let both = |had: Option<Owner>, owner: Owner| {
        had.map_or(owner, |had| if had == owner { had } else { EVERYBODY })
    };
    let w = xs.len();
    let mut level: Vec<Option<Owner>> = vec![None; w * ys.len()];
    for (y, spans) in y_spans.iter().enumerate() {
        for span in spans {
            let (a, b) = (xs.partition_point(|&v| v < span.from), xs.partition_point(|&v| v <= span.to));
            for owner in &mut level[y * w + a..y * w + b] {
                *owner = Some(both(*owner, span.owner));
            }
        }
    }
    let mut turns: Vec<Turn> = vec![None; level.len()];
    for (x, spans) in x_spans.iter().enumerate() {
        for span in spans {
            for y in ys.partition_point(|&v| v < span.from)..ys.partition_point(|&v| v <= span.to) {
                let at = y * w + x;
                turns[at] = level[at].map(|level| (both(turns[at].map(|t| t.0), span.owner), level));
            }
        }
    }
    turns
}
