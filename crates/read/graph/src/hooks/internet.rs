//! The internet, and what of an account it can enter.
//!
//! Drawn are the ways that the network's configuration opens: distributions, public APIs, internet
//! gateways, and behind these what has a public address. Whether security groups then let a packet
//! pass is another question, left to the network analysis.

use std::collections::{HashMap, HashSet};

use isobar_model::Region;
use serde_json::Value;

use crate::build::{Build, Synthetic};
use crate::graph::{Index, Resource};
use crate::kind::{RelationKind, Tier};

pub(super) fn run(build: &mut Build<'_>) {
    let mut entered: Vec<Index> = Vec::new();
    let mut behind: Vec<(Index, Index)> = Vec::new();
    let all: Vec<Index> = (0..build.drafts.len() as u32).map(Index).collect();
    let mut gateways: HashMap<Index, Index> = HashMap::new();
    for &at in &all {
        let resource = build.resource(at);
        if resource.kind.as_ref() == "ec2:internet-gateway"
            && resource.on_border
            && let Some(vpc) = build.vpc_of(at)
        {
            gateways.insert(vpc, at);
        }
    }
    let doors: HashSet<Index> = gateways.values().copied().collect();
    for &at in &all {
        let resource = build.resource(at);
        if doors.contains(&at) || is_edge(resource) {
            entered.push(at);
        } else if is_public(build, resource) {
            match build.vpc_of(at).and_then(|vpc| gateways.get(&vpc)) {
                Some(&gateway) => behind.push((gateway, at)),
                None => entered.push(at),
            }
        }
    }
    if entered.is_empty() {
        return;
    }
    let internet = build.synthetic(Synthetic {
        id: "arn:aws:isobar:::internet".to_owned(),
        kind: "isobar:internet",
        icon: "internet",
        account: None,
        region: Region::global(),
        native_id: "internet".to_owned(),
        name: "Internet".to_owned(),
        parent: None,
        container: None,
    });
    for at in entered {
        build.relate(RelationKind::Enters, internet, at, None);
    }
    for (gateway, at) in behind {
        build.relate(RelationKind::Enters, gateway, at, None);
    }
}

fn is_edge(resource: &Resource) -> bool {
    let fields = &resource.attributes;
    match resource.kind.as_ref() {
        "cloudfront:distribution" => fields["Enabled"] != Value::Bool(false),
        "apigateway:rest-api" => {
            let types = fields["endpointConfiguration"]["types"].as_array();
            !types.into_iter().flatten().any(|kind| kind == "PRIVATE")
        }
        "apigatewayv2:api" => true,
        _ => false,
    }
}

fn is_public(build: &Build<'_>, resource: &Resource) -> bool {
    let fields = &resource.attributes;
    let stands_public = || {
        let own = resource.parent.into_iter();
        own.chain(resource.spans.iter().copied()).any(|at| build.resource(at).tier == Some(Tier::Public))
    };
    match resource.kind.as_ref() {
        "elbv2:load-balancer" | "elb:load-balancer" => fields["Scheme"].as_str() == Some("internet-facing"),
        "ec2:instance" => fields["PublicIpAddress"].is_string() && stands_public(),
        "rds:db-instance" | "redshift:cluster" => {
            fields["PubliclyAccessible"] == Value::Bool(true) && stands_public()
        }
        _ => false,
    }
}
