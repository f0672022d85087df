//! From the catalog to calls: which tasks there are, what they wait for, how items become calls.

use std::collections::{BTreeMap, BTreeSet};

use isobar_catalog::{CallSpec, Catalog, Path, Purpose, Scope};
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
    /// An operation of the same service and region that goes first.
    pub(crate) after: Option<&'c str>,
    /// What must hold of the answer; until then it is asked for again.
    pub(crate) until: Option<&'c Path>,
}

/// Where a task's items come from.
pub(crate) struct Source<'c> {
    /// Service, operation and region whose answers are walked; all regions where there is none.
    pub(crate) service: &'c str,
    pub(crate) operation: &'c str,
    pub(crate) region: Option<Region>,
    at: Option<Path>,
    parameter: &'c str,
    batch: Option<usize>,
    region_as: Option<&'c str>,
    carry: &'c [String],
}

/// The tasks of a scan, in the order of the catalog and then of the regions.
pub(crate) fn tasks<'c>(
    catalog: &'c Catalog,
    purpose: Purpose,
    services: &[String],
    regions: &[Region],
) -> Vec<Task<'c>> {
    let mut tasks = Vec::new();
    for service in catalog.services_for(purpose) {
        if !services.is_empty() && !services.contains(&service.service) {
            continue;
        }
        let global = service.scope == Scope::Global;
        for region in regions.iter().filter(|region| region.is_global() == global) {
            for spec in service.calls_for(purpose) {
                tasks.push(Task {
                    service: &service.service,
                    region: region.clone(),
                    operation: &spec.operation,
                    with: &spec.with,
                    absent: &spec.absent,
                    per_item: spec.each.is_some(),
                    source: source(catalog, purpose, &service.service, region, spec),
                    after: spec.after.as_deref(),
                    until: spec.until.as_ref(),
                });
            }
        }
    }
    tasks
}

fn source<'c>(
    catalog: &'c Catalog,
    purpose: Purpose,
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
        region: match each.region_as {
            Some(_) => None,
            None if is_global => Some(Region::global()),
            None => Some(region.clone()),
        },
        at: Path::parse(&each.at).ok(),
        parameter: &each.parameter,
        batch: if each.apart && purpose == Purpose::Everything { Some(1) } else { each.batch },
        region_as: each.region_as.as_deref(),
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

    /// Whether this task's items come from the answers of that one, or that one goes first.
    pub(crate) fn waits_for(&self, other: &Task<'_>) -> bool {
        let from = self.source.as_ref().is_some_and(|s| {
            (s.service, s.operation) == (other.service, other.operation)
                && s.region.as_ref().is_none_or(|region| *region == other.region)
        });
        let behind = self.after.is_some_and(|after| {
            (self.service, after, &self.region) == (other.service, other.operation, &other.region)
        });
        from || behind
    }

    /// Whether it can go before anything else has come in.
    pub(crate) fn is_free(&self) -> bool {
        self.source.is_none() && self.after.is_none()
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
            let mut carried: Map<String, Value> = source
                .carry
                .iter()
                .filter_map(|name| Some((name.clone(), call.parameters.get(name)?.clone())))
                .collect();
            if let Some(name) = source.region_as {
                carried.insert(name.to_owned(), call.region.as_str().into());
            }
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
