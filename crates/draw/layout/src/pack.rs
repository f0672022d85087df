//! Packs the pieces of a region: VPCs, flows, groups.
//!
//! In: placed pieces, most of them in several shapes. Out: one piece. Several orders and widths are
//! tried on a skyline; the one with little floor, a pleasing shape and short lines wins. All that is
//! compared is rounded, and the true sizes take the places only afterwards: one resource more seldom
//! leads to another arrangement.

mod rough;
mod settle;
mod task;

use crate::align::{align, spread};
use crate::block::{Block, Sky};
use crate::geometry::Rect;
use crate::hint::stood;
use crate::plan::Plan;
use crate::vpc::rounded;
use rough::{Rough, closer, dropped};
use settle::settle;
use task::{Kept, Places, Task, Way};

/// Places in a blueprint are rounded: neighbours may come so much nearer.
const ROUNDED: f64 = 0.03;
/// How much more floor groups take than their own, for what is lost between them.
const FILLED: f64 = 1.1;
/// Floor that is only reckoned with is rounded to powers of this.
const COARSE: f64 = 1.4;
/// So are sides, to powers of the second; of the first where there are no more than so many resources:
/// there looks count more than who moves.
const STEPS: [f64; 2] = [1.06, 1.25];
const SMALL: usize = 128;
/// So many arrangements of the networks of a small picture are tried with all that comes to them.
const AHEAD: usize = 10;

/// A piece in the shapes it can take.
#[derive(Clone)]
pub(crate) struct Piece {
    pub shapes: Vec<Block>,
    /// Sorts the pieces into sorts that may stay together.
    pub kind: Kind,
    /// What its shapes are taken for where that is known better than from their own sizes.
    pub rough: Option<Vec<(f64, f64)>>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Vpc,
    Flow,
    Group,
    Small,
    /// Of a few resources of their own, which come and go.
    Few,
}

/// Packs pieces; the first keeps its place at the upper left if `fixed`. Gives also the shape that
/// was chosen for it.
pub(crate) fn pack(plan: &Plan<'_, '_>, mut pieces: Vec<Piece>, fixed: bool, shape: f64) -> (Block, usize) {
    let kept = kept(plan, &pieces);
    let small = is_small(&pieces);
    let earlier = kept.is_some();
    let chosen = plan.choose(|| {
        let rough = kept.unwrap_or_else(|| best(plan, &pieces, fixed, shape));
        rough.iter().flat_map(Rough::numbers).collect()
    });
    let mut rough: Vec<Rough> = chosen.chunks_exact(Rough::NUMBERS).map(Rough::of).collect();
    rough.retain(|r| pieces.get(r.piece).is_some_and(|piece| r.shape < piece.shapes.len()));
    let first = rough.iter().find(|r| r.piece == 0).map_or(0, |r| r.shape);
    let mut blocks: Vec<Block> =
        rough.iter().map(|r| std::mem::take(&mut pieces[r.piece].shapes[r.shape])).collect();
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
    let gap = plan.metrics.block_gap;
    let fixed: Vec<bool> =
        rough.iter().map(|r| matches!(pieces[r.piece].kind, Kind::Vpc | Kind::Small)).collect();
    let stays = earlier && plan.leads();
    let mut places = match earlier {
        // The rough places of an earlier picture are reckoned with the true sizes of its projection.
        true if stays => rough.iter().map(|r| (r.rect.x, r.rect.y)).collect(),
        true => dropped(&rough, &sizes, gap),
        false => closer(&rough, &sizes, gap),
    };
    if plan.own {
        if small && !stays {
            spread(&blocks, &mut places, &fixed, gap);
        }
        align(&mut blocks, &places, gap);
    }
    let mut inner = Block::default();
    for (block, (x, y)) in blocks.into_iter().zip(places) {
        inner.put(block, x, y);
    }
    (inner, first)
}

/// The pieces as they stood in an earlier picture, and new ones where there is room for them.
fn kept(plan: &Plan<'_, '_>, pieces: &[Piece]) -> Option<Vec<Rough>> {
    let (known, unknown) = stood(plan, pieces)?;
    let mut sky = Sky::new(plan.metrics.block_gap);
    let mut rough = Vec::new();
    let mut width = 0.0f64;
    for was in known {
        let block = &pieces[was.piece].shapes[was.shape];
        // No higher than it stood, though what was above it may be gone.
        let y = sky.drop(was.x + ROUNDED, block.w - 2.0 * ROUNDED);
        let y = if was.top > y + 2.0 * ROUNDED { was.top } else { y };
        sky.take(was.x, block.w, y + block.h);
        width = width.max(was.x + block.w);
        let rect = Rect::new(was.x, y, block.w, block.h);
        rough.push(Rough { piece: was.piece, shape: was.shape, rect });
    }
    for piece in unknown {
        let Some(block) = pieces[piece].shapes.first() else { continue };
        let (_, x, y) = sky.best(block.w, width, |y, _| y);
        sky.take(x, block.w, y + block.h);
        rough.push(Rough { piece, shape: 0, rect: Rect::new(x, y, block.w, block.h) });
    }
    Some(rough)
}

/// First the networks, then the groups, then the flows, each by their own sizes and by about the
/// floor that all later ones will take: who comes to a group moves no network, who comes to a flow
/// no group.
fn best(plan: &Plan<'_, '_>, pieces: &[Piece], fixed: bool, shape: f64) -> Vec<Rough> {
    let mut task = Task::new(plan, pieces, fixed, shape);
    let ahead = if plan.own && is_small(pieces) { AHEAD } else { 1 };
    let floor = |of: &[usize]| -> f64 {
        let sizes = of.iter().filter_map(|&n| task.sizes[n].first());
        sizes.map(|s| (s.0 + task.gap) * (s.1 + task.gap)).sum()
    };
    let of = |kinds: &[Kind]| -> Vec<usize> {
        (0..pieces.len()).filter(|&n| kinds.contains(&pieces[n].kind)).collect()
    };
    let stages = [of(&[Kind::Vpc, Kind::Small]), of(&[Kind::Group]), of(&[Kind::Flow]), of(&[Kind::Few])];
    let floors = stages.each_ref().map(|of| floor(of));
    let mut ways = vec![Way { cost: 0.0, width: None, places: Vec::new() }];
    for (n, stage) in stages.iter().enumerate() {
        if stage.is_empty() {
            continue;
        }
        let ours: f64 = floors[..=n].iter().sum();
        task.later = about(floors[n + 1..].iter().sum());
        task.area = ours + task.later;
        let mut next = Kept { most: ahead, ways: Vec::new() };
        for way in ways {
            (task.base, task.wide) = (way.places, way.width);
            task.search(pieces, stage, &mut next);
        }
        ways = next.ways;
        if ahead > 1 {
            let mut rest = stages[n + 1..].concat();
            let size = |n: usize| task.sizes[n].first().map_or(0.0, |s| s.0 * s.1);
            rest.sort_by(|&a, &b| size(b).total_cmp(&size(a)).then(a.cmp(&b)));
            task.area = floors.iter().sum();
            let starts = ways.into_iter().map(|way| way.places).collect();
            ways = vec![Way { cost: 0.0, width: None, places: settle(&task, starts, &rest) }];
            break;
        }
    }
    let places = ways.into_iter().next().map_or_else(Places::new, |way| way.places);
    let rough = |&(piece, shape, x, y): &(usize, usize, f64, f64)| {
        let (w, h) = task.sizes[piece][shape];
        Rough { piece, shape, rect: Rect::new(x, y, w, h) }
    };
    places.iter().map(rough).collect()
}

/// About so much floor, and what will be lost between its pieces.
fn about(floor: f64) -> f64 {
    if floor <= 0.0 { 0.0 } else { FILLED * COARSE.powf((floor.max(1.0).ln() / COARSE.ln()).round()) }
}

/// Whether there are so few resources that looks count more than who moves.
fn is_small(pieces: &[Piece]) -> bool {
    let nodes = |piece: &Piece| piece.shapes.first().map_or(0, |block| block.nodes.len());
    rounded(pieces.iter().map(nodes).sum()) <= SMALL
}

/// What the shapes of each piece are reckoned with: their sides rounded up, so that a row more or less
/// seldom leads to another arrangement.
fn sizes(pieces: &[Piece]) -> Vec<Vec<(f64, f64)>> {
    let step = if is_small(pieces) { STEPS[0] } else { STEPS[1] };
    let up = |side: f64| step.powf((side.max(1.0).ln() / step.ln() - 1e-9).ceil());
    let own = |piece: &Piece| piece.shapes.iter().map(|b| (up(b.w), up(b.h))).collect();
    pieces.iter().map(|piece| piece.rough.clone().unwrap_or_else(|| own(piece))).collect()
}
