//! The zones with their subnets, one below the other, and what stands between them.

use isobar_graph::{Index, Tier};

use super::spans::{Spans, strip};
use super::table::{Column, Zone, cell_height};
use crate::block::{Block, Spec, best_width, shelve};
use crate::blueprint::PlateKind;
use crate::metrics::text_width;
use crate::plan::Plan;

/// How much lower than its row a subnet may be and still be drawn as high.
const NEARLY: f64 = 1.6;
/// Between a zone and what stands between zones.
const STRIP: f64 = 0.4;
/// Below that, so that no name reaches over the first lane of the next zone.
const BELOW: f64 = 0.3;

/// The zones with their subnets, and between them the resources that span subnets. Gives also the
/// height of the middle, where the entry lies.
pub(super) fn zones_block(
    plan: &Plan<'_, '_>,
    zones: &[Zone],
    columns: &[Column],
    spans: &Spans,
) -> (Block, f64) {
    let room = &plan.metrics;
    let width = columns.last().map_or(0.0, |c| c.x + c.width);
    let pads = room.pads(PlateKind::PrivateSubnet);
    let zone_pads = room.pads(PlateKind::Zone);
    let mut all = Block { w: width, ..Block::default() };
    let middle_after = zones.len().div_ceil(2);
    let mut y = 0.0;
    let count = zones.len();
    let mut strip_middle = None;
    for (n, zone) in zones.iter().enumerate() {
        let mut inner = Block { w: width, ..Block::default() };
        let heights: Vec<f64> = zone
            .cells
            .iter()
            .zip(columns)
            .map(|(cells, column)| {
                let sum: f64 = cells.iter().map(|c| cell_height(plan, c, column.grid, column.pitch)).sum();
                sum + plan.metrics.subnet_gap * cells.len().saturating_sub(1) as f64
            })
            .collect();
        let row = heights.iter().copied().fold(0.0, f64::max);
        for ((cells, column), height) in zone.cells.iter().zip(columns).zip(&heights) {
            // What is nearly as high as its row fills it, so that borders align across tiers.
            let extra = match cells.as_slice() {
                [one] if one.contents.count() > 0 && row - height < NEARLY => row - height,
                _ => 0.0,
            };
            let mut at = 0.0;
            for cell in cells {
                let h = cell_height(plan, cell, column.grid, column.pitch) + extra;
                let key = cell.subnet.map(|s| plan.get(s).id.to_string()).unwrap_or_default();
                let content = cell.contents.block(plan, &key, column.grid, column.pitch);
                // What nearly fills its subnet begins at the left, so that one more moves none.
                let room = column.width - 2.0 * pads.side;
                let few = content.w * 2.0 <= room + 1e-6;
                let indent = if few { (room - content.w) / 2.0 } else { 0.0 };
                let mut framed = Block { w: column.width, h, ..Block::default() };
                let down = pads.top;
                if let Some(subnet) = cell.subnet {
                    let spec = Spec {
                        kind: subnet_kind(plan, subnet),
                        resource: Some(subnet),
                        title: String::new(),
                        rule: None,
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
                at += h + plan.metrics.subnet_gap;
            }
        }
        inner.h = inner.h.max(row);
        let block = match zone.resource {
            Some(resource) => inner.framed(
                Spec {
                    kind: PlateKind::Zone,
                    resource: Some(resource),
                    title: String::new(),
                    rule: None,
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
                strip_middle = Some(y + STRIP + room.lead);
                let h = strip.h;
                all.put(strip, 0.0, y + STRIP);
                y += h + STRIP + if n + 1 < count { BELOW } else { 0.0 };
            } else if n + 1 < count {
                y += plan.metrics.zone_gap;
            }
        } else if n + 1 < count {
            y += plan.metrics.zone_gap;
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
            .map_or(all.h / 2.0, |p| p.rect.y - plan.metrics.zone_gap / 2.0)
    });
    (all, middle)
}

fn subnet_kind(plan: &Plan<'_, '_>, subnet: Index) -> PlateKind {
    match plan.get(subnet).tier {
        Some(Tier::Public) => PlateKind::PublicSubnet,
        Some(Tier::Private) | None => PlateKind::PrivateSubnet,
        Some(Tier::Isolated) => PlateKind::IsolatedSubnet,
    }
}

/// A VPC without resources in its subnets stays small: its zones side by side.
pub(super) fn unused_zones(plan: &Plan<'_, '_>, zones: &[Zone], aspect: f64) -> Block {
    let pads = plan.metrics.pads(PlateKind::PrivateSubnet);
    let mut blocks = Vec::new();
    for zone in zones {
        let mut inner = Block::default();
        for cell in zone.cells.iter().flatten() {
            let Some(subnet) = cell.subnet else { continue };
            let title = (text_width(&plan.get(subnet).name) + 0.7).clamp(2.0, 3.8);
            let framed = Block { w: title - 2.0 * pads.side, h: 0.2, ..Block::default() }.framed(
                Spec {
                    kind: subnet_kind(plan, subnet),
                    resource: Some(subnet),
                    title: String::new(),
                    rule: None,
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
                        rule: None,
                        key: String::new(),
                    },
                    plan.metrics.pads(PlateKind::Zone),
                )
            }
            None => inner,
        });
    }
    shelve(plan, blocks, 0.7, |sizes| best_width(sizes, 0.7, aspect, 2.0))
}
