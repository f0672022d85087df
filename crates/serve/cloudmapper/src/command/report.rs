//! `report`: what the accounts have, use, show to the internet and get wrong, on one page.
//!
//! In: the collected accounts. Out: one HTML file, or the same as JSON. Public resources are always
//! found anew: CloudMapper took them from `public_nodes.json` however old it was.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, ValueEnum};
use isobar_audit::{Document, EXCEPTION, EXCEPTION_DOCUMENT, Finding, Severity};
use isobar_iam::{Authorization, HolderKind};
use isobar_model::Region;
use isobar_recording::Recording;
use isobar_report::{Block, Kind, Page, Section, Table, chart, page};
use serde_json::{Value, json};

use super::Accounts;
use super::public::public_nodes;
use super::stats::{ROWS, table};
use crate::answers::{printable, regions, text};
use crate::context::pretty;
use crate::{AccountEntry, Context, Error, advisor};

/// Write a report on accounts.
#[derive(Debug, Args)]
pub struct Report {
    #[command(flatten)]
    accounts: Accounts,
    /// Days after which an unused user or role counts as inactive
    #[arg(long = "max-age", alias = "max_age", default_value_t = 90)]
    max_age: i64,
    /// Where to write it
    #[arg(long = "output-file", alias = "output_file", default_value = "web/account-data/report.html")]
    output_file: String,
    /// Count more kinds of resources
    #[arg(long = "stats_all_resources", alias = "stats-all-resources")]
    stats_all_resources: bool,
    /// The least severity to show
    #[arg(long = "minimum_severity", alias = "minimum-severity", default_value = "INFO",
        value_parser = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "MUTE"])]
    minimum_severity: String,
    /// A page or data
    #[arg(long, value_enum, default_value = "html")]
    output: Form,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// One page that needs nothing beside it
    Html,
    /// The same as data
    Json,
}

impl Form {
    /// The path with the form's own ending, where it still has the other's.
    pub(crate) fn path(self, given: &str) -> String {
        match (self, given.strip_suffix(".html")) {
            (Self::Json, Some(stem)) => format!("{stem}.json"),
            _ => given.to_owned(),
        }
    }
}

/// A finding with whose it is.
struct Found<'a> {
    account: &'a AccountEntry,
    finding: Finding,
    document: &'a Document,
}

/// A principal and how it is used.
struct Usage {
    account: String,
    kind: HolderKind,
    name: String,
    active: bool,
}

impl Report {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let least = Severity::parse(&self.minimum_severity).unwrap_or(Severity::Info);
        let (config, entries) = self.accounts.read(context)?;
        let mut accounts = Vec::new();
        for entry in entries {
            let recording = context.recording(&entry)?;
            accounts.push((entry, recording));
        }
        context.output.line("* Getting resource counts");
        let counts = table(&accounts, self.stats_all_resources);
        context.output.line("* Getting IAM data");
        let principals: Vec<Usage> =
            accounts.iter().flat_map(|(entry, recording)| self.usage(entry, recording, context)).collect();
        context.output.line("* Getting public resource data");
        let mut public = Vec::new();
        for (entry, recording) in &accounts {
            let (nodes, warnings) = public_nodes(recording, entry, &config, false);
            warnings.iter().for_each(|w| context.output.note(format!("WARNING: {}", printable(w))));
            let cache = context.place.account(&entry.name)?.join("public_nodes.json");
            context.write(&cache, pretty(&Value::Array(nodes.clone())).as_bytes())?;
            public.extend(nodes);
        }
        context.output.line("* Auditing accounts");
        let documents: BTreeMap<&str, &Document> = isobar_audit::rules::ALL
            .iter()
            .map(|rule| (rule.id(), rule.document()))
            .chain([(EXCEPTION, &*EXCEPTION_DOCUMENT)])
            .collect();
        let mut found = Vec::new();
        for (account, recording) in &accounts {
            for finding in isobar_audit::audit(recording, isobar_audit::rules::ALL) {
                if let Some(&document) = documents.get(finding.rule.as_str())
                    && document.severity >= least
                {
                    found.push(Found { account, finding, document });
                }
            }
        }
        let path = self.output.path(&self.output_file);
        let file = context.place.path(&path)?;
        let text = match self.output {
            Form::Json => {
                let rows: Vec<Value> =
                    counts.rows.iter().map(|(n, c)| json!({"name": n, "counts": c})).collect();
                pretty(&json!({
                    "report_generated_time": context.now.to_string(),
                    "accounts": accounts.iter().map(|(a, r)| json!({"name": a.name, "id": a.id, "collection_date": collected(r)})).collect::<Vec<_>>(),
                    "resource_counts": {"accounts": counts.accounts, "rows": rows},
                    "regions": accounts.iter().map(|(a, r)| json!({"account": a.name, "regions": used_regions(r)})).collect::<Vec<_>>(),
                    "iam": principals.iter().map(|p| json!({"account": p.account, "type": p.kind.as_str(), "name": p.name, "active": p.active})).collect::<Vec<_>>(),
                    "public_resources": public,
                    "findings": found.iter().map(Found::json).collect::<Vec<_>>(),
                }))
            }
            Form::Html => {
                let charts =
                    counts.rows.iter().map(|(n, c)| ((*n).to_owned(), c.clone())).collect::<Vec<_>>();
                let sections = vec![
                    accounts_section(&accounts),
                    counts_section(&counts.accounts, &charts),
                    regions_section(&accounts),
                    iam_section(&accounts, &principals, self.max_age),
                    public_section(&public),
                    summary_section(&found),
                    findings_section(&found),
                ];
                let names = accounts.iter().map(|(a, _)| a.name.as_str()).collect::<Vec<_>>();
                let whose =
                    if names.len() > 6 { format!("{} accounts", names.len()) } else { names.join(", ") };
                page::html(&Page {
                    title: "AWS account report".to_owned(),
                    about: format!("{whose}, written {}", context.now.minute()),
                    sections,
                })
            }
        };
        context.write(&file, text.as_bytes())?;
        context.output.line(format!("Report written to {path}"));
        Ok(())
    }

    /// Users and roles of an account; those of which nothing is known are named and left out.
    fn usage(&self, entry: &AccountEntry, recording: &Recording, context: &mut Context) -> Vec<Usage> {
        let answer = recording.responses("iam", "GetAccountAuthorizationDetails", &Region::global()).next();
        let Some((_, answer)) = answer else { return Vec::new() };
        let advice = advisor::read(recording);
        let mut all = Vec::new();
        for holder in Authorization::read(answer).holders {
            if holder.kind == HolderKind::Group {
                continue;
            }
            match advice.get(&holder.arn) {
                Some(known) => all.push(Usage {
                    account: entry.name.clone(),
                    kind: holder.kind,
                    active: known.used(self.max_age) > 0,
                    name: holder.name,
                }),
                None => {
                    context.output.line(format!("  No access data for {}; left out", printable(&holder.arn)))
                }
            }
        }
        all
    }
}

impl Found<'_> {
    fn json(&self) -> Value {
        json!({
            "account_id": self.account.id, "account_name": self.account.name,
            "region": self.finding.region.as_str(), "issue": self.finding.rule,
            "resource": self.finding.resource, "details": self.finding.details, "words": self.finding.words,
            "finding_type_metadata": {
                "title": self.document.title, "description": self.document.description,
                "severity": self.document.severity.as_str(), "group": self.document.group,
            },
        })
    }

    fn row(&self) -> Vec<String> {
        let region =
            if self.finding.region.is_global() { String::new() } else { self.finding.region.to_string() };
        let details = match &self.finding.details {
            Value::Null => String::new(),
            details => serde_json::to_string_pretty(details).unwrap_or_default(),
        };
        let resource = self.finding.resource.clone().unwrap_or_default();
        vec![self.account.name.clone(), region, resource, self.finding.words.clone(), details]
    }
}

/// The day of the credential report, else of the scan.
fn collected(recording: &Recording) -> String {
    let report = recording.responses("iam", "GetCredentialReport", &Region::global()).next();
    let generated = report.map(|(_, answer)| text(&answer["GeneratedTime"])).filter(|t| !t.is_empty());
    match generated {
        Some(time) => time.chars().take(10).collect(),
        None => recording.manifest().started.to_string().chars().take(10).collect(),
    }
}

/// What each region holds, regions without anything left out.
fn used_regions(recording: &Recording) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
    let mut used: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for region in regions(recording) {
        for row in ROWS.iter().filter(|row| !row.verbose) {
            let count = row.count(recording, region);
            if count > 0 {
                used.entry(region.to_string()).or_default().insert(row.name, count);
            }
        }
    }
    used
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), blocks }
}

fn accounts_section(accounts: &[(AccountEntry, Recording)]) -> Section {
    let mut table = Table::new(&[("Account", Kind::Text), ("Id", Kind::Code), ("Collected", Kind::Text)]);
    table.rows = accounts.iter().map(|(a, r)| vec![a.name.clone(), a.id.clone(), collected(r)]).collect();
    section("accounts", "Accounts reviewed", vec![Block::Table(table)])
}

/// More series than this in one chart are only noise.
const SERIES: usize = 12;

fn counts_section(names: &[String], rows: &[chart::Bar]) -> Section {
    let shown: Vec<chart::Bar> = rows.iter().filter(|(_, c)| c.iter().sum::<usize>() > 0).cloned().collect();
    let svg = if names.len() <= SERIES {
        chart::stacked_bars("Resources by kind", names, &shown)
    } else {
        let sums: Vec<chart::Bar> =
            shown.into_iter().map(|(name, counts)| (name, vec![counts.iter().sum()])).collect();
        chart::stacked_bars("Resources by kind, all accounts", &["all".to_owned()], &sums)
    };
    let mut table = Table::new(&[("Account", Kind::Text), ("Kind", Kind::Text), ("Count", Kind::Number)]);
    for (at, account) in names.iter().enumerate() {
        for (name, counts) in rows.iter().filter(|(_, counts)| counts[at] > 0) {
            table.rows.push(vec![account.clone(), name.clone(), counts[at].to_string()]);
        }
    }
    section("counts", "Resource counts", vec![Block::Chart(svg), Block::Table(table)])
}

fn regions_section(accounts: &[(AccountEntry, Recording)]) -> Section {
    let mut table =
        Table::new(&[("Account", Kind::Text), ("Region", Kind::Text), ("What is there", Kind::Text)]);
    for (account, recording) in accounts {
        for (region, counts) in used_regions(recording) {
            let words = counts.iter().map(|(name, n)| format!("{name}: {n}")).collect::<Vec<_>>().join(", ");
            table.rows.push(vec![account.name.clone(), region, words]);
        }
    }
    section("regions", "Regions in use", vec![Block::Table(table)])
}

fn iam_section(accounts: &[(AccountEntry, Recording)], all: &[Usage], days: i64) -> Section {
    let mut bars: Vec<chart::Bar> = Vec::new();
    for (account, _) in accounts.iter().take(2 * SERIES) {
        for (kind, words) in [(HolderKind::User, "users"), (HolderKind::Role, "roles")] {
            let of = |active: bool| {
                all.iter()
                    .filter(|u| u.account == account.name && u.kind == kind && u.active == active)
                    .count()
            };
            bars.push((format!("{} {words}", account.name), vec![of(true), of(false)]));
        }
    }
    let svg = chart::stacked_bars("Users and roles", &["active".to_owned(), "inactive".to_owned()], &bars);
    let mut table = Table::new(&[("Account", Kind::Text), ("Kind", Kind::Text), ("Inactive", Kind::Text)]);
    table.rows = all
        .iter()
        .filter(|u| !u.active)
        .map(|u| vec![u.account.clone(), u.kind.as_str().to_owned(), u.name.clone()])
        .collect();
    let words = format!("Inactive: no service used in the {days} days before AWS looked.");
    section("iam", "Users and roles", vec![Block::Text(words), Block::Chart(svg), Block::Table(table)])
}

fn public_section(public: &[Value]) -> Section {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ports: BTreeMap<&str, usize> = BTreeMap::new();
    let mut table = Table::new(&[
        ("Account", Kind::Text),
        ("Kind", Kind::Text),
        ("Ports", Kind::Text),
        ("Host", Kind::Code),
        ("Resource", Kind::Code),
    ]);
    for node in public {
        let open = match text(&node["ports"]) {
            "" => "ICMP only",
            ports => ports,
        };
        *kinds.entry(text(&node["type"])).or_default() += 1;
        *ports.entry(open).or_default() += 1;
        let of = |key: &str| text(&node[key]).to_owned();
        table.rows.push(vec![of("account"), of("type"), open.to_owned(), of("hostname"), of("arn")]);
    }
    let bars = |counts: &BTreeMap<&str, usize>| -> Vec<chart::Bar> {
        let mut bars: Vec<chart::Bar> =
            counts.iter().map(|(name, n)| ((*name).to_owned(), vec![*n])).collect();
        bars.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        bars.truncate(2 * SERIES);
        bars
    };
    let one = ["resources".to_owned()];
    let charts = [("Public resources by kind", &kinds), ("Public resources by ports", &ports)]
        .map(|(title, counts)| Block::Chart(chart::stacked_bars(title, &one, &bars(counts))));
    let mut blocks = if public.is_empty() { Vec::new() } else { charts.to_vec() };
    blocks.push(Block::Table(table));
    section("public", "Open to the internet", blocks)
}

fn summary_section(found: &[Found<'_>]) -> Section {
    let mut types: BTreeMap<Severity, BTreeSet<&str>> = BTreeMap::new();
    let mut per: BTreeMap<(Severity, &str), (usize, &Document)> = BTreeMap::new();
    for one in found {
        types.entry(one.document.severity).or_default().insert(&one.document.id);
        per.entry((one.document.severity, &one.document.id)).or_insert((0, one.document)).0 += 1;
    }
    let by_severity: Vec<chart::Bar> =
        types.iter().rev().map(|(severity, ids)| (severity.to_string(), vec![ids.len()])).collect();
    let mut table = Table::new(&[
        ("Severity", Kind::Severity),
        ("Finding", Kind::Text),
        ("Id", Kind::Code),
        ("Group", Kind::Text),
        ("Count", Kind::Number),
    ]);
    let mut bars: Vec<chart::Bar> = Vec::new();
    for ((severity, id), (count, document)) in per.iter().rev() {
        table.rows.push(vec![
            severity.to_string(),
            document.title.clone(),
            (*id).to_owned(),
            document.group.clone(),
            count.to_string(),
        ]);
        bars.push((document.title.clone(), vec![*count]));
    }
    let mut blocks = Vec::new();
    if !found.is_empty() {
        let one = ["findings".to_owned()];
        blocks.push(Block::Chart(chart::stacked_bars("Types of findings by severity", &one, &by_severity)));
        blocks.push(Block::Chart(chart::stacked_bars("Findings by type", &one, &bars)));
    }
    blocks.push(Block::Table(table));
    section("summary", "Findings in short", blocks)
}

/// Findings of one group, the worst types first.
type ByType<'a> = BTreeMap<(std::cmp::Reverse<Severity>, &'a str), Vec<&'a Found<'a>>>;

fn findings_section<'a>(found: &'a [Found<'a>]) -> Section {
    let mut groups: BTreeMap<&str, ByType<'_>> = BTreeMap::new();
    for one in found {
        let key = (std::cmp::Reverse(one.document.severity), one.document.id.as_str());
        groups.entry(&one.document.group).or_default().entry(key).or_default().push(one);
    }
    let mut blocks = Vec::new();
    for (group, types) in groups {
        let mut inside = Vec::new();
        for ((severity, id), list) in types {
            let mut table = Table::new(&[
                ("Account", Kind::Text),
                ("Region", Kind::Text),
                ("Resource", Kind::Code),
                ("What", Kind::Text),
                ("Details", Kind::Code),
            ]);
            table.rows = list.iter().map(|one| one.row()).collect();
            let document = list[0].document;
            let title = format!("{} ({})", document.title, list.len());
            let mut parts: Vec<Block> = vec![Block::Text(id.to_owned())];
            parts.extend(document.description.split("\n\n").map(|p| Block::Text(p.to_owned())));
            parts.push(Block::Table(table));
            inside.push(Block::Fold(Some(severity.0.to_string()), title, parts));
        }
        blocks.push(Block::Fold(None, group.to_owned(), inside));
    }
    if blocks.is_empty() {
        blocks.push(Block::Text("None.".to_owned()));
    }
    section("findings", "Findings", blocks)
}
