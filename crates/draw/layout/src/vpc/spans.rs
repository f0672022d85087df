//! What stands on a VPC's own plate: gateways on its border, what spans subnets beside and between
//! the zones.

use isobar_graph::{Family, Index};

use super::table::{Column, tier_number};
use crate::block::Block;
use crate::plan::Plan;
use crate::subnet::grid;

/// What stands on the VPC's own plate.
pub(super) struct Spans {
    pub(super) border: Vec<Index>,
    pub(super) far_border: Vec<Index>,
    pub(super) entry: Vec<Index>,
    /// By tier.
    pub(super) between: [Vec<Index>; 3],
    pub(super) stores: Vec<Index>,
}

impl Spans {
    pub(super) fn sort_out(plan: &Plan<'_, '_>, vpc: Index, no_zones: bool, first: bool) -> Self {
        let mut spans = Self {
            border: Vec::new(),
            far_border: Vec::new(),
            entry: Vec::new(),
            between: Default::default(),
            stores: Vec::new(),
        };
        for at in plan.leaves(vpc) {
            let resource = plan.get(at);
            let kind = resource.kind.as_ref();
            let tier = span_tier(plan, at);
            if first && kind.contains("peering") {
                // The other VPCs stand further along.
                spans.far_border.push(at);
            } else if resource.on_border && !kind.contains("endpoint") || is_gateway(kind) {
                spans.border.push(at);
            } else if kind.contains("endpoint") && resource.spans.is_empty() {
                spans.far_border.push(at);
            } else if no_zones {
                spans.entry.push(at);
            } else {
                let stores = matches!(resource.family, Family::Database | Family::Storage);
                let tier = tier.unwrap_or(if stores { 2 } else { 1 });
                spans.between[tier].push(at);
            }
        }
        // The way from the internet stands at the middle, other gateways below it.
        spans.border.sort_by_key(|&at| !plan.get(at).kind.contains("internet-gateway"));
        let peering = |at: Index| plan.get(at).kind.contains("peering");
        spans.far_border.sort_by_key(|&at| !peering(at));
        // A balancer or two alone need no row between the zones.
        let balancers = spans.between[0].len();
        if balancers <= 2 && spans.between[1].is_empty() && spans.between[2].is_empty() {
            spans.entry.append(&mut spans.between[0]);
        }
        // More than a row or two between the zones would tear them apart.
        if spans.far_border.len() > 3 {
            // Who stood on the border before, furthest out, stays there.
            let out = |at: Index| plan.stood(at).map_or(f64::MIN, |p| p.x);
            spans.far_border.sort_by(|&a, &b| peering(b).cmp(&peering(a)).then(out(b).total_cmp(&out(a))));
            let late = spans.far_border.split_off(3);
            spans.between[2].extend(late);
            spans.far_border.sort_by(|&a, &b| peering(b).cmp(&peering(a)).then(plan.earlier(a, b)));
        }
        while spans.between.iter().map(Vec::len).sum::<usize>() > 24 && !spans.between[2].is_empty() {
            spans.stores.append(&mut spans.between[2]);
        }
        spans
    }
}

fn is_gateway(kind: &str) -> bool {
    let name = kind.rsplit(':').next().unwrap_or(kind);
    matches!(name, "internet-gateway" | "egress-only-internet-gateway" | "vpn-gateway")
}

/// The tier most of a resource's subnets are in; the most public of equals.
fn span_tier(plan: &Plan<'_, '_>, at: Index) -> Option<usize> {
    let mut counts = [0usize; 3];
    for &subnet in &plan.get(at).spans {
        counts[tier_number(plan.get(subnet).tier)] += 1;
    }
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    counts.iter().position(|&count| count == most)
}

/// Resources between two zones, each beside the tier it serves as far as there is room.
pub(super) fn strip(
    plan: &Plan<'_, '_>,
    columns: &[Column],
    indent: f64,
    by_tier: &[Vec<Index>; 3],
) -> Block {
    let all: Vec<Index> = by_tier.iter().flatten().copied().collect();
    let mut block = Block::default();
    if all.is_empty() {
        return block;
    }
    let whole = columns.last().map_or(0.0, |c| c.x + c.width) + 2.0 * indent;
    let pitch = all.iter().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
    let slots = ((whole / pitch) as usize).max(1);
    if all.len() > slots {
        let rows = all.len().div_ceil(slots);
        return grid(plan, &all, all.len().div_ceil(rows), pitch);
    }
    let counts = [by_tier[0].len(), by_tier[1].len(), by_tier[2].len()];
    // The slot in the middle of a tier's columns, less half of those who want to stand there.
    let wanted = |tier: usize| -> f64 {
        let of_tier = || columns.iter().filter(|c| c.tier == tier);
        let middle = match (of_tier().next(), of_tier().next_back()) {
            (Some(a), Some(b)) => (a.x + b.x + b.width) / 2.0 + indent,
            _ => whole * [0.0, 0.5, 1.0][tier],
        };
        (middle / pitch - counts[tier] as f64 / 2.0).max(0.0)
    };
    let last = (slots - counts[2]) as f64;
    let third = wanted(2).min(last);
    let second = wanted(1).min(third - counts[1] as f64);
    let first = wanted(0).min(second - counts[0] as f64).max(0.0);
    let second = second.max(first + counts[0] as f64);
    let third = third.max(second + counts[1] as f64);
    for (members, start) in by_tier.iter().zip([first, second, third]) {
        if !members.is_empty() {
            block.put(grid(plan, members, members.len(), pitch), start * pitch, 0.0);
        }
    }
    block
}
