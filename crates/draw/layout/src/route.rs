//! Courses (first form).
use crate::blueprint::{End, Node, Plate, Projection};
use crate::geometry::Point;
use crate::lines::Line;

pub(crate) struct Course<'p> {
    pub nodes: &'p [Node],
    pub plates: &'p [Plate],
    pub projection: Projection,
}

pub(crate) fn courses(course: &Course<'_>, lines: &[Line]) -> Vec<Vec<Point>> {
    let at = |e: End| match e { End::Node(n) => course.nodes[n].at, End::Plate(p) => course.plates[p].rect.center() };
    let _ = course.projection;
    lines.iter().map(|l| { let (a, b) = (at(l.from), at(l.to)); vec![a, Point::new(b.x, a.y), b] }).collect()
}
