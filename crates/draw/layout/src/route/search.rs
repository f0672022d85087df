//! The cheapest way of one line through the lanes: length, bends, crossings, and what it would
//! rather not run through.
//!
//! In: who runs where. Out: the way of one line as things are. Which lines are looked for when is
//! decided by the caller.

use super::FEW;
use super::grid::{Grid, NONE, Stretch, Turn};
use super::lanes::{EVERYBODY, Owner};
use super::queue::{Open, Queue};
use super::traffic::{Ends, Found, Traffic};
use super::uses;

/// What a bend counts, a unit of length being 1. Where lines are many, detours to cross fewer only cross
/// others, and straight ones are easier to follow.
fn bend(lines: usize) -> f32 {
    const SMALL: usize = 60;
    match lines {
        n if n <= SMALL => 2.0,
        n if n <= FEW => 2.5,
        _ => 6.0,
    }
}
/// Where lines are so many that every long one crosses many, detours help none.
const CROSSING_MANY: f32 = 1.0;
/// Through a plate of foreign resources: only where there is no other way at all.
const FOREIGN: f32 = 40.0;
/// Through an icon or a name: only where even so there is none.
const BLOCKED: f32 = 120.0;
const FOREIGN_VPC: f32 = 4.0;
/// Outside the region in which both ends lie, or through a region or account in which neither does.
const ASTRAY: f32 = 1.6;
/// Beside the slab, for a line that comes from there.
const OUTSIDE: f32 = 0.3;
const TITLE: f32 = 7.0;
const BORDER: f32 = 4.0;

/// How hard a way is looked for.
struct Effort {
    /// How far from both ends.
    margin: f64,
    /// More than 1 takes a good way soon rather than the best one.
    haste: f32,
    /// States looked at before giving up.
    patience: usize,
    walls: Walls,
}

/// What a line cannot pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walls {
    /// Foreign plates, icons and names.
    All,
    /// Icons and names.
    Solid,
    /// Nothing: an untidy line tells more than none.
    None,
}

const fn effort(margin: f64, haste: f32, patience: usize, walls: Walls) -> Effort {
    Effort { margin, haste, patience, walls }
}

/// First the best way nearby; if that takes long, any good way, and at last any way at all.
const EFFORTS: [Effort; 5] = [
    effort(8.0, 1.0, 12_000, Walls::All),
    effort(60.0, 3.0, 12_000, Walls::All),
    effort(f64::INFINITY, 6.0, 300_000, Walls::All),
    effort(f64::INFINITY, 6.0, usize::MAX, Walls::Solid),
    effort(f64::INFINITY, 6.0, usize::MAX, Walls::None),
];

/// With more lines than this each is looked for less hard.
pub(crate) const MANY: usize = 1_200;
/// With more than this any good way of a long one will do.
const VERY_MANY: usize = 2_500;
/// Longer than this the ways of a large floor are not looked for nearby first.
const FAR: f64 = 80.0;
/// Longer than this they are looked for everywhere at once.
const VERY_FAR: f64 = 160.0;

/// The search, its memory reused from line to line.
pub(crate) struct Search {
    states: Vec<State>,
    queue: Queue,
    round: u32,
    asked: u32,
    haste: f32,
    crossing: f32,
    bend: f32,
    /// No effort takes more haste.
    most_haste: f32,
    many: bool,
    /// In which search a lane along y, or along x, led to a goal.
    goals: [Vec<u32>; 2],
    /// What each kind of stretch costs this line, in which search that was found.
    prices: [Vec<(u32, f32)>; 2],
    /// The same for whether it may turn at each kind of crossing.
    turns: [Vec<(u32, bool)>; 2],
    /// Where kin of which line run along the lanes of x, and of y: the question, four times, with what was
    /// found.
    kin: [Vec<u32>; 2],
    /// Stretches on which kin of the line run: whether along x, and which.
    met: Vec<(bool, usize)>,
}

/// Kin of the line that is looked for run on a stretch.
const ALONG: u32 = 1;
/// They cross the lane where a stretch begins, straight on.
const ACROSS: u32 = 2;

/// A crossing reached along x, or along y.
#[derive(Clone, Copy)]
struct State {
    cost: f32,
    /// From which state.
    before: u32,
    /// In which search it was reached, twice, and one more once it was looked at.
    mark: u32,
}

impl Search {
    /// A search among so many lines, one of which crosses another at such a price.
    pub(crate) fn new(grid: &Grid, lines: usize, crossing: f32) -> Self {
        let crossings = grid.xs.len() * grid.ys.len();
        let many = lines > MANY;
        Self {
            states: vec![State { cost: 0.0, before: NONE, mark: 0 }; crossings * 2],
            kin: [vec![0; crossings], vec![0; crossings]],
            met: Vec::new(),
            asked: 0,
            queue: Queue::default(),
            round: 0,
            // With very many lines a good way soon is worth more than the best one.
            haste: match lines {
                n if n <= FEW => 1.0,
                n if n <= 400 => 1.25,
                n if n <= MANY => 1.3,
                _ => 1.35,
            },
            most_haste: if many && lines <= VERY_MANY { 3.0 } else { f32::INFINITY },
            crossing,
            bend: bend(lines),
            many,
            goals: [vec![0; grid.xs.len()], vec![0; grid.ys.len()]],
            prices: [&grid.across, &grid.along].map(|axis| vec![(0, 0.0); axis.stretches.len()]),
            turns: [&grid.across, &grid.along].map(|axis| vec![(0, false); axis.turns.len()]),
        }
    }

    /// The cheapest way of a line as things are; none where its ends have no lane in common.
    pub(crate) fn find(&mut self, traffic: &Traffic<'_>, line: usize) -> Option<Found> {
        let Ends { from, to, .. } = &traffic.ends[line];
        if from.ports.is_empty() || to.ports.is_empty() {
            return None;
        }
        self.meet_kin(traffic, line);
        let around = from.rect.union(&to.rect);
        // What lies far apart is not found nearby in so few steps.
        let reach = around.w + around.h;
        let skip = if self.many { [FAR, VERY_FAR].iter().filter(|&&far| reach > far).count() } else { 0 };
        EFFORTS[skip..].iter().find_map(|effort| self.run(traffic, line, effort))
    }

    /// Marks where kin of a line run.
    fn meet_kin(&mut self, traffic: &Traffic<'_>, line: usize) {
        self.asked += 4;
        let (asked, [across, along]) = (self.asked, &mut self.kin);
        let (w, h) = (traffic.grid.xs.len(), traffic.grid.ys.len());
        let mut met = std::mem::take(&mut self.met);
        traffic.kin(line, |ahead, stretch| {
            let here = if ahead { &mut across[stretch] } else { &mut along[stretch] };
            if std::mem::replace(here, asked | ALONG) != asked | ALONG {
                met.push((ahead, stretch));
            }
        });
        for (ahead, stretch) in met.drain(..) {
            let (here, others, long, wide) =
                if ahead { (&*across, &mut *along, w, h) } else { (&*along, &mut *across, h, w) };
            let (lane, at) = (stretch / long, stretch % long);
            if at > 0 && here[stretch - 1] & !ACROSS == asked | ALONG {
                let crossing = &mut others[at * wide + lane];
                *crossing = if *crossing < asked { asked | ACROSS } else { *crossing | ACROSS };
            }
        }
        self.met = met;
    }

    /// The crossings of lanes on the cheapest way, and the ports at both its ends.
    fn run(&mut self, traffic: &Traffic<'_>, line: usize, effort: &Effort) -> Option<Found> {
        let grid = traffic.grid;
        let Ends { from, to, .. } = &traffic.ends[line];
        let (w, h) = (grid.xs.len(), grid.ys.len());
        let around = from.rect.union(&to.rect);
        let bound = |lanes: &[f64], low: f64, high: f64| {
            let first = lanes.partition_point(|&v| v < low - effort.margin);
            (first, lanes.partition_point(|&v| v <= high + effort.margin))
        };
        let (x0, x1) = bound(&grid.xs, around.x, around.right());
        let (y0, y1) = bound(&grid.ys, around.y, around.bottom());
        self.round += 2;
        let (round, haste) = (self.round, effort.haste.min(self.most_haste) * self.haste);
        let (patience, crossed) =
            if self.many { (effort.patience / 3, CROSSING_MANY) } else { (effort.patience, self.crossing) };
        let (asked, bend) = (self.asked, self.bend);
        let met = |kin: u32, how: u32| kin & !(ALONG | ACROSS) == asked && kin & how != 0;
        let mut queue = std::mem::take(&mut self.queue);
        let guess = |x: usize, y: usize, level: bool| -> f32 {
            let (px, py) = (grid.xs[x], grid.ys[y]);
            let dx = (to.rect.x - px).max(px - to.rect.right()).max(0.0);
            let dy = (to.rect.y - py).max(py - to.rect.bottom()).max(0.0);
            // One that does not lie straight ahead needs a bend at least.
            let bends = if level { dy > 0.0 } else { dx > 0.0 };
            haste * ((dx + dy) as f32 + if bends { bend } else { 0.0 })
        };
        for port in &from.ports {
            let (x, y) = port.vertex;
            let length = ((grid.xs[x] - port.point.x).abs() + (grid.ys[y] - port.point.y).abs()) as f32;
            let state = ((y * w + x) * 2 + usize::from(!port.level)) as u32;
            let cost = port.cost + length;
            let known = &mut self.states[state as usize];
            if known.mark < round || known.cost > cost {
                *known = State { cost, before: NONE, mark: round };
                queue.push(Open { rank: cost + guess(x, y, port.level), cost, state });
            }
        }
        let [mut goal_x, mut goal_y] = std::mem::take(&mut self.goals);
        for port in &to.ports {
            (goal_x[port.vertex.0], goal_y[port.vertex.1]) = (round, round);
        }
        let is_goal = |x: usize, y: usize| to.ports.iter().any(|port| port.vertex == (x, y));
        let owners = [from.owners[0], from.owners[1], to.owners[0], to.owners[1]];
        let (mut prices, mut turns) = (std::mem::take(&mut self.prices), std::mem::take(&mut self.turns));
        let goal = |state: u32, v: usize| -> Option<(f32, usize)> {
            let (x, y, level) = (v % w, v / w, state.is_multiple_of(2));
            to.ports
                .iter()
                .enumerate()
                .filter(|(_, p)| p.vertex == (x, y))
                .map(|(n, p)| {
                    let length = (grid.xs[x] - p.point.x).abs() + (grid.ys[y] - p.point.y).abs();
                    (p.cost + length as f32 + if p.level == level { 0.0 } else { bend }, n)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let mut best: Option<(f32, u32, usize)> = None;
        let mut looked = 0;
        while let Some(Open { rank, cost, state }) = queue.pop() {
            if best.is_some_and(|b| rank >= b.0) {
                break;
            }
            let known = &mut self.states[state as usize];
            if known.mark != round || cost > known.cost {
                continue;
            }
            known.mark = round + 1;
            let before = known.before;
            looked += 1;
            if looked > patience {
                break;
            }
            let v = (state / 2) as usize;
            // Small numbers are divided in half the time.
            let (x, y) = ((state / 2 % w as u32) as usize, (state / 2 / w as u32) as usize);
            let level = state.is_multiple_of(2);
            if goal_x[x] == round
                && goal_y[y] == round
                && let Some((end, port)) = goal(state, v)
                && best.is_none_or(|b| cost + end < b.0)
            {
                best = Some((cost + end, state, port));
            }
            for (ahead, forward) in [(true, true), (true, false), (false, true), (false, false)] {
                // Nobody turns back.
                if ahead == level && before != NONE && forward == (before > state) {
                    continue;
                }
                let turn = if ahead == level { 0.0 } else { bend };
                let mut new_cost = cost + turn;
                let (axis, own, others, way) = if ahead {
                    (&grid.across, &traffic.across, &traffic.along, 0)
                } else {
                    (&grid.along, &traffic.along, &traffic.across, 1)
                };
                let (kin, prices, turns) = (&self.kin[way], &mut prices[way], &mut turns[way]);
                let (lane, long, mut at) = if ahead { (y, w, x) } else { (x, h, y) };
                let (low, high) = if ahead { (x0, x1.min(w)) } else { (y0, y1.min(h)) };
                let of_lane = lane * long..(lane + 1) * long;
                let (stretches, crossings) = (&axis.stretch[of_lane.clone()], &axis.turn[of_lane.clone()]);
                let (bundles, passing) =
                    (&own.uses.counts()[of_lane.clone()], &others.passing[of_lane.clone()]);
                let kin = &kin[of_lane];
                let (may_end, ends) = if ahead { (goal_y[y], &goal_x) } else { (goal_x[x], &goal_y) };
                // Most stretches and crossings are of the kind of the one before.
                let (mut run, mut factor) = (NONE, 0.0);
                let (mut crossing, mut may_turn_here) = (NONE, false);
                // Runs on until a crossing where something could change.
                loop {
                    if if forward { at + 1 >= high } else { at <= low } {
                        break;
                    }
                    let first = if forward { at } else { at - 1 };
                    at = if forward { at + 1 } else { at - 1 };
                    if stretches[first] != run {
                        run = stretches[first];
                        let known = &mut prices[run as usize];
                        if known.0 != round {
                            let price =
                                price(&axis.stretches[run as usize], &traffic.ends[line], effort.walls);
                            *known = (round, price.unwrap_or(f32::INFINITY));
                        }
                        factor = known.1;
                    }
                    if factor == f32::INFINITY {
                        break;
                    }
                    new_cost +=
                        uses::price(axis.gaps[first] * factor, bundles[first], met(kin[first], ALONG));
                    let others = passing[at];
                    if others > 0 {
                        let own = lane > 0 && met(kin[at], ACROSS);
                        new_cost += crossed * f32::from(others - u16::from(own));
                    }
                    if crossings[at] != crossing {
                        crossing = crossings[at];
                        let known = &mut turns[crossing as usize];
                        if known.0 != round {
                            *known = (round, may_turn(axis.turns[crossing as usize], owners));
                        }
                        may_turn_here = known.1;
                    }
                    let (x, y) = if ahead { (at, lane) } else { (lane, at) };
                    let is_end = || may_end == round && ends[at] == round && is_goal(x, y);
                    if !may_turn_here && !is_end() {
                        continue;
                    }
                    let new_state = ((y * w + x) * 2 + usize::from(!ahead)) as u32;
                    let known = &mut self.states[new_state as usize];
                    if known.mark < round || known.mark == round && new_cost < known.cost - 1e-6 {
                        *known = State { cost: new_cost, before: state, mark: round };
                        let rank = new_cost + guess(x, y, ahead);
                        queue.push(Open { rank, cost: new_cost, state: new_state });
                    }
                    break;
                }
            }
        }
        queue.clear();
        (self.queue, self.prices, self.turns, self.goals) = (queue, prices, turns, [goal_x, goal_y]);
        let (_, mut state, last) = best?;
        let mut way = vec![state / 2];
        while self.states[state as usize].before != NONE {
            state = self.states[state as usize].before;
            way.push(state / 2);
        }
        way.reverse();
        let v = (state / 2) as usize;
        let level = state % 2 == 0;
        let first = from.ports.iter().position(|p| p.vertex == (v % w, v / w) && p.level == level)?;
        Some(Found { way, first, last })
    }
}

/// Whether a line that is served by the lanes of some owners may turn at a crossing.
fn may_turn(turn: Turn, owners: [Owner; 4]) -> bool {
    let serves = |lane: Owner| lane == EVERYBODY || owners.contains(&lane);
    turn.is_some_and(|(x, y)| serves(x) && serves(y))
}

/// By what a stretch's length counts, more than once where it runs through what the line does not
/// concern; none where it must not.
fn price(run: &Stretch, ends: &Ends, walls: Walls) -> Option<f32> {
    if run.blocked && walls != Walls::None {
        return None;
    }
    let Ends { from, to, .. } = ends;
    let home = |p: u32| from.home.contains(&(p as usize)) || to.home.contains(&(p as usize));
    let mut factor = if run.blocked { BLOCKED } else { 1.0 };
    if run.plate != NONE && !home(run.plate) {
        if walls == Walls::All {
            return None;
        }
        factor += FOREIGN;
    }
    if run.vpc != NONE && !home(run.vpc) {
        if walls == Walls::All {
            return None;
        }
        factor += FOREIGN_VPC;
    }
    // Between the regions of an account is outside for who lives there.
    let outside = run.region == 0 || run.region == from.account || run.region == to.account;
    let astray = if from.region == to.region && from.region != 0 {
        run.region != from.region
    } else {
        !outside && run.region != from.region && run.region != to.region
    };
    if astray {
        factor += ASTRAY;
    } else if outside && (from.region != 0 || to.region != 0) {
        factor += OUTSIDE;
    }
    if run.title {
        factor += TITLE;
    }
    if run.border {
        factor += BORDER;
    }
    Some(factor)
}
