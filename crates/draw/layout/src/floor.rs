//! The whole floor: regions with their VPCs and services, the global strip before them, accounts
//! around them.

use std::collections::{BTreeMap, HashMap};

use isobar_graph::{ContainerKind, Family, Index};

use crate::block::{Block, Spec, best_width, shelve, shelved_size};
use crate::blueprint::PlateKind;
use crate::pack::pack;
use crate::plan::Plan;
use crate::services::{Services, sort_out};
use crate::vpc;

/// The shape of a pleasing floor; in isometric it becomes a wide diamond.
const ASPECT: f64 = 1.6;

/// Places everything.
pub(crate) fn place(plan: &Plan<'_, '_>) -> Block {
    let mut accounts: Vec<Index> = Vec::new();
    let mut others: Vec<Index> = Vec::new();
    for &root in &plan.roots {
        match plan.get(root).container {
            Some(ContainerKind::Account) => accounts.push(root),
            _ => others.push(root),
        }
    }
    let mut floor = Block::default();
    if accounts.len() <= 1 {
        let mut members = others;
        if let Some(&account) = accounts.first() {
            members.extend(plan.children(account));
        }
        let (block, _) = account_block(plan, "account", &members);
        floor.put(block, 0.0, 0.0);
        return floor;
    }
    let mut blocks = Vec::new();
    let mut entry = None;
    for account in accounts {
        let (inner, at) = account_block(plan, plan.get(account).id.as_str(), plan.children(account));
        let pads = plan.metrics.pads(PlateKind::Account);
        entry = entry.or(Some(at + pads.top));
        blocks.push(inner.framed(
            Spec {
                kind: PlateKind::Account,
                resource: Some(account),
                title: String::new(),
                key: String::new(),
            },
            pads,
        ));
    }
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
    let width = best_width(&sizes, plan.metrics.block_gap * 1.5, ASPECT, 4.0, 0.0);
    let (outside, _) = account_block(plan, "outside", &others);
    let strip = outside.w;
    floor.put(outside, 0.0, (entry.unwrap_or(0.0) - plan.metrics.lead).max(0.0));
    let x = if strip > 0.0 { strip + plan.metrics.strip_gap } else { 0.0 };
    floor.put(shelve(blocks, width, plan.metrics.block_gap * 1.5), x, 0.0);
    floor
}

/// The regions and global resources of one account, and the height of its entry.
fn account_block(plan: &Plan<'_, '_>, key: &str, members: &[Index]) -> (Block, f64) {
    let mut strip: Vec<Index> = Vec::new();
    let mut global: Vec<Index> = Vec::new();
    let mut regions: Vec<Index> = Vec::new();
    let mut sort = |at: Index| {
        if is_entry(plan, at) { strip.push(at) } else { global.push(at) }
    };
    for &at in members {
        let resource = plan.get(at);
        match resource.container {
            Some(ContainerKind::Region) if resource.region.is_global() => {
                plan.leaves(at).into_iter().for_each(&mut sort);
            }
            Some(_) => regions.push(at),
            None => sort(at),
        }
    }
    let beside = if strip.is_empty() { 0.0 } else { 9.0 };
    let (placed, width) = regions_block(plan, &regions, beside);
    let entry = placed.first().map(|r| r.1);
    let mut below: Vec<Block> = Vec::new();
    let services = sort_out(plan, key, &global, false);
    below.extend(services.flows);
    below.extend(services.groups);

    let blocks: Vec<Block> = placed.into_iter().map(|r| r.0).collect();
    let below_sizes: Vec<(f64, f64)> = below.iter().map(|b| (b.w, b.h)).collect();
    let slabs = shelve(blocks, width, plan.metrics.block_gap);
    let room_below = if slabs.is_empty() {
        best_width(&below_sizes, plan.metrics.block_gap, ASPECT, beside, 0.0)
    } else {
        slabs.w
    };
    let below = shelve(below, room_below, plan.metrics.block_gap);

    let entry = entry.unwrap_or(slabs.h / 2.0);
    let rows = ((slabs.h / plan.metrics.pitch_y) as usize).clamp(3, 40);
    let (strip, strip_entry) = self::strip(plan, strip, rows);
    let mut all = Block::default();
    let up = (strip_entry - entry).max(0.0);
    let x = if strip.is_empty() { 0.0 } else { strip.w + plan.metrics.strip_gap };
    if !strip.is_empty() {
        let y = entry + up - strip_entry;
        all.put(strip, 0.0, y);
    }
    let slab_h = slabs.h;
    if !slabs.is_empty() {
        all.put(slabs, x, up);
    }
    if !below.is_empty() {
        let y = if slab_h > 0.0 { up + slab_h + plan.metrics.block_gap } else { 0.0 };
        all.put(below, x, y);
    }
    (all, entry + up)
}

type Slab = (Block, f64, Index);

/// The slabs, largest first, and the width of their shelves. One region is fitted by itself;
/// several take the shape that makes them fit together.
fn regions_block(plan: &Plan<'_, '_>, regions: &[Index], beside: f64) -> (Vec<Slab>, f64) {
    let shapes: &[f64] = if regions.len() > 1 { &[ASPECT, 1.0, 2.4, 3.2] } else { &[ASPECT] };
    let mut best: Option<(f64, Vec<Slab>, f64)> = None;
    for &shape in shapes {
        let mut slabs: Vec<Slab> =
            regions.iter().map(|&at| region(plan, at, shape)).filter(|r| !r.0.is_empty()).collect();
        slabs.sort_by(|a, b| {
            (b.0.w * b.0.h).total_cmp(&(a.0.w * a.0.h)).then_with(|| plan.get(a.2).id.cmp(&plan.get(b.2).id))
        });
        let sizes: Vec<(f64, f64)> = slabs.iter().map(|s| (s.0.w, s.0.h)).collect();
        let width = best_width(&sizes, plan.metrics.block_gap, ASPECT, beside, 0.0);
        let (w, h) = shelved_size(&sizes, width, plan.metrics.block_gap);
        let cost = if h > 0.0 {
            (((w + beside) / h) / ASPECT).ln().abs() * 2.0 + ((w + beside) * h).ln()
        } else {
            0.0
        };
        if best.as_ref().is_none_or(|b| cost < b.0 - 1e-9) {
            best = Some((cost, slabs, width));
        }
    }
    best.map_or((Vec::new(), 0.0), |b| (b.1, b.2))
}

/// The internet and what stands between it and a region.
fn is_entry(plan: &Plan<'_, '_>, at: Index) -> bool {
    let resource = plan.get(at);
    resource.kind.as_ref() == "isobar:internet"
        || resource.family == Family::Edge
        || matches!(
            plan.service(at),
            "route53" | "cloudfront" | "wafv2" | "waf" | "globalaccelerator" | "shield"
        )
}

/// Columns by distance from the internet; the second value is the height of its middle row.
fn strip(plan: &Plan<'_, '_>, mut members: Vec<Index>, rows: usize) -> (Block, f64) {
    plan.sort(&mut members);
    let mut columns: BTreeMap<u8, Vec<Index>> = BTreeMap::new();
    for at in members {
        let column = match (plan.get(at).kind.as_ref(), plan.service(at)) {
            ("isobar:internet", _) => 0,
            (_, "route53") => 1,
            _ => 2,
        };
        columns.entry(column).or_default().push(at);
    }
    let mut places: Vec<(Index, f64, i64, f64)> = Vec::new();
    let mut x = 0.0;
    for (column, members) in &columns {
        let pitch = members.iter().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max) + 0.3;
        // Names stand off the middle row, which is left to traffic, where there is some.
        let aside =
            *column == 1 && columns.len() > 2 || *column == 1 && members.len() == 1 && columns.len() > 1;
        for (n, &at) in members.iter().enumerate() {
            let (sub, k) = (n / rows, (n % rows) as i64);
            let count = (members.len() - sub * rows).min(rows) as i64;
            let row = if aside {
                let step = k / 2 + 1;
                if k % 2 == 0 { -step } else { step }
            } else {
                k - (count - 1) / 2
            };
            places.push((at, x + pitch * (sub as f64 + 0.5), row, pitch - 0.7));
        }
        x += pitch * members.len().div_ceil(rows) as f64;
    }
    let mut block = Block { w: x, ..Block::default() };
    let top = places.iter().map(|p| p.2).min().unwrap_or(0);
    for &(at, x, row, label) in &places {
        let y = plan.metrics.lead + plan.metrics.pitch_y * (row - top) as f64;
        block.stand(at, x, y, label);
        block.h = block.h.max(y + plan.metrics.tail);
    }
    (block, plan.metrics.lead + plan.metrics.pitch_y * (-top) as f64)
}

/// One region's slab: block, height of its entry, itself.
fn region(plan: &Plan<'_, '_>, at: Index, shape: f64) -> Slab {
    let mut vpcs: Vec<Index> = plan.containers(at, ContainerKind::Vpc);
    let loose: Vec<Index> = {
        let mut loose = plan.leaves(at);
        // Containers a region should not hold directly: what is in them is not lost.
        for &child in plan.children(at) {
            if plan.get(child).container.is_some_and(|kind| kind != ContainerKind::Vpc) {
                loose.extend(plan.leaves(child));
            }
        }
        loose
    };
    order_vpcs(plan, &mut vpcs);
    let mut placed: Vec<vpc::Placed> =
        vpcs.iter().enumerate().map(|(n, &v)| vpc::place(plan, v, n == 0)).collect();
    let largest = placed.iter().map(|p| p.block.w * p.block.h).fold(0.0, f64::max);
    let services = sort_out(plan, plan.get(at).id.as_str(), &loose, !placed.is_empty());
    let mut small = Vec::new();
    let mut n = 0;
    while n < placed.len() {
        let area = placed[n].block.w * placed[n].block.h;
        if placed.len() > 1 && area < 0.25 * largest { small.push(placed.remove(n).block) } else { n += 1 }
    }
    let entry_in_vpc = placed.first().map(|p| p.entry);
    let large: Vec<Block> = placed.into_iter().map(|p| p.block).collect();
    let pads = plan.metrics.pads(PlateKind::Region);
    let inner = region_inner(plan, large, small, services, shape);
    let entry = entry_in_vpc.unwrap_or(inner.h / 2.0) + pads.top;
    let spec = Spec { kind: PlateKind::Region, resource: Some(at), title: String::new(), key: String::new() };
    if inner.is_empty() {
        return (Block::default(), 0.0, at);
    }
    (inner.framed(spec, pads), entry, at)
}

/// VPCs, the stores beside them, flows, groups and small VPCs, packed in the order and width that
/// make the best shape with the shortest lines.
fn region_inner(
    plan: &Plan<'_, '_>,
    mut large: Vec<Block>,
    small: Vec<Block>,
    services: Services,
    shape: f64,
) -> Block {
    if !services.beside.is_empty() && !large.is_empty() {
        // The stores stand right of the largest VPC.
        let first = large.remove(0);
        let height = first.h;
        let rows =
            (((height - plan.metrics.lead - plan.metrics.tail) / plan.metrics.pitch_y) as usize + 1).max(2);
        let members = by_height(plan, std::iter::once(&first).chain(&large), services.beside);
        let spine = vpc::spine(plan, &members, rows);
        let (x, y) = (first.w + plan.metrics.lane_gap, ((height - spine.h) / 2.0).max(0.0));
        let mut both = Block::default();
        both.put(first, 0.0, 0.0);
        both.put(spine, x, y);
        large.insert(0, both);
    }
    let fixed = usize::from(!large.is_empty());
    let kinds = [large, services.flows, services.groups, small];
    let kind: Vec<usize> = kinds.iter().enumerate().flat_map(|(n, k)| vec![n; k.len()]).collect();
    let blocks: Vec<Block> = kinds.into_iter().flatten().collect();
    pack(plan, blocks, &kind, fixed, shape)
}

/// Stores in the order of the heights at which their users stand.
fn by_height<'b>(
    plan: &Plan<'_, '_>,
    placed: impl Iterator<Item = &'b Block>,
    members: Vec<Index>,
) -> Vec<Index> {
    let heights: HashMap<Index, f64> = placed.flat_map(|b| &b.nodes).map(|n| (n.index, n.at.y)).collect();
    let mut keyed: Vec<(f64, u32, Index)> = members
        .into_iter()
        .map(|at| {
            let users: Vec<f64> = plan.near(at).iter().filter_map(|n| heights.get(&n.0).copied()).collect();
            let mean =
                if users.is_empty() { f64::MAX } else { users.iter().sum::<f64>() / users.len() as f64 };
            (mean, plan.trust(at), at)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    keyed.into_iter().map(|k| k.2).collect()
}

/// Large before small, peered ones together.
fn order_vpcs(plan: &Plan<'_, '_>, vpcs: &mut Vec<Index>) {
    let weight = |at: Index| -> usize {
        let mut count = 0;
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            count += usize::from(plan.get(at).container.is_none());
            open.extend(plan.children(at));
        }
        count
    };
    let mut weighed: Vec<(usize, Index)> = vpcs.iter().map(|&v| (weight(v), v)).collect();
    weighed.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| plan.get(a.1).id.cmp(&plan.get(b.1).id)));
    let mut ordered: Vec<Index> = Vec::with_capacity(weighed.len());
    for &(_, start) in &weighed {
        if ordered.contains(&start) {
            continue;
        }
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if ordered.contains(&at) {
                continue;
            }
            ordered.push(at);
            let mut peers: Vec<Index> = plan
                .near(at)
                .iter()
                .map(|n| n.0)
                .filter(|n| vpcs.contains(n) && !ordered.contains(n))
                .collect();
            peers.sort();
            peers.dedup();
            open.extend(peers.into_iter().rev());
        }
    }
    *vpcs = ordered;
}
