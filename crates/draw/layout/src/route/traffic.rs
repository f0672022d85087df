//! Which line runs where.
//!
//! In: the grid, the lines' ends, and ways as they are found. Out: what a further line would meet on
//! its way. How ways are found is left to the search.

use std::collections::HashMap;

use isobar_graph::Flow;

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
    pub across: Uses,
    pub along: Uses,
    ways: Vec<Found>,
    trails: Trails,
}

/// Where bundles began to run, by source and by target: stretches twice, and one more for those along x.
/// Some may have ended since.
struct Trails {
    sources: Vec<Vec<u32>>,
    targets: Vec<Vec<u32>>,
}

impl<'g> Traffic<'g> {
    pub(crate) fn new(grid: &'g Grid, ends: &'g [Ends]) -> Self {
        let number = |of: fn(Way) -> u32| ends.iter().map(|e| of(e.way) as usize + 1).max().unwrap_or(0);
        let (sources, targets) = (number(|way| way.source), number(|way| way.target));
        let crossings = grid.xs.len() * grid.ys.len();
        let trails = |count: usize| vec![Vec::new(); count];
        Self {
            grid,
            ends,
            trails: Trails { sources: trails(sources), targets: trails(targets) },
            across: Uses::new(crossings),
            along: Uses::new(crossings),
            ways: vec![Found::default(); ends.len()],
        }
    }

    /// Gives a line its way; none where its ends have no lane in common.
    pub(crate) fn take(&mut self, line: usize, found: Option<Found>) {
        self.ways[line] = found.unwrap_or_default();
        self.occupy(line, true);
    }

    /// What a line used is free again; says what that was.
    pub(crate) fn free(&mut self, line: usize) -> Found {
        self.occupy(line, false);
        std::mem::take(&mut self.ways[line])
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
        let runs = self.runs(line);
        runs.map(|(ahead, lane, from, to)| {
            (from + 1..to).map(|at| self.crossed(lane, at, ahead, way)).sum::<usize>()
        })
        .sum()
    }

    /// The straight runs of a line: whether along x, the lane, and from which crossing on it to which.
    fn runs(&self, line: usize) -> impl Iterator<Item = (bool, usize, usize, usize)> + use<> {
        let w = self.grid.xs.len();
        let mut runs: Vec<(bool, usize, usize, usize)> = Vec::new();
        for pair in self.ways[line].way.windows(2) {
            let (low, high) = (pair[0].min(pair[1]) as usize, pair[0].max(pair[1]) as usize);
            let ahead = low / w == high / w;
            let run =
                if ahead { (true, low / w, low % w, high % w) } else { (false, low % w, low / w, high / w) };
            match runs.last_mut() {
                Some(last) if (last.0, last.1) == (run.0, run.1) => {
                    (last.2, last.3) = (last.2.min(run.2), last.3.max(run.3));
                }
                _ => runs.push(run),
            }
        }
        runs.into_iter()
    }

    fn occupy(&mut self, line: usize, taken: bool) {
        let (w, h, way) = (self.grid.xs.len(), self.grid.ys.len(), self.ends[line].way);
        for (ahead, lane, from, to) in self.runs(line) {
            let (uses, others) =
                if ahead { (&mut self.across, &mut self.along) } else { (&mut self.along, &mut self.across) };
            let (long, wide) = if ahead { (w, h) } else { (h, w) };
            let first = lane * long;
            if !taken {
                (from..to).for_each(|at| uses.remove(first + at, way));
            }
            // Who runs on a trunk of its own kin crosses nothing anew.
            let mut before = uses.kin(first + from, way);
            for at in from + 1..to {
                let here = uses.kin(first + at, way);
                if !(before && here) {
                    others.cross(at * wide + lane, taken);
                }
                before = here;
            }
            if taken {
                let Trails { sources, targets } = &mut self.trails;
                for stretch in (from..to).map(|at| first + at).filter(|&stretch| uses.add(stretch, way)) {
                    let trail = stretch as u32 * 2 + u32::from(ahead);
                    sources[way.source as usize].push(trail);
                    targets[way.target as usize].push(trail);
                }
            }
        }
    }

    /// How many others are crossed by passing a crossing on a lane.
    fn crossed(&self, lane: usize, at: usize, ahead: bool, way: Way) -> usize {
        let (w, h) = (self.grid.xs.len(), self.grid.ys.len());
        let (uses, here, others, beside) = if ahead {
            (&self.across, lane * w + at, &self.along, at * h + lane)
        } else {
            (&self.along, lane * h + at, &self.across, at * w + lane)
        };
        let here = usize::from(uses.all()[here].crossed);
        let own = here > 0 && lane > 0 && others.passes(beside, beside - 1, way);
        here - usize::from(own)
    }

    /// Calls with each stretch on which kin of a line run, in whose bundles it may be: whether along x, and
    /// its number; some are named more than once.
    pub(crate) fn kin(&self, line: usize, mut call: impl FnMut(bool, usize)) {
        let way = self.ends[line].way;
        let Trails { sources, targets } = &self.trails;
        for &trail in sources[way.source as usize].iter().chain(&targets[way.target as usize]) {
            let (ahead, stretch) = (trail % 2 == 1, trail as usize / 2);
            if if ahead { &self.across } else { &self.along }.kin(stretch, way) {
                call(ahead, stretch);
            }
        }
    }
}
