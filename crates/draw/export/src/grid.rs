//! The floor's grid as one shape, for formats without repeating patterns.

use isobar_layout::Rect;
use isobar_scene::geom::{Matrix, Xy};
use isobar_scene::scene::{Grid, Outline, Shape, Stroke};

/// More lines than this are too dense to be seen.
const MOST_LINES: f64 = 4000.0;

/// The grid's lines over a page, as one shape that zigzags outside of it. The SVG's pattern shows the
/// inner half of lines two units wide; so these are one unit wide and half a unit further.
pub(crate) fn lines(grid: &Grid, page: &Rect) -> Shape {
    let mut points: Vec<Xy> = Vec::new();
    if let Some(back) = inverse(&grid.matrix) {
        let corners = [
            (page.x, page.y),
            (page.right(), page.y),
            (page.x, page.bottom()),
            (page.right(), page.bottom()),
        ]
        .map(|corner| apply(&back, corner));
        let reach = |axis: fn(Xy) -> f64| {
            let values = corners.map(axis);
            let cells = |v: f64| (v / grid.cell).floor();
            let low = cells(values.into_iter().fold(f64::INFINITY, f64::min)) - 1.0;
            let high = cells(values.into_iter().fold(f64::NEG_INFINITY, f64::max)) + 2.0;
            (low, high.min(low + MOST_LINES))
        };
        let (xs, ys) = (reach(|p| p.0), reach(|p| p.1));
        let at = |cell: f64| cell * grid.cell + 0.5;
        // One line runs along x and back along the next; then the same across.
        let mut turn = false;
        let mut step = ys.0;
        while step <= ys.1 {
            let (a, b) = if turn { (xs.1, xs.0) } else { (xs.0, xs.1) };
            points.extend([(at(a), at(step)), (at(b), at(step))]);
            (turn, step) = (!turn, step + 1.0);
        }
        let mut step = if turn { xs.1 } else { xs.0 };
        let (way, mut down) = (if turn { -1.0 } else { 1.0 }, true);
        while (xs.0..=xs.1).contains(&step) {
            let (a, b) = if down { (ys.1, ys.0) } else { (ys.0, ys.1) };
            points.extend([(at(step), at(a)), (at(step), at(b))]);
            (down, step) = (!down, step + way);
        }
    }
    Shape {
        outline: Outline::Line(points),
        fill: None,
        fill_opacity: 1.0,
        stroke: Some(Stroke { color: grid.color, width: 1.0, opacity: 1.0, dash: None, round: false }),
        matrix: Some(grid.matrix),
    }
}

fn apply(map: &Matrix, at: Xy) -> Xy {
    let [a, b, c, d, e, f] = *map;
    (a * at.0 + c * at.1 + e, b * at.0 + d * at.1 + f)
}

fn inverse(map: &Matrix) -> Option<Matrix> {
    let [a, b, c, d, e, f] = *map;
    let det = a * d - b * c;
    if det.abs() < 1e-12 {
        return None;
    }
    let (ia, ib, ic, id) = (d / det, -b / det, -c / det, a / det);
    Some([ia, ib, ic, id, -(ia * e + ic * f), -(ib * e + id * f)])
}
