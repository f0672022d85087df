//! The last look: each trunk tries other places between its walls and takes the one where it
//! crosses fewest lines and lies on none, near to where it was.
//!
//! In: courses that `tracks` has spread lane by lane. Out: the same with their pieces moved aside.
//! Lanes beside one another between the same walls are here one corridor: a trunk may pass from
//! one to the other, and where it is full tracks stand closer.

use super::Course;
use super::lanes::grown;
use super::near::Near;
use super::obstacle::Obstacles;
use super::tracks::{Joined, Piece, REACH, are_kin, pieces};
use crate::geometry::{Point, Rect};
use crate::lines::Line;

/// Nearer than this two lines look like one.
const ONE: f64 = 0.045;
/// Nearer than this two lines are hard to tell apart.
const NEAR: f64 = 0.078;
/// Distance of two tracks where there is room.
const ROOMY: f64 = 0.3;
/// Shorter than this nobody sees that two lines lie on one another.
const SHORT: f64 = 0.2;
/// Distance of the places that are tried.
const STEP: f64 = 0.15;
/// Two coordinates nearer than this are one.
const SAME: f64 = 0.01;
/// What lying on another line counts, a crossing being 1.
const CLASH: f64 = 3.0;
/// What lying hardly beside another line counts.
const TIGHT: f64 = 1.0;
const CLOSE: f64 = 0.4;
const AWAY: f64 = 0.06;
/// With more lines than this one round must do.
const MANY: usize = 1_200;
/// With more than this trunks stay, and only single pieces that lie on others move.
const VERY_MANY: usize = 6_000;

/// A piece of another line near a trunk, seen along the trunk.
struct Other {
    /// Whether it runs the way the trunk does.
    parallel: bool,
    at: f64,
    from: f64,
    to: f64,
    /// For each of the trunk's pieces whether they may lie on one another.
    kin: Vec<bool>,
}

/// A piece of a trunk with what is joined to its ends.
struct Part {
    from: f64,
    to: f64,
    /// Where each end's neighbouring corner lies: along the trunk, and across.
    arms: Vec<(f64, f64)>,
}

/// Moves trunks, vertical ones, then level ones.
pub(crate) fn settle(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    joined: &Joined,
    paths: &mut [Vec<Point>],
) {
    let rounds = match lines.len() {
        n if n <= MANY => 3,
        n if n <= VERY_MANY => 1,
        _ => 0,
    };
    for round in 0..=rounds {
        for level in [false, true] {
            let pieces = pieces(course, obstacles, lines, paths, level);
            // At last pieces leave their trunk where that as a whole has nowhere to go.
            let trunks = match round == rounds {
                true => (0..pieces.len()).map(|n| vec![n]).collect(),
                false => trunks(lines, joined, &pieces),
            };
            let segments = Segments::of(paths);
            for trunk in trunks {
                let trunk: Vec<&Piece> = trunk.into_iter().map(|n| &pieces[n]).collect();
                let least = if round == rounds { CLASH - TIGHT } else { 0.02 };
                let Some(at) = better(lines, joined, paths, &segments, &trunk, (level, least)) else {
                    continue;
                };
                for piece in trunk {
                    for corner in [piece.n, piece.n + 1] {
                        let point = &mut paths[piece.line][corner];
                        if level { point.y = at } else { point.x = at }
                    }
                }
            }
        }
    }
}

/// Pieces that lie on one another and may, each trunk in the order of its place.
fn trunks(lines: &[Line], joined: &Joined, pieces: &[Piece]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    let key = |n: usize| (pieces[n].line, pieces[n].n);
    let lane = |n: usize| (pieces[n].at * 100.0).round() as i64;
    order.sort_by(|&a, &b| {
        let (p, q) = (&pieces[a], &pieces[b]);
        lane(a).cmp(&lane(b)).then(p.from.total_cmp(&q.from)).then(key(a).cmp(&key(b)))
    });
    let mut trunks: Vec<Vec<usize>> = Vec::new();
    // Trunks of this lane that what follows may still touch, with how far they reach.
    let mut open: Vec<(usize, f64)> = Vec::new();
    let mut here = i64::MIN;
    for n in order {
        if lane(n) != here {
            (here, open) = (lane(n), Vec::new());
        }
        let piece = &pieces[n];
        open.retain(|o| o.1 > piece.from);
        let kin = |t: usize| trunks[t].iter().any(|&m| are_kin(lines, joined, pieces[m].line, piece.line));
        match open.iter().position(|o| kin(o.0)) {
            Some(k) => {
                trunks[open[k].0].push(n);
                open[k].1 = open[k].1.max(piece.to);
            }
            None => {
                open.push((trunks.len(), piece.to));
                trunks.push(vec![n]);
            }
        }
    }
    trunks
}

/// All straight pieces, findable by place even when they have moved within their walls.
struct Segments {
    near: Near,
    all: Vec<(usize, usize)>,
}

impl Segments {
    fn of(paths: &[Vec<Point>]) -> Self {
        let mut all = Vec::new();
        let mut rects = Vec::new();
        for (line, path) in paths.iter().enumerate() {
            for (n, pair) in path.windows(2).enumerate() {
                let around = Rect::new(pair[0].x, pair[0].y, 0.0, 0.0);
                let around = around.union(&Rect::new(pair[1].x, pair[1].y, 0.0, 0.0));
                rects.push(grown(&around, REACH));
                all.push((line, n));
            }
        }
        Self { near: Near::of(rects.iter()), all }
    }

    fn within(&self, rect: &Rect) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        self.near.each(rect, |n| found.push(n));
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|n| self.all[n]).collect()
    }
}

/// A place for a trunk that is better by so much at least, if there is one.
fn better(
    lines: &[Line],
    joined: &Joined,
    paths: &[Vec<Point>],
    segments: &Segments,
    trunk: &[&Piece],
    (level, least): (bool, f64),
) -> Option<f64> {
    let here = trunk[0].at;
    let low = trunk.iter().map(|p| p.low).fold(f64::MIN, f64::max);
    let high = trunk.iter().map(|p| p.high).fold(f64::MAX, f64::min);
    if high - low < SAME || here < low - SAME || here > high + SAME {
        return None;
    }
    let from = trunk.iter().map(|p| p.from).fold(f64::MAX, f64::min);
    let to = trunk.iter().map(|p| p.to).fold(f64::MIN, f64::max);
    let seen = |p: Point| if level { (p.y, p.x) } else { (p.x, p.y) };
    let strip = Rect::new(low, from, high - low, to - from);
    let strip = if level { Rect::new(strip.y, strip.x, strip.h, strip.w) } else { strip };
    let mut others = Vec::new();
    for (line, n) in segments.within(&strip) {
        if trunk.iter().any(|p| p.line == line) {
            continue;
        }
        let ((a, s), (b, t)) = (seen(paths[line][n]), seen(paths[line][n + 1]));
        let parallel = (a - b).abs() < 1e-6;
        let (at, first, last) = if parallel { (a, s.min(t), s.max(t)) } else { (s, a.min(b), a.max(b)) };
        let (x, y) = if parallel { ((at, at), (first, last)) } else { ((first, last), (at, at)) };
        if x.1 < low - ROOMY || x.0 > high + ROOMY || y.1 < from - SAME || y.0 > to + SAME {
            continue;
        }
        let kin = trunk.iter().map(|p| are_kin(lines, joined, p.line, line)).collect();
        others.push(Other { parallel, at, from: first, to: last, kin });
    }
    if others.is_empty() {
        return None;
    }
    let parts: Vec<Part> = trunk.iter().map(|p| part(p, &paths[p.line], seen)).collect();
    let cost = |at: f64| cost(&parts, &others, at, (low, high)) + AWAY * (at - here).abs();
    let mut best = (cost(here) - least, None);
    for at in places(&others, here, low, high) {
        let cost = cost(at);
        if cost < best.0 {
            best = (cost, Some(at));
        }
    }
    best.1
}

fn part(piece: &Piece, path: &[Point], seen: impl Fn(Point) -> (f64, f64)) -> Part {
    let mut arms = Vec::new();
    if let Some(before) = piece.n.checked_sub(1) {
        arms.push((seen(path[piece.n]).1, seen(path[before]).0));
    }
    if let Some(&after) = path.get(piece.n + 2) {
        arms.push((seen(path[piece.n + 1]).1, seen(after).0));
    }
    Part { from: piece.from, to: piece.to, arms }
}

/// Where a trunk could lie: at even steps, and beside and between those that lie there already.
fn places(others: &[Other], here: f64, low: f64, high: f64) -> Vec<f64> {
    const MOST: usize = 64;
    let steps = (2.0 * REACH / STEP) as i32;
    let mut places: Vec<f64> = (-steps..=steps).map(|k| here + f64::from(k) * STEP).collect();
    let mut tracks: Vec<f64> = others.iter().filter(|o| o.parallel).map(|o| o.at).collect();
    tracks.extend([low, high]);
    tracks.sort_by(f64::total_cmp);
    tracks.dedup_by(|a, b| (*a - *b).abs() < SAME);
    places.extend(tracks.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
    places.extend(
        tracks.iter().flat_map(|at| {
            [at - ROOMY, at - NEAR - 0.002, at - ONE, at + ONE, at + NEAR + 0.002, at + ROOMY]
        }),
    );
    places.retain(|at| (low..=high).contains(at));
    places.sort_by(|a, b| (a - here).abs().total_cmp(&(b - here).abs()).then(a.total_cmp(b)));
    places.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    places.truncate(MOST);
    places
}

/// What a trunk would meet at a place: crossings, lines it would lie on, and lines too close.
fn cost(parts: &[Part], others: &[Other], at: f64, (low, high): (f64, f64)) -> f64 {
    let within = |v: f64, from: f64, to: f64| v > from + SAME && v < to - SAME;
    let together = |a: (f64, f64), b: (f64, f64)| a.1.min(b.1) - a.0.max(b.0);
    let mut cost = 0.0;
    for (n, part) in parts.iter().enumerate() {
        for other in others {
            if other.parallel {
                let gap = (at - other.at).abs();
                let long = together((part.from, part.to), (other.from, other.to));
                if !other.kin[n] && gap < ROOMY && long > SHORT {
                    cost += match () {
                        () if gap < ONE => CLASH,
                        () if gap < NEAR => TIGHT,
                        () => CLOSE * (1.0 - gap / ROOMY),
                    };
                }
            } else if within(other.at, part.from, part.to) && within(at, other.from, other.to) {
                cost += 1.0;
            }
        }
        for &(along, across) in &part.arms {
            // Only what lies between the walls differs from place to place.
            let (from, to) = (at.min(across), at.max(across));
            for other in others {
                if other.parallel {
                    let inside = other.at >= low - ROOMY && other.at <= high + ROOMY;
                    cost += f64::from(u8::from(
                        inside && within(other.at, from, to) && within(along, other.from, other.to),
                    ));
                } else if !other.kin[n]
                    && (along - other.at).abs() < ONE
                    && together((from, to), (other.from, other.to)) > SHORT
                {
                    cost += CLASH;
                }
            }
            cost += AWAY * (to - from);
        }
    }
    cost
}
