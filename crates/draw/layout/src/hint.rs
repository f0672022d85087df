//! What an earlier picture and the user say about places: where things stood, and where some shall
//! stay.
//!
//! In: an earlier blueprint, or points by resource. Out: orders and columns that keep things where
//! they were; pinned resources at their points. A hint moves nothing into a container it is not in.

use std::collections::{BTreeMap, BTreeSet};

use isobar_graph::{Index, View};
use isobar_model::ResourceId;
use uuid::Uuid;

use crate::blueprint::{Blueprint, FOOTPRINT, Node, Plate, PlateKind, Projection};
use crate::geometry::{Point, Rect};
use crate::metrics::tidy;
use crate::pack::Piece;
use crate::plan::Plan;

/// Where resources stood in an earlier picture of either projection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hint {
    places: BTreeMap<ResourceId, Point>,
    /// The members of stacks that were small.
    small: BTreeSet<ResourceId>,
    /// The stacks that members stood in.
    stacks: BTreeMap<ResourceId, Uuid>,
    /// From which side it was seen.
    pub(crate) projection: Option<Projection>,
}

/// A resource as an earlier picture had it.
#[derive(Debug, Clone, PartialEq)]
pub struct Was {
    /// Which.
    pub resource: ResourceId,
    /// The middle of its footprint.
    pub at: Point,
    /// It was drawn at reduced scale.
    pub small: bool,
    /// The stack it was a member of.
    pub stack: Option<Uuid>,
}

impl Hint {
    /// The places of a blueprint.
    pub fn of(earlier: &Blueprint) -> Self {
        let was = |node: &Node| Was {
            resource: node.resource.clone(),
            at: node.at,
            small: node.scale < 1.0,
            stack: node
                .plate
                .map(|p| &earlier.plates[p])
                .filter(|p| p.kind == PlateKind::Stack)
                .map(|p| p.id),
        };
        Self::from_parts(earlier.projection, earlier.nodes.iter().map(was))
    }
    /// The places of a picture that was kept in another form.
    pub fn from_parts(projection: Projection, resources: impl IntoIterator<Item = Was>) -> Self {
        let mut hint = Self { projection: Some(projection), ..Self::default() };
        for was in resources {
            if was.small {
                hint.small.insert(was.resource.clone());
            }
            if let Some(stack) = was.stack {
                hint.stacks.insert(was.resource.clone(), stack);
            }
            hint.places.insert(was.resource, was.at);
        }
        hint
    }
    /// The stack a resource was a member of.
    pub(crate) fn stack(&self, of: &ResourceId) -> Option<Uuid> {
        self.stacks.get(of).copied()
    }
    /// Whether a resource was a small member of a stack.
    pub(crate) fn was_small(&self, at: &ResourceId) -> bool {
        self.small.contains(at)
    }
    /// Whether it says where any of a picture's resources stood: one of something else is no guide.
    pub(crate) fn knows_any(&self, view: &View<'_>) -> bool {
        view.shown.iter().any(|&at| self.places.contains_key(&view.graph.get(at).id))
    }
    /// Where a resource stood.
    pub fn place(&self, of: &ResourceId) -> Option<Point> {
        self.places.get(of).copied()
    }
}

impl FromIterator<(ResourceId, Point)> for Hint {
    fn from_iter<I: IntoIterator<Item = (ResourceId, Point)>>(places: I) -> Self {
        Self { places: places.into_iter().collect(), ..Self::default() }
    }
}

/// A piece as it stood: its shape, its left end, its top, from the left and the top of all.
pub(crate) struct Stood {
    pub piece: usize,
    pub shape: usize,
    pub x: f64,
    pub top: f64,
}

/// The pieces that stood somewhere, from top to bottom; the others by number. None where no more
/// than half are known: that is another picture.
pub(crate) fn stood(plan: &Plan<'_, '_>, pieces: &[Piece]) -> Option<(Vec<Stood>, Vec<usize>)> {
    plan.hint?;
    let mut known: Vec<Stood> = Vec::new();
    let mut unknown = Vec::new();
    for (piece, shapes) in pieces.iter().enumerate() {
        let stood = shapes.shapes.iter().enumerate().filter_map(|(shape, block)| {
            // The corner by which most members stand where they stood.
            let mut corners: BTreeMap<(i64, i64), (usize, f64, f64)> = BTreeMap::new();
            for node in &block.nodes {
                if let Some(was) = plan.stood(node.index) {
                    // Coarse, since places in a blueprint are rounded.
                    let part = |d: f64| (d * 5.0).round() as i64;
                    let (x, y) = (was.x - node.at.x, was.y - node.at.y);
                    let met = corners.entry((part(x), part(y))).or_default();
                    *met = (met.0 + 1, met.1 + x, met.2 + y);
                }
            }
            let (_, (count, x, y)) = corners.into_iter().max_by_key(|&(corner, met)| (met.0, corner))?;
            let (x, top) = (tidy(x / count as f64), tidy(y / count as f64));
            Some((count, Stood { piece, shape, x, top }))
        });
        // Of equally good shapes the first.
        match stood.reduce(|a, b| if b.0 > a.0 { b } else { a }) {
            Some((_, stood)) => known.push(stood),
            None => unknown.push(piece),
        }
    }
    if known.len() * 2 <= pieces.len() {
        return None;
    }
    let left = known.iter().map(|s| s.x).fold(f64::MAX, f64::min);
    let top = known.iter().map(|s| s.top).fold(f64::MAX, f64::min);
    known.iter_mut().for_each(|s| (s.x, s.top) = (s.x - left, s.top - top));
    known.sort_by(|a, b| a.top.total_cmp(&b.top).then(a.x.total_cmp(&b.x)).then(a.piece.cmp(&b.piece)));
    Some((known, unknown))
}

/// The slots of a grid's members, row by row: those that stood in this grid keep theirs, new ones
/// fill what is free, and so do those at the end where fewer rows are needed.
pub(crate) fn slots(plan: &Plan<'_, '_>, members: &[Index], columns: usize, step: (f64, f64)) -> Vec<usize> {
    let in_order = || (0..members.len()).collect();
    let columns = columns.max(1);
    let stood: Vec<Option<Point>> = members.iter().map(|&at| plan.stood(at)).collect();
    let known = || stood.iter().flatten();
    let left = known().map(|p| p.x).fold(f64::MAX, f64::min);
    let top = known().map(|p| p.y).fold(f64::MAX, f64::min);
    let rows = members.len().div_ceil(columns);
    let room = if rows <= 1 { members.len() } else { rows * columns };
    let mut taken = vec![false; room];
    let mut slots: Vec<Option<usize>> = Vec::with_capacity(members.len());
    for was in &stood {
        let Some(was) = was else {
            slots.push(None);
            continue;
        };
        let (x, y) = ((was.x - left) / step.0, (was.y - top) / step.1);
        if (x - x.round()).abs() > 0.1 || (y - y.round()).abs() > 0.1 || x.round() as usize >= columns {
            return in_order();
        }
        let slot = y.round() as usize * columns + x.round() as usize;
        match taken.get_mut(slot) {
            Some(taken) if *taken => return in_order(),
            Some(taken) => {
                *taken = true;
                slots.push(Some(slot));
            }
            None => slots.push(None),
        }
    }
    let mut free = (0..room).filter(|&slot| !taken[slot]);
    slots.into_iter().map(|slot| slot.or_else(|| free.next()).unwrap_or(0)).collect()
}

/// Puts pinned resources at their points, as far as they stay on their plate and off others; who
/// stands there takes the place that becomes free.
pub(crate) fn pin(pins: &BTreeMap<ResourceId, Point>, nodes: &mut [Node], plates: &[Plate]) {
    let pinned: Vec<(usize, Point)> = nodes
        .iter()
        .enumerate()
        .filter_map(|(n, node)| Some((n, pins.get(&node.resource).copied()?)))
        .collect();
    for &(n, to) in &pinned {
        let half = FOOTPRINT / 2.0 * nodes[n].scale;
        let foot = Rect::around(to, half);
        let home = nodes[n].plate;
        let on_home = home.is_none_or(|p| plates[p].rect.contains(&foot, 0.0));
        let ancestor = |mut at: Option<usize>, plate: usize| {
            while let Some(p) = at {
                if p == plate {
                    return true;
                }
                at = plates[p].parent;
            }
            false
        };
        let on_others =
            plates.iter().enumerate().any(|(p, plate)| !ancestor(home, p) && plate.rect.overlaps(&foot, 0.0));
        if !to.x.is_finite() || !to.y.is_finite() || !on_home || on_others {
            continue;
        }
        let there: Vec<usize> = (0..nodes.len())
            .filter(|&m| {
                m != n && Rect::around(nodes[m].at, FOOTPRINT / 2.0 * nodes[m].scale).overlaps(&foot, 0.0)
            })
            .collect();
        match there.as_slice() {
            [] => nodes[n].at = to,
            // Only a neighbour on the same plate can make way, and none that is pinned itself.
            [m] if nodes[*m].plate == home
                && !nodes[*m].on_border
                && !nodes[n].on_border
                && nodes[*m].scale == nodes[n].scale
                && !pinned.iter().any(|p| p.0 == *m) =>
            {
                nodes[*m].at = nodes[n].at;
                nodes[n].at = to;
            }
            _ => {}
        }
    }
}
