//! What a rule found.

use std::fmt;

use isobar_model::Region;
use serde_json::Value;

/// One finding, before overrides, mutes and reports have their say.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// Where; `global` for what belongs to the account.
    pub region: Region,
    /// What it is about: a name, an ARN, a CIDR. None when it is about the account itself.
    pub resource: Option<String>,
    /// One short clause that reads on after "resource: ". Empty when the title says all.
    pub words: String,
    /// Facts for machines and for the report's details.
    pub details: Value,
}

/// `S3_PUBLIC_ACL photos: AllUsers may READ`; resource and words where there are any.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)?;
        if let Some(resource) = &self.resource {
            write!(f, " {resource}")?;
        }
        if !self.words.is_empty() {
            write!(f, ": {}", self.words)?;
        }
        Ok(())
    }
}

/// Where a rule puts what it found.
#[derive(Debug, Default)]
pub struct Findings {
    rule: String,
    region: Option<Region>,
    all: Vec<Finding>,
}

impl Findings {
    /// Whose findings come next.
    pub(crate) fn begin(&mut self, rule: &str, region: &Region) {
        self.rule = rule.to_owned();
        self.region = Some(region.clone());
    }

    /// Adds a finding about a resource.
    pub fn add(&mut self, resource: impl Into<String>, words: impl Into<String>) {
        self.add_with(Some(resource.into()), words.into(), Value::Null);
    }

    /// Adds a finding about the account itself.
    pub fn add_account(&mut self, words: impl Into<String>) {
        self.add_with(None, words.into(), Value::Null);
    }

    /// Adds a finding with facts.
    pub fn add_with(&mut self, resource: Option<String>, words: String, details: Value) {
        let region = self.region.clone().unwrap_or_else(Region::global);
        self.all.push(Finding { rule: self.rule.clone(), region, resource, words, details });
    }

    /// All of them, in the order of finding.
    pub fn into_vec(self) -> Vec<Finding> {
        self.all
    }

    /// Forgets all after the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.all.truncate(len);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
