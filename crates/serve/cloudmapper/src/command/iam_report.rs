//! `iam_report`: who may use which services, who does, and through which policy.
//!
//! In: `GetAccountAuthorizationDetails` and access advisor's answers. Out: a page or JSON, and the
//! graph of principals, groups and policies. Who is an administrator is `find_admins`' business.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use isobar_iam::{Authorization, Effect, Holder, HolderKind, Policy};
use isobar_model::Region;
use isobar_report::{Block, Kind, Page, Section, Table, chart, page};
use serde_json::{Value, json};

use super::Accounts;
use super::report::Form;
use crate::advisor::{self, Advice};
use crate::answers::{list, printable, text};
use crate::context::pretty;
use crate::{AccountEntry, Context, Error};

/// Write a report on users, roles and their policies.
#[derive(Debug, Args)]
pub struct IamReport {
    #[command(flatten)]
    accounts: Accounts,
    /// Days after which an unused service counts as unused
    #[arg(long = "max-age", alias = "max_age", default_value_t = 90)]
    max_age: i64,
    /// Show who is connected with which policy, too
    #[arg(long)]
    graph: bool,
    /// A page or data
    #[arg(long, value_enum, default_value = "html")]
    output: Form,
}

/// One account's answer.
struct Subject {
    account: AccountEntry,
    raw: Value,
    all: Authorization,
    advice: BTreeMap<String, Advice>,
}

impl IamReport {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, entries) = self.accounts.read(context)?;
        let mut reports = Vec::new();
        let mut sections = Vec::new();
        let mut graph = Vec::new();
        let several = entries.len() > 1;
        let mut names = Vec::new();
        for account in entries {
            let recording = context.recording(&account)?;
            let answer =
                recording.responses("iam", "GetAccountAuthorizationDetails", &Region::global()).next();
            let Some((_, answer)) = answer else {
                return Err(Error::NotCollected { name: account.name });
            };
            let subject = Subject {
                all: Authorization::read(answer),
                raw: answer.clone(),
                advice: advisor::read(&recording),
                account,
            };
            for holder in subject.principals().filter(|h| !subject.advice.contains_key(&h.arn)) {
                context.output.note(format!("No access data for {}", printable(&holder.arn)));
            }
            names.push(subject.account.name.clone());
            graph.extend(subject.graph());
            match self.output {
                Form::Json => reports.push(subject.json(self, &context.now.to_string())),
                Form::Html => sections.extend(subject.sections(self, several)),
            }
        }
        let path = self.output.path("web/account-data/iam_report.html");
        let text = match self.output {
            Form::Json if several => pretty(&Value::Array(reports)),
            Form::Json => pretty(&reports.pop().unwrap_or_default()),
            Form::Html => {
                let whose =
                    if names.len() > 6 { format!("{} accounts", names.len()) } else { names.join(", ") };
                page::html(&Page {
                    title: "IAM report".to_owned(),
                    about: format!("{whose}, written {}", context.now.minute()),
                    sections,
                })
            }
        };
        let file = context.place.path(&path)?;
        context.write(&file, text.as_bytes())?;
        let data = context.place.path("web/account-data/data.json")?;
        context.write(&data, pretty(&Value::Array(graph)).as_bytes())?;
        context.output.line(format!("Report written to {path}"));
        Ok(())
    }
}

/// A service a principal may use, and through what.
struct Right {
    style: &'static str,
    name: String,
    last_use: String,
    source: String,
}

impl Subject {
    fn principals(&self) -> impl Iterator<Item = &Holder> {
        self.all.of(HolderKind::User).chain(self.all.of(HolderKind::Role))
    }

    /// How many services a principal used of late, and how many it may use.
    fn used(&self, holder: &Holder, days: i64) -> (usize, usize) {
        self.advice.get(&holder.arn).map_or((0, 0), |a| (a.used(days), a.services.len()))
    }

    fn rights(&self, holder: &Holder, days: i64) -> Vec<Right> {
        let Some(advice) = self.advice.get(&holder.arn) else { return Vec::new() };
        let policies = self.all.policies_of(holder);
        let right = |service: &advisor::Access| {
            let sources: Vec<&str> = policies
                .iter()
                .filter(|(_, policy)| grants(policy, &service.namespace))
                .map(|(name, _)| name.as_str())
                .collect();
            Right {
                style: match (&service.last, advice.uses(service, days)) {
                    (_, true) => "used",
                    (Some(_), false) => "old",
                    (None, false) => "never",
                },
                name: service.name.clone(),
                last_use: service.last.clone().unwrap_or_else(|| "never".to_owned()),
                source: if sources.is_empty() { "unknown".to_owned() } else { sources.join(", ") },
            }
        };
        advice.services.iter().map(right).collect()
    }

    fn sorted(&self, kind: HolderKind) -> Vec<&Holder> {
        let mut all: Vec<&Holder> = self.all.of(kind).collect();
        all.sort_by(|a, b| a.arn.cmp(&b.arn));
        all
    }

    fn inactive(&self, days: i64) -> Vec<&Holder> {
        let known = self.principals().filter(|h| self.advice.contains_key(&h.arn));
        known.filter(|h| self.used(h, days).0 == 0).collect()
    }

    fn managed_names(&self, holder: &Holder) -> Vec<String> {
        holder.attached.iter().map(|arn| last(arn).to_owned()).collect()
    }

    fn members(&self, group: &Holder) -> Vec<String> {
        self.all
            .of(HolderKind::User)
            .filter(|u| u.groups.contains(&group.name))
            .map(|u| u.name.clone())
            .collect()
    }

    /// Policies with their documents: ARN (or owner's ARN and name), name, managed, attachments.
    fn policies(&self) -> Vec<(String, String, bool, u64, Value)> {
        let mut all = Vec::new();
        for policy in list(&self.raw["Policies"]) {
            let document = list(&policy["PolicyVersionList"])
                .iter()
                .find(|v| v["IsDefaultVersion"] == true)
                .map_or(Value::Null, |v| v["Document"].clone());
            let attachments = policy["AttachmentCount"].as_u64().unwrap_or(0);
            all.push((
                text(&policy["Arn"]).to_owned(),
                text(&policy["PolicyName"]).to_owned(),
                true,
                attachments,
                document,
            ));
        }
        for word in ["User", "Role", "Group"] {
            for holder in list(&self.raw[format!("{word}DetailList").as_str()]) {
                for policy in list(&holder[format!("{word}PolicyList").as_str()]) {
                    let name = text(&policy["PolicyName"]);
                    // Two principals may each have a policy of this name, and they may differ.
                    let id = format!("{}#{name}", text(&holder["Arn"]));
                    all.push((id, name.to_owned(), false, 1, policy["PolicyDocument"].clone()));
                }
            }
        }
        all
    }

    fn json(&self, options: &IamReport, now: &str) -> Value {
        let days = options.max_age;
        let line = |holder: &&Holder| {
            let (used, granted) = self.used(holder, days);
            json!({"arn": holder.arn, "name": holder.name, "services_used": used, "services_granted": granted})
        };
        let principal = |holder: &Holder| {
            let services: Vec<Value> = self
                .rights(holder, days)
                .into_iter()
                .map(
                    |r| json!({"style": r.style, "name": r.name, "last_use": r.last_use, "source": r.source}),
                )
                .collect();
            json!({
                "arn": holder.arn, "icon": holder.kind.as_str(), "name": holder.name, "services": services,
                "groups": holder.groups, "managed_policies": self.managed_names(holder),
                "inline_policies": holder.inline.iter().map(|p| &p.name).collect::<Vec<_>>(),
                "assume_role": holder.trust_document,
            })
        };
        json!({
            "account_name": self.account.name, "account_id": self.account.id,
            "report_generated_time": now, "graph": options.graph,
            "users": self.sorted(HolderKind::User).iter().map(line).collect::<Vec<_>>(),
            "roles": self.sorted(HolderKind::Role).iter().map(line).collect::<Vec<_>>(),
            "inactive_principals": self.inactive(days).into_iter()
                .map(|h| json!({"arn": h.arn, "icon": h.kind.as_str(), "name": h.name})).collect::<Vec<_>>(),
            "principals": self.principals().map(principal).collect::<Vec<_>>(),
            "groups": self.all.of(HolderKind::Group).map(|g| json!({
                "link_id": g.arn, "name": g.name, "members": self.members(g),
                "managed_policies": self.managed_names(g),
                "inline_policies": g.inline.iter().map(|p| &p.name).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "policies": self.policies().into_iter().map(|(id, name, managed, attachments, document)| json!({
                "link_id": id, "name": name, "managed": managed, "attachments": attachments, "document": document,
            })).collect::<Vec<_>>(),
        })
    }

    /// The nodes that are linked and their links, as CloudMapper writes them.
    fn graph(&self) -> Vec<Value> {
        let mut names: BTreeMap<String, (String, &'static str)> = BTreeMap::new();
        let mut edges: BTreeSet<(String, String)> = BTreeSet::new();
        for holder in &self.all.holders {
            names.insert(holder.arn.clone(), (holder.name.clone(), holder.kind.as_str()));
            for arn in &holder.attached {
                names.insert(arn.clone(), (last(arn).to_owned(), "managed policy"));
                edges.insert((holder.arn.clone(), arn.clone()));
            }
            for policy in &holder.inline {
                let id = format!("{}#{}", holder.arn, policy.name);
                names.insert(id.clone(), (policy.name.clone(), "inline policy"));
                edges.insert((holder.arn.clone(), id));
            }
            for group in holder.groups.iter().filter_map(|g| self.all.group(g)) {
                edges.insert((holder.arn.clone(), group.arn.clone()));
            }
        }
        let linked: BTreeSet<&String> = edges.iter().flat_map(|(a, b)| [a, b]).collect();
        let nodes = names
            .iter()
            .filter(|(id, _)| linked.contains(id))
            .map(|(id, (name, kind))| json!({"data": {"id": id, "name": name, "type": kind}}));
        let links = edges.iter().map(|(a, b)| json!({"data": {"source": a, "target": b, "type": "edge"}}));
        nodes.chain(links).collect()
    }

    fn sections(&self, options: &IamReport, several: bool) -> Vec<Section> {
        let days = options.max_age;
        let prefix = if several { format!("{}: ", self.account.name) } else { String::new() };
        let section = |id: &str, title: &str, blocks: Vec<Block>| Section {
            id: format!("{}-{id}", self.account.id),
            title: format!("{prefix}{title}"),
            blocks,
        };
        let people = |kind: HolderKind, title: &str| {
            let mut table = Table::new(&[
                ("Name", Kind::Text),
                ("Services used", Kind::Number),
                ("Services granted", Kind::Number),
                ("ARN", Kind::Code),
            ]);
            let mut bars: Vec<chart::Bar> = Vec::new();
            for holder in self.sorted(kind) {
                let known = self.advice.contains_key(&holder.arn);
                let (used, granted) = self.used(holder, days);
                let cell = |n: usize| if known { n.to_string() } else { "unknown".to_owned() };
                table.rows.push(vec![holder.name.clone(), cell(used), cell(granted), holder.arn.clone()]);
                if known {
                    bars.push((holder.name.clone(), vec![used, granted - used]));
                }
            }
            bars.sort_by_key(|(_, counts)| std::cmp::Reverse(counts[1]));
            bars.truncate(25);
            let mut blocks = Vec::new();
            if !bars.is_empty() {
                let series = ["used".to_owned(), "granted, not used".to_owned()];
                blocks.push(Block::Chart(chart::stacked_bars(title, &series, &bars)));
            }
            blocks.push(Block::Table(table));
            blocks
        };
        let mut inactive = Table::new(&[("Kind", Kind::Text), ("Name", Kind::Text), ("ARN", Kind::Code)]);
        inactive.rows = self
            .inactive(days)
            .iter()
            .map(|h| vec![h.kind.as_str().to_owned(), h.name.clone(), h.arn.clone()])
            .collect();
        let mut services = Table::new(&[
            ("Kind", Kind::Text),
            ("Principal", Kind::Text),
            ("Service", Kind::Text),
            ("Last use", Kind::Text),
            ("Granted by", Kind::Text),
        ]);
        let mut assume = Table::new(&[("Role", Kind::Text), ("Trust policy", Kind::Code)]);
        for holder in self.principals() {
            for right in self.rights(holder, days) {
                let kind = holder.kind.as_str().to_owned();
                services.rows.push(vec![kind, holder.name.clone(), right.name, right.last_use, right.source]);
            }
            if let Some(trust) = &holder.trust_document {
                assume.rows.push(vec![holder.name.clone(), json_text(trust)]);
            }
        }
        let mut groups =
            Table::new(&[("Group", Kind::Text), ("Members", Kind::Text), ("Policies", Kind::Text)]);
        for group in self.all.of(HolderKind::Group) {
            let inline = group.inline.iter().map(|p| format!("{} (inline)", p.name));
            let policies: Vec<String> = self.managed_names(group).into_iter().chain(inline).collect();
            groups.rows.push(vec![group.name.clone(), self.members(group).join(", "), policies.join(", ")]);
        }
        let mut policies = Table::new(&[
            ("Policy", Kind::Text),
            ("Managed", Kind::Text),
            ("Attached", Kind::Number),
            ("Document", Kind::Code),
        ]);
        for (_, name, managed, attachments, document) in self.policies() {
            let managed = if managed { "yes" } else { "no" };
            policies.rows.push(vec![name, managed.to_owned(), attachments.to_string(), json_text(&document)]);
        }
        let mut sections = vec![
            section("users", "Users", people(HolderKind::User, "Services of users")),
            section("roles", "Roles", people(HolderKind::Role, "Services of roles")),
            section(
                "inactive",
                "Inactive users and roles",
                vec![Block::Text(format!("No service used in {days} days.")), Block::Table(inactive)],
            ),
            section("services", "Services and what grants them", vec![Block::Table(services)]),
            section("trust", "Who may assume the roles", vec![Block::Table(assume)]),
            section("groups", "Groups", vec![Block::Table(groups)]),
            section("policies", "Policies", vec![Block::Table(policies)]),
        ];
        if options.graph {
            let mut links = Table::new(&[("From", Kind::Code), ("To", Kind::Code)]);
            let of = |edge: &Value, key: &str| text(&edge["data"][key]).to_owned();
            links.rows = self
                .graph()
                .iter()
                .filter(|e| e["data"]["type"] == "edge")
                .map(|e| vec![of(e, "source"), of(e, "target")])
                .collect();
            sections.push(section("graph", "Who is connected with what", vec![Block::Table(links)]));
        }
        sections
    }
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn json_text(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Whether a policy allows something of a service; limits on resources are not asked about.
fn grants(policy: &Policy, namespace: &str) -> bool {
    let names = |pattern: &String| {
        let service = pattern.split(':').next().unwrap_or_default();
        isobar_iam::pattern::matches(&service.to_ascii_lowercase(), namespace)
    };
    let whole = |pattern: &String| pattern == "*" || *pattern == format!("{namespace}:*");
    policy.statements.iter().filter(|s| s.effect == Effect::Allow).any(|s| {
        if s.not_actions.is_empty() { s.actions.iter().any(names) } else { !s.not_actions.iter().any(whole) }
    })
}
