//! Lines: trimmed at their ends so that no arrowhead is hidden by a solid or lies on a label,
//! bends rounded on the floor, an arrowhead that is itself a floor shape, and the words beside
//! them: counts of parallel relations, short labels.

use isobar_graph::Flow;
use isobar_layout::Rect;
use isobar_layout::blueprint::{Edge, End};
use uuid::Uuid;

use super::taken::Taken;
use super::{Brush, grown, polygon, shape, solid_line};
use crate::color::Color;
use crate::font::Weight;
use crate::geom::{self, Xy, distance};
use crate::icon;
use crate::scene::{Anchor, EdgePart, Group, Item, Mark, Outline, Stroke};
use crate::text::clean;

/// An arrowhead's length and half its width, in floor units.
const HEAD: (f64, f64) = (0.36, 0.17);
/// The radius of bends.
const BEND: f64 = 0.35;

/// How a flow is dashed, and whether its dashes are round. Dashes grow with the line, or a thick one
/// would swallow its gaps.
pub(crate) fn dash(flow: Flow, larger: f64) -> (Option<&'static str>, bool) {
    let sizes = match flow {
        Flow::Request | Flow::Data => return (None, false),
        Flow::Event => ["7 5", "10 7", "14 10", "21 15", "28 20"],
        Flow::Egress => ["2 5", "3 8", "4 10", "6 15", "8 20"],
        Flow::Trust => ["1 4", "1.5 6", "2 8", "3 12", "4 16"],
    };
    let step = [1.25, 1.75, 2.5, 3.5].iter().filter(|&&least| larger >= least).count();
    (Some(sizes[step]), flow != Flow::Event)
}

/// More lines than this and they are a crowd: drawn lighter, so that they do not become one mass.
const CROWD: usize = 80;

/// A flow's colour among so many lines.
pub(super) fn color(brush: &Brush<'_>, flow: Flow) -> Color {
    let own = brush.palette.flow(flow);
    let crowded = brush.blueprint.edges.len() > CROWD;
    if crowded && flow == Flow::Request { own.mix(brush.palette.page, 0.25) } else { own }
}

/// The lines as objects, `thicker` than natural in an overview; labels are `larger` there.
pub(super) fn parts(brush: &Brush<'_>, thicker: f64, larger: f64) -> Vec<EdgePart> {
    let crowded = brush.blueprint.edges.len() > CROWD;
    let mut out = Vec::with_capacity(brush.blueprint.edges.len());
    for edge in &brush.blueprint.edges {
        let Some(floor) = trimmed(brush, edge, larger) else { continue };
        let (dash, round) = dash(edge.flow, thicker);
        // A line for many relations is a little stronger, without shouting.
        let more = (edge.count.max(1) as f64).log2().min(4.0) * if crowded { 0.15 } else { 0.3 };
        let width = (2.2 + more) * thicker * if crowded { 0.85 } else { 1.0 };
        out.push(EdgePart {
            id: edge.id,
            from: edge.from,
            to: edge.to,
            flow: edge.flow,
            points: floor.iter().map(|&(x, y)| brush.camera.lift(x, y, 0.0)).collect(),
            count: edge.count,
            label: edge.label.as_deref().map(clean).filter(|label| !label.is_empty()),
            label_at: edge.label_at.map(|at| brush.camera.lift(at.x, at.y, 0.0)),
            stroke: Stroke { color: color(brush, edge.flow), width, opacity: 1.0, dash, round },
        });
    }
    out
}

/// An edge's corners on the floor, both ends drawn back to where the eye can see them.
fn trimmed(brush: &Brush<'_>, edge: &Edge, larger: f64) -> Option<Vec<Xy>> {
    let line: Vec<Xy> = edge.points.iter().map(|point| (point.x, point.y)).collect();
    let line = geom::simplify(&line);
    if line.len() < 2 || line.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
        return None;
    }
    let mut line = leave(&line, &around(brush, edge.from, 0.04, larger));
    line.reverse();
    let mut line = leave(&line, &around(brush, edge.to, 0.12, larger));
    line.reverse();
    (line.len() >= 2).then_some(line)
}

/// What a line's end must keep out of: the footprint, on the far sides also what the solid hides,
/// in 2d also the label below.
fn around(brush: &Brush<'_>, end: End, gap: f64, larger: f64) -> Rect {
    let node = match end {
        End::Node(at) => brush.blueprint.nodes.get(at),
        End::Plate(at) => {
            let rect = brush.blueprint.plates.get(at).map(|plate| plate.rect).unwrap_or_default();
            return grown(rect, gap - 0.04);
        }
    };
    let Some(node) = node else { return Rect::default() };
    let solid = icon::solid(&node.icon, node.family);
    let (x, y, k) = (node.at.x, node.at.y, node.scale);
    if !brush.camera.isometric() {
        let half = 0.66 * k + gap;
        let below = if brush.style.label && k > 0.76 { half + 0.74 * larger.min(1.8) } else { half };
        return Rect::new(x - half, y - half, 2.0 * half, half + below);
    }
    let (rx, ry) = solid.reach();
    if solid.is_gate() {
        // One looks through the gate; its lintel hides more on the far side.
        return Rect::new(x - 1.1 - gap, y - 1.0, 1.1 + gap + 0.3 + gap, 2.0);
    }
    let (rx, ry) = (rx * k, ry * k);
    let hidden = solid.height().min(0.66) * k;
    Rect::new(
        x - rx - gap - hidden,
        y - ry - gap - hidden,
        2.0 * (rx + gap) + hidden,
        2.0 * (ry + gap) + hidden,
    )
}

/// The line from where it last leaves the rectangle around its beginning. A line that never
/// leaves stays as it is: a visible line over a solid beats a missing one.
fn leave(line: &[Xy], rect: &Rect) -> Vec<Xy> {
    let inside = |&(x, y): &Xy| x > rect.x && x < rect.right() && y > rect.y && y < rect.bottom();
    if !inside(&line[0]) {
        return line.to_vec();
    }
    let Some(out) = line.iter().position(|point| !inside(point)) else { return line.to_vec() };
    let (a, b) = (line[out - 1], line[out]);
    let mut t: f64 = 1.0;
    for (from, to, low, high) in [(a.0, b.0, rect.x, rect.right()), (a.1, b.1, rect.y, rect.bottom())] {
        let border = if to > from { high } else { low };
        if (to - from).abs() > 1e-9 {
            t = t.min(((border - from) / (to - from)).clamp(0.0, 1.0));
        }
    }
    let exit = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    if distance(exit, b) < 1e-6 && out + 1 == line.len() {
        return vec![a, b];
    }
    std::iter::once(exit).chain(line[out..].iter().copied()).collect()
}

/// The lines with their arrowheads, `larger` than natural in an overview.
pub(super) fn items(brush: &Brush<'_>, parts: &[EdgePart], larger: f64) -> Vec<Item> {
    let mut out = Vec::with_capacity(parts.len());
    let unlift = |(x, y): Xy| -> Xy {
        let unit = brush.camera.unit;
        if brush.camera.isometric() {
            let (u, v) = (x / (geom::COS30 * unit), y / (0.5 * unit));
            ((u + v) / 2.0, (v - u) / 2.0)
        } else {
            (x / unit, y / unit)
        }
    };
    for part in parts {
        let mut floor: Vec<Xy> = part.points.iter().map(|&point| unlift(point)).collect();
        let [.., before, tip] = floor[..] else { continue };
        let length = distance(before, tip).max(1e-9);
        let (ux, uy) = ((tip.0 - before.0) / length, (tip.1 - before.1) / length);
        let (long, wide) = (HEAD.0 * larger.min(1.5), HEAD.1 * larger.min(1.5));
        let last = floor.len() - 1;
        let back = (long * 0.8).min(length * 0.9);
        floor[last] = (tip.0 - ux * back, tip.1 - uy * back);
        let lift = |(x, y): Xy| brush.camera.lift(x, y, 0.0);
        let line: Vec<Xy> = geom::fillet(&floor, BEND).into_iter().map(lift).collect();
        let head = [
            tip,
            (tip.0 - ux * long - uy * wide, tip.1 - uy * long + ux * wide),
            (tip.0 - ux * long * 0.75, tip.1 - uy * long * 0.75),
            (tip.0 - ux * long + uy * wide, tip.1 - uy * long - ux * wide),
        ];
        let mut title = part.flow.to_string();
        if let Some(label) = &part.label {
            title = format!("{title}\n{label}");
        }
        if part.count > 1 {
            title = format!("{title}\n{} relations", part.count);
        }
        let mark = Mark::Thing {
            role: "edge",
            id: part.id,
            kind: part.flow.as_str().into(),
            arn: None,
            title: title.into(),
        };
        let items = vec![
            shape(Outline::Line(line), None, Some(part.stroke)),
            polygon(head.into_iter().map(lift).collect(), Some(part.stroke.color), None),
        ];
        out.push(Item::Group(Group { mark, items }));
    }
    out
}

/// A count or a short word beside a line.
pub(super) struct Word {
    edge: Uuid,
    text: String,
    color: Color,
    at: Xy,
    /// How much larger than natural.
    scale: f64,
    /// What it covers.
    bounds: Rect,
}

/// How wide a pill around a text is.
fn pill(brush: &Brush<'_>, text: &str) -> f64 {
    brush.width(text, WORD, Weight::SemiBold) + 11.0
}

/// The size of words beside lines.
const WORD: f64 = 10.5;
/// Words are enlarged up to this in an overview: beyond, they hide the lines they explain.
const MOST_LARGER: f64 = 1.6;

/// What stands beside a line: its label, and how many relations it stands for when several.
fn words_of(count: usize, label: Option<&str>) -> Option<String> {
    match (count, label) {
        (0 | 1, None) => None,
        (0 | 1, Some(label)) => Some(label.to_owned()),
        (count, None) => Some(format!("×{count}")),
        (count, Some(label)) => Some(format!("{label} ×{count}")),
    }
}

/// More labelled lines than this and labels hide what they explain; tooltips and data keep them.
const MOST_LABELS: usize = 24;

/// What the lines of one drawing say beside themselves, decided once for all of them.
#[derive(Debug, Clone, Copy)]
pub struct LineWords {
    quiet: bool,
}

impl LineWords {
    /// For the lines of a drawing.
    pub fn of(parts: &[EdgePart]) -> Self {
        Self { quiet: parts.iter().filter(|part| is_labelled(part)).count() > MOST_LABELS }
    }
    /// A line's label and how many relations it stands for, as far as they are said.
    pub fn words(self, part: &EdgePart) -> Option<String> {
        words_of(part.count, part.label.as_deref().filter(|_| !self.quiet && is_labelled(part)))
    }
}

/// Which way out a subnet's traffic goes, its dots say; addresses on them are only noise.
fn is_labelled(part: &EdgePart) -> bool {
    part.label.is_some() && part.flow != Flow::Egress
}

/// Where the words beside lines go: the middle of the longest run, off every solid; they take it.
pub(super) fn words(brush: &Brush<'_>, parts: &[EdgePart], taken: &mut Taken, larger: f64) -> Vec<Word> {
    let scale = larger.min(MOST_LARGER);
    let mut out: Vec<Word> = Vec::new();
    let lines = LineWords { quiet: !brush.style.label || LineWords::of(parts).quiet };
    for part in parts {
        let mut runs: Vec<(Xy, Xy)> = part.points.windows(2).map(|pair| (pair[0], pair[1])).collect();
        runs.sort_by(|a, b| distance(b.0, b.1).total_cmp(&distance(a.0, a.1)));
        let Some(&(a, b)) = runs.first() else { continue };
        // Words need a run longer than themselves; a count is short and always shown.
        let fits = |text: &String| pill(brush, text) * scale + 16.0 < distance(a, b);
        let full =
            lines.words(part).map(|text| brush.fitted(&text, WORD, Weight::SemiBold, 96.0)).filter(fits);
        let Some(text) = full.or_else(|| words_of(part.count, None)) else { continue };
        let (width, height) = (pill(brush, &text) * scale, 17.0 * scale);
        // Where the layout found room, or the middle, or a little to its side where another word
        // stands already.
        let along = |t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let mut places = part.label_at.into_iter().chain([0.5, 0.35, 0.65, 0.2, 0.8].map(along));
        let place = places.find_map(|at| {
            let bounds = Rect::new(at.0 - width / 2.0, at.1 - height / 2.0, width, height);
            taken.empty(&bounds).then_some((at, bounds))
        });
        if let Some((at, bounds)) = place {
            taken.take(bounds);
            out.push(Word { edge: part.id, text, color: part.stroke.color, at, scale, bounds });
        }
    }
    out
}

/// The words as pills.
pub(super) fn word_items(brush: &Brush<'_>, list: &[Word]) -> Vec<Item> {
    let one = |word: &Word| {
        let pill = shape(
            Outline::Rect(word.bounds, word.bounds.h / 2.0),
            Some(brush.palette.card),
            Some(solid_line(word.color, 1.2 * word.scale)),
        );
        let at = (word.at.0, word.at.1 + 3.8 * word.scale);
        let (size, ink) = (WORD * word.scale, brush.palette.ink);
        let text =
            Item::Text(super::words(at, word.text.clone(), size, Weight::SemiBold, ink, Anchor::Middle));
        Item::Group(Group { mark: Mark::Label(word.edge), items: vec![pill, text] })
    };
    list.iter().map(one).collect()
}
