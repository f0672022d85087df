//! The neutral layout dump: JSON of boxes and links in, JSON of rectangles and courses out.
//!
//! Nothing of AWS is in it, so that our placement and routing can be compared with other engines on
//! the same graphs. `docs/layout.md` has both shapes; the wire structs here are their only code.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

pub use isobar_layout::Lines;
use isobar_layout::Rect;
use isobar_layout::neutral::{self, Link, Neutral, Node, Placed};
use serde::{Deserialize, Serialize};

/// Why a graph was not placed.
#[derive(Debug, thiserror::Error)]
pub enum NeutralError {
    /// It cannot be read.
    #[error("the graph is not the JSON that docs/layout.md describes: {0}")]
    Json(#[from] serde_json::Error),
    /// It can be read and makes no sense.
    #[error(transparent)]
    Graph(#[from] neutral::Error),
}

/// A placed graph as JSON, and how long each step took.
#[derive(Debug)]
pub struct Dump {
    /// The document.
    pub json: Vec<u8>,
    /// Boxes in it.
    pub nodes: usize,
    /// Lines in it.
    pub edges: usize,
    /// Links that are not drawn.
    pub omitted: usize,
    /// Reading, placing with routing, writing.
    pub times: [Duration; 3],
}

/// Places a graph.
pub fn place(json: &[u8], lines: Lines) -> Result<Dump, NeutralError> {
    let start = Instant::now();
    let graph = read(json)?;
    let read = start.elapsed();
    let placed = neutral::place_neutral(&graph, lines)?;
    let place = start.elapsed();
    let json = write(&placed);
    let times = [read, place - read, start.elapsed() - place];
    let (nodes, edges, omitted) = (placed.nodes.len(), placed.edges.len(), placed.omitted.len());
    Ok(Dump { json, nodes, edges, omitted, times })
}

#[derive(Deserialize)]
struct GraphIn {
    #[serde(default)]
    nodes: Vec<NodeIn>,
    #[serde(default)]
    edges: Vec<EdgeIn>,
}

#[derive(Deserialize)]
struct NodeIn {
    id: Name,
    #[serde(default)]
    parent: Option<Name>,
    #[serde(default)]
    w: Option<f64>,
    #[serde(default)]
    h: Option<f64>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct EdgeIn {
    #[serde(default)]
    id: Option<Name>,
    from: Name,
    to: Name,
    #[serde(default)]
    kind: Option<String>,
}

/// Ids are texts; whole numbers are taken too, since many tools count.
#[derive(Deserialize, Clone)]
#[serde(untagged, expecting = "an id must be a text or a whole number")]
enum Name {
    Text(String),
    Number(i64),
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        match name {
            Name::Text(text) => text,
            Name::Number(number) => number.to_string(),
        }
    }
}

fn read(json: &[u8]) -> Result<Neutral, NeutralError> {
    let graph: GraphIn = serde_json::from_slice(json)?;
    let nodes = graph.nodes.into_iter().map(|node| Node {
        id: node.id.into(),
        // Some tools write an empty text for none.
        parent: node.parent.map(String::from).filter(|parent| !parent.is_empty()),
        w: node.w,
        h: node.h,
        label: node.label,
        kind: node.kind,
    });
    let given: BTreeSet<String> =
        graph.edges.iter().filter_map(|edge| edge.id.clone()).map(String::from).collect();
    let edges = graph.edges.into_iter().enumerate().map(|(number, edge)| {
        // Edges without an id are numbered by their place, beside the ids that are taken.
        let mut counted = format!("e{number}");
        while edge.id.is_none() && given.contains(&counted) {
            counted.push('\'');
        }
        Link {
            id: edge.id.map_or(counted, String::from),
            from: edge.from.into(),
            to: edge.to.into(),
            kind: edge.kind,
        }
    });
    Ok(Neutral { nodes: nodes.collect(), edges: edges.collect() })
}

#[derive(Serialize)]
struct Document<'p> {
    bounds: [f64; 4],
    nodes: Vec<NodeOut<'p>>,
    edges: Vec<EdgeOut<'p>>,
    omitted: Vec<OmittedOut<'p>>,
}

#[derive(Serialize)]
struct NodeOut<'p> {
    id: &'p str,
    rect: [f64; 4],
    #[serde(skip_serializing_if = "Option::is_none")]
    label_rect: Option<[f64; 4]>,
}

#[derive(Serialize)]
struct EdgeOut<'p> {
    from: &'p str,
    to: &'p str,
    kind: &'p str,
    points: Vec<[f64; 2]>,
    members: &'p [String],
}

#[derive(Serialize)]
struct OmittedOut<'p> {
    id: &'p str,
    reason: &'p str,
}

/// One line for each box and each line, so that two dumps can be compared with `diff`.
fn write(placed: &Placed) -> Vec<u8> {
    let rect = |r: &Rect| [r.x, r.y, r.w, r.h];
    let document = Document {
        bounds: rect(&placed.bounds),
        nodes: placed
            .nodes
            .iter()
            .map(|n| NodeOut { id: &n.id, rect: rect(&n.rect), label_rect: n.label_rect.as_ref().map(rect) })
            .collect(),
        edges: placed
            .edges
            .iter()
            .map(|e| EdgeOut {
                from: &e.from,
                to: &e.to,
                kind: e.kind,
                points: e.points.iter().map(|p| [p.x, p.y]).collect(),
                members: &e.members,
            })
            .collect(),
        omitted: placed.omitted.iter().map(|o| OmittedOut { id: &o.id, reason: o.reason }).collect(),
    };
    let mut out = format!("{{\"bounds\":{}", line(&document.bounds)).into_bytes();
    list(&mut out, "nodes", &document.nodes);
    list(&mut out, "edges", &document.edges);
    list(&mut out, "omitted", &document.omitted);
    out.extend_from_slice(b"}\n");
    out
}

fn list<T: Serialize>(out: &mut Vec<u8>, name: &str, items: &[T]) {
    out.extend_from_slice(format!(",\n\"{name}\":[").as_bytes());
    for (n, item) in items.iter().enumerate() {
        out.extend_from_slice(if n == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(line(item).as_bytes());
    }
    out.push(b']');
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers and texts are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &str) {
        let found = match place(json.as_bytes(), Lines::Gathered) {
            Ok(dump) => String::from_utf8(dump.json).expect("UTF-8"),
            Err(error) => error.to_string(),
        };
        assert!(found.contains(expected), "{json}\ngives {found}\nwithout {expected}");
    }

    #[test]
    fn missing_parts_have_defaults() {
        check("{}", "\"nodes\":[],\n\"edges\":[],\n\"omitted\":[]}");
        check(r#"{"nodes":[{"id":"a"}]}"#, "64.0,64.0]");
        check(r#"{"nodes":[{"id":"a","w":10,"h":20.5,"parent":null}]}"#, "10.0,20.5]");
        check(r#"{"nodes":[{"id":1},{"id":"2"}],"edges":[{"from":1,"to":2}]}"#, r#""members":["e0"]"#);
        check(
            r#"{"nodes":[{"id":"a"},{"id":"b"}],"edges":[{"from":"a","to":"b"},{"id":"e0","from":"b","to":"a"}]}"#,
            r#""members":["e0'"]"#,
        );
        check(
            r#"{"nodes":[{"id":"a"}],"edges":[{"id":"x","from":"a","to":"a"}]}"#,
            r#"{"id":"x","reason":"it"#,
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        check("", "the graph is not the JSON that docs/layout.md describes: EOF");
        check("[1]", "invalid type");
        check(r#"{"nodes":[{"label":"a"}]}"#, "missing field `id` at line 1 column 23");
        check(r#"{"nodes":[{"id":1.5}]}"#, "an id must be a text or a whole number");
        check(r#"{"nodes":[{"id":"a","w":"wide"}]}"#, "invalid type: string \"wide\", expected f64");
        check(r#"{"nodes":[{"id":"a","w":-1}]}"#, "node \"a\" has a side of -1 px");
        check(r#"{"nodes":[{"id":"a","parent":"b"}]}"#, "node \"a\" stands in \"b\", which is no node");
        check(&format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)), "the graph is not the JSON");
    }
}
