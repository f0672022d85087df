//! Lines that share a lane are spread over tracks, so that only lines of one source or one target
//! lie on one another; where several reach one side of a resource they get ports beside each other.

use std::collections::BTreeMap;

use super::Course;
use super::kin::Kin;
use super::obstacle::Obstacles;
use crate::blueprint::End;
use crate::geometry::{Point, Rect};
use crate::lines::Line;

/// Distance of two tracks where there is room.
const APART: f64 = 0.3;
/// How far a line may stand off the middle of a resource's side.
const PORT: f64 = 0.42;
/// How far around a lane room is looked for.
pub(crate) const REACH: f64 = 1.6;

/// A straight piece of a line.
pub(crate) struct Piece {
    pub line: usize,
    /// Between corner `n` and `n + 1`.
    pub n: usize,
    pub at: f64,
    pub from: f64,
    pub to: f64,
    pub low: f64,
    pub high: f64,
    /// To which side the line turns at both ends of the piece.
    ends: (i32, i32),
    /// A first guess at the order of the tracks.
    turn: (i32, f64),
}

impl Piece {
    /// How often two lines cross when this piece lies on the lower track of the two.
    fn crossed_below(&self, other: &Self) -> i32 {
        const SAME: f64 = 0.02;
        if self.from > other.to - SAME || other.from > self.to - SAME {
            return 0;
        }
        let within = |at: f64, piece: &Self| at > piece.from + SAME && at < piece.to - SAME;
        let mut count = 0;
        for (at, turn, at_other, turn_other) in [
            (self.from, self.ends.0, other.from, other.ends.0),
            (self.to, self.ends.1, other.to, other.ends.1),
        ] {
            count += i32::from(turn > 0 && within(at, other));
            count += i32::from(turn_other < 0 && within(at_other, self));
            count += i32::from(turn > 0 && turn_other < 0 && (at - at_other).abs() <= SAME);
        }
        count
    }
}

/// Spreads vertical pieces, then level ones.
pub(crate) fn spread(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    kin: &Kin,
    paths: &mut [Vec<Point>],
) {
    for level in [false, true] {
        let pieces = pieces(course, obstacles, lines, paths, level);
        let mut lanes: BTreeMap<i64, Vec<Piece>> = BTreeMap::new();
        for piece in pieces {
            lanes.entry((piece.at * 1000.0).round() as i64).or_default().push(piece);
        }
        for lane in lanes.into_values() {
            for cluster in clusters(lane) {
                for (piece, at) in settle(kin, &cluster) {
                    for corner in [piece.n, piece.n + 1] {
                        let point = &mut paths[piece.line][corner];
                        if level { point.y = at } else { point.x = at }
                    }
                }
            }
        }
    }
}

pub(crate) fn pieces(
    course: &Course<'_>,
    obstacles: &Obstacles,
    lines: &[Line],
    paths: &[Vec<Point>],
    level: bool,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let coordinate = |p: Point| if level { (p.y, p.x) } else { (p.x, p.y) };
    for (line, path) in paths.iter().enumerate() {
        for n in 0..path.len().saturating_sub(1) {
            let ((a, s), (b, t)) = (coordinate(path[n]), coordinate(path[n + 1]));
            if (a - b).abs() > 1e-6 || (s - t).abs() < 1e-6 {
                continue;
            }
            let (from, to) = (s.min(t), s.max(t));
            let turn_at =
                |corner: Option<Point>| corner.map_or(0, |p| (coordinate(p).0 - a).total_cmp(&0.0) as i32);
            let before = turn_at(n.checked_sub(1).map(|n| path[n]));
            let after = turn_at(path.get(n + 2).copied());
            let (at_from, at_to) = if s <= t { (before, after) } else { (after, before) };
            let length = to - from;
            // Uncrossed order: pieces that turn the same way at both ends nest; of those that pass
            // from one side to the other the one further along comes first, or last.
            let second = match (at_from, at_to) {
                (x, y) if x + y < 0 => length,
                (x, y) if x + y > 0 => -length,
                (x, y) if x < y => -(from + to),
                _ => from + to,
            };
            let (mut low, mut high) = (a - REACH, a + REACH);
            let mut own = Vec::new();
            for (end, first) in [(lines[line].from, true), (lines[line].to, false)] {
                let touches = if first { n == 0 } else { n + 2 == path.len() };
                if !touches {
                    continue;
                }
                match end {
                    End::Node(node) => {
                        own.push(node);
                        let middle = coordinate(course.nodes[node].at).0;
                        low = low.max(middle - PORT);
                        high = high.min(middle + PORT);
                    }
                    End::Plate(p) => {
                        let r = course.plates[p].rect;
                        let (p0, p1) = if level { (r.y, r.bottom()) } else { (r.x, r.right()) };
                        // One that runs along the plate's side to its end there must stay.
                        let beside = a < p0 + 0.2 || a > p1 - 0.2;
                        low = low.max(if beside { a } else { p0 + 0.2 });
                        high = high.min(if beside { a } else { p1 - 0.2 });
                    }
                }
            }
            let strip = if level {
                Rect::new(from, a - REACH, length, 2.0 * REACH)
            } else {
                Rect::new(a - REACH, from, 2.0 * REACH, length)
            };
            for (rect, owner) in obstacles.near(&strip) {
                if !rect.overlaps(&strip, 1e-6) {
                    continue;
                }
                let (r0, r1) = if level { (rect.y, rect.bottom()) } else { (rect.x, rect.right()) };
                // Its own footprint, and in 2d the label below which it begins, it may run through.
                if own.contains(owner) && r0 < a && a < r1 {
                    continue;
                }
                if r1 <= a + 1e-6 {
                    low = low.max(r1);
                } else if r0 >= a - 1e-6 {
                    high = high.min(r0);
                }
            }
            pieces.push(Piece {
                line,
                n,
                at: a,
                from,
                to,
                low,
                high,
                ends: (at_from, at_to),
                turn: (at_from + at_to, second),
            });
        }
    }
    borders(course, &mut pieces, level);
    pieces
}

/// Pieces keep on their side of every plate's border, a little away from it.
fn borders(course: &Course<'_>, pieces: &mut [Piece], level: bool) {
    const AWAY: f64 = 0.14;
    let mut sides: Vec<(f64, f64, f64)> = Vec::with_capacity(course.plates.len() * 2);
    for plate in course.plates {
        let r = plate.rect;
        let (a, b, from, to) =
            if level { (r.y, r.bottom(), r.x, r.right()) } else { (r.x, r.right(), r.y, r.bottom()) };
        sides.push((a, from, to));
        sides.push((b, from, to));
    }
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    for piece in pieces {
        let first = sides.partition_point(|s| s.0 < piece.at - REACH);
        for &(at, from, to) in sides[first..].iter().take_while(|s| s.0 <= piece.at + REACH) {
            if to <= piece.from + 1e-6 || from >= piece.to - 1e-6 {
                continue;
            }
            if at < piece.at - 1e-6 {
                piece.low = piece.low.max((at + AWAY).min(piece.at));
            } else if at > piece.at + 1e-6 {
                piece.high = piece.high.min((at - AWAY).max(piece.at));
            }
        }
    }
}

/// Pieces of one lane that overlap, directly or through others.
fn clusters(mut lane: Vec<Piece>) -> Vec<Vec<Piece>> {
    lane.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.line.cmp(&b.line)));
    let mut clusters: Vec<Vec<Piece>> = Vec::new();
    let mut end = f64::MIN;
    for piece in lane {
        if piece.from > end - 0.02 || clusters.is_empty() {
            clusters.push(Vec::new());
        }
        end = if clusters.last().is_some_and(Vec::is_empty) { piece.to } else { end.max(piece.to) };
        if let Some(cluster) = clusters.last_mut() {
            cluster.push(piece);
        }
    }
    clusters
}

/// A track: pieces that may lie on one another.
struct Track<'p> {
    pieces: Vec<&'p Piece>,
    turn: (i32, f64),
}

/// Swaps neighbouring tracks as long as that makes fewer crossings.
fn uncross(tracks: &mut [Track<'_>]) {
    // A lane this full is a wall of lines, whatever their order.
    const MOST: usize = 60;
    if tracks.len() > MOST {
        return;
    }
    let below = |a: &Track<'_>, b: &Track<'_>| -> i32 {
        a.pieces.iter().map(|p| b.pieces.iter().map(|q| p.crossed_below(q)).sum::<i32>()).sum()
    };
    for _ in 0..tracks.len() {
        let mut changed = false;
        for n in 1..tracks.len() {
            if below(&tracks[n], &tracks[n - 1]) < below(&tracks[n - 1], &tracks[n]) {
                tracks.swap(n - 1, n);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// Gives each piece of a cluster its place.
fn settle<'p>(kin: &Kin, cluster: &'p [Piece]) -> Vec<(&'p Piece, f64)> {
    if cluster.len() < 2 {
        return Vec::new();
    }
    let overlap = |a: &Piece, b: &Piece| a.from < b.to - 0.02 && b.from < a.to - 0.02;
    let kin = |a: &Piece, b: &Piece| kin.are(a.line, b.line);
    let mut tracks: Vec<Track<'_>> = Vec::new();
    let mut order: Vec<&Piece> = cluster.iter().collect();
    order.sort_by(|a, b| {
        a.turn.0.cmp(&b.turn.0).then(a.turn.1.total_cmp(&b.turn.1)).then(a.line.cmp(&b.line))
    });
    for piece in order {
        let fits = |track: &&mut Track<'_>| {
            track.pieces.iter().any(|p| overlap(p, piece) && kin(p, piece))
                && track.pieces.iter().all(|p| kin(p, piece))
        };
        match tracks.iter_mut().find(fits) {
            Some(track) => track.pieces.push(piece),
            None => tracks.push(Track { pieces: vec![piece], turn: piece.turn }),
        }
    }
    tracks.sort_by(|a, b| {
        let first = |t: &Track<'_>| (t.pieces[0].line, t.pieces[0].n);
        a.turn.0.cmp(&b.turn.0).then(a.turn.1.total_cmp(&b.turn.1)).then(first(a).cmp(&first(b)))
    });
    if tracks.len() < 2 {
        return Vec::new();
    }
    uncross(&mut tracks);
    let clash =
        |a: &Track<'_>, b: &Track<'_>| a.pieces.iter().any(|p| b.pieces.iter().any(|q| overlap(p, q)));
    let mut before = vec![0usize; tracks.len()];
    let mut after = vec![0usize; tracks.len()];
    for j in 0..tracks.len() {
        for i in 0..j {
            if clash(&tracks[i], &tracks[j]) {
                before[j] = before[j].max(before[i] + 1);
            }
        }
    }
    for i in (0..tracks.len()).rev() {
        for j in i + 1..tracks.len() {
            if clash(&tracks[i], &tracks[j]) {
                after[i] = after[i].max(after[j] + 1);
            }
        }
    }
    let deepest = before.iter().zip(&after).map(|(b, a)| b + a).max().unwrap_or(0);
    if deepest == 0 {
        return Vec::new();
    }
    let at = cluster[0].at;
    let low = cluster.iter().map(|p| p.low).fold(f64::MIN, f64::max);
    let high = cluster.iter().map(|p| p.high).fold(f64::MAX, f64::min);
    let room = (high - low).max(0.0);
    let apart = APART.min(room / deepest as f64);
    // The bundle stays around the lane where it can, and moves aside where one side is short.
    let half = apart * deepest as f64 / 2.0;
    let middle =
        if high - low < 2.0 * half + 1e-9 { (low + high) / 2.0 } else { at.clamp(low + half, high - half) };
    let mut moved = Vec::new();
    for (n, track) in tracks.iter().enumerate() {
        let offset = (before[n] as f64 - after[n] as f64) / 2.0 * apart;
        // Whatever is best for all, each keeps to the side it begins or ends at.
        let place = |p: &Piece| (middle + offset).max(p.low.min(p.at)).min(p.high.max(p.at));
        moved.extend(track.pieces.iter().map(|&p| (p, place(p))));
    }
    moved
}
