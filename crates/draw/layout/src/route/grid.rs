//! The lanes of the floor with what each stretch of them runs through: a sparse grid.
//!
//! In: the floor and the lanes. Out: for each stretch between two crossings of lanes, what a line
//! there would run through. What that costs is left to the search.

use std::collections::HashMap;
use std::hash::Hash;

use super::Course;
use super::crew::{processors, side_by_side};
use super::lanes::{EVERYBODY, Owner, Span, grown, lanes};
use super::obstacle::Obstacles;
use crate::blueprint::PlateKind;
use crate::geometry::Rect;
use crate::lines::{Line, is_leaf};

/// How far from a plate's border a lane lies on it.
const ON: f64 = 0.02;
/// With so many crossings of lanes both directions are looked at side by side.
const MANY: usize = 20_000;
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
    /// The number of each plate that is a region or an account; 0 for others.
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
    /// The kinds of stretches.
    pub stretches: Vec<Stretch>,
    /// The kinds of crossings.
    pub turns: Vec<Turn>,
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
    /// The region's number, or the account's between its regions; 0 outside all.
    pub region: u16,
    /// The innermost leaf plate.
    pub plate: u32,
    /// The VPC.
    pub vpc: u32,
}

impl Grid {
    pub(crate) fn new(course: &Course<'_>, obstacles: &Obstacles, lines: &[Line]) -> Self {
        let ((xs, x_spans), (ys, y_spans)) = lanes(course, obstacles, lines);
        let mut regions = vec![0; course.plates.len()];
        let numbered = |p: &usize| is_region(course.plates[*p].kind);
        for (n, plate) in (0..course.plates.len()).filter(numbered).enumerate() {
            regions[plate] = (n + 1).min(u16::MAX.into()) as u16;
        }
        let sides = [(&ys, &y_spans, &xs), (&xs, &x_spans, &ys)];
        // Of few lanes both are ready before a second thread has begun.
        let workers = if xs.len() * ys.len() < MANY { 1 } else { processors().min(2) };
        let workers = &mut vec![(); workers];
        let owners = side_by_side(workers, 2, |_, n| owners(sides[n].1, sides[n].2));
        let axis = |n: usize| {
            let (lanes, _, stops) = sides[n];
            let free =
                Stretch { blocked: false, title: false, border: false, region: 0, plate: NONE, vpc: NONE };
            let mut floor = Floor { level: n == 0, lanes, stops, all: vec![free; lanes.len() * stops.len()] };
            floor.stand(course, obstacles, &regions);
            let mut kinds = Kinds::default();
            let stretch = floor.all.into_iter().map(|stretch| kinds.number(stretch)).collect();
            let (turn, turns) = turns(&owners[n], &owners[1 - n], stops.len());
            let gaps = stops.windows(2).map(|pair| (pair[1] - pair[0]) as f32).collect();
            Axis { stretch, turn, gaps, stretches: kinds.all, turns }
        };
        let mut axes = side_by_side(workers, 2, |_, n| axis(n)).into_iter();
        let (Some(across), Some(along)) = (axes.next(), axes.next()) else {
            unreachable!("two were asked for")
        };
        Self { xs, ys, across, along, regions }
    }

    /// The lane at a coordinate, which must be one.
    pub(crate) fn lane(lanes: &[f64], at: f64) -> usize {
        lanes.partition_point(|&v| v < at - 1e-6).min(lanes.len() - 1)
    }
}

fn is_region(kind: PlateKind) -> bool {
    matches!(kind, PlateKind::Region | PlateKind::Account)
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

/// The lanes of one direction in the making: the stretch from each stop to the next, lane by lane.
struct Floor<'g> {
    /// The lanes run along x.
    level: bool,
    lanes: &'g [f64],
    /// The lanes of the other direction.
    stops: &'g [f64],
    all: Vec<Stretch>,
}

impl Floor<'_> {
    /// Puts everything on the floor.
    fn stand(&mut self, course: &Course<'_>, obstacles: &Obstacles, regions: &[u16]) {
        // Plates come outermost first, so the innermost is written last.
        for (n, plate) in course.plates.iter().enumerate() {
            if is_leaf(plate.kind) {
                // On its border is in it.
                self.mark(&grown(&plate.rect, ON), |s| s.plate = n as u32);
            } else if plate.kind == PlateKind::Vpc {
                self.mark(&plate.rect, |s| s.vpc = n as u32);
            } else if is_region(plate.kind) {
                let number = regions[n];
                self.mark(&plate.rect, |s| s.region = number);
            }
            const NEAR: f64 = 0.12;
            let r = plate.rect;
            let sides = if self.level {
                [r.y, r.bottom()].map(|y| Rect::new(r.x, y - NEAR, r.w, 2.0 * NEAR))
            } else {
                [r.x, r.right()].map(|x| Rect::new(x - NEAR, r.y, 2.0 * NEAR, r.h))
            };
            sides.iter().for_each(|side| self.mark(side, |s| s.border = true));
        }
        for title in &obstacles.titles {
            self.mark(title, |s| s.title = true);
        }
        for (rect, _) in &obstacles.hard {
            self.mark(rect, |s| s.blocked = true);
        }
    }

    /// Changes every stretch that runs through the inside of a rectangle.
    fn mark(&mut self, rect: &Rect, change: impl Fn(&mut Stretch)) {
        let upright = (rect.x, rect.right(), rect.y, rect.bottom());
        let level = (rect.y, rect.bottom(), rect.x, rect.right());
        let (low, high, from, to) = if self.level { level } else { upright };
        let before = |places: &[f64], at: f64| places.partition_point(|&v| v < at - 1e-9);
        let up_to = |places: &[f64], at: f64| places.partition_point(|&v| v <= at + 1e-9);
        // A stretch touches the rectangle when it begins before its end and ends after its begin.
        let (first, end) = (up_to(self.stops, from).saturating_sub(1), before(self.stops, to));
        for lane in up_to(self.lanes, low)..before(self.lanes, high) {
            let lane = &mut self.all[lane * self.stops.len()..][..self.stops.len()];
            lane.get_mut(first..end).into_iter().flatten().for_each(&change);
        }
    }
}

/// Nobody's.
const NOBODY: Owner = Owner::MAX;

/// Whose each lane is at each stop, lane by lane.
fn owners(spans: &[Vec<Span>], stops: &[f64]) -> Vec<Owner> {
    let mut owners = vec![NOBODY; spans.len() * stops.len()];
    for (lane, spans) in owners.chunks_mut(stops.len().max(1)).zip(spans) {
        for span in spans {
            let (first, end) =
                (stops.partition_point(|&v| v < span.from), stops.partition_point(|&v| v <= span.to));
            for owner in &mut lane[first..end] {
                // Where several own a lane it is everybody's.
                *owner = if [NOBODY, span.owner].contains(owner) { span.owner } else { EVERYBODY };
            }
        }
    }
    owners
}

/// The kind of each crossing, lane by lane, and the kinds: whose the lane is, and whose the one across.
fn turns(own: &[Owner], others: &[Owner], stops: usize) -> (Vec<u32>, Vec<Turn>) {
    /// Crossings are looked at in squares: going along the one lanes goes across the others, from one
    /// end of the memory to the other.
    const SQUARE: usize = 16;
    let lanes = own.len() / stops.max(1);
    let mut kinds = Kinds::default();
    let mut turn = vec![0; own.len()];
    for (first, first_stop) in
        (0..lanes).step_by(SQUARE).flat_map(|lane| (0..stops).step_by(SQUARE).map(move |stop| (lane, stop)))
    {
        for lane in first..lanes.min(first + SQUARE) {
            for stop in first_stop..stops.min(first_stop + SQUARE) {
                let at = lane * stops + stop;
                let both = (own[at], others[stop * lanes + lane]);
                let served = both.0 != NOBODY && both.1 != NOBODY;
                turn[at] = kinds.number(served.then_some(both));
            }
        }
    }
    (turn, kinds.all)
}
