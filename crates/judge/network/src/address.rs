//! Address ranges and sets of addresses, IPv4 and IPv6.
//!
//! Sets are intervals of numbers, so `0.0.0.0/1` and `128.0.0.0/1` together are everything.

use std::fmt;
use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

/// An address range. Host bits are cut, as EC2 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(IpNet);

impl Cidr {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let net = match text.parse::<IpNet>() {
            Ok(net) => net,
            Err(_) => IpNet::from(text.parse::<IpAddr>().ok()?),
        };
        Some(Self(net.trunc()))
    }

    /// Whether all of `other` lies in this range.
    pub fn contains(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Its first address.
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// Its last address.
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// Whether an address lies in this range.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// Whether one of the two lies in the other.
    pub fn nests(&self, other: &Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// Whether it is every address of its family.
    pub fn is_everything(&self) -> bool {
        self.0.prefix_len() == 0
    }

    /// Whether it lies within the private ranges: RFC 1918, and fc00::/7 for IPv6.
    pub fn is_private(&self) -> bool {
        PRIVATE.iter().any(|range| range.contains(self))
    }

    /// How many addresses it has, at most `u128::MAX`.
    pub fn size(&self) -> u128 {
        let bits = u32::from(self.0.max_prefix_len() - self.0.prefix_len());
        1u128.checked_shl(bits).unwrap_or(u128::MAX)
    }

    /// Whether it is an IPv6 range.
    pub fn is_v6(&self) -> bool {
        matches!(self.0, IpNet::V6(_))
    }

    fn interval(&self) -> (u128, u128) {
        let number = |address: IpAddr| match address {
            IpAddr::V4(v4) => u128::from(u32::from(v4)),
            IpAddr::V6(v6) => u128::from(v6),
        };
        (number(self.0.network()), number(self.0.broadcast()))
    }
}

/// Source: RFC 1918 and RFC 4193.
static PRIVATE: LazyLock<[Cidr; 4]> = LazyLock::new(|| {
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
        .map(|range| Cidr::parse(range).expect("the RFCs' own ranges parse"))
});

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A set of addresses, one list of disjoint intervals per family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressSet {
    v4: Vec<(u128, u128)>,
    v6: Vec<(u128, u128)>,
}

impl AddressSet {
    /// The addresses of some ranges.
    pub fn of<'a>(ranges: impl IntoIterator<Item = &'a Cidr>) -> Self {
        let mut set = Self::default();
        for range in ranges {
            let family = if range.is_v6() { &mut set.v6 } else { &mut set.v4 };
            family.push(range.interval());
        }
        merge(&mut set.v4);
        merge(&mut set.v6);
        set
    }

    /// Whether it holds every IPv4 address.
    pub fn is_all_v4(&self) -> bool {
        self.v4 == [(0, u128::from(u32::MAX))]
    }

    /// Whether it holds every IPv6 address.
    pub fn is_all_v6(&self) -> bool {
        self.v6 == [(0, u128::MAX)]
    }
}

fn merge(intervals: &mut Vec<(u128, u128)>) {
    intervals.sort_unstable();
    let mut merged: Vec<(u128, u128)> = Vec::with_capacity(intervals.len());
    for &(from, to) in intervals.iter() {
        match merged.last_mut() {
            Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    *intervals = merged;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn ranges() {
        assert_eq!(cidr("10.1.2.3/8").to_string(), "10.0.0.0/8");
        assert_eq!(cidr("1.2.3.4").to_string(), "1.2.3.4/32");
        assert_eq!(Cidr::parse("pl-123"), None);
        assert!(cidr("172.16.0.0/12").is_private() && !cidr("172.0.0.0/8").is_private());
        assert!(cidr("fd00::/8").is_private() && cidr("::/0").is_everything());
        assert_eq!(cidr("10.0.0.0/21").size(), 2048);
        assert_eq!(cidr("::/0").size(), u128::MAX);
    }

    #[test]
    fn two_halves_are_everything() {
        let set = AddressSet::of(&[cidr("128.0.0.0/1"), cidr("0.0.0.0/1"), cidr("::/1")]);
        assert!(set.is_all_v4() && !set.is_all_v6());
        assert!(AddressSet::of(&[cidr("8000::/1"), cidr("::/1")]).is_all_v6());
        assert!(!AddressSet::of(&[cidr("0.0.0.0/1"), cidr("192.0.0.0/2")]).is_all_v4());
    }
}
