//! Where a line can leave or reach its ends.

use super::Course;
use super::grid::Grid;
use super::lanes::Owner;
use super::obstacle::Obstacles;
use crate::blueprint::{End, PlateKind, Projection};
use crate::geometry::{Point, Rect};
use crate::metrics::HALF;

/// A place where a line can leave or reach its end.
pub(crate) struct Port {
    pub vertex: (usize, usize),
    /// Whether it leaves along x.
    pub level: bool,
    pub cost: f32,
    /// The point on or in the end itself.
    pub point: Point,
}

/// One end of a line.
pub(crate) struct Terminal {
    pub ports: Vec<Port>,
    pub rect: Rect,
    /// The leaf plates and the VPC a line may run through because it begins or ends in them.
    pub home: Vec<usize>,
    /// The region it lies in, numbered as in the grid; 0 is none.
    pub region: u16,
    /// The same for the account, where accounts are drawn.
    pub account: u16,
    /// Whose lanes serve it.
    pub owners: [Owner; 2],
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
                let free = |p: &Port| {
                    let (x, y) = (grid.xs[p.vertex.0], grid.ys[p.vertex.1]);
                    let stub = Rect::spanning(p.point, Point::new(x, y));
                    !obstacles.near(&stub).any(|o| o.0.overlaps(&stub, -1e-9))
                };
                // One hemmed in all around is reached past what stands there, sooner than not at all.
                if ports.iter().any(free) {
                    ports.retain(free);
                }
            }
        }
        let number = |kind| course.in_a(end, kind).map_or(0, |plate| grid.regions[plate]);
        let (region, account) = (number(PlateKind::Region), number(PlateKind::Account));
        Self { ports, rect, home: course.home(end), region, account, owners: course.owners(end) }
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
            // A lane may serve nodes that differ by less than anyone sees; its lines are straight all the same.
            let point =
                if level { Point::new(node.at.x, grid.ys[y]) } else { Point::new(grid.xs[x], node.at.y) };
            ports.push(Port { vertex, level, cost, point });
        }
    };
    port((right < grid.xs.len()).then_some((right, y)), true, forward);
    port(left.checked_sub(1).map(|x| (x, y)), true, backward);
    port(up.checked_sub(1).map(|y| (x, y)), false, beside);
    port(
        (down < grid.ys.len()).then_some((x, down)),
        false,
        beside + if flat { course.past_name } else { 0.0 },
    );
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
