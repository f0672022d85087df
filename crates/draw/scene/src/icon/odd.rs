//! Bodies that are more than prisms: with a roof, a ball, bricks or a drawn outline.

use std::f64::consts::{FRAC_PI_6, PI, TAU};

use super::Face;
use super::carver::{Carver, H, bar, disc, square};
use crate::color::Color;
use crate::geom::{Xy, ngon};

const MIDDLE: Xy = (0.0, 0.0);

/// A safe: a dial on its door.
pub(super) fn vault(c: &mut Carver<'_>, face: &Face) {
    let (line, lamp) = (c.line(), c.lamp());
    let foot = square(H, 0.12);
    c.shadow(&foot);
    c.prism(&foot, 0.0, 0.86);
    let ring = |r: f64| -> Vec<(f64, f64, f64)> {
        (0..=24)
            .map(|i| (r * (TAU * f64::from(i) / 24.0).cos(), H, 0.42 + r * (TAU * f64::from(i) / 24.0).sin()))
            .collect()
    };
    c.score(&ring(0.3), line, 1.6, 0.8);
    c.score(&ring(0.1), lamp, 1.8, 0.9);
    c.crown(face, MIDDLE, 0.86, 0.95);
}

/// Four rows of bricks.
pub(super) fn wall(c: &mut Carver<'_>) {
    let line = c.line();
    c.shadow(&bar(0.0, 0.0, 0.88, 0.24, 0.04));
    let (hx, hy, top) = (0.88, 0.24, 0.95);
    c.prism(&bar(0.0, 0.0, hx, hy, 0.04), 0.0, top);
    for (row, z) in [0.0, 0.24, 0.48, 0.72].into_iter().enumerate() {
        if row > 0 {
            c.score(&[(-hx + 0.04, hy, z), (hx - 0.04, hy, z)], line, 1.3, 0.65);
            c.score(&[(hx, -hy + 0.04, z), (hx, hy - 0.04, z)], line, 1.3, 0.45);
        }
        let offset = if row % 2 == 0 { 0.0 } else { 0.22 };
        for step in -2..=2 {
            let x = f64::from(step) * 0.44 + offset;
            if x.abs() < hx - 0.05 {
                c.score(&[(x, hy, z + 0.03), (x, hy, z + 0.21)], line, 1.3, 0.65);
            }
        }
    }
}

/// The other side's office: a roof, a gable, a door.
pub(super) fn house(c: &mut Carver<'_>) {
    let (base, deep, lamp) = (c.base, c.deep(), c.lamp());
    let half = 0.56;
    c.shadow(&square(H, 0.1));
    c.prism(&bar(0.0, 0.0, half, half, 0.02), 0.0, 0.5);
    let (left, right) = c.palette.faces(base);
    let (eave, ridge) = (0.66, 0.84);
    // The roof: its far slope, the gable that looks to the right, its near slope.
    let lit = base.mix(Color::WHITE, 0.12);
    c.face(&[(-eave, 0.0, ridge), (eave, 0.0, ridge), (eave, -eave, 0.5), (-eave, -eave, 0.5)], lit, true);
    c.face(&[(half, -half, 0.5), (half, half, 0.5), (half, 0.0, ridge - 0.04)], right, false);
    c.face(&[(-eave, eave, 0.5), (eave, eave, 0.5), (eave, 0.0, ridge), (-eave, 0.0, ridge)], base, true);
    c.face(
        &[(-0.16, half, 0.0), (0.12, half, 0.0), (0.12, half, 0.32), (-0.16, half, 0.32)],
        deep.mix(left, 0.2),
        false,
    );
    c.score(&[(half, -0.14, 0.28), (half, 0.14, 0.28)], lamp, 3.0, 0.85);
}

/// A map's needle.
pub(super) fn pin(c: &mut Carver<'_>) {
    let base = c.base;
    c.shadow(&disc(0.34));
    c.prism(&disc(0.46), 0.0, 0.08);
    c.prism_of(&ngon(MIDDLE, 0.3, 28, 0.0), &ngon(MIDDLE, 0.04, 28, 0.0), 0.08, 0.8, base);
    let (at, r) = c.ball((0.0, 0.0, 1.0), 0.46);
    let color = c.palette.glyph;
    c.ellipse(at, (r * 0.38, r * 0.38), color, 0.95);
}

/// A ball with its grid, on a foot.
pub(super) fn globe(c: &mut Carver<'_>) {
    let bright = c.palette.rim;
    c.shadow(&disc(H));
    c.prism(&ngon(MIDDLE, H * 0.8, 32, 0.0), 0.0, 0.14);
    let (at, r) = c.ball((0.0, 0.0, 0.14 + H * 0.93), H);
    let arc = |rx: f64, ry: f64, dy: f64, from: f64| -> Vec<Xy> {
        (0..=16)
            .map(|i| from + PI * f64::from(i) / 16.0)
            .map(|a| (at.0 + rx * r * a.cos(), at.1 + dy * r + ry * r * a.sin()))
            .collect()
    };
    for curve in [
        arc(1.0, 0.3, 0.0, 0.0),
        arc(0.86, 0.24, -0.5, 0.0),
        arc(0.84, 0.22, 0.52, 0.0),
        arc(0.5, 1.0, 0.0, -PI / 2.0),
        arc(0.5, 1.0, 0.0, PI / 2.0),
    ] {
        c.curve(curve, Color::WHITE, 1.3, 0.2 + bright);
    }
}

/// Upright, as clouds are drawn.
pub(super) fn cloud(c: &mut Carver<'_>, face: &Face) {
    let base = c.base;
    let Face::Glyph(path) = face else { return };
    let at = c.camera.lift(0.0, 0.0, 0.0);
    let (u, shadow) = (c.camera.unit, c.palette.shadow);
    c.ellipse(at, (0.95 * u, 0.36 * u), shadow, f64::from(c.palette.shadow_strength) / 100.0);
    let k = u * 2.15 / 24.0;
    let origin = |dx: f64, dy: f64| (at.0 - 12.0 * k + dx, at.1 - 19.0 * k + dy);
    c.sticker(path, origin(3.0, 4.0), k, Some(base.mix(c.palette.shade.0, 0.4)), None);
    c.sticker(path, origin(0.0, 0.0), k, Some(base), None);
    let inner = k * 0.9;
    c.sticker(
        path,
        (at.0 - 12.0 * inner, at.1 - 18.2 * inner),
        inner,
        None,
        Some((base.mix(Color::WHITE, 0.5), 0.7)),
    );
}

/// A figure: a tapering body and a head, `k` times its natural size.
pub(super) fn pawn(c: &mut Carver<'_>, at: Xy, k: f64) {
    let ring = |r: f64| ngon(at, r * k, 28, FRAC_PI_6);
    let base = c.base;
    c.prism(&ring(0.5), 0.0, 0.1 * k);
    c.prism_of(&ring(0.2), &ring(0.44), 0.1 * k, 0.82 * k, base);
    c.ball((at.0, at.1, 1.02 * k), 0.3 * k);
}

/// A capsule standing upright, `k` times its natural size: a drum under a stepped dome.
pub(super) fn capsule(c: &mut Carver<'_>, at: Xy, k: f64) {
    let ring = |r: f64| ngon(at, r * k, 32, 0.0);
    let base = c.base;
    c.prism(&ring(0.52), 0.0, 0.6 * k);
    c.prism_of(&ring(0.4), &ring(0.52), 0.6 * k, 0.8 * k, base);
    c.prism_of(&ring(0.18), &ring(0.4), 0.8 * k, 0.95 * k, base);
}
