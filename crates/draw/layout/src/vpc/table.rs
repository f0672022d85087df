//! A VPC's subnets in a table: zones are its rows, tiers its columns.

use isobar_graph::{ContainerKind, Index, Tier};

use crate::blueprint::PlateKind;
use crate::metrics::text_width;
use crate::plan::{Plan, natural, stem};
use crate::subnet::{Contents, members};

/// The shape a VPC's zones are fitted to; the spines beside them make the whole wider.
const ASPECT: f64 = 1.5;

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

/// Chooses how many resources stand side by side in each column so that the zones together come
/// near to a pleasing shape.
pub(super) fn fit(plan: &Plan<'_, '_>, zones: &[Zone], columns: &mut [Column]) {
    let room = &plan.metrics;
    for (n, column) in columns.iter_mut().enumerate() {
        let cells = || zones.iter().flat_map(|z| &z.cells[n]);
        column.pitch = cells().map(|c| c.contents.pitch).fold(plan.metrics.pitch_x, f64::max);
    }
    let columns_at = |ratio: f64, columns: &[Column]| -> Vec<usize> {
        (0..columns.len())
            .map(|n| {
                let largest =
                    zones.iter().flat_map(|z| &z.cells[n]).map(|c| c.contents.count()).max().unwrap_or(0);
                let ideal = (largest as f64 * ratio * plan.metrics.pitch_y / columns[n].pitch).sqrt();
                (ideal.round() as usize).clamp(1, largest.max(1))
            })
            .collect()
    };
    let mut best: Option<(f64, Vec<usize>)> = None;
    for ratio in [0.12, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 6.0, 9.0] {
        let grids = columns_at(ratio, columns);
        let w: f64 = grids
            .iter()
            .zip(columns.iter())
            .map(|(&g, c)| g as f64 * c.pitch + plan.metrics.tier_gap + 0.4)
            .sum();
        let h: f64 = zones
            .iter()
            .map(|z| {
                let tallest = z.cells.iter().zip(&grids).zip(columns.iter()).map(|((cells, &g), column)| {
                    cells
                        .iter()
                        .map(|c| c.contents.size(room, g, column.pitch).1 + 1.3 + plan.metrics.subnet_gap)
                        .sum::<f64>()
                });
                tallest.fold(0.0, f64::max) + 1.4 + plan.metrics.zone_gap
            })
            .sum();
        let cost = ((w + 4.0) / (h + 2.0) / ASPECT).ln().abs() * 2.0 + (w * h).ln();
        if best.as_ref().is_none_or(|b| cost < b.0 - 1e-9) {
            best = Some((cost, grids));
        }
    }
    let Some((_, grids)) = best else { return };
    let pads = room.pads(PlateKind::PrivateSubnet);
    let mut x = 0.0;
    for (n, column) in columns.iter_mut().enumerate() {
        column.grid = grids[n];
        let cells = || zones.iter().flat_map(|z| &z.cells[n]);
        let widest = cells().map(|c| c.contents.size(room, column.grid, column.pitch).0).fold(0.0, f64::max);
        let title =
            cells().filter_map(|c| c.subnet).map(|s| text_width(&plan.get(s).name) + 0.7).fold(2.4, f64::max);
        column.width = (widest + 2.0 * pads.side).max(title.min(5.2));
        column.x = x;
        x += column.width + plan.metrics.tier_gap;
    }
}
