//! Containers in a subnet: a plate with its resources in a grid and further containers beside them.

use isobar_graph::Index;

use super::grid;
use crate::block::{Block, Spec};
use crate::blueprint::PlateKind;
use crate::plan::Plan;

/// Between the pieces of a frame.
const GAP: f64 = 0.5;
/// The shape a frame is fitted to.
const ASPECT: f64 = 1.6;

/// Places a container and all in it.
pub(super) fn frame(plan: &Plan<'_, '_>, container: Index) -> Block {
    let mut pieces: Vec<Block> = Vec::new();
    let leaves = plan.leaves(container);
    if !leaves.is_empty() {
        let metrics = &plan.metrics;
        let pitch = leaves.iter().map(|&at| plan.pitch(at)).fold(metrics.pitch_x, f64::max);
        let columns = (leaves.len() as f64 * ASPECT * metrics.pitch_y / pitch).sqrt().round() as usize;
        pieces.push(grid(plan, &leaves, columns.max(1), pitch));
    }
    let inner = plan.children(container).iter().filter(|&&at| plan.get(at).container.is_some());
    pieces.extend(inner.map(|&at| frame(plan, at)));
    let area: f64 = pieces.iter().map(|piece| (piece.w + GAP) * (piece.h + GAP)).sum();
    let widest = pieces.iter().map(|piece| piece.w).fold(0.0, f64::max);
    let width = (area * ASPECT).sqrt().max(widest);
    let mut all = Block::default();
    let (mut x, mut y, mut high) = (0.0, 0.0, 0.0f64);
    for piece in pieces {
        if x > 0.0 && x + piece.w > width + 1e-6 {
            (x, y, high) = (0.0, y + high + GAP, 0.0);
        }
        let (w, h) = (piece.w, piece.h);
        all.put(piece, x, y);
        x += w + GAP;
        high = high.max(h);
    }
    let spec = Spec {
        kind: PlateKind::Group,
        resource: Some(container),
        title: String::new(),
        rule: None,
        key: String::new(),
    };
    all.framed(spec, plan.metrics.pads(PlateKind::Group))
}
