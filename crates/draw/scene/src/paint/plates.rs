//! Containers: flat tints with a border, the region a slab; their titles lie on the floor along
//! the side that faces the reader.

use isobar_layout::{PlateKind, TitleSide};

use super::{Brush, polygon, shape, words};
use crate::font::Weight;
use crate::geom::{self, Xy, rounded};
use crate::scene::{Anchor, Fill, Gradient, Group, Item, Mark, Outline, PlatePart, Shape, Stroke};
use crate::text::{clean, fit};

/// The thickness of a slab, in floor units.
const SLAB: f64 = 0.34;

/// The containers as objects, titles not yet set.
pub(super) fn parts(brush: &Brush<'_>) -> Vec<PlatePart> {
    let one = |plate: &isobar_layout::Plate| {
        let tint = brush.palette.plate(plate.kind);
        let z = height(plate.kind);
        let steps = if brush.camera.isometric() { 6 } else { 4 };
        let outline: Vec<Xy> = rounded(plate.rect, tint.radius, steps)
            .into_iter()
            .map(|(x, y)| brush.camera.lift(x, y, z))
            .collect();
        let opacity = match plate.kind {
            PlateKind::PublicSubnet | PlateKind::PrivateSubnet | PlateKind::IsolatedSubnet => 0.75,
            _ => 1.0,
        };
        let title = clean(&plate.title);
        let mut tooltip = title.clone();
        if !plate.native_id.is_empty() && !title.contains(plate.native_id.as_str()) {
            tooltip = format!("{tooltip}\n{}", clean(&plate.native_id));
        }
        if let Some(rule) = &plate.rule {
            tooltip = format!("{tooltip}\n{}", clean(rule));
        }
        PlatePart {
            id: plate.id,
            component: plate.component.clone(),
            kind: plate.kind,
            parent: plate.parent,
            title_drawn: title.clone(),
            title,
            tooltip,
            arn: plate.resource.as_ref().map(|id| id.as_str().to_owned()),
            tags: super::nodes::tags(&plate.tags),
            bounds: geom::around(outline.iter().copied()).unwrap_or_default(),
            outline,
            title_at: ((0.0, 0.0), 0.0),
            fill: tint.fill,
            stroke: Stroke { color: tint.line, width: tint.width, opacity, dash: tint.dash, round: false },
            title_color: match plate.kind {
                PlateKind::Region | PlateKind::Account => brush.palette.muted,
                _ => tint.line,
            }
            .mix(brush.palette.ink, 0.25),
            radius: tint.radius * brush.camera.unit,
            depth: if brush.camera.isometric() { depth(plate.kind) * brush.camera.unit } else { 0.0 },
        }
    };
    brush.blueprint.plates.iter().map(one).collect()
}

/// An account lies one slab lower than its regions.
fn height(kind: PlateKind) -> f64 {
    if kind == PlateKind::Account { -SLAB } else { 0.0 }
}

/// How far below the floor a plate reaches, in floor units.
pub(super) fn depth(kind: PlateKind) -> f64 {
    match kind {
        PlateKind::Account => 2.0 * SLAB,
        PlateKind::Region => SLAB,
        _ => 0.0,
    }
}

/// Decides where titles begin and how large they are: `larger` than natural where there is room.
pub(super) fn set_titles(brush: &Brush<'_>, parts: &mut [PlatePart], larger: f64, zoom: f64) {
    let free = bands(brush, zoom);
    for ((part, plate), free) in parts.iter_mut().zip(&brush.blueprint.plates).zip(free) {
        // Size, inset, most enlargement, and the middle of the title band from the plate's edge.
        let (size, pad, most, band): (f64, f64, f64, f64) = match plate.kind {
            PlateKind::Account => (20.0, 0.5, 2.8, 0.75),
            PlateKind::Region => (19.0, 0.5, 2.8, 0.75),
            PlateKind::Vpc => (17.0, 0.3, 2.4, 0.6),
            PlateKind::Zone => (14.0, 0.3, 2.0, 0.42),
            PlateKind::Stack => (12.5, 0.2, 1.7, 0.35),
            _ => (13.0, 0.3, 2.1, 0.42),
        };
        let natural = if brush.camera.isometric() { size } else { size * 0.9 };
        let room = (plate.rect.w - 2.0 * pad) * brush.camera.unit;
        // No taller than the band that is really free, and in the middle of it.
        let (band, most) = match free > 1.5 {
            true => (free / 2.0, 5.0),
            false => (band.min(free / 2.0), most),
        };
        let wanted = (natural * larger.min(most)).min((free * 0.95 * brush.camera.unit).max(0.6 * natural));
        let fitting = |text: &str| (room / brush.width(text, 1.0, Weight::SemiBold).max(1e-3)).min(wanted);
        // Large and without the address range beats small with it; both are in the tooltip.
        let short = without_range(&part.title);
        let (text, least) = match fitting(&part.title) >= 0.85 * wanted {
            true => (part.title.as_str(), fitting(&part.title)),
            false => (short, fitting(short)),
        };
        let size = least.max(natural.min(wanted)).max(0.6 * wanted);
        part.title_drawn = fit(brush.fonts, text, size, Weight::SemiBold, room);
        // Letters stand about a third of their size above and below the band's middle.
        let below = 0.36 * size / brush.camera.unit;
        let y = match plate.title_side {
            TitleSide::Bottom => plate.rect.bottom() - band + below,
            TitleSide::Top => plate.rect.y + band + below,
        };
        part.title_at = (brush.camera.lift(plate.rect.x + pad, y, height(plate.kind)), size);
    }
}

/// How much floor along the title's edge of each plate nothing else stands on.
fn bands(brush: &Brush<'_>, zoom: f64) -> Vec<f64> {
    let blueprint = brush.blueprint;
    let mut out: Vec<f64> = (blueprint.plates.iter())
        .map(|plate| match plate.kind {
            PlateKind::Account | PlateKind::Region => 1.5,
            PlateKind::Vpc => 1.2,
            _ => 0.9,
        })
        .collect();
    let mut narrow = |plate: Option<usize>, top: f64, bottom: f64| {
        let Some((at, plate)) = plate.and_then(|at| Some((at, blueprint.plates.get(at)?))) else { return };
        let gap = match plate.title_side {
            TitleSide::Bottom => plate.rect.bottom() - bottom,
            TitleSide::Top => top - plate.rect.y,
        };
        if gap > 0.2 && gap < out[at] {
            out[at] = gap;
        }
    };
    for plate in &blueprint.plates {
        narrow(plate.parent, plate.rect.y, plate.rect.bottom());
    }
    let mut hiding = vec![false; blueprint.plates.len()];
    for node in blueprint.nodes.iter().filter(|node| !node.on_border) {
        if let Some(at) = node.plate.filter(|_| super::nodes::too_small(brush, node.scale, zoom)) {
            if let Some(hides) = hiding.get_mut(at) {
                *hides = true;
            }
            continue;
        }
        let half = 0.66 * node.scale;
        narrow(node.plate, node.at.y - half, node.at.y + half);
    }
    // A stack whose members are too small to be drawn is all its title's.
    for (at, plate) in blueprint.plates.iter().enumerate().filter(|&(at, _)| hiding[at]) {
        out[at] = plate.rect.h;
    }
    out
}

/// A title without the address range at its end.
fn without_range(title: &str) -> &str {
    match title.rsplit_once(' ') {
        Some((name, range)) if range.contains('/') && range.starts_with(|c: char| c.is_ascii_hexdigit()) => {
            name
        }
        _ => title,
    }
}

/// The surfaces, outermost first.
pub(super) fn items(brush: &Brush<'_>, parts: &[PlatePart], gradients: &mut Vec<Gradient>) -> Vec<Item> {
    let mut out = Vec::with_capacity(parts.len());
    for (part, plate) in parts.iter().zip(&brush.blueprint.plates) {
        let mut items = Vec::new();
        let slab = depth(part.kind) > 0.0;
        if slab && brush.camera.isometric() {
            items.extend(slab_items(
                brush,
                part,
                gradients,
                !brush.style.transparent && part.parent.is_none(),
            ));
        }
        let outline = if brush.camera.isometric() {
            Outline::Polygon(part.outline.clone())
        } else {
            Outline::Rect(part.bounds, part.radius)
        };
        items.push(shape(outline, part.fill, Some(part.stroke)));
        let mark = Mark::Thing {
            role: "plate",
            id: plate.id,
            kind: plate.component.clone(),
            arn: part.arn.clone(),
            title: part.tooltip.clone(),
        };
        out.push(Item::Group(Group { mark, items }));
    }
    out
}

/// What makes a plate a slab: its shadow and its lip.
fn slab_items(brush: &Brush<'_>, part: &PlatePart, gradients: &mut Vec<Gradient>, shadow: bool) -> Vec<Item> {
    let unit = brush.camera.unit;
    let sunk = |z: f64| part.outline.iter().map(move |&(x, y)| (x, y + z * unit));
    let mut items = Vec::new();
    if shadow {
        let (dx, dy) = (0.5, -0.2);
        let (sx, sy) = (brush.camera.lift(dx, dy, -0.9), brush.camera.lift(0.0, 0.0, 0.0));
        let (sx, sy) = (sx.0 - sy.0, sx.1 - sy.1);
        items.push(Item::Shape(Shape {
            outline: Outline::Polygon(part.outline.iter().map(|&(x, y)| (x + sx, y + sy)).collect()),
            fill: Some(Fill::Flat(brush.palette.shadow)),
            fill_opacity: f64::from(brush.palette.shadow_strength) / 100.0 * 0.8,
            stroke: None,
            matrix: None,
        }));
    }
    let body = geom::hull(sunk(SLAB).chain(sunk(0.0)));
    let Some(extent) = geom::around(body.iter().copied()) else { return items };
    // The front corner divides the lip's left face from its right one.
    let front = part.outline.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
    let share = ((front.0 - extent.x) / extent.w * 1000.0).round() / 1000.0;
    let (left, right) = brush.palette.lip;
    gradients.push(Gradient {
        radial: false,
        stops: vec![((share - 0.01).max(0.0), left), ((share + 0.01).min(1.0), right)],
    });
    items.push(Item::Shape(Shape {
        outline: Outline::Polygon(body),
        fill: Some(Fill::Gradient(gradients.len() - 1)),
        fill_opacity: 1.0,
        stroke: None,
        matrix: None,
    }));
    if part.fill.is_none() {
        items.push(polygon(part.outline.clone(), Some(brush.palette.page), None));
    }
    items
}

/// The titles, each with a halo in its plate's colour: lines pass beneath them.
pub(super) fn titles(brush: &Brush<'_>, parts: &[PlatePart]) -> Vec<Item> {
    let mut out = Vec::new();
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.title_drawn.is_empty()) {
        let ((x, y), size) = part.title_at;
        let point = if brush.camera.isometric() { (0.0, 0.0) } else { (x, y) };
        let text = part.title_drawn.clone();
        let width = brush.width(&text, size, Weight::SemiBold);
        let mut line = words(point, text, size, Weight::SemiBold, part.title_color, Anchor::Start);
        line.halo = Some((brush.ground(Some(at)), width));
        if brush.camera.isometric() {
            line.matrix = Some(brush.camera.floor_matrix((x, y), 1.0));
        }
        out.push(Item::Text(line));
    }
    out
}
