//! `SG_CIDR_OVERLAPS`: two ranges of one rule nest.

use isobar_network::Cidr;
use serde_json::json;

use crate::{AccountView, Findings, Rule};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("cidr_overlaps.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for group in account.security_groups() {
        for rule in &group.ingress {
            let ranges: Vec<&Cidr> = rule.ranges().filter(|r| !(account.is_strict() && r.is_v6())).collect();
            for (first, second) in nested(&ranges) {
                findings.add_with(
                    Some(group.id.clone()),
                    format!("{second} and {first}"),
                    json!({"cidr1": second.to_string(), "cidr2": first.to_string()}),
                );
            }
        }
    }
}

/// Pairs that nest, the earlier of the list first. Ranges either nest or lie apart, so in sorted
/// order those around a range are a stack; the cost is that of sorting and of the answer.
fn nested<'c>(ranges: &[&'c Cidr]) -> Vec<(&'c Cidr, &'c Cidr)> {
    // A wider range comes before those it contains: same first address, shorter prefix.
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|&at| ranges[at]);
    let mut around: Vec<usize> = Vec::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for at in order {
        while around.last().is_some_and(|&outer| !ranges[outer].contains(ranges[at])) {
            around.pop();
        }
        pairs.extend(around.iter().map(|&outer| (outer.max(at), outer.min(at))));
        around.push(at);
    }
    pairs.sort_unstable();
    pairs.into_iter().map(|(late, early)| (ranges[early], ranges[late])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_those_of_trying_all() {
        let texts =
            ["10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16", "11.0.0.0/8", "::/0", "10.1.2.0/24", "0.0.0.0/0"];
        let ranges: Vec<Cidr> = texts.iter().map(|t| Cidr::parse(t).unwrap()).collect();
        let ranges: Vec<&Cidr> = ranges.iter().collect();
        let mut all = Vec::new();
        for (late, second) in ranges.iter().enumerate() {
            all.extend(
                ranges[..late].iter().filter(|first| first.nests(second)).map(|first| (*first, *second)),
            );
        }
        assert_eq!(nested(&ranges), all);
        assert_eq!(all.len(), 11);
    }
}
