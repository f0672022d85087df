//! Groups over the plan: unfilled frames on the floor with a small name on their edge, and badges at
//! the solids of members that no frame goes around.

use isobar_graph::Family;
use isobar_layout::blueprint::FOOTPRINT;
use isobar_layout::{OutlineFrame, OverlayKind};

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
/// About how much of a frame's edge no member's name hangs over, in floor units.
const FREE: f64 = 1.9;
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
        arn: one.resource.as_str().to_owned(),
        outline: rounded(frame.rect, RADIUS.min(frame.rect.w / 4.0), 4)
            .into_iter()
            .map(|(x, y)| brush.camera.lift(x, y, 0.0))
            .collect(),
        stroke: stroke(brush, one.kind, thicker),
    };
    frames(brush).map(part).collect()
}

/// The frames, each with its name along the edge that faces the reader.
pub(super) fn items(brush: &Brush<'_>, parts: &[OutlinePart], larger: f64) -> Vec<Item> {
    let mut out = Vec::with_capacity(parts.len());
    for (part, (_, frame)) in parts.iter().zip(frames(brush)) {
        let line = shape(Outline::Polygon(part.outline.clone()), None, Some(part.stroke));
        let mut items = vec![line];
        items.extend(name(brush, part, frame, larger));
        let mark = Mark::Thing {
            role: "outline",
            id: part.id,
            kind: part.kind.as_str().into(),
            arn: Some(part.arn.clone()),
            title: format!("{}\n{}", part.name, part.kind.name()),
        };
        out.push(Item::Group(Group { mark, items }));
    }
    out
}

/// On the edge that faces the reader, at its left end. Of two frames around one another the inner
/// one's name goes to the right end in 2d, and above the other's in isometric, where the members' own
/// names hang over the rest of the edge.
fn name(brush: &Brush<'_>, part: &OutlinePart, frame: &OutlineFrame, larger: f64) -> Option<Item> {
    let (unit, isometric) = (brush.camera.unit, brush.camera.isometric());
    let r = frame.rect;
    let size = NAME * larger;
    let inset = RADIUS.min(r.w / 4.0);
    let nodes = part.kind != OverlayKind::Nacl;
    let mut others = frames(brush).filter(|(_, other)| other.id != frame.id && other.plate == frame.plate);
    let shared = nodes && others.any(|(_, other)| other.rect.overlaps(&r, 0.0));
    let mut room = r.w - 2.0 * inset;
    let mut beside = 0.0;
    if isometric && nodes && brush.style.label {
        room = room.min(FREE);
    }
    if shared && isometric {
        beside = if frame.inner { -0.04 } else { 0.12 };
    } else if shared {
        room *= 0.5;
    }
    let text = brush.fitted(&part.name, size, Weight::SemiBold, room * unit - 2.0);
    if text.chars().count() < 3 {
        return None;
    }
    let width = brush.width(&text, size, Weight::SemiBold);
    // A network ACL's name keeps clear of the subnets' and zones' titles.
    let right = !nodes || frame.inner && !isometric;
    let x = if right { (r.right() - inset - width / unit).max(r.x + inset) } else { r.x + inset };
    // In the middle of the line: letters stand a third of their size above and below it.
    let at: Xy = brush.camera.lift(x, r.bottom() + beside + 0.36 * size / unit, 0.0);
    let ink = part.stroke.color.mix(brush.palette.ink, 0.25);
    let point = if brush.camera.isometric() { (0.0, 0.0) } else { at };
    let mut line = words(point, text, size, Weight::SemiBold, ink, Anchor::Start);
    line.halo = Some((brush.ground(frame.plate), width));
    if brush.camera.isometric() {
        line.matrix = Some(brush.camera.floor_matrix(at, 1.0));
    }
    Some(Item::Text(line))
}

/// Small cards with the groups' names at the upper left of members without a frame.
pub(super) fn badges(brush: &Brush<'_>, parts: &[NodePart], zoom: f64, larger: f64) -> Vec<Item> {
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
            let pill = isobar_layout::Rect::new(x, y, width, 1.35 * size);
            items.push(shape(Outline::Rect(pill, 0.67 * size), card, Some(line)));
            let ink = line.color.mix(brush.palette.ink, 0.25);
            let at = (x + 0.45 * size, y + 1.03 * size);
            items.push(Item::Text(words(at, text, size, Weight::SemiBold, ink, Anchor::Start)));
        }
        out.push(Item::Group(Group { mark: Mark::Label(part.id), items }));
    }
    out
}
