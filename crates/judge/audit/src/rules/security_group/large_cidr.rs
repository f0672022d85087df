//! `SG_LARGE_CIDR`: distinct external ranges that are very wide, each with the groups that admit it.

use std::collections::{BTreeSet, HashMap};

use isobar_network::Cidr;
use serde_json::json;

use super::{begins_at_zero, external_ranges, special_use};
use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("large_cidr.md"), check);

/// This many IPv4 addresses still pass: a /21.
const ENOUGH: u128 = 2048;
/// What one site gets in IPv6, a /48, as a number of addresses.
const SITE: u128 = 1 << 80;

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let mut found: Vec<(Cidr, BTreeSet<String>)> = Vec::new();
    let mut known: HashMap<Cidr, usize> = HashMap::new();
    for group in account.security_groups() {
        for range in external_ranges(&group, account.is_strict()) {
            let enough = if range.is_v6() { SITE } else { ENOUGH };
            let other = range.is_everything() || special_use(range).is_some() || begins_at_zero(range);
            if range.size() > enough && !other {
                let at = *known.entry(*range).or_insert_with(|| {
                    found.push((*range, BTreeSet::new()));
                    found.len() - 1
                });
                found[at].1.insert(group.id.clone());
            }
        }
    }
    for (range, groups) in found {
        let size = match range.is_v6() {
            true => format!("{} sites of a /48", range.size() / SITE),
            false => format!("{} addresses", range.size()),
        };
        let names = groups.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let number =
            u64::try_from(range.size()).map_or_else(|_| json!(range.size().to_string()), |n| json!(n));
        findings.add_with(
            Some(range.to_string()),
            format!("{size}, in {names}"),
            json!({"size": number, "security_groups": groups}),
        );
    }
}
