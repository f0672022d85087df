//! Which lines may lie on one another.
//!
//! In: where each line begins and ends, and by which flow. Out: whether a trunk shared by two says nothing
//! wrong.

use super::traffic::Ends;
use super::uses::Way;

/// Which sources are joined with which targets, a flow being part of each.
pub(crate) struct Kin {
    ways: Vec<Way>,
    /// Where each source's targets begin in `targets`, and after the last where they end.
    begins: Vec<u32>,
    /// Of each source, in order.
    targets: Vec<u32>,
}

impl Kin {
    /// The lines by their numbers.
    pub(crate) fn of(ends: &[Ends]) -> Self {
        let ways: Vec<Way> = ends.iter().map(|e| e.way).collect();
        let mut pairs: Vec<(u32, u32)> = ways.iter().map(|w| (w.source, w.target)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let sources = pairs.last().map_or(0, |p| p.0 + 1);
        let begins = (0..=sources).map(|source| pairs.partition_point(|p| p.0 < source) as u32).collect();
        Self { ways, begins, targets: pairs.into_iter().map(|p| p.1).collect() }
    }

    /// Of one source or target, or each source is joined with each target.
    pub(crate) fn are(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.ways[a], self.ways[b]);
        x.source == y.source
            || x.target == y.target
            || self.joined(x.source, y.target) && self.joined(y.source, x.target)
    }

    fn joined(&self, source: u32, target: u32) -> bool {
        let of_source = self.begins[source as usize] as usize..self.begins[source as usize + 1] as usize;
        self.targets[of_source].binary_search(&target).is_ok()
    }
}
