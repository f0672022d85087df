//! One account's users, roles, groups and policies, and what is said of them as data.

use std::collections::{BTreeMap, BTreeSet};

use isobar_iam::{Authorization, Effect, Holder, HolderKind, Policy};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Value, json};

use crate::AccountEntry;
use crate::advisor::{self, Advice};
use crate::answers::{list, text};

/// One account's answer.
pub(super) struct Subject<'r> {
    pub(super) account: &'r AccountEntry,
    raw: &'r Value,
    pub(super) all: Authorization,
    pub(super) advice: BTreeMap<String, Advice>,
}

/// A service a principal may use, and through what.
pub(super) struct Right {
    style: &'static str,
    pub(super) name: String,
    pub(super) last_use: String,
    pub(super) source: String,
}

/// A policy as it is written down.
pub(super) struct Written {
    /// Its ARN, or its owner's ARN and its name.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) managed: bool,
    pub(super) attachments: u64,
    pub(super) document: Value,
}

impl<'r> Subject<'r> {
    /// Reads it; none where users and roles were not collected.
    pub(super) fn read(account: &'r AccountEntry, recording: &'r Recording) -> Option<Self> {
        let global = Region::global();
        let (_, raw) = recording.responses("iam", "GetAccountAuthorizationDetails", &global).next()?;
        Some(Self { account, raw, all: Authorization::read(raw), advice: advisor::read(recording) })
    }

    pub(super) fn principals(&self) -> impl Iterator<Item = &Holder> {
        self.all.of(HolderKind::User).chain(self.all.of(HolderKind::Role))
    }

    /// How many services a principal used of late, and how many it may use.
    pub(super) fn used(&self, holder: &Holder, days: i64) -> (usize, usize) {
        self.advice.get(&holder.arn).map_or((0, 0), |a| (a.used(days), a.services.len()))
    }

    pub(super) fn rights(&self, holder: &Holder, days: i64) -> Vec<Right> {
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

    pub(super) fn sorted(&self, kind: HolderKind) -> Vec<&Holder> {
        let mut all: Vec<&Holder> = self.all.of(kind).collect();
        all.sort_by(|a, b| a.arn.cmp(&b.arn));
        all
    }

    pub(super) fn inactive(&self, days: i64) -> Vec<&Holder> {
        let known = self.principals().filter(|h| self.advice.contains_key(&h.arn));
        known.filter(|h| self.used(h, days).0 == 0).collect()
    }

    pub(super) fn managed_names(&self, holder: &Holder) -> Vec<String> {
        holder.attached.iter().map(|arn| last(arn).to_owned()).collect()
    }

    pub(super) fn members(&self, group: &Holder) -> Vec<String> {
        self.all
            .of(HolderKind::User)
            .filter(|u| u.groups.contains(&group.name))
            .map(|u| u.name.clone())
            .collect()
    }

    /// Policies with their documents.
    pub(super) fn policies(&self) -> Vec<Written> {
        let mut all = Vec::new();
        for policy in list(&self.raw["Policies"]) {
            let document = list(&policy["PolicyVersionList"])
                .iter()
                .find(|v| v["IsDefaultVersion"] == true)
                .map_or(Value::Null, |v| v["Document"].clone());
            let attachments = policy["AttachmentCount"].as_u64().unwrap_or(0);
            let (id, name) = (text(&policy["Arn"]).to_owned(), text(&policy["PolicyName"]).to_owned());
            all.push(Written { id, name, managed: true, attachments, document });
        }
        for word in ["User", "Role", "Group"] {
            for holder in list(&self.raw[format!("{word}DetailList").as_str()]) {
                for policy in list(&holder[format!("{word}PolicyList").as_str()]) {
                    let name = text(&policy["PolicyName"]).to_owned();
                    // Two principals may each have a policy of this name, and they may differ.
                    let id = format!("{}#{name}", text(&holder["Arn"]));
                    let document = policy["PolicyDocument"].clone();
                    all.push(Written { id, name, managed: false, attachments: 1, document });
                }
            }
        }
        all
    }

    pub(super) fn json(&self, days: i64, graph: bool, now: &str) -> Value {
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
            "report_generated_time": now, "graph": graph,
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
            "policies": self.policies().into_iter().map(|p| json!({
                "link_id": p.id, "name": p.name, "managed": p.managed, "attachments": p.attachments,
                "document": p.document,
            })).collect::<Vec<_>>(),
        })
    }

    /// The nodes that are linked and their links, as CloudMapper writes them.
    pub(super) fn graph(&self) -> Vec<Value> {
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
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
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
