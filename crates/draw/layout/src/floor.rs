//! The whole floor: regions with their VPCs and services, the global strip before them, accounts
//! around them.

use std::collections::HashMap;

use isobar_graph::{ContainerKind, Family, Index};

use crate::block::{Block, Spec, best_width, shelve};
use crate::blueprint::PlateKind;
use crate::geometry::Point;
use crate::metrics::LABEL_GAP;
use crate::pack::{Kind, Piece, pack};
use crate::plan::Plan;
use crate::services::{grids, sort_out};
use crate::vpc::{self, rounded};

/// About the floor a resource takes with what is around it.
const FLOOR: f64 = 22.0;
/// Groups of fewer go where there is room in the end.
const FEW: usize = 4;
/// The shape of a pleasing floor; in isometric it becomes a wide diamond.
const ASPECT: f64 = 1.6;
/// The widest that a region is wished for, where accounts lie below one another; and about how many do so
/// in one column.
const WIDEST: f64 = 8.0;
const BELOW: f64 = 4.0;
/// What is asked of an account a second time is rounded to powers of this.
const COARSE: f64 = 1.2;

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
    if accounts.len() <= 1 {
        let mut floor = Block::default();
        let mut members = others;
        if let Some(&account) = accounts.first() {
            members.extend(plan.children(account));
        }
        let (block, _) = account_block(plan, "account", &members, ASPECT);
        floor.put(block, 0.0, 0.0);
        return floor;
    }
    accounts.sort_by_key(|&at| std::cmp::Reverse(rounded(weight(plan, at))));
    accounts_below(plan, &accounts, &others)
}

/// Accounts as plates, the internet before them at the left, the largest first. Below one another they are
/// reached without crossing any.
fn accounts_below(plan: &Plan<'_, '_>, accounts: &[Index], others: &[Index]) -> Block {
    let columns = (accounts.len() as f64 / BELOW).sqrt().ceil();
    let weights: Vec<f64> = accounts.iter().map(|&at| rounded(weight(plan, at)).max(1) as f64).collect();
    let place = |shapes: &[f64]| -> Vec<(Block, f64)> {
        let one = |(&account, &shape): (&Index, &f64)| {
            let key = plan.get(account).id.as_str();
            let (inner, entry) = account_block(plan, key, plan.children(account), shape);
            let pads = plan.metrics.pads(PlateKind::Account);
            let spec = Spec {
                kind: PlateKind::Account,
                resource: Some(account),
                title: String::new(),
                rule: None,
                key: String::new(),
            };
            (inner.framed(spec, pads), entry + pads.top)
        };
        accounts.iter().zip(shapes).map(one).collect()
    };
    // As wide as its column, whatever its size: first as its resources tell, then as it came out.
    let all: f64 = weights.iter().sum();
    let fitted = |shape: f64| shape.clamp(ASPECT / 2.0, WIDEST);
    let shapes: Vec<f64> =
        weights.iter().map(|weight| fitted(ASPECT * all / weight / columns.powi(2))).collect();
    let first = place(&shapes);
    let shapes = plan.choose(|| {
        let floor: f64 = first.iter().map(|(block, _)| block.w * block.h).sum();
        let wide = (ASPECT * floor).sqrt() / columns;
        let steps = |part: f64| COARSE.powf((part.ln() / COARSE.ln()).round());
        let better =
            |(shape, (block, _)): (&f64, &(Block, f64))| fitted(shape * steps((wide / block.w).powi(2)));
        shapes.iter().zip(&first).map(better).collect()
    });
    let (blocks, entries): (Vec<Block>, Vec<f64>) = place(&shapes).into_iter().unzip();
    let one_column = columns == 1.0;
    let (outside, _) = account_block(plan, "outside", others, ASPECT);
    let strip = outside.w;
    // All lines of the internet turn there.
    let x = if strip > 0.0 { strip + plan.metrics.lane_gap } else { 0.0 };
    let gap = plan.metrics.block_gap * 1.5;
    let all = shelve(plan, blocks, gap, |sizes| {
        let widest = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
        if one_column { widest } else { best_width(sizes, gap, ASPECT, x) }
    });
    let entry = if one_column { all.h / 2.0 } else { entries.first().copied().unwrap_or(0.0) };
    let mut floor = Block::default();
    floor.put(outside, 0.0, (entry - plan.metrics.lead).max(0.0));
    floor.put(all, x, 0.0);
    floor
}

/// The regions and global resources of one account, about of a shape, and the height of its entry.
fn account_block(plan: &Plan<'_, '_>, key: &str, members: &[Index], shape: f64) -> (Block, f64) {
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
    let gap = plan.metrics.block_gap;
    let beside = if strip.is_empty() { 0.0 } else { plan.metrics.pitch_x + plan.metrics.strip_gap };
    let (slabs, entry) = regions_block(plan, &regions, shape);
    let entry = entry.unwrap_or(slabs.h / 2.0);
    let rows = plan.choose(|| vec![(slabs.h / plan.metrics.pitch_y).floor().clamp(3.0, 40.0)]);
    let (strip, strip_entry) = self::strip(plan, strip, rows.first().map_or(3, |&rows| rows as usize));
    let mut column = Block::default();
    if !strip.is_empty() {
        column.put(strip, 0.0, (entry - strip_entry).max(0.0));
    }
    let services = sort_out(plan, key, &global, false);
    let mut below: Vec<Vec<Block>> = services.flows.into_iter().chain(services.groups).collect();
    under_the_strip(plan, &mut column, &mut below, slabs.h);
    // Flat below the regions.
    let fits = |block: &Block| slabs.is_empty() || block.w <= slabs.w;
    let below = below
        .into_iter()
        .filter_map(|mut shapes| {
            let widest = (0..shapes.len())
                .filter(|&n| fits(&shapes[n]))
                .max_by(|&a, &b| shapes[a].w.total_cmp(&shapes[b].w));
            (!shapes.is_empty()).then(|| shapes.swap_remove(widest.unwrap_or(0)))
        })
        .collect();
    let below = shelve(plan, below, gap, |sizes| {
        if slabs.is_empty() { best_width(sizes, gap, ASPECT, beside) } else { slabs.w }
    });
    let mut all = Block::default();
    let x = if column.is_empty() { 0.0 } else { column.w + plan.metrics.strip_gap };
    if !column.is_empty() {
        all.put(column, 0.0, 0.0);
    }
    let slab_h = slabs.h;
    if !slabs.is_empty() {
        all.put(slabs, x, 0.0);
    }
    if !below.is_empty() {
        let y = if slab_h > 0.0 { slab_h + gap } else { 0.0 };
        all.put(below, x, y);
    }
    (all, entry)
}

/// Global groups that are narrow enough stand at the entry, below the strip, beside the regions.
fn under_the_strip(plan: &Plan<'_, '_>, column: &mut Block, below: &mut Vec<Vec<Block>>, height: f64) {
    const WIDER: f64 = 0.7;
    const SPILL: f64 = 2.0;
    let gap = plan.metrics.block_gap;
    let narrowest = |shapes: &Vec<Block>| {
        (0..shapes.len()).min_by(|&a, &b| shapes[a].w.total_cmp(&shapes[b].w)).unwrap_or(0)
    };
    let chosen = plan.choose(|| {
        let mut chosen = Vec::new();
        let mut y = column.h + gap;
        for (n, shapes) in below.iter().enumerate() {
            let Some(block) = shapes.get(narrowest(shapes)) else { continue };
            if column.w > 0.0 && block.w <= column.w + WIDER && y + block.h <= height + SPILL {
                y += block.h + gap;
                chosen.push(n as f64);
            }
        }
        chosen
    });
    for &n in chosen.iter().rev() {
        if (n as usize) < below.len() {
            let mut shapes = below.remove(n as usize);
            let block = shapes.swap_remove(narrowest(&shapes));
            let y = column.h + gap;
            column.put(block, 0.0, y);
        }
    }
}

/// A region in one shape, and the height of its entry.
type Slab = (Block, f64);

/// The slabs side by side, the largest first, and the height of its entry. One region is fitted by
/// itself; several take the shapes that make them fit together.
fn regions_block(plan: &Plan<'_, '_>, regions: &[Index], shape: f64) -> (Block, Option<f64>) {
    let mut regions: Vec<(usize, Index)> =
        regions.iter().map(|&at| (rounded(weight(plan, at)), at)).collect();
    regions.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| plan.get(a.1).id.cmp(&plan.get(b.1).id)));
    let shapes: &[f64] = if regions.len() > 1 { &[ASPECT, 0.9, 2.8] } else { &[shape] };
    let mut entries = Vec::new();
    let mut pieces = Vec::new();
    for (_, at) in regions {
        let slabs = region(plan, at, shapes);
        if slabs.is_empty() {
            continue;
        }
        if pieces.is_empty() {
            entries = slabs.iter().map(|slab| slab.1).collect();
        }
        let area = FLOOR * rounded(weight(plan, at)).max(1) as f64;
        let size = |aspect: &f64| ((area * aspect).sqrt(), (area / aspect).sqrt());
        let rough = Some(shapes.iter().map(size).collect());
        pieces.push(Piece { shapes: slabs.into_iter().map(|s| s.0).collect(), kind: Kind::Vpc, rough });
    }
    let fixed = !pieces.is_empty();
    let (block, first) = pack(plan, pieces, fixed, shape);
    (block, entries.get(first).copied())
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

/// A column before the regions, of more than one where it would be taller than they are; the second
/// value is the height of the internet.
fn strip(plan: &Plan<'_, '_>, mut members: Vec<Index>, rows: usize) -> (Block, f64) {
    plan.sort(&mut members);
    let column = |at: Index| match (plan.get(at).kind.as_ref(), plan.service(at)) {
        ("isobar:internet", _) => 1,
        (_, "route53") => 0,
        _ => 2,
    };
    members.sort_by_key(|&at| column(at));
    let pitch = members.iter().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
    let columns = members.len().div_ceil(rows.max(1)).max(1);
    let rows = members.len().div_ceil(columns).max(1);
    let mut block = Block { w: pitch * columns as f64, h: plan.metrics.rows(rows), ..Block::default() };
    let mut entry = block.h / 2.0;
    for (n, &at) in members.iter().enumerate() {
        let (column, row) = (n % columns, n / columns);
        let y = plan.metrics.lead + plan.metrics.pitch_y * row as f64;
        if plan.get(at).kind.as_ref() == "isobar:internet" {
            entry = y;
        }
        block.stand(at, pitch * (column as f64 + 0.5), y, pitch - LABEL_GAP);
    }
    (block, entry)
}

/// One region's slab in several shapes.
fn region(plan: &Plan<'_, '_>, at: Index, shapes: &[f64]) -> Vec<Slab> {
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
    let most = vpcs.iter().map(|&v| rounded(weight(plan, v))).max().unwrap_or(0);
    let services = sort_out(plan, plan.get(at).id.as_str(), &loose, !vpcs.is_empty());
    let mut pieces: Vec<Piece> = Vec::new();
    let mut entries = Vec::new();
    for (n, &v) in vpcs.iter().enumerate() {
        let shapes = vpc::place(plan, v, n == 0);
        if n == 0 {
            entries = shapes.iter().map(|shape| shape.entry).collect();
        }
        let kind = if rounded(weight(plan, v)) * 4 < most { Kind::Small } else { Kind::Vpc };
        pieces.push(Piece { shapes: shapes.into_iter().map(|s| s.block).collect(), kind, rough: None });
    }
    if !services.beside.is_empty() {
        let first = pieces.first().and_then(|p| p.shapes.first());
        pieces.push(Piece { shapes: beside(plan, first, services.beside), kind: Kind::Flow, rough: None });
    }
    pieces.extend(services.flows.into_iter().map(|shapes| Piece { shapes, kind: Kind::Flow, rough: None }));
    pieces.extend(services.groups.into_iter().map(|shapes| {
        let few = shapes.first().is_some_and(|b| b.nodes.len() < FEW);
        Piece { kind: if few { Kind::Few } else { Kind::Group }, shapes, rough: None }
    }));
    let pads = plan.metrics.pads(PlateKind::Region);
    let mut slabs = Vec::new();
    for &shape in shapes {
        let (inner, first) = pack(plan, pieces.clone(), !vpcs.is_empty(), shape);
        if inner.is_empty() {
            continue;
        }
        let entry = entries.get(first).copied().unwrap_or(inner.h / 2.0) + pads.top;
        let spec = Spec {
            kind: PlateKind::Region,
            resource: Some(at),
            title: String::new(),
            rule: None,
            key: String::new(),
        };
        slabs.push((inner.framed(spec, pads), entry));
    }
    slabs
}

/// Stores in several shapes: one that is tall will stand beside the first VPC, one that is wide below
/// it, and each has them in the order in which their users stand along it.
fn beside(plan: &Plan<'_, '_>, vpc: Option<&Block>, members: Vec<Index>) -> Vec<Block> {
    let placed: HashMap<Index, Point> =
        vpc.into_iter().flat_map(|b| &b.nodes).map(|n| (n.index, n.at)).collect();
    let entry = vpc.map_or(0.0, |b| b.h / 2.0);
    let users = |at: Index| -> Vec<Point> {
        let near = plan.near(at).iter().map(|n| n.0);
        near.filter_map(|user| match placed.get(&user) {
            Some(at) => Some(*at),
            None => is_entry(plan, user).then_some(Point::new(0.0, entry)),
        })
        .collect()
    };
    let ordered = |along: fn(&Point) -> f64| {
        let order = plan.choose(|| {
            let mut keyed: Vec<(f64, u32, usize)> = members
                .iter()
                .enumerate()
                .map(|(n, &at)| {
                    let users = users(at);
                    let mean = users.iter().map(along).sum::<f64>() / users.len() as f64;
                    (if users.is_empty() { f64::MAX } else { mean }, plan.trust(at), n)
                })
                .collect();
            keyed.sort_by(|a, b| {
                let earlier = plan.earlier(members[a.2], members[b.2]);
                earlier.then(a.0.total_cmp(&b.0)).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
            });
            keyed.into_iter().map(|k| k.2 as f64).collect()
        });
        let order = order.into_iter().filter_map(|n| members.get(n as usize).copied());
        grids(plan, &order.collect::<Vec<Index>>())
    };
    let (tall, wide) = (ordered(|at| at.y), ordered(|at| at.x));
    tall.into_iter().zip(wide).map(|(tall, wide)| if wide.w > wide.h { wide } else { tall }).collect()
}

/// How many resources stand in a container.
fn weight(plan: &Plan<'_, '_>, at: Index) -> usize {
    let mut count = 0;
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        count += usize::from(plan.get(at).container.is_none());
        open.extend(plan.children(at));
    }
    count
}

/// Large before small, peered ones together.
fn order_vpcs(plan: &Plan<'_, '_>, vpcs: &mut Vec<Index>) {
    let mut weighed: Vec<(usize, Index)> = vpcs.iter().map(|&v| (rounded(weight(plan, v)), v)).collect();
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
