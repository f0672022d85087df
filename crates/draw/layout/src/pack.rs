//! Packs the pieces of a region: VPCs, flows, groups.
//!
//! In: placed pieces, most of them in several shapes. Out: one piece. Several orders and widths are
//! tried on a skyline; the one with little floor, a pleasing shape and short lines wins. All that is
//! compared is rounded, and the true sizes take the places only afterwards: one resource more seldom
//! leads to another arrangement.

mod rough;
mod settle;

use std::collections::{BTreeMap, HashMap};

use isobar_graph::{Flow, Index};

use crate::align::{align, spread};
use crate::block::{Block, Sky, shape_cost};
use crate::geometry::Rect;
use crate::hint::stood;
use crate::plan::Plan;
use crate::vpc::rounded;
use rough::{Rough, closer, dropped};
use settle::settle;

/// Places in a blueprint are rounded: neighbours may come so much nearer.
const ROUNDED: f64 = 0.03;
/// What another way must save to be taken: a little is not worth a new arrangement.
const BETTER: f64 = 0.02;
/// What another than its first shape costs a piece, in parts of its height, and all if it is the
/// first piece's.
const OTHER: f64 = 0.08;
const OTHER_FIRST: f64 = 0.03;
/// How much the length of lines counts against the floor taken.
const WIRE: f64 = 0.12;
/// How many ways are tried, times about thrice the square of the number of pieces; and the fewest.
const WAYS: usize = 500_000;
const FEWEST: usize = 12;
/// How much more floor groups take than their own, for what is lost between them.
const FILLED: f64 = 1.1;
/// Floor that is only reckoned with is rounded to powers of this.
const COARSE: f64 = 1.4;
/// So are sides, to powers of the second; of the first where there are no more than so many resources:
/// there looks count more than who moves.
const STEPS: [f64; 2] = [1.06, 1.25];
const SMALL: usize = 128;
/// From so many pieces on, fewer ways are tried.
const MANY: usize = 120;
/// So many arrangements of the networks of a small picture are tried with all that comes to them.
const AHEAD: usize = 10;

/// A piece in the shapes it can take.
#[derive(Clone)]
pub(crate) struct Piece {
    pub shapes: Vec<Block>,
    /// Sorts the pieces into sorts that may stay together.
    pub kind: Kind,
    /// What its shapes are taken for where that is known better than from their own sizes.
    pub rough: Option<Vec<(f64, f64)>>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Vpc,
    Flow,
    Group,
    Small,
    /// Of a few resources of their own, which come and go.
    Few,
}

/// Lines between two pieces, or from the entry side to a piece, and what they weigh: how often their
/// number can be halved, so that one line more or less decides nothing.
struct Wire {
    from: Option<usize>,
    to: usize,
    weight: f64,
}

/// Where each piece of an order goes: piece, shape, x, y.
type Places = Vec<(usize, usize, f64, f64)>;

/// Packs pieces; the first keeps its place at the upper left if `fixed`. Gives also the shape that
/// was chosen for it.
pub(crate) fn pack(plan: &Plan<'_, '_>, mut pieces: Vec<Piece>, fixed: bool, shape: f64) -> (Block, usize) {
    let kept = kept(plan, &pieces);
    let small = is_small(&pieces);
    let earlier = kept.is_some();
    let chosen = plan.choose(|| {
        let rough = kept.unwrap_or_else(|| best(plan, &pieces, fixed, shape));
        rough.iter().flat_map(Rough::numbers).collect()
    });
    let mut rough: Vec<Rough> = chosen.chunks_exact(Rough::NUMBERS).map(Rough::of).collect();
    rough.retain(|r| pieces.get(r.piece).is_some_and(|piece| r.shape < piece.shapes.len()));
    let first = rough.iter().find(|r| r.piece == 0).map_or(0, |r| r.shape);
    let mut blocks: Vec<Block> =
        rough.iter().map(|r| std::mem::take(&mut pieces[r.piece].shapes[r.shape])).collect();
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
    let gap = plan.metrics.block_gap;
    let fixed: Vec<bool> =
        rough.iter().map(|r| matches!(pieces[r.piece].kind, Kind::Vpc | Kind::Small)).collect();
    let mut places = if earlier { dropped(&rough, &sizes, gap) } else { closer(&rough, &sizes, gap) };
    if plan.own {
        if small {
            spread(&blocks, &mut places, &fixed, gap);
        }
        align(&mut blocks, &places, gap);
    }
    let mut inner = Block::default();
    for (block, (x, y)) in blocks.into_iter().zip(places) {
        inner.put(block, x, y);
    }
    (inner, first)
}

/// The pieces as they stood in an earlier picture, and new ones where there is room for them.
fn kept(plan: &Plan<'_, '_>, pieces: &[Piece]) -> Option<Vec<Rough>> {
    let (known, unknown) = stood(plan, pieces)?;
    let mut sky = Sky::new(plan.metrics.block_gap);
    let mut rough = Vec::new();
    let mut width = 0.0f64;
    for was in known {
        let block = &pieces[was.piece].shapes[was.shape];
        let y = sky.drop(was.x + ROUNDED, block.w - 2.0 * ROUNDED);
        sky.take(was.x, block.w, y + block.h);
        width = width.max(was.x + block.w);
        let rect = Rect::new(was.x, y, block.w, block.h);
        rough.push(Rough { piece: was.piece, shape: was.shape, rect });
    }
    for piece in unknown {
        let Some(block) = pieces[piece].shapes.first() else { continue };
        let (_, x, y) = sky.best(block.w, width, |y, _| y);
        sky.take(x, block.w, y + block.h);
        rough.push(Rough { piece, shape: 0, rect: Rect::new(x, y, block.w, block.h) });
    }
    Some(rough)
}

/// First the networks, then the groups, then the flows, each by their own sizes and by about the
/// floor that all later ones will take: who comes to a group moves no network, who comes to a flow
/// no group.
fn best(plan: &Plan<'_, '_>, pieces: &[Piece], fixed: bool, shape: f64) -> Vec<Rough> {
    let mut task = Task::new(plan, pieces, fixed, shape);
    let ahead = if plan.own && is_small(pieces) { AHEAD } else { 1 };
    let floor = |of: &[usize]| -> f64 {
        let sizes = of.iter().filter_map(|&n| task.sizes[n].first());
        sizes.map(|s| (s.0 + task.gap) * (s.1 + task.gap)).sum()
    };
    let of = |kinds: &[Kind]| -> Vec<usize> {
        (0..pieces.len()).filter(|&n| kinds.contains(&pieces[n].kind)).collect()
    };
    let stages = [of(&[Kind::Vpc, Kind::Small]), of(&[Kind::Group]), of(&[Kind::Flow]), of(&[Kind::Few])];
    let floors = stages.each_ref().map(|of| floor(of));
    let mut ways = vec![Way { cost: 0.0, width: None, places: Vec::new() }];
    for (n, stage) in stages.iter().enumerate() {
        if stage.is_empty() {
            continue;
        }
        let ours: f64 = floors[..=n].iter().sum();
        task.later = about(floors[n + 1..].iter().sum());
        task.area = ours + task.later;
        let mut next = Kept { most: ahead, ways: Vec::new() };
        for way in ways {
            (task.base, task.wide) = (way.places, way.width);
            task.search(pieces, stage, &mut next);
        }
        ways = next.ways;
        if ahead > 1 {
            let mut rest = stages[n + 1..].concat();
            let size = |n: usize| task.sizes[n].first().map_or(0.0, |s| s.0 * s.1);
            rest.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
            task.area = floors.iter().sum();
            let starts = ways.into_iter().map(|way| way.places).collect();
            ways = vec![Way { cost: 0.0, width: None, places: settle(&task, starts, &rest) }];
            break;
        }
    }
    let places = ways.into_iter().next().map_or_else(Places::new, |way| way.places);
    let rough = |&(piece, shape, x, y): &(usize, usize, f64, f64)| {
        let (w, h) = task.sizes[piece][shape];
        Rough { piece, shape, rect: Rect::new(x, y, w, h) }
    };
    places.iter().map(rough).collect()
}

/// About so much floor, and what will be lost between its pieces.
fn about(floor: f64) -> f64 {
    if floor <= 0.0 { 0.0 } else { FILLED * COARSE.powf((floor.max(1.0).ln() / COARSE.ln()).round()) }
}

/// Whether there are so few resources that looks count more than who moves.
fn is_small(pieces: &[Piece]) -> bool {
    let nodes = |piece: &Piece| piece.shapes.first().map_or(0, |block| block.nodes.len());
    rounded(pieces.iter().map(nodes).sum()) <= SMALL
}

/// What the shapes of each piece are reckoned with: their sides rounded up, so that a row more or less
/// seldom leads to another arrangement.
fn sizes(pieces: &[Piece]) -> Vec<Vec<(f64, f64)>> {
    let step = if is_small(pieces) { STEPS[0] } else { STEPS[1] };
    let up = |side: f64| step.powf((side.max(1.0).ln() / step.ln() - 1e-9).ceil());
    let own = |piece: &Piece| piece.shapes.iter().map(|b| (up(b.w), up(b.h))).collect();
    pieces.iter().map(|piece| piece.rough.clone().unwrap_or_else(|| own(piece))).collect()
}

/// One way to pack.
struct Way {
    cost: f64,
    /// The width it was tried at.
    width: Option<f64>,
    places: Places,
}

/// The best ways tried so far, the best first.
struct Kept {
    most: usize,
    ways: Vec<Way>,
}

impl Kept {
    fn add(&mut self, way: Way) {
        if self.most == 1 {
            if self.ways.first().is_none_or(|best| way.cost < best.cost - BETTER) {
                self.ways = vec![way];
            }
            return;
        }
        let at = self.ways.partition_point(|other| other.cost <= way.cost);
        if at < self.most && !self.ways.iter().any(|other| other.places == way.places) {
            self.ways.insert(at, way);
            self.ways.truncate(self.most);
        }
    }
}

/// What is the same in all ways.
struct Task {
    sizes: Vec<Vec<(f64, f64)>>,
    wires: Vec<Wire>,
    gap: f64,
    fixed: bool,
    first_shapes: usize,
    widest: f64,
    area: f64,
    shape: f64,
    /// What will stand around the pieces.
    around: (f64, f64),
    /// What stands already.
    base: Places,
    /// The floor that what comes later will take.
    later: f64,
    /// The width that was chosen for what stands already.
    wide: Option<f64>,
}

impl Task {
    fn new(plan: &Plan<'_, '_>, pieces: &[Piece], fixed: bool, shape: f64) -> Self {
        let metrics = &plan.metrics;
        let gap = metrics.block_gap;
        let sizes = sizes(pieces);
        let narrowest = |s: &Vec<(f64, f64)>| s.iter().map(|s| s.0).fold(f64::MAX, f64::min);
        let widest = sizes.iter().map(narrowest).fold(0.0, f64::max);
        let area = sizes.iter().filter_map(|s| s.first()).map(|s| (s.0 + gap) * (s.1 + gap)).sum();
        let beside = 2.0 * metrics.region.side + metrics.pitch_x + metrics.strip_gap;
        let around = (beside, metrics.region.plain + metrics.region.band);
        let first_shapes = if fixed { sizes.first().map_or(1, Vec::len) } else { 1 };
        let wires = wires(plan, pieces);
        let (base, later, wide) = (Places::new(), 0.0, None);
        Self { sizes, wires, gap, fixed, first_shapes, widest, area, shape, around, base, later, wide }
    }

    /// The best of several orders and widths; what comes and goes has one order, so that one more moves
    /// few others.
    fn search(&self, pieces: &[Piece], among: &[usize], kept: &mut Kept) {
        let count = among.len();
        // Trying one way takes time that grows with the square of the pieces.
        // About so many: as many ways after one piece more.
        let ways = (WAYS / (3 * rounded(pieces.len()).pow(2) + 50)).max(FEWEST);
        let fixed = self.fixed && among.first() == Some(&0);
        if among.iter().any(|&n| matches!(pieces[n].kind, Kind::Flow | Kind::Few)) {
            let width = self.wide.unwrap_or((self.area * self.shape).sqrt());
            kept.add(self.attempt(among, self.widest.max(width), 0));
            return;
        }
        let orders = orders(&self.sizes, pieces, among, fixed, count > MANY);
        let first_shapes = if fixed { self.first_shapes } else { 1 };
        let steps = (ways / 2 / (orders.len() * first_shapes).max(1)).clamp(2, 12);
        for order in orders {
            for step in 0..steps {
                for first in 0..first_shapes {
                    let part = step as f64 / steps as f64;
                    let width = match self.wide {
                        Some(wide) => wide * (0.9 + 0.25 * part),
                        None => (self.area * self.shape).sqrt() * (0.7 + 0.75 * part),
                    };
                    kept.add(self.attempt(&order, self.widest.max(width), first));
                }
            }
        }
    }

    /// Tries one way.
    fn attempt(&self, order: &[usize], width: f64, first: usize) -> Way {
        let (places, level) = self.places(order, width, self.fixed.then_some(first));
        let (mut w, mut h) = (0.0f64, 0.0f64);
        let mut middles = vec![None; self.sizes.len()];
        for &(piece, shape, x, y) in &places {
            let size = self.sizes[piece][shape];
            (w, h) = (w.max(x + size.0), h.max(y + size.1));
            middles[piece] = Some((x + size.0 / 2.0, y + size.1 / 2.0));
        }
        if self.later > 0.0 {
            (w, h) = (w.max(width), h.max(level));
        }
        let wire = WIRE * length(&self.wires, &middles) / self.area.sqrt();
        let other = if first == 0 { 0.0 } else { OTHER_FIRST };
        let cost = shape_cost(w + self.around.0, h + self.around.1, self.shape) + wire + other;
        Way { cost, width: Some(width), places }
    }

    /// Each piece of an order in the shape and at the place where least floor is lost, after what
    /// stands already; and down to where the floor would be taken with what comes later.
    fn places(&self, order: &[usize], width: f64, first: Option<usize>) -> (Places, f64) {
        let mut places = self.base.clone();
        let mut sky = Sky::new(self.gap);
        for &(piece, shape, x, y) in &places {
            let (w, h) = self.sizes[piece][shape];
            sky.take(x, w, y + h);
        }
        for &piece in order {
            let mut best = (f64::MAX, 0, 0.0, 0.0);
            for (shape, &(w, h)) in self.sizes[piece].iter().enumerate() {
                let fixed = piece == 0 && first.is_some_and(|f| f != shape);
                if fixed || (w > width + 1e-6 && best.0 < f64::MAX) {
                    continue;
                }
                let other = if shape == 0 { 0.0 } else { OTHER * self.sizes[piece][0].1 };
                let (cost, x, y) = sky.best(w, width, |y, lost| y + 0.5 * h + lost / w.max(1.0) + other);
                if cost < best.0 - 1e-9 {
                    best = (cost, shape, x, y);
                }
            }
            let (_, shape, x, y) = best;
            let Some(&(w, h)) = self.sizes[piece].get(shape) else { continue };
            sky.take(x, w, y + h);
            places.push((piece, shape, x, y));
        }
        (places, sky.level(width, self.later))
    }
}

/// The orders worth trying.
fn orders(
    sizes: &[Vec<(f64, f64)>],
    pieces: &[Piece],
    among: &[usize],
    fixed: bool,
    many: bool,
) -> Vec<Vec<usize>> {
    let all = among.to_vec();
    let (first, rest) = all.split_at(usize::from(fixed).min(all.len()));
    let size = |n: usize| sizes[n].first().copied().unwrap_or_default();
    let by = |compare: &dyn Fn(&usize, &usize) -> std::cmp::Ordering| {
        let mut rest = rest.to_vec();
        rest.sort_by(|a, b| compare(a, b).then(a.cmp(b)));
        [first, &rest].concat()
    };
    let higher = |a: &usize, b: &usize| size(*b).1.total_cmp(&size(*a).1);
    let wider = |a: &usize, b: &usize| size(*b).0.total_cmp(&size(*a).0);
    let area = |n: usize| size(n).0 * size(n).1;
    let ranked = |ranks: [usize; 5]| {
        by(&|a, b| {
            let rank = |n: usize| ranks[pieces[n].kind as usize];
            rank(*a).cmp(&rank(*b)).then(higher(a, b)).then(wider(a, b))
        })
    };
    let mut orders = vec![
        ranked([0, 1, 2, 2, 2]),
        by(&|a, b| higher(a, b).then(wider(a, b))),
        by(&|a, b| area(*b).total_cmp(&area(*a))),
    ];
    if !many {
        orders.push(ranked([0, 2, 1, 1, 1]));
        orders.push(ranked([1, 0, 2, 2, 2]));
        orders.push(by(&|a, b| wider(a, b).then(higher(a, b))));
        orders.push(all);
    }
    orders
}

/// The lines between different pieces, and those from what is no part of the region.
fn wires(plan: &Plan<'_, '_>, pieces: &[Piece]) -> Vec<Wire> {
    let mut at: HashMap<Index, usize> = HashMap::new();
    for (n, piece) in pieces.iter().enumerate() {
        let Some(block) = piece.shapes.first() else { continue };
        at.extend(block.nodes.iter().map(|node| (node.index, n)));
        at.extend(block.plates.iter().filter_map(|plate| Some((plate.spec.resource?, n))));
    }
    let mut counts: BTreeMap<(Option<usize>, usize), u32> = BTreeMap::new();
    for link in plan.view.links.iter().filter(|l| l.flow != Flow::Egress) {
        let key = match (at.get(&link.from), at.get(&link.to)) {
            (Some(a), Some(b)) if a != b => (Some(*a.min(b)), *a.max(b)),
            (None, Some(&b)) | (Some(&b), None) => (None, b),
            _ => continue,
        };
        *counts.entry(key).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((from, to), count)| Wire { from, to, weight: f64::from(1 + count.ilog2() / 2) })
        .collect()
}

/// The mean length of the lines between the middles of pieces.
fn length(wires: &[Wire], at: &[Option<(f64, f64)>]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for wire in wires {
        // What is not placed yet has no say.
        let Some(to) = at[wire.to] else { continue };
        let Some(from) = wire.from.map_or(Some((-3.0, to.1 * 0.7)), |n| at[n]) else { continue };
        sum += wire.weight * ((from.0 - to.0).abs() + (from.1 - to.1).abs());
        weights += wire.weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}
