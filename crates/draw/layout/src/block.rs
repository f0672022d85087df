//! A piece of the plan: plates and resources placed relative to its own corner.
//!
//! Pieces are built from the inside outwards, framed by plates, and put side by side; no piece
//! knows what stands around it.

use isobar_graph::Index;

use crate::align::align;
use crate::blueprint::PlateKind;
use crate::geometry::{Point, Rect};
use crate::metrics::Pads;
use crate::plan::Plan;

/// What a plate will say.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub kind: PlateKind,
    pub resource: Option<Index>,
    /// The title; for plates of resources their name is used where this is empty.
    pub title: String,
    /// Why the members of a stack stand together.
    pub rule: Option<String>,
    /// What makes the id of a plate without resource unique.
    pub key: String,
}

/// A plate in a piece.
#[derive(Debug, Clone)]
pub(crate) struct PlateAt {
    pub spec: Spec,
    pub parent: Option<usize>,
    pub rect: Rect,
}

/// A resource in a piece.
#[derive(Debug, Clone)]
pub(crate) struct NodeAt {
    pub index: Index,
    pub plate: Option<usize>,
    pub at: Point,
    pub on_border: bool,
    pub label_width: f64,
    pub scale: f64,
}

/// A piece of the plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub w: f64,
    pub h: f64,
    pub plates: Vec<PlateAt>,
    pub nodes: Vec<NodeAt>,
}

impl Block {
    /// Whether nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.plates.is_empty()
    }

    /// Puts another piece into this one with its corner at (x, y), and grows around it.
    pub(crate) fn put(&mut self, other: Block, x: f64, y: f64) {
        self.put_on(None, other, x, y);
    }

    /// The same, standing on one of this piece's plates.
    pub(crate) fn put_on(&mut self, plate: Option<usize>, other: Block, x: f64, y: f64) {
        let base = self.plates.len();
        self.w = self.w.max(x + other.w);
        self.h = self.h.max(y + other.h);
        self.plates.extend(other.plates.into_iter().map(|p| PlateAt {
            parent: p.parent.map(|at| at + base).or(plate),
            rect: Rect::new(p.rect.x + x, p.rect.y + y, p.rect.w, p.rect.h),
            spec: p.spec,
        }));
        self.nodes.extend(other.nodes.into_iter().map(|n| NodeAt {
            plate: n.plate.map(|at| at + base).or(plate),
            at: Point::new(n.at.x + x, n.at.y + y),
            ..n
        }));
    }

    /// A plate around everything, `pads` away from it.
    pub(crate) fn framed(self, spec: Spec, pads: Pads) -> Block {
        let (w, h) = (self.w + 2.0 * pads.side, self.h + pads.top + pads.bottom);
        let mut framed = Block { w, h, ..Block::default() };
        framed.plates.push(PlateAt { spec, parent: None, rect: Rect::new(0.0, 0.0, w, h) });
        framed.put_on(Some(0), self, pads.side, pads.top);
        framed
    }

    /// Adds a resource.
    pub(crate) fn stand(&mut self, index: Index, x: f64, y: f64, label_width: f64) {
        self.nodes.push(NodeAt {
            index,
            plate: None,
            at: Point::new(x, y),
            on_border: false,
            label_width,
            scale: 1.0,
        });
    }
}

/// The floor taken so far, seen from below: from which x on it is taken down to which y.
pub(crate) struct Sky {
    steps: Vec<(f64, f64)>,
    gap: f64,
}

const SLACK: f64 = 1e-6;

impl Sky {
    pub(crate) fn new(gap: f64) -> Self {
        Self { steps: vec![(0.0, 0.0)], gap }
    }

    /// How high up a piece of this width can stand at `x`, and the floor lost above it.
    fn under(&self, from: usize, x: f64, w: f64) -> (f64, f64) {
        let end = x + w + self.gap;
        // Every step under the piece counts, its gap included.
        let under = || self.steps[from..].iter().take_while(|step| step.0 < end - SLACK);
        let y = under().map(|step| step.1).fold(0.0, f64::max);
        let ends = self.steps[from + 1..].iter().map(|s| s.0).chain([f64::MAX]);
        let lost = under().zip(ends).map(|(s, to)| (to.min(end) - s.0.max(x)).max(0.0) * (y - s.1)).sum();
        (y, lost)
    }

    /// The place of least `cost(y, lost floor)` within `width`: cost, x, y.
    pub(crate) fn best(&self, w: f64, width: f64, cost: impl Fn(f64, f64) -> f64) -> (f64, f64, f64) {
        let mut best = (f64::MAX, 0.0, 0.0);
        for (n, &(x, _)) in self.steps.iter().enumerate() {
            if n > 0 && x + w > width + SLACK {
                break;
            }
            let (y, lost) = self.under(n, x, w);
            let cost = cost(y, lost);
            if cost < best.0 - SLACK {
                best = (cost, x, y);
            }
        }
        best
    }

    /// How high up a piece of this width can stand at `x`.
    pub(crate) fn drop(&self, x: f64, w: f64) -> f64 {
        let from = self.steps.iter().rposition(|step| step.0 <= x + SLACK).unwrap_or(0);
        self.under(from, x, w).0
    }

    /// Down to where so much floor more would fill a width evenly.
    pub(crate) fn level(&self, width: f64, floor: f64) -> f64 {
        let ends = self.steps.iter().skip(1).map(|s| s.0).chain([f64::MAX]);
        let mut steps: Vec<(f64, f64)> = self
            .steps
            .iter()
            .zip(ends)
            .map(|(s, end)| (s.1, end.min(width) - s.0))
            .filter(|s| s.1 > 0.0)
            .collect();
        steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut wide, mut taken) = (0.0, 0.0);
        let mut level = 0.0f64;
        for (y, w) in steps {
            if wide > 0.0 && wide * y - taken >= floor {
                break;
            }
            (wide, taken) = (wide + w, taken + w * y);
            level = (floor + taken) / wide;
        }
        level
    }

    /// Takes the floor of a piece.
    pub(crate) fn take(&mut self, x: f64, w: f64, bottom: f64) {
        let end = x + w + self.gap;
        let after = self.steps.iter().rev().find(|step| step.0 <= end + SLACK).map_or(0.0, |step| step.1);
        let kept = self.steps.iter().any(|step| (step.0 - end).abs() <= SLACK);
        self.steps.retain(|step| step.0 < x - SLACK || step.0 >= end - SLACK);
        self.steps.push((x, bottom + self.gap));
        if !kept {
            self.steps.push((end, after));
        }
        self.steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
}

/// Where pieces of these sizes go in a floor of about `width`, in the order given, `gap` apart:
/// each as high up as it fits, then as far left.
pub(crate) fn shelf_places(sizes: &[(f64, f64)], width: f64, gap: f64) -> Vec<(f64, f64)> {
    let mut sky = Sky::new(gap);
    let place = |&(w, h): &(f64, f64)| {
        let (_, x, y) = sky.best(w, width, |y, _| y);
        sky.take(x, w, y + h);
        (x, y)
    };
    sizes.iter().map(place).collect()
}

/// Puts pieces on a floor of the width that `width` finds for their sizes, in the order given,
/// `gap` apart.
pub(crate) fn shelve(
    plan: &Plan<'_, '_>,
    mut blocks: Vec<Block>,
    gap: f64,
    width: impl FnOnce(&[(f64, f64)]) -> f64,
) -> Block {
    let columns = plan.choose(|| {
        let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
        shelf_places(&sizes, width(&sizes), gap).into_iter().map(|at| at.0).collect()
    });
    let mut sky = Sky::new(gap);
    let place = |(block, x): (&Block, f64)| {
        let y = sky.drop(x, block.w);
        sky.take(x, block.w, y + block.h);
        (x, y)
    };
    let columns = columns.into_iter().chain(std::iter::repeat(0.0));
    let places: Vec<(f64, f64)> = blocks.iter().zip(columns).map(place).collect();
    if plan.own {
        align(&mut blocks, &places, gap);
    }
    let mut all = Block::default();
    for (block, (x, y)) in blocks.into_iter().zip(places) {
        all.put(block, x, y);
    }
    all
}

/// Pieces in plain rows of about `width`: their places, and the size of all. Which row a piece is
/// in depends on widths only.
pub(crate) fn row_places(sizes: &[(f64, f64)], width: f64, gap: (f64, f64)) -> (Vec<(f64, f64)>, (f64, f64)) {
    let (mut x, mut y, mut high) = (0.0, 0.0, 0.0f64);
    let mut size = (0.0f64, 0.0f64);
    let mut places = Vec::with_capacity(sizes.len());
    for &(w, h) in sizes {
        if x > 0.0 && x + w > width + SLACK {
            (x, y, high) = (0.0, y + high + gap.1, 0.0);
        }
        places.push((x, y));
        size = (size.0.max(x + w), size.1.max(y + h));
        x += w + gap.0;
        high = high.max(h);
    }
    (places, size)
}

/// The size that pieces take on a floor of a width.
fn shelved_size(sizes: &[(f64, f64)], width: f64, gap: f64) -> (f64, f64) {
    let places = shelf_places(sizes, width, gap);
    sizes.iter().zip(places).fold((0.0, 0.0), |(right, bottom): (f64, f64), (size, at)| {
        (right.max(at.0 + size.0), bottom.max(at.1 + size.1))
    })
}

/// The shelf width that brings pieces nearest to an aspect, with `beside` of the width taken by
/// other things.
pub(crate) fn best_width(sizes: &[(f64, f64)], gap: f64, aspect: f64, beside: f64) -> f64 {
    let widest = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
    let area: f64 = sizes.iter().map(|s| (s.0 + gap) * (s.1 + gap)).sum();
    let ideal = (area * aspect).sqrt();
    let mut best = (f64::MAX, widest);
    // Many pieces fit any width about equally well.
    for step in (0..24).step_by(if sizes.len() > 200 { 4 } else { 1 }) {
        let width = widest.max(ideal * (0.6 + 0.08 * f64::from(step)));
        let (w, h) = shelved_size(sizes, width, gap);
        let cost = shape_cost(w + beside, h, aspect);
        if cost < best.0 - 1e-9 {
            best = (cost, width);
        }
    }
    best.1
}

/// Of two shapes equally near to the aspect the smaller is better.
pub(crate) fn shape_cost(w: f64, h: f64, aspect: f64) -> f64 {
    if h <= 0.0 {
        return 0.0;
    }
    // What is within reach of the aspect in either projection needs no better.
    let off = (w / h / aspect).ln().abs() - 0.15;
    (w * h).ln() + 2.0 * off.max(0.0)
}
