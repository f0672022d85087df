//! A VPC's subnets in a table: zones are its rows, tiers its columns.

use isobar_graph::{ContainerKind, Index, Tier};

use crate::block::shape_cost;
use crate::blueprint::PlateKind;
use crate::metrics::text_width;
use crate::plan::{Plan, natural, stem};
use crate::subnet::{Contents, members};

/// What further rows must save.
const FEWER: f64 = 0.06;

/// A row of subnets: one zone, or the subnets whose zone is not known.
pub(super) struct Zone {
    pub(super) resource: Option<Index>,
    /// Subnets by column.
    pub(super) cells: Vec<Vec<Cell>>,
}

pub(super) struct Cell {
    pub(super) subnet: Option<Index>,
    pub(super) contents: Contents,
}

/// A column of subnets of one tier, of one width in all zones.
pub(super) struct Column {
    pub(super) tier: usize,
    pub(super) grid: usize,
    pub(super) pitch: f64,
    pub(super) width: f64,
    pub(super) x: f64,
}

pub(super) fn tier_number(tier: Option<Tier>) -> usize {
    match tier {
        Some(Tier::Public) => 0,
        Some(Tier::Private) | None => 1,
        Some(Tier::Isolated) => 2,
    }
}

/// Sorts the subnets into zones and columns: subnets of like name share a column.
pub(super) fn tabulate(plan: &Plan<'_, '_>, vpc: Index) -> (Vec<Zone>, Vec<Column>) {
    let mut rows: Vec<(Option<Index>, Vec<Index>)> = plan
        .containers(vpc, ContainerKind::Zone)
        .into_iter()
        .map(|zone| (Some(zone), plan.containers(zone, ContainerKind::Subnet)))
        .collect();
    rows.sort_by(|a, b| {
        let name =
            |row: &(Option<Index>, Vec<Index>)| row.0.map(|z| plan.get(z).name.clone()).unwrap_or_default();
        name(a).cmp(&name(b)).then(a.0.cmp(&b.0))
    });
    let without_zone = plan.containers(vpc, ContainerKind::Subnet);
    if !without_zone.is_empty() {
        rows.push((None, without_zone));
    }
    // The columns of a tier: one per name stem where few stems recur, else as many as it takes.
    let mut slots: Vec<Vec<String>> = vec![Vec::new(); 3];
    for (_, subnets) in &rows {
        for &subnet in subnets {
            let tier = tier_number(plan.get(subnet).tier);
            let key = column_key(plan, subnet);
            if !slots[tier].contains(&key) {
                slots[tier].push(key);
            }
        }
    }
    let mut columns = Vec::new();
    let mut first = [0usize; 3];
    let mut by_stem = [true; 3];
    for tier in 0..3 {
        slots[tier].sort_by(|a, b| natural(a, b));
        let most = rows
            .iter()
            .map(|row| row.1.iter().filter(|&&s| tier_number(plan.get(s).tier) == tier).count())
            .max()
            .unwrap_or(0);
        first[tier] = columns.len();
        by_stem[tier] = slots[tier].len() <= 3 || slots[tier].len() <= most;
        let count = if by_stem[tier] { slots[tier].len() } else { most }.min(6);
        columns.extend((0..count).map(|_| Column {
            tier,
            grid: 1,
            pitch: plan.metrics.pitch_x,
            width: 0.0,
            x: 0.0,
        }));
    }
    let count_of = |tier: usize| columns.iter().filter(|c| c.tier == tier).count().max(1);
    let zones = rows
        .into_iter()
        .map(|(resource, mut subnets)| {
            subnets.sort_by(|&a, &b| {
                let (x, y) = (plan.get(a), plan.get(b));
                natural(&x.name, &y.name).then_with(|| x.id.cmp(&y.id))
            });
            let mut cells: Vec<Vec<Cell>> = (0..columns.len()).map(|_| Vec::new()).collect();
            let mut met = [0usize; 3];
            for subnet in subnets {
                let tier = tier_number(plan.get(subnet).tier);
                let slot = if by_stem[tier] {
                    let key = column_key(plan, subnet);
                    slots[tier].iter().position(|s| *s == key).unwrap_or(0)
                } else {
                    met[tier]
                };
                met[tier] += 1;
                let contents = Contents::of(plan, members(plan, subnet));
                cells[first[tier] + slot % count_of(tier)].push(Cell { subnet: Some(subnet), contents });
            }
            if let Some(zone) = resource {
                let stray = plan.leaves(zone);
                if !stray.is_empty() && !cells.is_empty() {
                    let last = cells.len() - 1;
                    cells[last].push(Cell { subnet: None, contents: Contents::of(plan, stray) });
                }
            }
            Zone { resource, cells }
        })
        .collect();
    (zones, columns)
}

/// A subnet's name without what tells its zone.
fn column_key(plan: &Plan<'_, '_>, subnet: Index) -> String {
    let resource = plan.get(subnet);
    if resource.name.starts_with("subnet-") {
        return String::new();
    }
    let zone = resource.parent.map(|z| plan.get(z).name.clone()).unwrap_or_default();
    let bare = if zone.is_empty() { resource.name.clone() } else { resource.name.replace(&zone, "") };
    stem(bare.trim_end_matches(['-', '_', ' '])).trim_end_matches(['-', '_', ' ']).to_lowercase()
}

/// What a VPC shall look like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    Aspect(f64),
    Rows(usize),
}

/// How many resources stand side by side in each column, so that the zones together come near to a
/// shape with little floor: so many rows that every column is as narrow as it can be.
pub(super) fn fit(plan: &Plan<'_, '_>, zones: &[Zone], columns: &mut [Column], wanted: Wanted) -> Vec<f64> {
    let metrics = &plan.metrics;
    for (n, column) in columns.iter_mut().enumerate() {
        let cells = || zones.iter().flat_map(|z| &z.cells[n]);
        column.pitch = cells().map(|c| c.contents.pitch).fold(metrics.pitch_x, f64::max);
    }
    let bulk = |cells: &Vec<Cell>| cells.iter().map(|c| rounded(c.contents.bulk(metrics))).collect();
    let by_cell: Vec<Vec<Vec<usize>>> =
        zones.iter().map(|zone| zone.cells.iter().map(bulk).collect()).collect();
    let counts: Vec<usize> = (0..columns.len())
        .map(|n| by_cell.iter().flat_map(|zone| &zone[n]).copied().max().unwrap_or(0))
        .collect();
    let grids = plan.choose(|| {
        let mut best: Option<(f64, Vec<usize>)> = None;
        let most = counts.iter().copied().max().unwrap_or(1).max(1);
        let mut rows = 1;
        while rows <= most {
            let grids: Vec<usize> = counts.iter().map(|count| count.div_ceil(rows).max(1)).collect();
            let (w, h) = extent(plan, &by_cell, &grids);
            let cost = match wanted {
                Wanted::Aspect(aspect) => shape_cost(w + 3.0, h + 2.0, aspect),
                Wanted::Rows(wanted) => rows.abs_diff(wanted) as f64,
            };
            if best.as_ref().is_none_or(|b| cost < b.0 - FEWER) {
                best = Some((cost, grids));
            }
            rows += 1 + rows / 6;
        }
        best.map(|b| b.1).unwrap_or_default().into_iter().map(|g| g as f64).collect()
    });
    let mut x = 0.0;
    for (n, column) in columns.iter_mut().enumerate() {
        column.grid = grids.get(n).map_or(1, |&g| g as usize).max(1);
        column.width = width(plan, zones, n, column.grid, column.pitch);
        column.x = x;
        x += column.width + metrics.tier_gap;
    }
    grids
}

/// About so many.
pub(crate) fn rounded(count: usize) -> usize {
    const STEPS: [usize; 5] = [0, 1, 2, 3, 4];
    if let Some(&few) = STEPS.get(count) {
        return few;
    }
    let half = (count / 2 + 1).next_power_of_two().max(4);
    // Powers of two, and what lies in the middle between them.
    [half, half * 3 / 2, half * 2].into_iter().find(|&step| step >= count).unwrap_or(count)
}

/// A count with room for a few more, so that one resource more or less changes no grid.
pub(crate) fn roomy(count: usize) -> usize {
    let step = match count {
        0..=4 => 1,
        5..=12 => 2,
        13..=24 => 4,
        _ => (count / 8).next_power_of_two(),
    };
    count.next_multiple_of(step)
}

/// The width of a column: what stands in its subnets, and a title of fair length.
fn width(plan: &Plan<'_, '_>, zones: &[Zone], n: usize, grid: usize, pitch: f64) -> f64 {
    let pads = plan.metrics.pads(PlateKind::PrivateSubnet);
    let cells = || zones.iter().flat_map(|z| &z.cells[n]);
    let filled = || cells().filter(|c| c.contents.count() > 0);
    let widest = filled().map(|c| c.contents.size(&plan.metrics, grid, pitch).0 + 2.0 * pads.side);
    let title = cells().filter_map(|c| c.subnet).map(|s| text_width(&plan.get(s).name) + 0.7);
    widest.fold(title.fold(2.0, f64::max).min(3.8), f64::max)
}

/// About the width and height of all zones, from rounded counts only: one resource more or less
/// seldom leads to another shape.
fn extent(plan: &Plan<'_, '_>, counts: &[Vec<Vec<usize>>], grids: &[usize]) -> (f64, f64) {
    let metrics = &plan.metrics;
    let subnet = metrics.pads(PlateKind::PrivateSubnet);
    let wide = |&grid: &usize| metrics.pitch_x * grid as f64 + 2.0 * subnet.side + metrics.tier_gap;
    let w = grids.iter().map(wide).sum();
    let pads = metrics.pads(PlateKind::Zone);
    let around = metrics.subnet_gap + subnet.top + subnet.bottom;
    let high = |zone: &Vec<Vec<usize>>| {
        let heights = zone.iter().zip(grids).map(|(cells, grid)| {
            cells.iter().map(|count| metrics.rows(count.div_ceil(*grid)).max(0.2) + around).sum::<f64>()
        });
        heights.fold(0.0, f64::max) + pads.top + pads.bottom + metrics.zone_gap
    };
    (w, counts.iter().map(high).sum())
}

/// An empty subnet is a chip with a title.
pub(super) fn cell_height(plan: &Plan<'_, '_>, cell: &Cell, grid: usize, pitch: f64) -> f64 {
    let pads = plan.metrics.pads(PlateKind::PrivateSubnet);
    cell.contents.size(&plan.metrics, grid, pitch).1.max(0.2) + pads.top + pads.bottom
}
