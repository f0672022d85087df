//! Title block and legend as cells, which can be moved or deleted like any other; they lie where the
//! scene has them.

use std::collections::BTreeSet;

use isobar_graph::{Family, Flow};
use isobar_layout::Rect;
use isobar_scene::scene::{Scene, Stroke};

use super::cell::{Style, geometry};
use crate::svg::{Xml, number};

/// Writes both.
pub(super) fn write(xml: &mut Xml, scene: &Scene) {
    legend(xml, scene);
    title_block(xml, scene);
}

/// What is in use: families as swatches, flows as lines.
fn legend(xml: &mut Xml, scene: &Scene) {
    let families: BTreeSet<Family> = scene.nodes.iter().map(|node| node.family).collect();
    let families: Vec<Family> = families.into_iter().filter(|&family| family != Family::Neutral).collect();
    let mut flows: Vec<(Flow, Stroke)> = Vec::new();
    for edge in &scene.edges {
        if !flows.iter().any(|(flow, _)| *flow == edge.flow) {
            flows.push((edge.flow, edge.stroke));
        }
    }
    flows.sort_by_key(|(flow, _)| *flow);
    let rows = families.len().max(flows.len());
    if rows == 0 {
        return;
    }
    let height = 22.0 + 21.0 * rows as f64;
    let width = if flows.is_empty() { 150.0 } else { 290.0 };
    let (x, y) = match scene.legend {
        Some(place) => (place.x - scene.page.x, place.bottom() - scene.page.y - height),
        None => (28.0, scene.page.h - height - 28.0),
    };
    let mut style = Style::new();
    style.word("rounded=1;absoluteArcSize=1;arcSize=20;html=0;container=1;collapsible=0;connectable=0");
    style.set("fillColor", scene.palette.card);
    style.set("strokeColor", scene.palette.card_line);
    block(xml, "legend", "", &style, Rect::new(x, y, width, height), "1");
    let words = "html=0;whiteSpace=nowrap;overflow=visible;connectable=0;labelPosition=right;align=left;verticalLabelPosition=middle;verticalAlign=middle";
    for (row, family) in families.into_iter().enumerate() {
        let mut style = Style::new();
        style.word(words);
        style.word("rounded=1;absoluteArcSize=1;arcSize=8;strokeColor=none;spacingLeft=8");
        style.set("fillColor", scene.palette.family(family));
        style.font(12.0, scene.palette.ink, false);
        let id = format!("legend-{family}");
        block(
            xml,
            &id,
            family.as_str(),
            &style,
            Rect::new(16.0, 14.0 + 21.0 * row as f64, 14.0, 14.0),
            "legend",
        );
    }
    for (row, (flow, stroke)) in flows.into_iter().enumerate() {
        let mut style = Style::new();
        style.word(words);
        style.word("shape=line;spacingLeft=8");
        style.set("strokeColor", stroke.color);
        style.set("strokeWidth", number(stroke.width));
        if let Some(dash) = stroke.dash {
            style.word("dashed=1;fixDash=1");
            style.set("dashPattern", dash);
        }
        style.font(12.0, scene.palette.ink, false);
        let id = format!("legend-{flow}-line");
        block(
            xml,
            &id,
            flow.as_str(),
            &style,
            Rect::new(136.0, 16.0 + 21.0 * row as f64, 40.0, 10.0),
            "legend",
        );
    }
}

/// The title block, with its notice of a partial scan.
fn title_block(xml: &mut Xml, scene: &Scene) {
    if scene.facts.is_empty() {
        return;
    }
    let (palette, width) = (&scene.palette, 372.0);
    let height = 24.0 + 18.0 * scene.facts.len() as f64;
    let notice = if scene.notice.is_empty() { 0.0 } else { 16.0 + 16.0 * scene.notice.len() as f64 };
    let (x, y) = match scene.title_block {
        Some(place) => {
            (place.right() - scene.page.x - width, place.bottom() - scene.page.y - height - notice)
        }
        None => (scene.page.w - width - 28.0, scene.page.h - height - notice - 28.0),
    };
    let lines: Vec<String> = scene
        .facts
        .iter()
        .map(
            |(heading, value)| if heading.is_empty() { value.clone() } else { format!("{heading}: {value}") },
        )
        .collect();
    let mut style = Style::new();
    style.word("rounded=1;absoluteArcSize=1;arcSize=20;html=0;whiteSpace=nowrap;align=left;verticalAlign=middle;spacingLeft=14");
    style.set("fillColor", palette.card);
    style.set("strokeColor", palette.card_line);
    style.font(12.0, palette.ink, false);
    block(xml, "title-block", &lines.join("\n"), &style, Rect::new(x, y, width, height), "1");
    if notice > 0.0 {
        let mut style = Style::new();
        style.word("rounded=1;absoluteArcSize=1;arcSize=12;html=0;whiteSpace=nowrap;align=left;verticalAlign=middle;spacingLeft=14");
        style.set("fillColor", palette.warning_card);
        style.set("strokeColor", palette.warning);
        style.font(12.0, palette.warning, false);
        let text = scene.notice.join("\n");
        block(xml, "partial", &text, &style, Rect::new(x, y + height + 6.0, width, notice - 6.0), "1");
    }
}

fn block(xml: &mut Xml, id: &str, text: &str, style: &Style, rect: Rect, parent: &str) {
    xml.open("mxCell");
    xml.attr("id", id);
    xml.text_attr("value", text);
    xml.text_attr("style", style.as_str());
    xml.attr("vertex", 1);
    xml.attr("parent", parent);
    xml.end_open();
    geometry(xml, rect);
    xml.close("mxCell");
    xml.raw("\n");
}
