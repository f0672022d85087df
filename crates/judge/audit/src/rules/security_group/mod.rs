//! Rules about security groups' ranges.

use std::sync::LazyLock;

use isobar_network::{Cidr, SecurityGroup};

pub(super) mod cidr_overlaps;
pub(super) mod cidr_unexpected;
pub(super) mod cidr_unneeded;
pub(super) mod large_cidr;

/// The ranges of a group's incoming rules that are not private; CloudMapper read IPv4 only.
fn external_ranges(group: &SecurityGroup, strict: bool) -> impl Iterator<Item = &Cidr> {
    let ranges = group.ingress.iter().flat_map(isobar_network::Rule::ranges);
    ranges.filter(move |range| !range.is_private()).filter(move |range| !strict || !range.is_v6())
}

/// Sources: RFC 6890 and its registries, RFC 5771, RFC 4291, RFC 3849.
static SPECIAL: LazyLock<Vec<(Cidr, &str)>> = LazyLock::new(|| {
    [
        ("169.254.0.0/16", "link-local"),
        ("127.0.0.0/8", "loopback"),
        ("192.0.2.0/24", "for documentation"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("fe80::/10", "link-local"),
        ("::1/128", "loopback"),
        ("2001:db8::/32", "for documentation"),
        ("ff00::/8", "multicast"),
    ]
    .into_iter()
    .filter_map(|(range, what)| Some((Cidr::parse(range)?, what)))
    .collect()
});

/// What a range is for when nobody on the internet sends from it.
fn special_use(range: &Cidr) -> Option<&'static str> {
    SPECIAL.iter().find(|(special, _)| special.contains(range)).map(|(_, what)| *what)
}

/// Whether a range begins at the first address of its family and is not all of it.
fn begins_at_zero(range: &Cidr) -> bool {
    let text = range.to_string();
    !range.is_everything() && (text.starts_with("0.0.0.0/") || text.starts_with("::/"))
}
