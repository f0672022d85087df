//! From a view to a blueprint: place, connect, title.

use std::collections::HashMap;
use std::sync::Arc;

use isobar_graph::{ContainerKind, Index, View};
use isobar_model::{ResourceId, Tags};
use uuid::Uuid;

use crate::block::{Block, PlateAt};
use crate::blueprint::{Blueprint, Edge, Lines, Node, Options, Plate, PlateKind, Projection};
use crate::facts::facts;
use crate::geometry::{Point, Rect};
use crate::hint::pin;
use crate::lines::gather;
use crate::metrics::{HALF, Metrics, text_width, tidy};
use crate::overlay::outlines;
use crate::plan::{Plan, Tape};
use crate::route::{Course, courses};
use crate::subnet::SMALL;
use crate::{End, floor, uncross};

/// Places everything a view shows. The same view gives the same blueprint, whatever the order in
/// which its resources were found.
pub fn place(view: &View<'_>, options: &Options) -> Blueprint {
    let metrics = options.metrics.unwrap_or_else(|| Metrics::of(options.projection));
    let mut tape = Tape::default();
    // The isometric plan leads; after an earlier picture, the side from which that was seen.
    let hint = options.hint.as_ref().filter(|hint| hint.knows_any(view));
    let lead = hint.and_then(|hint| hint.projection).unwrap_or(Projection::Isometric);
    if options.metrics.is_none() && options.projection != lead {
        let leading = Plan::new(view, options, hint, Metrics::of(lead), tape);
        floor::place(&leading);
        tape = leading.into_tape();
    }
    let plan = Plan::new(view, options, hint, metrics, tape);
    let mut block = floor::place(&plan);
    // The graph is sorted by id; so nodes come out in that order.
    block.nodes.sort_by_key(|n| n.index);
    let plate_of: HashMap<Index, usize> =
        block.plates.iter().enumerate().filter_map(|(n, p)| Some((p.spec.resource?, n))).collect();
    let node_of: HashMap<Index, usize> =
        block.nodes.iter().enumerate().map(|(n, at)| (at.index, n)).collect();
    let plates: Vec<Plate> = block.plates.iter().map(|p| plate(&plan, p)).collect();
    let mut nodes = nodes(&plan, &block);
    pin(&options.pins, &mut nodes, &plates);
    let mut edges = Vec::new();
    if options.edges {
        let lines = gather(&plan, &nodes, &plates, node_of, plate_of);
        let neutral = options.metrics.is_some();
        let route =
            |nodes: &[Node]| courses(&Course::new(nodes, &plates, options.projection, neutral), &lines);
        let free = hint.is_none() && options.pins.is_empty();
        // Who wants every line wants to follow each: there many may change places. Elsewhere one resource
        // more or less would make too many do so.
        let routes = match plan.lines {
            Lines::Each if free => uncross::all_at_once(&mut nodes, &plates, &lines, route),
            Lines::Gathered if free && nodes.len() <= SMALL => {
                uncross::one_by_one(&mut nodes, &plates, &lines, route)
            }
            _ => route(&nodes),
        };
        edges = lines
            .into_iter()
            .zip(routes)
            .filter(|(_, route)| route.points.len() >= 2)
            .map(|(line, route)| Edge {
                id: edge_id(&nodes, &plates, line.from, line.to, line.flow.as_str()),
                from: line.from,
                to: line.to,
                flow: line.flow,
                points: route.points.into_iter().map(tidied).collect(),
                label_at: route.label_at.map(tidied),
                count: line.members.len(),
                members: line
                    .members
                    .iter()
                    .map(|&(a, b)| (plan.get(a).id.clone(), plan.get(b).id.clone()))
                    .collect(),
                label: line.label,
            })
            .collect();
    }
    let outlines = outlines(&plan, options, &nodes, &plates);
    let bounds = bounds(&nodes, &plates, &edges, &plan.metrics);
    let facts = facts(view, options);
    Blueprint { projection: options.projection, plates, nodes, edges, outlines, bounds, facts }
}

fn tidied(p: Point) -> Point {
    Point::new(tidy(p.x), tidy(p.y))
}

fn plate(plan: &Plan<'_, '_>, at: &PlateAt) -> Plate {
    let side = plan.metrics.side;
    let rect = Rect::new(tidy(at.rect.x), tidy(at.rect.y), tidy(at.rect.w), tidy(at.rect.h));
    let Some(index) = at.spec.resource else {
        let component: &str = if at.spec.kind == PlateKind::Stack { "stack" } else { "group" };
        return Plate {
            id: synthetic(&at.spec.key),
            resource: None,
            component: Arc::from(component),
            kind: at.spec.kind,
            parent: at.parent,
            rect,
            title: at.spec.title.clone(),
            rule: at.spec.rule.clone(),
            title_side: side,
            native_id: String::new(),
            region: None,
            tags: Tags::default(),
        };
    };
    let resource = plan.get(index);
    Plate {
        id: resource.id.uuid(),
        resource: Some(resource.id.clone()),
        component: resource.component.clone(),
        kind: at.spec.kind,
        parent: at.parent,
        rect,
        title: title(plan, index, rect.w),
        rule: None,
        title_side: side,
        native_id: resource.native_id.clone(),
        region: (!resource.region.is_global()).then(|| resource.region.to_string()),
        tags: resource.tags.clone(),
    }
}

/// Name and CIDR where there is room for both.
fn title(plan: &Plan<'_, '_>, at: Index, width: f64) -> String {
    let resource = plan.get(at);
    let size = match resource.container {
        Some(ContainerKind::Vpc) => 1.3,
        Some(ContainerKind::Region | ContainerKind::Account) => 1.45,
        _ => 1.0,
    };
    match &resource.detail {
        Some(detail) if *detail != resource.name => {
            let both = format!("{}  {detail}", resource.name);
            if text_width(&both) * size + 0.8 <= width { both } else { resource.name.clone() }
        }
        _ => resource.name.clone(),
    }
}

fn nodes(plan: &Plan<'_, '_>, block: &Block) -> Vec<Node> {
    block
        .nodes
        .iter()
        .map(|at| {
            let resource = plan.get(at.index);
            Node {
                id: resource.id.uuid(),
                resource: resource.id.clone(),
                kind: resource.kind.clone(),
                component: resource.component.clone(),
                icon: resource.icon.clone(),
                family: resource.family,
                plate: at.plate,
                at: Point::new(tidy(at.at.x), tidy(at.at.y)),
                on_border: at.on_border,
                name: resource.name.clone(),
                detail: resource.detail.clone(),
                native_id: resource.native_id.clone(),
                region: (!resource.region.is_global()).then(|| resource.region.to_string()),
                label_width: tidy(at.label_width),
                scale: at.scale,
                blueprint: resource.blueprint.clone(),
                tags: resource.tags.clone(),
            }
        })
        .collect()
}

/// The id of what no resource stands for.
pub(crate) fn synthetic(key: &str) -> Uuid {
    ResourceId::new(format!("arn:aws:isobar:::drawn/{key}")).uuid()
}

fn edge_id(nodes: &[Node], plates: &[Plate], from: End, to: End, flow: &str) -> Uuid {
    let name = |end: End| match end {
        End::Node(n) => nodes[n].id,
        End::Plate(p) => plates[p].id,
    };
    synthetic(&format!("edge/{}/{}/{flow}", name(from), name(to)))
}

/// Around everything: footprints with the solids behind them and labels before them, plates,
/// lines.
fn bounds(nodes: &[Node], plates: &[Plate], edges: &[Edge], metrics: &Metrics) -> Rect {
    let rects = plates.iter().map(|p| p.rect);
    let rects = rects.chain(nodes.iter().map(|n| {
        let wide = (n.label_width / 2.0).max(HALF);
        Rect::new(
            n.at.x - wide,
            n.at.y - metrics.lead,
            wide + wide.max(metrics.tail),
            metrics.lead + metrics.tail,
        )
    }));
    let rects = rects.chain(edges.iter().flat_map(|e| &e.points).map(|p| Rect::around(*p, 0.2)));
    let around = rects.reduce(|a, b| a.union(&b)).unwrap_or_default();
    Rect::new(tidy(around.x), tidy(around.y), tidy(around.w), tidy(around.h))
}
