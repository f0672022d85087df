//! A neutral graph for Graphviz, and what Graphviz made of it.
//!
//! Clusters stand for containers; a line from or to a container leads to a node in it and is clipped
//! at the cluster (`lhead`, `ltail`). Curves are followed in short straight steps.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Steps of one curve.
const STEPS: usize = 6;

/// Runs an engine; leaves no output where it did not finish. Gives its CPU seconds.
pub(super) fn place(folder: &Path, engine: &str, patience: u32, graph: &Path, placed: &Path) -> Result<f64> {
    let graph: Value = serde_json::from_slice(&std::fs::read(graph)?)?;
    let source = placed.with_extension("gv");
    let drawn = placed.with_extension("gv.json");
    let _ = std::fs::remove_file(&drawn);
    std::fs::write(&source, dot(&graph))?;
    let (out, source) = (drawn.to_string_lossy().into_owned(), source.to_string_lossy().into_owned());
    let seconds = super::cpu(folder, patience, &[engine, "-Tjson", "-o", &out, &source])?;
    let answer = std::fs::read(&drawn).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    if let Some(answer) = answer {
        let read = dump(&graph, &answer).with_context(|| format!("reading {engine}'s answer"))?;
        std::fs::write(placed, read.to_string())?;
    }
    Ok(seconds)
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}

fn id<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The members of each container, by its id; the outermost under the empty one.
fn members(graph: &Value) -> BTreeMap<&str, Vec<&Value>> {
    let mut members: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    list(graph, "nodes").for_each(|node| members.entry(id(node, "parent")).or_default().push(node));
    members
}

fn dot(graph: &Value) -> String {
    let members = members(graph);
    let mut text = String::from(
        "digraph g {\ncompound=true; rankdir=LR;\nnode [shape=box fixedsize=true label=\"\"];\n",
    );
    inside(&mut text, &members, "");
    for (n, edge) in list(graph, "edges").enumerate() {
        let (from, to) = (id(edge, "from"), id(edge, "to"));
        let mut clip = String::new();
        let mut end = |end: &str, word: &str| {
            if members.contains_key(end) {
                let _ = write!(clip, " {word}=\"cluster_{end}\"");
            }
            first_leaf(&members, end).to_owned()
        };
        let (a, b) = (end(from, "ltail"), end(to, "lhead"));
        let _ = writeln!(text, "\"{a}\" -> \"{b}\" [comment=\"{n}\"{clip}];");
    }
    text + "}\n"
}

fn inside(text: &mut String, members: &BTreeMap<&str, Vec<&Value>>, parent: &str) {
    for node in members.get(parent).into_iter().flatten() {
        let name = id(node, "id");
        if members.contains_key(name) {
            let _ = writeln!(text, "subgraph \"cluster_{name}\" {{ margin=12;");
            inside(text, members, name);
            text.push_str("}\n");
        } else {
            let inches = |side: &str| node[side].as_f64().unwrap_or(64.0) / 72.0;
            let _ = writeln!(text, "\"{name}\" [width={} height={}];", inches("w"), inches("h"));
        }
    }
}

fn first_leaf<'v>(members: &BTreeMap<&str, Vec<&'v Value>>, end: &'v str) -> &'v str {
    match members.get(end).and_then(|inside| inside.first()) {
        Some(node) => first_leaf(members, id(node, "id")),
        None => end,
    }
}

/// Graphviz's answer in the dump's shape; its y runs upwards. A cluster that it dropped, for it was
/// empty, has no place.
fn dump(graph: &Value, answer: &Value) -> Result<Value> {
    let numbers = |text: &str| -> Vec<f64> {
        text.split([',', ' ']).filter_map(|number| number.parse().ok()).collect()
    };
    let mut nodes = Vec::new();
    for object in list(answer, "objects") {
        let name = id(object, "name");
        if let Some(name) = name.strip_prefix("cluster_") {
            if let [x0, y0, x1, y1] = numbers(id(object, "bb"))[..] {
                nodes.push(json!({"id": name, "rect": [x0, -y1, x1 - x0, y1 - y0]}));
            }
        } else if let [x, y] = numbers(id(object, "pos"))[..] {
            let side = |name: &str| id(object, name).parse::<f64>().unwrap_or(0.0) * 72.0;
            let (w, h) = (side("width"), side("height"));
            nodes.push(json!({"id": name, "rect": [x - w / 2.0, -y - h / 2.0, w, h]}));
        }
    }
    let given: Vec<&Value> = list(graph, "edges").collect();
    let mut edges = Vec::new();
    for edge in list(answer, "edges") {
        let asked = id(edge, "comment").parse::<usize>().ok().and_then(|n| given.get(n));
        let asked = asked.context("an edge that nobody asked for")?;
        edges.push(json!({"from": asked["from"], "to": asked["to"], "points": course(id(edge, "pos"))}));
    }
    Ok(json!({"nodes": nodes, "edges": edges}))
}

/// `s,x,y e,x,y x,y x,y x,y x,y ...`: tips, then the control points of joined cubic curves.
fn course(pos: &str) -> Vec<[f64; 2]> {
    let mut tips = [None, None];
    let mut controls: Vec<[f64; 2]> = Vec::new();
    for word in pos.split_whitespace() {
        let (tip, pair) = match word.split_at_checked(2) {
            Some(("s,", rest)) => (Some(0), rest),
            Some(("e,", rest)) => (Some(1), rest),
            _ => (None, word),
        };
        let Some((x, y)) = pair.split_once(',') else { continue };
        let (Ok(x), Ok(y)) = (x.parse::<f64>(), y.parse::<f64>()) else { continue };
        match tip {
            Some(which) => tips[which] = Some([x, -y]),
            None => controls.push([x, -y]),
        }
    }
    let mut points: Vec<[f64; 2]> = tips[0].into_iter().chain(controls.first().copied()).collect();
    for curve in controls.windows(4).step_by(3) {
        for step in 1..=STEPS {
            let t = step as f64 / STEPS as f64;
            let u = 1.0 - t;
            let of = |axis: usize| {
                u * u * u * curve[0][axis]
                    + 3.0 * u * u * t * curve[1][axis]
                    + 3.0 * u * t * t * curve[2][axis]
                    + t * t * t * curve[3][axis]
            };
            points.push([of(0), of(1)]);
        }
    }
    points.extend(tips[1]);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_followed() {
        let points = course("e,60,-10 0,0 10,0 20,0 30,0");
        assert_eq!(
            (points.len(), points[0], points[6], points[7]),
            (8, [0.0, 0.0], [30.0, 0.0], [60.0, 10.0])
        );
    }

    #[test]
    fn containers_are_clusters() {
        let graph = json!({
            "nodes": [{"id": "v"}, {"id": "a", "parent": "v", "w": 72, "h": 36}, {"id": "b"}],
            "edges": [{"from": "b", "to": "v"}],
        });
        let text = dot(&graph);
        assert!(text.contains("subgraph \"cluster_v\" { margin=12;\n\"a\" [width=1 height=0.5];"), "{text}");
        assert!(text.contains("\"b\" -> \"a\" [comment=\"0\" lhead=\"cluster_v\"];"), "{text}");
    }
}
