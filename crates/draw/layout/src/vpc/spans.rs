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
            } else if no_zones
                || resource.family == Family::Network && tier == Some(0) && !kind.contains("endpoint")
            {
                spans.entry.push(at);
            } else {
                let stores = matches!(resource.family, Family::Database | Family::Storage);
                let tier = tier.unwrap_or(if stores { 2 } else { 1 });
                spans.between[tier].push(at);
            }
        }
        // The way from the internet stands at the middle, other gateways below it.
        spans.border.sort_by_key(|&at| !plan.get(at).kind.contains("internet-gateway"));
        spans.far_border.sort_by_key(|&at| !plan.get(at).kind.contains("peering"));
        // More than a row or two between the zones would tear them apart.
        if spans.far_border.len() > 3 {
            let late = spans.far_border.split_off(3);
            spans.between[2].extend(late);
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

/// Resources between two zones, below the tier they serve.
pub(super) fn strip(
    plan: &Plan<'_, '_>,
    columns: &[Column],
    indent: f64,
    by_tier: &[Vec<Index>; 3],
) -> Block {
    let total: usize = by_tier.iter().map(Vec::len).sum();
    if total == 0 {
        return Block::default();
    }
    let whole = columns.last().map_or(0.0, |c| c.x + c.width);
    let pitch = by_tier.iter().flatten().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
    let zone_of = |tier: usize| -> (f64, f64) {
        let of_tier = || columns.iter().filter(|c| c.tier == tier);
        match (of_tier().next(), of_tier().next_back()) {
            (Some(a), Some(b)) => (a.x, b.x + b.width),
            // No such tier here: the end of the zones on that side.
            _ if tier == 0 => (0.0, pitch.min(whole)),
            _ => (0.0, whole),
        }
    };
    let room_for = |(from, to): (f64, f64)| (((to - from + plan.metrics.tier_gap) / pitch) as usize).max(1);
    let rows = (0..3).map(|t| by_tier[t].len().div_ceil(room_for(zone_of(t)))).max().unwrap_or(0);
    let present = |t: usize| columns.iter().any(|c| c.tier == t);
    let crowded = rows > 2 || (0..3).any(|t| !by_tier[t].is_empty() && !present(t));
    let mut block = Block::default();
    if crowded {
        let all: Vec<Index> = by_tier.iter().flatten().copied().collect();
        let per_row = ((whole / pitch) as usize).clamp(1, all.len());
        let rows = all.len().div_ceil(per_row);
        let per_row = all.len().div_ceil(rows);
        let grid = grid(plan, &all, per_row, pitch);
        let x = indent + ((whole - grid.w) / 2.0).max(0.0);
        block.put(grid, x, 0.0);
        return block;
    }
    for (tier, members) in by_tier.iter().enumerate() {
        if members.is_empty() {
            continue;
        }
        let (from, to) = zone_of(tier);
        let per_row = room_for((from, to)).min(members.len());
        let grid = grid(plan, members, per_row, pitch);
        let x = indent + (from + to - grid.w) / 2.0;
        block.put(grid, x.max(0.0), 0.0);
    }
    block
}
