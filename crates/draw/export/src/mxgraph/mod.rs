//! A scene as an mxGraph file that draw.io opens: every container, resource and line an editable
//! cell, containers nested, lines bound to their ends, icons as vector stencils of our own.
//!
//! The file is plain XML, not draw.io's compressed form, so that a diff can be read.

mod cell;
mod edge;
mod furniture;
mod stencil;

use std::collections::BTreeSet;

use isobar_layout::Rect;
use isobar_model::Tags;
use isobar_scene::scene::{NodePart, OutlinePart, PlatePart, Scene, Stroke};
use uuid::Uuid;

use crate::svg::{Xml, number};
use cell::{Side, Style, geometry};

/// Writes the scene.
pub fn write(scene: &Scene) -> String {
    let mut xml = Xml::with_capacity(8_000 + scene.nodes.len() * 1_500);
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.open("mxfile");
    xml.attr("host", "isobar");
    xml.attr("type", "device");
    xml.end_open();
    xml.open("diagram");
    xml.text_attr("name", &scene.title);
    xml.attr("id", "isobar");
    xml.end_open();
    xml.open("mxGraphModel");
    xml.attr("grid", u8::from(scene.grid.is_some()));
    xml.attr("gridSize", 10);
    xml.attr("guides", 1);
    xml.attr("tooltips", 1);
    xml.attr("connect", 1);
    xml.attr("arrows", 1);
    xml.attr("fold", 1);
    xml.attr("page", 0);
    xml.attr("pageWidth", number(scene.page.w.ceil()));
    xml.attr("pageHeight", number(scene.page.h.ceil()));
    xml.attr("math", 0);
    xml.attr("shadow", 0);
    if let Some(color) = scene.background {
        xml.attr("background", color);
    }
    xml.end_open();
    xml.open("root");
    xml.end_open();
    xml.raw("<mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\n");
    for plate in &scene.plates {
        write_plate(&mut xml, scene, plate);
    }
    let floors = edge::Floors::of(scene);
    // Words are painted with their line: what crosses them comes first.
    let (worded, plain): (Vec<_>, Vec<_>) = scene.edges.iter().partition(|edge| edge.words.is_some());
    for edge in plain.into_iter().chain(worded) {
        edge::write(&mut xml, scene, edge, &floors);
    }
    let shapes = stencil::all(scene);
    let mut order: Vec<&NodePart> = scene.nodes.iter().collect();
    order.sort_by(|a, b| a.bounds.bottom().total_cmp(&b.bounds.bottom()).then(a.id.cmp(&b.id)));
    for node in order {
        write_node(&mut xml, scene, node, &shapes);
    }
    for outline in &scene.outlines {
        write_outline(&mut xml, scene, outline);
    }
    furniture::write(&mut xml, scene);
    xml.close("root");
    xml.close("mxGraphModel");
    xml.close("diagram");
    xml.close("mxfile");
    xml.raw("\n");
    xml.finish()
}

/// A box relative to the plate that holds it, as nested cells want it.
fn relative(scene: &Scene, bounds: Rect, parent: Option<usize>) -> Rect {
    let (x, y) = origin(scene, parent);
    Rect::new(bounds.x - x, bounds.y - y, bounds.w, bounds.h)
}

/// Where the coordinates of a plate's children begin.
fn origin(scene: &Scene, parent: Option<usize>) -> (f64, f64) {
    let around = parent.and_then(|at| scene.plates.get(at)).map_or(scene.page, |plate| plate.bounds);
    (around.x, around.y)
}

fn parent_id(scene: &Scene, parent: Option<usize>) -> String {
    parent.and_then(|at| scene.plates.get(at)).map_or_else(|| "1".to_owned(), |plate| plate.id.to_string())
}

/// The opening of a cell that carries data: draw.io shows it under "Edit data" and as tooltip.
fn open_object(xml: &mut Xml, id: Uuid, label: &str, tooltip: &str, data: &[(&str, &str)], tags: &Tags) {
    xml.open("object");
    xml.text_attr("label", label);
    xml.text_attr("tooltip", tooltip);
    for (name, value) in data {
        xml.text_attr(name, value);
    }
    let mut seen = BTreeSet::new();
    for (key, value) in tags.iter() {
        let name = attribute_of(key);
        // Two keys may come to one name; XML allows it once.
        if !seen.contains(&name) {
            xml.text_attr(&name, value);
            seen.insert(name);
        }
    }
    xml.attr("id", id);
    xml.end_open();
}

/// A tag's key as the name of an attribute.
fn attribute_of(key: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    format!("tag_{}", key.chars().take(128).map(safe).collect::<String>())
}

fn write_plate(xml: &mut Xml, scene: &Scene, plate: &PlatePart) {
    let flat = scene.projection == isobar_layout::Projection::Flat;
    let mut style = Style::new();
    if flat {
        style.word("rounded=1;absoluteArcSize=1");
        style.set("arcSize", number(plate.radius * 2.0));
        style.word("verticalAlign=top;align=left;spacing=0");
        let ((x, y), size) = plate.title_at;
        style.set("spacingLeft", number(x - plate.bounds.x));
        style.set("spacingTop", number((y - 0.95 * size - plate.bounds.y).max(0.0)));
    } else {
        style.set("shape", format_args!("stencil({})", stencil::plate(plate, scene.palette.lip)));
        style.word("noLabel=1");
    }
    style.word(
        "html=0;whiteSpace=nowrap;overflow=visible;container=1;collapsible=0;recursiveResize=0;connectable=1",
    );
    style.set("fillColor", plate.fill.map_or_else(|| "none".to_owned(), |color| color.to_string()));
    style.set("strokeColor", plate.stroke.color);
    style.set("strokeWidth", number(plate.stroke.width));
    if let Some(dash) = plate.stroke.dash {
        style.word("dashed=1;fixDash=1");
        style.set("dashPattern", dash);
    }
    style.font(plate.title_at.1, plate.title_color, true);
    let arn = plate.arn.as_deref().unwrap_or("");
    let data = [("arn", arn), ("type", &*plate.component)];
    let label = if flat { plate.title_drawn.as_str() } else { plate.title.as_str() };
    open_object(xml, plate.id, label, &plate.tooltip, &data, &plate.tags);
    cell::vertex(xml, &style, &parent_id(scene, plate.parent));
    geometry(xml, relative(scene, plate.bounds, plate.parent));
    xml.close("mxCell");
    xml.close("object");
    xml.raw("\n");
    if !flat {
        cell::floor_title(xml, plate);
    }
}

/// How far below its box's upper edge mxGraph begins a text.
const TOP: f64 = 5.0;

fn write_node(xml: &mut Xml, scene: &Scene, node: &NodePart, shapes: &[stencil::Stencil]) {
    let Some(shape) = shapes.get(node.symbol) else { return };
    let mut style = Style::new();
    style.set("shape", format_args!("stencil({})", shape.data));
    style.word("html=0;whiteSpace=nowrap;overflow=visible;aspect=fixed;perimeter=ellipsePerimeter");
    style.set("fillColor", scene.palette.family(node.family));
    style.set("strokeColor", scene.palette.glyph);
    style.set("strokeWidth", "2");
    // The label as drawn, by an offset from where the editor would put it; the whole name is data.
    let mut label = String::new();
    let mut offset = (0.0, 0.0);
    match &node.label {
        Some(part) => {
            label = part.lines[..part.names.min(part.lines.len())].join("\n");
            style.font(12.0 * part.scale, scene.palette.ink, true);
            style.set("labelBackgroundColor", node.ground);
            let (own, there) = (node.bounds, part.bounds);
            match Side::of(own, there) {
                Side::Below => {
                    style.word("verticalLabelPosition=bottom;verticalAlign=top;align=center;spacing=0");
                    offset = (there.center().x - own.center().x, there.y - own.bottom() - TOP);
                }
                side => {
                    style.word(if side == Side::Right {
                        "labelPosition=right;align=left"
                    } else {
                        "labelPosition=left;align=right"
                    });
                    style.word("verticalLabelPosition=middle;verticalAlign=middle;spacing=0");
                    offset.0 =
                        if side == Side::Right { there.x - own.right() } else { there.right() - own.x };
                    let name = there.h * part.names as f64 / part.lines.len().max(1) as f64;
                    offset.1 = there.y + name / 2.0 - own.center().y;
                }
            }
        }
        None => style.word("noLabel=1"),
    }
    let data = [("arn", &*node.arn), ("type", &*node.component), ("name", node.name.as_str())];
    open_object(xml, node.id, &label, &node.tooltip, &data, &node.tags);
    cell::vertex(xml, &style, &parent_id(scene, node.plate));
    cell::labelled_geometry(xml, relative(scene, node.bounds, node.plate), offset);
    xml.close("mxCell");
    xml.close("object");
    xml.raw("\n");
    cell::small_line(xml, node, scene.palette.muted);
}

/// How a line is drawn.
fn stroke(style: &mut Style, stroke: &Stroke) {
    style.set("strokeColor", stroke.color);
    style.set("strokeWidth", number(stroke.width));
    if let Some(dash) = stroke.dash {
        style.word("dashed=1;fixDash=1");
        style.set("dashPattern", dash);
    }
    if stroke.round {
        style.word("linecap=round");
    }
}

/// A group's frame: a closed line of its own, so that what is inside can still be picked and moved.
fn write_outline(xml: &mut Xml, scene: &Scene, part: &OutlinePart) {
    let mut style = Style::new();
    style.word("html=0;rounded=1;arcSize=16;edgeStyle=none;endArrow=none;startArrow=none");
    stroke(&mut style, &part.stroke);
    style.font(10.5, part.stroke.color, true);
    style.set("labelBackgroundColor", "none");
    let data = [("arn", &*part.arn), ("type", part.kind.as_str())];
    open_object(
        xml,
        part.id,
        &part.name,
        &format!("{} {}", part.kind.name(), part.name),
        &data,
        &Tags::default(),
    );
    cell::edge(xml, &style, &parent_id(scene, part.plate), None, None);
    let (x, y) = origin(scene, part.plate);
    let mut points: Vec<(f64, f64)> = part.outline.iter().map(|p| (p.0 - x, p.1 - y)).collect();
    points.extend(points.first().copied());
    cell::waypoints(xml, &points, None);
    xml.close("mxCell");
    xml.close("object");
    xml.raw("\n");
}

#[cfg(test)]
mod tests;
