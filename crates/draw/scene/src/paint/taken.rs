//! What of the page is taken, so that names, words and cards find free places.
//!
//! In: the boxes of what stands there, and the lines. Out: whether a box would cover any of it. Where
//! something goes is left to those who ask.

use std::cell::OnceCell;
use std::ops::Range;

use isobar_layout::Rect;

use super::grown;
use crate::geom::{self, Xy};
use crate::scene::{EdgePart, NodePart};

/// What overlaps by less than this is only near.
const NEAR: f64 = 0.5;
/// A line is looked at in steps no longer than this, each a small box of half the other's width.
const STEP: f64 = 14.0;
const HALF: f64 = 3.0;

/// What is taken on the page.
pub(super) struct Taken {
    /// Solids, names, titles and words about lines.
    things: Crowd,
    /// So many of these are solids, the first.
    solids: usize,
    lines: Lanes,
    /// The corners of containers, and once somebody asks their sides.
    corners: Vec<[Xy; 4]>,
    sides: OnceCell<Lanes>,
    around: Rect,
    /// What is seen at all, once that is known.
    page: Option<Rect>,
}

impl Taken {
    /// By solids and lines, on a page of about that place and size.
    pub(super) fn by(nodes: &[NodePart], edges: &[EdgePart], corners: Vec<[Xy; 4]>, page: Rect) -> Self {
        let squares = Squares::over(page, nodes.len() + edges.len());
        let mut things = Crowd { cells: squares.cells(), squares, boxes: Vec::with_capacity(nodes.len()) };
        for (at, part) in nodes.iter().enumerate() {
            things.add(part.bounds, Some(at));
        }
        let mut lines = Lanes { cells: squares.cells(), squares, runs: Vec::new() };
        for edge in edges {
            edge.points.windows(2).for_each(|pair| lines.add(pair[0], pair[1]));
        }
        let sides = OnceCell::new();
        Self { things, solids: nodes.len(), lines, corners, sides, around: page, page: None }
    }

    /// From now on only what lies on the page is free.
    pub(super) fn keep_within(&mut self, page: Rect) {
        self.page = Some(page);
    }
    /// Whether a box is free; of lines too, or lines aside.
    pub(super) fn free(&self, bounds: &Rect, lines_too: bool) -> bool {
        self.seen(bounds) && !self.things.hits(bounds, NEAR, None) && (!lines_too || self.off_lines(bounds))
    }
    /// Whether a box is free of all but what is the owner's, lines aside.
    pub(super) fn free_for(&self, bounds: &Rect, owner: usize) -> bool {
        self.seen(bounds) && !self.things.hits(bounds, NEAR, Some(owner))
    }
    /// Whether a box lies right under another's solid: a name there would be read as that one's.
    pub(super) fn under_another(&self, bounds: &Rect, owner: usize) -> bool {
        let above = Rect { y: bounds.y - 1.2 * bounds.h, ..*bounds };
        self.things.hits_among(0..self.solids, &above, NEAR, Some(owner))
    }
    /// Whether no words, card or title but the owner's are under a box.
    pub(super) fn off_words(&self, bounds: &Rect, owner: usize) -> bool {
        !self.things.hits_among(self.solids..usize::MAX, bounds, NEAR, Some(owner))
    }
    /// Whether all of a box lies on the page.
    pub(super) fn seen(&self, bounds: &Rect) -> bool {
        self.page.is_none_or(|page| page.contains(bounds, 0.0))
    }
    /// Whether nothing at all is under a box, lines aside.
    pub(super) fn empty(&self, bounds: &Rect) -> bool {
        !self.things.hits(bounds, 0.0, None)
    }
    /// Whether no line is under a box.
    pub(super) fn off_lines(&self, bounds: &Rect) -> bool {
        !self.lines.hits(bounds)
    }
    /// Whether no container's side is under a box: a name across it seems to be of both.
    pub(super) fn off_borders(&self, bounds: &Rect) -> bool {
        let sides = self.sides.get_or_init(|| {
            let squares = Squares::over(self.around, self.corners.len());
            let mut sides = Lanes { cells: squares.cells(), squares, runs: Vec::new() };
            for corners in &self.corners {
                (0..4).for_each(|at| sides.add(corners[at], corners[(at + 1) % 4]));
            }
            sides
        });
        !sides.hits(bounds)
    }
    /// Takes a box.
    pub(super) fn take(&mut self, bounds: Rect) {
        self.things.add(bounds, None);
    }
    /// Takes a box that is not in its owner's own way.
    pub(super) fn take_for(&mut self, bounds: Rect, owner: usize) {
        self.things.add(bounds, Some(owner));
    }
}

/// Squares that cover a page. What lies outside of it belongs to those at the border, so every place has
/// its square, and who overlaps shares one.
#[derive(Clone, Copy)]
struct Squares {
    corner: Xy,
    /// To a page unit; dividing would take longer.
    share: f64,
    columns: usize,
    rows: usize,
}

impl Squares {
    /// Of a side that some neighbours share, and not many more squares than things.
    fn over(page: Rect, things: usize) -> Self {
        let count = |length: f64, side: f64| ((length / side) as usize).saturating_add(1);
        let mut side = 96.0;
        while count(page.w, side).saturating_mul(count(page.h, side)) > 1024 + 4 * things {
            side *= 2.0;
        }
        Self {
            corner: (page.x, page.y),
            share: 1.0 / side,
            columns: count(page.w, side),
            rows: count(page.h, side),
        }
    }
    fn cells<T: Clone>(&self) -> Vec<Vec<T>> {
        vec![Vec::new(); self.columns * self.rows]
    }
    fn column(&self, x: f64) -> usize {
        // Numbers below zero become zero.
        (((x - self.corner.0) * self.share) as u32 as usize).min(self.columns - 1)
    }
    fn row(&self, y: f64) -> usize {
        (((y - self.corner.1) * self.share) as u32 as usize).min(self.rows - 1)
    }
    fn at(&self, (x, y): Xy) -> usize {
        self.row(y) * self.columns + self.column(x)
    }
    fn of(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let across = self.column(rect.x)..=self.column(rect.right());
        let columns = self.columns;
        let down = self.row(rect.y)..=self.row(rect.bottom());
        down.flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }
}

/// Boxes by the squares they touch, each with its owner.
struct Crowd {
    squares: Squares,
    cells: Vec<Vec<u32>>,
    boxes: Vec<(Rect, Option<usize>)>,
}

impl Crowd {
    fn add(&mut self, rect: Rect, owner: Option<usize>) {
        for cell in self.squares.of(&rect) {
            self.cells[cell].push(self.boxes.len() as u32);
        }
        self.boxes.push((rect, owner));
    }
    fn hits(&self, rect: &Rect, slack: f64, except: Option<usize>) -> bool {
        self.hits_among(0..usize::MAX, rect, slack, except)
    }
    /// The same of some boxes by their number.
    fn hits_among(&self, some: Range<usize>, rect: &Rect, slack: f64, except: Option<usize>) -> bool {
        self.squares.of(rect).any(|cell| {
            self.cells[cell].iter().any(|&at| {
                let (other, owner) = &self.boxes[at as usize];
                other.overlaps(rect, slack)
                    && (except.is_none() || *owner != except)
                    && some.contains(&(at as usize))
            })
        })
    }
}

/// Lines by the squares they pass. A square keeps which steps of a straight run are in it, not their
/// boxes: where ten thousand long lines are, these would take more memory than all the rest.
struct Lanes {
    squares: Squares,
    cells: Vec<Vec<Steps>>,
    runs: Vec<Run>,
}

/// A straight piece of a line, in so many steps.
struct Run {
    from: Xy,
    to: Xy,
    steps: f64,
}

/// Some steps of a run, the last included.
#[derive(Clone, Copy)]
struct Steps {
    run: u32,
    first: u32,
    last: u32,
}

impl Run {
    fn at(&self, step: u32) -> Xy {
        let t = f64::from(step) / self.steps;
        (self.from.0 + (self.to.0 - self.from.0) * t, self.from.1 + (self.to.1 - self.from.1) * t)
    }
}

/// The box around a step.
fn around((x, y): Xy) -> Rect {
    Rect::new(x - HALF, y - HALF, 2.0 * HALF, 2.0 * HALF)
}

impl Lanes {
    fn add(&mut self, from: Xy, to: Xy) {
        let steps = (geom::distance(from, to) / STEP).ceil().max(1.0);
        let run = Run { from, to, steps };
        let number = self.runs.len() as u32;
        let square = |step| self.squares.at(run.at(step));
        let (mut first, last, mut here) = (0, steps as u32, square(0));
        for step in 1..=last {
            let next = square(step);
            if next != here {
                self.cells[here].push(Steps { run: number, first, last: step - 1 });
                (first, here) = (step, next);
            }
        }
        self.cells[here].push(Steps { run: number, first, last });
        self.runs.push(run);
    }

    fn hits(&self, rect: &Rect) -> bool {
        // The boxes of these steps reach as far as that.
        let near = grown(*rect, HALF);
        self.squares.of(&near).any(|cell| self.cells[cell].iter().any(|steps| self.hit(*steps, rect)))
    }

    fn hit(&self, Steps { run, first, last }: Steps, rect: &Rect) -> bool {
        let run = &self.runs[run as usize];
        let (a, b) = (run.at(first), run.at(last));
        // All steps lie between the first and the last, so most runs are told by these.
        let beside = |a: f64, b: f64, low: f64, high: f64| {
            a.min(b) - HALF + NEAR >= high || low + NEAR >= a.max(b) - HALF + 2.0 * HALF
        };
        if beside(a.0, b.0, rect.x, rect.right()) || beside(a.1, b.1, rect.y, rect.bottom()) {
            return false;
        }
        (first..=last).any(|step| around(run.at(step)).overlaps(rect, NEAR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Boxes here and there, some of them off the page.
    fn boxes(count: u32) -> impl Iterator<Item = Rect> {
        let mut seed = 7_u32;
        let mut next = move |most: f64| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 8) / f64::from(1 << 24) * most
        };
        (0..count).map(move |_| Rect::new(next(1500.0) - 400.0, next(900.0) - 200.0, next(90.0), next(30.0)))
    }

    #[test]
    fn squares_change_no_answer() {
        let page = Rect::new(0.0, 0.0, 800.0, 500.0);
        for things in [0, 1_000_000] {
            let mut taken = Taken::by(&[], &[], Vec::new(), page);
            let squares = Squares::over(page, things);
            taken.lines = Lanes { cells: squares.cells(), squares, runs: Vec::new() };
            let there: Vec<Rect> = boxes(60).collect();
            there.iter().for_each(|&one| taken.take(one));
            let lines: Vec<Rect> = boxes(12).collect();
            let mut steps = Vec::new();
            for pair in lines.windows(2) {
                let (from, to) = ((pair[0].x, pair[0].y), (pair[1].x, pair[1].y));
                taken.lines.add(from, to);
                let count = (geom::distance(from, to) / STEP).ceil().max(1.0);
                let run = Run { from, to, steps: count };
                steps.extend((0..=count as u32).map(|step| around(run.at(step))));
            }
            let (mut free, mut off) = (0, 0);
            for one in boxes(3000).skip(100) {
                assert_eq!(taken.free(&one, false), !there.iter().any(|other| other.overlaps(&one, NEAR)));
                assert_eq!(taken.off_lines(&one), !steps.iter().any(|step| step.overlaps(&one, NEAR)));
                free += usize::from(taken.free(&one, false));
                off += usize::from(taken.off_lines(&one));
            }
            assert!(free > 500 && free < 2800 && off > 500 && off < 2800, "{free} {off}");
        }
    }

    #[test]
    fn a_page_of_any_size_has_few_squares() {
        for side in [0.0, 1e3, 1e7, 1e300, f64::INFINITY, f64::NAN] {
            let squares = Squares::over(Rect::new(-side, 0.0, side, side), 10);
            assert!(squares.columns * squares.rows <= 1064, "{side}");
        }
    }

    #[test]
    fn nobody_is_in_its_own_way() {
        let mut taken = Taken::by(&[], &[], Vec::new(), Rect::new(0.0, 0.0, 100.0, 100.0));
        let place = Rect::new(10.0, 10.0, 20.0, 5.0);
        taken.take_for(place, 3);
        assert!(taken.free_for(&place, 3) && !taken.free_for(&place, 4) && !taken.free(&place, true));
        assert!(taken.empty(&Rect::new(30.0, 10.0, 5.0, 5.0)) && !taken.empty(&place));
        assert!(!taken.off_words(&place, 4) && taken.off_words(&place, 3));
        taken.keep_within(Rect::new(0.0, 0.0, 50.0, 50.0));
        assert!(!taken.free(&Rect::new(60.0, 60.0, 5.0, 5.0), true));
    }
}
