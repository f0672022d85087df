//! Title block and legend as cells, which can be moved or deleted like any other; they lie where the
//! scene has them.

use std::collections::BTreeSet;

use isobar_graph::{Family, Flow};
use isobar_layout::{OverlayKind, PlateKind, Rect};
use isobar_scene::scene::{Scene, Stroke};
use isobar_scene::{Color, NAMED_PLATES, Palette, flow_name};

use super::cell::{Style, geometry};
use super::stroke;
use crate::svg::Xml;

/// Writes both.
pub(super) fn write(xml: &mut Xml, scene: &Scene) {
    legend(xml, scene);
    title_block(xml, scene);
}

/// What is in use: families as swatches, flows as arrows, containers and frames as they are drawn.
fn legend(xml: &mut Xml, scene: &Scene) {
    let palette = &scene.palette;
    let families: BTreeSet<Family> = scene.nodes.iter().map(|node| node.family).collect();
    let families: Vec<Family> = families.into_iter().filter(|&family| family != Family::Neutral).collect();
    let mut flows: Vec<(Flow, Stroke)> = Vec::new();
    for edge in &scene.edges {
        if !flows.iter().any(|(flow, _)| *flow == edge.flow) {
            flows.push((edge.flow, Stroke { width: 2.2, ..edge.stroke }));
        }
    }
    flows.sort_by_key(|(flow, _)| *flow);
    let kinds: BTreeSet<PlateKind> = scene.plates.iter().map(|plate| plate.kind).collect();
    let tiers: Vec<_> = NAMED_PLATES.into_iter().filter(|(kind, _)| kinds.contains(kind)).collect();
    let mut frames: Vec<(OverlayKind, Stroke)> = Vec::new();
    for part in &scene.outlines {
        if !frames.iter().any(|(kind, _)| *kind == part.kind) {
            frames.push((part.kind, part.stroke));
        }
    }
    frames.sort_by_key(|(kind, _)| *kind);
    let right = flows.len() + tiers.len() + frames.len();
    let rows = families.len().max(right);
    if rows == 0 {
        return;
    }
    let gap = if flows.is_empty() || tiers.is_empty() { 0.0 } else { 6.0 };
    let height = 22.0 + 21.0 * rows as f64 + gap;
    let column = if families.is_empty() { 16.0 } else { 142.0 };
    let width = if right == 0 { 150.0 } else { column + 170.0 };
    let (x, y) = match scene.legend {
        Some(place) => (place.x - scene.page.x, place.bottom() - scene.page.y - height),
        None => (28.0, scene.page.h - height - 28.0),
    };
    card(xml, "legend", palette, Rect::new(x, y, width, height));
    let words = "html=0;whiteSpace=nowrap;overflow=visible;connectable=0;labelPosition=right;align=left;verticalLabelPosition=middle;verticalAlign=middle;spacingLeft=8";
    let row = |xml: &mut Xml, id: &str, text: &str, mut style: Style, rect: Rect| {
        style.word(words);
        style.font(12.0, palette.ink, false);
        block(xml, &format!("legend-{id}"), text, &style, rect, "legend");
    };
    let swatch = "rounded=1;absoluteArcSize=1;arcSize=8";
    for (at, family) in families.into_iter().enumerate() {
        let mut style = Style::new();
        style.word(swatch);
        style.word("strokeColor=none");
        style.set("fillColor", palette.family(family));
        row(
            xml,
            family.as_str(),
            family.as_str(),
            style,
            Rect::new(16.0, 15.0 + 21.0 * at as f64, 14.0, 14.0),
        );
    }
    let mut y = 22.0;
    for (flow, line) in flows {
        let mut style = Style::new();
        style.word("shape=line");
        stroke(&mut style, &line);
        let id = format!("{flow}-line");
        row(xml, &id, flow_name(flow), style, Rect::new(column, y - 5.0, 42.0, 10.0));
        let mut head = Style::new();
        head.word("shape=triangle;html=0;connectable=0;strokeColor=none");
        head.set("fillColor", line.color);
        let rect = Rect::new(column + 34.0, y - 4.5, 10.0, 9.0);
        block(xml, &format!("legend-{flow}-head"), "", &head, rect, "legend");
        y += 21.0;
    }
    y += gap;
    for (kind, name) in tiers {
        let tint = palette.plate(kind);
        let mut style = Style::new();
        style.word(swatch);
        style.set("fillColor", tint.fill.map_or_else(|| "none".to_owned(), |color| color.to_string()));
        let line = Stroke {
            color: tint.line,
            width: 1.2,
            opacity: 1.0,
            dash: tint.dash.map(|_| "4 3"),
            round: false,
        };
        stroke(&mut style, &line);
        row(xml, &name.replace(' ', "-"), name, style, Rect::new(column + 12.0, y - 7.0, 30.0, 14.0));
        y += 21.0;
    }
    for (kind, line) in frames {
        let mut style = Style::new();
        style.word(swatch);
        style.word("fillColor=none");
        stroke(&mut style, &line);
        row(xml, kind.as_str(), kind.name(), style, Rect::new(column + 12.0, y - 7.0, 30.0, 14.0));
        y += 21.0;
    }
}

const WIDTH: f64 = 372.0;
const HEAD: f64 = 46.0;
const ROW: f64 = 41.0;
const WIDE_ROW: f64 = 26.0;

/// The title block, with its notice of a partial scan: the headline, four facts two to a row, and
/// what was left out on request.
fn title_block(xml: &mut Xml, scene: &Scene) {
    let Some(((_, title), facts)) = scene.facts.split_first() else { return };
    let palette = &scene.palette;
    let (pairs, rows) = facts.split_at(facts.len().min(4));
    let notice = if scene.notice.is_empty() { 0.0 } else { 22.0 + 17.0 * scene.notice.len() as f64 };
    let pairs_high = ROW * pairs.len().div_ceil(2) as f64;
    let height = HEAD + pairs_high + WIDE_ROW * rows.len() as f64;
    let (x, y) = match scene.title_block {
        Some(place) => {
            (place.right() - scene.page.x - WIDTH, place.bottom() - scene.page.y - height - notice)
        }
        None => (scene.page.w - WIDTH - 28.0, scene.page.h - height - notice - 28.0),
    };
    card(xml, "title-block", palette, Rect::new(x, y, WIDTH, height + notice));
    let text = |xml: &mut Xml, id: &str, text: &str, (size, color, bold): Face, rect: Rect| {
        let mut style = Style::new();
        style.word("text;html=0;whiteSpace=nowrap;overflow=hidden;connectable=0;align=left;verticalAlign=middle;spacing=0");
        style.font(size, color, bold);
        block(xml, &format!("title-block-{id}"), text, &style, rect, "title-block");
    };
    let rule = |xml: &mut Xml, id: &str, rect: Rect| {
        let mut style = Style::new();
        style.word(if rect.w < rect.h { "shape=line;direction=south" } else { "shape=line" });
        style.word("html=0;connectable=0");
        style.set("strokeColor", palette.card_line);
        block(xml, &format!("title-block-{id}"), "", &style, rect, "title-block");
    };
    let (head, value) = ((10.5, palette.muted, false), (13.0, palette.ink, true));
    text(xml, "title", title, (17.0, palette.ink, true), Rect::new(16.0, 10.0, WIDTH - 32.0, 26.0));
    rule(xml, "rule-0", Rect::new(0.0, HEAD - 5.0, WIDTH, 10.0));
    if pairs_high > ROW {
        rule(xml, "rule-1", Rect::new(0.0, HEAD + ROW - 5.0, WIDTH, 10.0));
    }
    rule(xml, "rule-2", Rect::new(WIDTH / 2.0 - 5.0, HEAD, 10.0, pairs_high));
    for (at, (heading, fact)) in pairs.iter().enumerate() {
        let (x, y) = (16.0 + WIDTH / 2.0 * (at % 2) as f64, HEAD + ROW * (at / 2) as f64);
        let room = WIDTH / 2.0 - 24.0;
        text(xml, &format!("heading-{at}"), heading, head, Rect::new(x, y + 5.0, room, 14.0));
        text(xml, &format!("fact-{at}"), fact, value, Rect::new(x, y + 19.0, room, 17.0));
    }
    for (at, (heading, fact)) in rows.iter().enumerate() {
        let y = HEAD + pairs_high + WIDE_ROW * at as f64;
        let at = at + pairs.len();
        rule(xml, &format!("rule-{at}"), Rect::new(0.0, y - 5.0, WIDTH, 10.0));
        text(xml, &format!("heading-{at}"), heading, head, Rect::new(16.0, y + 5.0, 56.0, 16.0));
        text(
            xml,
            &format!("fact-{at}"),
            fact,
            (12.0, palette.ink, true),
            Rect::new(76.0, y + 5.0, WIDTH - 92.0, 16.0),
        );
    }
    if notice > 0.0 {
        self::notice(xml, scene, Rect::new(6.0, height + 2.0, WIDTH - 12.0, notice - 8.0), text);
    }
}

/// What a cell of text is set in: size, colour, heaviness.
type Face = (f64, Color, bool);

/// An amber strip along the card's foot: a triangle with a mark, what is missing beside it.
fn notice(xml: &mut Xml, scene: &Scene, strip: Rect, text: impl Fn(&mut Xml, &str, &str, Face, Rect)) {
    let palette = &scene.palette;
    let mut style = Style::new();
    style.word("rounded=1;absoluteArcSize=1;arcSize=12;html=0;connectable=0");
    style.set("fillColor", palette.warning_card);
    style.set("strokeColor", palette.warning);
    block(xml, "title-block-partial", "", &style, strip, "title-block");
    let mut style = Style::new();
    style.word("shape=triangle;direction=north;html=0;connectable=0;fillColor=none;strokeWidth=1.6");
    style.word("align=center;verticalAlign=bottom;spacing=0");
    style.set("strokeColor", palette.warning);
    style.font(10.0, palette.warning, true);
    let mark = Rect::new(16.5, strip.y + 7.0, 15.0, 13.5);
    block(xml, "title-block-partial-mark", "!", &style, mark, "title-block");
    for (row, line) in scene.notice.iter().enumerate() {
        let face = if row == 0 { (13.0, palette.warning, true) } else { (11.0, palette.ink, false) };
        let rect = Rect::new(40.0, strip.y + 6.0 + 17.0 * row as f64, WIDTH - 60.0, 17.0);
        text(xml, &format!("partial-{row}"), line, face, rect);
    }
}

/// A card to stand words on: what is on it moves with it.
fn card(xml: &mut Xml, id: &str, palette: &Palette, rect: Rect) {
    let mut style = Style::new();
    style.word("rounded=1;absoluteArcSize=1;arcSize=20;html=0;container=1;collapsible=0;recursiveResize=0;connectable=0");
    style.set("fillColor", palette.card);
    style.set("strokeColor", palette.card_line);
    block(xml, id, "", &style, rect, "1");
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
