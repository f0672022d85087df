//! Who works with which data, from two sources that name both ends.
//!
//! A role's policies that allow actions on one named resource link what runs as the role to it: a
//! function that may `dynamodb:PutItem` on `orders` writes `orders`. A security group whose rules
//! let another group in links what wears that one to the database behind: `web` connects to
//! `ledger` on `:5432`. Policies on `*` and rules for address ranges name no one and link nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::build::{Build, by_arn, texts};
use crate::graph::{Index, Resource};
use crate::kind::{Family, RelationKind};

pub(super) fn run(build: &mut Build<'_>) {
    let known = connected(build);
    let mut found = by_role(build);
    found.extend(by_group(build));
    for ((from, to), (kind, label)) in found {
        if !known.contains(&(from, to)) && !known.contains(&(to, from)) {
            build.relate(kind, from, to, label);
        }
    }
}

/// The statements of a policy document, be it JSON or JSON as a text, one statement or a list.
pub(super) fn statements(document: &Value) -> Vec<Cow<'_, Value>> {
    match document {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(mut inner) => match inner["Statement"].take() {
                Value::Array(items) => items.into_iter().map(Cow::Owned).collect(),
                Value::Null => Vec::new(),
                one => vec![Cow::Owned(one)],
            },
            Err(_) => Vec::new(),
        },
        other => match &other["Statement"] {
            Value::Array(items) => items.iter().map(Cow::Borrowed).collect(),
            Value::Null => Vec::new(),
            one => vec![Cow::Borrowed(one)],
        },
    }
}

type Links = BTreeMap<(Index, Index), (RelationKind, Option<String>)>;

// Pairs that a relation joins already, directly or through a mapping or subscription.
fn connected(build: &Build<'_>) -> BTreeSet<(Index, Index)> {
    let mut after: HashMap<Index, Vec<Index>> = HashMap::new();
    let flows = build.relations.iter().filter(|relation| relation.kind.flow().is_some());
    let mut pairs = BTreeSet::new();
    for relation in flows {
        pairs.insert((relation.from, relation.to));
        after.entry(relation.from).or_default().push(relation.to);
    }
    for (&from, middles) in &after {
        for middle in middles.iter().filter(|&&at| !build.resource(at).drawn) {
            pairs.extend(after.get(middle).into_iter().flatten().map(|&to| (from, to)));
        }
    }
    pairs
}

fn by_role(build: &Build<'_>) -> Links {
    let mut runs_as: HashMap<Index, Vec<Index>> = HashMap::new();
    for relation in build.relations.iter().filter(|relation| relation.kind == RelationKind::RunsAs) {
        runs_as.entry(relation.from).or_default().push(relation.to);
    }
    let mut of_role: HashMap<Index, BTreeMap<Index, RelationKind>> = HashMap::new();
    let mut links = Links::new();
    let mut runners: Vec<&Index> = runs_as.keys().collect();
    runners.sort();
    for &runner in runners {
        if !build.resource(runner).drawn {
            continue;
        }
        // An instance runs as its profile, and that as the role.
        let mut roles = Vec::new();
        for &at in &runs_as[&runner] {
            match build.resource(at).kind.as_ref() {
                "iam:role" => roles.push(at),
                _ => roles.extend(runs_as.get(&at).into_iter().flatten().copied()),
            }
        }
        for role in roles {
            let reached = of_role.entry(role).or_insert_with(|| reached(build, role));
            for (&to, &kind) in reached.iter() {
                if to != runner {
                    links.insert((runner, to), (kind, None));
                }
            }
        }
    }
    links
}

// What a role's policies name, with the strongest thing that they allow.
fn reached(build: &Build<'_>, role: Index) -> BTreeMap<Index, RelationKind> {
    let fields = &build.resource(role).attributes;
    let mut documents: Vec<&Value> = Vec::new();
    for policy in fields["RolePolicyList"].as_array().into_iter().flatten() {
        documents.push(&policy["PolicyDocument"]);
    }
    for attached in fields["AttachedManagedPolicies"].as_array().into_iter().flatten() {
        let policy = attached["PolicyArn"].as_str().and_then(|arn| build.find(arn));
        let Some(policy) = policy.map(|at| &build.resource(at).attributes) else { continue };
        for version in policy["PolicyVersionList"].as_array().into_iter().flatten() {
            if version["IsDefaultVersion"] == Value::Bool(true) {
                documents.push(&version["Document"]);
            }
        }
    }
    let mut reached: BTreeMap<Index, RelationKind> = BTreeMap::new();
    for document in documents {
        for statement in statements(document) {
            if statement["Effect"].as_str() != Some("Allow") {
                continue;
            }
            for resource in texts(&statement, "Resource").into_iter().filter(|arn| *arn != "*") {
                // A stream is read through an event source mapping, which says so itself.
                if resource.contains("/stream/") {
                    continue;
                }
                let Some(to) = by_arn(build, resource) else { continue };
                for action in texts(&statement, "Action") {
                    if let Some(kind) = meaning(action, &build.resource(to).kind) {
                        let known = reached.entry(to).or_insert(kind);
                        if kind == RelationKind::Writes {
                            *known = kind;
                        }
                    }
                }
            }
        }
    }
    reached
}

// What an allowed action on a resource of that kind means for a picture.
fn meaning(action: &str, kind: &str) -> Option<RelationKind> {
    let (service, verb) = action.split_once(':').unwrap_or(("*", action));
    let starts = |words: &[&str]| verb == "*" || words.iter().any(|word| verb.starts_with(word));
    let (of, rest) = kind.split_once(':')?;
    if service != "*" && service != of {
        return None;
    }
    match (of, rest) {
        ("dynamodb", "table") if starts(&["Put", "Update", "Delete", "BatchWrite", "PartiQL"]) => {
            Some(RelationKind::Writes)
        }
        ("dynamodb", "table") => starts(&["Get", "Query", "Scan", "BatchGet"]).then_some(RelationKind::Reads),
        ("s3", "bucket") if starts(&["Put", "Delete"]) => Some(RelationKind::Writes),
        ("s3", "bucket") => starts(&["Get", "List"]).then_some(RelationKind::Reads),
        ("sqs", "queue") if starts(&["Send"]) => Some(RelationKind::Writes),
        ("sqs", "queue") => starts(&["Receive"]).then_some(RelationKind::Reads),
        ("kinesis", "stream") if starts(&["Put"]) => Some(RelationKind::Writes),
        ("kinesis", "stream") => starts(&["Get", "Subscribe"]).then_some(RelationKind::Reads),
        ("sns", "topic") => starts(&["Publish"]).then_some(RelationKind::Publishes),
        ("events", "event-bus") => starts(&["PutEvents"]).then_some(RelationKind::Publishes),
        ("secretsmanager", "secret") => starts(&["GetSecretValue"]).then_some(RelationKind::Uses),
        ("lambda", "function") => starts(&["Invoke"]).then_some(RelationKind::Invokes),
        ("stepfunctions" | "states", "state-machine") => starts(&["Start"]).then_some(RelationKind::Invokes),
        _ => None,
    }
}

// What wears a security group that a database's group lets in on the database's port.
fn by_group(build: &Build<'_>) -> Links {
    let mut wearers: HashMap<Index, Vec<Index>> = HashMap::new();
    let mut members: BTreeSet<Index> = BTreeSet::new();
    for relation in &build.relations {
        match relation.kind {
            RelationKind::GuardedBy => wearers.entry(relation.to).or_default().push(relation.from),
            RelationKind::Contains => {
                members.insert(relation.to);
            }
            _ => {}
        }
    }
    let mut links = Links::new();
    for group in build.of_kind("ec2:security-group") {
        let Some(guarded) = wearers.get(&group) else { continue };
        let behind: Vec<(Index, u64)> =
            guarded.iter().filter_map(|&at| Some((at, port_of(build.resource(at))?))).collect();
        if behind.is_empty() {
            continue;
        }
        let fields = &build.resource(group).attributes;
        for rule in fields["IpPermissions"].as_array().into_iter().flatten() {
            for pair in rule["UserIdGroupPairs"].as_array().into_iter().flatten() {
                let let_in = pair["GroupId"].as_str();
                let let_in =
                    let_in.and_then(|id| build.find_near(build.resource(group), "ec2:security-group", id));
                let Some(let_in) = let_in.filter(|&at| at != group) else { continue };
                for &user in wearers.get(&let_in).into_iter().flatten() {
                    let source = build.resource(user);
                    // A service speaks for its tasks.
                    let spoken_for = source.kind.as_ref() == "ecs:task" && members.contains(&user);
                    if !source.drawn || source.family != Family::Compute || spoken_for {
                        continue;
                    }
                    for &(data, port) in behind.iter().filter(|(_, port)| opens(rule, *port)) {
                        links.insert((user, data), (RelationKind::ConnectsTo, Some(format!(":{port}"))));
                    }
                }
            }
        }
    }
    links
}

// The port on which a drawn database or file system is reached. Readers and replicas are left out:
// the line goes to the primary, and from there to them.
fn port_of(resource: &Resource) -> Option<u64> {
    let fields = &resource.attributes;
    let reader = fields["ClusterMember"]["IsClusterWriter"] == Value::Bool(false)
        // Of a replica in another region the source is an ARN; that one is reached from near by.
        || fields["ReadReplicaSourceDBInstanceIdentifier"].as_str().is_some_and(|id| !id.starts_with("arn:"));
    if !resource.drawn || reader {
        return None;
    }
    let named = || fields["Endpoint"]["Port"].as_u64().or_else(|| fields["Port"].as_u64());
    match resource.kind.as_ref() {
        "efs:file-system" => Some(2049),
        "opensearch:domain" => Some(443),
        "elasticache:cluster" => {
            let node = || fields["CacheNodes"][0]["Endpoint"]["Port"].as_u64();
            let own = fields["ConfigurationEndpoint"]["Port"].as_u64().or_else(node);
            own.or(Some(if fields["Engine"].as_str() == Some("memcached") { 11211 } else { 6379 }))
        }
        "redshift:cluster" => named().or(Some(5439)),
        kind if kind.starts_with("rds:") => named().or_else(|| {
            let engine = fields["Engine"].as_str().unwrap_or_default();
            let known =
                [("postgres", 5432), ("mysql", 3306), ("maria", 3306), ("aurora", 3306), ("oracle", 1521)];
            let more = [("sqlserver", 1433), ("docdb", 27017), ("neptune", 8182)];
            known.into_iter().chain(more).find(|(word, _)| engine.contains(word)).map(|(_, port)| port)
        }),
        _ => None,
    }
}

fn opens(rule: &Value, port: u64) -> bool {
    match rule["IpProtocol"].as_str() {
        Some("-1") => true,
        Some("tcp" | "6") => {
            let bound = |field: &str, otherwise| rule[field].as_u64().unwrap_or(otherwise);
            (bound("FromPort", 0)..=bound("ToPort", 65535)).contains(&port)
        }
        _ => false,
    }
}
