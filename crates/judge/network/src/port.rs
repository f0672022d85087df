//! Sets of ports, as intervals.

use std::fmt;

/// A set of TCP or UDP ports: sorted, disjoint, not adjacent intervals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortSet(Vec<(u16, u16)>);

impl PortSet {
    /// Every port.
    pub fn all() -> Self {
        Self(vec![(0, u16::MAX)])
    }

    /// Adds the ports from `from` to `to`, in either order; numbers outside 0 to 65535 are cut.
    pub fn insert(&mut self, from: i64, to: i64) {
        let clamp = |port: i64| port.clamp(0, i64::from(u16::MAX)) as u16;
        let (mut low, mut high) = (clamp(from.min(to)), clamp(from.max(to)));
        let at = self.0.partition_point(|&(_, end)| u32::from(end) + 1 < u32::from(low));
        let mut until = at;
        while let Some(&(start, end)) = self.0.get(until) {
            if u32::from(start) > u32::from(high) + 1 {
                break;
            }
            (low, high) = (low.min(start), high.max(end));
            until += 1;
        }
        self.0.splice(at..until, [(low, high)]);
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Self) {
        for &(from, to) in &other.0 {
            self.insert(i64::from(from), i64::from(to));
        }
    }

    /// Whether a port is in the set.
    pub fn contains(&self, port: u16) -> bool {
        let at = self.0.partition_point(|&(_, end)| end < port);
        self.0.get(at).is_some_and(|&(start, _)| start <= port)
    }

    /// The intervals in order, ends included.
    pub fn intervals(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `22,80,443-445`; nothing for the empty set.
impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (from, to)) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            if from == to { write!(f, "{from}")? } else { write!(f, "{from}-{to}")? }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ranges: &[(i64, i64)], expected: &str) {
        let mut set = PortSet::default();
        for &(from, to) in ranges {
            set.insert(from, to);
        }
        assert_eq!(set.to_string(), expected, "{ranges:?}");
        let mut reversed = PortSet::default();
        for &(from, to) in ranges.iter().rev() {
            reversed.insert(to, from);
        }
        assert_eq!(reversed, set, "the order does not matter");
    }

    #[test]
    fn overlapping_and_adjacent_ranges_become_one() {
        check(&[], "");
        check(&[(80, 80), (81, 82)], "80-82");
        check(&[(443, 445), (22, 22), (80, 80)], "22,80,443-445");
        check(&[(1, 10), (5, 20), (30, 40), (15, 29)], "1-40");
        check(&[(-1, 70_000)], "0-65535");
        assert!(PortSet::all().contains(0) && PortSet::all().contains(65_535));
    }
}
