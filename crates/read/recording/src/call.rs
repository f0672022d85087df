//! One AWS operation with its parameters, in one region.

use isobar_model::Region;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One AWS operation with parameters. Two calls are the same when their [`Call::key`] is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The service as the models name it: `ec2`, `elbv2`, `lambda`.
    pub service: String,
    /// The operation in AWS's spelling: `DescribeInstances`.
    pub operation: String,
    /// Where it was asked; `global` for global services.
    pub region: Region,
    /// The parameters as the AWS API names them. Pages are not calls of their own.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Value>,
}

impl Call {
    /// A call without parameters.
    pub fn new(service: impl Into<String>, operation: impl Into<String>, region: Region) -> Self {
        Self { service: service.into(), operation: operation.into(), region, parameters: Map::new() }
    }

    /// The same with one more parameter.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// A text that is equal exactly for equal calls, and sorts calls for stable output.
    pub fn key(&self) -> String {
        let mut names: Vec<&String> = self.parameters.keys().collect();
        names.sort();
        let mut key = format!("{}/{}/{}", self.region, self.service, self.operation);
        for name in names {
            key.push_str(&format!("?{name}={}", self.parameters[name]));
        }
        key
    }
}
