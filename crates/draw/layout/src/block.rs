//! A piece of the plan: plates and resources placed relative to its own corner.
//!
//! Pieces are built from the inside outwards, framed by plates, and put side by side; no piece
//! knows what stands around it.

use isobar_graph::Index;

use crate::blueprint::PlateKind;
use crate::geometry::{Point, Rect};
use crate::metrics::Pads;

/// What a plate will say.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub kind: PlateKind,
    pub resource: Option<Index>,
    /// The title; for plates of resources their name is used where this is empty.
    pub title: String,
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
        self.nodes.push(NodeAt { index, plate: None, at: Point::new(x, y), on_border: false, label_width });
    }
}

/// Where pieces of these sizes go in a floor of about `width`, in the order given, `gap` apart:
/// each as high up as it fits, then as far left.
pub(crate) fn shelf_places(sizes: &[(f64, f64)], width: f64, gap: f64) -> Vec<(f64, f64)> {
    const SLACK: f64 = 1e-6;
    // The skyline: from which x on the floor is taken down to which y.
    let mut sky: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    let mut places = Vec::with_capacity(sizes.len());
    for &(w, h) in sizes {
        let mut best = (f64::MAX, 0.0);
        for (n, &(x, _)) in sky.iter().enumerate() {
            if n > 0 && x + w > width + SLACK {
                break;
            }
            // Every step under the piece counts, its gap included.
            let under = sky[n..].iter().take_while(|step| step.0 < x + w + gap - SLACK);
            let y = under.map(|step| step.1).fold(0.0, f64::max);
            if y < best.0 - SLACK {
                best = (y, x);
            }
        }
        let (y, x) = best;
        places.push((x, y));
        let end = x + w + gap;
        let after = sky.iter().rev().find(|step| step.0 <= end + SLACK).map_or(0.0, |step| step.1);
        let kept = sky.iter().any(|step| (step.0 - end).abs() <= SLACK);
        sky.retain(|step| step.0 < x - SLACK || step.0 >= end - SLACK);
        sky.push((x, y + h + gap));
        if !kept {
            sky.push((end, after));
        }
        sky.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    places
}

/// Puts pieces on a floor of about `width`, in the order given, `gap` apart.
pub(crate) fn shelve(blocks: Vec<Block>, width: f64, gap: f64) -> Block {
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
    let mut all = Block::default();
    for (block, (x, y)) in blocks.into_iter().zip(shelf_places(&sizes, width, gap)) {
        all.put(block, x, y);
    }
    all
}

/// The size [`shelve`] would give.
pub(crate) fn shelved_size(sizes: &[(f64, f64)], width: f64, gap: f64) -> (f64, f64) {
    let places = shelf_places(sizes, width, gap);
    sizes.iter().zip(places).fold((0.0, 0.0), |(right, bottom): (f64, f64), (size, at)| {
        (right.max(at.0 + size.0), bottom.max(at.1 + size.1))
    })
}

/// The shelf width that brings pieces nearest to an aspect, with `beside` of the width and
/// `below` of the height taken by other things.
pub(crate) fn best_width(sizes: &[(f64, f64)], gap: f64, aspect: f64, beside: f64, below: f64) -> f64 {
    let widest = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
    let area: f64 = sizes.iter().map(|s| (s.0 + gap) * (s.1 + gap)).sum();
    let ideal = (area * aspect).sqrt();
    let mut best = (f64::MAX, widest);
    // Many pieces fit any width about equally well.
    for step in (0..24).step_by(if sizes.len() > 200 { 4 } else { 1 }) {
        let width = widest.max(ideal * (0.6 + 0.08 * f64::from(step)));
        let (w, h) = shelved_size(sizes, width, gap);
        let (w, h) = (w + beside, h + below);
        let bias = ((w / h) / aspect).ln().abs();
        // Of two shapes equally near to the aspect the smaller is better.
        let cost = bias * 2.0 + (w * h / area.max(1.0)).ln();
        if cost < best.0 - 1e-9 {
            best = (cost, width);
        }
    }
    best.1
}
