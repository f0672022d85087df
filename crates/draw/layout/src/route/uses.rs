//! Who runs along each stretch of a lane: bundles of lines that share a source or a target.
//!
//! In: courses as they are found, or taken back. Out: what a further line would meet there. Which
//! track of a lane each line keeps is left to `tracks`.

use super::grid::NONE;

/// A bundle's lines differ in this.
const MIXED: u32 = u32::MAX - 2;

/// A trunk shared with a line of the same source or target.
const SHARED: f32 = 0.6;
/// A lane already used by another line, for each.
const BUSY: f32 = 0.12;
/// More lines than this in one lane stand too near one another, or move into the next lane.
const FULL: u16 = 3;
const OVERFULL: f32 = 0.5;
/// Where so many run one more makes no difference: with prices that rise without end a search for a long
/// line looks at half the floor for a lane that is free, and there is none.
const CROWD: u16 = 6;

/// A source and a target with a flow, numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub source: u32,
    pub target: u32,
}

impl Way {
    /// One bit for the source and one for the target, of 32 each.
    fn marks(self) -> u64 {
        let bit = |of: u32| 1u64 << (of.wrapping_mul(0x9e37_79b9) >> 27);
        bit(self.source) | bit(self.target) << 32
    }
    /// Whether a trunk shared by both says nothing wrong.
    fn kin(self, other: Self) -> bool {
        self.source == other.source && self.source != MIXED
            || self.target == other.target && self.target != MIXED
    }
}

#[derive(Clone, Copy)]
struct Bundle {
    way: Way,
    lines: u32,
    next: u32,
}

/// What a line pays for a stretch that would cost so much were nobody there: more where other bundles run,
/// less where it shares a trunk with its kin.
pub(crate) fn price(cost: f32, bundles: u16, kin: bool) -> f32 {
    match bundles {
        0 => cost,
        _ if kin => cost * SHARED,
        n => {
            let n = n.min(CROWD);
            let overfull = f32::from(n.saturating_sub(FULL - 1));
            cost * (1.0 + BUSY * f32::from(n) + OVERFULL * overfull)
        }
    }
}

/// The use of all stretches of one axis, numbered as in the grid.
pub(crate) struct Uses {
    /// How many bundles run on each stretch.
    counts: Vec<u16>,
    /// The first bundle of each stretch.
    first: Vec<u32>,
    /// Of the sources and targets met on each stretch: most lines see by it alone that none is theirs.
    marks: Vec<u64>,
    bundles: Vec<Bundle>,
    unused: Vec<u32>,
}

impl Uses {
    pub(crate) fn new(stretches: usize) -> Self {
        Self {
            counts: vec![0; stretches],
            first: vec![NONE; stretches],
            marks: vec![0; stretches],
            bundles: Vec::new(),
            unused: Vec::new(),
        }
    }

    /// How many bundles run on each stretch.
    pub(crate) fn counts(&self) -> &[u16] {
        &self.counts
    }

    fn at(&self, stretch: usize) -> impl Iterator<Item = (u32, Bundle)> + '_ {
        let mut next = self.first[stretch];
        std::iter::from_fn(move || {
            let here = next;
            let bundle = *self.bundles.get(here as usize)?;
            next = bundle.next;
            Some((here, bundle))
        })
    }

    /// Whether a line of the same source or target runs there, in whose bundle it may be.
    pub(crate) fn kin(&self, stretch: usize, way: Way) -> bool {
        self.of_kin(stretch, way).is_some()
    }

    /// The first bundle there in which a line may be.
    fn of_kin(&self, stretch: usize, way: Way) -> Option<(u32, Bundle)> {
        let perhaps = self.marks[stretch] & way.marks() != 0;
        perhaps.then(|| self.at(stretch).find(|(_, b)| b.way.kin(way))).flatten()
    }

    /// Whether a line of the same source or target runs from one stretch into the other.
    pub(crate) fn passes(&self, one: usize, other: usize, way: Way) -> bool {
        self.kin(one, way) && self.kin(other, way)
    }

    /// A line runs there too. Says whether it is the first of a bundle.
    pub(crate) fn add(&mut self, stretch: usize, way: Way) -> bool {
        if let Some((n, _)) = self.of_kin(stretch, way) {
            let bundle = &mut self.bundles[n as usize];
            bundle.lines += 1;
            if bundle.way.source != way.source {
                bundle.way.source = MIXED;
            } else if bundle.way.target != way.target {
                bundle.way.target = MIXED;
            }
            return false;
        }
        let bundle = Bundle { way, lines: 1, next: self.first[stretch] };
        self.marks[stretch] |= way.marks();
        let bundles = &mut self.counts[stretch];
        *bundles = bundles.saturating_add(1);
        self.first[stretch] = match self.unused.pop() {
            Some(n) => {
                self.bundles[n as usize] = bundle;
                n
            }
            None => {
                self.bundles.push(bundle);
                (self.bundles.len() - 1) as u32
            }
        };
        true
    }

    /// Takes back what [`Self::add`] did. Where a line could have been of two bundles the first is
    /// taken: the price of a guess here is a line that costs a little too much or too little.
    pub(crate) fn remove(&mut self, stretch: usize, way: Way) {
        let Some((n, bundle)) = self.of_kin(stretch, way) else { return };
        if bundle.lines > 1 {
            self.bundles[n as usize].lines -= 1;
            return;
        }
        let before = self.at(stretch).find(|(_, b)| b.next == n).map(|(m, _)| m);
        match before {
            Some(m) => self.bundles[m as usize].next = bundle.next,
            None => self.first[stretch] = bundle.next,
        }
        self.unused.push(n);
        self.marks[stretch] = self.at(stretch).fold(0, |marks, (_, b)| marks | b.way.marks());
        let bundles = &mut self.counts[stretch];
        *bundles = bundles.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn way(source: u32, target: u32) -> Way {
        Way { source, target }
    }

    #[test]
    fn lines_of_one_source_are_one_bundle() {
        let mut uses = Uses::new(2);
        uses.add(0, way(1, 10));
        uses.add(0, way(1, 11));
        uses.add(0, way(2, 12));
        let company = |uses: &Uses, way: Way| (uses.kin(0, way), uses.counts()[0]);
        assert_eq!(company(&uses, way(1, 13)), (true, 2));
        assert_eq!(company(&uses, way(3, 11)), (false, 2), "its targets differ by now");
        uses.add(1, way(1, 10));
        assert!(uses.passes(0, 1, way(1, 14)));
        assert!(!uses.passes(0, 1, way(4, 14)));
        assert!(!uses.passes(0, 1, way(2, 12)), "it does not run on");
        uses.remove(0, way(2, 12));
        uses.remove(0, way(1, 11));
        assert_eq!(company(&uses, way(4, 14)), (false, 1));
        uses.remove(0, way(1, 10));
        assert_eq!(company(&uses, way(1, 10)), (false, 0));
        assert_eq!(uses.marks[0], 0);
    }
}
