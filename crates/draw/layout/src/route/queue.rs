//! What a search has yet to look at, the cheapest first.

use super::grid::NONE;

/// Ranks that differ by less count as one; of these the latest comes first, which is the one that has
/// come furthest.
const STEP: f32 = 0.125;
/// From this rank on the steps grow with the rank: on the largest floors there would be too many.
const FAR: f32 = 1024.0;
/// Ranks from this many steps on count as one.
const MOST: usize = 1 << 20;

/// A state with what it costs to reach it, and what a way through it will cost at least.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Open {
    pub rank: f32,
    pub cost: f32,
    pub state: u32,
}

/// Open states in piles by rank: taking and adding cost the same however many there are.
#[derive(Default)]
pub(crate) struct Queue {
    /// The top of each pile.
    piles: Vec<u32>,
    /// States, each with what lies below it.
    all: Vec<(Open, u32)>,
    /// No pile below this holds any.
    lowest: usize,
}

impl Queue {
    pub(crate) fn push(&mut self, open: Open) {
        let far = if open.rank > FAR { FAR * (open.rank / FAR).ln() } else { 0.0 };
        let pile = ((open.rank.min(FAR) + far) / STEP) as usize;
        let pile = pile.min(MOST);
        if pile >= self.piles.len() {
            self.piles.resize(pile + 1, NONE);
        }
        self.all.push((open, self.piles[pile]));
        self.piles[pile] = (self.all.len() - 1) as u32;
        self.lowest = self.lowest.min(pile);
    }

    pub(crate) fn pop(&mut self) -> Option<Open> {
        let piles = self.piles.get_mut(self.lowest..)?;
        let first = piles.iter().position(|&top| top != NONE)?;
        let (open, below) = self.all[piles[first] as usize];
        piles[first] = below;
        self.lowest += first;
        Some(open)
    }

    /// Empties it, its memory kept.
    pub(crate) fn clear(&mut self) {
        self.piles.clear();
        self.all.clear();
        self.lowest = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_far_the_cheapest_comes_first() {
        let mut queue = Queue::default();
        let ranks = [20_000.0, 16_500.0, 90_000.0, 17_000.0, 4_097.0, 4_095.0];
        ranks.into_iter().for_each(|rank| queue.push(Open { rank, cost: 0.0, state: 0 }));
        let popped: Vec<f32> = std::iter::from_fn(|| queue.pop()).map(|o| o.rank).collect();
        assert!(popped.is_sorted(), "{popped:?}");
    }

    #[test]
    fn the_cheapest_comes_first() {
        let mut queue = Queue::default();
        let open = |rank: f32, state: u32| Open { rank, cost: 0.0, state };
        [open(5.0, 1), open(2.0, 2), open(2.01, 3), open(1e12, 4)].into_iter().for_each(|o| queue.push(o));
        assert_eq!(queue.pop(), Some(open(2.01, 3)), "the latest of those that are one");
        queue.push(open(0.5, 5));
        let rest: Vec<u32> = std::iter::from_fn(|| queue.pop()).map(|o| o.state).collect();
        assert_eq!(rest, [5, 2, 1, 4]);
        queue.clear();
        assert_eq!(queue.pop(), None);
    }
}
