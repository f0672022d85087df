//! Rectangles findable by place: the floor in squares, each with what touches it.

use crate::geometry::Rect;

/// Squares side by side, in one list of lists.
pub(crate) struct Near {
    left: f64,
    top: f64,
    side: f64,
    columns: usize,
    rows: usize,
    /// Where each square's list begins in `items`, and after the last where it ends.
    begins: Vec<u32>,
    items: Vec<u32>,
}

/// The side of a square, unless the floor is so large that there would be very many.
pub(crate) const SIDE: f64 = 6.0;

impl Near {
    pub(crate) fn of<'r>(rects: impl Iterator<Item = &'r Rect> + Clone) -> Self {
        let all = rects.clone().copied().reduce(|a, b| a.union(&b)).unwrap_or_default();
        let count = rects.clone().count().max(1);
        let side = SIDE.max((all.w * all.h / (8 * count) as f64).sqrt());
        let squares = |length: f64| ((length / side) as usize + 1).min(100_000);
        let (columns, rows) = (squares(all.w), squares(all.h));
        let mut near = Self {
            left: all.x,
            top: all.y,
            side,
            columns,
            rows,
            begins: vec![0; columns * rows + 1],
            items: Vec::new(),
        };
        // Counted first, then filled from the back.
        for rect in rects.clone() {
            near.squares(rect).for_each(|square| near.begins[square] += 1);
        }
        let mut sum = 0;
        for begin in &mut near.begins {
            sum += *begin;
            *begin = sum;
        }
        near.items = vec![0; sum as usize];
        for (n, rect) in rects.enumerate() {
            for square in near.squares(rect) {
                near.begins[square] -= 1;
                let at = near.begins[square] as usize;
                near.items[at] = n as u32;
            }
        }
        near
    }

    fn squares(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let cell = |at: f64, most: usize| ((at / self.side).max(0.0) as usize).min(most - 1);
        let columns = self.columns;
        let (x0, x1) = (cell(rect.x - self.left, columns), cell(rect.right() - self.left, columns));
        let (y0, y1) = (cell(rect.y - self.top, self.rows), cell(rect.bottom() - self.top, self.rows));
        (y0..=y1).flat_map(move |y| (x0..=x1).map(move |x| y * columns + x))
    }

    /// Calls with the number of each that may touch a rectangle, perhaps more than once.
    pub(crate) fn each(&self, rect: &Rect, mut call: impl FnMut(usize)) {
        for square in self.squares(rect) {
            let (from, to) = (self.begins[square] as usize, self.begins[square + 1] as usize);
            self.items[from..to].iter().for_each(|&n| call(n as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_is_found() {
        let rects: Vec<Rect> = (0..40).map(|n| Rect::new(f64::from(n) * 3.0, 5.0, 2.0, 60.0)).collect();
        let near = Near::of(rects.iter());
        for probe in [Rect::new(-9.0, -9.0, 3.0, 3.0), Rect::new(30.5, 64.0, 7.0, 90.0)] {
            let mut found = vec![false; rects.len()];
            near.each(&probe, |n| found[n] = true);
            for (n, rect) in rects.iter().enumerate() {
                assert!(found[n] || !rect.overlaps(&probe, 0.0), "{n}");
            }
        }
        Near::of(std::iter::empty()).each(&rects[0], |n| panic!("{n} is none"));
    }
}
