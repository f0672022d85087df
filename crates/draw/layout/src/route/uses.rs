//! Who runs along each stretch of a lane: bundles of lines that share a source or a target.
//!
//! In: courses as they are found, or taken back. Out: what a further line would meet there. Which
//! track of a lane each line keeps is left to `tracks`.

use super::grid::NONE;

/// A bundle's lines differ in this.
const MIXED: u32 = u32::MAX - 2;

/// A source and a target with a flow, numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub source: u32,
    pub target: u32,
}

impl Way {
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

/// The use of all stretches of one axis, numbered as in the grid.
pub(crate) struct Uses {
    first: Vec<u32>,
    bundles: Vec<Bundle>,
    unused: Vec<u32>,
}

impl Uses {
    pub(crate) fn new(stretches: usize) -> Self {
        Self { first: vec![NONE; stretches], bundles: Vec::new(), unused: Vec::new() }
    }

    pub(crate) fn is_empty(&self, stretch: usize) -> bool {
        self.first[stretch] == NONE
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

    /// Whether a line of the same source or target runs here, and how many bundles do otherwise.
    pub(crate) fn company(&self, stretch: usize, way: Way) -> (bool, usize) {
        let mut company = (false, 0);
        for (_, bundle) in self.at(stretch) {
            if bundle.way.kin(way) {
                company.0 = true;
            } else {
                company.1 += 1;
            }
        }
        company
    }

    /// How many bundles run from one stretch into the other, those of the same source or target not
    /// counted.
    pub(crate) fn through(&self, one: usize, other: usize, way: Way) -> usize {
        if self.is_empty(one) || self.is_empty(other) {
            return 0;
        }
        let goes_on = |bundle: Way| self.at(other).any(|(_, b)| b.way.kin(bundle));
        self.at(one).filter(|(_, b)| !b.way.kin(way) && goes_on(b.way)).count()
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
        let bundle = Bundle { way, lines: 1, next: self.first[stretch] };
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
            None => self.first[stretch] = bundle.next,
        }
        self.unused.push(n);
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
        assert_eq!(uses.company(0, way(1, 13)), (true, 1));
        assert_eq!(uses.company(0, way(3, 11)), (false, 2), "its targets differ by now");
        uses.add(1, way(1, 10));
        assert_eq!(uses.through(0, 1, way(4, 14)), 1);
        assert_eq!(uses.through(0, 1, way(1, 14)), 0);
        uses.remove(0, way(2, 12));
        uses.remove(0, way(1, 11));
        assert_eq!(uses.company(0, way(4, 14)), (false, 1));
        uses.remove(0, way(1, 10));
        assert!(uses.is_empty(0));
    }
}
