//! A blueprint as the scorer sees it.

pub(crate) mod neutral;

use isobar_graph::Family;
use isobar_layout::blueprint::FOOTPRINT;
use isobar_layout::{Blueprint, End, PlateKind, Rect, label_boxes};
use isobar_testkit::score::{self as scorer, Item, Line, Picture, Score, Sort};

/// Boxes and lines: first the plates, then the nodes.
pub(crate) fn picture(b: &Blueprint) -> Picture {
    let plates = b.plates.iter().map(|plate| Item {
        id: plate.id.to_string(),
        parent: plate.parent,
        rect: rect(&plate.rect),
        label: Vec::new(),
        sort: sort(plate.kind),
        on_border: false,
        tier: match plate.kind {
            PlateKind::PublicSubnet => Some(1),
            PlateKind::PrivateSubnet => Some(2),
            PlateKind::IsolatedSubnet => Some(3),
            _ => None,
        },
    });
    let nodes = b.nodes.iter().map(|node| Item {
        id: format!("{} {}", node.name, node.id),
        parent: node.plate,
        rect: rect(&Rect::around(node.at, FOOTPRINT / 2.0 * node.scale)),
        label: label_boxes(node, b.projection).iter().map(rect).collect(),
        sort: Sort::Leaf,
        on_border: node.on_border,
        tier: match (node.kind.as_ref(), node.family) {
            ("isobar:internet", _) | (_, Family::Edge) => Some(0),
            (_, Family::Compute) => Some(2),
            (_, Family::Database) => Some(3),
            _ => None,
        },
    });
    let end = |end: End| match end {
        End::Plate(p) => p,
        End::Node(n) => b.plates.len() + n,
    };
    let lines = b.edges.iter().map(|edge| Line {
        from: end(edge.from),
        to: end(edge.to),
        points: edge.points.iter().map(|p| [p.x, p.y]).collect(),
    });
    Picture {
        items: plates.chain(nodes).collect(),
        lines: lines.collect(),
        bounds: rect(&b.bounds),
        grain: FOOTPRINT / 30.0,
        // Lines begin in the middle of a solid; scene trims them.
        ends_inside: true,
    }
}

/// Measures a blueprint.
pub(crate) fn score(b: &Blueprint) -> Score {
    scorer::score(&picture(b))
}

fn rect(r: &Rect) -> scorer::Rect {
    scorer::Rect::new(r.x, r.y, r.w, r.h)
}

fn sort(kind: PlateKind) -> Sort {
    use PlateKind::*;
    match kind {
        PublicSubnet | PrivateSubnet | IsolatedSubnet | Group | Stack => Sort::Holder,
        Vpc => Sort::Vpc,
        Account | Region | Zone => Sort::Frame,
    }
}
