//! The last look: each trunk tries other places between its walls and takes the one where it
//! crosses fewest lines and lies on none, near to where it was.
//!
//! In: courses that `tracks` has spread lane by lane. Out: the same with their pieces moved aside.
//! Lanes beside one another between the same walls are here one corridor: a trunk may pass from
//! one to the other, and where it is full tracks stand closer.

use super::lanes::grown;
use super::near::Near;
use super::obstacle::Obstacles;
use super::sweep::Sweep;
use super::tracks::{Joined, Piece, REACH, are_kin, pieces};
use super::{Course, FEW};
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
/// With more than this trunks stay, and only single pieces that lie on others move.
const VERY_MANY: usize = 6_000;

/// A piece of another line near a trunk, seen along the trunk.
struct Other {
    /// Whether it runs the way the trunk does.
    parallel: bool,
    at: f64,
    from: f64,
    to: f64,
    line: usize,
}

/// A piece of a trunk with what is joined to its ends.
struct Part {
    line: usize,
    from: f64,
    to: f64,
    /// Where each end's neighbouring corner lies: along the trunk, and across.
    arms: [Option<(f64, f64)>; 2],
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
        // With more lines one round does what can be seen.
        n if n <= FEW => 3,
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
            let mut segments = Segments::of(paths);
            for trunk in trunks {
                let trunk: Vec<&Piece> = trunk.into_iter().map(|n| &pieces[n]).collect();
                let least = if round == rounds { CLASH - TIGHT } else { 0.02 };
                let Some(at) = better(lines, joined, paths, &mut segments, &trunk, (level, least)) else {
                    continue;
                };
                for piece in trunk {
                    for corner in [piece.n, piece.n + 1] {
                        let point = &mut paths[piece.line][corner];
                        if level { point.y = at } else { point.x = at }
                    }
                    segments.moved(piece, &paths[piece.line]);
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

/// A straight piece of a line.
#[derive(Clone, Copy)]
struct Segment {
    line: u32,
    from: Point,
    to: Point,
}

/// All straight pieces, findable by place even when they have moved within their walls.
struct Segments {
    near: Near,
    all: Vec<Segment>,
    /// The first of each line.
    first: Vec<usize>,
    /// In which question each was found last.
    seen: Vec<u32>,
    /// In which question each line was the one that asked.
    asking: Vec<u32>,
    asked: u32,
}

impl Segments {
    fn of(paths: &[Vec<Point>]) -> Self {
        let (mut all, mut first) = (Vec::new(), Vec::with_capacity(paths.len()));
        for (line, path) in paths.iter().enumerate() {
            first.push(all.len());
            all.extend(path.windows(2).map(|w| Segment { line: line as u32, from: w[0], to: w[1] }));
        }
        let rects: Vec<Rect> = all.iter().map(|s| grown(&Rect::spanning(s.from, s.to), REACH)).collect();
        let (seen, asking) = (vec![0; all.len()], vec![0; paths.len()]);
        Self { near: Near::of(rects.iter()), all, first, seen, asking, asked: 0 }
    }

    /// Calls with each that may touch a rectangle, once, those of some lines left out.
    fn within(&mut self, rect: &Rect, without: &[&Piece], mut call: impl FnMut(&Segment)) {
        self.asked += 1;
        without.iter().for_each(|piece| self.asking[piece.line] = self.asked);
        self.near.each(rect, |n| {
            let segment = &self.all[n];
            if std::mem::replace(&mut self.seen[n], self.asked) != self.asked
                && self.asking[segment.line as usize] != self.asked
            {
                call(segment);
            }
        });
    }

    /// A piece has moved, and with it an end of each neighbour.
    fn moved(&mut self, piece: &Piece, path: &[Point]) {
        let first = self.first[piece.line];
        for n in piece.n.saturating_sub(1)..=(piece.n + 1).min(path.len() - 2) {
            (self.all[first + n].from, self.all[first + n].to) = (path[n], path[n + 1]);
        }
    }
}

/// A place for a trunk that is better by so much at least, if there is one.
fn better(
    lines: &[Line],
    joined: &Joined,
    paths: &[Vec<Point>],
    segments: &mut Segments,
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
    segments.within(&strip, trunk, |segment| {
        let ((a, s), (b, t)) = (seen(segment.from), seen(segment.to));
        let parallel = (a - b).abs() < 1e-6;
        let (at, first, last) = if parallel { (a, s.min(t), s.max(t)) } else { (s, a.min(b), a.max(b)) };
        let (x, y) = if parallel { ((at, at), (first, last)) } else { ((first, last), (at, at)) };
        if x.1 < low - ROOMY || x.0 > high + ROOMY || y.1 < from - SAME || y.0 > to + SAME {
            return;
        }
        others.push(Other { parallel, at, from: first, to: last, line: segment.line as usize });
    });
    if others.is_empty() {
        return None;
    }
    let parts: Vec<Part> = trunk.iter().map(|p| part(p, &paths[p.line], seen)).collect();
    let kin = |part: &Part, other: &Other| are_kin(lines, joined, part.line, other.line);
    // Nothing is better by more than what is met here.
    let mut stay = Sweep::new(vec![here]);
    meet(&mut stay, &parts, &others, (low, high), kin);
    let stay: f64 = stay.costs().map(|(_, cost)| cost).sum();
    if stay < least {
        return None;
    }
    let mut sweep = Sweep::new(places(&others, here, low, high));
    meet(&mut sweep, &parts, &others, (low, high), kin);
    // The nearest of the best.
    let mut best: Option<(f64, f64, f64)> = None;
    for (at, cost) in sweep.costs() {
        let away = (at - here).abs();
        let cost = cost + AWAY * away;
        if best.is_none_or(|b| (cost, away) < (b.0, b.1)) {
            best = Some((cost, away, at));
        }
    }
    best.filter(|b| b.0 < stay - least).map(|b| b.2)
}

fn part(piece: &Piece, path: &[Point], seen: impl Fn(Point) -> (f64, f64)) -> Part {
    let arm = |corner: usize, next: Option<usize>| {
        next.and_then(|next| path.get(next)).map(|&next| (seen(path[corner]).1, seen(next).0))
    };
    let arms = [arm(piece.n, piece.n.checked_sub(1)), arm(piece.n + 1, Some(piece.n + 2))];
    Part { line: piece.line, from: piece.from, to: piece.to, arms }
}

/// Where a trunk could lie, in order: where it is, at even steps, and beside and between those that lie
/// there already; the nearest of these.
fn places(others: &[Other], here: f64, low: f64, high: f64) -> Vec<f64> {
    const MOST: usize = 64;
    let mut tracks: Vec<f64> = others.iter().filter(|o| o.parallel).map(|o| o.at).collect();
    tracks.extend([low, high]);
    tracks.sort_unstable_by(f64::total_cmp);
    tracks.dedup_by(|a, b| (*a - *b).abs() < SAME);
    let steps = |to: f64| ((to - here).abs().min(2.0 * REACH) / STEP) as i32;
    let even = (-steps(low)..=steps(high)).map(|k| here + f64::from(k) * STEP);
    let between = tracks.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    let beside = tracks
        .iter()
        .flat_map(|at| [at - ROOMY, at - NEAR - 0.002, at - ONE, at + ONE, at + NEAR + 0.002, at + ROOMY]);
    let elsewhere = |at: &f64| (low..=high).contains(at) && (at - here).abs() > 1e-6;
    let mut places: Vec<f64> = even.chain(between).chain(beside).filter(elsewhere).collect();
    places.push(here);
    places.sort_unstable_by(f64::total_cmp);
    places.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    let mut first = places.partition_point(|&at| at < here);
    let mut end = first + 1;
    while end - first < MOST.min(places.len()) {
        let before = first > 0 && (end == places.len() || here - places[first - 1] <= places[end] - here);
        if before { first -= 1 } else { end += 1 }
    }
    places.truncate(end);
    places.split_off(first)
}

/// What a trunk would meet at each place: crossings, lines it would lie on, and lines too close.
fn meet(
    sweep: &mut Sweep,
    parts: &[Part],
    others: &[Other],
    (low, high): (f64, f64),
    kin: impl Fn(&Part, &Other) -> bool,
) {
    let within = |v: f64, from: f64, to: f64| v > from + SAME && v < to - SAME;
    for part in parts {
        for other in others {
            if !other.parallel {
                if within(other.at, part.from, part.to) {
                    sweep.between(other.from + SAME, other.to - SAME, 1.0);
                }
            } else if part.to.min(other.to) - part.from.max(other.from) > SHORT
                && (low - ROOMY..high + ROOMY).contains(&other.at)
                && !kin(part, other)
            {
                sweep.beside(other.at, ROOMY, |gap| match () {
                    () if gap < ONE => CLASH,
                    () if gap < NEAR => TIGHT,
                    () => CLOSE * (1.0 - gap / ROOMY),
                });
            }
        }
        for &(along, across) in part.arms.iter().flatten() {
            sweep.apart_from(across, AWAY);
            for other in others {
                if other.parallel {
                    // Only what lies between the walls differs from place to place.
                    let inside = (low - ROOMY..=high + ROOMY).contains(&other.at);
                    if !inside || !within(along, other.from, other.to) {
                        continue;
                    }
                    if other.at > across + SAME {
                        sweep.between(other.at + SAME, f64::MAX, 1.0);
                    } else if other.at < across - SAME {
                        sweep.between(f64::MIN, other.at - SAME, 1.0);
                    }
                } else if (along - other.at).abs() < ONE && !kin(part, other) {
                    // An arm lies on it, to whichever side it reaches.
                    let (from, to) = (other.from.max(across) + SHORT, other.to.min(across) - SHORT);
                    if other.to > from {
                        sweep.between(from, f64::MAX, CLASH);
                    }
                    if other.from < to {
                        sweep.between(f64::MIN, to, CLASH);
                    }
                }
            }
        }
    }
}
