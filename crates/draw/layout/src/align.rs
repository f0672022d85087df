//! The last touch on a floor: plates whose edges are nearly in line with others' are grown until they
//! are, so that no odd rests of floor lie between them.
//!
//! In: placed pieces. Out: the same places, some plates wider or higher. No resource moves but those on a
//! border that does; who stands where is left to `pack`.

use crate::block::{Block, PlateAt};
use crate::blueprint::PlateKind;
use crate::geometry::Rect;

/// How much a plate grows at most, in parts of its side.
const SHARE: f64 = 0.2;
/// In floor units, and in parts of its side where that is more.
const MOST: (f64, f64) = (2.5, 0.12);
/// The same of an account's or region's slab, in parts of its side.
const SLAB: f64 = 0.4;
/// The same of a network that becomes as wide as another: beside it little else finds room.
const NETWORK: (f64, f64) = (0.3, 4.6);
/// How much further than they must, pieces in a column stand apart where there is room.
const APART: f64 = 2.5;
/// Edges so near to each other are in line.
const IN_LINE: f64 = 0.05;

/// Grows plates into the floor that is free beside and below them, up to the next edge to be in line with.
pub(crate) fn align(blocks: &mut [Block], places: &[(f64, f64)], gap: f64) {
    let mut order: Vec<usize> = (0..blocks.len()).filter(|&n| frame(&blocks[n]).is_some()).collect();
    order.sort_by(|&a, &b| {
        (blocks[b].w * blocks[b].h).total_cmp(&(blocks[a].w * blocks[a].h)).then(a.cmp(&b))
    });
    for turn in [false, true] {
        for &n in &order {
            let by = growth(blocks, places, n, gap, turn);
            if by > IN_LINE {
                grow(&mut blocks[n], if turn { (0.0, by) } else { (by, 0.0) });
            }
        }
    }
}

/// How much wider a network may become to be in line with another.
pub(crate) fn network_growth(width: f64) -> f64 {
    (NETWORK.0 * width).min(NETWORK.1)
}

/// Spreads the pieces of each column over the height that is there. What may not move is `fixed`.
pub(crate) fn spread(blocks: &[Block], places: &mut [(f64, f64)], fixed: &[bool], gap: f64) {
    let end = |n: usize, y: f64| y + blocks[n].h;
    let bottom = (0..blocks.len()).map(|n| end(n, places[n].1)).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by(|&a, &b| places[a].1.total_cmp(&places[b].1).then(a.cmp(&b)));
    let meet = |a: usize, b: usize| {
        let right = |n: usize| places[n].0 + blocks[n].w + gap - IN_LINE;
        places[a].0 < right(b) && places[b].0 < right(a)
    };
    // How many pieces stand above each in its column, and below; how far down it could stand.
    let mut above = vec![0usize; blocks.len()];
    let mut below = above.clone();
    let mut last: Vec<f64> = blocks.iter().map(|b| bottom - b.h).collect();
    for (k, &n) in order.iter().enumerate() {
        let before = order[..k].iter().filter(|&&m| meet(m, n));
        above[n] = before.map(|&m| above[m] + 1).max().unwrap_or(0);
    }
    for (k, &n) in order.iter().enumerate().rev() {
        for &m in order[k + 1..].iter().filter(|&&m| meet(m, n)) {
            below[n] = below[n].max(below[m] + 1);
            last[n] = last[n].min(last[m] - gap - blocks[n].h);
        }
        if fixed[n] {
            last[n] = places[n].1;
        }
    }
    // Whoever is further down in a column moves at least as far.
    for n in 0..blocks.len() {
        let free = (last[n] - places[n].1).max(0.0);
        let part = above[n] as f64 / (above[n] + below[n]).max(1) as f64;
        places[n].1 += (free * part).min(APART * above[n] as f64);
    }
}

/// The plate that holds all of a piece.
fn frame(block: &Block) -> Option<&Rect> {
    let plate = block.plates.first()?;
    let framed =
        matches!(plate.spec.kind, PlateKind::Account | PlateKind::Region | PlateKind::Vpc | PlateKind::Group);
    (framed && block.plates.iter().skip(1).all(|p| p.parent.is_some())).then_some(&plate.rect)
}

/// How much wider a piece may become, or higher where all is `turn`ed.
fn growth(blocks: &[Block], places: &[(f64, f64)], of: usize, gap: f64, turn: bool) -> f64 {
    let turned = |r: Rect| if turn { Rect::new(r.y, r.x, r.h, r.w) } else { r };
    let whole = |n: usize| turned(Rect::new(places[n].0, places[n].1, blocks[n].w, blocks[n].h));
    let plate = |n: usize| {
        let frame = frame(&blocks[n]).map(|r| Rect::new(places[n].0 + r.x, places[n].1 + r.y, r.w, r.h));
        frame.map(turned)
    };
    let (Some(own), all) = (plate(of), whole(of)) else { return 0.0 };
    let others = || (0..blocks.len()).filter(|&n| n != of);
    let end = (0..blocks.len()).map(|n| whole(n).right()).fold(0.0, f64::max);
    let beside =
        |other: &Rect| other.y < all.bottom() + gap - IN_LINE && all.y < other.bottom() + gap - IN_LINE;
    let next = others().map(whole).filter(|o| beside(o) && o.x > all.right() - IN_LINE);
    let free = next.map(|o| o.x - gap - all.right()).fold(end - all.right(), f64::min);
    let slab = blocks[of].plates.first().is_some_and(|p| is_slab(p.spec.kind));
    let most = if slab { SLAB * own.w } else { (SHARE * own.w).min(MOST.0.max(MOST.1 * own.w)) };
    let network = |n: usize| blocks[n].plates.first().is_some_and(|p| p.spec.kind == PlateKind::Vpc);
    let reach = |n: usize| if !turn && network(of) && network(n) { network_growth(own.w) } else { most };
    let edges = others().filter_map(|n| Some((plate(n)?.right() - own.right(), free.min(reach(n)) + 1e-6)));
    let edge = edges.filter(|(by, most)| by > &IN_LINE && by <= most).map(|e| e.0).fold(0.0, f64::max);
    if edge > 0.0 {
        edge
    } else if free <= most {
        free
    } else {
        0.0
    }
}

fn is_slab(kind: PlateKind) -> bool {
    matches!(kind, PlateKind::Account | PlateKind::Region)
}

/// Grows the plate around a piece, and the zones or slabs in it that reach furthest.
fn grow(block: &mut Block, (wider, higher): (f64, f64)) {
    let Some(old) = frame(block).copied() else { return };
    block.w += wider;
    block.h += higher;
    let inner = |p: &PlateAt| p.parent == Some(0) && (is_slab(p.spec.kind) || p.spec.kind == PlateKind::Zone);
    let reach = block.plates.iter().filter(|p| inner(p)).map(|p| p.rect.right()).fold(0.0, f64::max);
    // Stores may stand beside the zones.
    let bare = block.nodes.iter().all(|n| n.plate != Some(0) || n.on_border || n.at.x < reach);
    for (n, plate) in block.plates.iter_mut().enumerate() {
        let wide = bare && inner(plate) && plate.rect.right() > reach - IN_LINE;
        plate.rect.w += if n == 0 || wide { wider } else { 0.0 };
        plate.rect.h += if n == 0 { higher } else { 0.0 };
    }
    for node in block.nodes.iter_mut().filter(|n| n.on_border && n.at.x > old.right() - IN_LINE) {
        node.at.x += wider;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Spec;

    const GAP: f64 = 1.0;

    fn block(kind: PlateKind, w: f64, h: f64) -> Block {
        let spec = Spec { kind, resource: None, title: String::new(), rule: None, key: String::new() };
        let plate = PlateAt { spec, parent: None, rect: Rect::new(0.0, 0.0, w, h) };
        Block { w, h, plates: vec![plate], nodes: Vec::new() }
    }

    /// The sizes that pieces of a kind have in the end: their places and sizes, and what comes of them.
    fn check(kind: PlateKind, pieces: &[[f64; 4]], sizes: &[(f64, f64)]) {
        let mut blocks: Vec<Block> = pieces.iter().map(|p| block(kind, p[2], p[3])).collect();
        let places: Vec<(f64, f64)> = pieces.iter().map(|p| (p[0], p[1])).collect();
        align(&mut blocks, &places, GAP);
        let found: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
        assert_eq!(found, sizes);
        assert!(blocks.iter().all(|b| (b.plates[0].rect.w, b.plates[0].rect.h) == (b.w, b.h)));
    }

    #[test]
    fn what_is_nearly_in_line_is_brought_in_line() {
        let stacked = [[0.0, 0.0, 24.0, 10.0], [0.0, 11.0, 20.0, 10.0]];
        check(PlateKind::Vpc, &stacked, &[(24.0, 10.0), (24.0, 10.0)]);
        // A group is no network, and grows less.
        check(PlateKind::Group, &stacked, &[(24.0, 10.0), (20.0, 10.0)]);
        check(PlateKind::Group, &[[0.0, 0.0, 8.0, 5.0], [9.0, 0.0, 8.0, 4.5]], &[(8.0, 5.0), (8.0, 5.0)]);
    }

    #[test]
    fn nobody_grows_over_a_neighbour() {
        let beside = [[0.0, 0.0, 24.0, 10.0], [0.0, 11.0, 20.0, 10.0], [22.0, 11.0, 10.0, 10.0]];
        check(PlateKind::Vpc, &beside, &[(24.0, 10.0), (21.0, 10.0), (10.0, 10.0)]);
    }

    #[test]
    fn a_column_is_spread_over_its_height() {
        let blocks = [[5.0, 20.0], [5.0, 4.0], [5.0, 4.0]].map(|[w, h]| block(PlateKind::Group, w, h));
        let mut places = [(0.0, 0.0), (6.0, 0.0), (6.0, 5.0)];
        spread(&blocks, &mut places, &[true, false, false], GAP);
        assert_eq!(places, [(0.0, 0.0), (6.0, 0.0), (6.0, 5.0 + APART)]);
        // With less room, down to the end.
        let mut places = [(0.0, 0.0), (6.0, 9.0), (6.0, 14.0)];
        spread(&blocks, &mut places, &[true, false, false], GAP);
        assert_eq!(places, [(0.0, 0.0), (6.0, 9.0), (6.0, 16.0)]);
    }
}
