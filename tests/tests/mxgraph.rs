//! draw.io's own reader over what we write for it: every cell is read, nested, bound and placed as the
//! blueprint has it, and drawn by means that the editor knows.

use std::collections::BTreeMap;

use isobar_app::draw::{Projection, blueprint};
use isobar_app::{Catalog, DrawRequest, Format};
use isobar_graph::{Graph, View};
use isobar_layout::{Blueprint, End, Options, Rect, place};
use isobar_scene::geom::covered;
use isobar_scene::scene::Scene;
use isobar_scene::{Style, paint};
use isobar_testkit::estate;
use isobar_tests::{run_node, scratch};
use serde::Deserialize;

/// A cell as the editor has it.
#[derive(Deserialize, Debug)]
struct Cell {
    id: String,
    kind: String,
    parent: String,
    source: Option<String>,
    target: Option<String>,
    rect: Option<[f64; 4]>,
    points: Option<Vec<[f64; 2]>>,
    words: Option<[f64; 2]>,
    painted: usize,
    label: Option<String>,
    arn: Option<String>,
    #[serde(default)]
    strays: Vec<String>,
    unknown: Vec<String>,
    drawn: Option<usize>,
}

type Cells = BTreeMap<String, Cell>;

fn read(name: &str, scene: &Scene) -> Cells {
    let file = scratch("mxgraph").join(format!("{name}.drawio"));
    std::fs::write(&file, isobar_export::mxgraph::write(scene)).expect("target/ can be written");
    let said = run_node("mxgraph.mjs", &[file.to_str().expect("a plain path")]).ok();
    let cells: Vec<Cell> = serde_json::from_str(&said).expect("the script prints cells");
    let count = cells.len();
    let cells: Cells = cells.into_iter().map(|cell| (cell.id.clone(), cell)).collect();
    assert_eq!(cells.len(), count, "an id occurs twice");
    cells
}

/// Within what rounding to hundredths may add up to along a chain of parents.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.1
}

fn check_rect(name: &str, cell: &Cell, expected: Rect) {
    let rect = cell.rect.unwrap_or_else(|| panic!("{name} has no place"));
    let expected = [expected.x, expected.y, expected.w, expected.h];
    assert!(rect.iter().zip(expected).all(|(a, b)| near(*a, b)), "{name}: {rect:?}, not {expected:?}");
}

fn check(name: &str, blueprint: &Blueprint) {
    let scene = paint(blueprint, &Style::default());
    let cells = read(name, &scene);
    let of = |id: String| cells.get(&id).unwrap_or_else(|| panic!("{id} is missing"));
    let plate_id = |at: Option<usize>| at.map_or("1".to_owned(), |at| blueprint.plates[at].id.to_string());
    let page = |rect: Rect| Rect::new(rect.x - scene.page.x, rect.y - scene.page.y, rect.w, rect.h);
    for (plate, part) in blueprint.plates.iter().zip(&scene.plates) {
        let cell = of(plate.id.to_string());
        assert_eq!(
            (cell.kind.as_str(), &cell.parent),
            ("vertex", &plate_id(plate.parent)),
            "{}",
            plate.title
        );
        assert_eq!(cell.arn.as_deref().unwrap_or(""), plate.resource.as_ref().map_or("", |id| id.as_str()));
        check_rect(&plate.title, cell, page(part.bounds));
    }
    for (node, part) in blueprint.nodes.iter().zip(&scene.nodes) {
        let cell = of(node.id.to_string());
        assert_eq!((cell.kind.as_str(), &cell.parent), ("vertex", &plate_id(node.plate)), "{}", node.name);
        assert_eq!(cell.arn.as_deref(), Some(node.resource.as_str()));
        assert!(cell.drawn.is_some_and(|shapes| shapes > 1), "{}: {cell:?}", node.name);
        check_rect(&node.name, cell, page(part.bounds));
    }
    if blueprint.projection == Projection::Flat {
        check_scale(blueprint, &cells);
    }
    for (edge, part) in blueprint.edges.iter().zip(&scene.edges) {
        let cell = of(edge.id.to_string());
        assert_eq!(cell.kind, "edge");
        let end = |end: End| match end {
            End::Node(at) => blueprint.nodes[at].id.to_string(),
            End::Plate(at) => blueprint.plates[at].id.to_string(),
        };
        assert_eq!(cell.source, Some(end(edge.from)), "{}", edge.id);
        assert_eq!(cell.target, Some(end(edge.to)), "{}", edge.id);
        let points = cell.points.as_deref().expect("a line has points");
        // The editor straightens what is a fraction of a pixel askew.
        let close = |a: f64, b: f64| (a - b).abs() < 1.0;
        for at in &part.points {
            let at = (at.0 - scene.page.x, at.1 - scene.page.y);
            let met = points.iter().any(|p| close(p[0], at.0) && close(p[1], at.1));
            assert!(met, "{}: no corner at {at:?}: {points:?}", edge.id);
        }
        if let Some(words) = &part.words {
            let middle = words.bounds.center();
            let at = (middle.x - scene.page.x, middle.y - scene.page.y);
            let there = cell.words.expect("a line has a place for words");
            assert!(
                close(there[0], at.0) && close(there[1], at.1),
                "{:?}: {there:?}, not {at:?}",
                words.lines
            );
            assert_eq!(cell.label.as_deref(), Some(words.lines[0].as_str()));
        }
    }
    check_order(&scene, &cells);
    let lines = cells.values().filter(|cell| cell.kind == "edge" && cell.source.is_some()).count();
    assert_eq!(lines, blueprint.edges.len());
    for cell in cells.values() {
        assert!(cell.strays.is_empty(), "{:?} moves without {:?}", cell.label, cell.strays);
        assert!(cell.unknown.is_empty(), "{:?} is drawn by {:?}", cell.label, cell.unknown);
        assert!(cell.parent == "1" || cells.contains_key(&cell.parent), "{cell:?}");
        assert!(cell.drawn != Some(0), "{:?} is drawn by nothing", cell.label);
    }
}

/// A line is painted under the solids at its ends, and no floor over it.
fn check_order(scene: &Scene, cells: &Cells) {
    let painted = |id: &dyn std::fmt::Display| cells[&id.to_string()].painted;
    for edge in &scene.edges {
        let crosses = |shape: &[(f64, f64)]| {
            edge.points.windows(2).any(|pair| covered(pair[0], pair[1], shape).is_some())
        };
        for end in [edge.from, edge.to] {
            let End::Node(at) = end else { continue };
            let node = &scene.nodes[at];
            assert!(
                !crosses(&node.hull(&scene.symbols)) || painted(&edge.id) < painted(&node.id),
                "a line lies over {}",
                node.name
            );
        }
        for plate in scene.plates.iter().filter(|plate| plate.fill.is_some() && crosses(&plate.outline)) {
            assert!(painted(&plate.id) < painted(&edge.id), "{} lies over a line", plate.title);
        }
    }
}

/// Seen from above, the editor's places are the blueprint's, but for one scale and one shift.
fn check_scale(blueprint: &Blueprint, cells: &Cells) {
    let rect = |at: usize| cells[&blueprint.plates[at].id.to_string()].rect.expect("a place");
    let (first, plan) = (rect(0), blueprint.plates[0].rect);
    let scale = first[2] / plan.w;
    for (at, plate) in blueprint.plates.iter().enumerate() {
        let r = plate.rect;
        let expected =
            [first[0] + (r.x - plan.x) * scale, first[1] + (r.y - plan.y) * scale, r.w * scale, r.h * scale];
        assert!(rect(at).iter().zip(expected).all(|(a, b)| near(*a, b)), "{}: {expected:?}", plate.title);
    }
}

#[test]
fn draw_io_reads_the_demo_as_it_is() {
    let recording = isobar_app::demo::recording().expect("the demo opens");
    for projection in [Projection::Isometric, Projection::Flat] {
        let mut request = DrawRequest::new(Format::MxGraph)
            .set_all([("overlay", "sg,asg,cluster,nacl")])
            .expect("good options");
        request.projection = projection;
        check("demo", &blueprint(Catalog::embedded(), &[&recording], &request));
    }
}

#[test]
fn draw_io_reads_an_estate_with_stacks() {
    let graph: Graph = estate::generate(7, 300);
    let view: View<'_> = estate::view(&graph);
    for projection in [Projection::Isometric, Projection::Flat] {
        check("estate", &place(&view, &Options { projection, ..Options::default() }));
    }
}
