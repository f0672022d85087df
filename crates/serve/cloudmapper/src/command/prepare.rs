//! `prepare`: the network map of an account, as a file for a browser.

use clap::{ArgAction, Args};
use serde_json::{Value, json};

use crate::context::pretty;
use crate::map::{MapOptions, NetworkMap, RegionMap, external_entry};
use crate::{Config, Context, Error};

/// Prepare the network map of an account.
#[derive(Debug, Args)]
pub struct Prepare {
    /// The config file
    #[arg(long, default_value = "config.json")]
    config: String,
    /// The account's name; the default account where none is given
    #[arg(long)]
    account: Option<String>,
    /// Regions, comma separated
    #[arg(long, value_delimiter = ',')]
    regions: Vec<String>,
    /// VPC ids, comma separated
    #[arg(long, value_delimiter = ',')]
    vpc_ids: Vec<String>,
    /// VPC names, comma separated
    #[arg(long, value_delimiter = ',')]
    vpc_names: Vec<String>,
    /// KEY=VALUE,KEY2=VALUE2: all must agree; given again, one of the lists must
    #[arg(long, action = ArgAction::Append)]
    tags: Vec<String>,
    /// Show links within VPCs (on by default)
    #[arg(long, overrides_with = "no_internal_edges")]
    internal_edges: bool,
    /// Hide links within VPCs
    #[arg(long)]
    no_internal_edges: bool,
    /// Accepted for old command lines: a database never starts traffic, so there are none
    #[arg(long, overrides_with = "no_inter_rds_edges")]
    inter_rds_edges: bool,
    /// Hide links between databases
    #[arg(long)]
    no_inter_rds_edges: bool,
    /// Show read replicas (on by default)
    #[arg(long, overrides_with = "no_read_replicas")]
    read_replicas: bool,
    /// Hide read replicas
    #[arg(long)]
    no_read_replicas: bool,
    /// Show availability zones (on by default)
    #[arg(long, overrides_with = "no_azs")]
    azs: bool,
    /// Hide availability zones
    #[arg(long)]
    no_azs: bool,
    /// One node for all instances with the same value of this tag
    #[arg(long)]
    collapse_by_tag: Option<String>,
    /// One node for all instances of an Auto Scaling group (on by default)
    #[arg(long, overrides_with = "no_collapse_asgs")]
    collapse_asgs: bool,
    /// A node for each instance of an Auto Scaling group
    #[arg(long)]
    no_collapse_asgs: bool,
    /// Leave out what AWS said of each node
    #[arg(long)]
    no_node_data: bool,
    /// Repeat whole security groups on each edge, as CloudMapper did
    #[arg(long)]
    full: bool,
    /// Answer exactly as CloudMapper 2.10 did: filters by substring, IPv4 only; implies --full
    #[arg(long)]
    strict_compat: bool,
}

impl Prepare {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let config = context.config(&self.config)?;
        let account = config.one(self.account.as_deref())?;
        let recording = context.recording(&account)?;
        let options = self.options()?;
        let map = NetworkMap::read(&recording, &account, &options);
        context.output.line(format!("Building data for account {} ({})", account.name, account.id));
        let entries = self.entries(&map, &options, &config, context);
        let path = context.place.path("web/data.json")?;
        context.write(&path, pretty(&Value::Array(entries)).as_bytes())
    }

    fn options(&self) -> Result<MapOptions, Error> {
        let tags =
            self.tags.iter().map(|list| list.split(',').map(tag).collect()).collect::<Result<_, _>>()?;
        Ok(MapOptions {
            regions: self.regions.clone(),
            vpc_ids: self.vpc_ids.clone(),
            vpc_names: self.vpc_names.clone(),
            tags,
            internal_edges: !self.no_internal_edges,
            read_replicas: !self.no_read_replicas,
            azs: !self.no_azs,
            collapse_by_tag: self.collapse_by_tag.clone(),
            collapse_asgs: !self.no_collapse_asgs,
            strict_compat: self.strict_compat,
        })
    }

    fn entries(
        &self,
        map: &NetworkMap,
        options: &MapOptions,
        config: &Config,
        context: &mut Context,
    ) -> Vec<Value> {
        let account = format!("arn:aws:::{}:", map.account.id);
        let mut entries = vec![json!({"data": {
            "id": account, "name": map.account.name, "type": "account", "local_id": map.account.id,
            "node_data": {"id": map.account.id, "name": map.account.name},
        }})];
        for region in &map.regions {
            let mut inside = map.entries(region, options, !self.no_node_data);
            let nodes = inside
                .iter()
                .filter(|e| !CONTAINERS.contains(&e["data"]["type"].as_str().unwrap_or_default()));
            context.output.line(format!("- {} nodes built in region {}", nodes.count(), region.region));
            entries.append(&mut inside);
        }
        let mut lines = Vec::new();
        let mut groups = Vec::new();
        let mut externals = std::collections::BTreeSet::new();
        let full = self.full || self.strict_compat;
        for region in &map.regions {
            if !full && region.line_count(options) > MOST_LINES {
                let (mut of, mut between, outside) =
                    region.group_lines(options, config, &map.account.id, !self.no_node_data);
                groups.append(&mut of);
                lines.append(&mut between);
                externals.extend(outside);
                continue;
            }
            let (edges, outside) = region.edges(options, config);
            externals.extend(outside);
            for ((source, target), allowing) in edges {
                let mut data = json!({"source": source, "target": target, "type": "edge"});
                data["node_data"] = self.reasons(region, &allowing);
                lines.push(json!({"data": data}));
            }
        }
        context.output.line(format!("- {} external CIDRs built", externals.len()));
        context.output.line(format!("- {} connections built", lines.len()));
        entries.extend(externals.iter().map(external_entry));
        entries.append(&mut groups);
        entries.append(&mut lines);
        entries
    }

    /// The groups that allow a line: whole where the old shape is wanted, else their ids.
    fn reasons(&self, region: &RegionMap, groups: &std::collections::BTreeSet<usize>) -> Value {
        let whole = self.full || self.strict_compat;
        match groups.is_empty() {
            true => json!([[]]),
            false if whole => groups.iter().map(|&g| region.groups[g].clone()).collect(),
            false => groups.iter().map(|&g| region.groups[g]["GroupId"].clone()).collect(),
        }
    }
}

/// A region with more lines than this between its nodes gets lines between groups instead: nobody
/// reads thousands of lines, and every browser suffers from them.
const MOST_LINES: usize = 2_000;

/// Entry types that hold others.
const CONTAINERS: [&str; 4] = ["region", "vpc", "az", "subnet"];

fn tag(pair: &str) -> Result<(String, String), Error> {
    let (key, value) = pair
        .split_once('=')
        .ok_or_else(|| Error::Explicit(format!("--tags takes KEY=VALUE, not `{}`", pair.escape_default())))?;
    Ok((key.to_owned(), value.to_owned()))
}
