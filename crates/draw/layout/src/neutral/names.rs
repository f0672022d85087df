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
        let of = nodes[n].rect;
        let near = places(&of, &label, &lines).into_iter().find(free);
        let place = near.or_else(|| around(&of, &label).into_iter().find(free));
        nodes[n].label_rect = Some(place.unwrap_or_else(|| inside(&nodes[n].rect, &label)));
    }
}

/// Anywhere near the box, the nearest and widest first: where many lines meet, none of the usual places
/// may be left.
fn around(of: &Rect, label: &Rect) -> Vec<Rect> {
    /// As many steps as far as it is still seen whose name it is.
    const STEPS: i32 = 8;
    let mut places: Vec<(f64, Rect)> = Vec::new();
    for part in [1.0, 0.7, NARROW] {
        let (w, h) = (label.w * part, label.h);
        let (across, down) = ((of.w + w) / f64::from(STEPS), (of.h + h) / f64::from(STEPS));
        for (x, y) in
            (-STEPS..=STEPS).flat_map(|x| (-STEPS..=STEPS).map(move |y| (f64::from(x), f64::from(y))))
        {
            let center = (of.center().x + x * across, of.center().y + y * down);
            let place = Rect::new(center.0 - w / 2.0, center.1 - h / 2.0, w, h);
            if place.x >= 0.0 && place.y >= 0.0 && !place.overlaps(of, -GAP) {
                let far = (x * across).abs() + (y * down).abs() + label.w - w;
                places.push((far, place));
            }
        }
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places.into_iter().map(|place| place.1).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    fn placed(id: &str, x: f64) -> PlacedNode {
        let label_rect = Some(Rect::new(x - 10.0, 164.0, 84.0, 29.0));
        PlacedNode { id: id.to_owned(), rect: Rect::new(x, 100.0, 64.0, 64.0), label_rect }
    }

    fn line(points: &[(f64, f64)]) -> PlacedEdge {
        let points = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
        PlacedEdge { from: "a".into(), to: "b".into(), kind: "request", points, members: Vec::new() }
    }

    #[test]
    fn a_name_makes_way_and_meets_nothing() {
        let lines = [line(&[(132.0, 164.0), (132.0, 240.0), (230.0, 240.0), (230.0, 164.0)])];
        let before = [placed("a", 100.0), placed("b", 198.0), placed("c", 400.0)];
        let mut nodes = before.to_vec();
        step_aside(&mut nodes, &lines);
        assert_eq!(nodes[2], before[2], "no line, no change");
        let labels: Vec<Rect> = nodes.iter().filter_map(|node| node.label_rect).collect();
        for (n, label) in labels.iter().enumerate() {
            let crossed = |pair: &[Point]| label.overlaps(&Rect::spanning(pair[0], pair[1]), SLACK);
            assert!(!lines[0].points.windows(2).any(crossed), "{label:?}");
            assert!(!nodes.iter().any(|node| node.rect.overlaps(label, SLACK)), "{label:?}");
            assert!(!labels[..n].iter().any(|other| other.overlaps(label, SLACK)), "{label:?}");
        }
    }

    #[test]
    fn with_no_room_at_all_it_lies_in_its_box() {
        let walls: Vec<PlacedEdge> = (0..60)
            .map(|n| f64::from(n) * 5.0 + 1.0)
            .map(|x| line(&[(x, 0.0), (x, if (100.0..=164.0).contains(&x) { 90.0 } else { 300.0 })]))
            .chain([line(&[(132.0, 164.0), (132.0, 240.0)]), line(&[(110.0, 164.0), (110.0, 240.0)])])
            .chain([line(&[(150.0, 164.0), (150.0, 240.0)])])
            .collect();
        let mut nodes = vec![placed("a", 100.0)];
        step_aside(&mut nodes, &walls);
        assert!(nodes[0].rect.contains(&nodes[0].label_rect.expect("a name"), 0.0), "{:?}", nodes[0]);
    }
}
