//! Straight pieces along one axis, findable by the lane they run in and by how far they reach along it.
//!
//! In: pieces. Out: those near a place. What they mean there is left to the caller.

use super::near::SIDE;

/// A piece: at one coordinate, from one to another of the other axis.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// Pieces by bands across their axis, in each band in the order of their lanes.
pub(crate) struct Bands {
    low: f64,
    side: f64,
    count: usize,
    /// Where each band's list begins in `items`, and after the last where it ends.
    begins: Vec<u32>,
    /// The lane, and the number given with the piece.
    items: Vec<(f64, u32)>,
}

impl Bands {
    pub(crate) fn of(mut pieces: Vec<(Extent, u32)>) -> Self {
        pieces.sort_by(|a, b| a.0.at.total_cmp(&b.0.at).then(a.1.cmp(&b.1)));
        let low = pieces.iter().map(|p| p.0.from).fold(f64::MAX, f64::min);
        let high = pieces.iter().map(|p| p.0.to).fold(low, f64::max);
        // As many entries as a few for each piece, however far all of them reach.
        let reach: f64 = pieces.iter().map(|p| p.0.to - p.0.from).sum();
        let side = SIDE.max(reach / (8 * pieces.len()).max(1) as f64);
        let count = ((high - low) / side) as usize + 1;
        let mut bands = Self { low, side, count, begins: vec![0; count + 1], items: Vec::new() };
        for (extent, _) in &pieces {
            bands.range(extent.from, extent.to).for_each(|band| bands.begins[band + 1] += 1);
        }
        for band in 0..count {
            bands.begins[band + 1] += bands.begins[band];
        }
        bands.items = vec![(0.0, 0); bands.begins[count] as usize];
        let mut next = bands.begins.clone();
        for (extent, n) in pieces {
            for band in bands.range(extent.from, extent.to) {
                bands.items[next[band] as usize] = (extent.at, n);
                next[band] += 1;
            }
        }
        bands
    }

    fn range(&self, from: f64, to: f64) -> std::ops::RangeInclusive<usize> {
        let band = |at: f64| (((at - self.low) / self.side).max(0.0) as usize).min(self.count - 1);
        band(from)..=band(to)
    }

    /// Calls with the number of each piece in these lanes that may reach into an extent, perhaps more than
    /// once.
    pub(crate) fn each(&self, (low, high): (f64, f64), from: f64, to: f64, mut call: impl FnMut(u32)) {
        for band in self.range(from, to) {
            let items = &self.items[self.begins[band] as usize..self.begins[band + 1] as usize];
            let first = items.partition_point(|item| item.0 < low);
            items[first..].iter().take_while(|item| item.0 <= high).for_each(|item| call(item.1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_there_is_found() {
        let piece = |n: u32| {
            let at = f64::from(n * 7 % 40);
            (Extent { at, from: f64::from(n) * 1.5, to: f64::from(n * n) / 2.0 + f64::from(n) * 1.5 }, n)
        };
        let pieces: Vec<(Extent, u32)> = (0..40).map(piece).collect();
        let bands = Bands::of(pieces.clone());
        for (lanes, from, to) in
            [((3.0, 9.0), 20.0, 21.0), ((-9.0, 99.0), 500.0, 900.0), ((5.0, 5.0), -7.0, 1e6)]
        {
            let mut found = vec![false; pieces.len()];
            bands.each(lanes, from, to, |n| found[n as usize] = true);
            for (extent, n) in &pieces {
                let lane = (lanes.0..=lanes.1).contains(&extent.at);
                assert!(lane || !found[*n as usize], "{n} runs elsewhere");
                assert!(found[*n as usize] || !lane || extent.from > to || extent.to < from, "{n}");
            }
        }
        Bands::of(Vec::new()).each((0.0, 1.0), 0.0, 1.0, |n| panic!("{n} is none"));
    }
}
