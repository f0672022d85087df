//! The tools every solid is made with: prisms, spheres, lines on faces, glyphs on tops. Measures
//! are floor units around the origin; what comes out are shapes in page units.

use isobar_layout::Rect;

use crate::color::Color;
use crate::font::Weight;
use crate::geom::{self, COS30, Camera, Xy};
use crate::icon::Face;
use crate::palette::Palette;
use crate::scene::{Anchor, Fill, Gradient, Item, Outline, Shape, Stroke, Text};

/// Half the footprint.
pub(super) const H: f64 = isobar_layout::blueprint::FOOTPRINT / 2.0;

/// A square footprint with round corners.
pub(super) fn square(half: f64, radius: f64) -> Vec<Xy> {
    geom::rounded(Rect::new(-half, -half, 2.0 * half, 2.0 * half), radius, 5)
}

/// A rectangular footprint around a point: half its sides, and the radius of its corners.
pub(super) fn bar(x: f64, y: f64, hx: f64, hy: f64, radius: f64) -> Vec<Xy> {
    geom::rounded(Rect::new(x - hx, y - hy, 2.0 * hx, 2.0 * hy), radius, 3)
}

/// A round footprint.
pub(super) fn disc(radius: f64) -> Vec<Xy> {
    geom::ngon((0.0, 0.0), radius, 36, 0.0)
}

/// A solid in the making.
pub(super) struct Carver<'a> {
    pub(super) camera: Camera,
    pub(super) palette: &'a Palette,
    pub(super) base: Color,
    gradients: &'a mut Vec<Gradient>,
    items: Vec<Item>,
    covered: Vec<Xy>,
}

impl<'a> Carver<'a> {
    pub(super) fn new(
        camera: Camera,
        palette: &'a Palette,
        base: Color,
        gradients: &'a mut Vec<Gradient>,
    ) -> Self {
        Self { camera, palette, base, gradients, items: Vec::new(), covered: Vec::new() }
    }

    /// What was carved, and the hull of it without the shadow.
    pub(super) fn finish(self) -> (Vec<Item>, Vec<Xy>) {
        (self.items, geom::hull(self.covered))
    }

    fn cover(&mut self, points: &[Xy]) {
        self.covered.extend_from_slice(points);
    }

    fn push(&mut self, outline: Outline, fill: Option<Fill>, stroke: Option<Stroke>) {
        self.items.push(Item::Shape(Shape { outline, fill, fill_opacity: 1.0, stroke, matrix: None }));
    }

    /// The position of a gradient, an equal one's where there is one.
    fn gradient(&mut self, gradient: Gradient) -> Fill {
        let at = self.gradients.iter().position(|other| *other == gradient).unwrap_or_else(|| {
            self.gradients.push(gradient);
            self.gradients.len() - 1
        });
        Fill::Gradient(at)
    }

    /// The line colour for details on faces.
    pub(super) fn line(&self) -> Color {
        self.base.mix(Color::WHITE, 0.55)
    }

    /// The colour of small bright parts.
    pub(super) fn lamp(&self) -> Color {
        self.base.mix(Color::WHITE, 0.9)
    }

    /// The colour of openings.
    pub(super) fn deep(&self) -> Color {
        self.base.mix(self.palette.shade.0, 0.45)
    }

    /// Two soft copies of a footprint on the floor.
    pub(super) fn shadow(&mut self, foot: &[Xy]) {
        let strength = f64::from(self.palette.shadow_strength) / 100.0;
        for (share, opacity) in [(1.0, 0.7), (0.4, 1.0)] {
            let moved = |&(x, y): &Xy| self.camera.lift(x + 0.22 * share, y - 0.10 * share, 0.0);
            let shape = Shape {
                outline: Outline::Polygon(foot.iter().map(moved).collect()),
                fill: Some(Fill::Flat(self.palette.shadow)),
                fill_opacity: strength * opacity,
                stroke: None,
                matrix: None,
            };
            self.items.push(Item::Shape(shape));
        }
    }

    /// A prism of the base colour.
    pub(super) fn prism(&mut self, foot: &[Xy], z0: f64, z1: f64) {
        self.prism_of(foot, foot, z0, z1, self.base);
    }

    /// A prism, or a tapered one when `bottom` differs from `top`. Both are convex and clockwise,
    /// with as many corners. Body: the hull of both outlines in one gradient, whose stops are the
    /// visible side faces; then the top with its light rim.
    pub(super) fn prism_of(&mut self, top: &[Xy], bottom: &[Xy], z0: f64, z1: f64, color: Color) {
        let low = bottom.iter().map(|&(x, y)| self.camera.lift(x, y, z0));
        let high: Vec<Xy> = top.iter().map(|&(x, y)| self.camera.lift(x, y, z1)).collect();
        let body = geom::hull(low.chain(high.iter().copied()));
        let (left, right) = self.palette.faces(color);
        let Some(extent) = geom::around(body.iter().copied()) else { return };
        let mut stops: Vec<(f64, Color)> = Vec::new();
        for (at, &(ax, ay)) in top.iter().enumerate() {
            let (bx, by) = top[(at + 1) % top.len()];
            let length = geom::distance((ax, ay), (bx, by));
            if length < 1e-9 {
                continue;
            }
            let (nx, ny) = ((by - ay) / length, -(bx - ax) / length);
            if nx + ny <= 0.0 {
                continue;
            }
            let share = (((ny - nx) / std::f64::consts::SQRT_2 + 1.0) / 2.0).clamp(0.0, 1.0);
            let shade = if ny > 0.95 { left } else { right.mix(left, share) };
            let (pa, pb) = (self.camera.lift(ax, ay, 0.0).0, self.camera.lift(bx, by, 0.0).0);
            let (pa, pb) = (pa.min(pb), pa.max(pb));
            let offset = |x: f64| (((x - extent.x) / extent.w).clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
            if length > 0.3 {
                let inset = (pb - pa) * 0.03;
                stops.push((offset(pa + inset), shade));
                stops.push((offset(pb - inset), shade));
            } else {
                stops.push((offset((pa + pb) / 2.0), shade));
            }
        }
        stops.sort_by(|a, b| a.0.total_cmp(&b.0));
        stops.dedup();
        self.cover(&body);
        let fill = self.gradient(Gradient { radial: false, stops });
        self.push(Outline::Polygon(body), Some(fill), None);
        let rim = Stroke {
            color: color.mix(Color::WHITE, self.palette.rim),
            width: 1.1,
            opacity: 1.0,
            dash: None,
            round: false,
        };
        self.push(Outline::Polygon(high), Some(Fill::Flat(color)), Some(rim));
    }

    /// A flat face through points in space.
    pub(super) fn face(&mut self, corners: &[(f64, f64, f64)], color: Color, rim: bool) {
        let points: Vec<Xy> = corners.iter().map(|&(x, y, z)| self.camera.lift(x, y, z)).collect();
        self.cover(&points);
        let stroke = rim.then(|| Stroke {
            color: color.mix(Color::WHITE, self.palette.rim),
            width: 1.0,
            opacity: 1.0,
            dash: None,
            round: true,
        });
        self.push(Outline::Polygon(points), Some(Fill::Flat(color)), stroke);
    }

    /// A flat polygon on the page.
    pub(super) fn flat(&mut self, points: Vec<Xy>, color: Color) {
        self.push(Outline::Polygon(points), Some(Fill::Flat(color)), None);
    }

    /// A line through points in space.
    pub(super) fn score(&mut self, points: &[(f64, f64, f64)], color: Color, width: f64, opacity: f64) {
        let points = points.iter().map(|&(x, y, z)| self.camera.lift(x, y, z)).collect();
        let stroke = Stroke { color, width, opacity, dash: None, round: true };
        self.push(Outline::Line(points), None, Some(stroke));
    }

    /// A ball.
    pub(super) fn ball(&mut self, center: (f64, f64, f64), radius: f64) -> (Xy, f64) {
        let at = self.camera.lift(center.0, center.1, center.2);
        let r = radius * self.camera.unit;
        let dark = self.palette.shade.0;
        let stops = vec![
            (0.0, self.base.mix(Color::WHITE, 0.42)),
            (0.5, self.base),
            (1.0, self.base.mix(dark, 0.40)),
        ];
        let fill = self.gradient(Gradient { radial: true, stops });
        self.cover(&geom::ngon(at, r, 24, 0.0));
        self.push(Outline::Ellipse(at, (r, r)), Some(fill), None);
        (at, r)
    }

    /// An upright path of ours, filled or stroked, with its square's origin at `at`.
    pub(super) fn sticker(
        &mut self,
        path: &'static str,
        at: Xy,
        scale: f64,
        fill: Option<Color>,
        line: Option<(Color, f64)>,
    ) {
        let stroke =
            line.map(|(color, width)| Stroke { color, width, opacity: 1.0, dash: None, round: true });
        self.items.push(Item::Shape(Shape {
            outline: Outline::Path(path),
            fill: fill.map(Fill::Flat),
            fill_opacity: 1.0,
            stroke,
            matrix: Some([scale, 0.0, 0.0, scale, at.0, at.1]),
        }));
        let around = Rect::new(at.0 + 3.0 * scale, at.1 + 5.0 * scale, 18.0 * scale, 14.0 * scale);
        self.cover(&geom::rounded(around, 6.0 * scale, 3));
    }

    /// An ellipse on the page.
    pub(super) fn ellipse(&mut self, center: Xy, radii: Xy, color: Color, opacity: f64) {
        self.items.push(Item::Shape(Shape {
            outline: Outline::Ellipse(center, radii),
            fill: Some(Fill::Flat(color)),
            fill_opacity: opacity,
            stroke: None,
            matrix: None,
        }));
    }

    /// A curve on the page.
    pub(super) fn curve(&mut self, points: Vec<Xy>, color: Color, width: f64, opacity: f64) {
        self.push(
            Outline::Line(points),
            None,
            Some(Stroke { color, width, opacity, dash: None, round: true }),
        );
    }

    /// The glyph or the letters, lying on a top face.
    pub(super) fn crown(&mut self, face: &Face, center: Xy, z: f64, size: f64) {
        let at = self.camera.lift(center.0, center.1, z);
        let color = self.palette.glyph;
        match face {
            Face::Glyph(path) => {
                let k = size / 24.0 * self.camera.unit;
                let (c, s) = (COS30 * k, 0.5 * k);
                // The glyph's own middle (12, 12) falls on the face's.
                self.items.push(Item::Shape(Shape {
                    outline: Outline::Path(path),
                    fill: None,
                    fill_opacity: 1.0,
                    stroke: Some(Stroke { color, width: 2.1, opacity: 1.0, dash: None, round: true }),
                    matrix: Some([c, s, -c, s, at.0, at.1 - 24.0 * s]),
                }));
            }
            Face::Letters(text) => {
                let size = size * 0.56 * self.camera.unit;
                self.items.push(Item::Text(Text {
                    at: (0.0, size * 0.36),
                    text: text.clone(),
                    size,
                    weight: Weight::SemiBold,
                    color,
                    anchor: Anchor::Middle,
                    halo: None,
                    matrix: Some(self.camera.floor_matrix(at, 1.0)),
                }));
            }
        }
    }

    /// The icon as the flat projection has it: a rounded tile with its glyph upright.
    pub(super) fn tile(&mut self, face: &Face) {
        let half = 0.6 * self.camera.unit;
        let radius = 0.24 * 2.0 * half;
        let square = Rect::new(-half, -half, 2.0 * half, 2.0 * half);
        self.items.push(Item::Shape(Shape {
            outline: Outline::Rect(Rect { y: square.y + 2.5, ..square }, radius),
            fill: Some(Fill::Flat(self.palette.shadow)),
            fill_opacity: f64::from(self.palette.shadow_strength) / 100.0,
            stroke: None,
            matrix: None,
        }));
        self.push(Outline::Rect(square, radius), Some(Fill::Flat(self.base)), None);
        self.cover(&[(-half, -half), (half, -half), (half, half), (-half, half)]);
        let color = self.palette.glyph;
        match face {
            Face::Glyph(path) => {
                let k = half / 18.0;
                self.items.push(Item::Shape(Shape {
                    outline: Outline::Path(path),
                    fill: None,
                    fill_opacity: 1.0,
                    stroke: Some(Stroke { color, width: 1.8, opacity: 1.0, dash: None, round: true }),
                    matrix: Some([k, 0.0, 0.0, k, -12.0 * k, -12.0 * k]),
                }));
            }
            Face::Letters(text) => self.items.push(Item::Text(Text {
                at: (0.0, 7.4),
                text: text.clone(),
                size: 20.0,
                weight: Weight::SemiBold,
                color,
                anchor: Anchor::Middle,
                halo: None,
                matrix: None,
            })),
        }
    }
}
