//! One shape of a scene onto pixels.

use isobar_scene::path::{Segment, pieces};
use isobar_scene::scene::{Fill, Gradient, Shape, Stroke};
use tiny_skia::{
    FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder, PixmapMut, Point,
    RadialGradient, Rect, Shader, SpreadMode, StrokeDash, Transform,
};

use super::transform;

/// Draws a shape.
pub(super) fn draw(shape: &Shape, gradients: &[Gradient], map: Transform, canvas: &mut PixmapMut<'_>) {
    let Some(path) = path(&pieces(&shape.outline)) else { return };
    let map = shape.matrix.map_or(map, |matrix| map.pre_concat(transform(matrix)));
    if outside(&path, shape, map, canvas) {
        return;
    }
    if let Some(paint) = shape.fill.and_then(|fill| fill_paint(fill, shape.fill_opacity, &path, gradients)) {
        canvas.fill_path(&path, &paint, FillRule::Winding, map, None);
    }
    if let Some(line) = &shape.stroke {
        canvas.stroke_path(&path, &stroke_paint(line), &stroke(line), map, None);
    }
}

/// The path of some segments; none where there is nothing to draw.
pub(super) fn path(segments: &[Segment]) -> Option<Path> {
    let mut builder = PathBuilder::with_capacity(segments.len() + 1, segments.len() * 2);
    for segment in segments {
        match *segment {
            Segment::Move((x, y)) => builder.move_to(x as f32, y as f32),
            Segment::Line((x, y)) => builder.line_to(x as f32, y as f32),
            Segment::Cubic(a, b, c) => {
                builder.cubic_to(a.0 as f32, a.1 as f32, b.0 as f32, b.1 as f32, c.0 as f32, c.1 as f32);
            }
            Segment::Close(_) => builder.close(),
        }
    }
    builder.finish()
}

/// How far a shape's line reaches beyond its outline.
pub(super) fn reach(shape: &Shape) -> f32 {
    shape.stroke.map_or(0.0, |line| line.width as f32 / 2.0)
}

fn outside(path: &Path, shape: &Shape, map: Transform, canvas: &PixmapMut<'_>) -> bool {
    let Some(bounds) = grown(path.bounds(), reach(shape)).and_then(|bounds| bounds.transform(map)) else {
        return false;
    };
    bounds.right() < -1.0
        || bounds.bottom() < -1.0
        || bounds.left() > canvas.width() as f32 + 1.0
        || bounds.top() > canvas.height() as f32 + 1.0
}

/// A box grown on all sides.
pub(super) fn grown(rect: Rect, by: f32) -> Option<Rect> {
    Rect::from_ltrb(rect.left() - by, rect.top() - by, rect.right() + by, rect.bottom() + by)
}

fn fill_paint(fill: Fill, opacity: f64, path: &Path, gradients: &[Gradient]) -> Option<Paint<'static>> {
    let shader = match fill {
        Fill::Flat(color) => Shader::SolidColor(with_alpha(color, opacity)),
        Fill::Gradient(at) => gradient(gradients.get(at)?, opacity, path.bounds())?,
    };
    Some(Paint { shader, anti_alias: true, ..Paint::default() })
}

/// A gradient over a box. Where the box has no extent its last colour is all there is.
fn gradient(gradient: &Gradient, opacity: f64, over: Rect) -> Option<Shader<'static>> {
    let stops: Vec<GradientStop> = gradient
        .stops
        .iter()
        .map(|&(offset, color)| GradientStop::new(offset as f32, with_alpha(color, opacity)))
        .collect();
    let last = gradient.stops.last()?.1;
    let made = if gradient.radial {
        let map = Transform::from_row(over.width(), 0.0, 0.0, over.height(), over.left(), over.top());
        let center = Point::from_xy(0.36, 0.3);
        RadialGradient::new(center, 0.0, center, 0.78, stops, SpreadMode::Pad, map)
    } else {
        let (from, to) = (Point::from_xy(over.left(), 0.0), Point::from_xy(over.right(), 0.0));
        LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity())
    };
    Some(made.unwrap_or(Shader::SolidColor(with_alpha(last, opacity))))
}

fn with_alpha(color: isobar_scene::Color, opacity: f64) -> tiny_skia::Color {
    let mut out = super::opaque_color(color);
    out.set_alpha(opacity.clamp(0.0, 1.0) as f32);
    out
}

fn stroke_paint(line: &Stroke) -> Paint<'static> {
    let shader = Shader::SolidColor(with_alpha(line.color, line.opacity));
    Paint { shader, anti_alias: true, ..Paint::default() }
}

fn stroke(line: &Stroke) -> tiny_skia::Stroke {
    let dash = line.dash.map(dashes).and_then(|dashes| StrokeDash::new(dashes, 0.0));
    tiny_skia::Stroke {
        width: line.width as f32,
        line_cap: if line.round { LineCap::Round } else { LineCap::Butt },
        line_join: LineJoin::Round,
        dash,
        ..tiny_skia::Stroke::default()
    }
}

/// The lengths of an SVG dash array; an odd number of them is said twice.
pub(crate) fn dashes(text: &str) -> Vec<f32> {
    let mut out: Vec<f32> =
        text.split([' ', ',']).filter_map(|word| word.parse().ok()).filter(|v: &f32| *v >= 0.0).collect();
    if out.len() % 2 == 1 {
        out.extend_from_within(..);
    }
    out
}
