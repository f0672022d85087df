//! Walks every service file over its hand-made answers in `catalog/examples/SERVICE/OPERATION.json`.
//!
//! All examples tell of one small account, so that relations find both ends. An example that is a
//! list holds the answers for the first, second, ... item of a call that is made per item.

use std::collections::BTreeSet;
use std::path::PathBuf;

use isobar_catalog::spec::{Choice, Drawn};
use isobar_catalog::{Catalog, Path, ResourceSpec, Scope, Text};
use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use isobar_recording::recording::Builder;
use isobar_recording::{Call, Recording};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::hooks::HOOKS;
use crate::{Family, Graph, RelationKind, build};

fn example(service: &str, operation: &str) -> Value {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog/examples"));
    let file = folder.join(service).join(format!("{operation}.json"));
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("each call needs an example, {}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

// The answer for the n-th item; one that is no list goes to the first item only.
fn nth(example: &Value, n: usize) -> Option<Value> {
    match example {
        Value::Array(answers) => answers.get(n).cloned(),
        one => (n == 0).then(|| one.clone()),
    }
}

/// The recording of the examples' account, in one region.
fn examples(catalog: &Catalog) -> Recording {
    let at = Timestamp::parse("2026-11-22T01:00:00Z").unwrap();
    let mut builder = Builder::resume(Recording::new(Uuid::nil(), Partition::Aws, at));
    builder.manifest_mut().aws_account = AwsAccountId::parse("123456789012").ok();
    for service in &catalog.services {
        let region = match service.scope {
            Scope::Global => Region::global(),
            Scope::Regional => Region::parse("eu-west-1").unwrap(),
        };
        for spec in &service.calls {
            let answer = example(&service.service, &spec.operation);
            let mut call = Call::new(&service.service, &spec.operation, region.clone());
            call.parameters = spec.with.clone();
            let Some(each) = &spec.each else {
                builder.response(call, nth(&answer, 0).unwrap(), at);
                continue;
            };
            let (from_service, from) = each.from.split_once(':').unwrap_or((&service.service, &each.from));
            let source = nth(&example(from_service, from), 0).unwrap();
            let items: Vec<Value> = Path::parse(&each.at)
                .unwrap()
                .items(&source)
                .into_iter()
                .map(|item| item.into_owned())
                .collect();
            assert!(!items.is_empty(), "{}:{}: each.at finds nothing", service.service, spec.operation);
            // What is carried on is whatever the earlier call was asked with.
            let carried: Map<String, Value> =
                each.carry.iter().map(|name| (name.clone(), carried(service, from, name))).collect();
            for (n, item) in items.iter().enumerate().take(if each.batch.is_some() { 1 } else { usize::MAX })
            {
                let Some(answer) = nth(&answer, n) else { break };
                let mut call = call.clone();
                call.parameters.extend(carried.clone());
                let value = if each.batch.is_some() { Value::Array(items.clone()) } else { item.clone() };
                call.parameters.insert(each.parameter.clone(), value);
                builder.response(call, answer, at);
            }
        }
    }
    builder.finish(Some(at))
}

fn carried(service: &isobar_catalog::Service, from: &str, name: &str) -> Value {
    let earlier = service.calls.iter().find(|call| call.operation == from).unwrap();
    let each = earlier.each.as_ref().unwrap_or_else(|| panic!("{from} has no parameter {name} to carry"));
    assert_eq!(each.parameter, name, "{}: {from} is not asked with {name}", service.service);
    let source = nth(&example(&service.service, &each.from), 0).unwrap();
    Path::parse(&each.at).unwrap().items(&source)[0].clone().into_owned()
}

// What of a specification yields nothing in any of its resources.
fn idle(spec: &ResourceSpec, graph: &Graph) -> Vec<String> {
    let rows: Vec<&Value> = graph.of_kind(&spec.kind).map(|(_, resource)| &*resource.attributes).collect();
    if rows.is_empty() {
        return vec![format!("{}: no resource comes of it", spec.kind)];
    }
    let mut idle = Vec::new();
    let mut must = |what: &str, path: &Path| {
        let yields = |row: &&Value| !path.find(row).is_null() && !path.items(row).is_empty();
        if !rows.iter().any(yields) {
            idle.push(format!("{}, {what}: {} finds nothing", spec.kind, path.as_str()));
        }
    };
    let texts: [(&str, &Text); 6] = [
        ("arn", &spec.arn),
        ("id", &spec.id),
        ("name", &spec.name),
        ("region", &spec.region),
        ("detail", &spec.detail),
        ("state", &spec.state),
    ];
    for (what, text) in texts {
        text.paths().for_each(|path| must(what, path));
    }
    if let Choice { at: Some(text), .. } = &spec.icon {
        text.paths().for_each(|path| must("icon", path));
    }
    if let Drawn::When(path) = &spec.drawn {
        must("drawn", path);
    }
    let place = &spec.place;
    for (what, path) in [
        ("only", &spec.only),
        ("tags", &spec.tags),
        ("inside.vpc", &place.vpc),
        ("inside.subnets", &place.subnets),
        ("inside.zone", &place.zone),
    ] {
        path.iter().for_each(|path| must(what, path));
    }
    spec.addresses.iter().flat_map(Text::paths).for_each(|path| must("addresses", path));
    for field in &spec.blueprint {
        field.at.paths().for_each(|path| must(field.name, path));
    }
    for decode in &spec.decode {
        let path = Path::parse(decode).unwrap();
        if !rows.iter().any(|row| path.find(row).into_items().iter().any(|found| found.is_object())) {
            idle.push(format!("{}, decode: {decode} is no JSON", spec.kind));
        }
    }
    for join in &spec.joins {
        if !rows.iter().any(|row| row.get(&join.field).is_some()) {
            idle.push(format!("{}, join: {} finds nothing", spec.kind, join.field));
        }
    }
    for relation in &spec.relations {
        let kind = RelationKind::parse(&relation.kind);
        let found = graph.relations().iter().any(|link| {
            let (from, to) = (graph.get(link.from).kind.as_ref(), graph.get(link.to).kind.as_ref());
            let (own, other) = if relation.reverse { (to, from) } else { (from, to) };
            Some(link.kind) == kind && own == spec.kind && relation.to.iter().any(|to| to == other)
        });
        if !found {
            idle.push(format!(
                "{}, relation {} at {} links nothing",
                spec.kind,
                relation.kind,
                relation.at.as_str()
            ));
        }
    }
    idle
}

#[test]
fn every_path_yields_something_in_its_example() {
    let catalog = Catalog::embedded();
    let graph = build(catalog, &[&examples(catalog)]);
    let idle: Vec<String> = catalog.resources().flat_map(|(_, spec)| idle(spec, &graph)).collect();
    assert!(idle.is_empty(), "{idle:#?}");
    assert_eq!(graph.notes, []);
    assert_eq!(graph.gaps, []);
}

#[test]
fn every_word_is_known() {
    let hooks: BTreeSet<&str> = HOOKS.iter().map(|(name, _)| *name).collect();
    let mut used = BTreeSet::new();
    for (_, spec) in Catalog::embedded().resources() {
        assert!(Family::parse(&spec.family).is_some(), "{}: family {}", spec.kind, spec.family);
        for relation in &spec.relations {
            assert!(RelationKind::parse(&relation.kind).is_some(), "{}: {}", spec.kind, relation.kind);
        }
        used.extend(spec.hook.as_deref());
    }
    assert_eq!(hooks, used, "hooks that are there and hooks that service files name");
}

#[test]
fn every_example_belongs_to_a_call() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog/examples"));
    for service in std::fs::read_dir(folder).unwrap() {
        let service = service.unwrap();
        let name = service.file_name().into_string().unwrap();
        let known = Catalog::embedded().service(&name).unwrap_or_else(|| panic!("no service {name}"));
        for file in std::fs::read_dir(service.path()).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let operation = file.trim_end_matches(".json");
            assert!(
                known.calls.iter().any(|call| call.operation == operation),
                "{name}/{file} is never asked"
            );
        }
    }
}

#[test]
fn the_same_in_any_order_gives_the_same() {
    let catalog = Catalog::embedded();
    let one = examples(catalog);
    let text = crate::dump(&build(catalog, &[&one]));
    assert_eq!(crate::dump(&build(catalog, &[&one, &one])), text);
    assert_eq!(crate::dump(&build(catalog, &[&examples(catalog)])), text);
}
