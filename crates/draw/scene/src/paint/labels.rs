//! Names under resources: measured, cut in the middle, and placed so that none hides another, a solid
//! or a title, nor a line where that can be. Tried in order: below, a little aside, right, left, below
//! without the small line, and not at all. In a picture that shows much on few pixels names are set
//! larger and on two lines, without the small line, so that those which find room can be read; there a
//! whole name may take its neighbours' room, and a stump that tells nothing is left out.
//!
//! Names that found no place that way are looked at again once all others stand: see [`spare`].

use isobar_layout::Rect;

use super::names::Names;
use super::taken::Taken;
use super::{Brush, grown, nodes, shape, solid_line, spare, words};
use crate::font::Weight;
use crate::geom::Xy;
use crate::icon::{self, Solid};
use crate::scene::{Anchor, Group, Item, LabelPart, Mark, NodePart, Outline, PlatePart};

pub(super) const NAME: f64 = 13.0;
const DETAIL: f64 = 11.0;
/// Below this scale a name would be under ten pixels.
const READABLE: f64 = 0.77;
/// Names are enlarged to this many pixels where they would be smaller.
const LEAST_PIXELS: f64 = 8.8;
/// A name that finds no other room may be as small as this, which is what titles may be.
const TIGHT_PIXELS: f64 = super::plates::LEAST_TITLE;
/// Nor is any text smaller than this at natural size.
const TIGHT_NATURAL: f64 = 10.0;
/// Beyond, a name would be larger than what it names, and few would find room.
const MOST_LARGER: f64 = 3.0;

/// How much larger than natural names are set at so many pixels to a page unit.
pub(super) fn larger(zoom: f64) -> f64 {
    let wanted = LEAST_PIXELS / (NAME * zoom);
    if wanted <= 1.0 || wanted > MOST_LARGER { 1.0 } else { wanted }
}

/// Decides every label's lines and box, off what is taken, and takes these.
pub(super) fn place(
    brush: &Brush<'_>,
    parts: &mut [NodePart],
    names: &Names<'_>,
    titled: &[&PlatePart],
    taken: &mut Taken,
    larger: f64,
) {
    titled.iter().for_each(|plate| add_title(brush, plate, taken));
    let named = if brush.style.label { nodes::back_to_front(brush) } else { Vec::new() };
    for at in named {
        let tried = candidates(brush, at, &parts[at], names, larger);
        if let Some(label) = first_free(tried, at, taken, larger) {
            taken.take_for(label.bounds, at);
            parts[at].label = Some(LabelPart {
                names: label.names,
                lines: label.lines,
                bounds: label.bounds,
                scale: larger,
            });
        }
    }
}

/// The best label that hides nothing: off every line where that can be, but a name on a line beats a
/// stump of one, and none.
fn first_free(tried: Vec<Candidate>, at: usize, taken: &Taken, larger: f64) -> Option<Candidate> {
    // Enlarged names stand close; a gap keeps them apart.
    let gap = 1.0 + 1.5 * (larger - 1.0);
    let free =
        |bounds: &Rect| taken.free_for(&Rect { x: bounds.x - gap, w: bounds.w + 2.0 * gap, ..*bounds }, at);
    let clear = |label: &Candidate| {
        let foreign = label.aside && taken.under_another(&label.bounds, at);
        !label.stump && !foreign && free(&label.bounds) && taken.off_lines(&label.bounds)
    };
    let within = |label: &Candidate| !label.aside && clear(label) && taken.off_borders(&label.bounds);
    let found = tried.iter().position(|label| larger > 1.0 && within(label));
    let found = found.or_else(|| tried.iter().position(clear));
    let found = found.or_else(|| tried.iter().position(|label| !label.aside && free(&label.bounds)));
    tried.into_iter().nth(found?)
}

/// Looks once more for places for the names that found none, or were cut, when all else stands.
pub(super) fn place_left(
    brush: &Brush<'_>,
    parts: &mut [NodePart],
    names: &Names<'_>,
    taken: &mut Taken,
    larger: f64,
    zoom: f64,
) {
    // Names that are too small to be read anyway may be missing.
    if brush.style.label && NAME * larger * zoom >= TIGHT_PIXELS {
        let least = (TIGHT_PIXELS / (NAME * zoom)).max(TIGHT_NATURAL / NAME).min(larger);
        let mut left = nodes::back_to_front(brush);
        left.retain(|&at| parts[at].scale >= READABLE && parts[at].label.as_ref().is_none_or(spare::is_cut));
        spare::place(brush, &left, parts, names, taken, [larger, least]);
    }
}

/// A label that might be.
struct Candidate {
    lines: Vec<String>,
    /// So many of them are the name's.
    names: usize,
    bounds: Rect,
    /// It is not where labels are looked for, so it must be worth it.
    aside: bool,
    /// Little is left of the name.
    stump: bool,
}

/// A resource's labels, the best first.
fn candidates(
    brush: &Brush<'_>,
    at: usize,
    part: &NodePart,
    names: &Names<'_>,
    larger: f64,
) -> Vec<Candidate> {
    let node = &brush.blueprint.nodes[at];
    // A small member of a stack is named by its tooltip; a slightly smaller one loses the detail.
    if part.scale < READABLE {
        return Vec::new();
    }
    let isometric = brush.camera.isometric();
    // Enlarged names may use the gap between neighbours, which grows with them.
    let spare = if larger > 1.0 { 0.25 } else { 0.0 };
    let room = ((node.label_width + spare) * brush.camera.unit).max(44.0);
    let size = NAME * larger;
    let fit = |room: f64| names.fit(brush.fonts, &part.name, size, room);
    let name = fit(room);
    let detail = part.detail.as_deref().map(|d| brush.fitted(d, DETAIL, Weight::Regular, room));
    let detail = detail.filter(|d| !d.is_empty() && part.scale > 0.99 && larger <= 1.0);
    if name.is_empty() && detail.is_none() {
        return Vec::new();
    }
    let whole = |lines: &[String]| !lines.iter().any(|line| line.contains('…'));
    // Names that would be cut leave out what the plate around them says, or go on two lines where the
    // second is free.
    let wrapped = |room: f64| names.wrap(brush.fonts, &part.name, size, room);
    let cut = !whole(std::slice::from_ref(&name));
    let told = if cut { names.told(at, &part.name) } else { None };
    let told = told.filter(|told| brush.width(told, size, Weight::SemiBold) <= room);
    let single = name.clone();
    let name = match (cut, &detail) {
        (false, _) => vec![name],
        (true, Some(_)) => vec![told.clone().unwrap_or(name)],
        (true, None) => {
            let lines = wrapped(room);
            told.clone().filter(|_| !whole(&lines)).map_or(lines, |told| vec![told])
        }
    };
    let enough = whole(&name) || told.as_ref() == name.first();
    let both: Vec<String> = name.iter().cloned().chain(detail).collect();
    let detailed = both.len() > name.len();
    let below = below(brush, part, larger);
    let (middle, gap) = (part.bounds.center().y, 8.0);
    let set = |lines: &[String], at: Xy, anchor: Anchor, beside: bool| {
        let names = if detailed { name.len().min(lines.len()) } else { lines.len() };
        let bounds = bounds(brush, at, anchor, lines, names, beside, larger);
        Candidate { lines: lines.to_vec(), names, bounds, aside: beside, stump: false }
    };
    // In isometric, lines leave to the lower right and left: a little to the side they pass the name.
    let around = |lines: &[String]| {
        let middle = set(lines, below, Anchor::Middle, false);
        let step = if isometric { middle.bounds.w * 0.36 } else { 0.0 };
        let shifted = [-step, step].map(|by| set(lines, (below.0 + by, below.1), Anchor::Middle, false));
        std::iter::once(middle).chain(shifted.into_iter().filter(move |_| isometric))
    };
    let mut out = Vec::new();
    // Where there is little room a name of which little would be left is looked at again at the end.
    if larger > 1.0 && !enough && little_left(&name, &part.name) {
        return out;
    }
    let wide =
        if larger <= 1.0 && (cut || isometric && !whole(&both)) { Some(fit(room * 1.7)) } else { None };
    // In isometric, neighbours stand lower or higher on the page: wider names often find room.
    if let Some(wide) = wide.as_ref().filter(|_| isometric)
        && (told.is_none() || whole(std::slice::from_ref(wide)))
    {
        out.extend(around(std::slice::from_ref(wide)));
    }
    out.extend(around(&both));
    let mut beside = vec![both];
    // Beside it there may be more room than below.
    if let Some(wide) = wide.filter(|_| cut) {
        let detail = beside[0][name.len()..].iter().cloned();
        beside.insert(0, std::iter::once(wide).chain(detail).collect());
    }
    for lines in &beside {
        out.push(set(lines, (part.bounds.right() + gap, middle), Anchor::Start, true));
        out.push(set(lines, (part.bounds.x - gap, middle), Anchor::End, true));
    }
    if let Some(told) = told.filter(|told| name.first() != Some(told)) {
        out.extend(around(&[told]));
    }
    let single = vec![single];
    let stump = larger > 1.0 && !whole(&single);
    if !stump || !little_left(&single, &part.name) {
        out.push(Candidate { stump, ..set(&single, below, Anchor::Middle, false) });
    }
    out
}

/// The middle of the baseline of a name under its solid.
pub(super) fn below(brush: &Brush<'_>, part: &NodePart, larger: f64) -> Xy {
    let isometric = brush.camera.isometric();
    let (aside, down) = match icon::solid(&part.icon, part.family) {
        // Under the gate's near post, where the lines through it do not come.
        solid if solid.is_gate() && isometric => (-30.0, 15.0),
        Solid::Cloud if isometric => (0.0, 20.0),
        _ => (0.0, 16.5),
    };
    (part.bounds.center().x + aside, part.bounds.bottom() + down + ASCENT * (larger - 1.0))
}

/// Whether lines show so few of a name's letters that nobody would know it by them.
fn little_left(lines: &[String], name: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '…').count();
    let shown: usize = lines.iter().map(|line| letters(line)).sum();
    shown < 8 && shown * 5 < letters(name) * 3
}

/// What a container's title covers: small boxes along it, for in isometric it lies askew.
fn add_title(brush: &Brush<'_>, plate: &PlatePart, taken: &mut Taken) {
    let ((x, y), size) = plate.title_at;
    let along = if brush.camera.isometric() { (0.866, 0.5) } else { (1.0, 0.0) };
    let (length, half) = (brush.width(&plate.title_drawn, size, Weight::SemiBold), size * 0.4);
    let steps = (length / (2.0 * half).max(1.0)).ceil().clamp(0.0, 500.0) as usize;
    for step in 0..=steps {
        let way = length * step as f64 / steps.max(1) as f64;
        let middle = (x + along.0 * way, y + along.1 * way - half);
        taken.take(Rect::new(middle.0 - half, middle.1 - half, 2.0 * half, 2.0 * half));
    }
}

/// From the top of a name's box to its baseline.
pub(super) const ASCENT: f64 = 11.5;

/// What lines cover, the first `names` of them the name's.
pub(super) fn bounds(
    brush: &Brush<'_>,
    at: Xy,
    anchor: Anchor,
    lines: &[String],
    names: usize,
    beside: bool,
    larger: f64,
) -> Rect {
    let width = |(row, line): (usize, &String)| match row < names {
        true => brush.width(line, NAME * larger, Weight::SemiBold),
        false => brush.width(line, DETAIL, Weight::Regular),
    };
    let width = lines.iter().enumerate().map(width).fold(0.0, f64::max);
    let height = (1.0 + 14.0 * lines.len() as f64) * larger;
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
        let mut items = Vec::with_capacity(label.lines.len() + usize::from(node.on_border));
        if node.on_border {
            let k = label.scale;
            let card = grown(label.bounds, 5.0 * k);
            let card = Rect { y: card.y + 2.0 * k, h: card.h - 3.0 * k, ..card };
            let line = solid_line(brush.palette.card_line, 0.8 * k);
            items.push(shape(Outline::Rect(card, 6.0 * k), Some(part.ground), Some(line)));
        }
        let x = label.bounds.center().x;
        let top = label.bounds.y + ASCENT * label.scale;
        for (row, line) in label.lines.iter().enumerate() {
            let (size, weight, color) = match row < label.names {
                true => (NAME * label.scale, Weight::SemiBold, brush.palette.ink),
                false => (DETAIL, Weight::Regular, brush.palette.muted),
            };
            let at = (x, top + 14.0 * label.scale * row as f64);
            let mut text = words(at, line.clone(), size, weight, color, Anchor::Middle);
            text.halo = (!node.on_border).then(|| (part.ground, brush.width(line, size, weight)));
            items.push(Item::Text(text));
        }
        out.push(Item::Group(Group { mark: Mark::Label(part.id), items }));
    }
    out
}
