//! Graphs that know no AWS types: boxes in boxes and links, as `isobar layout` reads them and as
//! other engines can be fed.
//!
//! In: a seed and a size. Out: a [`Neutral`] and its JSON. Placing it is left to the engines.

mod cloud;
mod odd;

use std::fmt::Write as _;

pub use cloud::generate;
pub use odd::odd;

/// A box: a container where others name it as their parent.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is called.
    pub id: String,
    /// The box around it.
    pub parent: Option<String>,
    /// Width and height in pixels; none for what takes the size of its members.
    pub size: Option<(f64, f64)>,
    /// What is written under it.
    pub label: String,
    /// `region`, `vpc`, `az`, `subnet`, `resource`, `external`.
    pub kind: &'static str,
}

/// A link between two boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// What it is called.
    pub id: String,
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// `request`, `data`, `event`.
    pub kind: &'static str,
}

/// A graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Neutral {
    /// Boxes, containers before their members.
    pub nodes: Vec<Node>,
    /// Links.
    pub edges: Vec<Edge>,
}

impl Neutral {
    /// As JSON, a node or an edge a line.
    pub fn to_json(&self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut json = String::from("{\"nodes\":[");
        for (n, node) in self.nodes.iter().enumerate() {
            json.push_str(if n == 0 { "\n" } else { ",\n" });
            let _ = write!(json, "{{\"id\":{}", text(&node.id));
            if let Some(parent) = &node.parent {
                let _ = write!(json, ",\"parent\":{}", text(parent));
            }
            if let Some((w, h)) = node.size {
                let _ = write!(json, ",\"w\":{w},\"h\":{h}");
            }
            let _ = write!(json, ",\"label\":{},\"kind\":{}}}", text(&node.label), text(node.kind));
        }
        json.push_str("\n],\"edges\":[");
        for (n, edge) in self.edges.iter().enumerate() {
            json.push_str(if n == 0 { "\n" } else { ",\n" });
            let _ = write!(
                json,
                "{{\"id\":{},\"from\":{},\"to\":{},\"kind\":{}}}",
                text(&edge.id),
                text(&edge.from),
                text(&edge.to),
                text(edge.kind)
            );
        }
        json.push_str("\n]}\n");
        json
    }

    /// The same graph told in another order.
    pub fn shuffled(&self, seed: u64) -> Self {
        let mut dice = crate::dice::Dice(seed);
        let mut other = self.clone();
        for at in (1..other.nodes.len()).rev() {
            other.nodes.swap(at, dice.below(at + 1));
        }
        for at in (1..other.edges.len()).rev() {
            other.edges.swap(at, dice.below(at + 1));
        }
        other
    }

    /// A leaf somewhere in the middle: the victim of [`Self::without`] and [`Self::renamed`].
    pub fn some_leaf(&self) -> String {
        let leaves: Vec<&Node> = self.nodes.iter().filter(|node| node.id.contains("app")).collect();
        let leaves: Vec<&&Node> = leaves.iter().filter(|node| node.kind == "resource").collect();
        leaves[leaves.len() / 2].id.clone()
    }

    /// One leaf more, linked as its neighbour is.
    pub fn with_another(&self) -> Self {
        let beside = self.some_leaf();
        let mut more = self.clone();
        let twin = self.nodes.iter().find(|node| node.id == beside).expect("a leaf of this graph");
        let id = format!("{beside}-new");
        more.nodes.push(Node { id: id.clone(), label: format!("{}x", twin.label), ..twin.clone() });
        for edge in self.edges.iter().filter(|edge| edge.to == beside) {
            more.edges.push(Edge { id: format!("{}-new", edge.id), to: id.clone(), ..edge.clone() });
        }
        more
    }

    /// One leaf less.
    pub fn without(&self, id: &str) -> Self {
        let mut less = self.clone();
        less.nodes.retain(|node| node.id != id);
        less.edges.retain(|edge| edge.from != id && edge.to != id);
        less
    }

    /// One leaf with another name.
    pub fn renamed(&self, id: &str) -> Self {
        let mut other = self.clone();
        other.nodes.iter_mut().filter(|node| node.id == id).for_each(|node| node.label = "renamed-1".into());
        other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_size_are_one_graph() {
        for (size, edges) in [(50, 38..70), (500, 400..650), (5_000, 3_900..5_400), (20_000, 15_000..21_500)]
        {
            let graph = generate(1, size);
            assert_eq!(graph, generate(1, size));
            assert_ne!(graph, generate(2, size));
            let found = (graph.nodes.len(), graph.edges.len());
            assert!(found.0.abs_diff(size) <= size / 20 + 4 && edges.contains(&found.1), "{size}: {found:?}");
        }
    }

    #[test]
    fn json_is_json() {
        let graph = generate(3, 60);
        let json: serde_json::Value = serde_json::from_str(&graph.to_json()).expect("JSON");
        assert_eq!(json["nodes"].as_array().map(Vec::len), Some(graph.nodes.len()));
        assert_eq!(json["edges"][0]["from"], graph.edges[0].from.as_str());
    }
}
