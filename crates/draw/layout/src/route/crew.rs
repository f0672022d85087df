//! Looks for the ways of many lines, several at a time where there are several processors.
//!
//! In: who runs where, and which lines want a way, in order. Out: their ways, taken. The lines of one
//! batch do not see one another (which is why batches are small: with 64 lines in one there are a fifth
//! more crossings), and batches depend on the number of lines alone: what comes out is the same
//! however many processors there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::grid::Grid;
use super::search::Search;
use super::traffic::{Found, Traffic};

/// More than this many at once gains little: the lines of a batch are not that many.
const MOST: usize = 4;
/// A floor with more crossings of lanes is searched by one alone: each needs memory for all of them.
const LARGE: usize = 2_500_000;
/// With fewer lines each sees all before it.
const FEW: usize = 150;

/// Searchers that work side by side.
pub(crate) struct Crew {
    searches: Vec<Search>,
    batch: usize,
}

impl Crew {
    /// A crew for so many lines.
    pub(crate) fn new(grid: &Grid, lines: usize) -> Self {
        let batch = match lines {
            0..=FEW => 1,
            601.. => 16,
            _ => 8,
        };
        let several = batch > 1 && grid.xs.len() * grid.ys.len() <= LARGE;
        let processors = if several { thread::available_parallelism().map_or(1, usize::from) } else { 1 };
        let search = |_| Search::new(grid, lines);
        Self { searches: (0..processors.min(MOST)).map(search).collect(), batch }
    }

    /// Finds the ways of these lines as things are, batch by batch; what they used before is free
    /// again. Says whether any way changed.
    pub(crate) fn find(&mut self, traffic: &mut Traffic<'_>, lines: &[usize]) -> bool {
        let mut changed = false;
        for batch in lines.chunks(self.batch) {
            let before: Vec<Found> = batch.iter().map(|&line| traffic.way(line).clone()).collect();
            batch.iter().for_each(|&line| traffic.free(line));
            for ((found, &line), before) in self.ways(traffic, batch).into_iter().zip(batch).zip(before) {
                traffic.take(line, found);
                changed |= *traffic.way(line) != before;
            }
        }
        changed
    }

    fn ways(&mut self, traffic: &Traffic<'_>, batch: &[usize]) -> Vec<Option<Found>> {
        let mut ways = vec![None; batch.len()];
        let next = AtomicUsize::new(0);
        let work = |search: &mut Search| -> Vec<(usize, Option<Found>)> {
            let claim = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&n| n < batch.len());
            std::iter::from_fn(claim).map(|n| (n, search.find(traffic, batch[n]))).collect()
        };
        let (own, others) = self.searches.split_first_mut().expect("at least one");
        thread::scope(|scope| {
            let helpers = others.iter_mut().take(batch.len().saturating_sub(1));
            let helpers: Vec<_> = helpers.map(|search| scope.spawn(|| work(search))).collect();
            let mut done = work(own);
            for helper in helpers {
                done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            done.into_iter().for_each(|(n, found)| ways[n] = found);
        });
        ways
    }
}
