//! A graph as text, for tests and for people who want to look at it.
//!
//! In: a graph. Out: its containment as an indented tree, then its relations, notes and gaps, one a
//! line; the same graph gives the same text. What a program wants to read is left to the JSON export.

use std::fmt::Write;

use crate::graph::{Graph, Index};

/// Writes a graph as text.
pub fn dump(graph: &Graph) -> String {
    let mut out = String::new();
    for (at, resource) in graph.resources().iter().enumerate() {
        if resource.parent.is_none() {
            branch(graph, Index(at as u32), 0, &mut out);
        }
    }
    for relation in graph.relations() {
        let (from, to) = (graph.get(relation.from), graph.get(relation.to));
        let label = relation.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
        let _ = writeln!(out, "{} {} {}{label}", from.native_id, relation.kind, to.native_id);
    }
    for (word, notes) in [("note", &graph.notes), ("gap", &graph.gaps)] {
        for note in notes {
            let _ = writeln!(out, "{word}: {}", note.text);
        }
    }
    out
}

fn branch(graph: &Graph, at: Index, depth: usize, out: &mut String) {
    let resource = graph.get(at);
    let _ = write!(out, "{:depth$}{} {}", "", resource.kind, resource.native_id, depth = depth * 2);
    if resource.name != resource.native_id {
        let _ = write!(out, " \"{}\"", resource.name);
    }
    let mut marks: Vec<String> = Vec::new();
    marks.extend(resource.tier.map(|tier| tier.to_string()));
    marks.extend(resource.on_border.then(|| "border".to_owned()));
    marks.extend((!resource.drawn).then(|| "undrawn".to_owned()));
    let spans: Vec<&str> = resource.spans.iter().map(|&at| graph.get(at).native_id.as_str()).collect();
    marks.extend((!spans.is_empty()).then(|| format!("spans {}", spans.join(" "))));
    if !marks.is_empty() {
        let _ = write!(out, " [{}]", marks.join(", "));
    }
    out.push('\n');
    // Parents never form a cycle; the bound keeps a broken graph from ending the program.
    if depth < 16 {
        for &child in graph.children(at) {
            branch(graph, child, depth + 1, out);
        }
    }
}
