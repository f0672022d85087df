//! Scenes as SVG: small drawings in, marks and escapes out.

use isobar_layout::{Blueprint, Detail, Options, Projection, place};
use isobar_scene::{PixelSize, Style, paint};
use isobar_testkit::estate;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::write;
use crate::orders;

fn thirty_by_twenty() -> Style {
    Style {
        width: Some(PixelSize::new(30).unwrap()),
        height: Some(PixelSize::new(20).unwrap()),
        grid: true,
        transparent: true,
        ..Style::default()
    }
}

#[test]
fn the_marks_that_cloudcrafts_sdk_suites_look_for() {
    let svg = write(&paint(&orders::orders(Projection::Isometric), &thirty_by_twenty()));
    assert!(svg.starts_with("<?xml version=\"1.0\" standalone=\"no\"?>\n<!DOCTYPE svg"));
    for mark in [
        "<svg",
        "width=\"30\"",
        "height=\"20\"",
        "fill=\"url(#gridPatternMajor)\"",
        "fill=\"none\" id=\"interactionLayer\"",
    ] {
        assert!(svg.contains(mark), "{mark} is missing");
    }
}

#[test]
fn every_resource_can_be_found_and_nothing_can_run() {
    for blueprint in [orders::orders(Projection::Flat), orders::hostile(Projection::Isometric)] {
        let svg = write(&paint(&blueprint, &Style::default()));
        let mut reader = Reader::from_str(&svg);
        let (mut ids, mut depth) = (Vec::new(), 0i32);
        loop {
            let event = reader.read_event().expect("well-formed");
            let element = match &event {
                Event::Start(element) => {
                    depth += 1;
                    Some(element.clone())
                }
                Event::Empty(element) => Some(element.clone()),
                Event::End(_) => {
                    depth -= 1;
                    None
                }
                Event::Eof => break,
                _ => None,
            };
            let Some(element) = element else { continue };
            let name = element.name().as_ref().to_owned();
            assert!(
                [
                    "svg",
                    "title",
                    "defs",
                    "g",
                    "path",
                    "rect",
                    "ellipse",
                    "text",
                    "tspan",
                    "use",
                    "stop",
                    "linearGradient",
                    "radialGradient",
                    "pattern"
                ]
                .contains(&name.as_str()),
                "unexpected element {name}"
            );
            for attribute in element.attributes() {
                let attribute = attribute.expect("a well-formed attribute");
                let key = attribute.key.as_ref().to_owned();
                let value = attribute.value.clone().into_owned();
                assert!(!key.starts_with("on") && key != "style", "{key}");
                if key.ends_with("href") {
                    assert!(value.starts_with("#i"), "{value}");
                }
                if key == "data-id" {
                    ids.push(value);
                }
            }
        }
        assert_eq!(depth, 0);
        for node in &blueprint.nodes {
            assert!(ids.contains(&node.id.to_string()), "{} cannot be found", node.name);
        }
        for plate in &blueprint.plates {
            assert!(ids.contains(&plate.id.to_string()));
        }
    }
}

#[test]
fn a_drawing_stays_small() {
    let check = |what: &str, blueprint: &Blueprint| {
        let svg = write(&paint(blueprint, &Style::default()));
        let most = 200_000 + 1_200 * blueprint.nodes.len();
        assert!(svg.len() <= most, "{what}: {} bytes, {most} at most", svg.len());
    };
    for projection in [Projection::Isometric, Projection::Flat] {
        check("a crowd", &orders::crowd(projection, 1000));
        for size in [100, 1000, 5000] {
            let graph = estate::generate(3, size);
            let view = estate::view(&graph);
            for detail in [Detail::Auto, Detail::All] {
                // The layout of so many at full size takes long in a test, and differs little.
                if size <= 1000 || detail == Detail::Auto {
                    let what = format!("{size} {projection:?} {detail:?}");
                    check(&what, &place(&view, &Options { projection, detail, ..Options::default() }));
                }
            }
        }
    }
}

#[test]
fn options_change_what_they_should() {
    let blueprint = orders::orders(Projection::Flat);
    let plain = write(&paint(&blueprint, &Style::default()));
    let clear = write(&paint(&blueprint, &Style { transparent: true, ..Style::default() }));
    let grid = write(&paint(&blueprint, &Style { grid: true, ..Style::default() }));
    assert!(plain.contains("fill=\"#EEF2F7\"/><g") && !clear.contains("fill=\"#EEF2F7\"/><g"));
    assert!(!plain.contains("gridPatternMajor") && grid.contains("gridPatternMajor"));
}
