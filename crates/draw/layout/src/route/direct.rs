//! The course of a line for which the lanes offer none: straight over, with two corners at most.
//!
//! In: its two ends. Out: corners, whatever lies between. It keeps the promise that every line is
//! drawn; that it is hardly ever needed is the lanes' part.

use super::Course;
use crate::blueprint::End;
use crate::geometry::{Point, Rect};
use crate::lines::Line;

/// A course along x, y and x, or the other way round, from end to end.
pub(crate) fn course(course: &Course<'_>, line: &Line) -> Vec<Point> {
    let (a, b) = (course.rect(line.from), course.rect(line.to));
    let beside = (b.x - a.right()).max(a.x - b.right());
    let below = (b.y - a.bottom()).max(a.y - b.bottom());
    if beside >= below {
        across(&a, &b, line)
    } else {
        let turned = |r: &Rect| Rect::new(r.y, r.x, r.h, r.w);
        across(&turned(&a), &turned(&b), line).into_iter().map(|p| Point::new(p.y, p.x)).collect()
    }
}

fn across(a: &Rect, b: &Rect, line: &Line) -> Vec<Point> {
    let onwards = a.center().x <= b.center().x;
    // A line begins in the middle of a resource and on the border of a plate.
    let edge = |end: End, rect: &Rect, right: bool| match end {
        End::Node(_) => rect.center().x,
        End::Plate(_) if right => rect.right(),
        End::Plate(_) => rect.x,
    };
    let (from, to) = (edge(line.from, a, onwards), edge(line.to, b, !onwards));
    let gap = if onwards { (a.right(), b.x) } else { (a.x, b.right()) };
    let middle = (gap.0 + gap.1) / 2.0;
    let (y, z) = (a.center().y, b.center().y);
    vec![Point::new(from, y), Point::new(middle, y), Point::new(middle, z), Point::new(to, z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: End, to: End) -> Line {
        let flow = isobar_graph::Flow::Request;
        Line { from, to, flow, members: Vec::new(), label: None }
    }

    #[test]
    fn it_runs_from_end_to_end_along_the_axes() {
        let (a, b) = (Rect::new(0.0, 0.0, 2.0, 2.0), Rect::new(6.0, 5.0, 2.0, 4.0));
        let points = |line: &Line, a: &Rect, b: &Rect| -> Vec<(f64, f64)> {
            across(a, b, line).into_iter().map(|p| (p.x, p.y)).collect()
        };
        let between_nodes = line(End::Node(0), End::Node(1));
        assert_eq!(points(&between_nodes, &a, &b), [(1.0, 1.0), (4.0, 1.0), (4.0, 7.0), (7.0, 7.0)]);
        let to_plate = line(End::Node(0), End::Plate(0));
        assert_eq!(points(&to_plate, &b, &a), [(7.0, 7.0), (4.0, 7.0), (4.0, 1.0), (2.0, 1.0)]);
    }
}
