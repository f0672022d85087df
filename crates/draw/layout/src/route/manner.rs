//! How lines are looked for: of few lines several ways, of which the one with the fewest crossings stays.
//!
//! In: what a manner makes of all lines. Out: the best of several. The first is the one that a larger
//! floor has to do with.

use super::crew::{processors, side_by_side};
use crate::geometry::Point;
use crate::lines::Line;

/// How lines are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// What crossing another line counts, a unit of length being 1.
    pub crossing: f32,
    /// Which line takes its way first.
    pub first: First,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum First {
    /// The shortest: long ones then see where the lanes are already used.
    Short,
    Long,
    /// The one whose source stands farthest left, or farthest back.
    Left,
    Back,
}

/// The manner of many lines.
pub(crate) const PLAIN: Manner = manner(4.0, First::Short);
const MANNERS: [Manner; 11] = [
    manner(8.0, First::Short),
    manner(4.0, First::Long),
    manner(8.0, First::Long),
    manner(4.0, First::Left),
    manner(4.0, First::Back),
    manner(8.0, First::Left),
    manner(8.0, First::Back),
    manner(16.0, First::Short),
    manner(16.0, First::Long),
    manner(16.0, First::Left),
    manner(16.0, First::Back),
];

const fn manner(crossing: f32, first: First) -> Manner {
    Manner { crossing, first }
}

/// So many pairs of lines are looked for in further manners at most: small pictures can afford all of them,
/// and larger ones must not be slower than still larger ones.
const PAIRS: usize = 12_000;
/// How much longer the lines may become for fewer crossings.
const LONGER: f64 = 1.15;

/// What the best manner makes of the lines.
pub(crate) fn best(lines: &[Line], run: impl Fn(Manner) -> Vec<Vec<Point>> + Sync) -> Vec<Vec<Point>> {
    let mut best = run(PLAIN);
    let further = &MANNERS[..MANNERS.len().min(PAIRS / (lines.len() * lines.len()))];
    let longest = LONGER * length(&best);
    let mut least = if further.is_empty() { 0 } else { crossings(lines, |n| &best[n]) };
    if least == 0 {
        return best;
    }
    let judged = |_: &mut (), n: usize| {
        let paths = run(further[n]);
        (crossings(lines, |n| &paths[n]), paths)
    };
    for (crossings, paths) in side_by_side(&mut vec![(); processors()], further.len(), judged) {
        if crossings < least && length(&paths) <= longest {
            (least, best) = (crossings, paths);
        }
    }
    best
}

fn length(paths: &[Vec<Point>]) -> f64 {
    let pieces = paths.iter().flat_map(|path| path.windows(2));
    pieces.map(|pair| (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs()).sum()
}

/// How often lines cross that have no end in common.
pub(crate) fn crossings<'p>(lines: &[Line], path: impl Fn(usize) -> &'p [Point]) -> usize {
    let mut crossings = 0;
    for (n, one) in lines.iter().enumerate() {
        for (m, other) in lines.iter().enumerate().skip(n + 1) {
            if one.from != other.from && one.to != other.to {
                let beside = || path(m).windows(2);
                let crossed = |a: &[Point]| beside().filter(|b| cross(a[0], a[1], b[0], b[1])).count();
                crossings += path(n).windows(2).map(crossed).sum::<usize>();
            }
        }
    }
    crossings
}

/// Whether two straight lines cross between their ends.
pub(crate) fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_share_no_point_do_not_cross() {
        let p = Point::new;
        assert!(cross(p(0.0, 0.0), p(2.0, 2.0), p(0.0, 2.0), p(2.0, 0.0)));
        assert!(!cross(p(0.0, 0.0), p(2.0, 2.0), p(0.0, 2.0), p(0.5, 1.5)));
        assert!(!cross(p(0.0, 0.0), p(2.0, 0.0), p(2.0, 0.0), p(2.0, 2.0)), "they only touch");
    }
}
