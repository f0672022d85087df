//! Looks for the ways of many lines, several at a time where there are several processors.
//!
//! In: who runs where, and which lines want a way, in order. Out: their ways, taken. The lines of one
//! batch do not see one another (which is why batches are small where lines are few: with 64 of 500 in
//! one there are a fifth more crossings), and batches depend on the number of lines alone: what comes out
//! is the same however many processors there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::grid::Grid;
use super::search::{MANY, Search};
use super::traffic::{Found, Traffic};
use super::{FEW, SOME};

/// More than this many at once gains little: the lines of a batch are not that many.
const MOST: usize = 4;
/// A floor with more crossings of lanes is searched by one alone: each needs memory for all of them.
const LARGE: usize = 2_500_000;

/// Searchers that work side by side.
pub(crate) struct Crew {
    searches: Vec<Search>,
    batch: usize,
}

impl Crew {
    /// A crew for so many lines, of as many as this machine has processors.
    pub(crate) fn new(grid: &Grid, lines: usize, crossing: f32) -> Self {
        Self::of(processors(), grid, lines, crossing)
    }

    fn of(processors: usize, grid: &Grid, lines: usize, crossing: f32) -> Self {
        // Of few lines each sees all before it.
        let batch = match lines {
            n if n <= FEW => 1,
            n if n <= SOME => 8,
            n if n <= MANY => 16,
            _ => 64,
        };
        let alone = batch == 1 || grid.xs.len() * grid.ys.len() > LARGE;
        let searchers = if alone { 1 } else { processors };
        Self { searches: (0..searchers).map(|_| Search::new(grid, lines, crossing)).collect(), batch }
    }

    /// Finds the ways of these lines as things are, batch by batch; what they used before is free
    /// again. Says whether any way changed.
    pub(crate) fn find(&mut self, traffic: &mut Traffic<'_>, lines: &[usize]) -> bool {
        let mut changed = false;
        for batch in lines.chunks(self.batch) {
            let before = traffic.free(batch);
            let found = self.ways(traffic, batch);
            traffic.take(batch, found);
            changed |= batch.iter().zip(before).any(|(&line, before)| *traffic.way(line) != before);
        }
        changed
    }

    fn ways(&mut self, traffic: &Traffic<'_>, batch: &[usize]) -> Vec<Option<Found>> {
        side_by_side(&mut self.searches, batch.len(), |search, n| search.find(traffic, batch[n]))
    }
}

/// How many work side by side on this machine.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST)
}

/// Does so many tasks, each with one of the workers at hand; what comes out is in the order of the tasks.
pub(crate) fn side_by_side<W: Send, T: Send>(
    workers: &mut [W],
    tasks: usize,
    task: impl Fn(&mut W, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = |worker: &mut W| -> Vec<(usize, T)> {
        let claim = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&n| n < tasks);
        std::iter::from_fn(claim).map(|n| (n, task(worker, n))).collect()
    };
    let (own, others) = workers.split_first_mut().expect("at least one");
    let mut done = thread::scope(|scope| {
        let helpers = others.iter_mut().take(tasks.saturating_sub(1));
        let helpers: Vec<_> = helpers.map(|worker| scope.spawn(|| work(worker))).collect();
        let mut done = work(own);
        for helper in helpers {
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|d| d.0);
    done.into_iter().map(|d| d.1).collect()
}

#[cfg(test)]
mod tests {
    use super::super::manner::PLAIN;
    use super::super::traffic::Ends;
    use super::super::{Course, Grid, Obstacles, Terminal};
    use super::*;
    use crate::blueprint::Projection;
    use crate::lines::Line;
    use crate::{Options, place};

    #[test]
    fn how_many_search_does_not_matter() {
        let graph = isobar_testkit::estate::generate(3, 700);
        let blueprint = place(&isobar_testkit::estate::view(&graph), &Options::default());
        let course = Course::new(&blueprint.nodes, &blueprint.plates, Projection::Isometric, false);
        let line =
            |e: &crate::Edge| Line { from: e.from, to: e.to, flow: e.flow, members: Vec::new(), label: None };
        let lines: Vec<Line> = blueprint.edges.iter().map(line).collect();
        assert!(lines.len() > FEW, "{} lines are looked for one by one", lines.len());
        let obstacles = Obstacles::of(&course);
        let grid = Grid::new(&course, &obstacles, &lines);
        let order: Vec<usize> = (0..lines.len()).collect();
        let ends = Ends::of(&lines, |end, leaving| Terminal::of(&course, &grid, &obstacles, end, leaving));
        let ways = |searchers: usize| -> Vec<Found> {
            let mut traffic = Traffic::new(&grid, &ends);
            let mut crew = Crew::of(searchers, &grid, lines.len(), PLAIN.crossing);
            crew.find(&mut traffic, &order);
            crew.find(&mut traffic, &order[..40]);
            order.iter().map(|&line| traffic.way(line).clone()).collect()
        };
        let alone = ways(1);
        assert!(alone.iter().all(|found| !found.way.is_empty()));
        assert_eq!(alone, ways(3));
    }
}
