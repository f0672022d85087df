//! One task of packing: the ways to arrange pieces on a skyline, and what each costs.
//!
//! In: the rounded sizes of pieces and the lines between them. Out: the best ways. What the sizes are is
//! left to `pack`.

use std::collections::{BTreeMap, HashMap};

use isobar_graph::{Flow, Index};

use super::{Kind, Piece, sizes};
use crate::block::{Sky, shape_cost};
use crate::plan::Plan;
use crate::vpc::rounded;

/// What another way must save to be taken: a little is not worth a new arrangement.
const BETTER: f64 = 0.02;
/// What another than its first shape costs a piece, in parts of its height, and all if it is the
/// first piece's.
const OTHER: f64 = 0.08;
pub(super) const OTHER_FIRST: f64 = 0.03;
/// How much the length of lines counts against the floor taken.
pub(super) const WIRE: f64 = 0.12;
/// How many ways are tried, times about thrice the square of the number of pieces; and the fewest.
const WAYS: usize = 500_000;
const FEWEST: usize = 12;
/// From so many pieces on, fewer ways are tried.
const MANY: usize = 120;

/// Lines between two pieces, or from the entry side to a piece, and what they weigh: how often their
/// number can be halved, so that one line more or less decides nothing.
pub(super) struct Wire {
    from: Option<usize>,
    to: usize,
    weight: f64,
}

/// Where each piece of an order goes: piece, shape, x, y.
pub(super) type Places = Vec<(usize, usize, f64, f64)>;

/// One way to pack.
pub(super) struct Way {
    pub(super) cost: f64,
    /// The width it was tried at.
    pub(super) width: Option<f64>,
    pub(super) places: Places,
}

/// The best ways tried so far, the best first.
pub(super) struct Kept {
    pub(super) most: usize,
    pub(super) ways: Vec<Way>,
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
pub(super) struct Task {
    pub(super) sizes: Vec<Vec<(f64, f64)>>,
    pub(super) wires: Vec<Wire>,
    pub(super) gap: f64,
    fixed: bool,
    first_shapes: usize,
    widest: f64,
    pub(super) area: f64,
    pub(super) shape: f64,
    /// What will stand around the pieces.
    pub(super) around: (f64, f64),
    /// What stands already.
    pub(super) base: Places,
    /// The floor that what comes later will take.
    pub(super) later: f64,
    /// The width that was chosen for what stands already.
    pub(super) wide: Option<f64>,
}

impl Task {
    pub(super) fn new(plan: &Plan<'_, '_>, pieces: &[Piece], fixed: bool, shape: f64) -> Self {
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
    pub(super) fn search(&self, pieces: &[Piece], among: &[usize], kept: &mut Kept) {
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
pub(super) fn length(wires: &[Wire], at: &[Option<(f64, f64)>]) -> f64 {
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
