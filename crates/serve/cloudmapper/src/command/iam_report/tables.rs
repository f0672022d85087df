//! The page: sections of tables that hold all accounts, so that hundreds of them stay one page.
//!
//! In: [`Subject`]s, one after another. Out: sections. With several accounts each row says whose it is;
//! AWS's own policies are said once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use isobar_iam::HolderKind;
use isobar_report::{Block, Kind, Section, Table, chart};
use serde_json::Value;

use super::subject::Subject;
use crate::answers::text;

/// With more accounts than this the services of single principals are left out: a thousand principals
/// have a hundred thousand of them.
const DETAILED: usize = 20;
/// Bars of a chart.
const BARS: usize = 25;

/// The rows of one account, or of several together.
#[derive(Default)]
pub(super) struct Tables {
    people: BTreeMap<HolderKind, Vec<Vec<String>>>,
    bars: BTreeMap<HolderKind, Vec<chart::Bar>>,
    inactive: Vec<Vec<String>>,
    services: Vec<Vec<String>>,
    trust: Vec<Vec<String>>,
    groups: Vec<Vec<String>>,
    policies: Vec<Vec<String>>,
    /// AWS's own policies by ARN: name, how often attached, document.
    of_aws: BTreeMap<String, (String, u64, String)>,
    links: Vec<Vec<String>>,
    accounts: usize,
}

impl Tables {
    /// An account's rows; its name stands before each.
    pub(super) fn read(subject: &Subject<'_>, days: i64, several: bool) -> Self {
        let mut all = Self { accounts: 1, ..Self::default() };
        let whose = subject.account.name.as_str();
        let row = |cells: Vec<String>| {
            let mut row = vec![whose.to_owned()];
            row.extend(cells);
            row
        };
        for kind in [HolderKind::User, HolderKind::Role] {
            for holder in subject.sorted(kind) {
                let known = subject.advice.contains_key(&holder.arn);
                let (used, granted) = subject.used(holder, days);
                let cell = |n: usize| if known { n.to_string() } else { "unknown".to_owned() };
                let cells = vec![holder.name.clone(), cell(used), cell(granted), holder.arn.clone()];
                all.people.entry(kind).or_default().push(row(cells));
                if known {
                    let name = if several { format!("{whose} {}", holder.name) } else { holder.name.clone() };
                    all.bars.entry(kind).or_default().push((name, vec![used, granted - used]));
                }
            }
        }
        for holder in subject.inactive(days) {
            let kind = holder.kind.as_str().to_owned();
            all.inactive.push(row(vec![kind, holder.name.clone(), holder.arn.clone()]));
        }
        for holder in subject.principals() {
            for right in subject.rights(holder, days) {
                let kind = holder.kind.as_str().to_owned();
                let cells = vec![kind, holder.name.clone(), right.name, right.last_use, right.source];
                all.services.push(row(cells));
            }
            if let Some(trust) = &holder.trust_document {
                all.trust.push(row(vec![holder.name.clone(), json_text(trust)]));
            }
        }
        for group in subject.all.of(HolderKind::Group) {
            let inline = group.inline.iter().map(|p| format!("{} (inline)", p.name));
            let policies: Vec<String> = subject.managed_names(group).into_iter().chain(inline).collect();
            let members = subject.members(group).join(", ");
            all.groups.push(row(vec![group.name.clone(), members, policies.join(", ")]));
        }
        for policy in subject.policies() {
            let document = json_text(&policy.document);
            if several && policy.id.contains(":iam::aws:policy/") {
                all.of_aws.insert(policy.id, (policy.name, policy.attachments, document));
                continue;
            }
            // An inline policy's id is its owner's ARN and its name.
            let owner = policy.id.split('#').next().and_then(|arn| arn.splitn(6, ':').nth(5));
            let owner = if policy.managed { "managed" } else { owner.unwrap_or_default() };
            let cells = vec![policy.name, owner.to_owned(), policy.attachments.to_string(), document];
            all.policies.push(row(cells));
        }
        let of = |edge: &Value, key: &str| text(&edge["data"][key]).to_owned();
        let graph = subject.graph();
        let edges = graph.iter().filter(|entry| entry["data"]["type"] == "edge");
        all.links.extend(edges.map(|edge| row(vec![of(edge, "source"), of(edge, "target")])));
        all
    }

    /// Adds another account's rows.
    pub(super) fn join(&mut self, mut other: Self) {
        for (kind, mut rows) in other.people {
            self.people.entry(kind).or_default().append(&mut rows);
        }
        for (kind, mut bars) in other.bars {
            let all = self.bars.entry(kind).or_default();
            all.append(&mut bars);
            keep_largest(all);
        }
        self.inactive.append(&mut other.inactive);
        if self.accounts + other.accounts > DETAILED {
            self.services.clear();
        } else {
            self.services.append(&mut other.services);
        }
        self.trust.append(&mut other.trust);
        self.groups.append(&mut other.groups);
        self.policies.append(&mut other.policies);
        for (arn, policy) in other.of_aws {
            let known = self.of_aws.entry(arn).or_insert((policy.0, 0, policy.2));
            known.1 += policy.1;
        }
        self.links.append(&mut other.links);
        self.accounts += other.accounts;
    }

    /// The sections; `graph` adds who is connected with what.
    pub(super) fn sections(mut self, days: i64, graph: bool) -> Vec<Section> {
        let several = self.accounts > 1;
        let table = |columns: &[(&str, Kind)], rows: Vec<Vec<String>>| {
            let mut all = vec![("Account", Kind::Text)];
            all.extend_from_slice(columns);
            let mut table = Table::new(&all);
            table.rows = rows;
            if !several {
                table.columns.remove(0);
                table.rows.iter_mut().for_each(|row| drop(row.remove(0)));
            }
            Block::Table(table)
        };
        let mut people = |kind: HolderKind, title: &str| {
            let mut blocks = Vec::new();
            let mut bars = self.bars.remove(&kind).unwrap_or_default();
            keep_largest(&mut bars);
            if !bars.is_empty() {
                let series = ["used".to_owned(), "granted, not used".to_owned()];
                blocks.push(Block::Chart(chart::stacked_bars(title, &series, &bars)));
            }
            let columns = [
                ("Name", Kind::Text),
                ("Services used", Kind::Number),
                ("Services granted", Kind::Number),
                ("ARN", Kind::Code),
            ];
            blocks.push(table(&columns, self.people.remove(&kind).unwrap_or_default()));
            blocks
        };
        let users = people(HolderKind::User, "Services of users");
        let roles = people(HolderKind::Role, "Services of roles");
        let services = if self.accounts > DETAILED {
            Block::Text(format!(
                "Left out for more than {DETAILED} accounts: run it for some of them, or with --output json."
            ))
        } else {
            let columns = [
                ("Kind", Kind::Text),
                ("Principal", Kind::Text),
                ("Service", Kind::Text),
                ("Last use", Kind::Text),
                ("Granted by", Kind::Text),
            ];
            table(&columns, self.services)
        };
        let mut policies = self.policies;
        policies.extend(self.of_aws.into_values().map(|(name, attached, document)| {
            vec!["(AWS)".to_owned(), name, "managed".to_owned(), attached.to_string(), document]
        }));
        let mut sections = vec![
            section("users", "Users", users),
            section("roles", "Roles", roles),
            section(
                "inactive",
                "Inactive users and roles",
                vec![
                    Block::Text(format!("No service used in {days} days.")),
                    table(&[("Kind", Kind::Text), ("Name", Kind::Text), ("ARN", Kind::Code)], self.inactive),
                ],
            ),
            section("services", "Services and what grants them", vec![services]),
            section(
                "trust",
                "Who may assume the roles",
                vec![table(&[("Role", Kind::Text), ("Trust policy", Kind::Code)], self.trust)],
            ),
            section(
                "groups",
                "Groups",
                vec![table(
                    &[("Group", Kind::Text), ("Members", Kind::Text), ("Policies", Kind::Text)],
                    self.groups,
                )],
            ),
            section(
                "policies",
                "Policies",
                vec![table(
                    &[
                        ("Policy", Kind::Text),
                        ("Of", Kind::Text),
                        ("Attached", Kind::Number),
                        ("Document", Kind::Code),
                    ],
                    policies,
                )],
            ),
        ];
        if graph {
            let links = table(&[("From", Kind::Code), ("To", Kind::Code)], self.links);
            sections.push(section("graph", "Who is connected with what", vec![links]));
        }
        sections
    }
}

/// The principals with most that they do not use.
fn keep_largest(bars: &mut Vec<chart::Bar>) {
    bars.sort_by_key(|(_, counts)| Reverse(counts[1]));
    bars.truncate(BARS);
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), blocks }
}

fn json_text(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
