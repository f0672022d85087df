//! Lines: trimmed at their ends so that no arrowhead is hidden by a solid or lies on a label,
//! bends rounded on the floor, an arrowhead that is itself a floor shape, and the words beside
//! them: counts of parallel relations, short labels.

use isobar_graph::Flow;
use isobar_layout::Rect;
use isobar_layout::blueprint::End;
use uuid::Uuid;

use super::taken::Taken;
use super::{Brush, polygon, shape, solid_line};
use crate::color::Color;
use crate::font::Weight;
use crate::geom::{self, Xy, distance};
use crate::scene::{Anchor, EdgePart, Group, Item, LabelPart, Mark, NodePart, Outline, Stroke, Symbol};
use crate::text::clean;

/// An arrowhead's length and half its width, in floor units.
const HEAD: (f64, f64) = (0.36, 0.17);
/// How far an arrowhead stops from what it points at, in floor units.
const HEAD_GAP: f64 = 0.12;
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
pub(super) fn parts(
    brush: &Brush<'_>,
    nodes: &[NodePart],
    symbols: &[Symbol],
    thicker: f64,
    larger: f64,
) -> Vec<EdgePart> {
    let crowded = brush.blueprint.edges.len() > CROWD;
    let mut out = Vec::with_capacity(brush.blueprint.edges.len());
    for edge in &brush.blueprint.edges {
        let line: Vec<Xy> = edge.points.iter().map(|point| (point.x, point.y)).collect();
        let line = geom::simplify(&line);
        if line.len() < 2 || line.iter().any(|(x, y)| !x.is_finite() || !y.is_finite()) {
            continue;
        }
        // Both ends are drawn back to where the eye can see them.
        let mut points: Vec<Xy> = line.iter().map(|&(x, y)| brush.camera.lift(x, y, 0.0)).collect();
        for (end, gap) in [(edge.from, 0.04), (edge.to, HEAD_GAP)] {
            let hull = around(brush, nodes, symbols, end, larger);
            let unit = brush.camera.unit;
            points = leave(&points, &hull, gap * unit, HEAD.0 * thicker.min(1.5) * unit);
            points.reverse();
        }
        let (dash, round) = dash(edge.flow, thicker);
        // A line for many relations is a little stronger, without shouting.
        let more = (edge.count.max(1) as f64).log2().min(4.0) * if crowded { 0.15 } else { 0.3 };
        let width = (2.2 + more) * thicker * if crowded { 0.85 } else { 1.0 };
        out.push(EdgePart {
            id: edge.id,
            from: edge.from,
            to: edge.to,
            flow: edge.flow,
            points,
            count: edge.count,
            label: edge.label.as_deref().map(clean).filter(|label| !label.is_empty()),
            label_at: edge.label_at.map(|at| brush.camera.lift(at.x, at.y, 0.0)),
            words: None,
            stroke: Stroke { color: color(brush, edge.flow), width, opacity: 1.0, dash, round },
        });
    }
    out
}

/// What a line's end must keep out of, on the page: all that the solid covers, and in 2d also the
/// label below it.
fn around(brush: &Brush<'_>, nodes: &[NodePart], symbols: &[Symbol], end: End, larger: f64) -> Vec<Xy> {
    let End::Node(at) = end else { return Vec::new() };
    let Some(node) = nodes.get(at) else { return Vec::new() };
    let ((x, y), k) = (node.at, node.scale);
    let mut hull = node.hull(symbols);
    if !brush.camera.isometric() && brush.style.label && k > 0.76 {
        let unit = brush.camera.unit;
        let (half, below) = (0.6 * k * unit, (0.66 * k + 0.74 * larger.min(1.8)) * unit);
        hull = vec![(x - half, y - half), (x + half, y - half), (x + half, y + below), (x - half, y + below)];
    }
    hull
}

/// The line from a little after it leaves the convex shape around its beginning, for at least as long
/// as an arrowhead takes: a line may pass the far side of what it ends at. One that never leaves stays
/// as it is: a visible line over a solid beats a missing one.
fn leave(line: &[Xy], hull: &[Xy], gap: f64, head: f64) -> Vec<Xy> {
    let (mut walked, mut hidden) = (0.0, 0.0);
    for pair in line.windows(2) {
        let run = distance(pair[0], pair[1]);
        if let Some((from, to)) = geom::covered(pair[0], pair[1], hull) {
            if walked + from * run > hidden + gap + head {
                break;
            }
            hidden = walked + to * run;
        }
        walked += run;
    }
    let whole = length(line);
    match whole - hidden {
        left if hidden == 0.0 || left < 1.0 => line.to_vec(),
        left => shortened(line, hidden + if left > 2.0 * gap { gap } else { 0.0 }),
    }
}

/// How long a line is.
fn length(line: &[Xy]) -> f64 {
    line.windows(2).map(|pair| distance(pair[0], pair[1])).sum()
}

/// The line without so much of its beginning; all but its end at most.
fn shortened(line: &[Xy], by: f64) -> Vec<Xy> {
    let mut left = by;
    for (at, pair) in line.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let run = distance(a, b);
        if run > left {
            let t = left / run;
            let first = (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
            return std::iter::once(first).chain(line[at + 1..].iter().copied()).collect();
        }
        left -= run;
    }
    line[line.len().saturating_sub(2)..].to_vec()
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
        floor.reverse();
        let [tip, ..] = floor[..] else { continue };
        let (long, wide) = (HEAD.0 * larger.min(1.5), HEAD.1 * larger.min(1.5));
        let whole = length(&floor);
        // Where the last run is shorter than the head, the head lies across its bend.
        let tail = shortened(&floor, long.min(0.9 * whole))[0];
        let straight = distance(tip, tail).max(1e-9);
        let (ux, uy) = ((tip.0 - tail.0) / straight, (tip.1 - tail.1) / straight);
        floor = shortened(&floor, (long * 0.8).min(0.9 * whole));
        floor.reverse();
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
#[derive(Clone, Copy)]
struct LineWords {
    quiet: bool,
}

impl LineWords {
    /// For the lines of a drawing.
    fn of(parts: &[EdgePart]) -> Self {
        Self { quiet: parts.iter().filter(|part| is_labelled(part)).count() > MOST_LABELS }
    }
    /// A line's label and how many relations it stands for, as far as they are said.
    fn words(self, part: &EdgePart) -> Option<String> {
        words_of(part.count, part.label.as_deref().filter(|_| !self.quiet && is_labelled(part)))
    }
}

/// Which way out a subnet's traffic goes, its dots say; addresses on them are only noise.
fn is_labelled(part: &EdgePart) -> bool {
    part.label.is_some() && part.flow != Flow::Egress
}

/// Where the words beside lines go: the middle of the longest run, off every solid and off the line's
/// own head, where a line is too short beside it; they take it.
pub(super) fn words(
    brush: &Brush<'_>,
    parts: &[EdgePart],
    taken: &mut Taken,
    thicker: f64,
    larger: f64,
) -> Vec<Word> {
    let scale = larger.min(MOST_LARGER);
    let mut out: Vec<Word> = Vec::new();
    let lines = LineWords { quiet: !brush.style.label || LineWords::of(parts).quiet };
    for part in parts {
        let mut runs: Vec<(Xy, Xy)> = part.points.windows(2).map(|pair| (pair[0], pair[1])).collect();
        runs.sort_by(|a, b| distance(b.0, b.1).total_cmp(&distance(a.0, a.1)));
        let Some(&(a, b)) = runs.first() else { continue };
        // Words need a run longer than themselves; a count is short and shown where it finds room.
        let fits = |text: &String| pill(brush, text) * scale + 16.0 < distance(a, b);
        let full =
            lines.words(part).map(|text| brush.fitted(&text, WORD, Weight::SemiBold, 96.0)).filter(fits);
        let Some(text) = full.or_else(|| words_of(part.count, None)) else { continue };
        let (width, height) = (pill(brush, &text) * scale, 17.0 * scale);
        // Where the layout found room, or the middle, or a little to its side where another word
        // stands already.
        let along = |t: f64| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
        let places = part.label_at.into_iter().chain([0.5, 0.35, 0.65, 0.2, 0.8].map(along));
        let head = head(brush, &part.points, thicker);
        let pill = |at: Xy| Rect::new(at.0 - width / 2.0, at.1 - height / 2.0, width, height);
        let free = |bounds: &Rect| !bounds.overlaps(&head, 0.0) && taken.empty(bounds);
        let on_line = places.map(|at| (at, pill(at))).find(|(_, bounds)| free(bounds));
        let place = on_line.or_else(|| {
            let sides = beside(a, b, (width, height)).map(|at| (at, pill(at)));
            sides.into_iter().find(|(_, bounds)| free(bounds) && taken.off_lines(bounds))
        });
        if let Some((at, bounds)) = place {
            taken.take(bounds);
            out.push(Word { edge: part.id, text, color: part.stroke.color, at, scale, bounds });
        }
    }
    out
}

/// The box around a line's arrowhead.
fn head(brush: &Brush<'_>, points: &[Xy], thicker: f64) -> Rect {
    let unit = brush.camera.unit * thicker.min(1.5);
    let back: Vec<Xy> = points.iter().rev().copied().collect();
    let tail = shortened(&back, HEAD.0 * unit)[0];
    let around = geom::around([back[0], tail]).unwrap_or_default();
    super::grown(around, 0.5 * HEAD.1 * unit)
}

/// The middles of a pill's places at both sides of a run.
fn beside(a: Xy, b: Xy, (width, height): Xy) -> [Xy; 2] {
    let long = distance(a, b).max(1e-9);
    let (nx, ny) = ((b.1 - a.1) / long, (a.0 - b.0) / long);
    let away = (nx.abs() * width + ny.abs() * height) / 2.0 + 5.0;
    let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    [away, -away].map(|by| (middle.0 + nx * by, middle.1 + ny * by))
}

/// Tells the lines what stands beside them.
pub(super) fn note_words(parts: &mut [EdgePart], list: &[Word]) {
    let mut list = list.iter().peekable();
    // Both are in the same order.
    for part in parts {
        part.words = list.next_if(|word| word.edge == part.id).map(|word| LabelPart {
            lines: vec![word.text.clone()],
            names: 1,
            bounds: word.bounds,
            scale: word.scale,
        });
    }
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

#[cfg(test)]
mod tests {
    use isobar_layout::{Point, Projection};

    use super::*;
    use crate::paint::tests::orders;
    use crate::style::Style;

    /// The pill of a line, if it has one.
    fn pill(scene: &crate::Scene, line: Uuid) -> Option<Rect> {
        let layers = scene.items.iter().filter_map(|item| match item {
            Item::Group(group) => Some(&group.items),
            _ => None,
        });
        layers.flatten().find_map(|item| match item {
            Item::Group(Group { mark: Mark::Label(id), items }) if *id == line => match items.first() {
                Some(Item::Shape(shape)) => match shape.outline {
                    Outline::Rect(rect, _) => Some(rect),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }

    #[test]
    fn a_count_hides_no_arrowhead() {
        for projection in [Projection::Isometric, Projection::Flat] {
            let mut blueprint = orders::orders(projection);
            // On the bare floor, each a little longer than the last.
            for (at, edge) in blueprint.edges.iter_mut().enumerate() {
                let (y, length) = (30.0 + 2.0 * at as f64, 0.5 + 0.1 * at as f64);
                edge.points = vec![Point::new(20.0, y), Point::new(20.0 + length, y)];
                (edge.count, edge.label, edge.label_at) = (2, None, None);
                edge.from = End::Plate(0);
                edge.to = End::Plate(0);
            }
            let scene = crate::paint(&blueprint, &Style::default());
            let (mut on, mut aside) = (0, 0);
            for edge in &scene.edges {
                let tip = edge.points[1];
                let Some(pill) = pill(&scene, edge.id) else { panic!("{tip:?} has no count") };
                let near = Rect::new(tip.0 - 8.0, tip.1 - 4.0, 8.0, 8.0);
                assert!(!pill.overlaps(&near, 0.0), "{}: {pill:?} on {tip:?}", projection.as_str());
                let middle = ((edge.points[0].0 + tip.0) / 2.0, (edge.points[0].1 + tip.1) / 2.0);
                let over = pill.overlaps(&Rect::new(middle.0 - 1.0, middle.1 - 1.0, 2.0, 2.0), 0.0);
                if over { on += 1 } else { aside += 1 }
            }
            assert!(on > 5 && aside > 3, "{on} on their lines, {aside} beside");
        }
    }
}
