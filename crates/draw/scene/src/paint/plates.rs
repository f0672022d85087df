//! Containers: flat tints with a border, the region a slab; their titles lie on the floor along
//! the side that faces the reader.

use std::collections::BTreeSet;

use isobar_layout::{Plate, PlateKind, Rect, TitleSide};

use super::taken::Taken;
use super::titles::{off_lines, runs};
use super::{Brush, polygon, shape, words};
use crate::font::Weight;
use crate::geom::{self, Xy, rounded};
use crate::scene::{Anchor, Fill, Gradient, Group, Item, Mark, Outline, PlatePart, Shape, Stroke};
use crate::text::{clean, fit};

/// The thickness of a slab, in floor units.
const SLAB: f64 = 0.34;

/// Between a title and the edge of its band, in floor units.
const EDGE: f64 = 0.12;

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
            tooltip: tooltip.into(),
            arn: plate.resource.as_ref().map(|id| id.shared()),
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
    let runs = runs(brush.blueprint);
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
        // In a region of an account, and in the account, borders and lines are near at both sides.
        let share = if plate.parent.is_some() && depth(plate.kind) > 0.0 || plate.kind == PlateKind::Account {
            0.75
        } else {
            0.95
        };
        let wanted = (natural * larger.min(most)).min((free * share * brush.camera.unit).max(0.6 * natural));
        let fitting = |text: &str| (room / brush.width(text, 1.0, Weight::SemiBold).max(1e-3)).min(wanted);
        // Large and without the address range beats small with it; both are in the tooltip.
        let short = without_range(&part.title);
        let (text, least) = match fitting(&part.title) >= 0.85 * wanted {
            true => (part.title.as_str(), fitting(&part.title)),
            false => (short, fitting(short)),
        };
        let size = least.max(natural.min(wanted)).max(0.6 * wanted);
        part.title_drawn = fit(brush.fonts, text, size, Weight::SemiBold, room);
        let left = plate.rect.x + pad;
        let at = |size: f64| {
            // Letters stand about a third of their size above and below the band's middle.
            let below = 0.36 * size / brush.camera.unit;
            match plate.title_side {
                TitleSide::Bottom => plate.rect.bottom() - band + below,
                TitleSide::Top => plate.rect.y + band + below,
            }
        };
        // A little smaller off all lines beats larger on one.
        let lined = depth(plate.kind) > 0.0 || plate.kind == PlateKind::Vpc;
        let sizes = if lined { [1.0, 0.85, 0.72].as_slice() } else { &[] };
        let in_band = band_of(plate, free);
        let near = runs.iter().filter(|run| run.overlaps(&in_band, 0.0)).copied();
        let near: Vec<Rect> = if lined { near.collect() } else { Vec::new() };
        let off_lines = |size: f64| {
            let (width, high) = (brush.width(&part.title_drawn, size, Weight::SemiBold), 0.72 * size);
            let (width, high) = (width / brush.camera.unit, high / brush.camera.unit);
            let wanted = Rect::new(left, at(size) - high, width, high);
            let moved = off_lines(&near, wanted, in_band)?;
            Some(((left + moved.0, at(size) + moved.1), size))
        };
        let found = sizes.iter().find_map(|part| off_lines(size * part));
        let ((x, y), size) = found.unwrap_or(((left, at(size)), size));
        part.title_at = (brush.camera.lift(x, y, height(plate.kind)), size);
    }
}

/// Where a title may lie in its band.
fn band_of(plate: &Plate, free: f64) -> Rect {
    let band = Rect { h: free - 2.0 * EDGE, ..plate.rect };
    match plate.title_side {
        TitleSide::Bottom => Rect { y: plate.rect.bottom() - EDGE - band.h, ..band },
        TitleSide::Top => Rect { y: plate.rect.y + EDGE, ..band },
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
pub(super) fn without_range(title: &str) -> &str {
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

/// The titles without a card, each with a halo in its plate's colour: lines pass beneath them.
pub(super) fn titles(brush: &Brush<'_>, parts: &[PlatePart], cards: &Cards) -> Vec<Item> {
    let mut out = Vec::new();
    let titled = |at: usize, part: &PlatePart| !part.title_drawn.is_empty() && !cards.plates.contains(&at);
    for (at, part) in parts.iter().enumerate().filter(|(at, part)| titled(*at, part)) {
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

/// Titles that stand upright on small cards.
#[derive(Default)]
pub(super) struct Cards {
    pub(super) items: Vec<Item>,
    plates: BTreeSet<usize>,
}

/// A title of fewer pixels than this is given a card.
pub(super) const LEAST_TITLE: f64 = 8.0;
/// Letters on a card, in pixels.
const CARD: f64 = 9.5;

/// Where some are given cards, so are titles of fewer than this: they would be less seen than those.
const LEAST_AMONG_CARDS: f64 = 12.0;

/// The containers that should be told from others and whose titles would be too small to read.
pub(super) fn carded(parts: &[PlatePart], zoom: f64) -> BTreeSet<usize> {
    let named =
        |part: &PlatePart| matches!(part.kind, PlateKind::Account | PlateKind::Region | PlateKind::Vpc);
    let under = |least: f64| {
        let all = parts.iter().enumerate();
        all.filter(move |(_, part)| named(part) && part.title_at.1 * zoom < least).map(|(at, _)| at)
    };
    if under(LEAST_TITLE).next().is_none() { BTreeSet::new() } else { under(LEAST_AMONG_CARDS).collect() }
}

/// Cards for accounts, regions and networks whose titles would be too small to read: a picture of
/// thousands on one screen still tells them apart. A card touches its plate and covers no solid.
pub(super) fn cards(
    brush: &Brush<'_>,
    parts: &[PlatePart],
    carded: &BTreeSet<usize>,
    taken: &mut Taken,
    zoom: f64,
) -> Cards {
    let mut out = Cards::default();
    for &at in carded {
        let (Some(part), Some(plate)) = (parts.get(at), brush.blueprint.plates.get(at)) else { continue };
        // What is around others is told first.
        let larger = match part.kind {
            PlateKind::Account => 1.3,
            PlateKind::Region => 1.1,
            _ => 1.0,
        };
        let size = CARD * larger / zoom;
        // A name longer than its plate would seem to be a neighbour's.
        let room = (0.8 * plate.rect.w * brush.camera.unit).min(30.0 * size);
        let text = brush.fitted(without_range(&part.title), size, Weight::SemiBold, room);
        if text.chars().count() < 3 {
            continue;
        }
        let (w, h) = (brush.width(&text, size, Weight::SemiBold) + 0.9 * size, 1.35 * size);
        // On a neighbour's ground a card would seem to be the neighbour's.
        let slab = depth(part.kind) > 0.0;
        let others: Vec<&PlatePart> =
            parts.iter().filter(|other| slab && other.parent == part.parent && other.id != part.id).collect();
        let foreign = |card: &Rect| {
            others.iter().any(|one| one.bounds.overlaps(card, 0.0) && geom::touches(&one.outline, card))
        };
        let mut places = beside(brush, part, plate, (w, h));
        places.retain(|card| taken.seen(&super::grown(*card, 0.4 * size)) && taken.free(card, false));
        let found = places.iter().position(|card| !foreign(card)).or(Some(0));
        let Some(&card) = found.and_then(|at| places.get(at)) else { continue };
        taken.take(card);
        let line = Stroke { dash: None, width: 0.8 / zoom, ..part.stroke };
        let fill = part.fill.unwrap_or(brush.palette.card);
        let middle = (card.center().x, card.y + 1.03 * size);
        out.items.push(Item::Group(Group {
            mark: Mark::Label(plate.id),
            items: vec![
                shape(Outline::Rect(card, 0.3 * size), Some(fill), Some(line)),
                Item::Text(words(middle, text, size, Weight::SemiBold, part.title_color, Anchor::Middle)),
            ],
        }));
        out.plates.insert(at);
    }
    out
}

/// Where a plate's card may lie, the best first: on the edge that bears the title.
fn beside(brush: &Brush<'_>, part: &PlatePart, plate: &Plate, (w, h): Xy) -> Vec<Rect> {
    let r = plate.rect;
    if !brush.camera.isometric() {
        let b = part.bounds;
        // Lower down where the card of what is around it lies, and last on the lower edge.
        let (top, bottom) = ([-0.5, 0.15, -1.0, 1.3], [-0.5, -1.15]);
        let rows =
            top.map(|share| b.y + share * h).into_iter().chain(bottom.map(|share| b.bottom() + share * h));
        let columns = [b.x + 0.4 * h, b.center().x - w / 2.0, b.right() - w - 0.4 * h];
        return rows.flat_map(|y| columns.map(|x| Rect::new(x, y, w, h))).collect();
    }
    // Along the front-left edge from the left corner to the front one, then along the others.
    let corner = |x: f64, y: f64| brush.camera.lift(x, y, height(plate.kind));
    let (left, front) = (corner(r.x, r.bottom()), corner(r.right(), r.bottom()));
    let (back, right) = (corner(r.x, r.y), corner(r.right(), r.y));
    let along = |a: Xy, b: Xy, t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    let centered = |(x, y): Xy| Rect::new(x - w / 2.0, y - h / 2.0, w, h);
    // On the edge, or just inside of it where the title would lie.
    let near = |at: Xy| {
        [at, (at.0 + 0.4 * w, at.1 - 0.4 * h), (at.0, at.1 - h), (at.0, at.1 + 0.7 * h)].map(centered)
    };
    let steps =
        |from: Xy, to: Xy| (0..=10).flat_map(move |step| near(along(from, to, f64::from(step) / 10.0)));
    let mut out: Vec<Rect> = steps(left, front)
        .chain(steps(left, back))
        .chain(steps(back, right))
        .chain(steps(right, front))
        .collect();
    // A slab's card hangs from its lip rather than over what stands at its edge.
    if depth(plate.kind) > 0.0 {
        let drop = depth(plate.kind) * brush.camera.unit + 0.5 * h;
        out.insert(0, Rect { y: out[0].y + drop, x: out[0].x - 0.4 * w, ..out[0] });
    }
    out
}

#[cfg(test)]
mod tests {
    use isobar_graph::Family;
    use isobar_layout::Projection;

    use super::*;
    use crate::paint::tests::orders;
    use crate::style::{PixelSize, Style};

    #[test]
    fn small_pictures_of_accounts_tell_them_all_on_cards_of_their_own() {
        for projection in [Projection::Isometric, Projection::Flat] {
            let mut estate = orders::Estate::new(projection);
            for (n, x, end) in [(1, 0.0, 14.0), (2, 16.0, 70.0), (3, 72.0, 100.0)] {
                let account = estate.plate(PlateKind::Account, None, (x, 0.0, end, 40.0), &format!("Nr {n}"));
                let area = (x + 1.5, 1.5, end - 1.5, 38.5);
                let region = estate.plate(PlateKind::Region, Some(account), area, "eu-west-1");
                let area = (x + 3.0, 3.0, end - 3.0, 30.0);
                let vpc = estate.plate(PlateKind::Vpc, Some(region), area, "shop");
                estate.node("ec2", Family::Compute, Some(vpc), (x + 6.0, 9.0), "web", "");
            }
            let (width, height) = (PixelSize::new(800).ok(), PixelSize::new(530).ok());
            let scene = crate::paint(&estate.blueprint, &Style { width, height, ..Style::default() });
            let groups = scene.items.iter().filter_map(|item| match item {
                Item::Group(layer) if layer.mark == Mark::Layer("badges") => Some(&layer.items),
                _ => None,
            });
            let groups: Vec<&Item> = groups.flatten().collect();
            let card = |id| {
                groups.iter().find_map(|item| match item {
                    Item::Group(Group { mark: Mark::Label(of), items }) if *of == id => match &items[..] {
                        [Item::Shape(Shape { outline: Outline::Rect(card, _), .. }), Item::Text(text)] => {
                            Some((*card, text.size * scene.zoom()))
                        }
                        _ => None,
                    },
                    _ => None,
                })
            };
            for plate in &scene.plates {
                let what = format!("{} of {:?}", plate.title, plate.parent);
                let Some((card, size)) = card(plate.id) else { panic!("{what} has no card") };
                let least = if plate.kind == PlateKind::Account { 1.25 * CARD } else { 0.95 * CARD };
                assert!(size > least, "{what}: {size} pixels");
                assert!(scene.page.contains(&super::super::grown(card, 2.0), 0.0), "{what} at the edge");
                let accounts = scene.plates.iter().filter(|other| other.kind == PlateKind::Account);
                for other in accounts.filter(|other| plate.parent.is_none() && other.id != plate.id) {
                    assert!(!geom::touches(&other.outline, &card), "{what} on {}", other.title);
                }
            }
        }
    }
}
