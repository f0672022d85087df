//! What stands in one subnet: a grid of resources, and stacks of many like ones.

use std::collections::BTreeMap;

use isobar_graph::{ContainerKind, Index};

use crate::block::{Block, Spec};
use crate::blueprint::PlateKind;
use crate::metrics::{PITCH_Y, Room, SUBNET_GAP, pitch_for};
use crate::plan::{Plan, stem};

/// From so many like resources on, they become a stack.
const STACK_FROM: usize = 13;

/// The members of a subnet, sorted out.
pub(crate) struct Contents {
    pub loose: Vec<Index>,
    /// Title, members.
    pub stacks: Vec<(String, Vec<Index>)>,
    /// The column distance its names ask for.
    pub pitch: f64,
}

impl Contents {
    pub(crate) fn of(plan: &Plan<'_, '_>, members: Vec<Index>) -> Self {
        let pitch =
            members.iter().map(|&at| pitch_for(&plan.get(at).name)).fold(crate::metrics::PITCH_X, f64::max);
        if members.len() < STACK_FROM {
            return Self { loose: members, stacks: Vec::new(), pitch };
        }
        let mut like: BTreeMap<(&str, &str), Vec<Index>> = BTreeMap::new();
        for &at in &members {
            let resource = plan.get(at);
            like.entry((resource.component.as_ref(), stem(&resource.name))).or_default().push(at);
        }
        like.retain(|_, members| members.len() >= STACK_FROM);
        let stacked: std::collections::HashSet<Index> = like.values().flatten().copied().collect();
        let loose = members.into_iter().filter(|at| !stacked.contains(at)).collect();
        let stacks = like
            .into_iter()
            .map(|((_, stem), members)| (format!("{stem} \u{d7} {}", members.len()), members))
            .collect();
        Self { loose, stacks, pitch }
    }

    /// The largest number of resources that stand in one grid.
    pub(crate) fn largest(&self) -> usize {
        self.stacks.iter().map(|s| s.1.len()).max().unwrap_or(0).max(self.loose.len())
    }

    /// The height of all grids at so many columns.
    pub(crate) fn height(&self, room: &Room, columns: usize) -> f64 {
        let pads = room.pads(PlateKind::Stack);
        let mut h = room.rows(self.loose.len().div_ceil(columns.max(1)));
        for (_, members) in &self.stacks {
            h += if h > 0.0 { SUBNET_GAP } else { 0.0 };
            h += room.rows(members.len().div_ceil(columns.max(1))) + pads.top + pads.bottom;
        }
        h
    }

    /// The pieces, stacked.
    pub(crate) fn block(&self, plan: &Plan<'_, '_>, key: &str, columns: usize, pitch: f64) -> Block {
        let mut all = Block::default();
        if !self.loose.is_empty() {
            all.put(grid(plan, &self.loose, columns, pitch), 0.0, 0.0);
        }
        for (title, members) in &self.stacks {
            let spec = Spec {
                kind: PlateKind::Stack,
                resource: None,
                title: title.clone(),
                key: format!("{key}/stack/{title}"),
            };
            let y = if all.h > 0.0 { all.h + SUBNET_GAP } else { 0.0 };
            all.put(
                grid(plan, members, columns, pitch).framed(spec, plan.room.pads(PlateKind::Stack)),
                0.0,
                y,
            );
        }
        all
    }
}

/// Resources row by row.
pub(crate) fn grid(plan: &Plan<'_, '_>, members: &[Index], columns: usize, pitch: f64) -> Block {
    let columns = columns.max(1);
    let mut block = Block {
        w: pitch * columns.min(members.len()) as f64,
        h: plan.room.rows(members.len().div_ceil(columns)),
        ..Block::default()
    };
    for (n, &at) in members.iter().enumerate() {
        let (column, row) = (n % columns, n / columns);
        let (x, y) = (pitch * (column as f64 + 0.5), plan.room.lead + PITCH_Y * row as f64);
        block.stand(at, x, y, pitch - 0.4);
    }
    block
}

/// The members of a subnet in the order they are placed: traffic first, unless a group of theirs
/// says that they belong together.
pub(crate) fn members(plan: &Plan<'_, '_>, subnet: Index) -> Vec<Index> {
    let mut members = plan.leaves(subnet);
    // Nothing holds these in a subnet, but should a builder nest containers there, they are kept.
    for &at in plan.children(subnet) {
        if plan.get(at).container.is_some_and(|kind| kind != ContainerKind::Subnet) {
            members.extend(plan.leaves(at));
        }
    }
    members
}
