//! The last look: each trunk tries other places between its walls and takes the one where it
//! crosses fewest lines and lies on none, near to where it was.
//!
//! In: courses that `tracks` has spread lane by lane. Out: the same with their pieces moved aside.
//! Lanes beside one another between the same walls are here one corridor: a trunk may pass from
//! one to the other, and where it is full tracks stand closer.

use super::bands::{Bands, Run};
use super::crew::{processors, side_by_side};
use super::kin::Kin;
use super::obstacle::Obstacles;
use super::sweep::Sweep;
use super::tracks::{Piece, REACH, pieces};
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
    kin: &Kin,
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
                false => trunks(kin, &pieces),
            };
            let trunks: Vec<Vec<&Piece>> =
                trunks.into_iter().map(|trunk| trunk.into_iter().map(|n| &pieces[n]).collect()).collect();
            let mut segments = Segments::of(paths, level);
            let most = if lines.len() <= SOME { 1 } else { processors() };
            let mut workers: Vec<Met> = (0..most).map(|_| Met::new(paths.len())).collect();
            let wish = match round == rounds {
                false => Wish { least: 0.02, clashing: false },
                true => Wish { least: CLASH - TIGHT, clashing: lines.len() > SOME },
            };
            for batch in batches(trunks.len(), lines.len()) {
                let places = side_by_side(&mut workers, batch.len(), |met, n| {
                    better(kin, paths, &segments, met, &trunks[batch[n]], wish)
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
fn trunks(kin: &Kin, pieces: &[Piece]) -> Vec<Vec<usize>> {
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
        let joins = |t: usize| trunks[t].iter().any(|&m| kin.are(pieces[m].line, piece.line));
        match open.iter().position(|o| joins(o.0)) {
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

/// All straight pieces as trunks of one direction see them, findable by place.
struct Segments {
    level: bool,
    all: Vec<Segment>,
    /// The first of each line.
    first: Vec<usize>,
    /// Those that run as the trunks do.
    beside: Bands,
    across: Bands,
}

/// A straight piece, and its number among those of its direction.
struct Segment {
    beside: bool,
    number: usize,
}

impl Segments {
    fn of(paths: &[Vec<Point>], level: bool) -> Self {
        let (mut all, mut first) = (Vec::new(), Vec::with_capacity(paths.len()));
        let (mut along, mut athwart) = (Vec::new(), Vec::new());
        for (line, path) in paths.iter().enumerate() {
            first.push(all.len());
            for ends in path.windows(2) {
                let beside = if level { ends[0].y - ends[1].y } else { ends[0].x - ends[1].x }.abs() < 1e-6;
                let run = seen(line, ends, level, beside);
                let runs = if beside { &mut along } else { &mut athwart };
                all.push(Segment { beside, number: runs.len() });
                runs.push(run);
            }
        }
        // Trunks move, and with them the ends of what is joined to them.
        Self {
            level,
            all,
            first,
            beside: Bands::of(&along, 0.0, REACH),
            across: Bands::of(&athwart, REACH, 0.0),
        }
    }

    /// A piece has moved, and with it an end of each neighbour.
    fn moved(&mut self, piece: &Piece, path: &[Point]) {
        let first = self.first[piece.line];
        for n in piece.n.saturating_sub(1)..=(piece.n + 1).min(path.len() - 2) {
            let segment = &self.all[first + n];
            let run = seen(piece.line, &path[n..n + 2], self.level, segment.beside);
            let bands = if segment.beside { &mut self.beside } else { &mut self.across };
            bands.moved(segment.number, run);
        }
    }
}

/// A straight piece as trunks see it that run beside it, or across.
fn seen(line: usize, ends: &[Point], level: bool, beside: bool) -> Run {
    let turned = |p: Point| if level == beside { (p.y, p.x) } else { (p.x, p.y) };
    let ((at, s), (_, t)) = (turned(ends[0]), turned(ends[1]));
    Run { at, from: s.min(t), to: s.max(t), line: line as u32 }
}

/// Whom a trunk meets; its memory is used from trunk to trunk.
struct Met {
    beside: Vec<Run>,
    across: Vec<Run>,
    /// In which question each line was the one that asked.
    asking: Vec<u32>,
    asked: u32,
}

impl Met {
    fn new(lines: usize) -> Self {
        Self { beside: Vec::new(), across: Vec::new(), asking: vec![0; lines], asked: 0 }
    }

    /// A trunk looks around; its own lines it will not meet.
    fn ask(&mut self, trunk: &[&Piece]) {
        self.asked += 1;
        trunk.iter().for_each(|piece| self.asking[piece.line] = self.asked);
    }

    /// Meets those that run beside the trunk in some lanes.
    fn beside(&mut self, segments: &Segments, lanes: (f64, f64), extent: (f64, f64)) {
        let own = |run: &Run| self.asking[run.line as usize] == self.asked;
        gather(&mut self.beside, &segments.beside, (lanes, extent), own);
    }

    /// Meets those that reach across some lanes.
    fn across(&mut self, segments: &Segments, lanes: (f64, f64), extent: (f64, f64)) {
        let own = |run: &Run| self.asking[run.line as usize] == self.asked;
        gather(&mut self.across, &segments.across, (extent, lanes), own);
    }
}

/// Those in some lanes that reach into an extent, without a trunk's own.
fn gather(
    met: &mut Vec<Run>,
    bands: &Bands,
    (lanes, extent): ((f64, f64), (f64, f64)),
    own: impl Fn(&Run) -> bool,
) {
    met.clear();
    bands.each(lanes, extent, |run| {
        if !own(run) {
            met.push(*run);
        }
    });
}

/// A place for a trunk that is better by so much at least, if there is one.
fn better(
    kin: &Kin,
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
    let extent = (from - SAME, to + SAME);
    let parts: Vec<Part> = trunk.iter().map(|p| part(p, &paths[p.line], segments.level)).collect();
    met.ask(trunk);
    if wish.clashing {
        met.beside(segments, (here - NEAR, here + NEAR), extent);
        let on = |part: &Part, other: &Run| part.shares(other) && !kin.are(part.line, other.line as usize);
        let lies_on = |other: &Run| (other.at - here).abs() < NEAR && parts.iter().any(|p| on(p, other));
        if !met.beside.iter().any(lies_on) {
            return None;
        }
    }
    let lanes = (low - ROOMY, high + ROOMY);
    met.beside(segments, lanes, extent);
    met.across(segments, lanes, extent);
    if met.beside.is_empty() && met.across.is_empty() {
        return None;
    }
    // Nothing is better by more than what is met here.
    let mut stay = Sweep::new(vec![here]);
    meet(&mut stay, &parts, met, (low, high), kin);
    let stay: f64 = stay.costs().map(|(_, cost)| cost).sum();
    if stay < wish.least {
        return None;
    }
    let mut sweep = Sweep::new(places(&met.beside, here, low, high));
    meet(&mut sweep, &parts, met, (low, high), kin);
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
    fn shares(&self, other: &Run) -> bool {
        self.to.min(other.to) - self.from.max(other.from) > SHORT
    }
}

fn part(piece: &Piece, path: &[Point], level: bool) -> Part {
    let turned = |p: Point| if level { (p.y, p.x) } else { (p.x, p.y) };
    let arm = |corner: usize, next: Option<usize>| {
        next.and_then(|next| path.get(next)).map(|&next| (turned(path[corner]).1, turned(next).0))
    };
    let arms = [arm(piece.n, piece.n.checked_sub(1)), arm(piece.n + 1, Some(piece.n + 2))];
    Part { line: piece.line, from: piece.from, to: piece.to, arms }
}

/// Where a trunk could lie, in order: where it is, at even steps, and beside and between those that lie
/// there already; the nearest of these.
fn places(beside: &[Run], here: f64, low: f64, high: f64) -> Vec<f64> {
    const MOST: usize = 64;
    let mut tracks: Vec<f64> = beside.iter().map(|run| run.at).collect();
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
fn meet(sweep: &mut Sweep, parts: &[Part], met: &Met, (low, high): (f64, f64), kin: &Kin) {
    let within = |v: f64, from: f64, to: f64| v > from + SAME && v < to - SAME;
    let are_kin = |part: &Part, other: &Run| kin.are(part.line, other.line as usize);
    for part in parts {
        for other in &met.across {
            // Who reaches from wall to wall is crossed wherever the trunk lies.
            let everywhere = other.from + SAME <= low && other.to - SAME >= high;
            if !everywhere && within(other.at, part.from, part.to) {
                sweep.between(other.from + SAME, other.to - SAME, 1.0);
            }
        }
        for other in met.beside.iter().filter(|other| part.shares(other) && !are_kin(part, other)) {
            sweep.beside(other.at, ROOMY, |gap| match () {
                () if gap < ONE => CLASH,
                () if gap < NEAR => TIGHT,
                () => CLOSE * (1.0 - gap / ROOMY),
            });
        }
        for &(along, across) in part.arms.iter().flatten() {
            sweep.apart_from(across, AWAY);
            for other in met.beside.iter().filter(|other| within(along, other.from, other.to)) {
                if other.at > across + SAME {
                    sweep.between(other.at + SAME, f64::MAX, 1.0);
                } else if other.at < across - SAME {
                    sweep.between(f64::MIN, other.at - SAME, 1.0);
                }
            }
            let on = |other: &&Run| (along - other.at).abs() < ONE && !are_kin(part, other);
            for other in met.across.iter().filter(on) {
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
