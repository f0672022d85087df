//! Whether a resource matches: words, keys, tags, and the containers around it.

use std::net::IpAddr;

use isobar_model::Arn;
use serde_json::Value;

use super::{Expression, Filter};
use crate::graph::{Graph, Index, Resource};
use crate::kind::{ContainerKind, RelationKind};
use crate::view::around;

impl Filter {
    /// Whether the resource at a position matches.
    pub fn matches(&self, graph: &Graph, at: Index) -> bool {
        let subject = Subject { graph, at, resource: graph.get(at) };
        self.expression.as_ref().is_none_or(|expression| holds(expression, &subject))
    }
}

struct Subject<'g> {
    graph: &'g Graph,
    at: Index,
    resource: &'g Resource,
}

fn holds(expression: &Expression, subject: &Subject<'_>) -> bool {
    match expression {
        Expression::And(parts) => parts.iter().all(|part| holds(part, subject)),
        Expression::Or(parts) => parts.iter().any(|part| holds(part, subject)),
        Expression::Not(part) => !holds(part, subject),
        Expression::Word(word) => subject.has_word(word),
        Expression::Pair { key, value } => subject.has_pair(key, value.as_deref()),
    }
}

/// `needle` is in lower case already.
fn has(text: &str, needle: &str) -> bool {
    text.to_lowercase().contains(needle)
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

impl Subject<'_> {
    /// A bare word: part of the name, id, type, state, of a tag's key, of an address; an ARN when it
    /// begins like one; the whole id of something around.
    fn has_word(&self, word: &str) -> bool {
        let r = self.resource;
        // The part of an ARN before the resource is the same for a whole service and account:
        // `ec2` must not find every volume and VPC.
        let arn = if word.starts_with("arn:") {
            has(r.id.as_str(), word)
        } else {
            Arn::parse(r.id.as_str()).is_ok_and(|arn| has(arn.resource(), word))
        };
        arn || has(&r.name, word)
            || has(&r.native_id, word)
            || has(&r.component, word)
            || same(&r.kind, word)
            || r.state.as_deref().is_some_and(|state| has(state, word))
            || r.tags.iter().any(|(key, _)| has(key, word))
            || (looks_like_address(word) && has_address(&r.attributes, word))
            || self.containers().any(|c| same(&c.native_id, word))
            || self.security_groups().any(|group| same(&group.native_id, word))
    }

    /// `key=value` of an attribute or a tag; a tag wins nothing over an attribute, either will do.
    fn has_pair(&self, key: &str, value: Option<&str>) -> bool {
        let wanted = |text: &str| value.is_none_or(|value| same(text, value));
        let in_tags =
            |key: &str| self.resource.tags.iter().any(|(k, v)| k.to_lowercase() == key && wanted(v));
        match key.strip_prefix("tag:") {
            Some(key) if in_tags(key) => true,
            _ => in_tags(key) || self.has_attribute(key, &wanted),
        }
    }

    fn has_attribute(&self, key: &str, wanted: &dyn Fn(&str) -> bool) -> bool {
        let r = self.resource;
        let either = |c: &Resource| wanted(&c.native_id) || wanted(&c.name);
        let inside = |kind| self.containers().any(|c| c.container == Some(kind) && either(c));
        match key {
            "type" => wanted(&r.component) || wanted(&r.kind),
            "name" => wanted(&r.name),
            "id" => wanted(&r.native_id) || wanted(r.id.as_str()) || wanted(&r.id.uuid().to_string()),
            "arn" => wanted(r.id.as_str()),
            "state" | "status" => r.state.as_deref().is_some_and(wanted) || self.plain_attribute(key, wanted),
            "region" => wanted(r.region.as_str()),
            "account" => r.account.as_ref().is_some_and(|a| wanted(a.as_str())),
            "vpc" | "vpcid" => inside(ContainerKind::Vpc),
            "subnet" | "subnetid" => inside(ContainerKind::Subnet),
            "az" | "zone" | "availabilityzone" => {
                inside(ContainerKind::Zone) || self.plain_attribute("availabilityzone", wanted)
            }
            "sg" | "securitygroup" => self.security_groups().any(either),
            "service" if r.kind.split(':').next().is_some_and(wanted) => true,
            "family" if wanted(r.family.as_str()) => true,
            "tier" => self.subnets().filter_map(|s| s.tier).any(|tier| wanted(tier.as_str())),
            "platform" => self.plain_attribute(key, wanted) || self.is_plain_linux(wanted),
            "ip" => self.addresses(wanted),
            _ => self.plain_attribute(key, wanted),
        }
    }

    /// What the blueprint or AWS calls so, at the top level; numbers and booleans by their text.
    fn plain_attribute(&self, key: &str, wanted: &dyn Fn(&str) -> bool) -> bool {
        let fits = |value: &Value| match value {
            Value::String(text) => wanted(text),
            Value::Number(number) => wanted(&number.to_string()),
            Value::Bool(yes) => wanted(if *yes { "true" } else { "false" }),
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        };
        let in_blueprint = self.resource.blueprint.iter().any(|(k, v)| k.to_lowercase() == key && fits(v));
        in_blueprint
            || self
                .resource
                .attributes
                .as_object()
                .is_some_and(|attributes| attributes.iter().any(|(k, v)| k.to_lowercase() == key && fits(v)))
    }

    /// AWS names the platform of Windows instances only.
    fn is_plain_linux(&self, wanted: &dyn Fn(&str) -> bool) -> bool {
        self.resource.kind.as_ref() == "ec2:instance"
            && !self.plain_attribute("platform", &|_| true)
            && wanted("linux")
    }

    fn addresses(&self, wanted: &dyn Fn(&str) -> bool) -> bool {
        let mut found = false;
        visit_addresses(&self.resource.attributes, 0, &mut |text| found |= wanted(text));
        found
    }

    /// The containers around, with all subnets it spans.
    fn containers(&self) -> impl Iterator<Item = &Resource> {
        let spanned = self.resource.spans.iter().copied();
        around(self.graph, self.at)
            .chain(spanned.clone())
            .chain(spanned.flat_map(|subnet| around(self.graph, subnet)))
            .map(|at| self.graph.get(at))
    }

    fn subnets(&self) -> impl Iterator<Item = &Resource> {
        std::iter::once(self.resource)
            .chain(self.containers())
            .filter(|r| r.container == Some(ContainerKind::Subnet))
    }

    /// The groups it wears; relations are sorted by kind and then by where they start.
    fn security_groups(&self) -> impl Iterator<Item = &Resource> {
        let relations = self.graph.relations();
        let key = (RelationKind::GuardedBy, self.at);
        let first = relations.partition_point(|r| (r.kind, r.from) < key);
        relations[first..].iter().take_while(move |r| (r.kind, r.from) == key).map(|r| self.graph.get(r.to))
    }
}

fn looks_like_address(word: &str) -> bool {
    word.len() >= 3
        && word.contains(['.', ':'])
        && word.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'/'))
}

fn has_address(attributes: &Value, word: &str) -> bool {
    let mut found = false;
    visit_addresses(attributes, 0, &mut |text| found |= has(text, word));
    found
}

/// Every text in the attributes that is an address or a network.
fn visit_addresses(value: &Value, depth: usize, see: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => {
            let address = text.split('/').next().unwrap_or(text);
            if text.len() <= 49 && address.parse::<IpAddr>().is_ok() {
                see(text);
            }
        }
        Value::Array(items) if depth < 16 => items.iter().for_each(|v| visit_addresses(v, depth + 1, see)),
        Value::Object(map) if depth < 16 => map.values().for_each(|v| visit_addresses(v, depth + 1, see)),
        _ => {}
    }
}
