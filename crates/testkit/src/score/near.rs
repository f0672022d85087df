//! Finds boxes near a place without asking all of them.

use super::picture::Rect;

/// Boxes by the squares of a coarse grid that they touch.
pub(super) struct Near {
    cell: f64,
    origin: [f64; 2],
    columns: usize,
    rows: usize,
    squares: Vec<Vec<u32>>,
}

impl Near {
    pub(super) fn new(bounds: &Rect, count: usize) -> Self {
        // About one square a box: neither long lists nor many empty squares.
        let wanted = (count.max(1) as f64).clamp(1.0, 250_000.0);
        let cell = ((bounds.w * bounds.h / wanted).sqrt())
            .max(bounds.w.max(bounds.h) / 4_000.0)
            .max(f64::MIN_POSITIVE);
        let columns = (bounds.w / cell).ceil().max(1.0) as usize;
        let rows = (bounds.h / cell).ceil().max(1.0) as usize;
        Self { cell, origin: [bounds.x, bounds.y], columns, rows, squares: vec![Vec::new(); columns * rows] }
    }

    pub(super) fn cell(&self) -> f64 {
        self.cell
    }

    fn range(&self, axis: usize, from: f64, to: f64, count: usize) -> std::ops::RangeInclusive<usize> {
        let at = |v: f64| (((v - self.origin[axis]) / self.cell).floor().max(0.0) as usize).min(count - 1);
        at(from)..=at(to)
    }

    /// The squares that a rectangle touches; what lies outside the bounds counts to the rim.
    pub(super) fn squares(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let columns = self.columns;
        let across = self.range(0, rect.x, rect.right(), self.columns);
        self.range(1, rect.y, rect.bottom(), self.rows)
            .flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }

    pub(super) fn add(&mut self, rect: &Rect, what: u32) {
        for square in self.squares(rect) {
            self.squares[square].push(what);
        }
    }

    pub(super) fn push(&mut self, square: usize, what: u32) {
        self.squares[square].push(what);
    }

    /// How many squares there are.
    pub(super) fn len(&self) -> usize {
        self.squares.len()
    }

    pub(super) fn square(&self, at: usize) -> &[u32] {
        &self.squares[at]
    }

    /// The square in which a point lies.
    pub(super) fn at(&self, point: [f64; 2]) -> usize {
        let column = *self.range(0, point[0], point[0], self.columns).start();
        let row = *self.range(1, point[1], point[1], self.rows).start();
        row * self.columns + column
    }

    /// What may lie near a rectangle, each once.
    pub(super) fn around(&self, rect: &Rect, found: &mut Vec<u32>) {
        found.clear();
        for square in self.squares(rect) {
            found.extend_from_slice(&self.squares[square]);
        }
        found.sort_unstable();
        found.dedup();
    }

    /// What may lie near a straight piece, each once. A slanted piece is followed in short steps,
    /// else it would ask for everything in the rectangle around it.
    pub(super) fn along(&self, a: [f64; 2], b: [f64; 2], found: &mut Vec<u32>) {
        if a[0] == b[0] || a[1] == b[1] {
            return self.around(&Rect::spanning(a, b), found);
        }
        found.clear();
        for (from, to) in steps(a, b, self.cell) {
            for square in self.squares(&Rect::spanning(from, to)) {
                found.extend_from_slice(&self.squares[square]);
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// A straight piece in parts no longer than `step`.
pub(super) fn steps(a: [f64; 2], b: [f64; 2], step: f64) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let length = (b[0] - a[0]).abs().max((b[1] - a[1]).abs());
    let count = (length / step).ceil().clamp(1.0, 100_000.0);
    let at = move |n: f64| [a[0] + (b[0] - a[0]) * n / count, a[1] + (b[1] - a[1]) * n / count];
    (0..count as usize).map(move |n| (at(n as f64), at(n as f64 + 1.0)))
}
