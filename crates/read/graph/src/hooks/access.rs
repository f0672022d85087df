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
use crate::graph::Index;
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
    let guards = |at: Index| build.resource(at).kind.as_ref() == "ec2:security-group";
    let mut links = Links::new();
    let rules = build.relations.iter().filter(|relation| relation.kind == RelationKind::AllowsFrom);
    for rule in rules.filter(|rule| guards(rule.from) && guards(rule.to) && rule.from != rule.to) {
        for &data in wearers.get(&rule.from).into_iter().flatten() {
            let target = build.resource(data);
            let shared = matches!(target.kind.as_ref(), "efs:file-system");
            if !target.drawn || !(target.family == Family::Database || shared) {
                continue;
            }
            for &user in wearers.get(&rule.to).into_iter().flatten() {
                let source = build.resource(user);
                // A service speaks for its tasks.
                let spoken_for = source.kind.as_ref() == "ecs:task" && members.contains(&user);
                if source.drawn && source.family == Family::Compute && !spoken_for {
                    links
                        .entry((user, data))
                        .or_insert_with(|| (RelationKind::ConnectsTo, rule.label.clone()));
                }
            }
        }
    }
    links
}
