//! The bodies: each one's measures, which edges and labels need, and how it is carved.

use std::f64::consts::{FRAC_PI_6, PI, TAU};

use isobar_graph::Family;
use isobar_layout::Rect;

use super::Face;
use super::carver::{Carver, H};
use crate::color::Color;
use crate::geom::{self, Xy, ngon, rounded};

/// A body of the isometric view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // Each name says what it looks like.
pub enum Solid {
    Block,
    Bridge,
    Cabinet,
    Card,
    Chest,
    Cloud,
    Comb,
    Cone,
    Crate,
    Crates,
    Dial,
    Discs,
    Drum,
    Flock,
    Gate,
    Globe,
    HexLow,
    HexTall,
    HexTier,
    House,
    Hub,
    Lanes,
    OctaLow,
    OctaTall,
    Pail,
    Pair,
    Pallet,
    Pawn,
    Pawns,
    Pin,
    Plain,
    Plates,
    Platter,
    Puck,
    Quad,
    Queue,
    Rail,
    Rings,
    Seal,
    Sheet,
    Shield,
    Slab,
    Socket,
    Stairs,
    Tier,
    Tower,
    Vault,
    Wall,
}

use Solid::*;

impl Solid {
    /// The body of a type that has no icon of its own.
    pub fn of_family(family: Family) -> Self {
        match family {
            Family::Compute => Crate,
            Family::Storage | Family::Neutral => Plain,
            Family::Database => Pair,
            Family::Network => OctaLow,
            Family::Security => HexLow,
            Family::Integration => Tier,
            Family::Edge => Puck,
        }
    }

    /// Its height in floor units.
    pub fn height(self) -> f64 {
        match self {
            Block => 1.15,
            Cone => 1.2,
            Discs => 1.22,
            Gate | Tower => 1.2,
            Globe | Pin | Pawn => 1.35,
            Chest | Pail | Wall | House | Cabinet => 0.95,
            Flock | Crates => 1.0,
            Crate | Vault => 0.86,
            HexTall | Pair | Pawns | Stairs => 0.8,
            Queue | Hub | Plates => 0.74,
            OctaTall | Comb | Pallet | Quad | Bridge | Platter => 0.62,
            HexLow | Drum | Slab | Tier | Plain | HexTier | Socket | Dial | Cloud => 0.5,
            OctaLow | Shield | Rail | Lanes | Rings => 0.42,
            Puck | Card | Seal | Sheet => 0.3,
        }
    }

    /// How far it reaches from its middle along x and along y.
    pub fn reach(self) -> Xy {
        match self {
            Queue | Lanes | Rail => (0.92, 0.6),
            Wall => (0.88, 0.5),
            Bridge => (0.9, 0.5),
            Gate => (0.3, 0.95),
            Cloud => (0.95, H),
            _ => (H, H),
        }
    }

    /// Carves it around the origin.
    pub(super) fn carve(self, c: &mut Carver<'_>, face: &Face) {
        let square = |half: f64, r: f64| rounded(Rect::new(-half, -half, 2.0 * half, 2.0 * half), r, 5);
        let bar = |x: f64, y: f64, hx: f64, hy: f64, r: f64| {
            rounded(Rect::new(x - hx, y - hy, 2.0 * hx, 2.0 * hy), r, 3)
        };
        let disc = |r: f64| ngon((0.0, 0.0), r, 36, 0.0);
        let middle = (0.0, 0.0);
        let (base, line, bright) = (c.base, c.line(), c.palette.rim);
        let lamp = base.mix(Color::WHITE, 0.9);
        let deep = base.mix(c.palette.shade.0, 0.45);
        match self {
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
                let z = self.height();
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
                let z = self.height();
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
                let count = if self == Discs { 3 } else { 2 };
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
                    c.score(
                        &[(l, H, low), (r, H, low), (r, H, high), (l, H, high), (l, H, low)],
                        line,
                        1.3,
                        0.6,
                    );
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
            Vault => {
                let foot = square(H, 0.12);
                c.shadow(&foot);
                c.prism(&foot, 0.0, 0.86);
                let ring = |r: f64| -> Vec<(f64, f64, f64)> {
                    (0..=24)
                        .map(|i| {
                            (
                                r * (TAU * f64::from(i) / 24.0).cos(),
                                H,
                                0.42 + r * (TAU * f64::from(i) / 24.0).sin(),
                            )
                        })
                        .collect()
                };
                c.score(&ring(0.3), line, 1.6, 0.8);
                c.score(&ring(0.1), lamp, 1.8, 0.9);
                c.crown(face, middle, 0.86, 0.95);
            }
            Pawn => {
                c.shadow(&disc(0.5));
                pawn(c, middle, 1.0);
            }
            Pawns => {
                c.shadow(&disc(H));
                for (at, k) in [((-0.3, -0.3), 0.74), ((0.42, -0.14), 0.62), ((-0.14, 0.42), 0.62)] {
                    pawn(c, at, k);
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
            Wall => {
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
            House => {
                let half = 0.56;
                c.shadow(&square(H, 0.1));
                c.prism(&bar(0.0, 0.0, half, half, 0.02), 0.0, 0.5);
                let (left, right) = c.palette.faces(base);
                let (eave, ridge) = (0.66, 0.84);
                // The roof: its far slope, the gable that looks to the right, its near slope.
                let lit = base.mix(Color::WHITE, 0.12);
                c.face(
                    &[(-eave, 0.0, ridge), (eave, 0.0, ridge), (eave, -eave, 0.5), (-eave, -eave, 0.5)],
                    lit,
                    true,
                );
                c.face(&[(half, -half, 0.5), (half, half, 0.5), (half, 0.0, ridge - 0.04)], right, false);
                c.face(
                    &[(-eave, eave, 0.5), (eave, eave, 0.5), (eave, 0.0, ridge), (-eave, 0.0, ridge)],
                    base,
                    true,
                );
                c.face(
                    &[(-0.16, half, 0.0), (0.12, half, 0.0), (0.12, half, 0.32), (-0.16, half, 0.32)],
                    deep.mix(left, 0.2),
                    false,
                );
                c.score(&[(half, -0.14, 0.28), (half, 0.14, 0.28)], lamp, 3.0, 0.85);
            }
            Pin => {
                c.shadow(&disc(0.34));
                c.prism(&disc(0.46), 0.0, 0.08);
                c.prism_of(&ngon(middle, 0.3, 28, 0.0), &ngon(middle, 0.04, 28, 0.0), 0.08, 0.8, base);
                let (at, r) = c.ball((0.0, 0.0, 1.0), 0.46);
                let color = c.palette.glyph;
                c.ellipse(at, (r * 0.38, r * 0.38), color, 0.95);
            }
            Globe => {
                c.shadow(&disc(H));
                c.prism(&ngon(middle, H * 0.8, 32, 0.0), 0.0, 0.14);
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
            Cloud => {
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
        }
    }
}

/// A figure: a tapering body and a head, `k` times its natural size.
fn pawn(c: &mut Carver<'_>, at: Xy, k: f64) {
    let ring = |r: f64| ngon(at, r * k, 28, FRAC_PI_6);
    let base = c.base;
    c.prism(&ring(0.5), 0.0, 0.1 * k);
    c.prism_of(&ring(0.2), &ring(0.44), 0.1 * k, 0.82 * k, base);
    c.ball((at.0, at.1, 1.02 * k), 0.3 * k);
}
