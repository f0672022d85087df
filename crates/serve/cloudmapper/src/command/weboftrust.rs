//! `weboftrust`: which accounts, vendors and identity providers the accounts trust.
//!
//! In: roles' trust policies, bucket policies, peerings, Direct Connect. Out: `web/data.json`, a list of
//! nodes and edges. Whose number is whose is left to the vendors' table.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use isobar_iam::trust::{Party, parties};
use isobar_iam::{Authorization, Effect, Holder, HolderKind, Policy, Principal};
use isobar_model::{Arn, Region};
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::Accounts;
use crate::answers::{items, printable, regions, text};
use crate::context::pretty;
use crate::{AccountEntry, Context, Error, vendor};

/// Show which other accounts, vendors and identity providers the accounts trust.
#[derive(Debug, Args)]
pub struct WebOfTrust {
    #[command(flatten)]
    accounts: Accounts,
    /// Only peerings and Direct Connect
    #[arg(long = "network_only", alias = "network-only")]
    network_only: bool,
    /// Only trust that makes an administrator
    #[arg(long = "admin_only", alias = "admin-only")]
    admin_only: bool,
    /// Show accounts that AWS itself owns
    #[arg(long = "show_aws_owned_accounts", alias = "show-aws-owned-accounts")]
    show_aws_owned_accounts: bool,
}

/// A node of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    name: String,
    kind: String,
    parent: Option<String>,
}

/// Nodes by id, edges by (source, target) with their kinds.
#[derive(Debug, Default)]
struct Web {
    nodes: BTreeMap<String, Node>,
    edges: BTreeMap<(String, String), BTreeSet<&'static str>>,
    scanned: BTreeSet<String>,
}

impl WebOfTrust {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        if self.network_only && self.admin_only {
            return Err(Error::Explicit(
                "--network_only and --admin_only exclude each other: choose one".to_owned(),
            ));
        }
        let (config, accounts) = self.accounts.read(context)?;
        let known = config.accounts();
        let mut web = Web::default();
        let mut unknown = BTreeSet::new();
        for account in &accounts {
            web.add_known(account, "weboftrust_account");
            web.scanned.insert(account.id.clone());
        }
        let parts = context.each(&accounts, |account, recording| {
            let global = Region::global();
            let (_, answer) = recording.responses("iam", "GetAccountAuthorizationDetails", &global).next()?;
            let (mut web, mut unknown) = (Web::default(), BTreeSet::new());
            let mut found = Found { web: &mut web, known: &known, unknown: &mut unknown, account };
            if !self.admin_only {
                found.peerings(recording);
                found.direct_connects(recording);
            }
            if !self.network_only {
                found.roles(&Authorization::read(answer));
            }
            if !self.network_only && !self.admin_only {
                found.buckets(recording);
            }
            Some((web, unknown))
        });
        for (account, part) in accounts.iter().zip(parts) {
            match part? {
                Some((part, more)) => {
                    web.join(part);
                    unknown.extend(more);
                }
                None => context.output.line(format!("INFO: Skipping account {}", printable(&account.name))),
            }
        }
        for id in &unknown {
            context.output.line(format!("Unknown account: {}", printable(id)));
        }
        if !self.show_aws_owned_accounts {
            web.remove(|node| node.kind == "aws");
        }
        if self.admin_only {
            web.edges.retain(|_, kinds| kinds.contains("admin"));
        }
        web.keep_linked();
        let edges = web.edges();
        context.output.line(format!("- {} connections built", edges.len()));
        let mut entries = web.nodes();
        entries.extend(edges);
        let path = context.place.path("web/data.json")?;
        context.write(&path, pretty(&Value::Array(entries)).as_bytes())
    }
}

impl Web {
    fn add_known(&mut self, account: &AccountEntry, kind: &str) {
        let parent = account.tags.first().cloned();
        if let Some(group) = &parent {
            let node = Node { name: group.clone(), kind: "account_grouping".to_owned(), parent: None };
            self.nodes.entry(group.clone()).or_insert(node);
        }
        let node = Node { name: account.name.clone(), kind: kind.to_owned(), parent };
        self.nodes.entry(account.id.clone()).or_insert(node);
    }

    fn link(&mut self, from: &str, to: &str, kind: &'static str) {
        if from != to {
            self.edges.entry((from.to_owned(), to.to_owned())).or_default().insert(kind);
        }
    }

    /// Adds what another account says; nodes that are there already stay as they are.
    fn join(&mut self, other: Self) {
        for (id, node) in other.nodes {
            self.nodes.entry(id).or_insert(node);
        }
        for (ends, kinds) in other.edges {
            self.edges.entry(ends).or_default().extend(kinds);
        }
    }

    fn remove(&mut self, unwanted: impl Fn(&Node) -> bool) {
        self.nodes.retain(|_, node| !unwanted(node));
        let nodes = &self.nodes;
        self.edges.retain(|(from, to), _| nodes.contains_key(from) && nodes.contains_key(to));
    }

    /// What neither was asked for nor has a line left says nothing.
    fn keep_linked(&mut self) {
        let linked: BTreeSet<&String> = self.edges.keys().flat_map(|(from, to)| [from, to]).collect();
        let scanned = &self.scanned;
        let kept: BTreeSet<String> =
            self.nodes.keys().filter(|id| linked.contains(id) || scanned.contains(*id)).cloned().collect();
        let parents: BTreeSet<String> = kept.iter().filter_map(|id| self.nodes[id].parent.clone()).collect();
        self.nodes.retain(|id, _| kept.contains(id) || parents.contains(id));
    }

    fn nodes(&self) -> Vec<Value> {
        let entry = |(id, node): (&String, &Node)| {
            let weight = 10 * node.name.chars().count();
            let mut data = json!({"id": id, "name": node.name, "type": node.kind, "weight": weight});
            if let Some(parent) = &node.parent {
                data["parent"] = json!(parent);
            }
            json!({"data": data})
        };
        self.nodes.iter().map(entry).collect()
    }

    /// One entry a kind; the lesser kinds are hidden behind the greater.
    fn edges(&self) -> Vec<Value> {
        let mut entries = Vec::new();
        for ((from, to), kinds) in &self.edges {
            for kind in kinds {
                let hidden = match *kind {
                    "iam" | "s3" => kinds.contains("admin"),
                    "s3_read" => kinds.contains("admin") || kinds.contains("s3"),
                    _ => false,
                };
                if !hidden {
                    entries.push(
                        json!({"data": {"source": from, "target": to, "type": "edge"}, "classes": kind}),
                    );
                }
            }
        }
        entries
    }
}

/// The looks at one account.
struct Found<'a> {
    web: &'a mut Web,
    known: &'a [AccountEntry],
    unknown: &'a mut BTreeSet<String>,
    account: &'a AccountEntry,
}

impl Found<'_> {
    fn own(&self) -> String {
        self.account.id.clone()
    }

    /// Makes sure an account has a node.
    fn meet(&mut self, id: &str) {
        if self.web.nodes.contains_key(id) {
            return;
        }
        if let Some(account) = self.known.iter().find(|a| a.id == id) {
            self.web.add_known(account, "known_account");
            return;
        }
        let node = match vendor::of(id) {
            Some(vendor) => Node { name: vendor.name.to_owned(), kind: vendor.kind.to_owned(), parent: None },
            None => {
                self.unknown.insert(id.to_owned());
                Node { name: id.to_owned(), kind: "unknown_account".to_owned(), parent: None }
            }
        };
        self.web.nodes.insert(id.to_owned(), node);
    }

    fn peerings(&mut self, recording: &Recording) {
        for region in regions(recording) {
            let all =
                items(recording, region, "ec2", "DescribeVpcPeeringConnections", "/VpcPeeringConnections");
            for peering in all.filter(|p| p["Status"]["Code"] == "active") {
                for side in ["AccepterVpcInfo", "RequesterVpcInfo"] {
                    let other = text(&peering[side]["OwnerId"]);
                    if !other.is_empty() && other != self.account.id {
                        self.meet(other);
                        self.web.link(&self.own(), other, "vpc");
                    }
                }
            }
        }
    }

    fn direct_connects(&mut self, recording: &Recording) {
        for region in regions(recording) {
            for connection in items(recording, region, "directconnect", "DescribeConnections", "/connections")
            {
                let place = text(&connection["location"]);
                if place.is_empty() {
                    continue;
                }
                let node = Node { name: place.to_owned(), kind: "directconnect".to_owned(), parent: None };
                self.web.nodes.entry(place.to_owned()).or_insert(node);
                self.web.link(&self.own(), place, "directconnect");
            }
        }
    }

    fn roles(&mut self, all: &Authorization) {
        for role in all.of(HolderKind::Role) {
            let Some(trust) = &role.trust else { continue };
            let kind = if gives_all(all, role) { "admin" } else { "iam" };
            for party in parties(trust) {
                let from = match party {
                    Party::Account(id) => {
                        self.meet(&id);
                        id
                    }
                    Party::Provider(name) => self.provider(&name),
                    Party::Anyone if unconditional(trust) => self.everyone(),
                    Party::Anyone | Party::Service(_) | Party::Unknown(_) => continue,
                };
                self.web.link(&from, &self.own(), kind);
            }
        }
    }

    /// A node for everybody: a trust that names nobody is the one most worth seeing.
    fn everyone(&mut self) -> String {
        let node = Node { name: "everyone".to_owned(), kind: "everyone".to_owned(), parent: None };
        self.web.nodes.entry("*".to_owned()).or_insert(node);
        "*".to_owned()
    }

    /// A node for an identity provider. One provider company is one node, however many accounts
    /// know it; a company nobody listed is a node by its own name.
    fn provider(&mut self, name: &str) -> String {
        let small = name.to_ascii_lowercase();
        let last = name.rsplit('/').next().unwrap_or(name);
        let (id, kind) = match PROVIDERS.iter().find(|(word, _)| small.contains(word)) {
            Some((_, kind)) => (kind.to_ascii_lowercase(), (*kind).to_owned()),
            None if small.contains(":saml-provider/") => (name.to_owned(), "saml_provider".to_owned()),
            None => (name.to_owned(), "oidc_provider".to_owned()),
        };
        let shown = if id == name { last.to_owned() } else { kind.clone() };
        self.web.nodes.entry(id.clone()).or_insert(Node { name: shown, kind, parent: None });
        id
    }

    fn buckets(&mut self, recording: &Recording) {
        for (_, answer) in recording.responses("s3", "GetBucketPolicy", &Region::global()) {
            let policy = Policy::read(&answer["Policy"]);
            for statement in policy.statements.iter().filter(|s| s.effect == Effect::Allow) {
                let read = |action: &String| {
                    let small = action.to_ascii_lowercase();
                    small.starts_with("s3:list") || small.starts_with("s3:get")
                };
                let only_reads = !statement.actions.is_empty() && statement.actions.iter().all(read);
                let kind = if only_reads { "s3_read" } else { "s3" };
                for principal in &statement.principals {
                    let from = match principal {
                        Principal::Aws(name) => account_of(name),
                        Principal::Anyone if statement.conditions.is_empty() => Some(self.everyone()),
                        _ => None,
                    };
                    let Some(from) = from else { continue };
                    if from != "*" {
                        self.meet(&from);
                    }
                    self.web.link(&from, &self.own(), kind);
                }
            }
        }
    }
}

/// Words in providers' names and the type each becomes.
const PROVIDERS: [(&str, &str); 9] = [
    ("okta", "Okta"),
    ("onelogin", "Onelogin"),
    ("waad", "waad"),
    ("allcloud-sso", "AllCloud-SSO"),
    ("awssso", "Amazon"),
    ("adfs", "ADFS"),
    ("auth0", "auth0"),
    ("gsuite", "gsuite"),
    ("google", "google"),
];

fn account_of(principal: &str) -> Option<String> {
    let number = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if number(principal) {
        return Some(principal.to_owned());
    }
    Arn::parse(principal).ok().map(|arn| arn.account().to_owned()).filter(|account| number(account))
}

/// Whether a role holds a policy with every action, or every one of IAM, whatever it is limited to:
/// CloudMapper's question here, kinder to a false alarm than to a miss.
fn gives_all(all: &Authorization, role: &Holder) -> bool {
    let wide = |action: &String| matches!(action.to_ascii_lowercase().as_str(), "*" | "*:*" | "iam:*");
    all.policies_of(role)
        .iter()
        .any(|(_, policy)| policy.allows().any(|statement| statement.actions.iter().any(wide)))
}

fn unconditional(trust: &Policy) -> bool {
    trust.allows().any(|s| s.principals.contains(&Principal::Anyone) && s.conditions.is_empty())
}
