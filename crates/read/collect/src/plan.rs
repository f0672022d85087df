//! From the catalog to calls: which tasks there are, what they wait for, how items become calls.

use std::collections::{BTreeMap, BTreeSet};

use isobar_catalog::{CallSpec, Catalog, Path, Scope};
use isobar_model::Region;
use isobar_recording::Call;
use serde_json::{Map, Value};

/// One call of the catalog in one region: none, one or many calls to make.
pub(crate) struct Task<'c> {
    pub(crate) service: &'c str,
    pub(crate) region: Region,
    pub(crate) operation: &'c str,
    pub(crate) with: &'c Map<String, Value>,
    pub(crate) absent: &'c [String],
    pub(crate) per_item: bool,
    pub(crate) source: Option<Source<'c>>,
}

/// Where a task's items come from.
pub(crate) struct Source<'c> {
    /// Service, operation and region whose answers are walked.
    pub(crate) service: &'c str,
    pub(crate) operation: &'c str,
    pub(crate) region: Region,
    at: Option<Path>,
    parameter: &'c str,
    batch: Option<usize>,
    carry: &'c [String],
}

/// The tasks of a scan, in the order of the catalog and then of the regions.
pub(crate) fn tasks<'c>(catalog: &'c Catalog, services: &[String], regions: &[Region]) -> Vec<Task<'c>> {
    let mut tasks = Vec::new();
    for service in &catalog.services {
        if !services.is_empty() && !services.contains(&service.service) {
            continue;
        }
        let global = service.scope == Scope::Global;
        for region in regions.iter().filter(|region| region.is_global() == global) {
            for spec in &service.calls {
                tasks.push(Task {
                    service: &service.service,
                    region: region.clone(),
                    operation: &spec.operation,
                    with: &spec.with,
                    absent: &spec.absent,
                    per_item: spec.each.is_some(),
                    source: source(catalog, &service.service, region, spec),
                });
            }
        }
    }
    tasks
}

fn source<'c>(
    catalog: &'c Catalog,
    service: &'c str,
    region: &Region,
    spec: &'c CallSpec,
) -> Option<Source<'c>> {
    let each = spec.each.as_ref()?;
    let (service, operation) = each.from.split_once(':').unwrap_or((service, &each.from));
    let is_global = catalog.service(service).is_some_and(|s| s.scope == Scope::Global);
    Some(Source {
        service,
        operation,
        region: if is_global { Region::global() } else { region.clone() },
        at: Path::parse(&each.at).ok(),
        parameter: &each.parameter,
        batch: each.batch,
        carry: &each.carry,
    })
}

impl Task<'_> {
    /// The call without any item.
    pub(crate) fn call(&self) -> Call {
        let mut call = Call::new(self.service, self.operation, self.region.clone());
        call.parameters = self.with.clone();
        call
    }

    /// Whether this task's items come from the answers of that one.
    pub(crate) fn waits_for(&self, other: &Task<'_>) -> bool {
        self.source.as_ref().is_some_and(|s| {
            (s.service, s.operation, &s.region) == (other.service, other.operation, &other.region)
        })
    }

    /// The calls to make, given the answers of the source with the calls that brought them. Sorted,
    /// without twins, so that batches do not depend on the order in which answers came.
    pub(crate) fn calls<'a>(&self, answers: impl Iterator<Item = (&'a Call, &'a Value)>) -> Vec<Call> {
        let Some(source) = &self.source else { return vec![self.call()] };
        let Some(at) = &source.at else { return Vec::new() };
        // Carried parameters as text -> (the parameters, items as text -> item).
        type Items = BTreeMap<String, Value>;
        let mut groups: BTreeMap<String, (Map<String, Value>, Items)> = BTreeMap::new();
        for (call, answer) in answers {
            let carried: Map<String, Value> = source
                .carry
                .iter()
                .filter_map(|name| Some((name.clone(), call.parameters.get(name)?.clone())))
                .collect();
            let (_, items) = groups
                .entry(Value::Object(carried.clone()).to_string())
                .or_insert_with(|| (carried, Items::new()));
            let found = at.items(answer).into_iter().map(|item| item.into_owned());
            items.extend(found.filter(|item| !is_empty(item)).map(|item| (item.to_string(), item)));
        }
        let mut calls = Vec::new();
        for (carried, items) in groups.into_values() {
            let items: Vec<Value> = items.into_values().collect();
            let values: Vec<Value> = match source.batch {
                None => items,
                Some(size) => items.chunks(size.max(1)).map(|some| Value::Array(some.to_vec())).collect(),
            };
            for value in values {
                let mut call = self.call();
                call.parameters.extend(carried.clone());
                call.parameters.insert(source.parameter.to_owned(), value);
                calls.push(call);
            }
        }
        let mut seen = BTreeSet::new();
        calls.retain(|call| seen.insert(call.key()));
        calls
    }
}

fn is_empty(item: &Value) -> bool {
    match item {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}
