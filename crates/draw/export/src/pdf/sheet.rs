//! Which part of a drawing comes on which sheet, what links from one to another, and the bookmarks.

use std::collections::{BTreeMap, HashSet};

use isobar_layout::blueprint::End;
use isobar_layout::{PlateKind, Rect};
use isobar_scene::geom::Xy;
use isobar_scene::scene::{NodePart, PlatePart, Scene, Text};
use krilla::destination::XyzDestination;
use krilla::outline::{Outline, OutlineNode};
use uuid::Uuid;

use super::{Page, Pages, Placed};

/// Below this many points a page unit a name of 13 units is hard to read on paper.
const READABLE: f64 = 0.42;
/// Room around a part of the drawing, in page units.
const AROUND: f64 = 36.0;
/// No reader turns more pages than twice two, so many times, for one part; it gets smaller instead.
const HALVINGS: usize = 5;
/// Points a page unit beyond which a few resources would fill a sheet like a poster.
const LARGEST: f64 = 0.85;

/// One sheet.
pub(super) struct Sheet {
    /// What is above it; nothing on the sheet with everything.
    pub(super) title: Option<String>,
    /// The rectangle of the page that it shows.
    pub(super) view: Rect,
    /// How large it is where no paper is named, in pixels.
    pub(super) natural: (f32, f32),
    /// The ids of what it shows; everything where none.
    pub(super) parts: Option<HashSet<Uuid>>,
    /// The container whose part it is.
    plate: Option<usize>,
}

/// A title's place, comparable.
pub(super) type Place = (u64, u64);

impl Sheet {
    /// Where the titles of the shown containers begin.
    pub(super) fn titles(&self, scene: &Scene) -> HashSet<Place> {
        let shown = |plate: &&PlatePart| self.parts.as_ref().is_none_or(|parts| parts.contains(&plate.id));
        let titled = |plate: &&PlatePart| !matches!(plate.kind, PlateKind::Region | PlateKind::Account);
        let places = scene.plates.iter().filter(shown).filter(titled);
        places.map(|plate| key(plate.title_at.0)).collect()
    }
}

/// Where a title begins, as [`Sheet::titles`] has it.
pub(super) fn place_of(text: &Text) -> Place {
    key(text.matrix.map_or(text.at, |[.., e, f]| (e, f)))
}

fn key(at: Xy) -> Place {
    (at.0.to_bits(), at.1.to_bits())
}

/// The sheets of a drawing, the one with everything first.
pub(super) fn sheets(overview: &Scene, scene: &Scene, page: &Page) -> Vec<Sheet> {
    let natural = (overview.canvas.0 as f32, overview.canvas.1 as f32);
    let mut out = vec![Sheet { title: None, view: overview.page, natural, parts: None, plate: None }];
    if page.pages == Pages::One {
        return out;
    }
    let homes: Vec<Option<usize>> = (0..scene.plates.len()).map(|at| home(scene, Some(at))).collect();
    let mut members: BTreeMap<(u8, usize), Vec<usize>> = BTreeMap::new();
    // Networks first, in their order, then what stands beside them, region by region.
    let order = |home: Option<usize>| match home {
        Some(at) if scene.plates[at].kind == PlateKind::Vpc => (0, at),
        Some(at) => (1, at),
        None => (2, 0),
    };
    for (at, node) in scene.nodes.iter().enumerate() {
        let home = node.plate.and_then(|plate| homes.get(plate).copied().flatten());
        members.entry(order(home)).or_default().push(at);
    }
    for (at, plate) in scene.plates.iter().enumerate() {
        if plate.kind == PlateKind::Vpc {
            members.entry((0, at)).or_default();
        }
    }
    for ((rank, at), nodes) in members {
        let plate = (rank < 2).then_some(at);
        part(scene, page, plate, &homes, &nodes, &mut out);
    }
    out
}

/// The network, else the region or account, that a container belongs to.
fn home(scene: &Scene, mut plate: Option<usize>) -> Option<usize> {
    // Parents stand earlier in the list, so this ends.
    while let Some(at) = plate {
        let there = scene.plates.get(at)?;
        if matches!(there.kind, PlateKind::Vpc | PlateKind::Region | PlateKind::Account) {
            return Some(at);
        }
        plate = there.parent.filter(|&parent| parent < at);
    }
    None
}

/// The sheets of one part: one, or several where it would be too small on paper.
fn part(
    scene: &Scene,
    page: &Page,
    plate: Option<usize>,
    homes: &[Option<usize>],
    nodes: &[usize],
    out: &mut Vec<Sheet>,
) {
    let network = plate.is_some_and(|at| scene.plates[at].kind == PlateKind::Vpc);
    let inside = |at: &usize| plate.is_some() && homes[*at] == plate && (network || Some(*at) != plate);
    let plates: Vec<usize> = (0..scene.plates.len()).filter(inside).collect();
    let boxes = plates
        .iter()
        .map(|&at| scene.plates[at].bounds)
        .chain(nodes.iter().map(|&at| around(&scene.nodes[at])));
    let Some(all) = boxes.reduce(|a, b| a.union(&b)) else { return };
    let view = grown(all);
    let mut parts: HashSet<Uuid> = plates.iter().map(|&at| scene.plates[at].id).collect();
    parts.extend(nodes.iter().map(|&at| scene.nodes[at].id));
    let here = |end: &End| match end {
        End::Node(at) => scene.nodes.get(*at).is_some_and(|node| parts.contains(&node.id)),
        End::Plate(at) => scene.plates.get(*at).is_some_and(|plate| parts.contains(&plate.id)),
    };
    let edges = scene.edges.iter().filter(|edge| here(&edge.from) && here(&edge.to));
    let edges: Vec<Uuid> = edges.map(|edge| edge.id).collect();
    parts.extend(edges);
    let framed = |at: usize| plates.contains(&at);
    let outlines = scene.outlines.iter().filter(|part| part.plate.is_some_and(framed));
    parts.extend(outlines.map(|part| part.id));
    // The ground that services stand on.
    parts.extend(plate.filter(|_| !network).map(|at| scene.plates[at].id));
    let name = match plate {
        Some(at) if network => scene.plates[at].title.clone(),
        Some(at) => format!("{}: beside the networks", scene.plates[at].title),
        None => "Outside".to_owned(),
    };
    let tiles = tiles(scene, view, page, nodes);
    for (number, tile) in tiles.iter().enumerate() {
        let suffix =
            if tiles.len() > 1 { format!(" ({} of {})", number + 1, tiles.len()) } else { String::new() };
        let title = format!("{} · {name}{suffix}", scene.title);
        let natural = (tile.w as f32, tile.h as f32);
        let mut parts = parts.clone();
        // Who does not fit on this piece is whole on another.
        let cut = nodes.iter().map(|&at| &scene.nodes[at]).filter(|node| !tile.contains(&around(node), 0.0));
        cut.for_each(|node| {
            parts.remove(&node.id);
        });
        out.push(Sheet { title: Some(title), view: *tile, natural, parts: Some(parts), plate });
    }
}

/// A resource with its name.
fn around(node: &NodePart) -> Rect {
    node.label.as_ref().map_or(node.bounds, |label| node.bounds.union(&label.bounds))
}

/// A view divided so that each piece can be read on the paper and holds some resources whole; one where
/// it can be read as it is, or where the paper is the view's.
fn tiles(scene: &Scene, view: Rect, page: &Page, nodes: &[usize]) -> Vec<Rect> {
    if page.paper.is_none() {
        return vec![view];
    }
    let (w, h, margin) = page.measures((view.w as f32, view.h as f32));
    let room = (f64::from(w - 2.0 * margin), f64::from(h - 2.0 * margin - super::HEADER));
    let boxes: Vec<Rect> = nodes.iter().map(|&at| around(&scene.nodes[at])).collect();
    let mut pieces = Vec::new();
    divide(boxes, room, HALVINGS, &mut pieces);
    let mut tiles: Vec<Rect> = match pieces.as_slice() {
        // What is in one piece is shown with all of its container.
        [] | [_] => vec![view],
        pieces => pieces.iter().map(|piece| grown(*piece)).collect(),
    };
    for tile in &mut tiles {
        // As much around it as the paper has room for, at a scale that is neither tiny nor huge.
        let fit = (room.0 / tile.w).min(room.1 / tile.h).min(LARGEST);
        let (w, h) = (room.0 / fit, room.1 / fit);
        *tile = Rect::new(tile.center().x - w / 2.0, tile.center().y - h / 2.0, w, h);
    }
    tiles
}

/// Halves a set of boxes where few lie across, until each half fits.
fn divide(mut boxes: Vec<Rect>, room: (f64, f64), halvings: usize, out: &mut Vec<Rect>) {
    let Some(all) = boxes.iter().copied().reduce(|a, b| a.union(&b)) else { return };
    let needs = |view: Rect| ((view.w * READABLE / room.0), (view.h * READABLE / room.1));
    let (across, down) = needs(grown(all));
    if across.max(down) <= 1.0 || halvings == 0 || boxes.len() < 2 {
        out.push(all);
        return;
    }
    let wide = across >= down;
    let ends = |r: &Rect| if wide { (r.x, r.right()) } else { (r.y, r.bottom()) };
    let middle = |r: &Rect| (ends(r).0 + ends(r).1) / 2.0;
    boxes.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    // Near the middle, where the gap between what comes before and what comes after is widest.
    let count = boxes.len();
    let from = (count / 3).max(1);
    let mut reached = vec![f64::MIN; count + 1];
    boxes.iter().enumerate().for_each(|(at, r)| reached[at + 1] = reached[at].max(ends(r).1));
    let mut begun = vec![f64::MAX; count + 1];
    boxes.iter().enumerate().rev().for_each(|(at, r)| begun[at] = begun[at + 1].min(ends(r).0));
    let gap = |at: usize| begun[at] - reached[at];
    let best = (from..=(count - from)).max_by(|&a, &b| gap(a).total_cmp(&gap(b)).then(b.cmp(&a)));
    let rest = boxes.split_off(best.unwrap_or(count / 2).clamp(1, count - 1));
    divide(boxes, room, halvings - 1, out);
    divide(rest, room, halvings - 1, out);
}

fn grown(rect: Rect) -> Rect {
    Rect::new(rect.x - AROUND, rect.y - AROUND, rect.w + 2.0 * AROUND, rect.h + 2.0 * AROUND)
}

/// A quadrangle of the drawing that leads to another sheet.
pub(super) struct Link {
    pub(super) corners: [Xy; 4],
    /// The sheet it leads to.
    pub(super) sheet: usize,
    /// What it says to who cannot see it.
    pub(super) words: String,
}

/// The links of a sheet: from a network's title on the first one to its own, and back from there.
pub(super) fn links(scene: &Scene, sheets: &[Sheet], number: usize) -> Vec<Link> {
    let mut out = Vec::new();
    let Some(sheet) = sheets.get(number) else { return out };
    for (at, plate) in scene.plates.iter().enumerate() {
        let first = sheets.iter().position(|other| other.plate == Some(at));
        let target = match (number, first) {
            (0, Some(first)) => first,
            (0, None) => continue,
            _ if sheet.plate == Some(at) && plate.kind == PlateKind::Vpc => 0,
            _ => continue,
        };
        let words = if target == 0 { "All".to_owned() } else { plate.title.clone() };
        out.push(Link { corners: title_box(scene, plate), sheet: target, words });
    }
    out
}

/// The corners around a container's title.
fn title_box(scene: &Scene, plate: &PlatePart) -> [Xy; 4] {
    let ((x, y), size) = plate.title_at;
    let length = plate.title.chars().count() as f64 * size * 0.58;
    let isometric = scene.projection == isobar_layout::Projection::Isometric;
    let (along, down) = if isometric { ((0.866, 0.5), (-0.866, 0.5)) } else { ((1.0, 0.0), (0.0, 1.0)) };
    let at = |a: f64, d: f64| (x + along.0 * a + down.0 * d, y + along.1 * a + down.1 * d);
    [at(0.0, -size), at(length, -size), at(length, 0.35 * size), at(0.0, 0.35 * size)]
}

/// Bookmarks: accounts, their regions, the networks in them.
pub(super) fn bookmarks(scene: &Scene, sheets: &[Sheet], placed: &[Placed]) -> Outline {
    let mut outline = Outline::new();
    let marked =
        |at: usize| matches!(scene.plates[at].kind, PlateKind::Account | PlateKind::Region | PlateKind::Vpc);
    let above = |at: usize| {
        let mut up = scene.plates[at].parent;
        // Parents stand earlier in the list, so this ends.
        while let Some(parent) = up.filter(|&parent| parent < at && !marked(parent)) {
            up = scene.plates[parent].parent.filter(|&next| next < parent);
        }
        up
    };
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for at in (0..scene.plates.len()).filter(|&at| marked(at)) {
        children.entry(above(at)).or_default().push(at);
    }
    for &at in children.get(&None).into_iter().flatten() {
        outline.push_child(bookmark(scene, sheets, placed, &children, at));
    }
    outline
}

fn bookmark(
    scene: &Scene,
    sheets: &[Sheet],
    placed: &[Placed],
    children: &BTreeMap<Option<usize>, Vec<usize>>,
    at: usize,
) -> OutlineNode {
    let plate = &scene.plates[at];
    let network = plate.kind == PlateKind::Vpc;
    let own = sheets.iter().position(|sheet| network && sheet.plate == Some(at)).unwrap_or(0);
    let corner = (plate.bounds.x, plate.bounds.y);
    let point = placed.get(own).map_or(krilla::geom::Point::from_xy(0.0, 0.0), |placed| placed.point(corner));
    let title = if plate.title.is_empty() { plate.component.to_string() } else { plate.title.clone() };
    let mut node = OutlineNode::new(title, XyzDestination::new(own, point)).with_open(true);
    for &child in children.get(&Some(at)).into_iter().flatten() {
        node.push_child(bookmark(scene, sheets, placed, children, child));
    }
    node
}

#[cfg(test)]
mod tests {
    use isobar_layout::Projection;
    use isobar_scene::{PixelSize, Style, paint};

    use super::*;
    use crate::{PaperSize, orders};

    #[test]
    fn words_on_the_sheet_with_everything_are_large_enough() {
        let page = Page { paper: Some(PaperSize::A4), landscape: true, pages: Pages::Many };
        for projection in [Projection::Isometric, Projection::Flat] {
            let blueprint = orders::crowd(projection, 80);
            let natural = paint(&blueprint, &Style::default());
            let (w, h) = page.canvas(natural.canvas).unwrap();
            let (width, height) = (PixelSize::new(w).ok(), PixelSize::new(h).ok());
            let whole = paint(&blueprint, &Style { width, height, ..Style::default() });
            let least = |overview: &Scene| {
                let first = &sheets(overview, &natural, &page)[0];
                let points = f64::from(Placed::new(first, &page).unwrap().map.sx());
                let labels = overview.nodes.iter().filter_map(|node| node.label.as_ref());
                labels.map(|label| 13.0 * label.scale * points).fold(f64::MAX, f64::min)
            };
            assert!(least(&whole) > 3.9, "{} points", least(&whole));
            assert!(least(&natural) < 3.9, "{} points: the drawing is too small to tell", least(&natural));
            let (all, same) = (sheets(&whole, &natural, &page), sheets(&natural, &natural, &page));
            assert!(all.len() > 1 && all.len() == same.len());
            assert_eq!(all[0].view, whole.page);
            assert!(all[1..].iter().zip(&same[1..]).all(|(one, other)| one.view == other.view));
        }
    }
}
