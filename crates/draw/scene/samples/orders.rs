//! A small believable estate, placed by hand: 22 resources on four depths of plates. Tests and
//! examples of scene and export share it, so that they need no layout engine.

#![allow(dead_code, unreachable_pub)]

use std::sync::Arc;

use isobar_graph::{Family, Flow};
use isobar_layout::blueprint::{End, Facts};
use isobar_layout::{Blueprint, Edge, Node, Plate, PlateKind, Point, Projection, Rect, TitleSide};
use isobar_model::{ResourceId, Tags, Timestamp};

/// The estate, placed for a projection.
pub fn orders(projection: Projection) -> Blueprint {
    let iso = projection == Projection::Isometric;
    let mut estate = Estate::new(projection);
    let (s, ym) = if iso { (0.0, 8.15) } else { (0.7, 8.85) };
    let ys = if iso { 18.1 } else { 18.6 };
    let region = estate.plate(PlateKind::Region, None, (7.6, -0.4, 41.0, 20.6), "us-east-1");
    let vpc = estate.plate(PlateKind::Vpc, Some(region), (10.0, 0.9, 36.0, 16.1), "vpc-prod   10.20.0.0/16");
    let mut rows = Vec::new();
    let mut subnets = Vec::new();
    for (zone, y) in [("a", 1.6 + s), ("b", 9.0 + s)] {
        let az =
            estate.plate(PlateKind::Zone, Some(vpc), (14.6, y, 35.2, y + 5.7), &format!("us-east-1{zone}"));
        let y0 = y + if iso { 0.4 } else { 0.8 };
        for (kind, name, x0, x1) in [
            (PlateKind::PublicSubnet, "public", 15.1, 18.5),
            (PlateKind::PrivateSubnet, "app", 19.6, 26.4),
            (PlateKind::IsolatedSubnet, "data", 27.5, 34.7),
        ] {
            subnets.push(estate.plate(kind, Some(az), (x0, y0, x1, y0 + 4.5), &format!("{name}-{zone}")));
        }
        rows.push(y0 + 2.15);
    }
    let (a, b) = (rows[0], rows[1]);
    let compute = Family::Compute;
    let (network, database) = (Family::Network, Family::Database);
    let net = estate.node("internet", Family::Neutral, None, (1.5, ym), "Internet", "0.0.0.0/0");
    let r53 = estate.node("route53", Family::Edge, None, (4.8, ym - 3.6), "example.com", "hosted zone");
    let cdn = estate.node("cloudfront", Family::Edge, None, (4.8, ym), "cdn-web", "E2QWRUH");
    let igw = estate.node("internet-gateway", network, Some(vpc), (10.0, ym), "igw-main", "igw-0c41");
    let alb = estate.node("load-balancer", network, Some(vpc), (12.9, ym), "alb-web", ":443");
    let nat_a = estate.node("nat-gateway", network, Some(subnets[0]), (16.8, a), "nat-a", "52.2.14.9");
    let nat_b = estate.node("nat-gateway", network, Some(subnets[3]), (16.8, b), "nat-b", "3.91.7.22");
    let web_1 = estate.node("ec2", compute, Some(subnets[1]), (21.3, a), "web-1", "m7g.large");
    let task_1 = estate.node("ecs-task", compute, Some(subnets[1]), (24.7, a), "orders", "4 tasks");
    let web_2 = estate.node("ec2", compute, Some(subnets[4]), (21.3, b), "web-2", "m7g.large");
    let task_2 = estate.node("ecs-task", compute, Some(subnets[4]), (24.7, b), "orders", "4 tasks");
    let db = estate.node("rds", database, Some(subnets[2]), (29.3, a), "orders-db", "writer");
    let cache = estate.node("elasticache", database, Some(subnets[2]), (32.8, a), "sessions", "redis");
    let standby = estate.node("rds", database, Some(subnets[5]), (29.3, b), "orders-db", "standby");
    let api = estate.node("api-gateway", network, Some(region), (12.9, ys), "public-api", "HTTP");
    let ingest = estate.node("lambda", compute, Some(region), (18.0, ys), "ingest", "arm64");
    let jobs = estate.node("sqs", Family::Integration, Some(region), (23.0, ys), "jobs", "12 waiting");
    let worker = estate.node("lambda", compute, Some(region), (28.0, ys), "worker", "arm64");
    let events = estate.node("dynamodb", database, Some(region), (33.0, ys), "events", "on demand");
    let media = estate.node("s3", Family::Storage, Some(region), (38.6, a), "media", "2.4 TB");
    let key = estate.node("kms", Family::Security, Some(region), (38.6, b), "cmk-data", "rotated");
    let alerts = estate.node("sns", Family::Integration, Some(region), (38.6, ys), "alerts", "3 subs");
    estate.blueprint.nodes[igw].on_border = true;

    use Flow::{Data, Egress, Event, Request, Trust};
    let top = 1.25 + s;
    let over = a - if iso { 1.8 } else { 1.3 };
    estate.edge(Request, net, r53, &[(1.5, ym - 3.6)]);
    estate.edge(Request, net, cdn, &[]);
    estate.edge(Request, cdn, igw, &[]);
    estate.edge(Request, igw, alb, &[]);
    estate.edge(Request, alb, web_1, &[(19.05, ym), (19.05, a)]);
    estate.edge(Request, alb, web_2, &[(19.05, ym), (19.05, b)]);
    estate.edge(Request, web_1, task_1, &[]);
    estate.edge(Request, web_2, task_2, &[]);
    estate.edge(Data, task_1, db, &[]);
    estate.edge(Data, task_2, db, &[(26.95, b), (26.95, a)]);
    estate.edge(Data, task_1, cache, &[(24.7, over), (32.8, over)]);
    estate.edge(Data, db, standby, &[(31.3, a), (31.3, b - 0.32)]);
    estate.edge(Egress, nat_a, igw, &[(11.35, a), (11.35, ym - 0.45)]);
    estate.edge(Egress, nat_b, igw, &[(11.35, b), (11.35, ym + 0.45)]);
    estate.edge(Request, cdn, api, &[(7.0, ym), (7.0, ys)]);
    estate.edge(Request, api, ingest, &[]);
    estate.edge(Event, ingest, jobs, &[]);
    estate.edge(Event, jobs, worker, &[]);
    estate.edge(Data, worker, events, &[]);
    estate.edge(Event, events, alerts, &[]);
    estate.edge(Data, task_1, media, &[(24.7, top), (36.55, top), (36.55, a)]);
    estate.edge(Trust, key, media, &[]);
    estate.edge(Trust, key, standby, &[]);
    let count = estate.blueprint.nodes.len();
    estate.blueprint.facts = Facts {
        title: "Orders platform".to_owned(),
        account: "1111 2222 3333".to_owned(),
        region: "us-east-1".to_owned(),
        scanned: Timestamp::parse("2026-11-22T01:00:00Z").ok(),
        shown: count,
        total: count,
        filter: None,
        excluded: Vec::new(),
        gaps: Vec::new(),
        gap_count: 0,
    };
    estate.blueprint
}

/// A grid of subnets full of instances, for benchmarks: `count` resources or a few more.
pub fn crowd(projection: Projection, count: usize) -> Blueprint {
    let mut estate = Estate::new(projection);
    let icons = ["ec2", "rds", "lambda", "ecs-task", "s3", "sqs", "load-balancer", "elasticache"];
    let per_subnet = 12;
    let subnets = count.div_ceil(per_subnet);
    let columns = (subnets as f64).sqrt().ceil() as usize;
    let (w, h) = (15.0, 16.0);
    let (cols, rows) = (columns as f64, subnets.div_ceil(columns) as f64);
    let region =
        estate.plate(PlateKind::Region, None, (-3.0, -3.0, cols * w + 3.0, rows * h + 3.0), "eu-west-1");
    let vpc =
        estate.plate(PlateKind::Vpc, Some(region), (-1.5, -1.5, cols * w + 1.0, rows * h + 1.0), "vpc-large");
    for subnet in 0..subnets {
        let (x, y) = ((subnet % columns) as f64 * w, (subnet / columns) as f64 * h);
        let kind = [PlateKind::PublicSubnet, PlateKind::PrivateSubnet, PlateKind::IsolatedSubnet][subnet % 3];
        let plate =
            estate.plate(kind, Some(vpc), (x, y, x + w - 1.2, y + h - 1.2), &format!("subnet-{subnet}"));
        let mut previous = None;
        for slot in 0..per_subnet {
            let at = (x + 2.0 + (slot % 4) as f64 * 3.2, y + 2.0 + (slot / 4) as f64 * 4.6);
            let icon = icons[(subnet + slot) % icons.len()];
            let family = [
                Family::Compute,
                Family::Database,
                Family::Compute,
                Family::Compute,
                Family::Storage,
                Family::Integration,
                Family::Network,
                Family::Database,
            ][(subnet + slot) % icons.len()];
            let node = estate.node(
                icon,
                family,
                Some(plate),
                at,
                &format!("web-production-{subnet}-{slot}"),
                "m7g.large",
            );
            if let Some(previous) = previous.filter(|_| slot % 4 != 0) {
                estate.edge(Flow::Request, previous, node, &[]);
            }
            previous = Some(node);
        }
    }
    let shown = estate.blueprint.nodes.len();
    estate.blueprint.facts =
        Facts { title: "A large estate".to_owned(), shown, total: shown, ..Facts::default() };
    estate.blueprint
}

/// A blueprint in the making.
pub struct Estate {
    /// What there is so far.
    pub blueprint: Blueprint,
}

impl Estate {
    /// An empty one.
    pub fn new(projection: Projection) -> Self {
        let blueprint = Blueprint {
            projection,
            plates: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            outlines: Vec::new(),
            bounds: Rect::default(),
            facts: Facts::default(),
        };
        Self { blueprint }
    }

    fn id(&self, kind: &str, name: &str) -> ResourceId {
        ResourceId::new(format!("arn:aws:{kind}:us-east-1:111122223333:{name}"))
    }

    /// Adds a plate; corners are x0, y0, x1, y1.
    pub fn plate(
        &mut self,
        kind: PlateKind,
        parent: Option<usize>,
        corners: (f64, f64, f64, f64),
        title: &str,
    ) -> usize {
        let (x0, y0, x1, y1) = corners;
        let component = match kind {
            PlateKind::Region => "region",
            PlateKind::Vpc => "vpc",
            PlateKind::Zone => "zone",
            _ => "subnet",
        };
        let resource = self.id(component, &format!("{}-{title}", self.blueprint.plates.len()));
        let side = match self.blueprint.projection {
            Projection::Isometric => TitleSide::Bottom,
            Projection::Flat => TitleSide::Top,
        };
        self.blueprint.plates.push(Plate {
            id: resource.uuid(),
            resource: Some(resource),
            component: component.into(),
            kind,
            parent,
            rect: Rect::new(x0, y0, x1 - x0, y1 - y0),
            title: title.to_owned(),
            rule: None,
            title_side: side,
            native_id: format!("{component}-0a1b"),
            region: Some("us-east-1".to_owned()),
            tags: Tags::default(),
        });
        self.blueprint.plates.len() - 1
    }

    /// Adds a resource.
    pub fn node(
        &mut self,
        icon: &str,
        family: Family,
        plate: Option<usize>,
        at: (f64, f64),
        name: &str,
        detail: &str,
    ) -> usize {
        let at_index = self.blueprint.nodes.len();
        let resource = self.id(icon, &format!("{at_index}-{name}"));
        self.blueprint.nodes.push(Node {
            id: resource.uuid(),
            resource,
            kind: format!("{icon}:thing").into(),
            component: Arc::from(icon),
            icon: icon.into(),
            family,
            plate,
            at: Point::new(at.0, at.1),
            on_border: false,
            name: name.to_owned(),
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
            native_id: format!("id-{at_index}"),
            region: Some("us-east-1".to_owned()),
            scale: 1.0,
            label_width: 2.7,
            blueprint: Vec::new(),
            tags: Tags::default(),
        });
        at_index
    }

    /// Adds an edge through corners.
    pub fn edge(&mut self, flow: Flow, from: usize, to: usize, corners: &[(f64, f64)]) -> usize {
        let nodes = &self.blueprint.nodes;
        let (start, mut end) = (nodes[from].at, nodes[to].at);
        // Two lines into one side come in beside one another.
        if let Some(&(_, y)) = corners.last()
            && (end.y - y).abs() < 0.66
        {
            end.y = y;
        }
        let points = std::iter::once(start)
            .chain(corners.iter().map(|&(x, y)| Point::new(x, y)))
            .chain([end])
            .collect();
        let id = ResourceId::new(format!("edge {from} {to} {flow}")).uuid();
        let members = vec![(nodes[from].resource.clone(), nodes[to].resource.clone())];
        let (from, to) = (End::Node(from), End::Node(to));
        self.blueprint.edges.push(Edge {
            id,
            from,
            to,
            flow,
            points,
            count: 1,
            members,
            label: None,
            label_at: None,
        });
        self.blueprint.edges.len() - 1
    }
}

/// Names that AWS lets people choose, or that a hostile neighbour might.
pub const HOSTILE: [&str; 13] = [
    "<script>alert(1)</script>",
    "\"quoted\" 'twice' & <b>",
    "]]><![CDATA[x",
    "=cmd|' /C calc'!A0",
    "\u{202E}gnp.exe",
    "قاعدة بيانات الطلبات",
    "עברית",
    "👩\u{200D}👩\u{200D}👧 emoji 🚀",
    "서울-운영-데이터베이스",
    "日本語 中文",
    "nul\u{0}bell\u{7}esc\u{1b}[31m\u{85}\u{FFFE}",
    "url(#g0);fill:red;}{--></style>",
    "e\u{301}\u{301}\u{301}\u{301}",
];

/// The estate with every text that comes from AWS replaced by hostile ones, one of them of 255
/// characters.
pub fn hostile(projection: Projection) -> Blueprint {
    let mut blueprint = orders(projection);
    let long = "W".repeat(255);
    let name = |at: usize| if at % 14 == 13 { long.clone() } else { HOSTILE[at % 14].to_owned() };
    for (at, node) in blueprint.nodes.iter_mut().enumerate() {
        node.name = name(at);
        node.detail = Some(name(at + 5));
        node.resource = ResourceId::new(format!("arn:aws:x:::{}", name(at + 3)));
        node.native_id = name(at + 4);
        node.tags = [(name(at), name(at + 1))].into_iter().collect();
        node.component = name(at + 2).into();
        node.kind = name(at + 6).into();
        if at % 4 == 0 {
            node.icon = name(at).into();
        }
    }
    for (at, plate) in blueprint.plates.iter_mut().enumerate() {
        plate.title = name(at + 2);
        plate.native_id = name(at);
    }
    for (at, edge) in blueprint.edges.iter_mut().enumerate() {
        edge.label = Some(name(at));
        edge.count = at;
    }
    let facts = &mut blueprint.facts;
    facts.title = name(0);
    facts.account = name(1);
    facts.region = long.clone();
    facts.filter = Some(name(2));
    facts.excluded = (0..9).map(name).collect();
    facts.gaps = (0..14).map(name).collect();
    blueprint
}
