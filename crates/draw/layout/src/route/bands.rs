//! Straight pieces along one axis, findable by the lane they run in and by how far they reach along it.
//!
//! In: pieces, and later where some of them have moved. Out: those near a place. What they mean there is
//! left to the caller.

use super::near::SIDE;

/// A piece: at one coordinate, from one to another of the other axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Run {
    pub at: f64,
    pub from: f64,
    pub to: f64,
    pub line: u32,
}

/// Pieces by bands across their axis, in each band in the order of their lanes.
pub(crate) struct Bands {
    low: f64,
    side: f64,
    count: usize,
    aside: f64,
    /// Where each band's list begins in `lanes` and `items`, and after the last where it ends.
    begins: Vec<u32>,
    /// The lane each was in at first.
    lanes: Vec<f64>,
    items: Vec<Item>,
    /// Where each piece's places begin in `places`, and after the last where they end.
    of_piece: Vec<u32>,
    /// Where each piece is among the items.
    places: Vec<u32>,
}

/// A piece in a band; whole, so that who looks through a band reads one stretch of memory.
#[derive(Clone, Copy)]
struct Item {
    run: Run,
    /// The first band that has it.
    first: u32,
}

impl Bands {
    /// The pieces, numbered as they come. Each may later reach so much further at both ends, and lie so
    /// much aside.
    pub(crate) fn of(runs: &[Run], further: f64, aside: f64) -> Self {
        let low = runs.iter().map(|r| r.from).fold(f64::MAX, f64::min) - further;
        let high = runs.iter().map(|r| r.to).fold(low, f64::max) + further;
        // As many entries as a few for each piece, however far all of them reach.
        let reach: f64 = runs.iter().map(|r| r.to - r.from + 2.0 * further).sum();
        let side = SIDE.max(reach / (8 * runs.len()).max(1) as f64);
        let count = ((high - low) / side) as usize + 1;
        let band = |at: f64| (((at - low) / side).max(0.0) as usize).min(count - 1);
        let bands = |r: &Run| band(r.from - further)..band(r.to + further) + 1;
        let mut begins = vec![0; count + 1];
        let mut of_piece = Vec::with_capacity(runs.len() + 1);
        let mut sum = 0;
        for run in runs {
            of_piece.push(sum);
            sum += bands(run).len() as u32;
            begins[1..][bands(run)].iter_mut().for_each(|count| *count += 1);
        }
        of_piece.push(sum);
        for band in 0..count {
            begins[band + 1] += begins[band];
        }
        let mut order: Vec<usize> = (0..runs.len()).collect();
        order.sort_unstable_by(|&a, &b| runs[a].at.total_cmp(&runs[b].at).then(a.cmp(&b)));
        let none = Run { at: 0.0, from: 0.0, to: 0.0, line: 0 };
        let mut items = vec![Item { run: none, first: 0 }; sum as usize];
        let (mut lanes, mut places) = (vec![0.0; items.len()], vec![0; items.len()]);
        let mut next = begins.clone();
        for n in order {
            let (run, bands) = (runs[n], bands(&runs[n]));
            let item = Item { run, first: bands.start as u32 };
            for (next, place) in next[bands].iter_mut().zip(&mut places[of_piece[n] as usize..]) {
                (items[*next as usize], lanes[*next as usize], *place) = (item, run.at, *next);
                *next += 1;
            }
        }
        Self { low, side, count, aside, begins, lanes, items, of_piece, places }
    }

    fn band(&self, at: f64) -> usize {
        (((at - self.low) / self.side).max(0.0) as usize).min(self.count - 1)
    }

    /// Calls with each piece in these lanes that reaches into an extent.
    pub(crate) fn each(&self, (low, high): (f64, f64), (from, to): (f64, f64), mut call: impl FnMut(&Run)) {
        let nearest = self.band(from);
        for band in nearest..=self.band(to) {
            let range = self.begins[band] as usize..self.begins[band + 1] as usize;
            let lanes = &self.lanes[range.clone()];
            let first = lanes.partition_point(|&lane| lane < low - self.aside);
            let items = lanes[first..].iter().zip(&self.items[range][first..]);
            for (_, Item { run, first }) in items.take_while(|(lane, _)| **lane <= high + self.aside) {
                let there = run.at >= low && run.at <= high && run.to >= from && run.from <= to;
                // What several bands have is told once.
                if there && nearest.max(*first as usize) == band {
                    call(run);
                }
            }
        }
    }

    /// A piece has moved.
    pub(crate) fn moved(&mut self, piece: usize, run: Run) {
        for &place in &self.places[self.of_piece[piece] as usize..self.of_piece[piece + 1] as usize] {
            self.items[place as usize].run = run;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(n: u32) -> Run {
        let (at, from) = (f64::from(n * 7 % 40), f64::from(n) * 1.5);
        Run { at, from, to: from + f64::from(n * n) / 2.0, line: n }
    }

    fn check(bands: &Bands, runs: &[Run]) {
        for (lanes, from, to) in
            [((3.0, 9.0), 20.0, 21.0), ((-9.0, 99.0), 500.0, 900.0), ((5.0, 5.0), -7.0, 1e6)]
        {
            let mut found = Vec::new();
            bands.each(lanes, (from, to), |run| found.push(*run));
            let there = |r: &&Run| (lanes.0..=lanes.1).contains(&r.at) && r.from <= to && r.to >= from;
            let mut wanted: Vec<Run> = runs.iter().filter(there).copied().collect();
            found.sort_by_key(|r| r.line);
            wanted.sort_by_key(|r| r.line);
            assert_eq!(found, wanted, "{lanes:?} {from} {to}");
            assert!(!found.is_empty());
        }
    }

    #[test]
    fn what_reaches_there_is_found_once() {
        let runs: Vec<Run> = (0..40).map(run).collect();
        check(&Bands::of(&runs, 0.0, 0.0), &runs);
        Bands::of(&[], 1.0, 0.0).each((0.0, 1.0), (0.0, 1.0), |run| panic!("{run:?} is none"));
    }

    #[test]
    fn what_has_moved_is_found_where_it_is() {
        let mut runs: Vec<Run> = (0..40).map(run).collect();
        let mut bands = Bands::of(&runs, 2.0, 3.0);
        for (n, by) in [(7, 2.0), (39, -3.0), (0, 0.0), (12, 0.5), (7, -4.5), (20, 3.0)] {
            (runs[n].at, runs[n].from, runs[n].to) = (runs[n].at + by, runs[n].from - 1.0, runs[n].to + 1.0);
            bands.moved(n, runs[n]);
        }
        check(&bands, &runs);
    }
}
