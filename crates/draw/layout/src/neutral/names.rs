//! Names that a line runs through step aside.
//!
//! In: placed boxes with their names, and lines. Out: the same with those few names elsewhere beside
//! their box, where there is room. A line that has no other way reaches its end through the name below
//! it; the name is the one of the two that can make way.

use super::{PlacedEdge, PlacedNode};
use crate::geometry::Rect;
use crate::route::near::Near;

/// Between a name and its box, and a line beside it, in pixels.
const GAP: f64 = 3.0;
/// A narrower name says nothing.
const NARROW: f64 = 0.45;
/// Touching is no overlap.
const SLACK: f64 = 0.01;

pub(super) fn step_aside(nodes: &mut [PlacedNode], edges: &[PlacedEdge]) {
    let pieces: Vec<Rect> = edges
        .iter()
        .flat_map(|edge| edge.points.windows(2).map(|pair| Rect::spanning(pair[0], pair[1])))
        .collect();
    let named: Vec<usize> = (0..nodes.len()).filter(|&n| nodes[n].label_rect.is_some()).collect();
    let labels: Vec<Rect> = named.iter().filter_map(|&n| nodes[n].label_rect).collect();
    let near = Near::of(labels.iter());
    let mut crossed: Vec<usize> = Vec::new();
    for piece in &pieces {
        near.each(piece, |n| {
            if labels[n].overlaps(piece, SLACK) {
                crossed.push(named[n]);
            }
        });
    }
    crossed.sort_unstable();
    crossed.dedup();
    if crossed.is_empty() {
        return;
    }
    // Containers are left out: a name may lie on any.
    let boxes: Vec<Rect> = named.iter().map(|&n| nodes[n].rect).collect();
    let (near_pieces, near_boxes) = (Near::of(pieces.iter()), Near::of(boxes.iter()));
    for n in crossed {
        let Some(label) = nodes[n].label_rect else { continue };
        let free = |place: &Rect| {
            let mut free = true;
            near_pieces.each(place, |n| free &= !pieces[n].overlaps(place, SLACK));
            near_boxes.each(place, |n| free &= !boxes[n].overlaps(place, SLACK));
            // Names have moved since they were counted, but few.
            free && !nodes.iter().enumerate().any(|(other, node)| {
                other != n && node.label_rect.is_some_and(|label| label.overlaps(place, SLACK))
            })
        };
        let mut lines: Vec<f64> = Vec::new();
        near_pieces.each(&label, |n| {
            let upright = pieces[n].w < SLACK && pieces[n].overlaps(&label, SLACK);
            lines.extend(upright.then_some(pieces[n].x));
        });
        let place = places(&nodes[n].rect, &label, &lines).into_iter().find(free);
        nodes[n].label_rect = Some(place.unwrap_or_else(|| inside(&nodes[n].rect, &label)));
    }
}

/// At the lower edge of the box itself, where no line comes.
fn inside(of: &Rect, label: &Rect) -> Rect {
    let (w, h) = (label.w.min(of.w), label.h.min(of.h));
    Rect::new(of.center().x - w / 2.0, of.bottom() - h, w, h)
}

/// Where a name could be: below its box but beside the lines, above it, right and left of it; narrower
/// where it is not seen whole.
fn places(of: &Rect, label: &Rect, lines: &[f64]) -> Vec<Rect> {
    let Rect { y, w, h, .. } = *label;
    let mut places = Vec::new();
    for &line in lines {
        places.extend([Rect::new(line + GAP, y, w, h), Rect::new(line - GAP - w, y, w, h)]);
    }
    places.push(Rect::new(label.x, of.y - GAP - h, w, h));
    let middle = of.center().y - h / 2.0;
    places.extend([Rect::new(of.right() + GAP, middle, w, h), Rect::new(of.x - GAP - w, middle, w, h)]);
    for &line in lines {
        let (left, right) = (line - GAP - label.x, label.right() - line - GAP);
        places.push(Rect::new(line + GAP, y, right, h));
        places.push(Rect::new(label.x, y, left, h));
    }
    places.retain(|place| place.w >= NARROW * w && place.x >= 0.0 && place.y >= 0.0);
    places
}
