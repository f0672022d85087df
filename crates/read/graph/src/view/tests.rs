//! Views of one small account: a VPC with a load balancer, two instances and a database, a bucket,
//! a queue and a function outside it.

use isobar_model::{AwsAccountId, Region, ResourceId, Tags};
use serde_json::json;

use super::*;
use crate::fields::Fields;
use crate::graph::Relation;
use crate::kind::Family;

const ACCOUNT: &str = "123456789012";

struct Draft {
    resources: Vec<Resource>,
    relations: Vec<Relation>,
}

impl Draft {
    /// A line `kind name component parent`, parent a name or `-`; undrawn in brackets.
    fn add(&mut self, kind: &str, name: &str, component: &str, parent: &str) -> &mut Resource {
        let (drawn, name) = match name.strip_prefix('(').and_then(|n| n.strip_suffix(')')) {
            Some(name) => (false, name),
            None => (true, name),
        };
        let container = ContainerKind::parse(component);
        let region = match kind {
            "s3:bucket" | INTERNET | "isobar:account" => Region::global(),
            _ => Region::parse("eu-west-1").unwrap(),
        };
        self.resources.push(Resource {
            id: ResourceId::new(format!("arn:aws:ec2:eu-west-1:{ACCOUNT}:{component}/{name}")),
            kind: kind.into(),
            component: component.into(),
            drawn,
            icon: "x".into(),
            family: Family::Compute,
            account: (kind != INTERNET).then(|| AwsAccountId::parse(ACCOUNT).unwrap()),
            region,
            native_id: name.to_owned(),
            name: name.to_owned(),
            detail: None,
            state: None,
            tags: Default::default(),
            parent: self.resources.iter().position(|r| r.name == parent).map(|at| Index(at as u32)),
            container,
            tier: None,
            spans: Vec::new(),
            on_border: false,
            attributes: Fields::default(),
            blueprint: Vec::new(),
        });
        self.resources.last_mut().unwrap()
    }

    fn link(&mut self, from: &str, kind: RelationKind, to: &str) {
        let at = |name: &str| Index(self.resources.iter().position(|r| r.name == name).unwrap() as u32);
        self.relations.push(Relation { kind, from: at(from), to: at(to), label: None });
    }
}

fn tag(key: &str, value: &str) -> Tags {
    Tags::from_iter([(key.to_owned(), value.to_owned())])
}

fn small() -> Graph {
    use RelationKind::*;
    let mut d = Draft { resources: Vec::new(), relations: Vec::new() };
    d.add(INTERNET, "internet", "internet", "-");
    d.add("isobar:account", "acme", "account", "-");
    d.add("isobar:region", "eu-west-1", "region", "acme");
    d.add("ec2:vpc", "vpc-1", "vpc", "eu-west-1");
    d.add("ec2:vpc", "vpc-2", "vpc", "eu-west-1");
    d.add("isobar:zone", "zone-a", "zone", "vpc-1");
    d.add("ec2:subnet", "subnet-1", "subnet", "zone-a");
    d.add("ec2:subnet", "subnet-2", "subnet", "zone-a");
    d.add("ec2:security-group", "(sg-1)", "sg", "vpc-1");
    d.add("elbv2:load-balancer", "lb", "elb", "vpc-1").spans = vec![Index(6)];
    d.add("elbv2:target-group", "(targets)", "targetgroup", "vpc-1");
    let web = d.add("ec2:instance", "web", "ec2", "subnet-1");
    web.tags = tag("Env", "prod");
    web.state = Some("running".into());
    web.attributes = json!({"PrivateIpAddress": "10.0.0.7", "InstanceType": "m7g.large"}).into();
    let worker = d.add("ec2:instance", "worker", "ec2", "subnet-1");
    worker.state = Some("stopped".into());
    worker.attributes = json!({"Platform": "windows"}).into();
    d.add("rds:db-instance", "orders", "rds", "subnet-2").tags = tag("env", "staging");
    d.add("ec2:nat-gateway", "nat", "natgateway", "subnet-2");
    d.add("ec2:route-table", "(table)", "routetable", "vpc-1");
    d.add("sqs:queue", "jobs", "sqs", "eu-west-1");
    d.add("lambda:function", "handler", "lambda", "eu-west-1");
    d.add("lambda:mapping", "(mapping)", "mapping", "eu-west-1");
    d.add("s3:bucket", "photos", "s3", "acme");
    d.add("kms:key", "key", "kms", "eu-west-1");
    for (from, kind, to) in [
        ("internet", Enters, "lb"),
        ("lb", Targets, "targets"),
        ("targets", Targets, "web"),
        ("targets", Targets, "worker"),
        ("web", GuardedBy, "sg-1"),
        ("web", Writes, "orders"),
        ("web", Writes, "jobs"),
        ("mapping", Reads, "jobs"),
        ("mapping", Invokes, "handler"),
        ("handler", Reads, "photos"),
        ("subnet-1", UsesTable, "table"),
        ("table", RoutesTo, "nat"),
        ("jobs", UsesTable, "table"),
        ("vpc-1", Peers, "vpc-2"),
        ("key", Encrypts, "photos"),
        ("key", Encrypts, "orders"),
        ("subnet-1", ConnectsTo, "web"),
    ] {
        d.link(from, kind, to);
    }
    Graph::assemble(d.resources, d.relations)
}

fn names(view: &View<'_>) -> String {
    let mut names: Vec<&str> = view.shown.iter().map(|&at| view.graph.get(at).name.as_str()).collect();
    names.sort_unstable();
    names.join(" ")
}

fn links(view: &View<'_>) -> Vec<String> {
    let name = |at: Index| &view.graph.get(at).name;
    let mut links: Vec<String> =
        view.links.iter().map(|l| format!("{} -{}-> {}", name(l.from), l.flow, name(l.to))).collect();
    links.sort();
    links
}

/// What a filter and excluded types leave, and the lines.
fn check(filter: &str, exclude: &[&str], shown: &str, lines: &[&str]) {
    let graph = small();
    let selection = Selection {
        filter: Some(Filter::parse(filter).unwrap()).filter(|_| !filter.is_empty()),
        exclude: exclude.iter().map(|&word| word.to_owned()).collect(),
        ..Selection::default()
    };
    let view = View::select(&graph, &selection);
    assert_eq!(names(&view), shown, "{filter} {exclude:?}");
    assert_eq!(links(&view), lines, "{filter} {exclude:?}");
    for &at in &view.shown {
        let hole = around(&graph, at).find(|&c| !view.shows(c));
        assert!(hole.is_none_or(|c| view.excluded.iter().any(|e| **e == *graph.get(c).component)));
    }
}

#[test]
fn everything_with_lines_through_what_is_not_drawn() {
    check(
        "",
        &[],
        "acme eu-west-1 handler internet jobs key lb nat orders photos subnet-1 subnet-2 vpc-1 vpc-2 web worker zone-a",
        &[
            "handler -data-> photos",
            "internet -request-> lb",
            "jobs -event-> handler",
            "key -trust-> orders",
            "key -trust-> photos",
            "lb -request-> web",
            "lb -request-> worker",
            "subnet-1 -egress-> nat",
            "vpc-1 -request-> vpc-2",
            "web -data-> jobs",
            "web -data-> orders",
        ],
    );
}

#[test]
fn filters_keep_what_surrounds_their_matches() {
    let web = "acme eu-west-1 subnet-1 vpc-1 web zone-a";
    for filter in [
        "web",
        "type=ec2 running",
        "ec2 !stopped",
        "env=prod",
        "ENV=PROD",
        "tag:env=prod",
        "10.0.0.7",
        "10.0.0",
        "ip=10.0.0.7",
        "sg-1 AND type=ec2",
        "platform=linux",
        "instancetype=m7g.large",
        "name=web",
        "id=web",
        "env=* !staging env=prod",
        "env (NOT env=staging)",
        "type=ec2 subnet=subnet-1 !worker",
        "state=running",
        "arn:aws:ec2:eu-west-1:123456789012:ec2/w web",
    ] {
        check(filter, &[], web, &[]);
    }
    check("vpc-2", &[], "acme eu-west-1 vpc-2", &[]);
    check("type=vpc", &[], "acme eu-west-1 vpc-1 vpc-2", &["vpc-1 -request-> vpc-2"]);
    check("subnet-2 type=rds", &[], "acme eu-west-1 orders subnet-2 vpc-1 zone-a", &[]);
    check("nothing-like-it", &[], "", &[]);
    check("platform=windows", &[], "acme eu-west-1 subnet-1 vpc-1 worker zone-a", &[]);
}

#[test]
fn lines_go_through_one_hidden_thing_at_most() {
    check(
        "lb OR orders",
        &[],
        "acme eu-west-1 internet lb orders subnet-1 subnet-2 vpc-1 zone-a",
        &["internet -request-> lb", "lb -request-> orders"],
    );
    check(
        "handler OR web",
        &[],
        "acme eu-west-1 handler subnet-1 vpc-1 web zone-a",
        &["web -data-> handler"],
    );
    check("photos OR web", &[], "acme eu-west-1 photos subnet-1 vpc-1 web zone-a", &[]);
}

#[test]
fn excluded_containers_leave_their_members() {
    let graph = small();
    let exclude = ["subnet, VPC", "zone", "martian"].map(str::to_owned).to_vec();
    let view = View::select(&graph, &Selection { exclude, ..Selection::default() });
    assert_eq!(names(&view), "acme eu-west-1 handler internet jobs key lb nat orders photos web worker");
    assert_eq!(view.excluded, ["martian", "subnet", "vpc", "zone"]);
    let web = view.shown.iter().copied().find(|&at| graph.get(at).name == "web").unwrap();
    assert_eq!(graph.get(view.parent(web).unwrap()).name, "eu-west-1");
    assert_eq!((view.count, view.total), (9, 9));
}

#[test]
fn regions_and_counts() {
    let graph = small();
    let regions = vec![Region::parse("us-east-1").unwrap()];
    let view = View::select(&graph, &Selection { regions, ..Selection::default() });
    assert_eq!(names(&view), "acme photos");
    assert_eq!((view.count, view.total), (1, 1));
    let accounts = vec![AwsAccountId::parse("999999999999").unwrap()];
    let view = View::select(&graph, &Selection { accounts, ..Selection::default() });
    assert_eq!(names(&view), "");
    let filter = Some(Filter::parse(" type=ec2 ").unwrap());
    let view = View::select(&graph, &Selection { filter, ..Selection::default() });
    assert_eq!((view.count, view.total, view.filter.as_deref()), (2, 9, Some("type=ec2")));
}

#[test]
fn a_services_tasks_leave_their_lines_to_it() {
    use RelationKind::*;
    let build = |service: bool| {
        let mut d = Draft { resources: Vec::new(), relations: Vec::new() };
        for (kind, name) in [
            ("ecs:task", "task-1"),
            ("ecs:task", "task-2"),
            ("rds:db-instance", "orders"),
            ("elbv2:load-balancer", "front"),
        ] {
            d.add(kind, name, "x", "-");
        }
        d.add("ecs:service", if service { "api" } else { "(api)" }, "x", "-");
        for task in ["task-1", "task-2"] {
            d.link("api", Contains, task);
            d.link("front", Targets, task);
            d.link(task, ConnectsTo, "orders");
        }
        d.link("task-1", Replicates, "task-2");
        Graph::assemble(d.resources, d.relations)
    };
    let lines = |graph: &Graph| links(&View::select(graph, &Selection::default()));
    let inner = "task-1 -data-> task-2";
    assert_eq!(lines(&build(true)), ["api -request-> orders", "front -request-> api", inner]);
    assert_eq!(
        lines(&build(false)),
        [
            "front -request-> task-1",
            "front -request-> task-2",
            inner,
            "task-1 -request-> orders",
            "task-2 -request-> orders"
        ]
    );
}
