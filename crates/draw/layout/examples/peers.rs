//! Our side of the comparison with other layout engines; `cargo xtask peers` runs it.
//!
//! - `peers graph SEED SIZE` prints a generated neutral graph as JSON, for feeding any engine.
//! - `peers make FOLDER SEED SIZE...` writes graphs, once with every edge and once with the lines that we
//!   gather them to, and prints what our engine made of each: one JSON object a line.
//! - `peers score GRAPH PLACED` measures another engine's output in the dump's shape.
//! - `peers growth SIZE...` prints our time at each size and the exponent fitted through them.

#[path = "../tests/score/mod.rs"]
#[allow(dead_code)]
mod score;

use std::path::Path;
use std::time::Instant;

use isobar_layout::neutral::{Placed, PlacedEdge, PlacedNode, place_neutral};
use isobar_layout::{Lines, Point, Rect};
use isobar_testkit::neutral::{Edge, Neutral, Node, generate};
use isobar_testkit::score::{Score, score as measure};
use score::neutral::{given, picture};
use serde_json::{Value, json};

const SEED: u64 = 1;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    match words.as_slice() {
        ["graph", seed, size] => print!("{}", generate(number(seed) as u64, number(size)).to_json()),
        ["make", folder, seed, sizes @ ..] => {
            sizes.iter().for_each(|size| make(Path::new(folder), number(seed) as u64, number(size)));
        }
        ["score", graph, placed] => {
            let graph = graph_of(&json_of(graph));
            let placed = placed_of(&json_of(placed));
            println!("{}", told(&measure(&picture(&graph, &placed))));
        }
        ["growth", sizes @ ..] => growth(sizes.iter().map(|s| number(s)).collect()),
        _ => eprintln!(
            "peers graph SEED SIZE | make FOLDER SEED SIZE... | score GRAPH PLACED | growth SIZE..."
        ),
    }
}

/// The least of a few runs: the machine is not ours alone.
fn timed(graph: &Neutral, lines: Lines) -> (f64, Placed) {
    let given = given(graph);
    let runs = if graph.nodes.len() > 5_000 { 2 } else { 5 };
    let run = |_| {
        let start = Instant::now();
        let placed = place_neutral(&given, lines).expect("a sound graph");
        (start.elapsed().as_secs_f64(), placed)
    };
    (0..runs).map(run).min_by(|a, b| a.0.total_cmp(&b.0)).expect("at least one run")
}

fn make(folder: &Path, seed: u64, size: usize) {
    let all = generate(seed, size);
    for (name, lines) in [("all", Lines::Each), ("few", Lines::Gathered)] {
        let (seconds, placed) = timed(&all, lines);
        let mut drawn = all.clone();
        let edge = |(n, e): (usize, &PlacedEdge)| Edge {
            id: format!("l{n}"),
            from: e.from.clone(),
            to: e.to.clone(),
            kind: "request",
        };
        drawn.edges = placed.edges.iter().enumerate().map(edge).collect();
        let path = folder.join(format!("{size}-{name}.json"));
        std::fs::write(path, drawn.to_json()).expect("the folder exists");
        let mut line = told(&measure(&picture(&all, &placed)));
        line["engine"] = json!("isobar");
        line["size"] = json!(size);
        line["lines_drawn"] = json!(name);
        line["seconds"] = json!(seconds);
        println!("{line}");
    }
}

fn growth(sizes: Vec<usize>) {
    let mut logs: Vec<(f64, f64)> = Vec::new();
    for size in sizes {
        let graph = generate(SEED, size);
        let (seconds, placed) = timed(&graph, Lines::Gathered);
        println!("{}", json!({"size": graph.nodes.len(), "seconds": seconds, "lines": placed.edges.len()}));
        logs.push(((graph.nodes.len() as f64).ln(), seconds.ln()));
    }
    // The straight line of least squares through the logarithms.
    let n = logs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
    let slope = mean(&|p| (p.0 - x) * (p.1 - y)) / mean(&|p| (p.0 - x).powi(2));
    println!("{}", json!({ "exponent": slope }));
}

fn told(score: &Score) -> Value {
    let mut line = json!({
        "lines": score.lines,
        "crossings": score.crossings,
        "places": score.crossing_places,
        "bends": score.bends as f64 / score.lines.max(1) as f64,
        "length": score.length,
        "orthogonal": score.orthogonal,
        "aspect": score.aspect,
        "density": score.density,
        "tiers": score.tiers,
        "flow": score.flow,
        "shared": score.shared,
        "through_boxes": score.through_boxes,
    });
    for (name, count) in score.zeros() {
        line[name] = json!(count);
    }
    line
}

fn json_of(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn graph_of(json: &Value) -> Neutral {
    const KINDS: [&str; 6] = ["region", "vpc", "az", "subnet", "resource", "external"];
    let node = |node: &Value| Node {
        id: text(&node["id"]),
        parent: node["parent"].as_str().map(str::to_owned),
        size: node["w"].as_f64().zip(node["h"].as_f64()),
        label: text(&node["label"]),
        kind: KINDS.into_iter().find(|kind| node["kind"] == *kind).unwrap_or("resource"),
    };
    let edge = |edge: &Value| Edge {
        id: text(&edge["id"]),
        from: text(&edge["from"]),
        to: text(&edge["to"]),
        kind: "request",
    };
    Neutral {
        nodes: json["nodes"].as_array().into_iter().flatten().map(node).collect(),
        edges: json["edges"].as_array().into_iter().flatten().map(edge).collect(),
    }
}

fn placed_of(json: &Value) -> Placed {
    let at = |v: &Value, n: usize| v[n].as_f64().unwrap_or(f64::NAN);
    let rect = |v: &Value| Rect::new(at(v, 0), at(v, 1), at(v, 2), at(v, 3));
    let node = |n: &Value| PlacedNode { id: text(&n["id"]), rect: rect(&n["rect"]), label_rect: None };
    let edge = |e: &Value| PlacedEdge {
        from: text(&e["from"]),
        to: text(&e["to"]),
        kind: "request",
        points: e["points"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| Point::new(at(p, 0), at(p, 1)))
            .collect(),
        members: Vec::new(),
    };
    let nodes: Vec<PlacedNode> = json["nodes"].as_array().into_iter().flatten().map(node).collect();
    let edges: Vec<PlacedEdge> = json["edges"].as_array().into_iter().flatten().map(edge).collect();
    let corners = edges.iter().flat_map(|e| &e.points).map(|p| Rect::new(p.x, p.y, 0.0, 0.0));
    let bounds = nodes.iter().map(|n| n.rect).chain(corners).reduce(|a, b| a.union(&b));
    Placed { nodes, edges, omitted: Vec::new(), bounds: bounds.unwrap_or_default() }
}
