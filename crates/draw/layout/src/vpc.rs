//! One VPC: zones stacked across the traffic, tiers as columns along it, what spans subnets beside
//! and between the zones, gateways on the border.

use isobar_graph::{ContainerKind, Family, Index, Tier};

use crate::block::{Block, NodeAt, Spec};
use crate::blueprint::PlateKind;
use crate::geometry::Point;
use crate::metrics::{PITCH_X, PITCH_X_MAX, PITCH_Y, SUBNET_GAP, TIER_GAP, ZONE_GAP, pitch_for, text_width};
use crate::plan::{Plan, natural, stem};
use crate::subnet::{Contents, grid, members};

/// The shape a VPC's zones are fitted to; the spines beside them make the whole wider.
const ASPECT: f64 = 1.5;

/// A placed VPC.
pub(crate) struct Placed {
    pub block: Block,
    /// Where its first gateway stands, from its upper end.
    pub entry: f64,
}

/// A row of subnets: one zone, or the subnets whose zone is not known.
struct Zone {
    resource: Option<Index>,
    /// Subnets by column.
    cells: Vec<Vec<Cell>>,
}

struct Cell {
    subnet: Option<Index>,
    contents: Contents,
}

/// A column of subnets of one tier, of one width in all zones.
struct Column {
    tier: usize,
    grid: usize,
    pitch: f64,
    width: f64,
    x: f64,
}

/// Places one VPC and all in it.
pub(crate) fn place(plan: &Plan<'_, '_>, vpc: Index, first: bool) -> Placed {
    let (mut zones, mut columns) = tabulate(plan, vpc);
    let unused = zones.iter().flat_map(|z| z.cells.iter().flatten()).all(|c| c.contents.count() == 0);
    let spans = Spans::sort_out(plan, vpc, unused && zones.is_empty(), first);
    if unused && !zones.is_empty() {
        return finish(plan, vpc, unused_zones(plan, &zones), spans, 0.0);
    }
    fit(plan, &zones, &mut columns);
    let (core, middle) = zones_block(plan, &mut zones, &columns, &spans);
    finish(plan, vpc, core, spans, middle)
}

fn tier_number(tier: Option<Tier>) -> usize {
    match tier {
        Some(Tier::Public) => 0,
        Some(Tier::Private) | None => 1,
        Some(Tier::Isolated) => 2,
    }
}

/// Sorts the subnets into zones and columns: subnets of like name share a column.
fn tabulate(plan: &Plan<'_, '_>, vpc: Index) -> (Vec<Zone>, Vec<Column>) {
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
        columns.extend((0..count).map(|_| Column { tier, grid: 1, pitch: PITCH_X, width: 0.0, x: 0.0 }));
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
fn fit(plan: &Plan<'_, '_>, zones: &[Zone], columns: &mut [Column]) {
    let room = &plan.room;
    for (n, column) in columns.iter_mut().enumerate() {
        let cells = || zones.iter().flat_map(|z| &z.cells[n]);
        column.pitch = cells().map(|c| c.contents.pitch).fold(PITCH_X, f64::max);
    }
    let columns_at = |ratio: f64, columns: &[Column]| -> Vec<usize> {
        (0..columns.len())
            .map(|n| {
                let largest =
                    zones.iter().flat_map(|z| &z.cells[n]).map(|c| c.contents.count()).max().unwrap_or(0);
                let ideal = (largest as f64 * ratio * PITCH_Y / columns[n].pitch).sqrt();
                (ideal.round() as usize).clamp(1, largest.max(1))
            })
            .collect()
    };
    let mut best: Option<(f64, Vec<usize>)> = None;
    for ratio in [0.12, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 6.0, 9.0] {
        let grids = columns_at(ratio, columns);
        let w: f64 =
            grids.iter().zip(columns.iter()).map(|(&g, c)| g as f64 * c.pitch + TIER_GAP + 0.4).sum();
        let h: f64 = zones
            .iter()
            .map(|z| {
                let tallest = z.cells.iter().zip(&grids).zip(columns.iter()).map(|((cells, &g), column)| {
                    cells
                        .iter()
                        .map(|c| c.contents.size(room, g, column.pitch).1 + 1.3 + SUBNET_GAP)
                        .sum::<f64>()
                });
                tallest.fold(0.0, f64::max) + 1.4 + ZONE_GAP
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
        x += column.width + TIER_GAP;
    }
}

/// The zones with their subnets, and between them the resources that span subnets. Gives also the
/// height of the middle, where the entry lies.
fn zones_block(plan: &Plan<'_, '_>, zones: &mut [Zone], columns: &[Column], spans: &Spans) -> (Block, f64) {
    let room = &plan.room;
    let width = columns.last().map_or(0.0, |c| c.x + c.width);
    let pads = room.pads(PlateKind::PrivateSubnet);
    let zone_pads = room.pads(PlateKind::Zone);
    let mut all = Block { w: width, ..Block::default() };
    let middle_after = zones.len().div_ceil(2);
    let mut y = 0.0;
    let count = zones.len();
    let mut strip_middle = None;
    for (n, zone) in zones.iter_mut().enumerate() {
        let mut inner = Block { w: width, ..Block::default() };
        let heights: Vec<f64> = zone
            .cells
            .iter()
            .zip(columns)
            .map(|(cells, column)| {
                let sum: f64 = cells.iter().map(|c| cell_height(plan, c, column)).sum();
                sum + SUBNET_GAP * cells.len().saturating_sub(1) as f64
            })
            .collect();
        let row = heights.iter().copied().fold(0.0, f64::max);
        for ((cells, column), height) in zone.cells.iter().zip(columns).zip(&heights) {
            // Subnets of one column share the row's height, so that borders align across tiers.
            let filled = cells.iter().filter(|c| c.contents.count() > 0).count().max(1);
            let any_filled = cells.iter().any(|c| c.contents.count() > 0);
            let extra = (row - height) / if any_filled { filled } else { cells.len().max(1) } as f64;
            let mut at = 0.0;
            for cell in cells {
                let grows = !any_filled || cell.contents.count() > 0;
                let h = cell_height(plan, cell, column) + if grows { extra } else { 0.0 };
                let key = cell.subnet.map(|s| plan.get(s).id.to_string()).unwrap_or_default();
                let content = cell.contents.block(plan, &key, column.grid, column.pitch);
                let indent = ((column.width - 2.0 * pads.side - content.w) / 2.0).max(0.0);
                let mut framed = Block { w: column.width, h, ..Block::default() };
                let down = pads.top + if grows { extra.min(PITCH_Y) / 2.0 } else { 0.0 };
                if let Some(subnet) = cell.subnet {
                    let spec = Spec {
                        kind: subnet_kind(plan, subnet),
                        resource: Some(subnet),
                        title: String::new(),
                        key,
                    };
                    framed.plates.push(crate::block::PlateAt {
                        spec,
                        parent: None,
                        rect: crate::geometry::Rect::new(0.0, 0.0, column.width, h),
                    });
                    framed.put_on(Some(0), content, pads.side + indent, down);
                } else {
                    framed.put(content, pads.side + indent, down);
                }
                framed.h = h;
                inner.put(framed, column.x, at);
                at += h + SUBNET_GAP;
            }
        }
        inner.h = inner.h.max(row);
        let block = match zone.resource {
            Some(resource) => inner.framed(
                Spec {
                    kind: PlateKind::Zone,
                    resource: Some(resource),
                    title: String::new(),
                    key: String::new(),
                },
                zone_pads,
            ),
            None => {
                let mut block = Block::default();
                block.put(inner, zone_pads.side, 0.0);
                block.w += zone_pads.side;
                block
            }
        };
        let h = block.h;
        all.put(block, 0.0, y);
        y += h;
        if n + 1 == middle_after {
            let strip = strip(plan, columns, zone_pads.side, &spans.between);
            if !strip.is_empty() {
                strip_middle = Some(y + 0.5 + room.lead);
                let h = strip.h;
                all.put(strip, 0.0, y + 0.5);
                y += h + 0.6;
            } else if n + 1 < count {
                y += ZONE_GAP;
            }
        } else if n + 1 < count {
            y += ZONE_GAP;
        }
    }
    let middle = strip_middle.unwrap_or(if count == 1 {
        all.h / 2.0
    } else {
        // The middle of the gap between the zones around the middle, where no plate lies.
        all.plates
            .iter()
            .filter(|p| p.spec.kind == PlateKind::Zone)
            .nth(middle_after)
            .map_or(all.h / 2.0, |p| p.rect.y - ZONE_GAP / 2.0)
    });
    (all, middle)
}

fn cell_height(plan: &Plan<'_, '_>, cell: &Cell, column: &Column) -> f64 {
    let pads = plan.room.pads(PlateKind::PrivateSubnet);
    cell.contents.size(&plan.room, column.grid, column.pitch).1.max(0.45) + pads.top + pads.bottom
}

fn subnet_kind(plan: &Plan<'_, '_>, subnet: Index) -> PlateKind {
    match plan.get(subnet).tier {
        Some(Tier::Public) => PlateKind::PublicSubnet,
        Some(Tier::Private) | None => PlateKind::PrivateSubnet,
        Some(Tier::Isolated) => PlateKind::IsolatedSubnet,
    }
}

/// A VPC without resources in its subnets stays small: its zones side by side.
fn unused_zones(plan: &Plan<'_, '_>, zones: &[Zone]) -> Block {
    let pads = plan.room.pads(PlateKind::PrivateSubnet);
    let mut blocks = Vec::new();
    for zone in zones {
        let mut inner = Block::default();
        for cell in zone.cells.iter().flatten() {
            let Some(subnet) = cell.subnet else { continue };
            let title = (text_width(&plan.get(subnet).name) + 0.7).clamp(2.8, 5.2);
            let framed = Block { w: title - 2.0 * pads.side, h: 0.45, ..Block::default() }.framed(
                Spec {
                    kind: subnet_kind(plan, subnet),
                    resource: Some(subnet),
                    title: String::new(),
                    key: String::new(),
                },
                pads,
            );
            let y = if inner.h > 0.0 { inner.h + 0.5 } else { 0.0 };
            inner.put(framed, 0.0, y);
        }
        blocks.push(match zone.resource {
            Some(resource) => {
                let name = text_width(&plan.get(resource).name);
                inner.w = inner.w.max(name);
                inner.framed(
                    Spec {
                        kind: PlateKind::Zone,
                        resource: Some(resource),
                        title: String::new(),
                        key: String::new(),
                    },
                    plan.room.pads(PlateKind::Zone),
                )
            }
            None => inner,
        });
    }
    let sizes: Vec<(f64, f64)> = blocks.iter().map(|b| (b.w, b.h)).collect();
    let width = crate::block::best_width(&sizes, 0.9, 2.2, 3.0, 2.0);
    crate::block::shelve(blocks, width, 0.9)
}

/// What stands on the VPC's own plate.
struct Spans {
    border: Vec<Index>,
    far_border: Vec<Index>,
    entry: Vec<Index>,
    /// By tier.
    between: [Vec<Index>; 3],
    stores: Vec<Index>,
}

impl Spans {
    fn sort_out(plan: &Plan<'_, '_>, vpc: Index, no_zones: bool, first: bool) -> Self {
        let mut spans = Self {
            border: Vec::new(),
            far_border: Vec::new(),
            entry: Vec::new(),
            between: Default::default(),
            stores: Vec::new(),
        };
        for at in plan.leaves(vpc) {
            let resource = plan.get(at);
            let kind = resource.kind.as_ref();
            let tier = span_tier(plan, at);
            if first && kind.contains("peering") {
                // The other VPCs stand further along.
                spans.far_border.push(at);
            } else if resource.on_border && !kind.contains("endpoint") || is_gateway(kind) {
                spans.border.push(at);
            } else if kind.contains("endpoint") && resource.spans.is_empty() {
                spans.far_border.push(at);
            } else if no_zones
                || resource.family == Family::Network && tier == Some(0) && !kind.contains("endpoint")
            {
                spans.entry.push(at);
            } else {
                let stores = matches!(resource.family, Family::Database | Family::Storage);
                let tier = tier.unwrap_or(if stores { 2 } else { 1 });
                spans.between[tier].push(at);
            }
        }
        // The way from the internet stands at the middle, other gateways below it.
        spans.border.sort_by_key(|&at| !plan.get(at).kind.contains("internet-gateway"));
        spans.far_border.sort_by_key(|&at| !plan.get(at).kind.contains("peering"));
        // More than a row or two between the zones would tear them apart.
        if spans.far_border.len() > 3 {
            let late = spans.far_border.split_off(3);
            spans.between[2].extend(late);
        }
        while spans.between.iter().map(Vec::len).sum::<usize>() > 24 && !spans.between[2].is_empty() {
            spans.stores.append(&mut spans.between[2]);
        }
        spans
    }
}

fn is_gateway(kind: &str) -> bool {
    let name = kind.rsplit(':').next().unwrap_or(kind);
    matches!(name, "internet-gateway" | "egress-only-internet-gateway" | "vpn-gateway")
}

/// The tier most of a resource's subnets are in; the most public of equals.
fn span_tier(plan: &Plan<'_, '_>, at: Index) -> Option<usize> {
    let mut counts = [0usize; 3];
    for &subnet in &plan.get(at).spans {
        counts[tier_number(plan.get(subnet).tier)] += 1;
    }
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    counts.iter().position(|&count| count == most)
}

/// Resources between two zones, below the tier they serve.
fn strip(plan: &Plan<'_, '_>, columns: &[Column], indent: f64, by_tier: &[Vec<Index>; 3]) -> Block {
    let total: usize = by_tier.iter().map(Vec::len).sum();
    if total == 0 {
        return Block::default();
    }
    let whole = columns.last().map_or(0.0, |c| c.x + c.width);
    let pitch = by_tier.iter().flatten().map(|&at| pitch_for(&plan.get(at).name)).fold(PITCH_X, f64::max);
    let zone_of = |tier: usize| -> (f64, f64) {
        let of_tier = || columns.iter().filter(|c| c.tier == tier);
        match (of_tier().next(), of_tier().next_back()) {
            (Some(a), Some(b)) => (a.x, b.x + b.width),
            // No such tier here: the end of the zones on that side.
            _ if tier == 0 => (0.0, pitch.min(whole)),
            _ => (0.0, whole),
        }
    };
    let room_for = |(from, to): (f64, f64)| (((to - from + TIER_GAP) / pitch) as usize).max(1);
    let rows = (0..3).map(|t| by_tier[t].len().div_ceil(room_for(zone_of(t)))).max().unwrap_or(0);
    let present = |t: usize| columns.iter().any(|c| c.tier == t);
    let crowded = rows > 2 || (0..3).any(|t| !by_tier[t].is_empty() && !present(t));
    let mut block = Block::default();
    if crowded {
        let all: Vec<Index> = by_tier.iter().flatten().copied().collect();
        let per_row = ((whole / pitch) as usize).clamp(1, all.len());
        let rows = all.len().div_ceil(per_row);
        let per_row = all.len().div_ceil(rows);
        let grid = grid(plan, &all, per_row, pitch);
        let x = indent + ((whole - grid.w) / 2.0).max(0.0);
        block.put(grid, x, 0.0);
        return block;
    }
    for (tier, members) in by_tier.iter().enumerate() {
        if members.is_empty() {
            continue;
        }
        let (from, to) = zone_of(tier);
        let per_row = room_for((from, to)).min(members.len());
        let grid = grid(plan, members, per_row, pitch);
        let x = indent + (from + to - grid.w) / 2.0;
        block.put(grid, x.max(0.0), 0.0);
    }
    block
}

/// Puts the spines beside the zones, the plate around all, the gateways on its border.
fn finish(plan: &Plan<'_, '_>, vpc: Index, core: Block, spans: Spans, middle: f64) -> Placed {
    let room = &plan.room;
    let mut inner = Block::default();
    let middle = if core.is_empty() { room.lead } else { middle };
    let rows = ((core.h / PITCH_Y) as usize).max(2);
    let left = if spans.border.is_empty() { 0.0 } else { 1.7 };
    let spine = spine(plan, &spans.entry, rows);
    let stores = self::spine(plan, &spans.stores, rows);
    // The first row of the entry spine and the gateway stand at the middle of the zones.
    let offset = |count: usize| {
        let rows = count.min(rows).max(1);
        middle - room.lead - PITCH_Y * ((rows - 1) / 2) as f64
    };
    let compact = middle == 0.0;
    let spine_y = if compact { 0.0 } else { offset(spans.entry.len()) };
    let stores_y = if compact { 0.0 } else { offset(spans.stores.len()) };
    let up = 0.0f64.min(spine_y).min(if stores.is_empty() { 0.0 } else { stores_y });
    let mut x = left;
    if !spine.is_empty() {
        let w = spine.w;
        inner.put(spine, x, spine_y - up);
        x += w + 0.9;
    } else if left > 0.0 && !core.is_empty() {
        x += 0.5;
    }
    let core_w = core.w;
    let core_h = core.h;
    if !core.is_empty() {
        inner.put(core, x, -up);
        x += core_w;
    }
    if !stores.is_empty() {
        let w = stores.w;
        inner.put(stores, x + 0.9, stores_y - up);
        x += 0.9 + w;
    }
    if !spans.far_border.is_empty() {
        x += 1.4;
    }
    inner.w = inner.w.max(x);
    let middle = if compact { core_h / 2.0 } else { middle };
    let title = text_width(&plan.get(vpc).name) * 1.4 + 1.0;
    inner.w = inner.w.max(title.min(9.0));
    let below = spans.border.len().max(spans.far_border.len()).saturating_sub(1) as f64;
    inner.h = inner.h.max(middle - up + if below > 0.0 { PITCH_Y * below + room.tail } else { 1.6 }).max(2.4);
    let pads = room.pads(PlateKind::Vpc);
    let spec = Spec { kind: PlateKind::Vpc, resource: Some(vpc), title: String::new(), key: String::new() };
    let mut block = inner.framed(spec, pads);
    let entry = pads.top + middle - up;
    for (x, list) in [(0.0, &spans.border), (block.w, &spans.far_border)] {
        for (n, &at) in list.iter().enumerate() {
            block.nodes.push(NodeAt {
                index: at,
                plate: Some(0),
                at: Point::new(x, entry + PITCH_Y * n as f64),
                on_border: true,
                label_width: PITCH_X_MAX - 0.6,
            });
        }
    }
    Placed { block, entry }
}

/// A few resources in a column, filled downwards.
pub(crate) fn spine(plan: &Plan<'_, '_>, members: &[Index], rows: usize) -> Block {
    let mut block = Block::default();
    if members.is_empty() {
        return block;
    }
    let pitch = members.iter().map(|&at| pitch_for(&plan.get(at).name)).fold(PITCH_X, f64::max);
    let columns = members.len().div_ceil(rows.max(1));
    let rows = members.len().div_ceil(columns);
    block.w = pitch * columns as f64;
    block.h = plan.room.rows(rows);
    for (n, &at) in members.iter().enumerate() {
        let (column, row) = (n / rows, n % rows);
        let (x, y) = (pitch * (column as f64 + 0.5), plan.room.lead + PITCH_Y * row as f64);
        block.stand(at, x, y, pitch - 0.4);
    }
    block
}
