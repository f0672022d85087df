//! Where the name of a resource lies on the floor.
//!
//! In: a placed resource and the projection. Out: rectangles on the floor which no line should enter
//! and no other name should touch. How the words are set is left to the scene.

use crate::blueprint::{FOOTPRINT, Node, Projection};
use crate::geometry::Rect;
use crate::metrics::text_width;

/// Members of stacks smaller than this bear no name.
const READABLE: f64 = 0.75;
/// Pieces of a slanted label.
const PIECES: usize = 5;

/// The floor under a resource's name: one rectangle in 2d; in isometric, where the upright label
/// before the front corner covers a diagonal, several that follow it.
pub fn label_boxes(node: &Node, projection: Projection) -> Vec<Rect> {
    if node.scale < READABLE {
        return Vec::new();
    }
    let half = FOOTPRINT / 2.0 * node.scale;
    let detail = node.detail.as_deref().map_or(0.0, |d| text_width(d) * 0.85);
    let wide = text_width(&node.name).max(detail).min(node.label_width.max(1.0)) / 2.0 + 0.05;
    let lines = if node.detail.is_some() { 1.0 } else { 0.6 };
    let (x, y) = (node.at.x, node.at.y);
    match projection {
        Projection::Flat => vec![Rect::new(x - wide, y + half, 2.0 * wide, lines)],
        Projection::Isometric => {
            // A longer name reaches behind the line that leaves towards +x; there its halo keeps it
            // readable.
            let wide = wide.min(1.35);
            let step = 2.0 * wide / PIECES as f64;
            let piece = |k: usize| {
                let (left, right) = (-wide + step * k as f64, -wide + step * (k + 1) as f64);
                let (top, bottom) = (half + 0.17, half + 0.05 + lines);
                let (x0, x1) = (left / 1.732 + top, right / 1.732 + bottom);
                let (y0, y1) = (top - right / 1.732, bottom - left / 1.732);
                Rect::new(x + x0, y + y0, x1 - x0, y1 - y0)
            };
            (0..PIECES).map(piece).collect()
        }
    }
}
