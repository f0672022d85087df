//! The engine's graph of a neutral one.

use std::collections::BTreeMap;
use std::sync::Arc;

use isobar_graph::{ContainerKind, Family, Fields, Graph, Index, Link, RelationKind, Resource, Tier, View};
use isobar_model::{Region, ResourceId, Tags};

use super::tree::{Part, Piece, Tree};
use super::{Neutral, Node, flow};

/// Longer names are cut: they would be cut on the page too.
const LONGEST_NAME: usize = 40;
const LONGEST_TITLE: usize = 14;

/// How the name of a container begins that stands for none of the given boxes.
const ADDED: &str = "arn:aws:isobar:::wrapper/";

/// Whether a container was added to those given.
pub(crate) fn is_added(id: &ResourceId) -> bool {
    id.as_str().starts_with(ADDED)
}

/// The graph, and which link of it stands for which of the given ones.
pub(super) struct Made {
    graph: Graph,
    links: Vec<Link>,
    /// The given links between two resources.
    pub(super) between: BTreeMap<(ResourceId, ResourceId), Vec<usize>>,
    /// The box a resource stands for.
    pub(super) node_of: BTreeMap<ResourceId, usize>,
}

impl Made {
    pub(super) fn of(neutral: &Neutral, tree: &Tree) -> Self {
        let order = order(neutral, tree);
        let resources: Vec<Resource> = tree
            .pieces
            .iter()
            .map(|piece| resource(neutral, piece, piece.node.map_or(0, |at| order[at])))
            .collect();
        let ids: Vec<Option<ResourceId>> = {
            let mut ids = vec![None; neutral.nodes.len()];
            for (piece, resource) in tree.pieces.iter().zip(&resources) {
                if let Some(at) = piece.node {
                    ids[at] = Some(resource.id.clone());
                }
            }
            ids
        };
        let graph = Graph::assemble(resources, Vec::new());
        let mut links = Vec::new();
        let mut between: BTreeMap<(ResourceId, ResourceId), Vec<usize>> = BTreeMap::new();
        for (at, &(from, to)) in tree.ends.iter().enumerate() {
            if from == to || tree.encloses(from, to) || tree.encloses(to, from) {
                continue;
            }
            let (Some(a), Some(b)) = (&ids[from], &ids[to]) else { continue };
            let (Some(x), Some(y)) = (graph.find(a), graph.find(b)) else { continue };
            let flow = flow(neutral.edges[at].kind.as_deref());
            links.push(Link { from: x, to: y, flow, kind: RelationKind::ConnectsTo, label: None });
            between.entry((a.clone(), b.clone())).or_default().push(at);
        }
        links.sort_by_key(|link| (link.from, link.to, link.flow));
        for members in between.values_mut() {
            members.sort_by_key(|&at| (flow(neutral.edges[at].kind.as_deref()), &neutral.edges[at].id));
        }
        let node_of = ids.into_iter().enumerate().filter_map(|(at, id)| Some((id?, at))).collect();
        Self { graph, links, between, node_of }
    }

    pub(super) fn view(&self) -> View<'_> {
        let shown: Vec<Index> = (0..self.graph.resources().len() as u32).map(Index).collect();
        let count = self.node_of.len();
        View {
            graph: &self.graph,
            shown,
            links: self.links.clone(),
            total: count,
            count,
            filter: None,
            excluded: Vec::new(),
        }
    }
}

/// The place of each box among all, by id, numbers by their value: another label moves nothing.
fn order(neutral: &Neutral, tree: &Tree) -> Vec<usize> {
    let nodes = &neutral.nodes;
    let mut sorted: Vec<usize> = (0..tree.parents.len()).collect();
    sorted.sort_by(|&a, &b| crate::plan::natural(&nodes[a].id, &nodes[b].id));
    let mut order = vec![0; nodes.len()];
    for (place, at) in sorted.into_iter().enumerate() {
        order[at] = place;
    }
    order
}

fn resource(neutral: &Neutral, piece: &Piece, order: usize) -> Resource {
    let node = piece.node.map(|at| &neutral.nodes[at]);
    let label = node.map_or("", |node| node.label.as_deref().unwrap_or(&node.id));
    let words = words(node, label);
    let container = match piece.part {
        Part::Region => Some(ContainerKind::Region),
        Part::Vpc => Some(ContainerKind::Vpc),
        // Inside a subnet any container is a frame; that it is called a zone has no meaning there.
        Part::Zone | Part::Frame => Some(ContainerKind::Zone),
        Part::Subnet => Some(ContainerKind::Subnet),
        Part::Leaf => None,
    };
    let outside = piece.part == Part::Leaf
        && piece.parent.is_none()
        && node.is_some_and(|node| matches!(node.kind.as_deref(), Some("external") | None));
    let longest = if container.is_some() { LONGEST_TITLE } else { LONGEST_NAME };
    let id = match node {
        Some(node) => format!("arn:aws:isobar:::neutral/{}", node.id),
        None => format!("{ADDED}{}", piece.key),
    };
    let has = |any: &[&str]| words.iter().any(|word| any.iter().any(|start| word.starts_with(start)));
    Resource {
        id: ResourceId::new(id),
        kind: Arc::from(match () {
            () if outside && has(&["internet", "www", "user", "client"]) => "isobar:internet",
            () if outside && has(&["dns", "route53", "r53"]) => "route53:hosted-zone",
            () if outside => "cloudfront:distribution",
            () => "neutral:box",
        }),
        // No two of one type: the engine would heap like ones on stacks, at another scale.
        component: Arc::from(format!("{order:07}")),
        drawn: true,
        icon: Arc::from(""),
        family: if outside { Family::Edge } else { family(&has) },
        account: None,
        region: Region::parse("us-east-1").expect("a region of AWS"),
        native_id: String::new(),
        name: label.chars().take(longest).collect(),
        detail: None,
        state: None,
        tags: Tags::default(),
        parent: piece.parent.map(|at| Index(at as u32)),
        container,
        tier: (piece.part == Part::Subnet).then(|| tier(&has)),
        spans: Vec::new(),
        on_border: false,
        attributes: Fields::default(),
        blueprint: Vec::new(),
    }
}

/// The words of a box's label and id, in small letters.
fn words(node: Option<&Node>, label: &str) -> Vec<String> {
    let id = node.map_or("", |node| node.id.as_str());
    [label, id]
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .take(24)
        .map(str::to_lowercase)
        .collect()
}

fn tier(has: &impl Fn(&[&str]) -> bool) -> Tier {
    match () {
        () if has(&["pub", "dmz", "ingress", "edge"]) => Tier::Public,
        () if has(&["data", "db", "isolated", "intra", "store", "cache"]) => Tier::Isolated,
        () if has(&["priv", "app", "backend", "compute", "service"]) => Tier::Private,
        () if has(&["web", "front", "lb", "elb", "alb"]) => Tier::Public,
        () => Tier::Private,
    }
}

fn family(has: &impl Fn(&[&str]) -> bool) -> Family {
    match () {
        () if has(&["lb", "alb", "nlb", "elb", "nat", "igw", "gateway", "vpn", "endpoint"]) => {
            Family::Network
        }
        () if has(&["db", "rds", "cache", "redis", "table", "dynamo", "aurora", "sql"]) => Family::Database,
        () if has(&["bucket", "s3", "store", "efs", "volume"]) => Family::Storage,
        () if has(&["queue", "sqs", "topic", "sns", "stream", "kinesis", "bus", "event"]) => {
            Family::Integration
        }
        () if has(&["secret", "kms", "key", "role"]) => Family::Security,
        () => Family::Compute,
    }
}
