//! Resources out of answers: each item that a specification finds becomes a draft.
//!
//! In: one recording and the catalog. Out: drafts without container and relations, which `place`
//! and `relate` add once all are known.

use std::borrow::Cow;
use std::collections::BTreeSet;

use isobar_catalog::path::text_of;
use isobar_catalog::spec::{Choice, Drawn, Field, Shape};
use isobar_catalog::{Catalog, Context, ResourceSpec, Scope, Service};
use isobar_model::{Arn, AwsAccountId, Partition, Region, ResourceId, Tags};
use isobar_recording::{Call, Recording};
use serde_json::{Map, Value};

use super::join::Joined;
use super::{AccountName, Build};
use crate::fields::{Fields, Parts};
use crate::graph::{Note, Resource};
use crate::kind::{ContainerKind, Family};

/// Reads all resources of a recording.
pub(super) fn read<'a>(build: &mut Build<'a>, catalog: &'a Catalog, recording: &Recording) {
    let manifest = recording.manifest();
    let account = AccountName { name: manifest.account_name.clone(), partition: manifest.partition };
    build.accounts.entry(manifest.aws_account.clone()).or_insert(account);
    let asked: BTreeSet<&Region> = manifest.entries.iter().map(|entry| &entry.call.region).collect();
    for service in &catalog.services {
        for spec in &service.resources {
            for region in &asked {
                read_type(build, service, spec, recording, region);
            }
        }
    }
}

fn read_type<'a>(
    build: &mut Build<'a>,
    service: &'a Service,
    spec: &'a ResourceSpec,
    recording: &Recording,
    asked: &Region,
) {
    let mut answers = recording.shared(&service.service, &spec.from, asked).peekable();
    if answers.peek().is_none() {
        return;
    }
    let joined = Joined::read(&service.service, spec, recording, asked);
    let scene = Reading {
        spec,
        partition: recording.manifest().partition,
        account: recording.aws_account(),
        home: if service.scope == Scope::Global || spec.place.global {
            Region::global()
        } else {
            asked.clone()
        },
    };
    let mut nameless = 0usize;
    for (call, answer) in answers {
        let mut parts = Parts::of(answer);
        let as_it_is = joined.is_empty() && spec.decode.is_empty();
        for item in spec.at.items(answer) {
            let shared = match &item {
                Cow::Borrowed(item) if as_it_is && is_whole(item, call) => parts.find(item),
                _ => None,
            };
            let fields = shared.unwrap_or_else(|| {
                let mut fields = fields_of(item.into_owned(), call);
                joined.add(&mut fields, scene.context(""));
                for path in &spec.decode {
                    decode(&mut fields, path);
                }
                fields.into()
            });
            if spec.only.as_ref().is_some_and(|only| !only.holds(&fields)) {
                continue;
            }
            match scene.resource(build, fields) {
                Some(resource) if build.by_id.contains_key(&resource.id) => {}
                Some(resource) => {
                    let at = build.push(resource, Some(spec));
                    let addresses = scene.addresses(build.resource(at));
                    for address in addresses {
                        build.by_address.entry(address).or_insert(at);
                    }
                }
                None => nameless += 1,
            }
        }
    }
    if nameless > 0 {
        build.notes.push(Note {
            region: Some(asked.clone()),
            service: Some(service.service.clone()),
            text: format!(
                "{}:{} in {asked}: {nameless} of its items could not be identified and were left out.",
                service.service, spec.from
            ),
        });
    }
}

struct Reading<'a, 'r> {
    spec: &'a ResourceSpec,
    partition: Partition,
    account: Option<&'r AwsAccountId>,
    home: Region,
}

impl<'r> Reading<'_, 'r> {
    fn context<'c>(&'c self, arn: &'c str) -> Context<'c> {
        Context {
            partition: self.partition.as_str(),
            region: if self.home.is_global() { "" } else { self.home.as_str() },
            account: self.account.map_or("", AwsAccountId::as_str),
            arn,
        }
    }

    fn resource(&self, build: &mut Build<'_>, fields: Fields) -> Option<Resource> {
        let spec = self.spec;
        let arn = clean(&spec.arn.fill(&fields, self.context(""))?)?;
        let context = self.context(&arn);
        let parsed = Arn::parse(&arn).ok();
        let owner = parsed.as_ref().and_then(|arn| AwsAccountId::parse(arn.account()).ok());
        let region = spec.region.fill(&fields, context).and_then(|text| region_of(&text));
        let in_arn = parsed.as_ref().and_then(|arn| Region::parse(arn.region()).ok());
        let region =
            region.or(if spec.place.global { None } else { in_arn }).unwrap_or_else(|| self.home.clone());
        let native_id = spec
            .id
            .fill(&fields, context)
            .or_else(|| parsed.as_ref().map(|arn| arn.last_part().to_owned()))
            .unwrap_or_else(|| arn.clone());
        let tags = spec.tags.as_ref().map(|path| tags_of(&path.find(&fields).into_cow())).unwrap_or_default();
        let name = tags
            .get("Name")
            .filter(|name| !name.trim().is_empty())
            .map(str::to_owned)
            .or_else(|| spec.name.fill(&fields, context))
            .unwrap_or_else(|| native_id.clone());
        let icon = choose(&spec.icon, &fields, context);
        let told = |field: &Field| Some((field.name, blueprint_value(field, &fields, context)?));
        let mut blueprint: Vec<_> = spec.blueprint.iter().filter_map(told).collect();
        blueprint.shrink_to_fit();
        Some(Resource {
            kind: build.word(&spec.kind),
            component: build.word(&spec.component),
            drawn: match &spec.drawn {
                Drawn::Fixed(drawn) => *drawn,
                Drawn::When(path) => path.holds(&fields),
            },
            icon: build.word(icon),
            family: Family::parse(&spec.family).unwrap_or(Family::Neutral),
            account: owner.or_else(|| self.account.cloned()),
            region,
            name,
            detail: spec.detail.line(&fields, context),
            state: spec.state.line(&fields, context),
            tags,
            parent: None,
            container: spec.container.as_deref().and_then(ContainerKind::parse),
            tier: None,
            spans: Vec::new(),
            on_border: false,
            blueprint,
            native_id,
            id: ResourceId::new(arn),
            attributes: fields,
        })
    }

    // Private addresses mean something within an account's region only.
    fn addresses(&self, resource: &Resource) -> Vec<String> {
        let mut keys = Vec::new();
        for text in &self.spec.addresses {
            let Some(address) = text.fill(&resource.attributes, self.context(resource.id.as_str())) else {
                continue;
            };
            keys.push(address_key(&address, resource));
        }
        keys
    }
}

/// The key under which an address is known to those near `resource`.
pub(super) fn address_key(address: &str, near: &Resource) -> String {
    let address = isobar_catalog::text::host(address);
    let private = address.parse::<std::net::IpAddr>().is_ok_and(|ip| match ip {
        std::net::IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        std::net::IpAddr::V6(ip) => ip.is_unique_local(),
    });
    let account = near.account.as_ref().map_or("", AwsAccountId::as_str);
    if private { format!("{account}/{}/{address}", near.region) } else { address }
}

// Whether the call that brought an item tells no more than it does itself.
fn is_whole(item: &Value, call: &Call) -> bool {
    let told = |(name, value): (&String, &Value)| text_of(value).is_none() || item.get(name).is_some();
    item.is_object() && call.parameters.iter().all(told)
}

// The item, with the scalar parameters of the call that brought it.
fn fields_of(item: Value, call: &Call) -> Value {
    let mut fields = match item {
        Value::Object(map) => map,
        other => Map::from_iter([("Value".to_owned(), other)]),
    };
    for (name, value) in &call.parameters {
        if text_of(value).is_some() && !fields.contains_key(name) {
            fields.insert(name.clone(), value.clone());
        }
    }
    Value::Object(fields)
}

// Replaces a text of JSON at `path` (fields and `[]`) by the JSON; leaves anything else alone.
fn decode(value: &mut Value, path: &str) {
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    let (name, list) = match head.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (head, false),
    };
    let Some(found) = value.get_mut(name) else { return };
    let targets: Vec<&mut Value> = match found {
        Value::Array(items) if list => items.iter_mut().collect(),
        other => vec![other],
    };
    for target in targets {
        match (rest, &*target) {
            (Some(rest), _) => decode(target, rest),
            (None, Value::String(text)) if text.trim_start().starts_with(['{', '[']) => {
                if let Ok(inner) = serde_json::from_str(text) {
                    *target = inner;
                }
            }
            (None, _) => {}
        }
    }
}

/// Tags from any of the forms AWS prints them in.
pub(super) fn tags_of(value: &Value) -> Tags {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| {
                let of = |names: [&str; 3]| names.into_iter().find_map(|name| item.get(name));
                let key = of(["Key", "key", "TagKey"])?.as_str()?;
                let value = of(["Value", "value", "TagValue"]).map(plain).unwrap_or_default();
                Some((key.to_owned(), value))
            })
            .collect(),
        _ => Tags::default(),
    }
}

fn plain(value: &Value) -> String {
    text_of(value).unwrap_or_default()
}

// ARNs come from AWS, but also from importers: no control characters, no absurd length.
fn clean(arn: &str) -> Option<String> {
    let fine = arn.len() <= 2048 && !arn.chars().any(char::is_control);
    fine.then(|| arn.to_owned())
}

// S3 still says EU for eu-west-1.
fn region_of(text: &str) -> Option<Region> {
    Region::parse(if text == "EU" { "eu-west-1" } else { text }).ok()
}

fn choose<'s>(choice: &'s Choice, fields: &Value, context: Context<'_>) -> &'s str {
    let value = choice.at.as_ref().and_then(|at| at.fill(fields, context));
    value.and_then(|value| mapped(&choice.map, &value)).unwrap_or(&choice.default)
}

fn mapped<'s>(map: &'s [(String, String)], value: &str) -> Option<&'s str> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => value.starts_with(prefix),
        None => value == pattern,
    };
    map.iter().find(|(pattern, _)| fits(pattern)).map(|(_, word)| word.as_str())
}

fn blueprint_value(field: &Field, fields: &Value, context: Context<'_>) -> Option<Value> {
    let text = field.at.fill(fields, context);
    let text = match text {
        Some(text) if !field.map.is_empty() => mapped(&field.map, &text).map(str::to_owned),
        other => other,
    };
    text.and_then(|text| shaped(field.shape, text)).or_else(|| field.default.clone())
}

fn shaped(shape: Shape, text: String) -> Option<Value> {
    match shape {
        Shape::Text => Some(Value::String(text)),
        Shape::Bool => text.parse().ok().map(Value::Bool),
        Shape::Gigabytes => text.parse::<f64>().ok().map(|mebibytes| Value::from(mebibytes / 1024.0)),
        Shape::Number => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<f64>().map(Value::from))
            .ok()
            .filter(Value::is_number),
    }
}
