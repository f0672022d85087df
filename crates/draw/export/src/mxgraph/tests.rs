//! Scenes as mxGraph: small drawings in, cells and their nesting out.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use base64::Engine;
use isobar_layout::{Projection, Rect};
use isobar_scene::{Style, paint};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::write;
use crate::orders;

/// Every element with its attributes, unescaped.
fn elements(xml: &str) -> Vec<(String, HashMap<String, String>)> {
    let mut reader = Reader::from_str(xml);
    let mut out = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.expect("a well-formed attribute");
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                let attributes = attributes.collect();
                out.push((element.name().as_ref().to_owned(), attributes));
            }
            Event::Eof => return out,
            _ => {}
        }
    }
}

#[test]
fn cells_are_nested_bound_and_drawn_by_readable_stencils() {
    for projection in [Projection::Isometric, Projection::Flat] {
        let blueprint = orders::orders(projection);
        let xml = write(&paint(&blueprint, &Style::default()));
        let elements = elements(&xml);
        let ids: Vec<&String> = elements.iter().filter_map(|(_, a)| a.get("id")).collect();
        let known: HashSet<&String> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "an id occurs twice");
        let mut stencils = 0;
        for (_, attributes) in elements.iter().filter(|(name, _)| name == "mxCell") {
            for end in ["parent", "source", "target"] {
                assert!(attributes.get(end).is_none_or(|id| known.contains(id)), "{end} of {attributes:?}");
            }
            if let Some(packed) = attributes.get("style").and_then(|style| style.split("stencil(").nth(1)) {
                let packed = packed.split(')').next().unwrap();
                let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap();
                let mut plain = String::new();
                flate2::read::DeflateDecoder::new(&bytes[..]).read_to_string(&mut plain).unwrap();
                assert!(plain.starts_with("%3Cshape"), "{plain}");
                stencils += 1;
            }
        }
        assert!(stencils >= blueprint.nodes.len());
        let edges: Vec<_> = elements.iter().filter(|(_, a)| a.contains_key("edge")).collect();
        assert_eq!(edges.len(), blueprint.edges.len());
        assert!(edges.iter().all(|(_, a)| a.contains_key("source") && a.contains_key("target")));
    }
}

#[test]
fn cells_stand_where_the_scene_has_them() {
    for projection in [Projection::Isometric, Projection::Flat] {
        let mut blueprint = orders::orders(projection);
        blueprint.nodes[0].tags =
            [("aws:cloudformation:stack".to_owned(), "<a> & b".to_owned())].into_iter().collect();
        let scene = paint(&blueprint, &Style::default());
        // Each cell's parent and its corner in it.
        let mut cells: HashMap<String, (String, f64, f64)> = HashMap::new();
        let (mut id, mut parent) = (String::new(), String::new());
        let mut tagged = false;
        for (name, attributes) in elements(&write(&scene)) {
            id = attributes.get("id").cloned().unwrap_or(id);
            parent = attributes.get("parent").cloned().unwrap_or(parent);
            tagged |= attributes.get("tag_aws_cloudformation_stack").is_some_and(|value| value == "<a> & b");
            if let ("mxGeometry", Some(x)) = (name.as_str(), attributes.get("x")) {
                let (x, y) = (x.parse().unwrap(), attributes["y"].parse().unwrap());
                cells.insert(id.clone(), (parent.clone(), x, y));
            }
        }
        assert!(tagged, "a tag is missing");
        for (id, place) in [("legend", scene.legend), ("title-block", scene.title_block)] {
            let place = place.expect("it has a place");
            let (_, x, y) = &cells[id];
            let (x, y) = (x + scene.page.x + 0.2, y + scene.page.y + 0.2);
            assert!(place.contains(&Rect::new(x, y, 1.0, 1.0), 0.0), "{id} is not where the scene has it");
        }
        for node in &scene.nodes {
            let (mut x, mut y, mut at) = (0.0, 0.0, node.id.to_string());
            while let Some((parent, dx, dy)) = cells.get(&at) {
                (x, y, at) = (x + dx, y + dy, parent.clone());
            }
            let off = (x - (node.bounds.x - scene.page.x)).abs() + (y - (node.bounds.y - scene.page.y)).abs();
            assert!(at == "1" && off < 0.2, "{} is {off:.2} off", node.name);
        }
    }
}

#[test]
fn hostile_names_are_data() {
    let blueprint = orders::hostile(Projection::Flat);
    let xml = write(&paint(&blueprint, &Style::default()));
    for (name, attributes) in elements(&xml) {
        assert!(
            [
                "mxfile",
                "diagram",
                "mxGraphModel",
                "root",
                "mxCell",
                "object",
                "mxGeometry",
                "mxPoint",
                "Array"
            ]
            .contains(&name.as_str()),
            "unexpected element {name}"
        );
        // Labels are shown as plain text, so markup in a name stays what it is: letters.
        if let Some(style) = attributes.get("style") {
            assert!(style.contains("html=0") && !style.contains("html=1"), "{style}");
            assert!(!style.contains('<') && !style.contains("script"), "{style}");
        }
    }
}

/// Each cell's attributes, those of what is inside of it among them.
fn cells(xml: &str) -> HashMap<String, HashMap<String, String>> {
    let mut out: HashMap<String, HashMap<String, String>> = HashMap::new();
    let mut id = String::new();
    for (_, attributes) in elements(xml) {
        id = attributes.get("id").cloned().unwrap_or(id);
        out.entry(id.clone()).or_default().extend(attributes);
    }
    out
}

#[test]
fn names_and_small_lines_are_texts_of_their_own() {
    let scene = paint(&orders::orders(Projection::Flat), &Style::default());
    let cells = cells(&write(&scene));
    let mut small = 0;
    for node in &scene.nodes {
        let Some(label) = &node.label else { continue };
        assert_eq!(cells[&node.id.to_string()]["label"], label.lines[..label.names].join("\n"));
        let detail = cells.get(&format!("{}-detail", node.id));
        assert_eq!(detail.is_some(), label.lines.len() > label.names, "{}", node.name);
        if let Some(detail) = detail {
            assert_eq!(detail["value"], label.lines[label.names..].join("\n"));
            assert_eq!(detail["parent"], node.id.to_string());
            assert!(detail["style"].contains("part=1;") && detail["style"].contains("fontStyle=0;"));
            small += 1;
        }
    }
    assert!(small > 0, "no small line in the sample");
}

#[test]
fn words_beside_lines_are_those_of_the_picture() {
    let mut blueprint = orders::orders(Projection::Flat);
    for (at, edge) in blueprint.edges.iter_mut().enumerate() {
        edge.count = 1 + at % 3;
    }
    let scene = paint(&blueprint, &Style::default());
    let cells = cells(&write(&scene));
    assert!(scene.edges.iter().any(|edge| edge.words.is_some()));
    for edge in &scene.edges {
        let words = edge.words.as_ref().map_or(String::new(), |words| words.lines.join("\n"));
        assert_eq!(cells[&edge.id.to_string()]["label"], words);
    }
}

#[test]
fn round_dots_and_shadows_are_kept() {
    let scene = paint(&orders::orders(Projection::Isometric), &Style::default());
    let cells = cells(&write(&scene));
    for edge in &scene.edges {
        let style = &cells[&edge.id.to_string()]["style"];
        assert_eq!(style.contains("linecap=round;"), edge.stroke.round, "{style}");
    }
    let packed = cells[&scene.nodes[0].id.to_string()]["style"].split("stencil(").nth(1).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed.split(')').next().unwrap()).unwrap();
    let mut plain = String::new();
    flate2::read::DeflateDecoder::new(&bytes[..]).read_to_string(&mut plain).unwrap();
    assert!(plain.contains("fillalpha"), "{plain}");
}

#[test]
fn legend_and_title_block_say_what_the_picture_says() {
    let scene = paint(&orders::orders(Projection::Isometric), &Style::default());
    let cells = cells(&write(&scene));
    let said = |text: &str| cells.values().any(|cell| cell.get("value").is_some_and(|value| value == text));
    for edge in &scene.edges {
        assert!(said(isobar_scene::flow_name(edge.flow)), "{}", edge.flow);
    }
    for (heading, fact) in &scene.facts {
        assert!(said(fact) && (heading.is_empty() || said(heading)), "{heading}: {fact}");
    }
    for (kind, name) in isobar_scene::NAMED_PLATES {
        assert_eq!(said(name), scene.plates.iter().any(|plate| plate.kind == kind), "{name}");
    }
}

#[test]
fn a_partial_scan_is_told_on_the_title_block() {
    let mut blueprint = orders::orders(Projection::Flat);
    assert!(!write(&paint(&blueprint, &Style::default())).contains("partial"));
    blueprint.facts.gaps = (1..=5).map(|n| format!("call <{n}> was denied")).collect();
    let scene = paint(&blueprint, &Style::default());
    let cells = cells(&write(&scene));
    let side = |id: &str, name: &str| -> f64 { cells[id][name].parse().unwrap() };
    let foot = side("title-block", "height");
    assert!(scene.notice.len() > 3);
    for (row, line) in scene.notice.iter().enumerate() {
        let id = format!("title-block-partial-{row}");
        assert_eq!((&cells[&id]["value"], cells[&id]["parent"].as_str()), (line, "title-block"));
        let strip = "title-block-partial";
        let bottom = side(&id, "y") + side(&id, "height");
        assert!(side(&id, "y") > side(strip, "y"), "{line}");
        assert!(bottom < side(strip, "y") + side(strip, "height") && bottom < foot, "{line}");
    }
    let words = scene.title_block.unwrap();
    assert!((words.h - foot).abs() < 0.5, "{words:?} and {foot}");
}
