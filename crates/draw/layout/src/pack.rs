//! Packs the pieces of a region: VPCs, flows, groups.
//!
//! In: placed pieces. Out: one piece. Several orders and widths are tried on a skyline; the one
//! with little floor, a pleasing shape and short lines wins.

use std::collections::HashMap;

use isobar_graph::{Flow, Index};

use crate::block::{Block, shelf_places};
use crate::plan::Plan;

/// What the shape may deviate from the ideal without being worse.
const TOLERANCE: f64 = 1.35;
/// How much the length of lines counts against the floor taken.
const WIRE: f64 = 0.5;

/// A line between two pieces, or from the entry side to a piece.
struct Wire {
    from: Option<(usize, f64, f64)>,
    to: (usize, f64, f64),
}

/// One way to pack, and what it costs.
struct Packed {
    cost: f64,
    order: Vec<usize>,
    /// By position in the order.
    places: Vec<(f64, f64)>,
}

/// Packs pieces; the first `fixed` of them keep their place at the upper left. `kind` sorts the
/// pieces into sorts that may stay together: VPCs, flows, groups, small VPCs.
pub(crate) fn pack(
    plan: &Plan<'_, '_>,
    blocks: Vec<Block>,
    kind: &[usize],
    fixed: usize,
    shape: f64,
) -> Block {
    if blocks.is_empty() {
        return Block::default();
    }
    let wires = wires(plan, &blocks);
    let widest = blocks.iter().map(|b| b.w).fold(0.0, f64::max);
    let area: f64 =
        blocks.iter().map(|b| (b.w + plan.metrics.block_gap) * (b.h + plan.metrics.block_gap)).sum();
    let many = blocks.len() > 120;
    let mut best: Option<Packed> = None;
    for order in orders(&blocks, kind, fixed, many) {
        let sizes: Vec<(f64, f64)> = order.iter().map(|&n| (blocks[n].w, blocks[n].h)).collect();
        for step in (0..30).step_by(if many { 5 } else { 1 }) {
            let width = widest.max((area * shape).sqrt() * (0.6 + 0.04 * f64::from(step)));
            let places = shelf_places(&sizes, width, plan.metrics.block_gap);
            let (mut w, mut h) = (0.0f64, 0.0f64);
            for (size, at) in sizes.iter().zip(&places) {
                (w, h) = (w.max(at.0 + size.0), h.max(at.1 + size.1));
            }
            let mut at = vec![(0.0, 0.0); blocks.len()];
            order.iter().zip(&places).for_each(|(&n, &place)| at[n] = place);
            let off = ((w + 10.0) / (h + 3.0) / shape).ln().abs() - TOLERANCE.ln();
            let cost =
                ((w + 6.0) * (h + 3.0)).ln() + 2.0 * off.max(0.0) + WIRE * length(&wires, &at) / area.sqrt();
            if best.as_ref().is_none_or(|b| cost < b.cost - 1e-9) {
                best = Some(Packed { cost, order: order.clone(), places });
            }
        }
    }
    let mut inner = Block::default();
    let Some(Packed { order, places, .. }) = best else { return inner };
    let mut blocks: Vec<Option<Block>> = blocks.into_iter().map(Some).collect();
    for (n, (x, y)) in order.into_iter().zip(places) {
        if let Some(block) = blocks[n].take() {
            inner.put(block, x, y);
        }
    }
    inner
}

/// The orders worth trying.
fn orders(blocks: &[Block], kind: &[usize], fixed: usize, many: bool) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..blocks.len()).collect();
    let (first, rest) = all.split_at(fixed);
    let by = |compare: &dyn Fn(&usize, &usize) -> std::cmp::Ordering| {
        let mut rest = rest.to_vec();
        rest.sort_by(|a, b| compare(a, b).then(a.cmp(b)));
        [first, &rest].concat()
    };
    let higher = |a: &usize, b: &usize| blocks[*b].h.total_cmp(&blocks[*a].h);
    let wider = |a: &usize, b: &usize| blocks[*b].w.total_cmp(&blocks[*a].w);
    let area = |n: usize| blocks[n].w * blocks[n].h;
    let ranked = |ranks: [usize; 4]| {
        by(&|a, b| ranks[kind[*a]].cmp(&ranks[kind[*b]]).then(higher(a, b)).then(wider(a, b)))
    };
    let mut orders = vec![
        ranked([0, 1, 2, 2]),
        by(&|a, b| higher(a, b).then(wider(a, b))),
        by(&|a, b| area(*b).total_cmp(&area(*a))),
    ];
    if !many {
        orders.push(ranked([0, 2, 1, 1]));
        orders.push(ranked([1, 0, 2, 2]));
        orders.push(by(&|a, b| wider(a, b).then(higher(a, b))));
        orders.push(all);
    }
    orders
}

/// The lines between different pieces, and those from what is no part of the region.
fn wires(plan: &Plan<'_, '_>, blocks: &[Block]) -> Vec<Wire> {
    let mut at: HashMap<Index, (usize, f64, f64)> = HashMap::new();
    for (n, block) in blocks.iter().enumerate() {
        at.extend(block.nodes.iter().map(|node| (node.index, (n, node.at.x, node.at.y))));
        for plate in &block.plates {
            if let Some(index) = plate.spec.resource {
                let middle = plate.rect.center();
                at.insert(index, (n, middle.x, middle.y));
            }
        }
    }
    let mut wires = Vec::new();
    for link in plan.view.links.iter().filter(|l| l.flow != Flow::Egress) {
        match (at.get(&link.from), at.get(&link.to)) {
            (Some(a), Some(b)) if a.0 != b.0 => wires.push(Wire { from: Some(*a), to: *b }),
            (None, Some(&b)) | (Some(&b), None) => wires.push(Wire { from: None, to: b }),
            _ => {}
        }
    }
    wires
}

/// The mean length of the lines.
fn length(wires: &[Wire], at: &[(f64, f64)]) -> f64 {
    let place = |(n, x, y): (usize, f64, f64)| (at[n].0 + x, at[n].1 + y);
    let sum: f64 = wires
        .iter()
        .map(|wire| {
            let to = place(wire.to);
            let from = wire.from.map_or((-6.0, to.1 / 2.0), place);
            (from.0 - to.0).abs() + (from.1 - to.1).abs()
        })
        .sum();
    sum / wires.len().max(1) as f64
}
