//! Resources: one symbol per icon and family in use, placed from back to front.

use std::collections::BTreeMap;

use isobar_layout::Rect;
use isobar_model::Tags;

use super::Brush;
use crate::icon;
use crate::scene::{Gradient, Group, Item, Mark, NodePart, Symbol};
use crate::text::{clean, is_clean};

/// The resources as objects, labels not yet placed.
pub(super) fn parts(
    brush: &Brush<'_>,
    symbols: &mut Vec<Symbol>,
    gradients: &mut Vec<Gradient>,
) -> Vec<NodePart> {
    let mut known: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    let mut out = Vec::with_capacity(brush.blueprint.nodes.len());
    for node in &brush.blueprint.nodes {
        // Unknown icons differ by their monogram, known ones do not look at the kind.
        let look = match icon::find(&node.icon) {
            Some(icon) if icon.name != "unknown" => icon.name.to_owned(),
            _ => format!("unknown {}", crate::text::monogram(&node.kind)),
        };
        let symbol = *known.entry((look, node.family.as_str())).or_insert_with(|| {
            let camera = &brush.camera;
            let mut symbol =
                icon::draw(&node.icon, node.family, &node.kind, camera, &brush.palette, gradients);
            symbol.name = format!("i{}", symbols.len());
            symbols.push(symbol);
            symbols.len() - 1
        });
        let at = brush.camera.place(node.at);
        let scale = if node.scale.is_finite() { node.scale.clamp(0.01, 4.0) } else { 1.0 };
        let own = symbols[symbol].bounds;
        let bounds = Rect::new(at.0 + own.x * scale, at.1 + own.y * scale, own.w * scale, own.h * scale);
        let (name, detail) = (clean(&node.name), node.detail.as_deref().map(clean));
        let mut tooltip = name.clone();
        for line in [detail.clone(), Some(node.kind.to_string()), Some(clean(node.resource.as_str()))] {
            if let Some(line) = line.filter(|line| !line.is_empty()) {
                tooltip.push('\n');
                tooltip.push_str(&line);
            }
        }
        out.push(NodePart {
            id: node.id,
            component: node.component.clone(),
            icon: node.icon.clone(),
            family: node.family,
            plate: node.plate,
            symbol,
            at,
            scale,
            bounds,
            name,
            detail,
            tooltip: tooltip.into(),
            arn: node.resource.shared(),
            tags: tags(&node.tags),
            label: None,
            ground: if node.on_border { brush.palette.card } else { brush.ground(node.plate) },
        });
    }
    out
}

/// Tags fit to be drawn or written down.
pub(super) fn tags(tags: &Tags) -> Tags {
    match tags.iter().all(|(key, value)| is_clean(key) && is_clean(value)) {
        true => tags.clone(),
        false => tags.iter().map(|(key, value)| (clean(key), clean(value))).collect(),
    }
}

/// Positions of nodes from back to front.
pub(super) fn back_to_front(brush: &Brush<'_>) -> Vec<usize> {
    let nodes = brush.blueprint.nodes.iter();
    let mut order: Vec<(f64, usize)> = nodes.map(|node| node.at.x + node.at.y).zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, at)| at).collect()
}

/// Members of a stack are drawn from so many pixels' width on; smaller ones its plate stands for.
const LEAST_PIXELS: f64 = 8.0;

/// Whether a resource of that scale is too small to be drawn, at so many pixels to a page unit.
pub(super) fn too_small(brush: &Brush<'_>, scale: f64, zoom: f64) -> bool {
    scale < 0.99 && scale * isobar_layout::blueprint::FOOTPRINT * brush.camera.unit * zoom < LEAST_PIXELS
}

/// The solids, from back to front, at so many pixels to a page unit.
pub(super) fn items(brush: &Brush<'_>, parts: &[NodePart], zoom: f64) -> Vec<Item> {
    let seen = |&at: &usize| !too_small(brush, parts[at].scale, zoom);
    let one = |at: usize| {
        let part = &parts[at];
        let mark = Mark::Thing {
            role: "node",
            id: part.id,
            kind: part.component.clone(),
            arn: Some(part.arn.clone()),
            title: part.tooltip.clone(),
        };
        Item::Group(Group {
            mark,
            items: vec![Item::Use { symbol: part.symbol, at: part.at, scale: part.scale }],
        })
    };
    back_to_front(brush).into_iter().filter(seen).map(one).collect()
}
