//! Which line runs where.
//!
//! In: the grid, the lines' ends, and ways as they are found. Out: what a further line would meet on
//! its way. How ways are found is left to the search.

use std::collections::HashMap;
use std::thread;

use isobar_graph::Flow;

use super::crew::processors;
use super::grid::Grid;
use super::ports::Terminal;
use super::uses::{Uses, Way};
use crate::blueprint::End;
use crate::geometry::Point;
use crate::lines::Line;

/// A line's two ends.
pub(crate) struct Ends {
    pub from: Terminal,
    pub to: Terminal,
    pub way: Way,
}

impl Ends {
    /// The ends of all lines.
    pub(crate) fn of(lines: &[Line], terminal: impl Fn(End, bool) -> Terminal) -> Vec<Self> {
        let mut sources: HashMap<(End, Flow), u32> = HashMap::new();
        let mut targets: HashMap<(End, Flow), u32> = HashMap::new();
        let number = |keys: &mut HashMap<(End, Flow), u32>, end: End, flow: Flow| {
            let next = keys.len() as u32;
            *keys.entry((end, flow)).or_insert(next)
        };
        let one = |line: &Line| {
            let source = number(&mut sources, line.from, line.flow);
            let way = Way { source, target: number(&mut targets, line.to, line.flow) };
            Self { from: terminal(line.from, true), to: terminal(line.to, false), way }
        };
        lines.iter().map(one).collect()
    }
}

/// A line's way: crossings of lanes, from its source on, and which ports it leaves and reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub way: Vec<u32>,
    pub first: usize,
    pub last: usize,
}

/// All lines with their ways.
pub(crate) struct Traffic<'g> {
    pub grid: &'g Grid,
    pub ends: &'g [Ends],
    pub across: Side,
    pub along: Side,
    ways: Vec<Found>,
}

/// Who runs along the lanes of one direction. What lines do to one side depends on that side alone.
pub(crate) struct Side {
    /// The lanes run along x.
    level: bool,
    pub uses: Uses,
    /// How many bundles pass each crossing straight on, numbered as the lanes across have them.
    pub passing: Vec<u16>,
    /// On which stretches bundles began to run, by source and by target; some may have ended since.
    sources: Vec<Vec<u32>>,
    targets: Vec<Vec<u32>>,
}

/// A straight part of a way.
#[derive(Clone, Copy)]
struct Straight {
    /// Along x.
    level: bool,
    lane: usize,
    /// The crossings on the lane at its ends.
    from: usize,
    to: usize,
}

impl Side {
    /// A line takes the parts of its way that run in these lanes, or gives them back.
    fn occupy(&mut self, grid: &Grid, way: Way, parts: &[Straight], taken: bool) {
        let (w, h) = (grid.xs.len(), grid.ys.len());
        let (long, wide) = if self.level { (w, h) } else { (h, w) };
        for &Straight { lane, from, to, .. } in parts.iter().filter(|part| part.level == self.level) {
            let first = lane * long;
            if !taken {
                (from..to).for_each(|at| self.uses.remove(first + at, way));
            }
            // Who runs on a trunk of its own kin crosses nothing anew.
            let mut before = self.uses.kin(first + from, way);
            for at in from + 1..to {
                let here = self.uses.kin(first + at, way);
                if !(before && here) {
                    let passing = &mut self.passing[at * wide + lane];
                    *passing = if taken { passing.saturating_add(1) } else { passing.saturating_sub(1) };
                }
                before = here;
            }
            if taken {
                for stretch in (from..to).map(|at| first + at) {
                    if self.uses.add(stretch, way) {
                        self.sources[way.source as usize].push(stretch as u32);
                        self.targets[way.target as usize].push(stretch as u32);
                    }
                }
            }
        }
    }
}

impl<'g> Traffic<'g> {
    pub(crate) fn new(grid: &'g Grid, ends: &'g [Ends]) -> Self {
        let number = |of: fn(Way) -> u32| ends.iter().map(|e| of(e.way) as usize + 1).max().unwrap_or(0);
        let (sources, targets) = (number(|way| way.source), number(|way| way.target));
        let crossings = grid.xs.len() * grid.ys.len();
        let side = |level: bool| Side {
            level,
            uses: Uses::new(crossings),
            passing: vec![0; crossings],
            sources: vec![Vec::new(); sources],
            targets: vec![Vec::new(); targets],
        };
        Self { grid, ends, across: side(true), along: side(false), ways: vec![Found::default(); ends.len()] }
    }

    /// Gives lines their ways; none where the ends of one have no lane in common.
    pub(crate) fn take(&mut self, lines: &[usize], found: Vec<Option<Found>>) {
        for (&line, found) in lines.iter().zip(found) {
            self.ways[line] = found.unwrap_or_default();
        }
        self.occupy(lines, true);
    }

    /// What lines used is free again; says what that was.
    pub(crate) fn free(&mut self, lines: &[usize]) -> Vec<Found> {
        self.occupy(lines, false);
        lines.iter().map(|&line| std::mem::take(&mut self.ways[line])).collect()
    }

    fn occupy(&mut self, lines: &[usize], taken: bool) {
        /// With so many lines it is done side by side.
        const MANY: usize = 32;
        let ways = |&line: &usize| (self.ends[line].way, self.parts(line));
        let ways: Vec<(Way, Vec<Straight>)> = lines.iter().map(ways).collect();
        let workers = if lines.len() < MANY { 1 } else { processors().min(2) };
        let occupy = |side: &mut Side| {
            ways.iter().for_each(|(way, parts)| side.occupy(self.grid, *way, parts, taken));
        };
        if workers > 1 && ways.iter().any(|way| !way.1.is_empty()) {
            thread::scope(|scope| {
                scope.spawn(|| occupy(&mut self.across));
                occupy(&mut self.along);
            });
        } else {
            occupy(&mut self.across);
            occupy(&mut self.along);
        }
    }

    /// The corners of a line; none where it has no way.
    pub(crate) fn path(&self, line: usize) -> Vec<Point> {
        let Found { way, first, last } = &self.ways[line];
        if way.is_empty() {
            return Vec::new();
        }
        let w = self.grid.xs.len();
        let ends = &self.ends[line];
        let mut points = vec![ends.from.ports[*first].point];
        points.extend(way.iter().map(|&v| {
            let v = v as usize;
            Point::new(self.grid.xs[v % w], self.grid.ys[v / w])
        }));
        points.push(ends.to.ports[*last].point);
        super::straighten(&mut points);
        points
    }

    pub(crate) fn way(&self, line: usize) -> &Found {
        &self.ways[line]
    }

    /// How many others a line crosses.
    pub(crate) fn crossings(&self, line: usize) -> usize {
        let way = self.ends[line].way;
        let crossed = |part: Straight| {
            (part.from + 1..part.to).map(|at| self.crossed(part.level, part.lane, at, way)).sum::<usize>()
        };
        self.parts(line).into_iter().map(crossed).sum()
    }

    /// The straight parts of a line's way.
    fn parts(&self, line: usize) -> Vec<Straight> {
        let w = self.grid.xs.len();
        let mut parts: Vec<Straight> = Vec::new();
        for pair in self.ways[line].way.windows(2) {
            let (low, high) = (pair[0].min(pair[1]) as usize, pair[0].max(pair[1]) as usize);
            let level = low / w == high / w;
            let (lane, from, to) =
                if level { (low / w, low % w, high % w) } else { (low % w, low / w, high / w) };
            match parts.last_mut() {
                Some(last) if (last.level, last.lane) == (level, lane) => {
                    (last.from, last.to) = (last.from.min(from), last.to.max(to));
                }
                _ => parts.push(Straight { level, lane, from, to }),
            }
        }
        parts
    }

    /// How many others are crossed by passing a crossing on a lane.
    fn crossed(&self, level: bool, lane: usize, at: usize, way: Way) -> usize {
        let (w, h) = (self.grid.xs.len(), self.grid.ys.len());
        let (others, here, beside) = if level {
            (&self.along, lane * w + at, at * h + lane)
        } else {
            (&self.across, lane * h + at, at * w + lane)
        };
        let here = usize::from(others.passing[here]);
        let own = here > 0 && lane > 0 && others.uses.passes(beside, beside - 1, way);
        here - usize::from(own)
    }

    /// Calls with each stretch on which kin of a line run, in whose bundles it may be: whether along x, and
    /// its number; some are named more than once.
    pub(crate) fn kin(&self, line: usize, mut call: impl FnMut(bool, usize)) {
        let way = self.ends[line].way;
        for side in [&self.across, &self.along] {
            let trails = side.sources[way.source as usize].iter().chain(&side.targets[way.target as usize]);
            for stretch in trails.map(|&trail| trail as usize) {
                if side.uses.kin(stretch, way) {
                    call(side.level, stretch);
                }
            }
        }
    }
}
