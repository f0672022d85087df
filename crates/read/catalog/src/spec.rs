//! What a service file can say.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Everything isobar knows of AWS services.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Sorted by name.
    pub services: Vec<Service>,
}

/// Where a service is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// In each region.
    Regional,
    /// Once, in the partition's home region.
    Global,
}

/// One service file.
#[derive(Debug, Clone)]
pub struct Service {
    /// The name of the models and of the AWS CLI: `sqs`, `elbv2`.
    pub service: String,
    /// AWS's words: `Simple Queue Service`.
    pub title: String,
    /// Where it is asked.
    pub scope: Scope,
    /// The calls, in an order in which each `from` comes first.
    pub calls: Vec<CallSpec>,
}

/// One call of a service file.
#[derive(Debug, Clone)]
pub struct CallSpec {
    /// AWS's spelling: `DescribeInstances`.
    pub operation: String,
    /// One call per item of another call's answers; a plain call where none.
    pub each: Option<Each>,
    /// Fixed parameters.
    pub with: Map<String, Value>,
    /// Error codes that mean "there is no such thing" and no gap.
    pub absent: Vec<String>,
}

/// One call per item (or per batch of items) of another call's answers.
#[derive(Debug, Clone)]
pub struct Each {
    /// The operation whose answers are walked; `service:Operation` for another service's.
    pub from: String,
    /// JMESPath to the items, strings or objects.
    pub at: String,
    /// The parameter that takes an item (or a list of them).
    pub parameter: String,
    /// When set, the parameter is a list that takes up to so many items.
    pub batch: Option<usize>,
    /// Parameters of the earlier call that this one repeats (`cluster` of ListServices).
    pub carry: Vec<String>,
}
