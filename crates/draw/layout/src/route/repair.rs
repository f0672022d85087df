//! Lines that were pushed where they must not run go back to the lane on which they were found.
//!
//! In: courses in their lanes, and the same moved aside. Out: the moved ones, but for those that now run
//! through an icon, a name or a foreign plate and did not before. Beside a lane there is room as long as
//! what is joined to its ends keeps still, which nobody knows before all have moved.

use super::Course;
use super::near::Near;
use super::obstacle::Obstacles;
use crate::blueprint::End;
use crate::geometry::{Point, Rect};
use crate::lines::Line;

/// Less than this is a rounding.
const SLACK: f64 = 1e-6;

pub(crate) fn repair(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    lanes: Vec<Vec<Point>>,
    paths: &mut [Vec<Point>],
) {
    let plates: Vec<usize> = (0..course.plates.len()).filter(|&p| course.is_closed(p)).collect();
    let near = Near::of(plates.iter().map(|&p| &course.plates[p].rect));
    for ((line, lane), path) in lines.iter().zip(lanes).zip(paths) {
        let homes = [course.home(line.from), course.home(line.to)].concat();
        // A line begins in the middle of a resource; its name it passes at once, or not at all.
        let own = |rect: &Rect, node: usize, upright: [bool; 2]| {
            let ends = [line.from, line.to].map(|end| end == End::Node(node));
            let footprint = rect.contains(&Rect::around(course.nodes[node].at, 0.0), 0.0);
            footprint && ends.contains(&true) || ends[0] && upright[0] || ends[1] && upright[1]
        };
        let clean = |path: &[Point]| {
            path.windows(2).enumerate().all(|(n, pair)| {
                let upright = (pair[0].x - pair[1].x).abs() < SLACK;
                let upright = [upright && n == 0, upright && n + 2 == path.len()];
                let rect = Rect::spanning(pair[0], pair[1]);
                let mut clean =
                    !obstacles.near(&rect).any(|o| !own(&o.0, o.1, upright) && o.0.overlaps(&rect, SLACK));
                near.each(&rect, |n| {
                    let p = plates[n];
                    let home = homes.contains(&p) || [line.from, line.to].contains(&End::Plate(p));
                    clean &= home || !course.plates[p].rect.overlaps(&rect, SLACK);
                });
                clean
            })
        };
        if !clean(path) && clean(&lane) {
            *path = lane;
        }
    }
}
