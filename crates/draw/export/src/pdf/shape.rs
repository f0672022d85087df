//! One shape of a scene as PDF's operators.

use isobar_scene::Color;
use isobar_scene::path::{Segment, pieces};
use isobar_scene::scene::{Fill, Gradient, Shape, Stroke};
use krilla::geom::{Path, PathBuilder, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{
    LineCap, LineJoin, LinearGradient, Paint, RadialGradient, SpreadMethod, Stop, StrokeDash,
};
use krilla::surface::Surface;

use crate::raster::dashes;

/// Draws a shape.
pub(super) fn draw(shape: &Shape, gradients: &[Gradient], surface: &mut Surface<'_>) {
    let segments = pieces(&shape.outline);
    let Some(path) = path(&segments) else { return };
    let fill = shape.fill.and_then(|fill| paint_of(fill, gradients, &segments)).map(|paint| {
        krilla::paint::Fill { paint, opacity: share(shape.fill_opacity), ..krilla::paint::Fill::default() }
    });
    let stroke = shape.stroke.as_ref().map(stroke);
    if fill.is_none() && stroke.is_none() {
        return;
    }
    surface.set_fill(fill);
    surface.set_stroke(stroke);
    match &shape.matrix {
        Some(matrix) => {
            surface.push_transform(&transform(matrix));
            surface.draw_path(&path);
            surface.pop();
        }
        None => surface.draw_path(&path),
    }
}

/// A length with two decimals, which are fine enough and short.
pub(super) fn short(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

pub(super) fn transform(map: &[f64; 6]) -> Transform {
    let [a, b, c, d, e, f] = map.map(|v| v as f32);
    Transform::from_row(a, b, c, d, e, f)
}

fn path(segments: &[Segment]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for segment in segments {
        match *segment {
            Segment::Move((x, y)) => builder.move_to(short(x), short(y)),
            Segment::Line((x, y)) => builder.line_to(short(x), short(y)),
            Segment::Cubic(a, b, c) => {
                builder.cubic_to(short(a.0), short(a.1), short(b.0), short(b.1), short(c.0), short(c.1));
            }
            Segment::Close(_) => builder.close(),
        }
    }
    builder.finish()
}

fn paint_of(fill: Fill, gradients: &[Gradient], over: &[Segment]) -> Option<Paint> {
    let gradient = match fill {
        Fill::Flat(color) => return Some(rgb(color).into()),
        Fill::Gradient(at) => gradients.get(at)?,
    };
    let ends = || over.iter().map(|segment| segment.end());
    let low = ends().fold((f64::INFINITY, f64::INFINITY), |a, p| (a.0.min(p.0), a.1.min(p.1)));
    let high = ends().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), |a, p| (a.0.max(p.0), a.1.max(p.1)));
    let (left, top) = (low.0 as f32, low.1 as f32);
    let (w, h) = ((high.0 - low.0) as f32, (high.1 - low.1) as f32);
    let stops: Vec<Stop> = gradient
        .stops
        .iter()
        .map(|&(offset, color)| Stop {
            offset: share(offset),
            color: rgb(color).into(),
            opacity: NormalizedF32::ONE,
        })
        .collect();
    if w <= 0.0 || h <= 0.0 {
        return gradient.stops.last().map(|&(_, color)| rgb(color).into());
    }
    let spread_method = SpreadMethod::Pad;
    Some(if gradient.radial {
        let transform = Transform::from_row(w, 0.0, 0.0, h, left, top);
        let (fx, fy, cx, cy) = (0.36, 0.3, 0.36, 0.3);
        RadialGradient {
            fx,
            fy,
            fr: 0.0,
            cx,
            cy,
            cr: 0.78,
            transform,
            spread_method,
            stops,
            anti_alias: false,
        }
        .into()
    } else {
        let transform = Transform::identity();
        let (x1, x2) = (left, left + w);
        LinearGradient { x1, y1: 0.0, x2, y2: 0.0, transform, spread_method, stops, anti_alias: false }.into()
    })
}

pub(super) fn rgb(color: Color) -> krilla::color::rgb::Color {
    krilla::color::rgb::Color::new(color.0, color.1, color.2)
}

/// A number from 0 to 1; 1 where it is none.
pub(super) fn share(value: f64) -> NormalizedF32 {
    NormalizedF32::new(value.clamp(0.0, 1.0) as f32).unwrap_or(NormalizedF32::ONE)
}

fn stroke(line: &Stroke) -> krilla::paint::Stroke {
    let dash = line.dash.map(|text| StrokeDash { array: dashes(text), offset: 0.0 });
    krilla::paint::Stroke {
        paint: rgb(line.color).into(),
        width: short(line.width),
        line_cap: if line.round { LineCap::Round } else { LineCap::Butt },
        line_join: LineJoin::Round,
        opacity: share(line.opacity),
        dash: dash.filter(|dash| !dash.array.is_empty()),
        ..krilla::paint::Stroke::default()
    }
}
