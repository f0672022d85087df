//! How each body is carved out of prisms, one arm per body; those that take more than prisms are
//! in `odd`.

use std::f64::consts::PI;

use super::carver::{Carver, H, bar, disc, square};
use super::solid::Solid::{self, *};
use super::{Face, odd};
use crate::color::Color;
use crate::geom::{self, Xy, ngon};

/// Carves a body around the origin.
pub(super) fn carve(solid: Solid, c: &mut Carver<'_>, face: &Face) {
    let middle = (0.0, 0.0);
    let (base, line) = (c.base, c.line());
    let (lamp, deep) = (c.lamp(), c.deep());
    match solid {
        Block => {
            let foot = square(H, 0.16);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 1.15);
            for z in [0.28, 0.52, 0.76] {
                c.score(&[(-H + 0.22, H, z), (H - 0.5, H, z)], line, 1.4, 0.6);
                c.score(&[(H - 0.3, H, z), (H - 0.24, H, z)], lamp, 2.2, 0.95);
            }
            c.crown(face, middle, 1.15, 1.0);
        }
        Crate => {
            let foot = square(H, 0.16);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.86);
            for t in [-0.3, 0.0, 0.3] {
                c.score(&[(t, H, 0.14), (t, H, 0.72)], line, 1.6, 0.55);
                c.score(&[(H, t, 0.14), (H, t, 0.72)], line, 1.6, 0.4);
            }
            c.crown(face, middle, 0.86, 1.0);
        }
        Crates => {
            c.shadow(&square(H, 0.1));
            c.prism(&square(H, 0.1), 0.0, 0.12);
            for (x, y) in [(-0.3, -0.3), (0.3, -0.3), (-0.3, 0.3), (0.3, 0.3)] {
                c.prism(&bar(x, y, 0.27, 0.27, 0.06), 0.12, 0.54);
            }
            c.prism(&square(0.42, 0.1), 0.54, 1.0);
            for t in [-0.16, 0.16] {
                c.score(&[(t, 0.42, 0.62), (t, 0.42, 0.92)], line, 1.5, 0.6);
                c.score(&[(0.42, t, 0.62), (0.42, t, 0.92)], line, 1.5, 0.45);
            }
            c.crown(face, middle, 1.0, 0.72);
        }
        Pallet => {
            c.shadow(&square(0.72, 0.14));
            c.prism(&square(0.72, 0.14), 0.0, 0.16);
            for (x, y) in [(-0.32, -0.32), (0.32, -0.32), (-0.32, 0.32), (0.32, 0.32)] {
                c.prism(&bar(x, y, 0.25, 0.25, 0.06), 0.16, 0.62);
            }
        }
        Flock => {
            c.shadow(&square(H, 0.2));
            c.prism(&bar(-0.3, -0.3, 0.32, 0.32, 0.08), 0.0, 1.0);
            c.prism(&bar(0.36, -0.32, 0.3, 0.3, 0.08), 0.0, 0.66);
            c.prism(&bar(-0.32, 0.36, 0.3, 0.3, 0.08), 0.0, 0.66);
            c.prism(&bar(0.36, 0.36, 0.28, 0.28, 0.08), 0.0, 0.34);
        }
        Comb => {
            let cells = [(-0.36, -0.2), (0.3, -0.38), (0.06, 0.36)];
            c.shadow(&ngon(middle, 0.72, 18, 0.0));
            for (at, &cell) in cells.iter().enumerate() {
                let z = [0.62, 0.46, 0.34][at];
                c.prism(&ngon(cell, 0.37, 6, PI / 12.0), 0.0, z);
            }
        }
        HexLow | HexTall => {
            let z = solid.height();
            let foot = ngon(middle, H * 1.06, 6, PI / 12.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, z);
            c.crown(face, middle, z, 0.95);
        }
        HexTier => {
            let foot = ngon(middle, H * 1.08, 6, PI / 12.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.18);
            c.prism(&ngon(middle, H * 0.86, 6, PI / 12.0), 0.18, 0.5);
            c.crown(face, middle, 0.5, 0.84);
        }
        OctaLow | OctaTall => {
            let z = solid.height();
            let foot = ngon(middle, H * 1.04, 8, PI / 8.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, z);
            c.crown(face, middle, z, 0.98);
        }
        Tower => {
            let foot = ngon(middle, H * 1.02, 8, PI / 8.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.16);
            c.prism(&ngon(middle, H * 0.82, 8, PI / 8.0), 0.16, 0.98);
            c.prism(&ngon(middle, H * 0.98, 8, PI / 8.0), 0.98, 1.2);
            c.crown(face, middle, 1.2, 0.86);
        }
        Hub => {
            let foot = ngon(middle, H * 1.06, 8, PI / 8.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.26);
            c.prism(&ngon(middle, H * 0.74, 32, 0.0), 0.26, 0.74);
            c.crown(face, middle, 0.74, 0.78);
        }
        Slab => {
            let foot = square(H, 0.34);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.5);
            c.crown(face, middle, 0.5, 1.0);
        }
        Plain => {
            let foot = square(H, 0.12);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.5);
            c.crown(face, middle, 0.5, 1.0);
        }
        Discs | Pair => {
            let count = if solid == Discs { 3 } else { 2 };
            let foot = disc(H);
            c.shadow(&foot);
            for at in 0..count {
                let z = f64::from(at) * 0.43;
                c.prism(&foot, z, z + 0.36);
            }
            c.crown(face, middle, f64::from(count) * 0.43 - 0.07, 0.86);
        }
        Cone => {
            c.shadow(&disc(H));
            for (r, z0, z1) in [(1.0, 0.0, 0.34), (0.84, 0.4, 0.76), (0.68, 0.82, 1.2)] {
                c.prism(&disc(H * r), z0, z1);
            }
            c.crown(face, middle, 1.2, 0.68);
        }
        Drum => {
            c.shadow(&disc(H));
            c.prism(&disc(H), 0.0, 0.5);
            c.crown(face, middle, 0.5, 0.9);
        }
        Quad => {
            c.shadow(&square(H, 0.3));
            for ((x, y), z) in [(-0.34, -0.34), (0.34, -0.34), (-0.34, 0.34), (0.34, 0.34)]
                .into_iter()
                .zip([0.8, 0.62, 0.62, 0.44])
            {
                c.prism(&ngon((x, y), 0.32, 24, 0.0), 0.0, z);
            }
        }
        Plates => {
            let foot = square(H, 0.2);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.2);
            c.prism(&foot, 0.27, 0.47);
            c.prism(&foot, 0.54, 0.74);
            c.crown(face, middle, 0.74, 0.95);
        }
        Puck => {
            c.shadow(&disc(H));
            c.prism(&disc(H), 0.0, 0.3);
            c.crown(face, middle, 0.3, 0.95);
        }
        Tier => {
            c.shadow(&disc(H));
            c.prism(&disc(H), 0.0, 0.2);
            c.prism(&ngon(middle, H * 0.78, 32, 0.0), 0.2, 0.52);
            c.crown(face, middle, 0.52, 0.9);
        }
        Dial => {
            c.shadow(&disc(H));
            c.prism_of(&disc(H * 0.84), &disc(H), 0.0, 0.5, base);
            c.crown(face, middle, 0.5, 0.84);
        }
        Rings => {
            c.shadow(&disc(H));
            for (r, z0, z1) in [(1.02, 0.0, 0.14), (0.66, 0.14, 0.28), (0.3, 0.28, 0.42)] {
                c.prism(&ngon(middle, H * r, 32, 0.0), z0, z1);
            }
        }
        Seal => {
            let foot = ngon(middle, H * 1.04, 12, PI / 12.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.16);
            c.prism(&ngon(middle, H * 0.92, 36, 0.0), 0.16, 0.32);
            c.crown(face, middle, 0.32, 0.95);
        }
        Pail => {
            c.shadow(&disc(H));
            c.prism_of(&disc(H * 1.02), &disc(H * 0.72), 0.0, 0.95, base);
            let at = |r: f64, z: f64| -> Vec<Xy> {
                disc(r).into_iter().map(|(x, y)| c.camera.lift(x, y, z)).collect()
            };
            let mouth = at(H * 0.84, 0.95);
            let level = geom::clip(&at(H * 0.8, 0.78), &mouth);
            c.flat(mouth, base.mix(c.palette.shade.0, 0.45));
            c.flat(level, base.mix(Color::WHITE, 0.62));
        }
        Chest => {
            let foot = square(H, 0.1);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.6);
            c.prism(&square(H * 1.06, 0.12), 0.66, 0.95);
            c.score(&[(-0.1, H, 0.5), (0.1, H, 0.5)], lamp, 3.0, 0.9);
            c.crown(face, middle, 0.95, 0.98);
        }
        Cabinet => {
            let foot = square(H, 0.1);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.95);
            for (low, high) in [(0.1, 0.45), (0.53, 0.88)] {
                let (l, r) = (-H + 0.14, H - 0.14);
                c.score(&[(l, H, low), (r, H, low), (r, H, high), (l, H, high), (l, H, low)], line, 1.3, 0.6);
                let z = (low + high) / 2.0;
                c.score(&[(-0.14, H, z), (0.14, H, z)], lamp, 2.4, 0.9);
            }
            c.crown(face, middle, 0.95, 0.98);
        }
        Platter => {
            let foot = square(H, 0.14);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.44);
            c.score(&[(H - 0.34, H, 0.2), (H - 0.2, H, 0.2)], lamp, 2.4, 0.95);
            c.prism(&ngon(middle, H * 0.84, 32, 0.0), 0.44, 0.6);
            c.prism(&ngon(middle, H * 0.3, 24, 0.0), 0.6, 0.68);
        }
        Queue => {
            let tray = bar(0.0, 0.0, 0.92, 0.5, 0.14);
            c.shadow(&tray);
            c.prism_of(&tray, &tray, 0.0, 0.16, base.mix(c.palette.shade.0, 0.12));
            for x in [-0.56, 0.0, 0.56] {
                c.prism(&bar(x, 0.0, 0.17, 0.36, 0.06), 0.16, 0.74);
            }
        }
        Rail => {
            c.shadow(&bar(0.0, 0.0, 0.92, 0.36, 0.1));
            c.prism(&bar(0.0, -0.34, 0.14, 0.16, 0.06), 0.0, 0.52);
            c.prism(&bar(0.0, 0.0, 0.94, 0.2, 0.12), 0.0, 0.34);
            for x in [-0.56, 0.56] {
                c.prism(&bar(x, 0.42, 0.14, 0.16, 0.06), 0.0, 0.52);
            }
            c.score(&[(-0.7, 0.0, 0.34), (0.7, 0.0, 0.34)], c.palette.glyph, 2.2, 0.9);
        }
        Lanes => {
            c.shadow(&bar(0.0, 0.0, 0.92, 0.6, 0.1));
            for (at, y) in [-0.42, 0.0, 0.42].into_iter().enumerate() {
                let shift = [0.12, 0.0, -0.12][at];
                c.prism(&bar(shift, y, 0.78, 0.17, 0.16), 0.0, 0.42);
                let (from, to) = (shift - 0.45, shift + 0.5);
                c.score(&[(from, y, 0.42), (to, y, 0.42)], c.palette.glyph, 2.0, 0.9);
                c.score(
                    &[(to - 0.14, y - 0.09, 0.42), (to, y, 0.42), (to - 0.14, y + 0.09, 0.42)],
                    c.palette.glyph,
                    2.0,
                    0.9,
                );
            }
        }
        Stairs => {
            c.shadow(&square(H, 0.1));
            for (x, z) in [(-0.44, 0.8), (0.0, 0.54), (0.44, 0.28)] {
                c.prism(&bar(x, 0.0, 0.21, H, 0.05), 0.0, z);
            }
        }
        Vault => odd::vault(c, face),
        Pawn => {
            c.shadow(&disc(0.5));
            odd::pawn(c, middle, 1.0);
        }
        Pawns => {
            c.shadow(&disc(H));
            for (at, k) in [((-0.3, -0.3), 0.74), ((0.42, -0.14), 0.62), ((-0.14, 0.42), 0.62)] {
                odd::pawn(c, at, k);
            }
        }
        Sheet => {
            let (a, b) = (H * 0.92, 0.34);
            let foot = vec![(a - b, -a), (a, -a + b), (a, a), (-a, a), (-a, -a)];
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.12);
            c.prism(&foot, 0.18, 0.3);
            c.crown(face, middle, 0.3, 0.95);
        }
        Card => {
            let foot = bar(0.0, 0.0, H, H * 0.78, 0.1);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.26);
            for x in [-0.36, -0.12, 0.12, 0.36] {
                c.score(&[(x, H * 0.78, 0.07), (x, H * 0.78, 0.18)], lamp, 2.2, 0.85);
            }
            c.crown(face, middle, 0.26, 0.88);
        }
        Shield => {
            // A shield lying on the floor, its point towards the reader.
            let a = H * 1.02;
            let outline = [
                (-0.95, -0.95),
                (0.35, -0.95),
                (0.78, -0.55),
                (0.96, 0.2),
                (0.98, 0.98),
                (0.2, 0.96),
                (-0.55, 0.78),
                (-0.95, 0.35),
            ];
            let foot: Vec<Xy> = outline.iter().map(|&(x, y)| (x * a, y * a)).collect();
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.42);
            c.crown(face, (-0.04, -0.04), 0.42, 0.95);
        }
        Socket => {
            let foot = square(H, 0.2);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.2);
            c.prism(&disc(H * 0.82), 0.2, 0.5);
            c.crown(face, middle, 0.5, 0.84);
        }
        Bridge => {
            for x in [-0.58, 0.58] {
                c.shadow(&ngon((x, 0.0), 0.36, 24, 0.0));
            }
            c.prism(&ngon((-0.58, 0.0), 0.36, 28, 0.0), 0.0, 0.5);
            c.prism(&bar(0.0, 0.0, 0.6, 0.13, 0.08), 0.3, 0.46);
            c.prism(&ngon((0.58, 0.0), 0.36, 28, 0.0), 0.0, 0.5);
            c.score(&[(-0.72, 0.0, 0.5), (-0.44, 0.0, 0.5)], c.palette.glyph, 2.4, 0.95);
            c.score(&[(0.44, 0.0, 0.5), (0.72, 0.0, 0.5)], c.palette.glyph, 2.4, 0.95);
        }
        Gate => {
            for y in [-0.66, 0.66] {
                c.shadow(&bar(0.0, y, 0.2, 0.2, 0.07));
                c.prism(&bar(0.0, y, 0.2, 0.2, 0.07), 0.0, 0.95);
            }
            c.prism(&bar(0.0, 0.0, 0.26, 0.94, 0.08), 0.95, 1.2);
        }
        Hives => {
            let foot = ngon(middle, H * 1.06, 6, PI / 12.0);
            c.shadow(&foot);
            for level in 0..3 {
                let z = f64::from(level) * 0.43;
                c.prism(&foot, z, z + 0.36);
            }
            c.crown(face, middle, 1.22, 0.86);
        }
        Spool => {
            c.shadow(&disc(H));
            c.prism(&disc(H), 0.0, 0.16);
            c.prism(&disc(H * 0.7), 0.16, 0.58);
            c.prism(&disc(H), 0.58, 0.74);
            c.crown(face, middle, 0.74, 0.92);
        }
        Pod => {
            c.shadow(&disc(0.52));
            odd::capsule(c, middle, 1.0);
        }
        Pods => {
            let foot = ngon(middle, H * 1.08, 6, PI / 12.0);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.14);
            for at in [(-0.3, -0.3), (0.3, -0.12), (-0.12, 0.3)] {
                odd::capsule(c, at, 0.54);
            }
        }
        Patch => {
            let foot = square(H, 0.1);
            c.shadow(&foot);
            c.prism(&foot, 0.0, 0.42);
            for x in [-0.36, 0.0, 0.36] {
                let port = [(x - 0.1, 0.13), (x + 0.1, 0.13), (x + 0.1, 0.29), (x - 0.1, 0.29)];
                c.face(&port.map(|(x, z)| (x, H, z)), deep, true);
            }
            c.crown(face, middle, 0.42, 0.98);
        }
        Turnstile => {
            for (y, half, z) in [(-0.66, 0.2, 0.95), (0.0, 0.48, 0.46), (0.66, 0.2, 0.95)] {
                let post = bar(0.0, y, if z < 0.9 { 0.1 } else { 0.2 }, half, 0.06);
                c.shadow(&post);
                c.prism(&post, 0.0, z);
            }
            c.prism(&bar(0.0, 0.0, 0.26, 0.94, 0.08), 0.95, 1.2);
        }
        Wall => odd::wall(c),
        House => odd::house(c),
        Pin => odd::pin(c),
        Globe => odd::globe(c),
        Cloud => odd::cloud(c, face),
    }
}
