//! The last look: pieces of different lines that still lie on one another, because they came from
//! neighbouring lanes, are moved aside where there is room.

use super::Course;
use super::obstacle::Obstacles;
use super::tracks::{Joined, Piece, are_kin, pieces};
use crate::geometry::Point;
use crate::lines::Line;

/// Nearer than this two lines look like one.
const NEAR: f64 = 0.1;
/// Shorter than this nobody sees it.
const SHORT: f64 = 0.25;
/// How far a piece moves at a time.
const STEP: f64 = 0.15;

/// Moves pieces apart, vertical ones, then level ones.
pub(crate) fn separate(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    joined: &Joined,
    paths: &mut [Vec<Point>],
) {
    for level in [false, true] {
        let mut pieces = pieces(course, obstacles, lines, paths, level);
        pieces.sort_by(|a, b| a.at.total_cmp(&b.at).then((a.line, a.n).cmp(&(b.line, b.n))));
        let overlap = |a: &Piece, b: &Piece| a.to.min(b.to) - a.from.max(b.from);
        let clash = |a: &Piece, b: &Piece, at: f64, near: f64| {
            (at - b.at).abs() < near && overlap(a, b) > SHORT && !are_kin(lines, joined, a.line, b.line)
        };
        for n in 0..pieces.len() {
            let around = |pieces: &[Piece], at: f64, near: f64| {
                let first = pieces.partition_point(|p| p.at < at - near - 2.0);
                let last = pieces.partition_point(|p| p.at <= at + near + 2.0);
                first..last
            };
            let here = pieces[n].at;
            let found = around(&pieces, here, NEAR)
                .filter(|&m| m != n)
                .any(|m| clash(&pieces[n], &pieces[m], here, NEAR));
            if !found {
                continue;
            }
            // The whole trunk moves.
            let trunk: Vec<usize> = around(&pieces, here, NEAR)
                .filter(|&m| {
                    let p = &pieces[m];
                    m == n
                        || (p.at - here).abs() < 0.01
                            && overlap(p, &pieces[n]) > 0.0
                            && are_kin(lines, joined, p.line, pieces[n].line)
                })
                .collect();
            let low = trunk.iter().map(|&m| pieces[m].low).fold(f64::MIN, f64::max);
            let high = trunk.iter().map(|&m| pieces[m].high).fold(f64::MAX, f64::min);
            let free = |at: f64| {
                at >= low
                    && at <= high
                    && trunk.iter().all(|&t| {
                        around(&pieces, at, STEP)
                            .filter(|m| !trunk.contains(m))
                            .all(|m| !clash(&pieces[t], &pieces[m], at, STEP - 0.01))
                    })
            };
            let steps = (1..=9).flat_map(|k| [f64::from(k) * STEP, f64::from(k) * -STEP]);
            let Some(at) = steps.map(|by| here + by).find(|&at| free(at)) else { continue };
            for &m in &trunk {
                let piece = &mut pieces[m];
                piece.at = at;
                for corner in [piece.n, piece.n + 1] {
                    let point = &mut paths[piece.line][corner];
                    if level { point.y = at } else { point.x = at }
                }
            }
        }
    }
}
