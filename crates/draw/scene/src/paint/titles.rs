//! Where in its band a title lies: off the lines that run through the band, if there is room for it.
//!
//! In: the rectangle that a title would take on the floor, and its band. Out: by how much it moves. Its
//! size and words are decided before; where no place is free its halo parts it from the lines.

use isobar_layout::{Blueprint, Point, Rect};

/// Between a title and a line.
const CLEAR: f64 = 0.12;
/// The same behind a line across the band: a title's halo would cut it.
const BEHIND: f64 = 0.15;
/// The steps in which a title moves across its band.
const STEP: f64 = 0.04;
/// How far along its band a title may move: further away it would not be looked for.
const ALONG: f64 = 6.0;

/// The straight parts of all lines, each with the room around it that titles leave free.
pub(super) fn runs(blueprint: &Blueprint) -> Vec<Rect> {
    let pairs = blueprint.edges.iter().flat_map(|edge| edge.points.windows(2));
    let run = |pair: &[Point]| {
        let (a, b) = (pair[0], pair[1]);
        let (x, y) = (a.x.min(b.x) - CLEAR, a.y.min(b.y) - CLEAR);
        Rect::new(x, y, (a.x - b.x).abs() + 2.0 * CLEAR, (a.y - b.y).abs() + 2.0 * CLEAR)
    };
    pairs.map(run).collect()
}

/// The nearest place in the band where none of the lines in it runs through a title, as a move from where
/// it is wanted.
pub(super) fn off_lines(runs: &[Rect], wanted: Rect, band: Rect) -> Option<(f64, f64)> {
    let at = |x: f64, y: f64| Rect { x, y, ..wanted };
    let free = |rect: &Rect| !runs.iter().any(|run| run.overlaps(rect, 0.0));
    if free(&wanted) {
        return Some((0.0, 0.0));
    }
    let along = runs.iter().map(|run| run.right() + BEHIND).filter(|&x| x > wanted.x && x < wanted.x + ALONG);
    let mut lefts: Vec<f64> = along.filter(|x| x + wanted.w < band.right()).chain([wanted.x]).collect();
    lefts.sort_by(f64::total_cmp);
    let steps = ((band.h - wanted.h) / STEP).max(0.0) as usize;
    let mut across: Vec<f64> = (0..=steps).map(|n| band.y + STEP * n as f64).collect();
    across.sort_by(|a, b| (a - wanted.y).abs().total_cmp(&(b - wanted.y).abs()));
    let places = lefts.into_iter().flat_map(|x| across.iter().map(move |&y| at(x, y)));
    let found = places.into_iter().find(free);
    found.map(|place| (place.x - wanted.x, place.y - wanted.y))
}

#[cfg(test)]
mod tests {
    use isobar_layout::Projection;

    use super::*;
    use crate::paint::tests::orders;

    /// Where a title of 3 by 0.4 at (0.5, 0.3) moves to when lines run so.
    fn check(lines: &[[(f64, f64); 2]], moved: Option<(f64, f64)>) {
        let mut blueprint = orders::orders(Projection::Flat);
        let edge = blueprint.edges[0].clone();
        let drawn = lines.iter().map(|line| isobar_layout::Edge {
            points: line.iter().map(|&(x, y)| Point::new(x, y)).collect(),
            ..edge.clone()
        });
        blueprint.edges = drawn.collect();
        let (title, band) = (Rect::new(0.5, 0.3, 3.0, 0.4), Rect::new(0.0, 0.0, 20.0, 1.1));
        let found = off_lines(&runs(&blueprint), title, band);
        let near = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 0.05 && (a.1 - b.1).abs() < 0.05;
        let same = found.zip(moved).map_or(found == moved, |(a, b)| near(a, b));
        assert!(same, "{lines:?}: {found:?}");
    }

    #[test]
    fn a_title_makes_way_for_lines() {
        check(&[], Some((0.0, 0.0)));
        check(&[[(0.0, 0.95), (20.0, 0.95)]], Some((0.0, 0.0)));
        // Along the band: across it.
        check(&[[(0.0, 0.7), (20.0, 0.7)]], Some((0.0, -0.14)));
        check(&[[(0.0, 0.4), (20.0, 0.4)]], Some((0.0, 0.24)));
        // Across the band: along it.
        check(&[[(2.0, -1.0), (2.0, 5.0)]], Some((1.77, 0.0)));
        // No place is left.
        check(&[[(0.0, 0.4), (20.0, 0.4)], [(0.0, 0.8), (20.0, 0.8)]], None);
    }
}
