//! `prepare`: the network map of an account, as a file for a browser.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{ArgAction, Args};
use serde_json::{Value, json};

use crate::context::indented_at;
use crate::map::{Lines, MapOptions, NetworkMap, external_entry};
use crate::{Context, Error};

/// Prepare the network map of an account.
#[derive(Debug, Args)]
pub struct Prepare {
    /// The config file
    #[arg(long, default_value = "config.json")]
    config: String,
    /// The account's name, several with commas, or `all`; the default account where none is given
    #[arg(long, visible_alias = "accounts")]
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
        let accounts = config.some(self.account.as_deref())?;
        let options = self.options()?;
        let mut maps = Vec::new();
        for map in
            context.each(&accounts, |account, recording| NetworkMap::read(recording, account, &options))
        {
            maps.push(map?);
        }
        let mut entries = Vec::new();
        for map in &maps {
            context
                .output
                .line(format!("Building data for account {} ({})", map.account.name, map.account.id));
            entries.append(&mut self.nodes(map, &options, context));
        }
        let mut regions = Vec::new();
        for map in &maps {
            for region in &map.regions {
                regions.push((&map.account.id, Lines::new(region, &options, &config)));
            }
        }
        let externals: BTreeSet<_> = regions.iter().flat_map(|(_, lines)| lines.externals()).collect();
        context.output.line(format!("- {} external CIDRs built", externals.len()));
        entries.extend(externals.iter().map(external_entry));
        let path = context.place.path("web/data.json")?;
        let stop = context.stop.clone();
        let built = context.write_as(&path, |file| {
            let mut list = List::new(file, &stop);
            let mut between = Vec::new();
            let mut single = Vec::new();
            for (account, region) in &regions {
                if self.is_full() || region.count() <= MOST_LINES {
                    single.push(region);
                } else {
                    let (groups, mut lines) = region.grouped(account, !self.no_node_data);
                    entries.extend(groups);
                    between.append(&mut lines);
                }
            }
            entries.iter().try_for_each(|entry| list.value(entry))?;
            between.iter().try_for_each(|line| list.value(line))?;
            let mut built = between.len();
            for region in single {
                built += self.lines(region, &mut list)?;
            }
            list.end()?;
            Ok(built)
        })?;
        context.output.line(format!("- {built} connections built"));
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.full || self.strict_compat
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

    /// The account and everything inside it, as entries.
    fn nodes(&self, map: &NetworkMap, options: &MapOptions, context: &mut Context) -> Vec<Value> {
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
        entries
    }

    /// Writes a region's lines, and says how many there are. The groups that allow them are whole where
    /// the old shape is wanted, else named; each is put into words once, not once a line.
    fn lines(&self, lines: &Lines<'_>, list: &mut List<'_>) -> std::io::Result<usize> {
        let words = |group: &Value| {
            let said = if self.is_full() { group } else { &group["GroupId"] };
            indented_at(said, b"    ", 4)
        };
        let groups: Vec<String> = lines.groups().iter().map(words).collect();
        let mut built = 0;
        let mut reasons = String::new();
        lines.each(|source, target, allowing| {
            reasons.clear();
            for (at, &group) in allowing.iter().enumerate() {
                reasons.push_str(if at > 0 { ",\n                " } else { "" });
                reasons.push_str(&groups[group]);
            }
            built += 1;
            list.line(source, target, if allowing.is_empty() { "[]" } else { &reasons })
        })?;
        Ok(built)
    }
}

/// A JSON list with four spaces of indent and sorted keys, written entry by entry.
struct List<'a> {
    file: &'a mut dyn Write,
    stop: &'a AtomicBool,
    began: bool,
}

impl<'a> List<'a> {
    fn new(file: &'a mut dyn Write, stop: &'a AtomicBool) -> Self {
        Self { file, stop, began: false }
    }

    fn next(&mut self) -> std::io::Result<()> {
        // A map of gigabytes takes a while; nobody may wait for it any more.
        if self.stop.load(Ordering::Relaxed) {
            return Err(std::io::Error::other("stopped: nobody waits for this any more"));
        }
        self.file.write_all(if self.began { b",\n    " } else { b"[\n    " })?;
        self.began = true;
        Ok(())
    }

    fn value(&mut self, entry: &Value) -> std::io::Result<()> {
        self.next()?;
        self.file.write_all(indented_at(entry, b"    ", 1).as_bytes())
    }

    /// A line between two entries; `reasons` is the inside of a list, each item at its place.
    fn line(&mut self, source: &str, target: &str, reasons: &str) -> std::io::Result<()> {
        self.next()?;
        write!(
            self.file,
            "{{\n        \"data\": {{\n            \"node_data\": [\n                {reasons}\n            ],\n            \
             \"source\": {},\n            \"target\": {},\n            \"type\": \"edge\"\n        }}\n    }}",
            indented_at(&Value::from(source), b"", 0),
            indented_at(&Value::from(target), b"", 0),
        )
    }

    fn end(self) -> std::io::Result<()> {
        self.file.write_all(if self.began { b"\n]" } else { b"[]" })
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
