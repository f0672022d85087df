//! The course of each line: orthogonal, through the gutters, around what it does not concern.
//!
//! In: what stands where, and the lines. Out: corners. The floor becomes a sparse grid of lanes
//! (`grid`); for each line the cheapest way in it is looked for (`search`, by a `crew`), as things are
//! by then (`traffic`); lines that share a lane are spread over tracks (`tracks`), and each trunk then
//! looks for a better place (`nudge`). How a line is trimmed at a solid is left to the scene.

mod badge;
mod bands;
mod crew;
mod direct;
mod grid;
mod kin;
mod lanes;
mod manner;
pub(crate) mod near;
mod nudge;
mod obstacle;
mod ports;
mod queue;
mod repair;
mod search;
mod sweep;
mod tracks;
mod traffic;
mod uses;

use std::cmp::Reverse;

use crate::blueprint::{End, Node, Plate, PlateKind, Projection};
use crate::geometry::{Point, Rect};
use crate::lines::{Line, is_leaf};
use crate::metrics::HALF;
use crew::Crew;
use grid::Grid;
use kin::Kin;
use lanes::{EVERYBODY, Owner};
use manner::{First, Manner};
pub(crate) use manner::{cross, crossings};
use obstacle::Obstacles;
use ports::Terminal;
use traffic::{Ends, Traffic};

/// So few lines that each is looked for as well as can be.
const FEW: usize = 150;
/// So many that some are looked for again; of more, none.
const SOME: usize = 600;

/// What stands on the floor.
pub(crate) struct Course<'p> {
    pub nodes: &'p [Node],
    pub plates: &'p [Plate],
    pub projection: Projection,
    /// What it counts to leave or reach a resource in 2d through the name below it.
    pub past_name: f32,
}

impl<'p> Course<'p> {
    /// Our own pictures begin a line below the name; who draws by the numbers of the neutral engine
    /// begins it at the box, through the name.
    pub(crate) fn new(nodes: &'p [Node], plates: &'p [Plate], projection: Projection, neutral: bool) -> Self {
        Self { nodes, plates, projection, past_name: if neutral { 40.0 } else { 2.5 } }
    }
}

/// How a line runs.
pub(crate) struct Route {
    /// Its corners.
    pub points: Vec<Point>,
    /// Where words about it go.
    pub label_at: Option<Point>,
}

/// Finds the courses, one for each line in its order.
pub(crate) fn courses(course: &Course<'_>, lines: &[Line]) -> Vec<Route> {
    if lines.is_empty() {
        return Vec::new();
    }
    let obstacles = Obstacles::of(course);
    let grid = Grid::new(course, &obstacles, lines);
    let ends = Ends::of(lines, |end, leaving| Terminal::of(course, &grid, &obstacles, end, leaving));
    let kin = Kin::of(&ends);
    let paths = manner::best(lines, |manner| {
        let mut paths = ways(course, &grid, &ends, lines, manner);
        let lanes = paths.clone();
        tracks::spread(course, &obstacles, lines, &kin, &mut paths);
        paths.iter_mut().for_each(straighten);
        nudge::settle(course, &obstacles, lines, &kin, &mut paths);
        paths.iter_mut().for_each(straighten);
        repair::repair(course, &obstacles, lines, lanes, &mut paths);
        paths
    });
    let labels = badge::places(course, &obstacles, lines, &paths);
    paths.into_iter().zip(labels).map(|(points, label_at)| Route { points, label_at }).collect()
}

/// The way of each line through the lanes. Those that cross others most are looked for again once
/// it is known where all others run: of few lines all, of more a share, of very many none.
fn ways(course: &Course<'_>, grid: &Grid, ends: &[Ends], lines: &[Line], manner: Manner) -> Vec<Vec<Point>> {
    let mut traffic = Traffic::new(grid, ends);
    let mut crew = Crew::new(grid, lines.len(), manner.crossing);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let rank = |line: &Line| {
        let (a, b) = (course.rect(line.from).center(), course.rect(line.to).center());
        let reach = ((a.x - b.x).abs() + (a.y - b.y).abs()).floor();
        match manner.first {
            First::Short => reach,
            First::Long => -reach,
            First::Left => a.x,
            First::Back => a.y,
        }
    };
    order.sort_by(|&n, &m| rank(&lines[n]).total_cmp(&rank(&lines[m])).then(n.cmp(&m)));
    crew.find(&mut traffic, &order);
    let (rounds, share) = match lines.len() {
        n if n <= FEW => (3, 1),
        n if n <= SOME => (1, 5),
        _ => (0, 1),
    };
    for _ in 0..rounds {
        let crossings = (0..lines.len()).map(|n| (Reverse(traffic.crossings(n)), n));
        let mut worst: Vec<(Reverse<usize>, usize)> = crossings.filter(|c| c.0.0 > 0).collect();
        worst.sort();
        worst.truncate(lines.len() / share);
        let worst: Vec<usize> = worst.into_iter().map(|w| w.1).collect();
        if !crew.find(&mut traffic, &worst) {
            break;
        }
    }
    let mut paths: Vec<Vec<Point>> = (0..lines.len()).map(|n| traffic.path(n)).collect();
    for (path, line) in paths.iter_mut().zip(lines).filter(|p| p.0.is_empty()) {
        *path = direct::course(course, line);
    }
    paths
}

impl Course<'_> {
    /// The footprint of a node or the extent of a plate.
    pub(crate) fn rect(&self, end: End) -> Rect {
        match end {
            End::Node(n) => Rect::around(self.nodes[n].at, HALF),
            End::Plate(p) => self.plates[p].rect,
        }
    }
    /// The leaf plates and the VPC a line may run through because it begins or ends in them. A
    /// line of a plate keeps to its border.
    fn home(&self, end: End) -> Vec<usize> {
        self.around(end).filter(|&p| self.is_closed(p)).collect()
    }
    /// Whether a plate is closed to lines that neither begin nor end in it.
    fn is_closed(&self, plate: usize) -> bool {
        let kind = self.plates[plate].kind;
        is_leaf(kind) || kind == PlateKind::Vpc
    }
    /// Whose lanes serve an end: those of its subnet or group, or its own where it stands free, and
    /// those of its VPC.
    fn owners(&self, end: End) -> [Owner; 2] {
        let vpc = |p: &usize| self.plates[*p].kind == PlateKind::Vpc;
        let vpc = self.around(end).find(vpc).map_or(EVERYBODY, |p| 1 + p as Owner);
        match end {
            End::Node(n) => [self.owner_of_node(n), vpc],
            End::Plate(p) => [self.owner_of_plate(Some(p)), vpc],
        }
    }
    fn owner_of_node(&self, n: usize) -> Owner {
        let leaf = self.nodes[n].plate.is_some_and(|p| is_leaf(self.plates[p].kind));
        if leaf { self.owner_of_plate(self.nodes[n].plate) } else { (1 + self.plates.len() + n) as Owner }
    }
    /// Whose the lanes on a plate are: its subnet's or group's, else its VPC's.
    fn owner_of_plate(&self, plate: Option<usize>) -> Owner {
        let around = std::iter::successors(plate, |&p| self.plates[p].parent);
        let owns = around.filter(|&p| self.is_closed(p));
        owns.reduce(|inner, outer| if is_leaf(self.plates[outer].kind) { outer } else { inner })
            .map_or(EVERYBODY, |p| 1 + p as Owner)
    }
    /// The plate of a kind that an end lies in.
    fn in_a(&self, end: End, kind: PlateKind) -> Option<usize> {
        self.around(end).find(|&p| self.plates[p].kind == kind)
    }
    /// The plates an end lies in, innermost first.
    fn around(&self, end: End) -> impl Iterator<Item = usize> {
        let first = match end {
            End::Node(n) => self.nodes[n].plate,
            End::Plate(p) => self.plates[p].parent,
        };
        std::iter::successors(first, |&p| self.plates[p].parent)
    }
}

/// Drops corners that are none.
fn straighten(path: &mut Vec<Point>) {
    let same = |a: f64, b: f64| (a - b).abs() < 1e-6;
    let mut out: Vec<Point> = Vec::with_capacity(path.len());
    for &p in path.iter() {
        if out.last().is_some_and(|q| same(q.x, p.x) && same(q.y, p.y)) {
            continue;
        }
        while out.len() >= 2 {
            let (a, b) = (out[out.len() - 2], out[out.len() - 1]);
            if same(a.x, b.x) && same(b.x, p.x) || same(a.y, b.y) && same(b.y, p.y) {
                out.pop();
            } else {
                break;
            }
        }
        out.push(p);
    }
    // Exactly along the axes, so that rounding does not slant a piece.
    for n in 1..out.len() {
        let before = out[n - 1];
        let here = &mut out[n];
        if same(before.x, here.x) {
            here.x = before.x;
        } else if same(before.y, here.y) {
            here.y = before.y;
        }
    }
    *path = out;
}
