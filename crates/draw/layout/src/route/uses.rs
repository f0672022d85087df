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
const FULL: usize = 3;
const OVERFULL: f32 = 0.5;

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

/// The use of one stretch, and of the crossing it begins at.
#[derive(Clone, Copy)]
struct Use {
    /// Of the sources and targets met here: most lines see by it alone that none is theirs.
    marks: u64,
    first: u32,
    bundles: u16,
    /// Bundles of the other axis that pass the crossing.
    crossed: u16,
}

/// The use of all stretches of one axis, numbered as in the grid.
pub(crate) struct Uses {
    all: Vec<Use>,
    bundles: Vec<Bundle>,
    unused: Vec<u32>,
}

impl Uses {
    pub(crate) fn new(stretches: usize) -> Self {
        let none = Use { marks: 0, first: NONE, bundles: 0, crossed: 0 };
        Self { all: vec![none; stretches], bundles: Vec::new(), unused: Vec::new() }
    }

    fn at(&self, stretch: usize) -> impl Iterator<Item = (u32, Bundle)> + '_ {
        let mut next = self.all[stretch].first;
        std::iter::from_fn(move || {
            let here = next;
            let bundle = *self.bundles.get(here as usize)?;
            next = bundle.next;
            Some((here, bundle))
        })
    }

    fn kin(&self, stretch: usize, way: Way) -> bool {
        self.all[stretch].marks & way.marks() != 0 && self.at(stretch).any(|(_, b)| b.way.kin(way))
    }

    /// Whether a line of the same source or target runs here, and how many bundles do.
    fn company(&self, stretch: usize, way: Way) -> (bool, usize) {
        let bundles = usize::from(self.all[stretch].bundles);
        (bundles > 0 && self.kin(stretch, way), bundles)
    }

    /// What a line pays for a stretch that would cost so much were nobody there: more where others run,
    /// less where it shares a trunk.
    pub(crate) fn price(&self, stretch: usize, cost: f32, way: Way) -> f32 {
        match self.company(stretch, way) {
            (_, 0) => cost,
            (true, _) => cost * SHARED,
            (false, n) => cost * (1.0 + BUSY * n as f32 + OVERFULL * n.saturating_sub(FULL - 1) as f32),
        }
    }

    /// Whether a line of the same source or target runs from one stretch into the other.
    pub(crate) fn passes(&self, one: usize, other: usize, way: Way) -> bool {
        self.kin(one, way) && self.kin(other, way)
    }

    /// How many bundles of the other axis pass the crossing at which a stretch begins.
    pub(crate) fn crossed(&self, stretch: usize) -> usize {
        usize::from(self.all[stretch].crossed)
    }

    /// One bundle of the other axis more, or less, passes there.
    pub(crate) fn cross(&mut self, stretch: usize, more: bool) {
        let crossed = &mut self.all[stretch].crossed;
        *crossed = if more { crossed.saturating_add(1) } else { crossed.saturating_sub(1) };
    }

    pub(crate) fn add(&mut self, stretch: usize, way: Way) {
        let same = self.at(stretch).find(|(_, b)| b.way.kin(way)).map(|(n, _)| n);
        if let Some(n) = same {
            let bundle = &mut self.bundles[n as usize];
            bundle.lines += 1;
            if bundle.way.source != way.source {
                bundle.way.source = MIXED;
            } else if bundle.way.target != way.target {
                bundle.way.target = MIXED;
            }
            return;
        }
        let here = &mut self.all[stretch];
        let bundle = Bundle { way, lines: 1, next: here.first };
        here.marks |= way.marks();
        here.bundles = here.bundles.saturating_add(1);
        here.first = match self.unused.pop() {
            Some(n) => {
                self.bundles[n as usize] = bundle;
                n
            }
            None => {
                self.bundles.push(bundle);
                (self.bundles.len() - 1) as u32
            }
        };
    }

    /// Takes back what [`Self::add`] did. Where a line could have been of two bundles the first is
    /// taken: the price of a guess here is a line that costs a little too much or too little.
    pub(crate) fn remove(&mut self, stretch: usize, way: Way) {
        let Some((n, bundle)) = self.at(stretch).find(|(_, b)| b.way.kin(way)) else { return };
        if bundle.lines > 1 {
            self.bundles[n as usize].lines -= 1;
            return;
        }
        let before = self.at(stretch).find(|(_, b)| b.next == n).map(|(m, _)| m);
        match before {
            Some(m) => self.bundles[m as usize].next = bundle.next,
            None => self.all[stretch].first = bundle.next,
        }
        self.unused.push(n);
        let marks = self.at(stretch).fold(0, |marks, (_, b)| marks | b.way.marks());
        let here = &mut self.all[stretch];
        here.marks = marks;
        here.bundles = here.bundles.saturating_sub(1);
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
        assert_eq!(uses.company(0, way(1, 13)), (true, 2));
        assert_eq!(uses.company(0, way(3, 11)), (false, 2), "its targets differ by now");
        uses.add(1, way(1, 10));
        assert!(uses.passes(0, 1, way(1, 14)));
        assert!(!uses.passes(0, 1, way(4, 14)));
        assert!(!uses.passes(0, 1, way(2, 12)), "it does not run on");
        uses.remove(0, way(2, 12));
        uses.remove(0, way(1, 11));
        assert_eq!(uses.company(0, way(4, 14)), (false, 1));
        uses.remove(0, way(1, 10));
        assert_eq!(uses.company(0, way(1, 10)), (false, 0));
        assert_eq!(uses.all[0].marks, 0);
    }
}
