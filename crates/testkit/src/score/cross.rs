//! Where lines meet: crossings, and pieces that lie on one another.

use std::collections::HashSet;

use super::Score;
use super::near::{Near, steps};
use super::picture::{Picture, Rect};

/// A straight piece of a line.
#[derive(Clone, Copy)]
struct Piece {
    line: u32,
    a: [f64; 2],
    b: [f64; 2],
    way: Way,
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Level,
    Upright,
    Slanted,
}

pub(super) fn measure(picture: &Picture, score: &mut Score) {
    let pieces: Vec<Piece> = picture
        .lines
        .iter()
        .enumerate()
        .flat_map(|(n, line)| line.points.windows(2).map(move |pair| (n as u32, pair[0], pair[1])))
        .map(|(line, a, b)| {
            let flat = |axis: usize| (a[axis] - b[axis]).abs() <= picture.grain * 0.15;
            let way = if flat(1) {
                Way::Level
            } else if flat(0) {
                Way::Upright
            } else {
                Way::Slanted
            };
            Piece { line, a, b, way }
        })
        .collect();
    crossings(picture, &pieces, score);
    score.shared = shared(picture, &pieces);
}

fn crossings(picture: &Picture, pieces: &[Piece], score: &mut Score) {
    let mut grid = Near::new(&picture.bounds, pieces.len());
    for (n, piece) in pieces.iter().enumerate() {
        if piece.way == Way::Slanted {
            let mut squares: Vec<usize> = steps(piece.a, piece.b, grid.cell())
                .flat_map(|(a, b)| grid.squares(&Rect::spanning(a, b)).collect::<Vec<_>>())
                .collect();
            squares.sort_unstable();
            squares.dedup();
            squares.into_iter().for_each(|square| grid.push(square, n as u32));
        } else {
            grid.add(&Rect::spanning(piece.a, piece.b), n as u32);
        }
    }
    let mut places: HashSet<(i64, i64)> = HashSet::new();
    for square in 0..grid.len() {
        let here = grid.square(square);
        for (k, &n) in here.iter().enumerate() {
            let one = &pieces[n as usize];
            for &m in &here[k + 1..] {
                let other = &pieces[m as usize];
                if one.line == other.line || one.way == other.way && one.way != Way::Slanted {
                    continue;
                }
                let Some(at) = meeting(one, other, picture.grain * 0.25) else { continue };
                // Both pieces may pass several squares together; the crossing is in one of them.
                if grid.at(at) == square {
                    score.crossings += 1;
                    let whole = |v: f64| (v / picture.grain).round() as i64;
                    places.insert((whole(at[0]), whole(at[1])));
                }
            }
        }
    }
    score.crossing_places = places.len();
}

/// Where two pieces cross, not counting a touch with an end.
fn meeting(one: &Piece, other: &Piece, slack: f64) -> Option<[f64; 2]> {
    let (p, r) = (one.a, [one.b[0] - one.a[0], one.b[1] - one.a[1]]);
    let (q, s) = (other.a, [other.b[0] - other.a[0], other.b[1] - other.a[1]]);
    let turn = |u: [f64; 2], v: [f64; 2]| u[0] * v[1] - u[1] * v[0];
    let across = turn(r, s);
    if across.abs() < 1e-12 {
        return None;
    }
    let between = [q[0] - p[0], q[1] - p[1]];
    let (t, u) = (turn(between, s) / across, turn(between, r) / across);
    let margin = |v: [f64; 2]| slack / v[0].hypot(v[1]).max(f64::MIN_POSITIVE);
    let inside = |t: f64, margin: f64| t > margin && t < 1.0 - margin;
    (inside(t, margin(r)) && inside(u, margin(s))).then(|| [p[0] + t * r[0], p[1] + t * r[1]])
}

/// Pieces of lines that lie on one another although neither their sources nor their targets are
/// the same, nor is each source joined with each target: they tell something untrue.
fn shared(picture: &Picture, pieces: &[Piece]) -> usize {
    let joined: HashSet<(usize, usize)> = picture.lines.iter().map(|l| (l.from, l.to)).collect();
    let mut count = 0;
    for (way, across) in [(Way::Level, 1usize), (Way::Upright, 0usize)] {
        let along = 1 - across;
        let mut here: Vec<&Piece> = pieces.iter().filter(|p| p.way == way).collect();
        here.sort_by(|p, q| p.a[across].total_cmp(&q.a[across]));
        for (k, one) in here.iter().enumerate() {
            let close =
                here[k + 1..].iter().take_while(|q| q.a[across] - one.a[across] < picture.grain * 0.7);
            for other in close.filter(|other| other.line != one.line) {
                let (x, y) = (&picture.lines[one.line as usize], &picture.lines[other.line as usize]);
                let crosswise = joined.contains(&(x.from, y.to)) && joined.contains(&(y.from, x.to));
                if x.from == y.from || x.to == y.to || crosswise {
                    continue;
                }
                let low = |p: &Piece| p.a[along].min(p.b[along]);
                let high = |p: &Piece| p.a[along].max(p.b[along]);
                let together = high(one).min(high(other)) - low(one).max(low(other));
                count += usize::from(together > picture.grain * 6.0);
            }
        }
    }
    count
}
