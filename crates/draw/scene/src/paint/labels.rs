//! Names under resources: measured, cut in the middle, and placed so that none hides another or a
//! solid. Tried in order: below, right, left, below without the small line, and not at all. In a
//! picture that shows much on few pixels names are set larger, without the small line, so that those
//! which find room can be read.

use std::collections::HashMap;

use isobar_layout::Rect;

use super::edges::Word;
use super::{Brush, grown, nodes, shape, solid_line, words};
use crate::font::Weight;
use crate::geom::{self, Xy};
use crate::icon::{self, Solid};
use crate::scene::{Anchor, EdgePart, Group, Item, LabelPart, Mark, NodePart, Outline, PlatePart};

const NAME: f64 = 13.0;
const DETAIL: f64 = 11.0;
/// Below this scale a name would be under ten pixels.
const READABLE: f64 = 0.77;
/// Names are enlarged to this many pixels where they would be smaller.
const LEAST_PIXELS: f64 = 9.2;
/// Beyond, a name would be larger than what it names, and few would find room.
const MOST_LARGER: f64 = 3.0;

/// How much larger than natural names are set at so many pixels to a page unit.
pub(super) fn larger(zoom: f64) -> f64 {
    let wanted = LEAST_PIXELS / (NAME * zoom);
    if wanted <= 1.0 || wanted > MOST_LARGER { 1.0 } else { wanted }
}

/// Boxes by the squares they touch.
#[derive(Default)]
struct Crowd {
    squares: HashMap<(i32, i32), Vec<(Rect, usize)>>,
}

const SQUARE: f64 = 96.0;

impl Crowd {
    fn squares_of(rect: &Rect) -> impl Iterator<Item = (i32, i32)> + use<> {
        let index = |v: f64| (v / SQUARE).floor() as i32;
        let (x0, x1) = (index(rect.x), index(rect.right()));
        let (y0, y1) = (index(rect.y), index(rect.bottom()));
        (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
    }
    fn add(&mut self, rect: Rect, owner: usize) {
        for square in Self::squares_of(&rect) {
            self.squares.entry(square).or_default().push((rect, owner));
        }
    }
    fn hits(&self, rect: &Rect, except: usize) -> bool {
        Self::squares_of(rect).any(|square| {
            self.squares.get(&square).is_some_and(|there| {
                there.iter().any(|(other, owner)| *owner != except && other.overlaps(rect, 0.5))
            })
        })
    }
}

const NOBODY: usize = usize::MAX;

/// Decides every label's lines and box.
pub(super) fn place(
    brush: &Brush<'_>,
    parts: &mut [NodePart],
    edges: &[EdgePart],
    words: &[Word],
    plates: &[PlatePart],
    larger: f64,
) {
    if !brush.style.label {
        return;
    }
    let mut crowd = Crowd::default();
    for (at, part) in parts.iter().enumerate() {
        crowd.add(part.bounds, at);
    }
    for word in words {
        crowd.add(word.bounds, NOBODY);
    }
    if larger > 1.0 {
        plates.iter().for_each(|plate| add_title(brush, plate, &mut crowd));
    }
    let mut lines = Crowd::default();
    for edge in edges {
        for pair in edge.points.windows(2) {
            let steps = (geom::distance(pair[0], pair[1]) / 14.0).ceil().max(1.0);
            for step in 0..=steps as usize {
                let t = step as f64 / steps;
                let at = (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t);
                lines.add(Rect::new(at.0 - 3.0, at.1 - 3.0, 6.0, 6.0), NOBODY);
            }
        }
    }
    for at in nodes::back_to_front(brush) {
        let part = &parts[at];
        let node = &brush.blueprint.nodes[at];
        let room = (node.label_width * brush.camera.unit).max(44.0);
        let name = brush.fitted(&part.name, NAME * larger, Weight::SemiBold, room);
        let detail = part.detail.as_deref().map(|d| brush.fitted(d, DETAIL, Weight::Regular, room));
        let detail = detail.filter(|d| !d.is_empty());
        if name.is_empty() && detail.is_none() {
            continue;
        }
        // A small member of a stack is named by its tooltip; a slightly smaller one loses the detail.
        if part.scale < READABLE {
            continue;
        }
        let detail = detail.filter(|_| part.scale > 0.99 && larger <= 1.0);
        let both: Vec<String> = std::iter::once(name.clone()).chain(detail).collect();
        let solid = icon::solid(&part.icon, part.family);
        let (aside, down) = match solid {
            // Under the gate's near post, where the lines through it do not come.
            Solid::Gate if brush.camera.isometric() => (-30.0, 15.0),
            Solid::Cloud if brush.camera.isometric() => (0.0, 20.0),
            _ => (0.0, 16.5),
        };
        let down = down + ASCENT * (larger - 1.0);
        let below = (part.bounds.center().x + aside, part.bounds.bottom() + down);
        let middle = part.bounds.center().y;
        let gap = 8.0;
        // In isometric, neighbours stand lower or higher on the page: wider names often find room.
        let wide = (larger > 1.0 && brush.camera.isometric())
            .then(|| vec![brush.fitted(&part.name, NAME * larger, Weight::SemiBold, room * 1.7)]);
        let tried = [
            (below, Anchor::Middle, &both, false),
            ((part.bounds.right() + gap, middle), Anchor::Start, &both, true),
            ((part.bounds.x - gap, middle), Anchor::End, &both, true),
        ];
        let single = match larger > 1.0 {
            true => vec![brush.fitted(&name, NAME * larger, Weight::SemiBold, room * 0.75)],
            false => vec![name],
        };
        let wide = wide.iter().map(|wide| (below, Anchor::Middle, wide, false));
        let tried = wide.chain(tried).chain([(below, Anchor::Middle, &single, false)]);
        let mut found = None;
        for (anchor_at, anchor, lines_of_text, beside) in tried {
            let bounds = bounds(brush, anchor_at, anchor, lines_of_text, beside, larger);
            // Enlarged names stand close; a gap keeps them apart.
            let gap = 3.0 * (larger - 1.0);
            let spaced = Rect { x: bounds.x - gap, w: bounds.w + 2.0 * gap, ..bounds };
            let taken = crowd.hits(&spaced, at) || (beside && lines.hits(&bounds, NOBODY - 1));
            if !taken {
                found = Some((bounds, lines_of_text.clone()));
                break;
            }
        }
        if let Some((bounds, text)) = found {
            crowd.add(bounds, at);
            parts[at].label = Some(LabelPart { lines: text, bounds, scale: larger });
        }
    }
}

/// What a container's title covers: small boxes along it, for in isometric it lies askew.
fn add_title(brush: &Brush<'_>, plate: &PlatePart, crowd: &mut Crowd) {
    let ((x, y), size) = plate.title_at;
    let along = if brush.camera.isometric() { (0.866, 0.5) } else { (1.0, 0.0) };
    let (length, half) = (brush.width(&plate.title, size, Weight::SemiBold), size * 0.4);
    let steps = (length / (2.0 * half).max(1.0)).ceil().clamp(0.0, 500.0) as usize;
    for step in 0..=steps {
        let way = length * step as f64 / steps.max(1) as f64;
        let middle = (x + along.0 * way, y + along.1 * way - half);
        crowd.add(Rect::new(middle.0 - half, middle.1 - half, 2.0 * half, 2.0 * half), NOBODY);
    }
}

/// From the top of a name's box to its baseline.
const ASCENT: f64 = 11.5;

fn bounds(brush: &Brush<'_>, at: Xy, anchor: Anchor, lines: &[String], beside: bool, larger: f64) -> Rect {
    let width = lines
        .iter()
        .enumerate()
        .map(|(row, line)| match row {
            0 => brush.width(line, NAME * larger, Weight::SemiBold),
            _ => brush.width(line, DETAIL, Weight::Regular),
        })
        .fold(0.0, f64::max);
    let height = if lines.len() > 1 { 29.0 } else { 15.0 * larger };
    let x = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - width / 2.0,
        Anchor::End => at.0 - width,
    };
    let y = if beside { at.1 - height / 2.0 } else { at.1 - ASCENT * larger };
    Rect::new(x, y, width, height)
}

/// The labels, each with a halo in the colour beneath it or, on a border, on a small card.
pub(super) fn items(brush: &Brush<'_>, parts: &[NodePart]) -> Vec<Item> {
    let mut out = Vec::new();
    for at in nodes::back_to_front(brush) {
        let (part, node) = (&parts[at], &brush.blueprint.nodes[at]);
        let Some(label) = &part.label else { continue };
        let mut items = Vec::new();
        let mut under = brush.ground(node.plate);
        if node.on_border {
            under = brush.palette.card;
            let card = grown(label.bounds, 5.0);
            let card = Rect { y: card.y + 2.0, h: card.h - 3.0, ..card };
            items.push(shape(
                Outline::Rect(card, 6.0),
                Some(under),
                Some(solid_line(brush.palette.card_line, 0.8)),
            ));
        }
        let x = label.bounds.center().x;
        let top = label.bounds.y + ASCENT * label.scale;
        for (row, line) in label.lines.iter().enumerate() {
            let (size, weight, color) = match row {
                0 => (NAME * label.scale, Weight::SemiBold, brush.palette.ink),
                _ => (DETAIL, Weight::Regular, brush.palette.muted),
            };
            let at = (x, top + 14.0 * row as f64);
            let mut text = words(at, line.clone(), size, weight, color, Anchor::Middle);
            text.halo = (!node.on_border).then(|| (under, brush.width(line, size, weight)));
            items.push(Item::Text(text));
        }
        out.push(Item::Group(Group { mark: Mark::Label(part.id), items }));
    }
    out
}
