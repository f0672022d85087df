//! Where the words beside a line go: on the line itself, off icons, names and titles, and where
//! possible where no other line runs.
//!
//! In: finished courses. Out: a point on each line that has something to say. What is written there,
//! and whether at all, is left to the scene.

use super::Course;
use super::near::Near;
use super::obstacle::Obstacles;
use crate::blueprint::Projection;
use crate::geometry::{Point, Rect};
use crate::lines::Line;
use crate::metrics::HALF;

/// Half the floor under a count, flat and in isometric, where it stands upright.
const FLAT: (f64, f64) = (0.48, 0.3);
const UPRIGHT: (f64, f64) = (0.5, 0.5);
/// How far behind itself a solid hides the floor.
const HIDDEN: f64 = 1.0;
/// Where along a run a badge may lie, best first.
const STEPS: [f64; 7] = [0.5, 0.4, 0.6, 0.28, 0.72, 0.16, 0.84];

/// The places, one for each line; none where a line says nothing or has no free place.
pub(crate) fn places(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    paths: &[Vec<Point>],
) -> Vec<Option<Point>> {
    let (wide, high) = match course.projection {
        Projection::Flat => FLAT,
        Projection::Isometric => UPRIGHT,
    };
    let around = |p: Point| Rect::new(p.x - wide, p.y - high, 2.0 * wide, 2.0 * high);
    let runs: Vec<(usize, Rect)> = paths
        .iter()
        .enumerate()
        .flat_map(|(line, path)| path.windows(2).map(move |w| (line, Rect::spanning(w[0], w[1]))))
        .collect();
    let near = Near::of(runs.iter().map(|r| &r.1));
    let mut taken: Vec<Rect> = Vec::new();
    let mut places = Vec::with_capacity(lines.len());
    for (n, (line, path)) in lines.iter().zip(paths).enumerate() {
        if line.members.len() < 2 && line.label.is_none() || path.len() < 2 {
            places.push(None);
            continue;
        }
        let mut pieces: Vec<(Point, Point)> = path.windows(2).map(|w| (w[0], w[1])).collect();
        let length = |p: &(Point, Point)| (p.0.x - p.1.x).abs() + (p.0.y - p.1.y).abs();
        pieces.sort_by(|a, b| length(b).total_cmp(&length(a)));
        let mut best: Option<(usize, Point)> = None;
        for (a, b) in pieces.into_iter().filter(|p| length(p) >= 2.0 * wide.max(high)) {
            for t in STEPS {
                let at = Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
                let here = around(at);
                if covers(course, obstacles, &here) || taken.iter().any(|r| r.overlaps(&here, 0.0)) {
                    continue;
                }
                // Others that run below it would seem to be meant too.
                let mut others: Vec<usize> = Vec::new();
                near.each(&here, |k| {
                    if runs[k].0 != n && runs[k].1.overlaps(&here, -1e-9) {
                        others.push(runs[k].0);
                    }
                });
                others.sort_unstable();
                others.dedup();
                if best.is_none_or(|b| others.len() < b.0) {
                    best = Some((others.len(), at));
                }
            }
            if best.is_some_and(|b| b.0 == 0) {
                break;
            }
        }
        taken.extend(best.map(|b| around(b.1)));
        // Only badges nearby matter; lines come sorted by their ends, so the last ones are.
        if taken.len() > 400 {
            taken.drain(..200);
        }
        places.push(best.map(|b| b.1));
    }
    places
}

/// Whether a badge would lie on a solid, a name or a title.
fn covers(course: &Course<'_>, obstacles: &Obstacles, here: &Rect) -> bool {
    let hidden = match course.projection {
        Projection::Flat => 0.0,
        Projection::Isometric => HIDDEN,
    };
    // What stands in front of the badge's floor may reach over it.
    let reach = Rect::new(here.x, here.y, here.w + hidden, here.h + hidden);
    let on_solid = |node: usize| {
        let foot = Rect::around(course.nodes[node].at, HALF);
        Rect::new(foot.x - hidden, foot.y - hidden, foot.w + hidden, foot.h + hidden).overlaps(here, 0.0)
    };
    obstacles.near(&reach).any(|(rect, node)| rect.overlaps(here, 0.0) || on_solid(*node))
        || obstacles.titles_near(here).any(|title| title.overlaps(here, 0.0))
}
