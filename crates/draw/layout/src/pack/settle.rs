//! What comes to the networks of a small picture: each piece is tried at every place among those that
//! stand, and the best few arrangements are carried on, so that notches are filled and no floor lies bare.
//!
//! In: arrangements of the networks. Out: the best arrangement of everything. It takes time that grows
//! with the third power of the pieces; large pictures are left to the skyline.

use super::ROUNDED;
use super::task::{OTHER_FIRST, Places, Task, WIRE, length};
use crate::align::network_growth;
use crate::geometry::Rect;

/// So many arrangements are carried on; fewer where there are more pieces than the second.
const KEPT: usize = 24;
const FEW: usize = 12;
/// What it costs that a piece stands far from the corner, or in another than its first shape.
const FAR: f64 = 0.01;
const OTHER: f64 = 0.01;
/// How far the aspect may be off, as a logarithm.
const PLEASING: f64 = 0.25;
/// How much floor counts against the page it takes.
const BARE: f64 = 0.3;

/// Some pieces in their places.
#[derive(Clone)]
struct Partial {
    places: Places,
    /// Their floor, with the gap that others keep.
    taken: Vec<Rect>,
    /// What its shapes and places cost, and what all costs.
    extra: f64,
    cost: f64,
}

/// The best arrangement, with the rest in the order given.
pub(super) fn settle(task: &Task, starts: Vec<Places>, rest: &[usize]) -> Places {
    let start = |places: Places| {
        let taken = in_line(places.iter().map(|p| floor(task, p)).collect());
        let first = places.iter().find(|p| p.0 == 0).map_or(0, |p| p.1);
        let extra = if first == 0 { 0.0 } else { OTHER_FIRST };
        let mut some = Partial { places, taken, extra, cost: 0.0 };
        some.cost = cost(task, &some);
        some
    };
    let mut all: Vec<Partial> = starts.into_iter().map(start).collect();
    let most = (KEPT * FEW / rest.len().max(FEW)).max(2);
    for &piece in rest {
        let mut next: Vec<Partial> = Vec::new();
        for mut some in all {
            let extra = some.extra;
            for shape in 0..task.sizes[piece].len() {
                for (x, y) in seats(task, &some, task.sizes[piece][shape]) {
                    some.places.push((piece, shape, x, y));
                    some.taken.push(floor(task, &(piece, shape, x, y)));
                    some.extra =
                        extra + FAR * (x + y) / task.area.sqrt() + if shape == 0 { 0.0 } else { OTHER };
                    some.cost = cost(task, &some);
                    keep(&mut next, &some, most);
                    some.places.pop();
                    some.taken.pop();
                }
            }
        }
        all = next;
    }
    let best = all.into_iter().reduce(|a, b| if b.cost < a.cost { b } else { a });
    best.map_or_else(Places::new, |some| some.places)
}

fn floor(task: &Task, &(piece, shape, x, y): &(usize, usize, f64, f64)) -> Rect {
    let (w, h) = task.sizes[piece][shape];
    Rect::new(x, y, w + task.gap, h + task.gap)
}

/// Networks that will be drawn as wide as one above or below: what is beside them is taken.
fn in_line(taken: Vec<Rect>) -> Vec<Rect> {
    let wider = |one: &Rect| {
        let free = |to: f64| {
            let beside = Rect::new(one.right(), one.y, to - one.right(), one.h);
            !taken.iter().any(|other| other.overlaps(&beside, ROUNDED))
        };
        let rights = taken.iter().map(Rect::right);
        let near =
            rights.filter(|to| *to > one.right() && to - one.right() <= network_growth(one.w) && free(*to));
        Rect { w: near.fold(one.right(), f64::max) - one.x, ..*one }
    };
    taken.iter().map(wider).collect()
}

/// Where a piece can stand: at the left of the floor or in line with an edge, right below another.
fn seats(task: &Task, some: &Partial, (w, h): (f64, f64)) -> Vec<(f64, f64)> {
    let mut lefts: Vec<f64> = some.taken.iter().flat_map(|r| [r.x, r.right()]).chain([0.0]).collect();
    lefts.sort_by(f64::total_cmp);
    lefts.dedup_by(|a, b| (*a - *b).abs() < ROUNDED);
    let mut seats = Vec::new();
    for x in lefts {
        let meets = |r: &&Rect| r.x + ROUNDED < x + w + task.gap && x + ROUNDED < r.right();
        let above: Vec<&Rect> = some.taken.iter().filter(meets).collect();
        for y in above.iter().map(|r| r.bottom()).chain([0.0]) {
            let end = y + h + task.gap;
            if above.iter().all(|r| end <= r.y + ROUNDED || r.bottom() <= y + ROUNDED) {
                seats.push((x, y));
            }
        }
    }
    seats
}

/// What an arrangement costs: the shape of its floor, with what is still to come, and its lines.
fn cost(task: &Task, some: &Partial) -> f64 {
    let right = some.taken.iter().map(Rect::right).fold(0.0, f64::max) - task.gap;
    let bottom = some.taken.iter().map(Rect::bottom).fold(0.0, f64::max) - task.gap;
    // What is still to come makes the floor wider or higher, as it needs it.
    let (wide, high) = (right.max((task.area * task.shape).sqrt()), bottom.max(task.area / right.max(1.0)));
    let of = |w: f64, h: f64| page_cost(w + task.around.0, h + task.around.1, task.shape);
    let shape = of(right, high).min(of(wide, bottom.max(task.area / wide)));
    let mut middles = vec![None; task.sizes.len()];
    for &(piece, shape, x, y) in &some.places {
        let (w, h) = task.sizes[piece][shape];
        middles[piece] = Some((x + w / 2.0, y + h / 2.0));
    }
    shape + WIRE * length(&task.wires, &middles) / task.area.sqrt() + some.extra
}

/// How large a page a floor takes: a diamond in isometric, and in 2d a page of the aspect. Both show one
/// arrangement. Beyond what is pleasing either way, the aspect itself counts.
fn page_cost(w: f64, h: f64, aspect: f64) -> f64 {
    let off = (w / h / aspect).ln().abs() - PLEASING;
    (w + h).ln() + w.max(h * aspect).ln() + BARE * (w * h).ln() + 2.0 * off.max(0.0)
}

/// Keeps an arrangement if it is among the best that differ.
fn keep(best: &mut Vec<Partial>, some: &Partial, most: usize) {
    let at = best.partition_point(|other| other.cost <= some.cost);
    let same = |other: &Partial| (other.cost - some.cost).abs() < 1e-9 && other.places == some.places;
    if at < most && !best.iter().any(same) {
        best.insert(at, some.clone());
        best.truncate(most);
    }
}
