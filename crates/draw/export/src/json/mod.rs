//! A blueprint as the JSON that Cloudcraft's API speaks: `{"data": {...}}`, with our own facts under
//! one additional key, `isobar`.
//!
//! Numbers are numbers, ids are the blueprint's UUIDs, every node carries its ARN. Hostile names
//! stay as they are: JSON escapes them, and whoever shows them escapes again.

mod read;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use isobar_layout::blueprint::{End, FOOTPRINT};
use isobar_layout::{Blueprint, Edge, Node, Plate, PlateKind, Point, Rect};
use isobar_model::{ResourceId, Tags};
use isobar_scene::Theme;
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub use read::{Earlier, NotEarlier, read};

/// What the envelope says that the blueprint does not know.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JsonContext {
    /// The theme asked for.
    pub theme: Theme,
    /// Whether names are shown.
    pub label: bool,
    /// Whether edges are drawn.
    pub autoconnect: bool,
    /// Whether the grid is drawn.
    pub grid: bool,
    /// The account someone registered; none for a drawing without one.
    pub account: Option<Uuid>,
    /// Types that were left out.
    pub excluded: Vec<String>,
    /// The filter's text, as one term of the live tab.
    pub search_terms: Vec<String>,
    /// The resources whose places a user chose.
    pub locked: BTreeSet<ResourceId>,
    /// Those of them that had to stand elsewhere.
    pub displaced: Vec<ResourceId>,
    /// What the audit says of this drawing, passed through.
    pub findings: Option<Value>,
}

/// Writes the blueprint, followed by a line break.
pub fn write(blueprint: &Blueprint, context: &JsonContext) -> String {
    let mut text = value(blueprint, context).to_string();
    text.push('\n');
    text
}

/// The blueprint as a value.
pub fn value(blueprint: &Blueprint, context: &JsonContext) -> Value {
    let facts = &blueprint.facts;
    let members = Members::of(blueprint);
    let (mut groups, mut surfaces) = (Vec::new(), Vec::new());
    for (at, plate) in blueprint.plates.iter().enumerate() {
        match plate.kind {
            PlateKind::Zone | PlateKind::Account | PlateKind::Group => surfaces.push(surface(plate)),
            PlateKind::Stack => {
                let inside = members.inside(blueprint, at);
                groups.push(match scaling_group(blueprint, at) {
                    Some(name) => scaling(plate, name, inside),
                    None => group(plate, inside),
                });
            }
            _ => groups.push(group(plate, members.inside(blueprint, at))),
        }
    }
    let mut nodes = Vec::with_capacity(blueprint.nodes.len());
    for resource in &blueprint.nodes {
        let locked = context.locked.contains(&resource.resource);
        if &*resource.component == "asg" {
            groups.push(auto_scaling_frame(resource, locked));
        } else {
            nodes.push(node(resource, resource.at, locked));
        }
    }
    let edges: Vec<Value> = blueprint.edges.iter().map(|e| edge(blueprint, e)).collect();

    let mut data = Map::new();
    let mut set = |key: &str, value: Value| {
        data.insert(key.to_owned(), value);
    };
    set("grid", json!(if blueprint.nodes.len() > 40 { "infinite" } else { "standard" }));
    set("name", json!(facts.title));
    set("version", json!(6));
    set("projection", json!(blueprint.projection.as_str()));
    set("theme", json!({"base": context.theme.as_str()}));
    set("nodes", Value::Array(nodes));
    set("edges", Value::Array(edges));
    set("groups", Value::Array(groups));
    set("surfaces", Value::Array(surfaces));
    set("text", Value::Array(labels(blueprint, context)));
    set("icons", json!([]));
    set("images", json!([]));
    set("connectors", json!([]));
    set("disabledLayers", json!([]));
    set("shareDocs", json!(false));
    if let Some(account) = context.account {
        set("liveAccount", json!({"id": account, "type": "aws"}));
    }
    set(
        "liveOptions",
        json!({
            "autoLabel": context.label,
            "autoConnect": context.autoconnect,
            "updatesEnabled": true,
            "updateAllOnScan": true,
            "updateGroupsOnScan": true,
            "updateNodeOnSelect": true,
            "excludedTypes": context.excluded,
            "searchTerms": context.search_terms,
        }),
    );
    let mut own = json!({
        "account": facts.account,
        "region": facts.region,
        "shown": facts.shown,
        "total": facts.total,
        "scanned": facts.scanned.map(|time| time.to_string()),
        "filter": facts.filter,
        "partial": !facts.gaps.is_empty(),
        "gaps": facts.gaps,
        "gridShown": context.grid,
    });
    if !context.displaced.is_empty() {
        own["displaced"] = context.displaced.iter().map(ResourceId::as_str).collect();
    }
    if let Some(findings) = &context.findings {
        own["findings"] = findings.clone();
    }
    set("isobar", own);
    json!({"data": data})
}

/// Who stands in which plate, and which resources a group relation joins.
struct Members {
    children: Vec<Vec<usize>>,
    nodes: Vec<Vec<Uuid>>,
}

impl Members {
    fn of(blueprint: &Blueprint) -> Self {
        let count = blueprint.plates.len();
        let (mut children, mut nodes) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (at, plate) in blueprint.plates.iter().enumerate() {
            if let Some(parent) = plate.parent.filter(|&parent| parent < at) {
                children[parent].push(at);
            }
        }
        for node in &blueprint.nodes {
            if let Some(plate) = node.plate.filter(|&plate| plate < count) {
                nodes[plate].push(node.id);
            }
        }
        Self { children, nodes }
    }

    /// The ids of a group: its own resources and its subgroups; what lies in a zone or lane belongs
    /// to the group around it, since Cloudcraft's surfaces have no members.
    fn inside(&self, blueprint: &Blueprint, at: usize) -> Vec<Uuid> {
        let mut out = self.nodes[at].clone();
        for &child in &self.children[at] {
            match blueprint.plates[child].kind {
                PlateKind::Zone | PlateKind::Account | PlateKind::Group => {
                    out.extend(self.inside(blueprint, child));
                }
                _ => out.push(blueprint.plates[child].id),
            }
        }
        out
    }
}

/// A component whose position on the map is `map`: mostly where it stands.
fn node(node: &Node, map: Point, locked: bool) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!(&*node.component));
    out.insert("id".to_owned(), json!(node.id));
    out.insert("arn".to_owned(), json!(node.resource.as_str()));
    if let Some(region) = node.region.as_deref().filter(|region| !matches!(*region, "global" | "")) {
        out.insert("region".to_owned(), json!(region));
    }
    out.insert("name".to_owned(), json!(node.name));
    out.insert("mapPos".to_owned(), json!([quarter(map.x), quarter(map.y)]));
    for (key, value) in &node.blueprint {
        out.entry((*key).to_owned())
            .or_insert_with(|| if NUMERIC.contains(key) { number_like(value) } else { value.clone() });
    }
    out.insert("locked".to_owned(), json!(locked));
    if !node.tags.is_empty() {
        out.insert("tags".to_owned(), tags(&node.tags));
    }
    if let Some(own) = exactly(node, map) {
        out.insert("isobar".to_owned(), own);
    }
    Value::Object(out)
}

/// What quarters do not tell of a place, so that a later drawing can keep it.
fn exactly(node: &Node, map: Point) -> Option<Value> {
    let mut own = Map::new();
    if [node.at.x, node.at.y] != [map.x, map.y].map(snapped) {
        own.insert("at".to_owned(), json!([node.at.x, node.at.y]));
    }
    if node.scale < 1.0 {
        own.insert("scale".to_owned(), json!(node.scale));
    }
    (!own.is_empty()).then_some(Value::Object(own))
}

/// An Auto Scaling group is a group with a frame of its own, not a node.
fn auto_scaling_frame(node: &Node, locked: bool) -> Value {
    let half = FOOTPRINT / 2.0;
    let mut out = self::node(node, Point::new(node.at.x - half, node.at.y - half), locked);
    if let Some(map) = out.as_object_mut() {
        map.insert("mapSize".to_owned(), json!([quarter(FOOTPRINT), quarter(FOOTPRINT)]));
        map.entry("layout").or_insert(json!("manual"));
        map.entry("nodes").or_insert(json!([]));
    }
    out
}

fn common(plate: &Plate) -> IndexMap<&'static str, Value> {
    let mut out = IndexMap::new();
    out.insert("type", json!(&*plate.component));
    out.insert("id", json!(plate.id));
    if let Some(resource) = &plate.resource {
        out.insert("arn", json!(resource.as_str()));
    }
    if let Some(region) = plate.region.as_deref().filter(|region| !matches!(*region, "global" | "")) {
        out.insert("region", json!(region));
    }
    out.insert("name", json!(plate.title));
    out
}

fn group(plate: &Plate, members: Vec<Uuid>) -> Value {
    let mut out = common(plate);
    out.insert("shape", json!("rectangular"));
    out.insert("padding", json!(if plate.kind == PlateKind::Vpc { 1.5 } else { 0.5 }));
    out.insert("visible", json!(true));
    place(&mut out, plate.rect);
    out.insert("nodes", json!(members));
    if plate.kind == PlateKind::Vpc {
        out.insert("peeringConnections", json!([]));
    }
    if !plate.tags.is_empty() {
        out.insert("tags", tags(&plate.tags));
    }
    json!(out)
}

/// The Auto Scaling group that all instances on a stack's plate belong to.
fn scaling_group(blueprint: &Blueprint, at: usize) -> Option<&str> {
    let mut names = blueprint.nodes.iter().filter(|node| node.plate == Some(at)).map(|node| {
        let tag = node.tags.get("aws:autoscaling:groupName");
        tag.filter(|_| &*node.component == "ec2")
    });
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

/// A stack of an Auto Scaling group's instances, which Cloudcraft has a word for.
fn scaling(plate: &Plate, name: &str, members: Vec<Uuid>) -> Value {
    let mut out = common(plate);
    out.insert("type", json!("asg"));
    out.insert("name", json!(name));
    place(&mut out, plate.rect);
    out.insert("layout", json!("even"));
    out.insert("nodes", json!(members));
    json!(out)
}

fn surface(plate: &Plate) -> Value {
    let mut out = common(plate);
    place(&mut out, plate.rect);
    if plate.kind != PlateKind::Zone {
        out.insert("type", json!("area"));
        let (x0, y0) = (quarter(plate.rect.x), quarter(plate.rect.y));
        let (x1, y1) = (quarter(plate.rect.right()), quarter(plate.rect.bottom()));
        out.insert("points", json!([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]));
    }
    json!(out)
}

fn place(out: &mut IndexMap<&'static str, Value>, rect: Rect) {
    out.insert("mapPos", json!([quarter(rect.x), quarter(rect.y)]));
    out.insert("mapSize", json!([quarter(rect.w), quarter(rect.h)]));
}

fn edge(blueprint: &Blueprint, edge: &Edge) -> Value {
    let id = |end: End| match end {
        End::Node(at) => blueprint.nodes.get(at).map(|node| node.id),
        End::Plate(at) => blueprint.plates.get(at).map(|plate| plate.id),
    };
    let points: Vec<Value> = edge.points.iter().map(|p| json!([quarter(p.x), quarter(p.y)])).collect();
    let dashed = !matches!(edge.flow, isobar_graph::Flow::Request | isobar_graph::Flow::Data);
    let mut out = json!({
        "id": edge.id,
        "type": "autoedge",
        "from": id(edge.from),
        "to": id(edge.to),
        "width": 2,
        "dashed": dashed,
        "endCap": "arrow",
        "flow": edge.flow.as_str(),
        "count": edge.count,
        "points": points,
    });
    if let Some(label) = &edge.label {
        out["label"] = json!(label);
    }
    out
}

/// One text per resource, tied to it, when names are shown.
fn labels(blueprint: &Blueprint, context: &JsonContext) -> Vec<Value> {
    if !context.label {
        return Vec::new();
    }
    let one = |node: &Node| {
        json!({
            "type": "isotext",
            "id": Uuid::new_v5(&node.id, b"label"),
            "text": node.name,
            "textSize": 15,
            "isometric": false,
            "standing": false,
            "direction": "down",
            "outline": true,
            "mapPos": {"relTo": node.id, "offset": [0.75, 0.75]},
        })
    };
    blueprint.nodes.iter().filter(|node| !node.name.is_empty()).map(one).collect()
}

fn tags(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| (key.to_owned(), json!(value))).collect::<Map<_, _>>().into()
}

/// The nearest quarter, as Cloudcraft's positions are; whole ones print as `3.0` nowhere else, so
/// they become integers.
fn quarter(value: f64) -> Value {
    let snapped = snapped(value);
    if !snapped.is_finite() {
        json!(0)
    } else if snapped.fract() == 0.0 {
        json!(snapped as i64)
    } else {
        json!(snapped)
    }
}

fn snapped(value: f64) -> f64 {
    (value * 4.0).round() / 4.0
}

/// Fields that hold numbers in a blueprint; a version or an id that looks like one stays a text.
const NUMERIC: [&str; 24] = [
    "apiCalls",
    "computeDuration",
    "cpu",
    "dataGb",
    "datasetGb",
    "instanceCount",
    "iops",
    "memory",
    "memoryGB",
    "nodeCount",
    "numberPorts",
    "putUnits",
    "readUnits",
    "requests",
    "ruleCount",
    "shards",
    "snapshots",
    "storage",
    "storageCapacity",
    "storageGB",
    "throughput",
    "throughputCapacity",
    "usageGb",
    "writeUnits",
];

/// AWS writes many numbers as texts; the blueprint has numbers there.
fn number_like(value: &Value) -> Value {
    let Value::String(text) = value else { return value.clone() };
    let plain = text.len() < 16 && !(text.len() > 1 && text.starts_with('0') && !text.starts_with("0."));
    let numeric = plain && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    match serde_json::from_str::<Value>(text) {
        Ok(number @ Value::Number(_)) if numeric => number,
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests;
