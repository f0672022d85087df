//! What stands in one subnet: a grid of resources, and stacks of many like ones.

mod cells;
mod frame;

use std::collections::HashSet;

use isobar_graph::{ContainerKind, Index};

use crate::block::{Block, row_places};
use crate::blueprint::PlateKind;
use crate::geometry::Point;
use crate::hint::slots;
use crate::metrics::{LABEL_GAP, Metrics};
use crate::plan::Plan;
use crate::stack::{LANE, Stack, number, stacks};
pub(crate) use cells::SORTED;
use cells::{cells, earlier};
use frame::frame;

/// From so many resources on, a subnet has room for frames around some of them, whether or not any
/// are framed today: who becomes the third of a kind moves nothing.
const FRAMED_FROM: usize = 2;

/// A picture of no more resources is small: fewer crossings are worth more there than who moves.
pub(crate) const SMALL: usize = 60;

/// What stands in a subnet that holds stacks.
enum Piece {
    One(Index),
    Stack(Stack),
    /// A container in the subnet, placed by itself.
    Frame(Index, Block),
}

impl Piece {
    fn members(&self) -> &[Index] {
        match self {
            Self::One(at) | Self::Frame(at, _) => std::slice::from_ref(at),
            Self::Stack(stack) => &stack.members,
        }
    }
    fn first(&self) -> Index {
        self.members()[0]
    }
}

/// The members of a subnet, sorted out.
pub(crate) struct Contents {
    /// All of them where there are no stacks.
    loose: Vec<Index>,
    pieces: Vec<Piece>,
    /// What the pieces draw their cells with, where they stand in cells: their rank, and a number.
    lots: Vec<(u8, u64)>,
    /// Where the upper left of each stood in an earlier picture.
    stood: Vec<Option<Point>>,
    /// The column distance its names ask for.
    pub pitch: f64,
}

impl Contents {
    pub(crate) fn of(plan: &Plan<'_, '_>, members: Vec<Index>) -> Self {
        let (members, frames): (Vec<Index>, Vec<Index>) =
            members.into_iter().partition(|&at| plan.get(at).container.is_none());
        let stacks = stacks(plan, &members);
        let small: HashSet<Index> =
            stacks.iter().filter(|s| s.scale < 1.0).flat_map(|s| &s.members).copied().collect();
        let named = members.iter().filter(|at| !small.contains(at));
        let pitch = named.map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
        if stacks.is_empty() && frames.is_empty() && members.len() < FRAMED_FROM {
            return Self { loose: members, pieces: Vec::new(), lots: Vec::new(), stood: Vec::new(), pitch };
        }
        let many = members.len() > SORTED;
        let stacked: HashSet<Index> = stacks.iter().flat_map(|s| &s.members).copied().collect();
        let mut pieces: Vec<Piece> = members
            .into_iter()
            .filter(|at| !stacked.contains(at))
            .map(Piece::One)
            .chain(stacks.into_iter().map(Piece::Stack))
            .chain(frames.into_iter().map(|at| Piece::Frame(at, frame(plan, at))))
            .collect();
        // About along the traffic, by nothing that another resource can change; in a small picture those
        // with lines out of the network last, where these lines come out.
        let small = plan.view.shown.len() <= SMALL;
        let rank = |piece: &Piece| {
            let out = small && many && piece.members().len() == 1 && leads_out(plan, piece.first());
            2 * plan.step(piece.first()) + u8::from(out)
        };
        pieces.sort_by_key(rank);
        let even = |piece: &Piece| match piece {
            Piece::One(_) => true,
            Piece::Stack(stack) => stack.scale >= 1.0,
            Piece::Frame(..) => false,
        };
        let lot = |piece: &Piece| {
            let number = match piece {
                Piece::Stack(stack) => number(&stack.name),
                piece => number(plan.get(piece.first()).id.as_str()),
            };
            (rank(piece), number)
        };
        let in_cells = many && pieces.iter().all(even);
        let lots = if in_cells { pieces.iter().map(lot).collect() } else { Vec::new() };
        let corner = |a: Point, b: Point| Point::new(a.x.min(b.x), a.y.min(b.y));
        let stood = |piece: &Piece| piece.members().iter().filter_map(|&at| plan.stood(at)).reduce(corner);
        let stood = pieces.iter().map(stood).collect();
        Self { loose: Vec::new(), pieces, lots, stood, pitch }
    }

    /// How many resources stand here.
    pub(crate) fn count(&self) -> usize {
        self.pieces.iter().map(|p| p.members().len()).sum::<usize>() + self.loose.len()
    }

    /// How many resources of full size take as much floor.
    pub(crate) fn bulk(&self, metrics: &Metrics) -> usize {
        let bulk = |piece: &Piece| match piece {
            Piece::Stack(stack) if stack.scale < 1.0 => {
                // Pitches stand for the floor of one resource in either projection.
                let (w, h) = stack.size(metrics, usize::MAX >> 16, metrics.pitch_x);
                ((w * h / (metrics.pitch_x * 3.6)).ceil() as usize).max(1)
            }
            piece => piece.members().len(),
        };
        self.pieces.iter().map(bulk).sum::<usize>() + self.loose.len()
    }

    /// The width and height of everything at so many columns.
    pub(crate) fn size(&self, metrics: &Metrics, columns: usize, pitch: f64) -> (f64, f64) {
        if self.pieces.is_empty() {
            let rows = self.loose.len().div_ceil(columns.max(1));
            return (pitch * columns.clamp(1, self.loose.len().max(1)) as f64, metrics.rows(rows));
        }
        self.places(metrics, columns, pitch).1
    }

    /// Where the pieces stand, row by row in columns of one pitch, and the size of all.
    fn places(&self, metrics: &Metrics, columns: usize, pitch: f64) -> (Vec<(f64, f64)>, (f64, f64)) {
        if !self.lots.is_empty() {
            return self.in_cells(metrics, columns.max(1), pitch);
        }
        let sizes = self.sizes(metrics, columns, pitch);
        let width = pitch * columns.max(1) as f64;
        row_places(&sizes, width, (0.0, metrics.row_gap))
    }

    /// The same in cells of one size: frames first, then single ones where a cell is free.
    fn in_cells(&self, metrics: &Metrics, columns: usize, pitch: f64) -> (Vec<(f64, f64)>, (f64, f64)) {
        let pads = metrics.pads(PlateKind::Stack);
        let row = metrics.rows(1) + pads.top + pads.bottom + metrics.row_gap;
        let sizes: Vec<usize> = self.pieces.iter().map(|piece| piece.members().len()).collect();
        let cells = cells(&self.lots, &sizes, columns, &earlier(&self.stood, columns, (pitch, row)));
        let place = |cell: &usize| (pitch * (cell % columns) as f64, row * (cell / columns) as f64);
        let rows = cells.used.div_ceil(columns);
        let size = (pitch * cells.used.min(columns) as f64, row * rows as f64 - metrics.row_gap);
        (cells.first.iter().map(place).collect(), size)
    }

    /// The floor of the pieces, in whole columns.
    fn sizes(&self, metrics: &Metrics, columns: usize, pitch: f64) -> Vec<(f64, f64)> {
        let pads = metrics.pads(PlateKind::Stack);
        let high = |rows: usize| metrics.rows(rows) + pads.top + pads.bottom;
        let size = |piece: &Piece| match piece {
            Piece::One(_) => (pitch, high(1)),
            Piece::Frame(_, block) => (block.w, block.h),
            Piece::Stack(stack) => stack.size(metrics, columns, pitch),
        };
        // A stack of small ones keeps a lane free beside it; frames do so by themselves.
        let lane = |piece: &Piece| if matches!(piece, Piece::Stack(s) if s.scale < 1.0) { LANE } else { 0.0 };
        let size = |piece: &Piece| {
            let (w, h) = size(piece);
            (w + lane(piece), h)
        };
        let whole = |(w, h): (f64, f64)| ((w / pitch - 1e-6).ceil() * pitch, h);
        self.pieces.iter().map(size).map(whole).collect()
    }

    /// The pieces, side by side and in rows.
    pub(crate) fn block(&self, plan: &Plan<'_, '_>, key: &str, columns: usize, pitch: f64) -> Block {
        if self.pieces.is_empty() {
            return grid(plan, &self.loose, columns, pitch);
        }
        let pads = plan.metrics.pads(PlateKind::Stack);
        let block = |piece: &Piece| match piece {
            // A single resource stands at the height of those in stacks.
            Piece::One(at) => {
                let mut one = Block::default();
                one.put(grid(plan, &[*at], 1, pitch), 0.0, pads.top);
                one.h += pads.bottom;
                one
            }
            Piece::Frame(_, block) => block.clone(),
            Piece::Stack(stack) => stack.block(plan, key, columns, pitch),
        };
        let metrics = &plan.metrics;
        let (places, _) = self.places(metrics, columns, pitch);
        let mut all = Block::default();
        for (piece, (x, y)) in self.pieces.iter().zip(places) {
            all.put(block(piece), x, y);
        }
        all
    }
}

/// Whether a resource has lines to others that stand outside of its VPC.
fn leads_out(plan: &Plan<'_, '_>, at: Index) -> bool {
    let vpc = |at: Index| plan.view.graph.enclosing(at, ContainerKind::Vpc);
    let outside = |other: Index| plan.get(other).container.is_none() && vpc(other) != vpc(at);
    plan.near(at).iter().any(|&(other, _)| outside(other))
}

/// Resources row by row.
pub(crate) fn grid(plan: &Plan<'_, '_>, members: &[Index], columns: usize, pitch: f64) -> Block {
    let columns = columns.max(1);
    let mut block = Block {
        w: pitch * columns.min(members.len()) as f64,
        h: plan.metrics.rows(members.len().div_ceil(columns)),
        ..Block::default()
    };
    let slots = slots(plan, members, columns, (pitch, plan.metrics.pitch_y));
    for (&at, n) in members.iter().zip(slots) {
        let (column, row) = (n % columns, n / columns);
        let (x, y) = (pitch * (column as f64 + 0.5), plan.metrics.lead + plan.metrics.pitch_y * row as f64);
        block.stand(at, x, y, pitch - LABEL_GAP);
    }
    block
}

/// The members of a subnet in the order they are placed: resources with the traffic, then containers.
pub(crate) fn members(plan: &Plan<'_, '_>, subnet: Index) -> Vec<Index> {
    let mut members = plan.leaves(subnet);
    members.extend(plan.children(subnet).iter().filter(|&&at| plan.get(at).container.is_some()));
    members
}
