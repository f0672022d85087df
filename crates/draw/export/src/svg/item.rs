//! Groups, shapes, texts and symbols of a scene as SVG elements.

use std::fmt::{self, Display};

use isobar_scene::geom::{Matrix, Xy};
use isobar_scene::scene::{Anchor, Fill, Gradient, Item, Mark, Outline, Scene, Shape, Stroke, Text};

use super::xml::{Xml, number, tenth};

pub(super) fn gradients(xml: &mut Xml, list: &[Gradient]) {
    for (at, gradient) in list.iter().enumerate() {
        let name = if gradient.radial { "radialGradient" } else { "linearGradient" };
        xml.open(name);
        xml.attr("id", format_args!("g{at}"));
        if gradient.radial {
            xml.raw(" cx=\".36\" cy=\".3\" r=\".78\"");
        }
        xml.end_open();
        for (offset, color) in &gradient.stops {
            xml.open("stop");
            xml.attr("offset", Thousandth(*offset));
            xml.attr("stop-color", color);
            xml.end_empty();
        }
        xml.close(name);
    }
}

pub(super) fn symbols(xml: &mut Xml, scene: &Scene) {
    for symbol in &scene.symbols {
        xml.open("g");
        xml.attr("id", &symbol.name);
        xml.end_open();
        for item in &symbol.items {
            write(xml, scene, item);
        }
        xml.close("g");
    }
}

pub(super) fn write(xml: &mut Xml, scene: &Scene, item: &Item) {
    match item {
        Item::Shape(shape) => write_shape(xml, shape),
        Item::Text(text) => write_text(xml, text),
        Item::Use { symbol, at, scale } => {
            let Some(symbol) = scene.symbols.get(*symbol) else { return };
            xml.open("use");
            xml.attr("xlink:href", format_args!("#{}", symbol.name));
            if *scale == 1.0 {
                xml.attr("x", tenth(at.0));
                xml.attr("y", tenth(at.1));
            } else {
                let map = [*scale, 0.0, 0.0, *scale, at.0, at.1];
                xml.attr("transform", matrix(&map));
            }
            xml.end_empty();
        }
        Item::Group(group) => {
            if group.items.is_empty() {
                return;
            }
            xml.open("g");
            match &group.mark {
                Mark::Layer(name) => xml.attr("id", name),
                Mark::Label(id) => xml.attr("data-label", id),
                Mark::Thing { role, id, kind, arn, title } => {
                    xml.attr("data-id", id);
                    xml.text_attr("data-type", kind);
                    if let Some(arn) = arn {
                        xml.text_attr("data-arn", arn);
                    }
                    xml.attr("data-role", role);
                    xml.end_open();
                    xml.element_with_text("title", title);
                }
            }
            if !matches!(group.mark, Mark::Thing { .. }) {
                xml.end_open();
            }
            for item in &group.items {
                write(xml, scene, item);
            }
            xml.close("g");
            xml.raw("\n");
        }
    }
}

fn write_shape(xml: &mut Xml, shape: &Shape) {
    match &shape.outline {
        Outline::Polygon(points) => {
            xml.open("path");
            xml.attr("d", Points { points, close: true });
        }
        Outline::Line(points) => {
            xml.open("path");
            xml.attr("d", Points { points, close: false });
        }
        Outline::Path(data) => {
            xml.open("path");
            xml.attr("d", data);
        }
        Outline::Rect(rect, radius) => {
            xml.open("rect");
            xml.attr("x", tenth(rect.x));
            xml.attr("y", tenth(rect.y));
            xml.attr("width", tenth(rect.w));
            xml.attr("height", tenth(rect.h));
            xml.attr("rx", tenth(*radius));
        }
        Outline::Ellipse(center, radii) => {
            xml.open("ellipse");
            xml.attr("cx", tenth(center.0));
            xml.attr("cy", tenth(center.1));
            xml.attr("rx", tenth(radii.0));
            xml.attr("ry", tenth(radii.1));
        }
    }
    match shape.fill {
        None => xml.attr("fill", "none"),
        Some(Fill::Flat(color)) => xml.attr("fill", color),
        Some(Fill::Gradient(at)) => xml.attr("fill", format_args!("url(#g{at})")),
    }
    if shape.fill.is_some() && shape.fill_opacity < 1.0 {
        xml.attr("fill-opacity", Thousandth(shape.fill_opacity));
    }
    if let Some(line) = &shape.stroke {
        write_stroke(xml, line);
    }
    if let Some(map) = &shape.matrix {
        xml.attr("transform", matrix(map));
    }
    xml.end_empty();
}

fn write_stroke(xml: &mut Xml, line: &Stroke) {
    xml.attr("stroke", line.color);
    xml.attr("stroke-width", number(line.width));
    if line.opacity < 1.0 {
        xml.attr("stroke-opacity", Thousandth(line.opacity));
    }
    if let Some(dash) = line.dash {
        xml.attr("stroke-dasharray", dash);
    }
    if line.round {
        xml.raw(" stroke-linecap=\"round\"");
    }
    xml.raw(" stroke-linejoin=\"round\"");
}

fn write_text(xml: &mut Xml, text: &Text) {
    if text.text.is_empty() {
        return;
    }
    xml.open("text");
    xml.attr("x", tenth(text.at.0));
    xml.attr("y", tenth(text.at.1));
    xml.attr("font-size", tenth(text.size));
    xml.attr("font-weight", text.weight.number());
    xml.attr("fill", text.color);
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => xml.raw(" text-anchor=\"middle\""),
        Anchor::End => xml.raw(" text-anchor=\"end\""),
    }
    if let Some((halo, _)) = text.halo {
        xml.attr("stroke", halo);
        xml.attr("stroke-width", tenth(text.size * 0.32));
        xml.raw(" stroke-linejoin=\"round\" paint-order=\"stroke\"");
    }
    if let Some(map) = &text.matrix {
        xml.attr("transform", matrix(map));
    }
    xml.end_open();
    write_runs(xml, &text.text);
    xml.close("text");
}

/// The words, with runs of Arabic named as such: its ligatures make a shaper that changes faces
/// glyph by glyph lose its place.
fn write_runs(xml: &mut Xml, text: &str) {
    let arabic =
        |c: char| matches!(u32::from(c), 0x600..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC);
    let mut rest = text;
    while let Some(start) = rest.find(arabic) {
        let (before, run) = rest.split_at(start);
        // A blank between two Arabic words belongs to the run, one at its end does not.
        let end = run.find(|c: char| !arabic(c) && c != ' ').unwrap_or(run.len());
        let length = run[..end].trim_end_matches(' ').len();
        xml.text(before);
        xml.raw("<tspan font-family=\"'Noto Sans Arabic', 'Segoe UI', Tahoma, sans-serif\">");
        xml.text(&run[..length]);
        xml.raw("</tspan>");
        rest = &run[length..];
    }
    xml.text(rest);
}

/// `matrix(...)` with enough digits for angles and few for places.
pub(super) fn matrix(map: &Matrix) -> impl Display + use<> {
    let [a, b, c, d, e, f] = *map;
    Rendered(move |out: &mut fmt::Formatter<'_>| {
        let (a, b, c, d) = (Fine(a), Fine(b), Fine(c), Fine(d));
        write!(out, "matrix({a} {b} {c} {d} {} {})", number(e), number(f))
    })
}

struct Rendered<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> Display for Rendered<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// Four decimals, trailing zeros dropped.
struct Fine(f64);

impl Display for Fine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.4}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        let text = if text == "-0" { "0" } else { text };
        match (text.strip_prefix("0."), text.strip_prefix("-0.")) {
            (Some(rest), _) => write!(f, ".{rest}"),
            (_, Some(rest)) => write!(f, "-.{rest}"),
            _ => f.write_str(text),
        }
    }
}

/// Three decimals, trailing zeros dropped.
struct Thousandth(f64);

impl Display for Thousandth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fine((self.0 * 1000.0).round() / 1000.0).fmt(f)
    }
}

/// Path data of a run of points.
struct Points<'a> {
    points: &'a [Xy],
    close: bool,
}

impl Display for Points<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, point) in self.points.iter().enumerate() {
            f.write_str(if at == 0 { "M" } else { "L" })?;
            write!(f, "{} {}", tenth(point.0), tenth(point.1))?;
        }
        if self.close { f.write_str("Z") } else { Ok(()) }
    }
}
