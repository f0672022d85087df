//! Lines as cells: bound to their ends, with the corners and words that the scene has, painted over
//! the floors they cross and under the solids before them. The rest of their course is the editor's.

use isobar_layout::blueprint::End;
use isobar_layout::{Projection, Rect};
use isobar_model::Tags;
use isobar_scene::geom::{self, Xy};
use isobar_scene::scene::{EdgePart, Scene};

use super::cell::{self, Style};
use super::{open_object, origin, parent_id, stroke};
use crate::svg::Xml;

/// Writes a line.
pub(super) fn write(xml: &mut Xml, scene: &Scene, edge: &EdgePart, floors: &Floors) {
    let end_id = |end: End| match end {
        End::Node(at) => scene.nodes.get(at).map(|node| node.id),
        End::Plate(at) => scene.plates.get(at).map(|plate| plate.id),
    };
    let mut style = Style::new();
    style.word("html=0;rounded=1;arcSize=16;endArrow=classic;endFill=1;endSize=9;jettySize=auto");
    style.word(match scene.projection {
        Projection::Flat => "edgeStyle=orthogonalEdgeStyle;orthogonalLoop=1",
        // draw.io's isometric way of routing knows one corner only.
        Projection::Isometric => "edgeStyle=none",
    });
    stroke(&mut style, &edge.stroke);
    let bounds = |end: End| match end {
        End::Node(at) => scene.nodes.get(at).map(|node| node.bounds),
        End::Plate(at) => scene.plates.get(at).map(|plate| plate.bounds),
    };
    if let [first, .., last] = edge.points[..] {
        port(&mut style, "exit", bounds(edge.from), first);
        port(&mut style, "entry", bounds(edge.to), last);
    }
    let scale = edge.words.as_ref().map_or(1.0, |words| words.scale);
    style.font(10.5 * scale, scene.palette.ink, true);
    style.set("labelBackgroundColor", scene.palette.card);
    let (mut words, mut place) = (String::new(), None);
    if let Some(part) = &edge.words {
        style.set("labelBorderColor", edge.stroke.color);
        words = part.lines.join("\n");
        let middle = part.bounds.center();
        place = beside(&edge.points, (middle.x, middle.y));
    }
    let count = edge.count.to_string();
    let data = [("flow", edge.flow.as_str()), ("count", &count)];
    let said = edge.label.as_ref().map(|label| format!("\n{label}")).unwrap_or_default();
    open_object(xml, edge.id, &words, &format!("{}{said}", edge.flow), &data, &Tags::default());
    let plate = floors.parent(scene, edge);
    cell::edge(xml, &style, &parent_id(scene, plate), end_id(edge.from), end_id(edge.to));
    let (x, y) = origin(scene, plate);
    let points: Vec<Xy> = edge.points.iter().map(|p| (p.0 - x, p.1 - y)).collect();
    cell::waypoints(xml, &points, place);
    xml.close("mxCell");
    xml.close("object");
    xml.raw("\n");
}

/// Where on a cell's box a line begins or ends, as shares of its sides: the line keeps its place
/// there when the cell is moved.
fn port(style: &mut Style, name: &str, bounds: Option<Rect>, at: Xy) {
    let Some(bounds) = bounds.filter(|bounds| bounds.w > 0.0 && bounds.h > 0.0) else { return };
    style.set(&format!("{name}X"), share((at.0 - bounds.x) / bounds.w));
    style.set(&format!("{name}Y"), share((at.1 - bounds.y) / bounds.h));
    style.set(&format!("{name}Perimeter"), 0);
}

/// A share of a side, exact to a hundredth of a pixel on the largest: a line that begins a pixel
/// beside its next corner gets a jog from the editor.
fn share(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A place as the editor keeps it for words beside a line: how far along, from -1 to 1, and how far
/// from the point that is there.
fn beside(points: &[Xy], at: Xy) -> Option<(f64, Xy)> {
    let (mut walked, mut best) = (0.0, None::<(f64, f64, Xy)>);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let run = geom::distance(a, b);
        if run > 0.0 {
            let along = ((at.0 - a.0) * (b.0 - a.0) + (at.1 - a.1) * (b.1 - a.1)) / run;
            // The editor walks whole pixels.
            let along = (walked + along.clamp(0.0, run)).round() - walked;
            let on = (a.0 + (b.0 - a.0) * along / run, a.1 + (b.1 - a.1) * along / run);
            let off = geom::distance(on, at);
            if best.is_none_or(|(least, ..)| off < least) {
                best = Some((off, walked + along, (at.0 - on.0, at.1 - on.1)));
            }
        }
        walked += run;
    }
    best.map(|(_, along, off)| (2.0 * along / walked - 1.0, off))
}

/// In which order the editor paints: a container, then what is in it, then its next sibling. A line
/// inside a container is painted after the containers there and before the resources there.
pub(super) struct Floors {
    /// Each plate's rank, and the last rank within it.
    ranks: Vec<(usize, usize)>,
    /// What each solid covers, clockwise, and the box around it.
    solids: Vec<(Vec<Xy>, Rect)>,
}

impl Floors {
    pub(super) fn of(scene: &Scene) -> Self {
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); scene.plates.len()];
        let mut open: Vec<usize> = Vec::new();
        for (at, plate) in scene.plates.iter().enumerate().rev() {
            // Parents stand earlier in the list.
            match plate.parent.filter(|&parent| parent < at) {
                Some(parent) => inside[parent].push(at),
                None => open.push(at),
            }
        }
        let mut ranks = vec![(0, 0); scene.plates.len()];
        let mut order = Vec::with_capacity(scene.plates.len());
        while let Some(at) = open.pop() {
            ranks[at] = (order.len(), order.len());
            order.push(at);
            open.extend(&inside[at]);
        }
        for &at in order.iter().rev() {
            if let Some(parent) = scene.plates[at].parent.filter(|&parent| parent < at) {
                ranks[parent].1 = ranks[parent].1.max(ranks[at].1);
            }
        }
        let solids = scene.nodes.iter().map(|node| (node.hull(&scene.symbols), node.bounds)).collect();
        Self { ranks, solids }
    }

    /// The cell a line belongs to: the innermost plate around both ends, so that it moves with what
    /// it joins; or, where it would then be painted over a solid that stands before it, the plate of
    /// an end that is painted late enough for the floors and early enough for the solid.
    fn parent(&self, scene: &Scene, edge: &EdgePart) -> Option<usize> {
        let (from, to) = (chain(scene, edge.from), chain(scene, edge.to));
        let common = from.iter().copied().find(|at| to.contains(at));
        let Some(extent) = geom::around(edge.points.iter().copied()) else { return common };
        let crosses =
            |hull: &[Xy]| edge.points.windows(2).any(|pair| geom::covered(pair[0], pair[1], hull).is_some());
        let solids: Vec<Option<usize>> = (scene.nodes.iter().zip(&self.solids))
            .filter(|(_, (hull, bounds))| bounds.overlaps(&extent, 0.0) && crosses(hull))
            .map(|(node, _)| node.plate)
            .collect();
        if solids.is_empty() {
            return common;
        }
        let floors: Vec<usize> = (scene.plates.iter().enumerate())
            .filter(|(_, plate)| plate.fill.is_some() && plate.bounds.overlaps(&extent, 0.0))
            .filter(|(_, plate)| crosses(&plate.outline))
            .map(|(at, _)| at)
            .collect();
        // What is painted wrongly: a floor over the line is worse than the line over a solid.
        let wrong = |at: Option<usize>| {
            let last = at.map_or(usize::MAX, |at| self.ranks[at].1);
            let around = at.map_or_else(Vec::new, |at| chain(scene, End::Plate(at)));
            let early = |plate: Option<usize>| match plate {
                Some(plate) => Some(plate) != at && !around.contains(&plate) && self.ranks[plate].0 <= last,
                None => false,
            };
            let hidden = floors.iter().filter(|&&floor| self.ranks[floor].0 > last).count();
            100 * hidden + solids.iter().filter(|&&plate| early(plate)).count()
        };
        let within = |chain: &[usize]| -> Vec<usize> {
            let own = chain.iter().copied().take_while(|&at| Some(at) != common).collect::<Vec<_>>();
            own.into_iter().rev().collect()
        };
        // The first of the best: as far out as can be.
        let others = within(&from).into_iter().chain(within(&to)).map(Some);
        std::iter::once(common).chain(others).min_by_key(|&at| wrong(at)).flatten()
    }
}

/// The plates around an end, innermost first.
fn chain(scene: &Scene, end: End) -> Vec<usize> {
    let mut next = match end {
        End::Node(at) => scene.nodes.get(at).and_then(|node| node.plate),
        End::Plate(at) => scene.plates.get(at).and_then(|plate| plate.parent),
    };
    let mut chain = Vec::new();
    while let Some((at, plate)) = next.and_then(|at| Some((at, scene.plates.get(at)?))) {
        chain.push(at);
        // Parents stand earlier in the list, so this ends.
        next = plate.parent.filter(|&parent| parent < at);
    }
    chain
}
