//! The demo as text: drawings that a reviewer reads in a diff, and the same bytes every time.

use isobar_app::{Catalog, DrawRequest, Format};
use isobar_model::Region;
use isobar_recording::Recording;
use isobar_scene::Theme;
use isobar_tests::{check_golden, demo_path};

fn demo() -> Recording {
    Recording::from_bundle(&std::fs::read(demo_path()).expect("a bundle")).expect("it opens")
}

fn draw(recording: &Recording, request: &DrawRequest) -> Vec<u8> {
    isobar_app::draw(Catalog::embedded(), &[recording], request).expect("it draws").bytes
}

fn of(format: Format, region: &str) -> DrawRequest {
    DrawRequest { regions: vec![Region::parse(region).expect("a region")], ..DrawRequest::new(format) }
}

/// Long lines are broken between elements, so that a diff shows what moved.
fn lines(bytes: Vec<u8>, between: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (left, right) = between.split_at(1);
    text.replace(between, &format!("{left}\n{right}")).into_bytes()
}

#[test]
fn virginia_as_svg() {
    let request = of(Format::Svg, "us-east-1");
    check_golden("demo-us-east-1.svg", &lines(draw(&demo(), &request), "><"));
}

#[test]
fn virginia_as_mxgraph() {
    let request = of(Format::MxGraph, "us-east-1");
    check_golden("demo-us-east-1.drawio", &lines(draw(&demo(), &request), "><"));
}

#[test]
fn ireland_as_json() {
    let bytes = draw(&demo(), &of(Format::Json, "eu-west-1"));
    let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let mut text = serde_json::to_string_pretty(&value).expect("it was JSON");
    text.push('\n');
    check_golden("demo-eu-west-1.json", text.as_bytes());
}

#[test]
fn the_same_recording_gives_the_same_bytes() {
    let first = demo();
    // Another order of reading: through lines and back.
    let lines = isobar_tests::lines_from_recording(&first);
    let reversed: String = lines.lines().rev().map(|line| format!("{line}\n")).collect();
    let at = first.manifest().started;
    let second =
        isobar_tests::recording_from_lines(&reversed, isobar_tests::DEMO_ACCOUNT, "Ottersea Books", at);
    for format in Format::ALL {
        let mut request = of(format, "us-east-1");
        request.theme = Theme::Dark;
        let (one, again, other) = (draw(&first, &request), draw(&first, &request), draw(&second, &request));
        assert!(one == again, "{format:?} differs the second time");
        assert!(one == other, "{format:?} depends on the order of calls");
    }
}
