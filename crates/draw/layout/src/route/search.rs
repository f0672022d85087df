//! The cheapest way of one line through the lanes: length, bends, crossings, and what it would
//! rather not run through.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use isobar_graph::Flow;

use super::Course;
use super::grid::{Grid, NONE, Stretch};
use super::obstacle::Obstacles;
use crate::blueprint::{End, Projection};
use crate::geometry::{Point, Rect};
use crate::lines::Line;
use crate::metrics::HALF;

const BEND: f32 = 2.0;
const CROSSING: f32 = 1.6;
const FOREIGN: f32 = 9.0;
const FOREIGN_VPC: f32 = 1.2;
const TITLE: f32 = 5.0;
const BORDER: f32 = 4.0;
/// A trunk shared with a line of the same source or target.
const SHARED: f32 = 0.6;
/// A lane already used by another line.
const BUSY: f32 = 1.12;
/// Ways looked at before a search widens to the whole floor.
const PATIENCE: usize = 12_000;

/// A place where a line can leave or reach its end.
struct Port {
    vertex: (usize, usize),
    /// Whether it leaves along x.
    level: bool,
    cost: f32,
    /// The point on or in the end itself.
    point: Point,
}

/// One end of a line.
pub(crate) struct Terminal {
    ports: Vec<Port>,
    rect: Rect,
    home: Vec<usize>,
}

impl Terminal {
    pub(crate) fn of(
        course: &Course<'_>,
        grid: &Grid,
        obstacles: &Obstacles,
        end: End,
        leaving: bool,
    ) -> Self {
        let rect = course.rect(end);
        let mut ports = Vec::new();
        match end {
            End::Node(n) => node_ports(course, grid, n, leaving, &mut ports),
            End::Plate(_) => {
                plate_ports(grid, &rect, leaving, &mut ports);
                // A gateway may stand on the border.
                ports.retain(|p| {
                    let (x, y) = (grid.xs[p.vertex.0], grid.ys[p.vertex.1]);
                    let stub = Rect::new(
                        p.point.x.min(x),
                        p.point.y.min(y),
                        (p.point.x - x).abs(),
                        (p.point.y - y).abs(),
                    );
                    !obstacles.near(&stub).any(|o| o.0.overlaps(&stub, -1e-9))
                });
            }
        }
        Self { ports, rect, home: course.home(end) }
    }
}

fn node_ports(course: &Course<'_>, grid: &Grid, n: usize, leaving: bool, ports: &mut Vec<Port>) {
    let node = &course.nodes[n];
    let (x, y) = (Grid::lane(&grid.xs, node.at.x), Grid::lane(&grid.ys, node.at.y));
    let clear = HALF + 0.2;
    let right = grid.xs.partition_point(|&v| v < node.at.x + clear);
    let left = grid.xs.partition_point(|&v| v <= node.at.x - clear);
    let up = grid.ys.partition_point(|&v| v <= node.at.y - clear);
    let flat = course.projection == Projection::Flat;
    let down = grid.ys.partition_point(|&v| v < node.at.y + if flat { HALF + 1.02 } else { clear });
    let (forward, backward) = if leaving { (0.0, 1.2) } else { (1.2, 0.0) };
    let beside = if node.on_border { 4.0 } else { 0.9 };
    let mut port = |vertex: Option<(usize, usize)>, level: bool, cost: f32| {
        if let Some(vertex) = vertex {
            ports.push(Port { vertex, level, cost, point: node.at });
        }
    };
    port((right < grid.xs.len()).then_some((right, y)), true, forward);
    port(left.checked_sub(1).map(|x| (x, y)), true, backward);
    port(up.checked_sub(1).map(|y| (x, y)), false, beside);
    port((down < grid.ys.len()).then_some((x, down)), false, beside + if flat { 2.5 } else { 0.0 });
}

/// Points along a plate's sides, best near their middles.
fn plate_ports(grid: &Grid, rect: &Rect, leaving: bool, ports: &mut Vec<Port>) {
    const MOST: usize = 9;
    let nearest = |lanes: &[f64], from: f64, to: f64| -> Vec<usize> {
        let middle = (from + to) / 2.0;
        let inset = 0.4f64.min((to - from) / 3.0);
        let first = lanes.partition_point(|&v| v < from + inset);
        let last = lanes.partition_point(|&v| v <= to - inset);
        let mut lanes_here: Vec<usize> = (first..last).collect();
        lanes_here.sort_by(|&a, &b| {
            (lanes[a] - middle).abs().total_cmp(&(lanes[b] - middle).abs()).then(a.cmp(&b))
        });
        lanes_here.truncate(MOST);
        lanes_here
    };
    let center = rect.center();
    let (forward, backward) = if leaving { (0.0, 1.2) } else { (1.2, 0.0) };
    let right = grid.xs.partition_point(|&v| v < rect.right() + 0.1);
    let left = grid.xs.partition_point(|&v| v <= rect.x - 0.1);
    for y in nearest(&grid.ys, rect.y, rect.bottom()) {
        let off = ((grid.ys[y] - center.y).abs() * 0.12) as f32;
        if right < grid.xs.len() {
            let point = Point::new(rect.right(), grid.ys[y]);
            ports.push(Port { vertex: (right, y), level: true, cost: forward + off, point });
        }
        if left > 0 {
            let point = Point::new(rect.x, grid.ys[y]);
            ports.push(Port { vertex: (left - 1, y), level: true, cost: backward + off, point });
        }
    }
    let down = grid.ys.partition_point(|&v| v < rect.bottom() + 0.1);
    let up = grid.ys.partition_point(|&v| v <= rect.y - 0.1);
    for x in nearest(&grid.xs, rect.x, rect.right()) {
        let off = ((grid.xs[x] - center.x).abs() * 0.12) as f32 + 0.9;
        if down < grid.ys.len() {
            let point = Point::new(grid.xs[x], rect.bottom());
            ports.push(Port { vertex: (x, down), level: false, cost: off, point });
        }
        if up > 0 {
            let point = Point::new(grid.xs[x], rect.y);
            ports.push(Port { vertex: (x, up - 1), level: false, cost: off, point });
        }
    }
}

type Key = (End, Flow);

/// Who runs along a stretch.
#[derive(Clone, Copy)]
struct Use {
    from: u32,
    to: u32,
}

/// The search, its memory reused from line to line.
pub(crate) struct Search<'g> {
    grid: &'g Grid,
    cost: Vec<f32>,
    /// Where each state was reached from, and in which search.
    before: Vec<(u32, u32)>,
    round: u32,
    haste: f32,
    /// In which search a state was looked at.
    closed: Vec<u32>,
    /// In which search a crossing was a goal.
    goals: Vec<u32>,
    across: Vec<Use>,
    along: Vec<Use>,
    keys: HashMap<(Key, bool), u32>,
    /// Which sources are joined with which targets: a bit each.
    joined: Vec<u64>,
}

#[derive(PartialEq)]
struct Open {
    rank: f32,
    cost: f32,
    state: u32,
}

impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first; the cheapest, then the one of the lower number, is it.
        other.rank.total_cmp(&self.rank).then(other.state.cmp(&self.state))
    }
}

impl<'g> Search<'g> {
    pub(crate) fn new(grid: &'g Grid, all: &[Line]) -> Self {
        let lines = all.len();
        let mut keys: HashMap<(Key, bool), u32> = HashMap::new();
        let mut pairs = Vec::with_capacity(lines);
        for line in all {
            let mut number = |key: (Key, bool)| {
                let next = keys.len() as u32;
                *keys.entry(key).or_insert(next)
            };
            let from = number(((line.from, line.flow), true));
            pairs.push((from, number(((line.to, line.flow), false))));
        }
        let mut joined = vec![0u64; (keys.len() * keys.len()).div_ceil(64)];
        for (from, to) in pairs {
            let bit = from as usize * keys.len() + to as usize;
            joined[bit / 64] |= 1 << (bit % 64);
        }
        let vertices = grid.xs.len() * grid.ys.len();
        let unused = Use { from: NONE, to: NONE };
        Self {
            grid,
            cost: vec![0.0; vertices * 2],
            before: vec![(NONE, 0); vertices * 2],
            round: 0,
            // With very many lines a good way soon is worth more than the best one.
            haste: if lines <= 400 {
                1.0
            } else if lines <= 800 {
                1.15
            } else {
                1.35
            },
            closed: vec![0; vertices * 2],
            goals: vec![0; vertices],
            across: vec![unused; vertices],
            along: vec![unused; vertices],
            keys,
            joined,
        }
    }

    /// The corners of the cheapest way, and marks it as used.
    pub(crate) fn path(&mut self, from: &Terminal, to: &Terminal, source: Key, target: Key) -> Vec<Point> {
        let (source, target) = (self.key(source, true), self.key(target, false));
        let around = from.rect.union(&to.rect);
        // First the best way nearby; if that takes long, any good way, and at last any way at all.
        let attempts = [(8.0, 1.0, PATIENCE), (60.0, 1.8, PATIENCE), (f64::INFINITY, 3.0, usize::MAX)];
        let found = attempts.into_iter().find_map(|(margin, haste, patience)| {
            self.run(from, to, source, target, &around, margin, haste, patience)
        });
        let Some((states, first, last)) = found else { return Vec::new() };
        let w = self.grid.xs.len();
        let mut points = vec![from.ports[first].point];
        for pair in states.windows(2) {
            let (a, b) = ((pair[0] / 2) as usize, (pair[1] / 2) as usize);
            let used = Use { from: source, to: target };
            let (low, high) = (a.min(b), a.max(b));
            if low / w == high / w {
                self.across[low..high].fill(used);
            } else {
                (low..high).step_by(w).for_each(|v| self.along[v] = used);
            }
        }
        points.extend(states.iter().map(|&s| {
            let v = (s / 2) as usize;
            Point::new(self.grid.xs[v % w], self.grid.ys[v / w])
        }));
        points.push(to.ports[last].point);
        super::straighten(&mut points);
        points
    }

    fn key(&self, key: Key, leaving: bool) -> u32 {
        self.keys.get(&(key, leaving)).copied().unwrap_or(NONE - 1)
    }

    /// Whether a line may lie on what runs there: both begin or end at the same place, or each
    /// leads, by further lines, to the other's target too; then a shared trunk says nothing wrong.
    fn kin(&self, used: Use, source: u32, target: u32) -> bool {
        used.from == source
            || used.to == target
            || self.joins(used.from, target) && self.joins(source, used.to)
    }

    fn joins(&self, source: u32, target: u32) -> bool {
        let bit = source as usize * self.keys.len() + target as usize;
        self.joined.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    #[allow(clippy::too_many_arguments)]
    fn run(
        &mut self,
        from: &Terminal,
        to: &Terminal,
        source: u32,
        target: u32,
        around: &Rect,
        margin: f64,
        haste: f32,
        patience: usize,
    ) -> Option<(Vec<u32>, usize, usize)> {
        let (w, h) = (self.grid.xs.len(), self.grid.ys.len());
        let within = |x: usize, y: usize, grid: &Grid| {
            grid.xs[x] >= around.x - margin
                && grid.xs[x] <= around.right() + margin
                && grid.ys[y] >= around.y - margin
                && grid.ys[y] <= around.bottom() + margin
        };
        self.round += 1;
        let (round, haste) = (self.round, haste * self.haste);
        let mut heap = BinaryHeap::new();
        let guess = |x: usize, y: usize, grid: &Grid| -> f32 {
            let (px, py) = (grid.xs[x], grid.ys[y]);
            let dx = (to.rect.x - px).max(px - to.rect.right()).max(0.0);
            let dy = (to.rect.y - py).max(py - to.rect.bottom()).max(0.0);
            // One that lies neither straight ahead nor beside needs a bend at least.
            haste * ((dx + dy) as f32 + if dx > 0.0 && dy > 0.0 { BEND } else { 0.0 })
        };
        for port in &from.ports {
            let (x, y) = port.vertex;
            let length =
                ((self.grid.xs[x] - port.point.x).abs() + (self.grid.ys[y] - port.point.y).abs()) as f32;
            let state = ((y * w + x) * 2 + usize::from(!port.level)) as u32;
            let cost = port.cost + length;
            if self.before[state as usize].1 != round || self.cost[state as usize] > cost {
                self.cost[state as usize] = cost;
                self.before[state as usize] = (NONE, round);
                heap.push(Open { rank: cost + guess(x, y, self.grid), cost, state });
            }
        }
        for port in &to.ports {
            self.goals[port.vertex.1 * w + port.vertex.0] = round;
        }
        let goal = |state: u32, v: usize| -> Option<(f32, usize)> {
            let (x, y, level) = (v % w, v / w, state.is_multiple_of(2));
            to.ports
                .iter()
                .enumerate()
                .filter(|(_, p)| p.vertex == (x, y))
                .map(|(n, p)| {
                    let length = (self.grid.xs[x] - p.point.x).abs() + (self.grid.ys[y] - p.point.y).abs();
                    (p.cost + length as f32 + if p.level == level { 0.0 } else { BEND }, n)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let mut best: Option<(f32, u32, usize)> = None;
        let mut looked = 0;
        while let Some(Open { rank, cost, state }) = heap.pop() {
            if best.is_some_and(|b| rank >= b.0) {
                break;
            }
            if cost > self.cost[state as usize] || self.closed[state as usize] == round {
                continue;
            }
            self.closed[state as usize] = round;
            looked += 1;
            if looked > patience {
                break;
            }
            let v = (state / 2) as usize;
            let (x, y, level) = (v % w, v / w, state.is_multiple_of(2));
            if self.goals[v] == round
                && let Some((end, port)) = goal(state, v)
                && best.is_none_or(|b| cost + end < b.0)
            {
                best = Some((cost + end, state, port));
            }
            for (ahead, forward) in [(true, true), (true, false), (false, true), (false, false)] {
                let turn = if ahead == level { 0.0 } else { BEND };
                let mut new_cost = cost + turn;
                let (mut x, mut y) = (x, y);
                // Runs on until a crossing where something could change.
                loop {
                    let end = match (ahead, forward) {
                        (true, true) => x + 1 >= w,
                        (true, false) => x == 0,
                        (false, true) => y + 1 >= h,
                        (false, false) => y == 0,
                    };
                    if end {
                        break;
                    }
                    let here = y * w + x;
                    match (ahead, forward) {
                        (true, true) => x += 1,
                        (true, false) => x -= 1,
                        (false, true) => y += 1,
                        (false, false) => y -= 1,
                    }
                    let next = y * w + x;
                    let stretch = here.min(next);
                    let run = if ahead { self.grid.across[stretch] } else { self.grid.along[stretch] };
                    if run.blocked || !within(x, y, self.grid) {
                        break;
                    }
                    new_cost += self.step(stretch, ahead, &run, from, to, source, target);
                    new_cost += self.crossing(next, ahead, source, target);
                    if !self.grid.turns[next] && self.goals[next] != round {
                        continue;
                    }
                    let new_state = (next * 2 + usize::from(!ahead)) as u32;
                    let at = new_state as usize;
                    let open = self.closed[at] != round;
                    if open && (self.before[at].1 != round || new_cost < self.cost[at] - 1e-6) {
                        self.cost[at] = new_cost;
                        self.before[at] = (state, round);
                        let guess = guess(x, y, self.grid);
                        heap.push(Open { rank: new_cost + guess, cost: new_cost, state: new_state });
                    }
                    break;
                }
            }
        }
        let (_, mut state, last) = best?;
        let mut states = vec![state];
        while self.before[state as usize].0 != NONE {
            state = self.before[state as usize].0;
            states.push(state);
        }
        states.reverse();
        let v = (state / 2) as usize;
        let level = state % 2 == 0;
        let first = from.ports.iter().position(|p| p.vertex == (v % w, v / w) && p.level == level)?;
        Some((states, first, last))
    }

    /// What one stretch costs: its length, more where it runs through what it does not concern,
    /// less where it shares a trunk.
    #[allow(clippy::too_many_arguments)]
    fn step(
        &self,
        stretch: usize,
        ahead: bool,
        run: &Stretch,
        from: &Terminal,
        to: &Terminal,
        source: u32,
        target: u32,
    ) -> f32 {
        let w = self.grid.xs.len();
        let length = if ahead {
            let x = stretch % w;
            self.grid.xs[x + 1] - self.grid.xs[x]
        } else {
            let y = stretch / w;
            self.grid.ys[y + 1] - self.grid.ys[y]
        } as f32;
        let home = |p: u32| from.home.contains(&(p as usize)) || to.home.contains(&(p as usize));
        let mut factor = 1.0;
        if run.plate != NONE && !home(run.plate) {
            factor += FOREIGN;
        }
        if run.vpc != NONE && !home(run.vpc) {
            factor += FOREIGN_VPC;
        }
        if run.title {
            factor += TITLE;
        }
        if run.border {
            factor += BORDER;
        }
        let used = if ahead { self.across[stretch] } else { self.along[stretch] };
        if used.from != NONE {
            factor *= if self.kin(used, source, target) { SHARED } else { BUSY };
        }
        length * factor
    }

    /// What it costs to come to a crossing where another line runs the other way.
    fn crossing(&self, v: usize, ahead: bool, source: u32, target: u32) -> f32 {
        let w = self.grid.xs.len();
        let other = |n: Option<usize>, uses: &[Use]| {
            n.is_some_and(|n| uses[n].from != NONE && !self.kin(uses[n], source, target))
        };
        let (uses, back) =
            if ahead { (&self.along, v.checked_sub(w)) } else { (&self.across, v.checked_sub(1)) };
        if other(Some(v), uses) && other(back, uses) { CROSSING } else { 0.0 }
    }
}
