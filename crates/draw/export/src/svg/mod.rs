//! A scene as SVG: one text, no scripts, no references to anything outside, everything that came
//! from AWS escaped. What Cloudcraft's SDKs look for in a drawing (the head, the grid's pattern, the
//! interaction layer) is here too.

mod item;
mod xml;

use isobar_scene::FAMILIES;
use isobar_scene::scene::{Grid, Scene};

pub(crate) use xml::{Short, Xml, number};

/// Writes the scene.
pub fn write(scene: &Scene) -> String {
    let mut xml = Xml::with_capacity(20_000 + scene.nodes.len() * 900);
    xml.raw("<?xml version=\"1.0\" standalone=\"no\"?>\n<!DOCTYPE svg>\n");
    let page = scene.page;
    xml.open("svg");
    xml.attr("xmlns", "http://www.w3.org/2000/svg");
    xml.attr("xmlns:xlink", "http://www.w3.org/1999/xlink");
    xml.attr("width", scene.canvas.0);
    xml.attr("height", scene.canvas.1);
    xml.attr(
        "viewBox",
        format_args!("{} {} {} {}", number(page.x), number(page.y), number(page.w), number(page.h)),
    );
    xml.attr("font-family", FAMILIES);
    xml.attr("role", "img");
    xml.text_attr("aria-label", &scene.title);
    xml.end_open();
    xml.element_with_text("title", &scene.title);
    xml.open("defs");
    xml.end_open();
    if let Some(grid) = &scene.grid {
        pattern(&mut xml, grid);
    }
    item::gradients(&mut xml, &scene.gradients);
    item::symbols(&mut xml, scene);
    xml.close("defs");
    let whole = |xml: &mut Xml| {
        xml.attr("x", number(page.x));
        xml.attr("y", number(page.y));
        xml.attr("width", number(page.w));
        xml.attr("height", number(page.h));
    };
    if let Some(color) = scene.background {
        xml.open("rect");
        whole(&mut xml);
        xml.attr("fill", color);
        xml.end_empty();
    }
    if scene.grid.is_some() {
        xml.open("rect");
        whole(&mut xml);
        xml.attr("fill", "url(#gridPatternMajor)");
        xml.end_empty();
    }
    for item in &scene.items {
        item::write(&mut xml, scene, item);
    }
    // What a page that embeds the drawing listens on; it lies on top and paints nothing. Two
    // of Cloudcraft's SDK suites look for exactly these attributes in this order.
    xml.open("g");
    xml.attr("fill", "none");
    xml.attr("id", "interactionLayer");
    xml.attr("pointer-events", "none");
    xml.end_open();
    xml.open("rect");
    whole(&mut xml);
    xml.end_empty();
    xml.close("g");
    xml.close("svg");
    xml.raw("\n");
    xml.finish()
}

/// One cell of the grid; the pattern repeats it over the page.
fn pattern(xml: &mut Xml, grid: &Grid) {
    xml.open("pattern");
    xml.attr("id", "gridPatternMajor");
    xml.attr("patternUnits", "userSpaceOnUse");
    xml.attr("width", number(grid.cell));
    xml.attr("height", number(grid.cell));
    xml.attr("patternTransform", item::matrix(&grid.matrix));
    xml.end_open();
    xml.open("path");
    let cell = number(grid.cell);
    xml.attr("d", format_args!("M0 0H{cell}M0 0V{cell}"));
    xml.attr("fill", "none");
    xml.attr("stroke", grid.color);
    xml.attr("stroke-width", 2);
    xml.end_empty();
    xml.close("pattern");
}

#[cfg(test)]
mod tests;
