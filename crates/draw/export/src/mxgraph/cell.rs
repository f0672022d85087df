//! Cells, their styles and geometries.

use std::fmt::{Display, Write};

use isobar_layout::Rect;
use isobar_scene::Color;
use isobar_scene::scene::{NodePart, PlatePart};
use uuid::Uuid;

use crate::svg::{Xml, number};

/// A cell's style string in the making. Only our own words and numbers enter it.
pub(super) struct Style(String);

impl Style {
    pub(super) fn new() -> Self {
        Self(String::with_capacity(256))
    }
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
    pub(super) fn set(&mut self, key: &str, value: impl Display) {
        let _ = write!(self.0, "{key}={value};");
    }
    pub(super) fn word(&mut self, words: &str) {
        self.0.push_str(words);
        self.0.push(';');
    }
    pub(super) fn font(&mut self, size: f64, color: Color, bold: bool) {
        self.word("fontFamily=Inter,Helvetica,Arial,sans-serif");
        self.set("fontSize", number(size));
        self.set("fontColor", color);
        self.set("fontStyle", u8::from(bold));
    }
}

pub(super) fn vertex(xml: &mut Xml, style: &Style, parent: &str) {
    xml.open("mxCell");
    xml.text_attr("style", &style.0);
    xml.attr("vertex", 1);
    xml.attr("parent", parent);
    xml.end_open();
}

pub(super) fn edge(xml: &mut Xml, style: &Style, parent: &str, source: Option<Uuid>, target: Option<Uuid>) {
    xml.open("mxCell");
    xml.text_attr("style", &style.0);
    xml.attr("edge", 1);
    xml.attr("parent", parent);
    if let Some(id) = source {
        xml.attr("source", id);
    }
    if let Some(id) = target {
        xml.attr("target", id);
    }
    xml.end_open();
}

pub(super) fn geometry(xml: &mut Xml, rect: Rect) {
    open_geometry(xml, rect);
    xml.end_empty();
}

fn open_geometry(xml: &mut Xml, rect: Rect) {
    xml.open("mxGeometry");
    xml.attr("x", number(rect.x));
    xml.attr("y", number(rect.y));
    xml.attr("width", number(rect.w));
    xml.attr("height", number(rect.h));
    xml.attr("as", "geometry");
}

/// A box whose label is moved by an offset.
pub(super) fn labelled_geometry(xml: &mut Xml, rect: Rect, offset: (f64, f64)) {
    open_geometry(xml, rect);
    xml.end_open();
    self::offset(xml, offset);
    xml.close("mxGeometry");
}

fn offset(xml: &mut Xml, (x, y): (f64, f64)) {
    xml.open("mxPoint");
    xml.attr("x", number(x));
    xml.attr("y", number(y));
    xml.attr("as", "offset");
    xml.end_empty();
}

/// On which side of its solid a label stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    Left,
    Right,
}

impl Side {
    pub(super) fn of(own: Rect, label: Rect) -> Self {
        match (label.x >= own.right(), label.right() <= own.x) {
            (true, _) => Self::Right,
            (_, true) => Self::Left,
            _ => Self::Below,
        }
    }
}

/// The small line under a name: a text of its own, because a label has one size and weight. It is a
/// part of its resource: a click picks the whole.
pub(super) fn small_line(xml: &mut Xml, node: &NodePart, color: Color) {
    let Some(part) = &node.label else { return };
    let rest = part.lines.get(part.names..).unwrap_or_default();
    if rest.is_empty() {
        return;
    }
    let (own, there) = (node.bounds, part.bounds);
    let share = part.names as f64 / part.lines.len() as f64;
    let mut style = Style::new();
    style.word("text;html=0;part=1;connectable=0;verticalAlign=middle;spacing=0");
    style.word(match Side::of(own, there) {
        Side::Below => "align=center",
        Side::Left => "align=right",
        Side::Right => "align=left",
    });
    style.set("labelBackgroundColor", node.ground);
    style.font(SMALL * part.scale, color, false);
    xml.open("mxCell");
    xml.attr("id", format_args!("{}-detail", node.id));
    xml.text_attr("value", &rest.join("\n"));
    xml.text_attr("style", &style.0);
    xml.attr("vertex", 1);
    xml.attr("parent", node.id);
    xml.end_open();
    // Measured from its resource's corner in pixels: it keeps its size when that is enlarged.
    xml.open("mxGeometry");
    xml.attr("relative", 1);
    xml.attr("width", number(there.w));
    xml.attr("height", number(there.h * (1.0 - share)));
    xml.attr("as", "geometry");
    xml.end_open();
    // A pixel lower than set tight: its ground would cut what hangs below the name.
    offset(xml, (there.x - own.x, there.y + there.h * share + 1.0 - own.y));
    xml.close("mxGeometry");
    xml.close("mxCell");
    xml.raw("\n");
}

/// The size of a small line.
const SMALL: f64 = 10.5;

/// A line's corners; its ends too, for when a bound cell is deleted. Its label stands at a share of
/// its way, 0 in the middle and 1 at its end, and by an offset from there.
pub(super) fn waypoints(xml: &mut Xml, points: &[(f64, f64)], label: Option<(f64, (f64, f64))>) {
    let point = |xml: &mut Xml, at: (f64, f64), name: Option<&str>| {
        xml.open("mxPoint");
        xml.attr("x", number(at.0));
        xml.attr("y", number(at.1));
        if let Some(name) = name {
            xml.attr("as", name);
        }
        xml.end_empty();
    };
    xml.open("mxGeometry");
    if let Some((share, _)) = label {
        xml.attr("x", (share * 1e4).round() / 1e4);
    }
    xml.attr("relative", 1);
    xml.attr("as", "geometry");
    xml.end_open();
    if let [first, between @ .., last] = points {
        point(xml, *first, Some("sourcePoint"));
        point(xml, *last, Some("targetPoint"));
        if !between.is_empty() {
            xml.open("Array");
            xml.attr("as", "points");
            xml.end_open();
            for &at in between {
                point(xml, at, None);
            }
            xml.close("Array");
        }
    }
    if let Some((_, by)) = label {
        offset(xml, by);
    }
    xml.close("mxGeometry");
}

/// An isometric plate's title: a text of its own inside the plate, turned along its front edge.
pub(super) fn floor_title(xml: &mut Xml, plate: &PlatePart) {
    if plate.title_drawn.is_empty() {
        return;
    }
    let ((x, y), size) = plate.title_at;
    let (w, h) = (plate.title_drawn.chars().count() as f64 * size * 0.6 + 8.0, size * 1.5);
    // draw.io turns a cell around its middle; this puts the text's beginning at the title's place.
    let (cos, sin) = (30_f64.to_radians().cos(), 30_f64.to_radians().sin());
    let middle = (x + w / 2.0 * cos + h * 0.3 * sin, y + w / 2.0 * sin - h * 0.3 * cos);
    let rect = Rect::new(middle.0 - w / 2.0 - plate.bounds.x, middle.1 - h / 2.0 - plate.bounds.y, w, h);
    let mut style = Style::new();
    style.word("text;fillColor=none;strokeColor=none;html=0;align=left;verticalAlign=middle;rotation=30;whiteSpace=nowrap;overflow=visible;connectable=0");
    style.font(size, plate.title_color, true);
    xml.open("mxCell");
    xml.attr("id", format_args!("{}-title", plate.id));
    xml.text_attr("value", &plate.title_drawn);
    xml.text_attr("style", &style.0);
    xml.attr("vertex", 1);
    xml.attr("parent", plate.id);
    xml.end_open();
    geometry(xml, rect);
    xml.close("mxCell");
    xml.raw("\n");
}
