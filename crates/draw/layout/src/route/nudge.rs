//! The last look: each trunk tries other places between its walls and takes the one where it
//! crosses fewest lines and lies on none, near to where it was.
//!
//! In: courses that `tracks` has spread lane by lane. Out: the same with their pieces moved aside.
//! Lanes beside one another between the same walls are here one corridor: a trunk may pass from
//! one to the other, and where it is full tracks stand closer.

use super::bands::{Bands, Extent};
use super::crew::{processors, side_by_side};
use super::obstacle::Obstacles;
use super::sweep::Sweep;
use super::tracks::{Joined, Piece, REACH, are_kin, pieces};
use super::{Course, FEW, SOME};
use crate::geometry::Point;
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
#[derive(Clone, Copy)]
struct Other {
    /// Whether it runs the way the trunk does.
    parallel: bool,
    at: f64,
    from: f64,
    to: f64,
    line: usize,
}

impl Other {
    fn of(line: usize, ends: &[Point], level: bool) -> Self {
        let seen = |p: Point| if level { (p.y, p.x) } else { (p.x, p.y) };
        let ((a, s), (b, t)) = (seen(ends[0]), seen(ends[1]));
        let parallel = (a - b).abs() < 1e-6;
        let (at, from, to) = if parallel { (a, s.min(t), s.max(t)) } else { (s, a.min(b), a.max(b)) };
        Self { parallel, at, from, to, line }
    }
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
            let trunks: Vec<Vec<&Piece>> =
                trunks.into_iter().map(|trunk| trunk.into_iter().map(|n| &pieces[n]).collect()).collect();
            let mut segments = Segments::of(paths, level);
            let most = if lines.len() <= SOME { 1 } else { processors() };
            let mut workers: Vec<Met> =
                (0..most).map(|_| Met::new(segments.all.len(), paths.len())).collect();
            let wish = match round == rounds {
                false => Wish { least: 0.02, clashing: false },
                true => Wish { least: CLASH - TIGHT, clashing: lines.len() > SOME },
            };
            for batch in batches(trunks.len(), lines.len()) {
                let places = side_by_side(&mut workers, batch.len(), |met, n| {
                    better(lines, joined, paths, &segments, met, &trunks[batch[n]], wish)
                });
                for (trunk, at) in batch.iter().map(|&n| &trunks[n]).zip(places) {
                    let Some(at) = at else { continue };
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
}

/// What makes a trunk move.
#[derive(Clone, Copy)]
struct Wish {
    /// It is better elsewhere by so much at least.
    least: f64,
    /// It lies on another.
    clashing: bool,
}

/// Which trunks look for a place together, not seeing each other move: of few lines each on its own, of
/// more those far from each other in the order of their lanes. It depends on these numbers alone.
fn batches(trunks: usize, lines: usize) -> impl Iterator<Item = Vec<usize>> {
    /// How many lie between two of one batch at least.
    const BETWEEN: usize = 64;
    const MOST: usize = 128;
    let size = if lines <= SOME { 1 } else { (trunks / BETWEEN).clamp(1, MOST) };
    let count = trunks.div_ceil(size);
    (0..count).map(move |first| (first..trunks).step_by(count).collect())
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

/// All straight pieces as trunks of one direction see them, findable by place even when they have moved
/// within their walls.
struct Segments {
    level: bool,
    all: Vec<Other>,
    /// The first of each line.
    first: Vec<usize>,
    parallel: Bands,
    across: Bands,
}

/// Whom a question has met.
struct Met {
    /// In which question each was found last.
    seen: Vec<u32>,
    /// In which question each line was the one that asked.
    asking: Vec<u32>,
    asked: u32,
}

impl Segments {
    fn of(paths: &[Vec<Point>], level: bool) -> Self {
        let (mut all, mut first) = (Vec::new(), Vec::with_capacity(paths.len()));
        for (line, path) in paths.iter().enumerate() {
            first.push(all.len());
            all.extend(path.windows(2).map(|pair| Other::of(line, pair, level)));
        }
        let bands = |parallel: bool| {
            let numbered = all.iter().zip(0..).filter(|(other, _)| other.parallel == parallel);
            // Trunks move, and with them the ends of what is joined to them.
            let ends = if parallel { 0.0 } else { REACH };
            let reach = |o: &Other| Extent { at: o.at, from: o.from - ends, to: o.to + ends };
            Bands::of(numbered.map(|(other, n)| (reach(other), n)).collect())
        };
        let (parallel, across) = (bands(true), bands(false));
        Self { level, all, first, parallel, across }
    }

    /// Those of other lines that a trunk of such an extent may meet between two walls.
    fn around(&self, met: &mut Met, trunk: &[&Piece], (low, high): (f64, f64), extent: Extent) -> Vec<Other> {
        let Extent { from, to, .. } = extent;
        met.asked += 1;
        trunk.iter().for_each(|piece| met.asking[piece.line] = met.asked);
        let mut others = Vec::new();
        let mut meet = |n: u32| {
            let other = self.all[n as usize];
            if std::mem::replace(&mut met.seen[n as usize], met.asked) == met.asked
                || met.asking[other.line] == met.asked
            {
                return;
            }
            let ((x0, x1), (y0, y1)) = match other.parallel {
                true => ((other.at, other.at), (other.from, other.to)),
                false => ((other.from, other.to), (other.at, other.at)),
            };
            if x1 >= low - ROOMY && x0 <= high + ROOMY && y1 >= from - SAME && y0 <= to + SAME {
                others.push(other);
            }
        };
        let away = ROOMY + REACH;
        self.parallel.each((low - away, high + away), from - SAME, to + SAME, &mut meet);
        self.across.each((from - SAME, to + SAME), low - ROOMY, high + ROOMY, &mut meet);
        others
    }

    /// A piece has moved, and with it an end of each neighbour.
    fn moved(&mut self, piece: &Piece, path: &[Point]) {
        let first = self.first[piece.line];
        for n in piece.n.saturating_sub(1)..=(piece.n + 1).min(path.len() - 2) {
            self.all[first + n] = Other::of(piece.line, &path[n..n + 2], self.level);
        }
    }
}

impl Met {
    fn new(segments: usize, lines: usize) -> Self {
        Self { seen: vec![0; segments], asking: vec![0; lines], asked: 0 }
    }
}

/// A place for a trunk that is better by so much at least, if there is one.
fn better(
    lines: &[Line],
    joined: &Joined,
    paths: &[Vec<Point>],
    segments: &Segments,
    met: &mut Met,
    trunk: &[&Piece],
    wish: Wish,
) -> Option<f64> {
    let here = trunk[0].at;
    let low = trunk.iter().map(|p| p.low).fold(f64::MIN, f64::max);
    let high = trunk.iter().map(|p| p.high).fold(f64::MAX, f64::min);
    if high - low < SAME || here < low - SAME || here > high + SAME {
        return None;
    }
    let from = trunk.iter().map(|p| p.from).fold(f64::MAX, f64::min);
    let to = trunk.iter().map(|p| p.to).fold(f64::MIN, f64::max);
    let seen = |p: Point| if segments.level { (p.y, p.x) } else { (p.x, p.y) };
    let others = segments.around(met, trunk, (low, high), Extent { at: here, from, to });
    let parts: Vec<Part> = trunk.iter().map(|p| part(p, &paths[p.line], seen)).collect();
    let kin = |part: &Part, other: &Other| are_kin(lines, joined, part.line, other.line);
    let lies_on = |other: &Other| {
        let on = |part: &Part| part.shares(other) && !kin(part, other);
        other.parallel && (other.at - here).abs() < NEAR && parts.iter().any(on)
    };
    if others.is_empty() || wish.clashing && !others.iter().any(lies_on) {
        return None;
    }
    // Nothing is better by more than what is met here.
    let mut stay = Sweep::new(vec![here]);
    meet(&mut stay, &parts, &others, (low, high), kin);
    let stay: f64 = stay.costs().map(|(_, cost)| cost).sum();
    if stay < wish.least {
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
    best.filter(|b| b.0 < stay - wish.least).map(|b| b.2)
}

impl Part {
    /// Whether another runs beside it for longer than nobody would see.
    fn shares(&self, other: &Other) -> bool {
        self.to.min(other.to) - self.from.max(other.from) > SHORT
    }
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
    nearest(&mut tracks, here, MOST / 4);
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
    nearest(&mut places, here, MOST);
    places
}

/// Keeps so many of some sorted numbers, those next to one.
fn nearest(all: &mut Vec<f64>, here: f64, most: usize) {
    let mut first = all.partition_point(|&at| at < here);
    let mut end = (first + 1).min(all.len());
    while end - first < most.min(all.len()) {
        let before = first > 0 && (end == all.len() || here - all[first - 1] <= all[end] - here);
        if before { first -= 1 } else { end += 1 }
    }
    all.truncate(end);
    all.drain(..first);
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
                // Who reaches from wall to wall is crossed wherever the trunk lies.
                let everywhere = other.from + SAME <= low && other.to - SAME >= high;
                if !everywhere && within(other.at, part.from, part.to) {
                    sweep.between(other.from + SAME, other.to - SAME, 1.0);
                }
            } else if part.shares(other)
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
