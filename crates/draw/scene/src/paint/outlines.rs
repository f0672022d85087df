//! Groups over the plan: unfilled frames on the floor, each with a small name on its edge or on a card
//! beside it, and badges at the solids of members that no frame goes around.

use isobar_graph::Family;
use isobar_layout::blueprint::FOOTPRINT;
use isobar_layout::{OutlineFrame, OverlayKind, Rect};

use super::taken::Taken;
use super::{Brush, nodes, shape, solid_line, words};
use crate::color::Color;
use crate::font::Weight;
use crate::geom::{Xy, rounded};
use crate::scene::{Anchor, Group, Item, Mark, NodePart, Outline, OutlinePart, Stroke};
use crate::text::clean;

/// Names, at natural size.
const NAME: f64 = 10.5;
/// Corners, in floor units.
const RADIUS: f64 = 0.22;
/// Room for a name on a card: the first that finds a free place.
const CARD: [f64; 3] = [170.0, 100.0, 62.0];
/// Room for a badge's name.
const BADGE: f64 = 62.0;
/// Badges at one solid; what is more is counted.
const BADGES: usize = 3;
/// Solids smaller than this bear a dot instead of a name.
const READABLE: f64 = 0.77;

/// Told apart by dashes as well as by colour.
pub(super) fn stroke(brush: &Brush<'_>, kind: OverlayKind, scale: f64) -> Stroke {
    let (width, dash) = match kind {
        OverlayKind::Nacl => (1.2, "9 3 1.5 3"),
        OverlayKind::Cluster => (1.4, "12 4"),
        OverlayKind::Asg => (1.4, "5 3"),
        OverlayKind::Sg => (1.2, "1.5 2.5"),
    };
    Stroke { dash: Some(dash), ..solid_line(color(brush, kind), width * scale) }
}

fn color(brush: &Brush<'_>, kind: OverlayKind) -> Color {
    brush.palette.family(match kind {
        OverlayKind::Nacl | OverlayKind::Sg => Family::Security,
        OverlayKind::Cluster | OverlayKind::Asg => Family::Compute,
    })
}

/// All frames in the order of the blueprint.
fn frames<'a>(brush: &Brush<'a>) -> impl Iterator<Item = (&'a isobar_layout::Outline, &'a OutlineFrame)> {
    brush.blueprint.outlines.iter().flat_map(|one| one.frames.iter().map(move |frame| (one, frame)))
}

/// The frames as objects.
pub(super) fn parts(brush: &Brush<'_>, thicker: f64) -> Vec<OutlinePart> {
    let part = |(one, frame): (&isobar_layout::Outline, &OutlineFrame)| OutlinePart {
        id: frame.id,
        kind: one.kind,
        plate: frame.plate,
        name: clean(&one.name),
        arn: one.resource.shared(),
        outline: rounded(frame.rect, RADIUS.min(frame.rect.w / 4.0), 4)
            .into_iter()
            .map(|(x, y)| brush.camera.lift(x, y, 0.0))
            .collect(),
        stroke: stroke(brush, one.kind, thicker),
    };
    frames(brush).map(part).collect()
}

/// Whether a frame's name stands on a card: in isometric its edges lie under its members and their
/// names. A network ACL goes around whole subnets, so its edge is free.
fn on_card(brush: &Brush<'_>, part: &OutlinePart) -> bool {
    brush.camera.isometric() && part.kind != OverlayKind::Nacl
}

/// The frames, each with its name along the edge that faces the reader where it has no card.
pub(super) fn items(brush: &Brush<'_>, parts: &[OutlinePart], larger: f64) -> Vec<Item> {
    let mut out = Vec::with_capacity(parts.len());
    for (part, (_, frame)) in parts.iter().zip(frames(brush)) {
        let line = shape(Outline::Polygon(part.outline.clone()), None, Some(part.stroke));
        let mut items = vec![line];
        if !on_card(brush, part) {
            items.extend(name(brush, part, frame, larger));
        }
        let mark = Mark::Thing {
            role: "outline",
            id: part.id,
            kind: part.kind.as_str().into(),
            arn: Some(part.arn.clone()),
            title: format!("{}\n{}", part.name, part.kind.name()).into(),
        };
        out.push(Item::Group(Group { mark, items }));
    }
    out
}

/// On the edge that faces the reader, at its left end. Of two frames around one another the inner
/// one's name goes to the right end.
fn name(brush: &Brush<'_>, part: &OutlinePart, frame: &OutlineFrame, larger: f64) -> Option<Item> {
    let (unit, isometric) = (brush.camera.unit, brush.camera.isometric());
    let r = frame.rect;
    let size = NAME * larger;
    let inset = RADIUS.min(r.w / 4.0);
    let nodes = part.kind != OverlayKind::Nacl;
    let mut others = frames(brush).filter(|(_, other)| other.id != frame.id && other.plate == frame.plate);
    let shared = nodes && others.any(|(_, other)| other.rect.overlaps(&r, 0.0));
    let room = (r.w - 2.0 * inset) * if shared { 0.5 } else { 1.0 };
    let text = brush.fitted(&part.name, size, Weight::SemiBold, room * unit - 2.0);
    if text.chars().count() < 3 {
        return None;
    }
    let width = brush.width(&text, size, Weight::SemiBold);
    // A network ACL's name keeps clear of the subnets' and zones' titles.
    let right = !nodes || frame.inner;
    let x = if right { (r.right() - inset - width / unit).max(r.x + inset) } else { r.x + inset };
    // In the middle of the line: letters stand a third of their size above and below it.
    let at: Xy = brush.camera.lift(x, r.bottom() + 0.36 * size / unit, 0.0);
    let ink = part.stroke.color.mix(brush.palette.ink, 0.25);
    let mut line =
        words(if isometric { (0.0, 0.0) } else { at }, text, size, Weight::SemiBold, ink, Anchor::Start);
    line.halo = Some((brush.ground(frame.plate), width));
    if isometric {
        line.matrix = Some(brush.camera.floor_matrix(at, 1.0));
    }
    Some(Item::Text(line))
}

/// The frames' names upright on small cards, each touching its frame at a corner or at the middle of
/// an edge, where nothing is covered: no line either if that can be, and with as much of the name as
/// finds room. A frame without a free place around it is told by its line and its tooltip.
pub(super) fn cards(brush: &Brush<'_>, parts: &[OutlinePart], taken: &mut Taken, larger: f64) -> Vec<Item> {
    let mut out = Vec::new();
    for (part, (_, frame)) in parts.iter().zip(frames(brush)) {
        if !on_card(brush, part) {
            continue;
        }
        let size = NAME * larger;
        let mut pills = Vec::new();
        for room in CARD {
            let text = brush.fitted(&part.name, size, Weight::SemiBold, room * larger);
            if text.chars().count() > 2 && pills.iter().all(|(known, _)| *known != text) {
                let width = brush.width(&text, size, Weight::SemiBold) + 0.9 * size;
                pills.push((text, (width, 1.35 * size)));
            }
        }
        let found = pills.iter().find_map(|(text, pill)| {
            let places = around(brush, frame, *pill);
            let free = |off_lines| places.iter().find(|place| taken.free(place, off_lines));
            free(true).or_else(|| free(false)).map(|place| (text, *place))
        });
        let Some((text, pill)) = found else { continue };
        taken.take(pill);
        let line = Stroke { dash: None, ..part.stroke };
        let ink = part.stroke.color.mix(brush.palette.ink, 0.25);
        let at = (pill.x + 0.45 * size, pill.y + 1.03 * size);
        let items = vec![
            shape(Outline::Rect(pill, 0.67 * size), Some(brush.palette.card), Some(line)),
            Item::Text(words(at, text.clone(), size, Weight::SemiBold, ink, Anchor::Start)),
        ];
        out.push(Item::Group(Group { mark: Mark::Label(part.id), items }));
    }
    out
}

/// Where a card of a size may touch a frame seen from the side, the best first.
fn around(brush: &Brush<'_>, frame: &OutlineFrame, (w, h): (f64, f64)) -> [Rect; 11] {
    let r = frame.rect;
    let lift = |x: f64, y: f64| brush.camera.lift(x, y, 0.0);
    let (left, back, right, front) =
        (lift(r.x, r.bottom()), lift(r.x, r.y), lift(r.right(), r.y), lift(r.right(), r.bottom()));
    let middle = |a: Xy, b: Xy| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    // The corners are rounded: a card reaches a little into its frame to touch the line.
    let reach = 0.4 * RADIUS * brush.camera.unit;
    let at = |x: f64, y: f64| Rect::new(x, y, w, h);
    let (upper_left, upper_right, lower_right) =
        (middle(left, back), middle(back, right), middle(right, front));
    [
        at(left.0 + reach - w, left.1 - h / 2.0),
        at(upper_left.0 + reach - w, upper_left.1 - h),
        at(front.0 - w / 2.0, front.1 - reach),
        at(back.0 - w / 2.0, back.1 + reach - h),
        at(right.0 - reach, right.1 - h / 2.0),
        at(upper_right.0 - reach, upper_right.1 - h),
        at(lower_right.0 - reach, lower_right.1),
        // Where another frame's card is: above or below that.
        at(left.0 + reach - w, left.1 + 0.65 * h),
        at(left.0 + reach - w, left.1 - 1.65 * h),
        at(right.0 - reach, right.1 + 0.65 * h),
        at(right.0 - reach, right.1 - 1.65 * h),
    ]
}

/// Small cards with the groups' names at the upper left of members without a frame; they take their
/// places.
pub(super) fn badges(
    brush: &Brush<'_>,
    parts: &[NodePart],
    taken: &mut Taken,
    zoom: f64,
    larger: f64,
) -> Vec<Item> {
    let mut worn: Vec<Vec<(OverlayKind, &str)>> = vec![Vec::new(); parts.len()];
    for one in &brush.blueprint.outlines {
        for &at in &one.badges {
            if let Some(there) = worn.get_mut(at) {
                there.push((one.kind, &one.name));
            }
        }
    }
    let mut out = Vec::new();
    for (part, worn) in parts.iter().zip(worn) {
        if worn.is_empty() || nodes::too_small(brush, part.scale, zoom) {
            continue;
        }
        let more = worn.len().saturating_sub(BADGES);
        let mut items = Vec::new();
        for (row, (kind, name)) in worn.into_iter().take(BADGES).enumerate() {
            let line = Stroke { dash: None, ..stroke(brush, kind, 1.0) };
            let card = Some(brush.palette.card);
            if part.scale < READABLE {
                let radius = 0.12 * FOOTPRINT * brush.camera.unit * part.scale;
                let at = (part.bounds.x + radius * (1.0 + 2.2 * row as f64), part.bounds.y + radius);
                items.push(shape(Outline::Ellipse(at, (radius, radius)), card, Some(line)));
                continue;
            }
            let size = NAME * larger;
            let counted = row + 1 == BADGES && more > 0;
            let name = if counted { format!("+{} groups", more + 1) } else { name.to_owned() };
            let text = brush.fitted(&name, size, Weight::SemiBold, BADGE * larger);
            let width = brush.width(&text, size, Weight::SemiBold) + 0.9 * size;
            let (x, y) =
                (part.bounds.x + 0.3 * part.bounds.w - width, part.bounds.y + 1.5 * size * row as f64);
            let pill = Rect::new(x, y, width, 1.35 * size);
            items.push(shape(Outline::Rect(pill, 0.67 * size), card, Some(line)));
            taken.take(pill);
            let ink = line.color.mix(brush.palette.ink, 0.25);
            let at = (x + 0.45 * size, y + 1.03 * size);
            items.push(Item::Text(words(at, text, size, Weight::SemiBold, ink, Anchor::Start)));
        }
        out.push(Item::Group(Group { mark: Mark::Label(part.id), items }));
    }
    out
}
