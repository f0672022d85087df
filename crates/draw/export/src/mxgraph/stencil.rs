//! Symbols as mxGraph stencils: draw.io's own vector shapes, written as XML, deflated and encoded as
//! its `shape=stencil(...)` wants them.
//!
//! Stencils know flat colours only, so a gradient over a convex body becomes strips between its
//! stops; for a block these are exactly its faces. The tops take the cell's fill colour and the glyphs
//! its stroke colour, so both can be changed in the editor. Of a shadow's two copies only the dark one
//! is drawn, so that files stay small.

use std::fmt::Write;
use std::io::Write as _;

use base64::Engine;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use isobar_layout::Rect;
use isobar_scene::Color;
use isobar_scene::geom::{self, Matrix, Xy};
use isobar_scene::path::{self, Segment};
use isobar_scene::scene::{Fill, Gradient, Item, Outline, PlatePart, Scene, Shape, Symbol};

use crate::svg::{Short, number};

/// A symbol ready for a style.
pub(super) struct Stencil {
    /// What stands in the brackets.
    pub(super) data: String,
}

/// One stencil per symbol of the scene.
pub(super) fn all(scene: &Scene) -> Vec<Stencil> {
    let one = |symbol: &Symbol| {
        let mut draft = Draft::new(symbol.bounds);
        // The first of a shadow's copies is its faint rim.
        let rim = symbol.items.first().zip(symbol.items.get(1)).is_some_and(|(a, b)| faint(a) && faint(b));
        for item in symbol.items.iter().skip(usize::from(rim)) {
            draft.item(scene, symbol, item);
        }
        Stencil { data: pack(&draft.finish()) }
    };
    scene.symbols.iter().map(one).collect()
}

/// A plate's outline, which takes the cell's colours; a slab's lip lies under it.
pub(super) fn plate(plate: &PlatePart, lip: (Color, Color)) -> String {
    let mut draft = Draft::new(plate.bounds);
    draft.out.push_str("<background>");
    if plate.depth > 0.0 {
        let sunk = plate.outline.iter().map(|&(x, y)| (x, y + plate.depth));
        let body = geom::hull(sunk.chain(plate.outline.iter().copied()));
        let front = plate.outline.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default();
        let share = (front.0 - plate.bounds.x) / plate.bounds.w.max(1.0);
        let stops = vec![(share, lip.0), (share, lip.1)];
        draft.out.push_str("<save/>");
        draft.strips(
            &body,
            &Gradient { radial: false, stops: [vec![(0.0, lip.0)], stops, vec![(1.0, lip.1)]].concat() },
        );
        draft.out.push_str("<restore/>");
    }
    draft.points(&plate.outline, true);
    draft.out.push_str("</background><foreground><fillstroke/></foreground>");
    pack(&draft.closed())
}

struct Draft {
    out: String,
    bounds: Rect,
}

impl Draft {
    fn new(bounds: Rect) -> Self {
        let mut out = String::with_capacity(4_096);
        let (w, h) = (number(bounds.w.max(1.0)), number(bounds.h.max(1.0)));
        let _ = write!(out, "<shape aspect=\"variable\" w=\"{w}\" h=\"{h}\" strokewidth=\"inherit\">");
        Self { out, bounds }
    }

    fn finish(self) -> String {
        let Self { mut out, .. } = self;
        // Everything of a symbol is foreground: it paints in its own order.
        let head = out.find('>').map_or(0, |at| at + 1);
        out.insert_str(head, "<foreground>");
        out.push_str("</foreground></shape>");
        out
    }

    fn closed(self) -> String {
        let Self { mut out, .. } = self;
        out.push_str("</shape>");
        out
    }

    fn item(&mut self, scene: &Scene, symbol: &Symbol, item: &Item) {
        match item {
            Item::Shape(shape) => self.shape(scene, shape),
            Item::Text(text) => {
                let middle = symbol.bounds.center();
                let (x, y) = text.matrix.map_or((middle.x, middle.y), |map| (map[4], map[5]));
                let (x, y) = (number(x - self.bounds.x), number(y - self.bounds.y));
                // Monograms are letters and digits only; see scene's `monogram`.
                let letters: String = text.text.chars().filter(char::is_ascii_alphanumeric).collect();
                let _ = write!(
                    self.out,
                    "<fontcolor color=\"{}\"/><fontsize size=\"16\"/><fontstyle style=\"1\"/>\
                     <text str=\"{letters}\" x=\"{x}\" y=\"{y}\" align=\"center\" valign=\"middle\"/>",
                    text.color
                );
            }
            Item::Use { .. } | Item::Group(_) => {}
        }
    }

    fn shape(&mut self, scene: &Scene, shape: &Shape) {
        self.out.push_str("<save/>");
        if let Some(Fill::Gradient(at)) = shape.fill
            && let Some(gradient) = scene.gradients.get(at)
        {
            match &shape.outline {
                Outline::Polygon(points) if !gradient.radial => self.strips(points, gradient),
                outline => {
                    let middle = gradient.stops.get(gradient.stops.len() / 2).map_or(Color::BLACK, |s| s.1);
                    self.fill_color(middle);
                    self.outline(outline, shape.matrix.as_ref());
                    self.out.push_str("<fill/>");
                }
            }
            self.out.push_str("<restore/>");
            return;
        }
        let fill = match shape.fill {
            Some(Fill::Flat(color)) => Some(color),
            _ => None,
        };
        if let Some(line) = &shape.stroke {
            // Glyphs are what has a matrix; they keep the cell's own stroke colour.
            if shape.matrix.is_none() {
                let _ = write!(self.out, "<strokecolor color=\"{}\"/>", line.color);
                let _ = write!(self.out, "<strokewidth width=\"{}\"/>", number(line.width));
            }
            if line.opacity < 1.0 {
                let _ = write!(self.out, "<strokealpha alpha=\"{}\"/>", number(line.opacity));
            }
            if line.round {
                self.out.push_str("<linecap cap=\"round\"/>");
            }
            self.out.push_str("<linejoin join=\"round\"/>");
        }
        if shape.fill_opacity < 1.0 {
            let _ = write!(self.out, "<fillalpha alpha=\"{}\"/>", number(shape.fill_opacity));
        }
        if let Some(color) = fill
            && !scene.palette_has(color)
        {
            self.fill_color(color);
        }
        self.outline(&shape.outline, shape.matrix.as_ref());
        self.out.push_str(match (fill.is_some(), shape.stroke.is_some()) {
            (true, true) => "<fillstroke/>",
            (true, false) => "<fill/>",
            _ => "<stroke/>",
        });
        self.out.push_str("<restore/>");
    }

    fn fill_color(&mut self, color: Color) {
        let _ = write!(self.out, "<fillcolor color=\"{color}\"/>");
    }

    /// A convex body in upright strips, each of one colour.
    fn strips(&mut self, body: &[Xy], gradient: &Gradient) {
        let Some(extent) = geom::around(body.iter().copied()) else { return };
        let Some(&(_, first)) = gradient.stops.first() else { return };
        self.fill_color(first);
        self.points(body, true);
        self.out.push_str("<fill/>");
        let mut color = first;
        for pair in gradient.stops.windows(2) {
            let next = pair[0].1.mix(pair[1].1, 0.5);
            let from = extent.x + extent.w * pair[0].0;
            if close(next, color) {
                continue;
            }
            color = next;
            // From this stop to the right end; later strips lie on top.
            let (right, top, bottom) = (extent.right() + 1.0, extent.y - 1.0, extent.bottom() + 1.0);
            let window = [(from, top), (right, top), (right, bottom), (from, bottom)];
            let strip = geom::clip(&geom::hull(body.iter().copied()), &window);
            if strip.len() >= 3 {
                self.fill_color(color);
                self.points(&strip, true);
                self.out.push_str("<fill/>");
            }
        }
    }

    fn outline(&mut self, outline: &Outline, map: Option<&Matrix>) {
        match outline {
            Outline::Polygon(points) => self.points(points, true),
            Outline::Line(points) => self.points(points, false),
            Outline::Rect(rect, radius) => {
                let (x, y) = (number(rect.x - self.bounds.x), number(rect.y - self.bounds.y));
                let share = number(radius / rect.w.min(rect.h).max(1.0) * 100.0);
                let (w, h) = (number(rect.w), number(rect.h));
                let _ = write!(
                    self.out,
                    "<roundrect x=\"{x}\" y=\"{y}\" w=\"{w}\" h=\"{h}\" arcsize=\"{share}\"/>"
                );
            }
            Outline::Ellipse(center, radii) => {
                let (x, y) = (center.0 - radii.0 - self.bounds.x, center.1 - radii.1 - self.bounds.y);
                let (x, y, w, h) = (number(x), number(y), number(2.0 * radii.0), number(2.0 * radii.1));
                let _ = write!(self.out, "<ellipse x=\"{x}\" y=\"{y}\" w=\"{w}\" h=\"{h}\"/>");
            }
            Outline::Path(data) => self.path(data, map),
        }
    }

    fn at(&self, point: Xy) -> (Short, Short) {
        (number(point.0 - self.bounds.x), number(point.1 - self.bounds.y))
    }

    fn points(&mut self, points: &[Xy], close: bool) {
        self.out.push_str("<path>");
        for (at, &point) in points.iter().enumerate() {
            let name = if at == 0 { "move" } else { "line" };
            let (x, y) = self.at(point);
            let _ = write!(self.out, "<{name} x=\"{x}\" y=\"{y}\"/>");
        }
        self.out.push_str(if close { "<close/></path>" } else { "</path>" });
    }

    fn path(&mut self, data: &str, map: Option<&Matrix>) {
        let [a, b, c, d, e, f] = map.copied().unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let through = |(x, y): Xy| (a * x + c * y + e, b * x + d * y + f);
        self.out.push_str("<path>");
        for segment in path::parse(data).unwrap_or_default() {
            match segment {
                Segment::Move(to) => {
                    let (x, y) = self.at(through(to));
                    let _ = write!(self.out, "<move x=\"{x}\" y=\"{y}\"/>");
                }
                Segment::Line(to) => {
                    let (x, y) = self.at(through(to));
                    let _ = write!(self.out, "<line x=\"{x}\" y=\"{y}\"/>");
                }
                Segment::Cubic(first, second, end) => {
                    let ((x1, y1), (x2, y2), (x3, y3)) =
                        (self.at(through(first)), self.at(through(second)), self.at(through(end)));
                    let _ = write!(
                        self.out,
                        "<curve x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" x3=\"{x3}\" y3=\"{y3}\"/>"
                    );
                }
                Segment::Close(_) => self.out.push_str("<close/>"),
            }
        }
        self.out.push_str("</path>");
    }
}

fn faint(item: &Item) -> bool {
    matches!(item, Item::Shape(shape) if shape.fill_opacity < 0.9 && shape.stroke.is_none())
}

/// Two colours that an eye takes for one shade; fewer strips keep files small.
fn close(a: Color, b: Color) -> bool {
    let off = |a: u8, b: u8| u32::from(a.abs_diff(b));
    off(a.0, b.0) + off(a.1, b.1) + off(a.2, b.2) < 14
}

/// Whether a colour is a family's own, which the cell's fill colour carries.
trait HasColor {
    fn palette_has(&self, color: Color) -> bool;
}

impl HasColor for Scene {
    fn palette_has(&self, color: Color) -> bool {
        isobar_graph::Family::ALL.iter().any(|&family| self.palette.family(family) == color)
    }
}

/// draw.io's encoding: URI-encode, deflate without header, base64.
fn pack(xml: &str) -> String {
    let mut plain = String::with_capacity(xml.len() * 2);
    for byte in xml.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'!'
            | b'~'
            | b'*'
            | b'('
            | b')' => {
                plain.push(char::from(byte));
            }
            byte => {
                let _ = write!(plain, "%{byte:02X}");
            }
        }
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(9));
    // Writing to a vector cannot fail.
    let _ = encoder.write_all(plain.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap_or_default())
}
