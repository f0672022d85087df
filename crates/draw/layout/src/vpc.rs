//! One VPC: zones stacked across the traffic, tiers as columns along it, what spans subnets beside
//! and between the zones, gateways on the border.

mod spans;
mod table;
mod zones;

use isobar_graph::Index;

use crate::block::{Block, NodeAt, Spec};
use crate::blueprint::PlateKind;
use crate::geometry::Point;
use crate::metrics::{LABEL_GAP, text_width};
use crate::plan::Plan;
use spans::Spans;
use table::{Wanted, fit, tabulate};
pub(crate) use table::{roomy, rounded};
use zones::{unused_zones, zones_block};

/// A placed VPC.
pub(crate) struct Placed {
    pub block: Block,
    /// Where its first gateway stands, from its upper end.
    pub entry: f64,
}

/// How many rows are tried to find an earlier picture's shape.
const ROWS: usize = 12;
/// The shapes a VPC is tried in.
const ASPECTS: [f64; 3] = [1.5, 0.75, 2.8];

/// Places one VPC and all in it, in several shapes.
pub(crate) fn place(plan: &Plan<'_, '_>, vpc: Index, first: bool) -> Vec<Placed> {
    let mut shapes = Vec::new();
    let mut met: Vec<Vec<f64>> = Vec::new();
    let (zones, mut columns) = tabulate(plan, vpc);
    let unused = zones.iter().flat_map(|z| z.cells.iter().flatten()).all(|c| c.contents.count() == 0);
    let spans = Spans::sort_out(plan, vpc, unused && zones.is_empty(), first);
    let wanted = ASPECTS.into_iter().map(Wanted::Aspect);
    // The shape of an earlier picture is among these.
    let rows = if plan.hint.is_some() { 1..ROWS } else { 1..1 };
    for wanted in wanted.chain(rows.map(Wanted::Rows)) {
        if let (true, false, Wanted::Aspect(aspect)) = (unused, zones.is_empty(), wanted) {
            shapes.push(finish(plan, vpc, unused_zones(plan, &zones, aspect), &spans, 0.0));
            continue;
        }
        let grids = fit(plan, &zones, &mut columns, wanted);
        if met.contains(&grids) {
            continue;
        }
        met.push(grids);
        let (core, middle) = zones_block(plan, &zones, &columns, &spans);
        shapes.push(finish(plan, vpc, core, &spans, middle));
    }
    shapes
}

/// Puts the spines beside the zones, the plate around all, the gateways on its border.
fn finish(plan: &Plan<'_, '_>, vpc: Index, core: Block, spans: &Spans, middle: f64) -> Placed {
    let room = &plan.metrics;
    let mut inner = Block::default();
    let middle = if core.is_empty() { room.lead } else { middle };
    let rows = plan.choose(|| vec![(core.h / plan.metrics.pitch_y).floor().max(2.0)]);
    let rows = rows.first().map_or(2, |&rows| rows as usize);
    // Room for a gateway, whether or not there is one.
    let left = if spans.border.is_empty() && middle == 0.0 { 0.0 } else { room.gate };
    let spine = spine(plan, &spans.entry, rows);
    let stores = self::spine(plan, &spans.stores, rows);
    // The first row of the entry spine and the gateway stand at the middle of the zones.
    let offset = |count: usize| {
        let rows = count.min(rows).max(1);
        middle - room.lead - plan.metrics.pitch_y * ((rows - 1) / 2) as f64
    };
    let compact = middle == 0.0;
    let spine_y = if compact { 0.0 } else { offset(spans.entry.len()) };
    let stores_y = if compact { 0.0 } else { offset(spans.stores.len()) };
    let up = 0.0f64.min(spine_y).min(if stores.is_empty() { 0.0 } else { stores_y });
    let mut x = left;
    if !spine.is_empty() {
        let w = spine.w;
        inner.put(spine, x, spine_y - up);
        x += w + 0.5;
    }
    let core_w = core.w;
    let core_h = core.h;
    if !core.is_empty() {
        inner.put(core, x, -up);
        x += core_w;
    }
    if !stores.is_empty() {
        let w = stores.w;
        inner.put(stores, x + 0.5, stores_y - up);
        x += 0.5 + w;
    }
    if !spans.far_border.is_empty() {
        x += 0.6;
    }
    inner.w = inner.w.max(x);
    let middle = if compact { core_h / 2.0 } else { middle };
    let title = text_width(&plan.get(vpc).name) * 1.4 + 1.0;
    inner.w = inner.w.max(title.min(9.0));
    let below = spans.border.len().max(spans.far_border.len()).saturating_sub(1) as f64;
    inner.h = inner
        .h
        .max(middle - up + if below > 0.0 { plan.metrics.pitch_y * below + room.tail } else { 1.6 })
        .max(2.4);
    let pads = room.pads(PlateKind::Vpc);
    let spec = Spec {
        kind: PlateKind::Vpc,
        resource: Some(vpc),
        title: String::new(),
        rule: None,
        key: String::new(),
    };
    let mut block = inner.framed(spec, pads);
    let entry = pads.top + middle - up;
    for (x, list) in [(0.0, &spans.border), (block.w, &spans.far_border)] {
        for (n, &at) in list.iter().enumerate() {
            block.nodes.push(NodeAt {
                index: at,
                plate: Some(0),
                at: Point::new(x, entry + plan.metrics.pitch_y * n as f64),
                on_border: true,
                label_width: plan.metrics.pitch_x_max - 0.6,
                scale: 1.0,
            });
        }
    }
    // What stands on the border reaches out of the plate.
    // On the right a name needs its room beside the gateways of the next VPC.
    let reach = |list: &[Index], far: f64| if list.is_empty() { 0.0 } else { far };
    let left = if compact { reach(&spans.border, room.gate) } else { room.gate };
    let right = reach(&spans.far_border, 1.4);
    let mut all = Block::default();
    all.put(block, left, 0.0);
    all.w += right;
    Placed { block: all, entry }
}

/// A few resources in a column, filled downwards.
pub(crate) fn spine(plan: &Plan<'_, '_>, members: &[Index], rows: usize) -> Block {
    let mut block = Block::default();
    if members.is_empty() {
        return block;
    }
    let pitch = members.iter().map(|&at| plan.pitch(at)).fold(plan.metrics.pitch_x, f64::max);
    let columns = members.len().div_ceil(rows.max(1));
    let rows = members.len().div_ceil(columns);
    block.w = pitch * columns as f64;
    block.h = plan.metrics.rows(rows);
    for (n, &at) in members.iter().enumerate() {
        let (column, row) = (n % columns, n / columns);
        let (x, y) = (pitch * (column as f64 + 0.5), plan.metrics.lead + plan.metrics.pitch_y * row as f64);
        block.stand(at, x, y, pitch - LABEL_GAP);
    }
    block
}
