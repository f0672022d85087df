//! Which cells of a grid its members take, so that who comes or goes moves few others.
//!
//! In: a lot for each member, how many cells it takes, where it stood earlier. Out: the first cell of
//! each.

use crate::geometry::Point;
use crate::stack::lottery;

/// So many members of a place still stand in the order of their names.
pub(crate) const SORTED: usize = 6;

/// Who stands where in a grid.
pub(super) struct Cells {
    /// The first cell of each, row by row.
    pub(super) first: Vec<usize>,
    /// How many cells there are up to the last that is taken.
    pub(super) used: usize,
}

/// Who stood somewhere keeps that cell, if it is free. Of the others those of several cells come first,
/// each where it fits; then those of one, by what comes first in their lots, each in the cell that it
/// draws.
pub(super) fn cells(lots: &[(u8, u64)], sizes: &[usize], columns: usize, earlier: &[Option<usize>]) -> Cells {
    let mut first: Vec<Option<usize>> = vec![None; lots.len()];
    let (mut large, single): (Vec<usize>, Vec<usize>) = (0..lots.len()).partition(|&n| sizes[n] > 1);
    // Lines come in from above: there stand those who leave room between them, if they fill a row.
    let top = if single.len() >= columns { columns } else { 0 };
    let mut grid = Grid { columns, top, taken: Vec::new() };
    large.sort_by_key(|&n| (lots[n], n));
    let extent = |n: usize| (sizes[n].min(columns), sizes[n].div_ceil(columns));
    for &n in large.iter().chain(&single) {
        first[n] = earlier[n].filter(|&cell| grid.take(cell, extent(n)));
    }
    for n in large {
        first[n] = first[n].or_else(|| Some(grid.put(extent(n))));
    }
    let new: Vec<usize> = single.into_iter().filter(|&n| first[n].is_none()).collect();
    let mut at = 0;
    for run in new.chunk_by(|&a, &b| lots[a].0 == lots[b].0) {
        let numbers: Vec<u64> = run.iter().map(|&n| lots[n].1).collect();
        let free: Vec<usize> = (at..).filter(|&cell| grid.is_free(cell)).take(run.len()).collect();
        at = free.last().map_or(at, |last| last + 1);
        for (&cell, n) in free.iter().zip(lottery(&numbers, free.iter().copied())) {
            first[run[n]] = Some(cell);
        }
    }
    let first = first.into_iter().map(Option::unwrap_or_default).collect();
    Cells { first, used: grid.taken.len().max(at) }
}

/// The cells in which members stood in an earlier picture, by the steps from one to the next; none
/// where that had another grid.
pub(super) fn earlier(stood: &[Option<Point>], columns: usize, step: (f64, f64)) -> Vec<Option<usize>> {
    let known = || stood.iter().flatten();
    let left = known().map(|p| p.x).fold(f64::MAX, f64::min);
    let top = known().map(|p| p.y).fold(f64::MAX, f64::min);
    let cell = |p: &Point| {
        let (x, y) = ((p.x - left) / step.0, (p.y - top) / step.1);
        let whole = (x - x.round()).abs() < 0.1 && (y - y.round()).abs() < 0.1;
        let (x, y) = (x.round() as usize, y.round() as usize);
        (whole && x < columns && y <= stood.len()).then_some(y * columns + x)
    };
    let cells: Vec<Option<usize>> = stood.iter().map(|p| p.as_ref().and_then(cell)).collect();
    if cells.iter().flatten().count() < known().count() { vec![None; stood.len()] } else { cells }
}

struct Grid {
    columns: usize,
    /// The first cell for those of several.
    top: usize,
    taken: Vec<bool>,
}

impl Grid {
    fn is_free(&self, cell: usize) -> bool {
        !self.taken.get(cell).copied().unwrap_or(false)
    }

    /// Takes a rectangle of so many columns and rows, if it is free.
    fn take(&mut self, first: usize, (wide, high): (usize, usize)) -> bool {
        let columns = self.columns;
        let cells = || (0..wide * high).map(|k| first + k / wide * columns + k % wide);
        let fits = first % columns + wide <= columns && cells().all(|cell| self.is_free(cell));
        if fits {
            for cell in cells() {
                self.taken.resize(self.taken.len().max(cell + 1), false);
                self.taken[cell] = true;
            }
        }
        fits
    }

    /// Takes the first free one.
    fn put(&mut self, extent: (usize, usize)) -> usize {
        // Beyond the last taken row everything is free.
        let last = self.taken.len().next_multiple_of(self.columns).max(self.top);
        (self.top..=last).find(|&first| self.take(first, extent)).unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(count: u64) -> Vec<(u8, u64)> {
        (0..count).map(|n| (0, n.wrapping_mul(0x1234_5678_9abc_def1))).collect()
    }

    #[test]
    fn every_cell_has_one_and_none_is_left_out() {
        let sizes = [1, 3, 1, 1, 2, 7, 1];
        let placed = cells(&lots(7), &sizes, 4, &[None; 7]);
        let mut met: Vec<usize> = Vec::new();
        for (n, &first) in placed.first.iter().enumerate() {
            let (wide, high) = (sizes[n].min(4), sizes[n].div_ceil(4));
            assert!(first % 4 + wide <= 4);
            met.extend((0..wide * high).map(|k| first + k / wide * 4 + k % wide));
        }
        let count = met.len();
        met.sort_unstable();
        met.dedup();
        assert_eq!(met.len(), count, "{met:?}");
        assert_eq!(met.last(), Some(&(placed.used - 1)));
        // Single ones fill every row from its left.
        assert_eq!(met[..4], [0, 1, 2, 3]);
    }

    #[test]
    fn who_stood_there_stays() {
        let sizes = [1, 3, 1, 1];
        let earlier = [Some(7), Some(4), None, Some(7)];
        let placed = cells(&lots(4), &sizes, 4, &earlier);
        assert_eq!((placed.first[0], placed.first[1]), (7, 4));
        assert!(placed.first[2] < 4 && placed.first[3] < 4, "{:?}", placed.first);
    }

    #[test]
    fn one_more_moves_few() {
        for count in [20, 100, 1_000] {
            let placed = |count: usize| cells(&lots(count as u64), &vec![1; count], 5, &vec![None; count]);
            let (before, after) = (placed(count), placed(count + 1));
            let moved = before.first.iter().zip(&after.first).filter(|(a, b)| a != b).count();
            assert!(moved <= 12, "{moved} of {count}");
        }
    }
}
