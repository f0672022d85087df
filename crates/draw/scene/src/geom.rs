//! Plane geometry of the drawing: the projection from floor to page, hulls, rounded corners and
//! bends. Points are `(x, y)` pairs; whether they lie on the floor or on the page, the name says.

use std::f64::consts::{FRAC_PI_2, TAU};

pub use isobar_layout::Rect;
use isobar_layout::{Point, Projection};

/// A point, on the floor or on the page.
pub type Xy = (f64, f64);

/// An affine map as SVG writes it: `a b c d e f`.
pub type Matrix = [f64; 6];

/// Cosine of 30 degrees.
pub const COS30: f64 = 0.866_025_403_784_438_6;

/// From the floor to the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Which way the floor is seen.
    pub projection: Projection,
    /// Pixels per floor unit.
    pub unit: f64,
    /// Where the floor's origin lies on the page.
    pub origin: Xy,
}

impl Camera {
    /// At natural size, with the floor's origin at the page's.
    pub fn natural(projection: Projection) -> Self {
        let unit = match projection {
            Projection::Isometric => 38.0,
            Projection::Flat => 44.0,
        };
        Self { projection, unit, origin: (0.0, 0.0) }
    }
    /// Whether the floor is seen at an angle.
    pub fn isometric(&self) -> bool {
        self.projection == Projection::Isometric
    }
    /// A floor point at a height.
    pub fn lift(&self, x: f64, y: f64, z: f64) -> Xy {
        let (ox, oy) = self.origin;
        if self.isometric() {
            (ox + (x - y) * COS30 * self.unit, oy + (x + y) * 0.5 * self.unit - z * self.unit)
        } else {
            (ox + x * self.unit, oy + y * self.unit)
        }
    }
    /// A floor point.
    pub fn place(&self, at: Point) -> Xy {
        self.lift(at.x, at.y, 0.0)
    }
    /// The map that lays page-sized things on the floor, their origin at `at` (page).
    pub fn floor_matrix(&self, at: Xy, scale: f64) -> Matrix {
        if self.isometric() {
            [COS30 * scale, 0.5 * scale, -COS30 * scale, 0.5 * scale, at.0, at.1]
        } else {
            [scale, 0.0, 0.0, scale, at.0, at.1]
        }
    }
}

/// The corners of a rounded rectangle, clockwise as seen with y pointing down.
pub fn rounded(rect: Rect, radius: f64, steps: usize) -> Vec<Xy> {
    let r = radius.min(rect.w / 2.0).min(rect.h / 2.0).max(0.0);
    let (x0, y0, x1, y1) = (rect.x, rect.y, rect.right(), rect.bottom());
    let corners = [
        (x1 - r, y0 + r, -FRAC_PI_2),
        (x1 - r, y1 - r, 0.0),
        (x0 + r, y1 - r, FRAC_PI_2),
        (x0 + r, y0 + r, 2.0 * FRAC_PI_2),
    ];
    let mut out = Vec::with_capacity(4 * (steps + 1));
    for (cx, cy, from) in corners {
        for step in 0..=steps {
            let angle = from + FRAC_PI_2 * step as f64 / steps as f64;
            out.push((cx + r * angle.cos(), cy + r * angle.sin()));
        }
    }
    out
}

/// A regular polygon, clockwise.
pub fn ngon(center: Xy, radius: f64, sides: usize, turn: f64) -> Vec<Xy> {
    (0..sides)
        .map(|side| {
            let angle = turn + TAU * side as f64 / sides as f64;
            (center.0 + radius * angle.cos(), center.1 + radius * angle.sin())
        })
        .collect()
}

fn cross(o: Xy, a: Xy, b: Xy) -> f64 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// The convex hull.
pub fn hull(points: impl IntoIterator<Item = Xy>) -> Vec<Xy> {
    let mut points: Vec<Xy> = points.into_iter().map(|(x, y)| (round2(x), round2(y))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let half = |points: &mut dyn Iterator<Item = Xy>| {
        let mut out: Vec<Xy> = Vec::new();
        for point in points {
            while out.len() > 1 && cross(out[out.len() - 2], out[out.len() - 1], point) <= 0.0 {
                out.pop();
            }
            out.push(point);
        }
        out.pop();
        out
    };
    let mut lower = half(&mut points.iter().copied());
    lower.extend(half(&mut points.iter().rev().copied()));
    lower
}

/// The part of a convex polygon inside another one; both clockwise with y down.
pub fn clip(subject: &[Xy], window: &[Xy]) -> Vec<Xy> {
    let mut out = subject.to_vec();
    for (at, &a) in window.iter().enumerate() {
        let b = window[(at + 1) % window.len()];
        let inside = |p: Xy| cross(a, b, p) >= 0.0;
        let input = std::mem::take(&mut out);
        for (at, &p) in input.iter().enumerate() {
            let previous = input[(at + input.len() - 1) % input.len()];
            if inside(p) != inside(previous) {
                let (d1, d2) = (cross(a, b, previous), cross(a, b, p));
                let t = d1 / (d1 - d2);
                out.push((previous.0 + (p.0 - previous.0) * t, previous.1 + (p.1 - previous.1) * t));
            }
            if inside(p) {
                out.push(p);
            }
        }
    }
    out
}

/// The distance between two points.
pub fn distance(a: Xy, b: Xy) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// A polyline with rounded bends.
pub fn fillet(line: &[Xy], radius: f64) -> Vec<Xy> {
    let Some((&first, &last)) = line.first().zip(line.last()) else { return Vec::new() };
    let mut out = vec![first];
    for corner in line.windows(3) {
        let (a, b, c) = (corner[0], corner[1], corner[2]);
        let (before, after) = (distance(a, b), distance(b, c));
        let r = radius.min(before / 2.0).min(after / 2.0);
        if r < 1e-6 || cross(a, b, c).abs() < 1e-9 {
            out.push(b);
            continue;
        }
        let start = (b.0 + (a.0 - b.0) * r / before, b.1 + (a.1 - b.1) * r / before);
        let end = (b.0 + (c.0 - b.0) * r / after, b.1 + (c.1 - b.1) * r / after);
        for step in 0..5 {
            let t = f64::from(step) / 4.0;
            let (p, q, s) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            out.push((p * start.0 + q * b.0 + s * end.0, p * start.1 + q * b.1 + s * end.1));
        }
    }
    out.push(last);
    out
}

/// The polyline without consecutive equal points and without points in the middle of a straight run.
pub fn simplify(line: &[Xy]) -> Vec<Xy> {
    let mut out: Vec<Xy> = Vec::with_capacity(line.len());
    for &point in line {
        if out.last().is_some_and(|&last| distance(last, point) < 1e-9) {
            continue;
        }
        if let [.., a, b] = out[..] {
            let forward = (b.0 - a.0) * (point.0 - b.0) + (b.1 - a.1) * (point.1 - b.1) > 0.0;
            if cross(a, b, point).abs() < 1e-9 && forward {
                out.pop();
            }
        }
        out.push(point);
    }
    out
}

/// The smallest rectangle around points.
pub fn around(points: impl IntoIterator<Item = Xy>) -> Option<Rect> {
    let mut points = points.into_iter();
    let first = points.next()?;
    let (mut x0, mut y0, mut x1, mut y1) = (first.0, first.1, first.0, first.1);
    for (x, y) in points {
        (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x), y1.max(y));
    }
    Some(Rect::new(x0, y0, x1 - x0, y1 - y0))
}

/// Whether a convex polygon and a rectangle share a point (separating axes).
pub fn touches(polygon: &[Xy], rect: &Rect) -> bool {
    let corners =
        [(rect.x, rect.y), (rect.right(), rect.y), (rect.right(), rect.bottom()), (rect.x, rect.bottom())];
    let Some(bounds) = around(polygon.iter().copied()) else { return false };
    if !bounds.overlaps(rect, 0.0) {
        return false;
    }
    (0..polygon.len()).all(|at| {
        let (a, b) = (polygon[at], polygon[(at + 1) % polygon.len()]);
        let side = |p: Xy| cross(a, b, p);
        let own =
            polygon.iter().map(|&p| side(p)).fold(0.0, |m: f64, s| if s.abs() > m.abs() { s } else { m });
        own.abs() < 1e-9 || corners.iter().any(|&corner| side(corner) * own.signum() > 0.0)
    })
}

/// Whether all points lie within a convex polygon that is clockwise with y down; a hull is.
pub fn within(points: &[Xy], polygon: &[Xy]) -> bool {
    polygon.len() > 2
        && (0..polygon.len()).all(|at| {
            let (a, b) = (polygon[at], polygon[(at + 1) % polygon.len()]);
            points.iter().all(|&point| cross(a, b, point) >= -1e-6)
        })
}

/// The part of a segment that lies within a convex polygon, as shares of its way; the polygon is
/// clockwise with y down.
pub fn covered(a: Xy, b: Xy, polygon: &[Xy]) -> Option<(f64, f64)> {
    if polygon.len() < 3 {
        return None;
    }
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (at, &p) in polygon.iter().enumerate() {
        let q = polygon[(at + 1) % polygon.len()];
        let (begin, end) = (cross(p, q, a), cross(p, q, b));
        if begin < 0.0 && end < 0.0 {
            return None;
        }
        if begin < 0.0 {
            from = from.max(begin / (begin - end));
        } else if end < 0.0 {
            to = to.min(begin / (begin - end));
        }
    }
    (from < to).then_some((from, to))
}

fn round2(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hulls_and_clips() {
        let square = rounded(Rect::new(0.0, 0.0, 2.0, 2.0), 0.0, 1);
        assert_eq!(hull(square.iter().copied().chain([(1.0, 1.0)])).len(), 4);
        let half = clip(&ngon((0.0, 0.0), 1.0, 4, 0.0), &[(0.0, -9.0), (9.0, -9.0), (9.0, 9.0), (0.0, 9.0)]);
        let half = around(half).unwrap();
        assert!(half.contains(&Rect::new(0.0, -1.0, 1.0, 2.0), 1e-9) && half.w < 1.0 + 1e-9);
    }

    #[test]
    fn bends_are_rounded_and_straight_runs_joined() {
        assert_eq!(simplify(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 3.0)]).len(), 3);
        let line = fillet(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0)], 0.5);
        assert_eq!((line[0], line[line.len() - 1]), ((0.0, 0.0), (2.0, 2.0)));
        assert!(line.len() == 7 && line.iter().all(|&p| p != (2.0, 0.0)));
        assert!(fillet(&[], 1.0).is_empty());
    }

    #[test]
    fn a_polygon_covers_a_part_of_a_segment() {
        let diamond = hull([(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0)]);
        assert_eq!(covered((50.0, 50.0), (150.0, 50.0), &diamond), Some((0.0, 0.5)));
        assert_eq!(covered((-100.0, 50.0), (300.0, 50.0), &diamond), Some((0.25, 0.5)));
        assert_eq!(covered((0.0, 0.0), (0.0, 100.0), &diamond), None);
        assert!(within(&[(50.0, 50.0), (30.0, 40.0)], &diamond));
        assert!(!within(&[(50.0, 50.0), (10.0, 10.0)], &diamond) && !within(&[(0.0, 0.0)], &[]));
    }

    #[test]
    fn a_diamond_leaves_the_corners_of_the_page_free() {
        let diamond = [(50.0, 0.0), (100.0, 50.0), (50.0, 100.0), (0.0, 50.0)];
        assert!(!touches(&diamond, &Rect::new(0.0, 80.0, 15.0, 20.0)));
        assert!(touches(&diamond, &Rect::new(0.0, 60.0, 30.0, 40.0)));
        assert!(touches(&diamond, &Rect::new(45.0, 45.0, 2.0, 2.0)));
    }
}
