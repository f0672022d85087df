//! The course of each line: orthogonal, through the gutters, around what it does not concern.
//!
//! In: what stands where, and the lines. Out: corners. The floor becomes a sparse grid of lanes
//! (`grid`), each line searches its cheapest way in it (`search`), and lines that share a lane are
//! spread over tracks (`tracks`). How a line is trimmed at a solid is left to the scene.

mod apart;
mod grid;
mod obstacle;
mod search;
mod tracks;

use crate::blueprint::{End, Node, Plate, PlateKind, Projection};
use crate::geometry::{Point, Rect};
use crate::lines::{Line, is_leaf};
use crate::metrics::HALF;
use grid::Grid;
use obstacle::Obstacles;
use search::{Search, Terminal};

/// What stands on the floor.
pub(crate) struct Course<'p> {
    pub nodes: &'p [Node],
    pub plates: &'p [Plate],
    pub projection: Projection,
}

/// Finds the courses, one for each line in its order.
pub(crate) fn courses(course: &Course<'_>, lines: &[Line]) -> Vec<Vec<Point>> {
    if lines.is_empty() {
        return Vec::new();
    }
    let obstacles = Obstacles::of(course);
    let grid = Grid::new(course, &obstacles, lines);
    let mut search = Search::new(&grid, lines);
    // Short lines first: long ones then see where the lanes are already used.
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let reach = |line: &Line| {
        let (a, b) = (course.rect(line.from).center(), course.rect(line.to).center());
        ((a.x - b.x).abs() + (a.y - b.y).abs()) as u64
    };
    order.sort_by_key(|&n| (reach(&lines[n]), n));
    let mut paths = vec![Vec::new(); lines.len()];
    for n in order {
        let line = &lines[n];
        let from = Terminal::of(course, &grid, &obstacles, line.from, true);
        let to = Terminal::of(course, &grid, &obstacles, line.to, false);
        paths[n] = search.path(&from, &to, (line.from, line.flow), (line.to, line.flow));
    }
    let joined = lines.iter().map(|l| (l.from, l.to, l.flow)).collect();
    tracks::spread(course, &obstacles, lines, &joined, &mut paths);
    paths.iter_mut().for_each(straighten);
    apart::separate(course, &obstacles, lines, &joined, &mut paths);
    for path in &mut paths {
        straighten(path);
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
    /// The leaf plates and the VPC a line may run through because it begins or ends in them.
    fn home(&self, end: End) -> Vec<usize> {
        let mut at = match end {
            End::Node(n) => self.nodes[n].plate,
            End::Plate(p) => Some(p),
        };
        let mut home = Vec::new();
        while let Some(p) = at {
            if is_leaf(self.plates[p].kind) || self.plates[p].kind == PlateKind::Vpc {
                home.push(p);
            }
            at = self.plates[p].parent;
        }
        home
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
    *path = out;
}
