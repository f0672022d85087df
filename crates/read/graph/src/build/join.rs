//! What further calls tell of the same item.
//!
//! In: a specification's joins and one region's answers. Out: a table per join, from which each
//! item takes its part. Read once per type and region, however many items there are.

use std::borrow::Cow;
use std::collections::HashMap;

use isobar_catalog::path::text_of;
use isobar_catalog::spec::{By, Join};
use isobar_catalog::{Context, ResourceSpec};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::Value;

/// What a join's answers tell, by the key that names the item meant.
type Table<'a> = HashMap<String, Vec<Cow<'a, Value>>>;

/// The tables of one specification's joins.
pub(super) struct Joined<'a> {
    tables: Vec<(&'a Join, Table<'a>)>,
}

impl<'a> Joined<'a> {
    /// Reads the tables.
    pub(super) fn read(service: &str, spec: &'a ResourceSpec, from: &'a Recording, region: &Region) -> Self {
        let tables = spec.joins.iter().map(|join| (join, table(service, join, from, region))).collect();
        Self { tables }
    }

    /// Whether there is nothing to add.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.iter().all(|(_, table)| table.is_empty())
    }

    /// Adds to the fields of an item what the tables know of it.
    pub(super) fn add(&self, fields: &mut Value, context: Context<'_>) {
        for (join, table) in &self.tables {
            let key = match &join.by {
                By::Nothing => Some(String::new()),
                _ => join.key.fill(fields, context),
            };
            let Some(found) = key.and_then(|key| table.get(&key)) else { continue };
            let value = match join.many {
                true => Value::Array(found.iter().map(|value| value.clone().into_owned()).collect()),
                false => found[0].clone().into_owned(),
            };
            if let Value::Object(map) = fields {
                map.insert(join.field.clone(), value);
            }
        }
    }
}

fn table<'a>(service: &str, join: &'a Join, from: &'a Recording, region: &Region) -> Table<'a> {
    let mut table: Table<'a> = HashMap::new();
    let mut add = |key: String, value: Cow<'a, Value>| {
        let value = match (&join.take, value) {
            (None, value) => value,
            (Some(path), Cow::Borrowed(value)) => path.find(value).into_cow(),
            (Some(path), Cow::Owned(value)) => Cow::Owned(path.find(&value).into_value()),
        };
        if !value.is_null() {
            table.entry(key).or_default().push(value);
        }
    };
    for (call, answer) in from.responses(service, &join.call, region) {
        match &join.by {
            By::Item(path) => {
                for item in join.at.items(answer) {
                    if let Some(key) = path.text(&item) {
                        add(key, item);
                    }
                }
            }
            By::Parameter(name) => {
                if let Some(key) = call.parameters.get(name).and_then(text_of) {
                    add(key, join.at.find(answer).into_cow());
                }
            }
            By::Nothing => add(String::new(), join.at.find(answer).into_cow()),
        }
    }
    table
}
