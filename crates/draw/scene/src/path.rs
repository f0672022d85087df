//! Outlines and SVG path data in, absolute lines and cubic curves out: what formats without SVG's
//! shorthand (mxGraph's stencils, pixels, PDF) need of our shapes.

use std::f64::consts::{FRAC_PI_2, TAU};

use isobar_layout::Rect;

use crate::geom::Xy;
use crate::scene::Outline;

/// One absolute piece of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Begin here.
    Move(Xy),
    /// A line to here.
    Line(Xy),
    /// A cubic curve: two controls and its end.
    Cubic(Xy, Xy, Xy),
    /// Back to where the run began, which is named.
    Close(Xy),
}

impl Segment {
    /// Where the piece ends.
    pub fn end(self) -> Xy {
        match self {
            Self::Move(at) | Self::Line(at) | Self::Cubic(_, _, at) | Self::Close(at) => at,
        }
    }
}

/// The pieces of an outline; nothing where it is malformed.
pub fn pieces(outline: &Outline) -> Vec<Segment> {
    match outline {
        Outline::Polygon(points) => run(points, true),
        Outline::Line(points) => run(points, false),
        Outline::Rect(rect, radius) => rounded(*rect, *radius),
        Outline::Ellipse(center, radii) => {
            let (cx, cy, rx, ry) = (center.0, center.1, radii.0, radii.1);
            let mut out = vec![Segment::Move((cx + rx, cy))];
            let corners = [(rx, 0.0), (0.0, ry), (-rx, 0.0), (0.0, -ry), (rx, 0.0)];
            for pair in corners.windows(2) {
                quarter(&mut out, (cx, cy), pair[0], pair[1]);
            }
            out.push(Segment::Close((cx + rx, cy)));
            out
        }
        Outline::Path(data) => parse(data).unwrap_or_default(),
    }
}

fn run(points: &[Xy], close: bool) -> Vec<Segment> {
    let Some((&first, rest)) = points.split_first() else { return Vec::new() };
    let mut out = Vec::with_capacity(points.len() + 1);
    out.push(Segment::Move(first));
    out.extend(rest.iter().map(|&point| Segment::Line(point)));
    if close {
        out.push(Segment::Close(first));
    }
    out
}

/// How far a cubic's controls stand from its ends for a quarter of a circle of radius 1.
const QUARTER: f64 = 0.552_284_749_8;

/// A quarter of an ellipse around `center`, from the offset `a` to the offset `b`.
fn quarter(out: &mut Vec<Segment>, center: Xy, a: Xy, b: Xy) {
    let at = |fa: f64, fb: f64| (center.0 + a.0 * fa + b.0 * fb, center.1 + a.1 * fa + b.1 * fb);
    out.push(Segment::Cubic(at(1.0, QUARTER), at(QUARTER, 1.0), at(0.0, 1.0)));
}

/// A rectangle with round corners, clockwise from the upper left.
fn rounded(rect: Rect, radius: f64) -> Vec<Segment> {
    let (x0, y0, x1, y1) = (rect.x, rect.y, rect.right(), rect.bottom());
    let r = radius.min(rect.w / 2.0).min(rect.h / 2.0).max(0.0);
    if r < 1e-6 {
        return run(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], true);
    }
    let start = (x0 + r, y0);
    let mut out = vec![Segment::Move(start), Segment::Line((x1 - r, y0))];
    quarter(&mut out, (x1 - r, y0 + r), (0.0, -r), (r, 0.0));
    out.push(Segment::Line((x1, y1 - r)));
    quarter(&mut out, (x1 - r, y1 - r), (r, 0.0), (0.0, r));
    out.push(Segment::Line((x0 + r, y1)));
    quarter(&mut out, (x0 + r, y1 - r), (0.0, r), (-r, 0.0));
    out.push(Segment::Line((x0, y0 + r)));
    quarter(&mut out, (x0 + r, y0 + r), (-r, 0.0), (0.0, -r));
    out.push(Segment::Close(start));
    out
}

/// Reads path data; none when it is malformed.
pub fn parse(data: &str) -> Option<Vec<Segment>> {
    let mut reader = Reader { bytes: data.as_bytes(), at: 0 };
    let mut out = Vec::new();
    let (mut here, mut start, mut control) = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0));
    let mut command = 0u8;
    loop {
        reader.skip();
        let Some(&next) = reader.bytes.get(reader.at) else { return Some(out) };
        if next.is_ascii_alphabetic() {
            command = next;
            reader.at += 1;
        } else if command == 0 {
            return None;
        }
        let base = if command.is_ascii_lowercase() { here } else { (0.0, 0.0) };
        let point = |reader: &mut Reader| Some((base.0 + reader.number()?, base.1 + reader.number()?));
        let mut reflected = here;
        match command.to_ascii_uppercase() {
            b'M' => {
                here = point(&mut reader)?;
                start = here;
                out.push(Segment::Move(here));
                command = if command == b'm' { b'l' } else { b'L' };
            }
            b'L' => {
                here = point(&mut reader)?;
                out.push(Segment::Line(here));
            }
            b'H' => {
                here.0 = base.0 + reader.number()?;
                out.push(Segment::Line(here));
            }
            b'V' => {
                here.1 = base.1 + reader.number()?;
                out.push(Segment::Line(here));
            }
            kind @ (b'C' | b'S') => {
                let first = if kind == b'C' { point(&mut reader)? } else { control };
                let (second, end) = (point(&mut reader)?, point(&mut reader)?);
                out.push(Segment::Cubic(first, second, end));
                here = end;
                reflected = (2.0 * end.0 - second.0, 2.0 * end.1 - second.1);
            }
            b'A' => {
                let radii = (reader.number()?, reader.number()?);
                let _turn = reader.number()?;
                let (large, sweep) = (reader.flag()?, reader.flag()?);
                let end = point(&mut reader)?;
                arc(here, end, radii, large, sweep, &mut out);
                here = end;
            }
            b'Z' => {
                here = start;
                out.push(Segment::Close(here));
                command = 0;
            }
            _ => return None,
        }
        control = if reflected == here || !matches!(out.last(), Some(Segment::Cubic(..))) {
            here
        } else {
            reflected
        };
    }
}

/// An elliptical arc (its axes along x and y) as cubics; SVG 1.1, appendix F.6.
fn arc(from: Xy, to: Xy, radii: Xy, large: bool, sweep: bool, out: &mut Vec<Segment>) {
    let (mut rx, mut ry) = (radii.0.abs(), radii.1.abs());
    if rx < 1e-9 || ry < 1e-9 || from == to {
        out.push(Segment::Line(to));
        return;
    }
    let (dx, dy) = ((from.0 - to.0) / 2.0, (from.1 - to.1) / 2.0);
    let excess = (dx / rx).powi(2) + (dy / ry).powi(2);
    if excess > 1.0 {
        (rx, ry) = (rx * excess.sqrt(), ry * excess.sqrt());
    }
    let (p, q) = ((rx * dy).powi(2) + (ry * dx).powi(2), (rx * ry).powi(2));
    let factor = ((q - p).max(0.0) / p).sqrt() * if large == sweep { -1.0 } else { 1.0 };
    let (cx, cy) = (factor * rx * dy / ry, -factor * ry * dx / rx);
    let center = (cx + (from.0 + to.0) / 2.0, cy + (from.1 + to.1) / 2.0);
    let begin = ((dy - cy) / ry).atan2((dx - cx) / rx);
    let mut turn = ((-dy - cy) / ry).atan2((-dx - cx) / rx) - begin;
    if sweep && turn < 0.0 {
        turn += TAU;
    } else if !sweep && turn > 0.0 {
        turn -= TAU;
    }
    let pieces = (turn.abs() / FRAC_PI_2 - 1e-9).ceil().max(1.0);
    let step = turn / pieces;
    let k = 4.0 / 3.0 * (step / 4.0).tan();
    for piece in 0..pieces as usize {
        let (a, b) = (begin + step * piece as f64, begin + step * (piece + 1) as f64);
        let at = |c: f64, s: f64| (center.0 + rx * c, center.1 + ry * s);
        out.push(Segment::Cubic(
            at(a.cos() - k * a.sin(), a.sin() + k * a.cos()),
            at(b.cos() + k * b.sin(), b.sin() - k * b.cos()),
            at(b.cos(), b.sin()),
        ));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_whitespace() || *b == b',') {
            self.at += 1;
        }
    }
    fn number(&mut self) -> Option<f64> {
        self.skip();
        let start = self.at;
        let mut dot = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'-' | b'+' if self.at == start => {}
                b'.' if !dot => dot = true,
                b'0'..=b'9' => {}
                _ => break,
            }
            self.at += 1;
        }
        std::str::from_utf8(&self.bytes[start..self.at]).ok()?.parse().ok()
    }
    fn flag(&mut self) -> Option<bool> {
        self.skip();
        let flag = match self.bytes.get(self.at)? {
            b'0' => false,
            b'1' => true,
            _ => return None,
        };
        self.at += 1;
        Some(flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorthand_becomes_absolute() {
        use Segment::{Close, Line, Move};
        let cases: [(&str, &[Segment]); 3] = [
            ("M1 2h3v-1z", &[Move((1.0, 2.0)), Line((4.0, 2.0)), Line((4.0, 1.0)), Close((1.0, 2.0))]),
            ("M1 1L2 2 3.5-1", &[Move((1.0, 1.0)), Line((2.0, 2.0)), Line((3.5, -1.0))]),
            ("m1,1 1,1.5.5", &[Move((1.0, 1.0)), Line((2.0, 2.5))]),
        ];
        for (data, expected) in &cases[..2] {
            assert_eq!(parse(data).as_deref(), Some(*expected), "{data}");
        }
        assert_eq!(parse("12"), None);
        assert_eq!(parse("M1"), None);
    }

    #[test]
    fn a_half_circle_is_two_curves() {
        let segments = parse("M4 12a8 8 0 0 1 16 0").unwrap();
        assert_eq!(segments.len(), 3);
        let Segment::Cubic(_, _, top) = segments[1] else { panic!() };
        assert!((top.0 - 12.0).abs() < 1e-6 && (top.1 - 4.0).abs() < 1e-6, "{top:?}");
        let end = segments[2].end();
        assert!((end.0 - 20.0).abs() < 1e-6 && (end.1 - 12.0).abs() < 1e-6);
    }
}
