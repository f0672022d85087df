//! The sections of the report's page, out of the accounts' reviews.
//!
//! In: [`Review`]s, one an account. Out: sections of charts and tables. What was counted and found is
//! decided elsewhere; nothing here looks at collected data.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use isobar_audit::Severity;
use isobar_iam::HolderKind;
use isobar_report::{Block, Kind, Section, Table, chart};
use serde_json::Value;

use super::Found;
use super::review::Review;
use crate::answers::text;

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), blocks }
}

pub(super) fn accounts(reviews: &[Review]) -> Section {
    let mut table = Table::new(&[("Account", Kind::Text), ("Id", Kind::Code), ("Collected", Kind::Text)]);
    table.rows = reviews
        .iter()
        .map(|r| vec![r.account.name.clone(), r.account.id.clone(), r.collected.clone()])
        .collect();
    section("accounts", "Accounts reviewed", vec![Block::Table(table)])
}

/// More series than this in one chart are only noise.
const SERIES: usize = 12;

pub(super) fn counts(names: &[String], rows: &[chart::Bar]) -> Section {
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

pub(super) fn regions(reviews: &[Review]) -> Section {
    let mut table =
        Table::new(&[("Account", Kind::Text), ("Region", Kind::Text), ("What is there", Kind::Text)]);
    for review in reviews {
        for (region, counts) in &review.regions {
            let words = counts.iter().map(|(name, n)| format!("{name}: {n}")).collect::<Vec<_>>().join(", ");
            table.rows.push(vec![review.account.name.clone(), region.clone(), words]);
        }
    }
    section("regions", "Regions in use", vec![Block::Table(table)])
}

pub(super) fn iam(reviews: &[Review], days: i64) -> Section {
    let of = |review: &Review, kind: HolderKind, active: bool| {
        review.usage.iter().filter(|u| u.kind == kind && u.active == active).count()
    };
    let inactive = |review: &&Review| review.usage.iter().filter(|u| !u.active).count();
    let mut shown: Vec<&Review> = reviews.iter().collect();
    let title = if shown.len() > SERIES {
        // Stable: of equals, those named first.
        shown.sort_by_key(|review| Reverse(inactive(review)));
        shown.truncate(SERIES);
        format!("Users and roles of the {SERIES} accounts with most inactive ones, of {}", reviews.len())
    } else {
        "Users and roles".to_owned()
    };
    let bars: Vec<chart::Bar> = shown
        .iter()
        .flat_map(|review| {
            [(HolderKind::User, "users"), (HolderKind::Role, "roles")].map(|(kind, words)| {
                let name = format!("{} {words}", review.account.name);
                (name, vec![of(review, kind, true), of(review, kind, false)])
            })
        })
        .collect();
    let svg = chart::stacked_bars(&title, &["active".to_owned(), "inactive".to_owned()], &bars);
    let mut table = Table::new(&[("Account", Kind::Text), ("Kind", Kind::Text), ("Inactive", Kind::Text)]);
    for review in reviews {
        let unused = review.usage.iter().filter(|u| !u.active);
        table.rows.extend(
            unused.map(|u| vec![review.account.name.clone(), u.kind.as_str().to_owned(), u.name.clone()]),
        );
    }
    let words = format!("Inactive: no service used in the {days} days before AWS looked.");
    section("iam", "Users and roles", vec![Block::Text(words), Block::Chart(svg), Block::Table(table)])
}

pub(super) fn public(public: &[Value]) -> Section {
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

/// What findings there are: by severity, and by type.
pub(super) fn summary(found: &[Found<'_>]) -> Section {
    let mut types: BTreeMap<Severity, BTreeSet<&str>> = BTreeMap::new();
    let mut per: BTreeMap<(Severity, &str), Vec<&Found<'_>>> = BTreeMap::new();
    for one in found {
        types.entry(one.about.severity).or_default().insert(&one.finding.rule);
        per.entry((one.about.severity, &one.finding.rule)).or_default().push(one);
    }
    let by_severity: Vec<chart::Bar> =
        types.iter().rev().map(|(severity, ids)| (severity.to_string(), vec![ids.len()])).collect();
    let mut table = Table::new(&[
        ("Severity", Kind::Severity),
        ("Finding", Kind::Text),
        ("Id", Kind::Code),
        ("Group", Kind::Text),
        ("Count", Kind::Number),
        ("Accounts", Kind::Number),
    ]);
    let mut bars: Vec<chart::Bar> = Vec::new();
    for ((severity, id), list) in per.iter().rev() {
        let accounts: BTreeSet<&str> = list.iter().map(|one| one.account.name.as_str()).collect();
        let about = list[0].about;
        table.rows.push(vec![
            severity.to_string(),
            about.title.clone(),
            (*id).to_owned(),
            about.group.clone(),
            list.len().to_string(),
            accounts.len().to_string(),
        ]);
        bars.push((about.title.clone(), vec![list.len()]));
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
type ByType<'a> = BTreeMap<(Reverse<Severity>, &'a str), Vec<&'a Found<'a>>>;

pub(super) fn findings<'a>(found: &'a [Found<'a>]) -> Section {
    let mut groups: BTreeMap<&str, ByType<'_>> = BTreeMap::new();
    for one in found {
        let key = (Reverse(one.about.severity), one.finding.rule.as_str());
        groups.entry(&one.about.group).or_default().entry(key).or_default().push(one);
    }
    let mut blocks = Vec::new();
    for (group, types) in groups {
        let mut inside = Vec::new();
        let mut count = 0;
        for ((severity, id), list) in types {
            let mut table = Table::new(&[
                ("Account", Kind::Text),
                ("Region", Kind::Text),
                ("Resource", Kind::Code),
                ("What", Kind::Text),
                ("Details", Kind::Code),
            ]);
            table.rows = list.iter().map(|one| row(one)).collect();
            let about = list[0].about;
            count += list.len();
            let title = format!("{} ({})", about.title, list.len());
            let mut parts: Vec<Block> = vec![Block::Text(id.to_owned())];
            parts.extend(about.description.split("\n\n").map(|p| Block::Text(p.to_owned())));
            parts.push(Block::Table(table.without_empty_columns()));
            inside.push(Block::Fold(Some(severity.0.to_string()), title, parts));
        }
        blocks.push(Block::Fold(None, format!("{group} ({count})"), inside));
    }
    if blocks.is_empty() {
        blocks.push(Block::Text("None.".to_owned()));
    }
    section("findings", "Findings", blocks)
}

fn row(found: &Found<'_>) -> Vec<String> {
    let region = if found.about.is_global { String::new() } else { found.region.to_string() };
    let details = match &found.finding.details {
        Value::Null => String::new(),
        details => serde_json::to_string_pretty(details).unwrap_or_default(),
    };
    let resource = found.finding.resource.clone().unwrap_or_default();
    vec![found.account.name.clone(), region, resource, found.finding.words.clone(), details]
}

/// What nobody could judge, so that silence is not taken for health.
pub(super) fn gaps(reviews: &[Review]) -> Section {
    let mut table = Table::new(&[("Account", Kind::Text), ("Not judged, and why", Kind::Text)]);
    for review in reviews {
        let notes = review.gaps.iter().map(|note| vec![review.account.name.clone(), note.clone()]);
        table.rows.extend(notes);
    }
    section("gaps", "What could not be judged", vec![Block::Table(table)])
}
