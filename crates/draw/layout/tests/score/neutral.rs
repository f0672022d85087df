//! A neutral graph for the engine, and what it placed as the scorer sees it.

use std::collections::BTreeMap;

use isobar_layout::neutral::{Link, Neutral, Node, Placed};
use isobar_testkit::neutral as made;
use isobar_testkit::score::{Item, Line, Picture, Rect, Sort};

/// The generator's graph as the engine takes it.
pub(crate) fn given(graph: &made::Neutral) -> Neutral {
    let node = |node: &made::Node| Node {
        id: node.id.clone(),
        parent: node.parent.clone(),
        w: node.size.map(|size| size.0),
        h: node.size.map(|size| size.1),
        label: Some(node.label.clone()),
        kind: Some(node.kind.to_owned()),
    };
    let link = |edge: &made::Edge| Link {
        id: edge.id.clone(),
        from: edge.from.clone(),
        to: edge.to.clone(),
        kind: Some(edge.kind.to_owned()),
    };
    Neutral { nodes: graph.nodes.iter().map(node).collect(), edges: graph.edges.iter().map(link).collect() }
}

/// Boxes and lines; nesting and kinds come from the graph, not from what was placed.
pub(crate) fn picture(graph: &made::Neutral, placed: &Placed) -> Picture {
    let given: BTreeMap<&str, &made::Node> = graph.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let at: BTreeMap<&str, usize> =
        placed.nodes.iter().enumerate().map(|(n, p)| (p.id.as_str(), n)).collect();
    let tier = |node: &made::Node| match node.kind {
        "external" => Some(0),
        "subnet" => ["public", "app", "data"].iter().position(|t| node.id.contains(t)).map(|n| n as u8 + 1),
        "resource" => {
            let subnet = node.parent.as_deref().unwrap_or_default();
            ["public", "app", "data"].iter().position(|t| subnet.contains(t)).map(|n| n as u8 + 1)
        }
        _ => None,
    };
    let rect = |r: &isobar_layout::Rect| Rect::new(r.x, r.y, r.w, r.h);
    let items = placed.nodes.iter().map(|node| {
        let given = given[node.id.as_str()];
        Item {
            id: node.id.clone(),
            parent: given.parent.as_deref().map(|parent| at[parent]),
            rect: rect(&node.rect),
            label: node.label_rect.iter().map(rect).collect(),
            sort: Sort::Leaf,
            on_border: false,
            tier: tier(given),
        }
    });
    let lines = placed.edges.iter().map(|edge| Line {
        from: at[edge.from.as_str()],
        to: at[edge.to.as_str()],
        points: edge.points.iter().map(|p| [p.x, p.y]).collect(),
    });
    let mut picture = Picture {
        items: items.collect(),
        lines: lines.collect(),
        bounds: rect(&placed.bounds),
        grain: 2.0,
        ends_inside: false,
    };
    picture.sort_containers(|id| given[id].kind == "vpc");
    picture
}
