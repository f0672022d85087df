//! Links between resources, as the service files name them.
//!
//! In: drafts that all stand somewhere. Out: relations. A reference to what the recording does not
//! know (another account's bucket, a deleted queue) is no error and no relation.

use std::collections::{HashMap, HashSet};

use isobar_catalog::Context;
use isobar_catalog::RelationSpec;
use isobar_catalog::path::text_of;
use isobar_catalog::spec::Reference;
use serde_json::Value;

use super::Build;
use super::draft::address_key;
use crate::graph::{Index, Resource};
use crate::kind::RelationKind;

/// Adds every relation that the specifications find.
pub(super) fn all(build: &mut Build<'_>) {
    let names = Names::read(build);
    for at in (0..build.drafts.len() as u32).map(Index) {
        let Some(spec) = build.drafts[at.at()].spec else { continue };
        let fields = build.resource(at).attributes.clone();
        for relation in &spec.relations {
            let Some(kind) = RelationKind::parse(&relation.kind) else { continue };
            match &relation.of {
                None => link(build, &names, at, relation, kind, &fields, None),
                Some(of) => {
                    for item in of.items(&fields) {
                        link(build, &names, at, relation, kind, &item, Some(&item));
                    }
                }
            }
        }
    }
}

/// Who bears a name, for the types that relations refer to by name; the first comes first.
struct Names(HashMap<String, Vec<Index>>);

impl Names {
    fn read(build: &Build<'_>) -> Self {
        let relations = build.drafts.iter().filter_map(|draft| draft.spec).flat_map(|spec| &spec.relations);
        let kinds: HashSet<&str> = relations
            .filter(|relation| relation.reference == Reference::Name)
            .flat_map(|relation| relation.to.iter().map(String::as_str))
            .collect();
        let mut names: HashMap<String, Vec<Index>> = HashMap::new();
        for at in (0..build.drafts.len() as u32).map(Index) {
            let resource = build.resource(at);
            if kinds.contains(resource.kind.as_ref()) {
                names.entry(resource.name.clone()).or_default().push(at);
            }
        }
        Self(names)
    }
}

fn link(
    build: &mut Build<'_>,
    names: &Names,
    at: Index,
    relation: &RelationSpec,
    kind: RelationKind,
    fields: &Value,
    around: Option<&Value>,
) {
    for item in relation.at.items(fields) {
        let reference = match &relation.key {
            Some(key) => key.fill(&item, Context::default()),
            None => text_of(&item),
        };
        let Some(reference) = reference else { continue };
        let Some(other) = resolve(build, names, build.resource(at), relation, &reference) else { continue };
        let label = relation.label.line(around.unwrap_or(&item), Context::default());
        let (from, to) = if relation.reverse { (other, at) } else { (at, other) };
        build.relate(kind, from, to, label);
    }
}

fn resolve(
    build: &Build<'_>,
    names: &Names,
    from: &Resource,
    relation: &RelationSpec,
    reference: &str,
) -> Option<Index> {
    let fits = |at: &Index| relation.to.iter().any(|to| *to == *build.resource(*at).kind);
    let by_id = || relation.to.iter().find_map(|kind| build.find_near(from, kind, reference));
    match relation.reference {
        Reference::Any => {
            let arn = reference.contains("arn:").then(|| by_arn(build, reference)).flatten();
            arn.filter(fits).or_else(by_id)
        }
        Reference::Arn => by_arn(build, reference).filter(fits),
        Reference::Id => by_id(),
        Reference::Name => by_id().or_else(|| {
            names.0.get(reference)?.iter().copied().find(|at| {
                let other = build.resource(*at);
                fits(at) && other.account == from.account && other.region == from.region
            })
        }),
        Reference::Address => build.by_address.get(&address_key(reference, from)).copied().filter(fits),
    }
}

/// The resource an ARN means, also one with a version, a path or another service's wrapping.
pub(crate) fn by_arn(build: &Build<'_>, text: &str) -> Option<Index> {
    // API Gateway wraps: arn:aws:apigateway:...:path/.../functions/arn:aws:lambda:.../invocations
    let from = text.rfind("arn:")?;
    let arn = text[from..].trim_end_matches("/invocations");
    let mut candidate = arn;
    loop {
        if let Some(at) = build.find(candidate) {
            return Some(at);
        }
        // f:PROD, table/orders/stream/2024, bucket/prefix/*, log-group:*
        let cut = candidate.rfind(['/', ':'])?;
        candidate = &candidate[..cut];
        if candidate.matches(':').count() < 5 {
            return None;
        }
    }
}

/// The texts at a field of a JSON value, be it one or a list.
pub(crate) fn texts<'v>(value: &'v Value, field: &str) -> Vec<&'v str> {
    match &value[field] {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
