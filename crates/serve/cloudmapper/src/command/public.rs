//! `public`: what the internet can reach, and on which ports.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use isobar_model::Region;
use isobar_network::{Peer, PortSet, SecurityGroup};
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::Accounts;
use crate::context::pretty;
use crate::map::{Leaf, MapOptions, NetworkMap, RegionMap};
use crate::{AccountEntry, Config, Context, Error};

/// List what the internet can reach.
#[derive(Debug, Args)]
pub struct Public {
    #[command(flatten)]
    accounts: Accounts,
    /// Answer exactly as CloudMapper 2.10 did: IPv4 only, `0.0.0.0/0` as text, one entry a host name
    #[arg(long)]
    strict_compat: bool,
}

impl Public {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (config, accounts) = self.accounts.read(context)?;
        let found = context.each(&accounts, |account, recording| {
            public_nodes(recording, account, &config, self.strict_compat)
        });
        for (account, found) in accounts.iter().zip(found) {
            let (nodes, warnings) = found?;
            for warning in warnings {
                context.output.note(format!("WARNING: {warning}"));
            }
            let text = pretty(&Value::Array(nodes));
            let cache = context.place.account(&account.name)?.join("public_nodes.json");
            context.write(&cache, text.as_bytes())?;
            context.output.line(text);
        }
        Ok(())
    }
}

/// Everything open to the internet, one entry a host name, and what is odd about its groups.
pub(crate) fn public_nodes(
    recording: &Recording,
    account: &AccountEntry,
    config: &Config,
    strict: bool,
) -> (Vec<Value>, Vec<String>) {
    let options = MapOptions {
        internal_edges: false,
        read_replicas: !strict,
        collapse_asgs: strict,
        strict_compat: strict,
        ..MapOptions::default()
    };
    let map = NetworkMap::read(recording, account, &options);
    let mut nodes: Vec<Value> = Vec::new();
    let mut warnings = BTreeSet::new();
    for region in &map.regions {
        nodes.extend(open_leaves(region, account, config, strict, &mut warnings));
        nodes.extend(rest_apis(recording, &region.region, account));
        if !strict {
            nodes.extend(http_apis(recording, &region.region, account));
        }
    }
    nodes.extend(distributions(recording, account));
    let mut by_host: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Value> = Vec::new();
    for node in nodes {
        let host = node["hostname"].as_str().unwrap_or_default().to_owned();
        // Without a host name nothing says that two entries are the same thing.
        let key = if host.is_empty() && !strict { node["arn"].to_string() } else { host };
        match by_host.get(&key) {
            Some(&at) => kept[at] = node,
            None => {
                by_host.insert(key, kept.len());
                kept.push(node);
            }
        }
    }
    (kept, warnings.into_iter().collect())
}

fn open_leaves(
    region: &RegionMap,
    account: &AccountEntry,
    _config: &Config,
    strict: bool,
    warnings: &mut BTreeSet<String>,
) -> Vec<Value> {
    let (network, ids) = region.network();
    let mut open: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let admits = |group: &SecurityGroup| {
        if strict {
            group.ingress.iter().any(|r| r.ranges().any(|c| c.to_string() == "0.0.0.0/0"))
        } else {
            group.admits_everyone()
        }
    };
    for link in network.links(false).iter().filter(|l| matches!(l.from, Peer::Range(_))) {
        if admits(&network.groups()[link.group]) {
            for member in network.reached(link) {
                open.entry(member).or_default().insert(link.group);
            }
        }
    }
    // The network's members are the leaves' copies in the order of the leaves.
    let mut nodes = Vec::new();
    for (leaf, copies) in region.copies() {
        let reached: Vec<usize> = copies.filter(|member| open.contains_key(member)).collect();
        let Some(&last) = reached.last() else { continue };
        let groups: BTreeSet<usize> =
            reached.iter().filter_map(|member| open.get(member)).flatten().copied().collect();
        // Of what stands in several subnets CloudMapper kept the last copy, its subnet in the id.
        let arn = if strict { &ids[last] } else { &leaf.id };
        let mut ports = PortSet::default();
        let mut public_groups = serde_json::Map::new();
        for &at in &groups {
            let group = &network.groups()[at];
            let own = group.public_ports();
            if own.is_empty() {
                warnings.insert(format!(
                    "{} {} is open to everyone by a protocol without ports",
                    group.id, group.name
                ));
            }
            if own == PortSet::all() {
                warnings.insert(format!("{} {} opens all ports to everyone", group.id, group.name));
            }
            ports.extend(&own);
            public_groups.insert(
                group.id.clone(),
                json!({"GroupId": group.id, "GroupName": group.name, "public_ports": own.to_string()}),
            );
        }
        let mut node = json!({
            "account": account.name, "arn": arn, "type": leaf.kind, "hostname": hostname(leaf),
            "ports": ports.to_string(), "public_sgs": public_groups,
        });
        if matches!(leaf.kind.as_str(), "ec2" | "autoscaling") {
            node["tags"] = leaf.data["Tags"].clone();
        }
        nodes.push(node);
    }
    nodes
}

fn hostname(leaf: &Leaf) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match leaf.kind.as_str() {
        "elb" | "elbv2" => text(&leaf.data["DNSName"]),
        "ec2" | "autoscaling" => {
            let ip = text(&leaf.data["PublicIpAddress"]);
            if ip.is_empty() { text(&leaf.data["PublicDnsName"]) } else { ip }
        }
        "rds" | "rds_rr" | "redshift" => text(&leaf.data["Endpoint"]["Address"]),
        _ => leaf.addresses.last().map(ToString::to_string).unwrap_or_default(),
    }
}

fn entry(account: &AccountEntry, arn: &str, kind: &str, host: &str) -> Value {
    json!({"account": account.name, "arn": arn, "type": kind, "hostname": host, "ports": "80,443"})
}

fn items<'a>(
    recording: &'a Recording,
    service: &str,
    operation: &str,
    region: &Region,
    list: &'static str,
) -> impl Iterator<Item = &'a Value> + use<'a> {
    let answers = recording.responses(service, operation, region);
    answers.flat_map(move |(_, a)| a.pointer(list).and_then(Value::as_array).into_iter().flatten())
}

fn distributions(recording: &Recording, account: &AccountEntry) -> Vec<Value> {
    items(recording, "cloudfront", "ListDistributions", &Region::global(), "/DistributionList/Items")
        .filter(|d| d["Enabled"] == true)
        .map(|d| {
            entry(
                account,
                d["ARN"].as_str().unwrap_or_default(),
                "cloudfront",
                d["DomainName"].as_str().unwrap_or_default(),
            )
        })
        .collect()
}

fn rest_apis(recording: &Recording, region: &Region, account: &AccountEntry) -> Vec<Value> {
    items(recording, "apigateway", "GetRestApis", region, "/items")
        .map(|api| api_entry(account, region, &api["id"]))
        .collect()
}

fn http_apis(recording: &Recording, region: &Region, account: &AccountEntry) -> Vec<Value> {
    items(recording, "apigatewayv2", "GetApis", region, "/Items")
        .map(|api| api_entry(account, region, &api["ApiId"]))
        .collect()
}

fn api_entry(account: &AccountEntry, region: &Region, id: &Value) -> Value {
    let id = id.as_str().unwrap_or_default();
    let host = format!("{id}.execute-api.{region}.amazonaws.com");
    entry(account, id, "apigateway", &host)
}
