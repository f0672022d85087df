//! What a rule found.

use std::fmt;

use isobar_model::Region;
use serde_json::Value;

use crate::Audit;

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

/// Something that a rule could not judge because an answer is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The rule's id.
    pub rule: String,
    /// Where; `global` for what belongs to the account.
    pub region: Region,
    /// What could not be judged.
    pub resource: Option<String>,
    /// Why, in one short clause.
    pub words: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, &self.rule, self.resource.as_deref(), &self.words)
    }
}

/// `S3_PUBLIC_ACL photos: AllUsers may READ`; resource and words where there are any.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, &self.rule, self.resource.as_deref(), &self.words)
    }
}

fn line(f: &mut fmt::Formatter<'_>, rule: &str, resource: Option<&str>, words: &str) -> fmt::Result {
    f.write_str(rule)?;
    if let Some(resource) = resource {
        write!(f, " {resource}")?;
    }
    if !words.is_empty() {
        write!(f, ": {words}")?;
    }
    Ok(())
}

/// Where a rule puts what it found.
#[derive(Debug, Default)]
pub struct Findings {
    rule: String,
    region: Option<Region>,
    all: Vec<Finding>,
    gaps: Vec<Gap>,
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

    /// Notes that a resource could not be judged: no finding, and no silence either.
    pub fn add_gap(&mut self, resource: impl Into<String>, words: impl Into<String>) {
        self.gap(Some(resource.into()), words.into());
    }

    /// Notes that the account itself could not be judged.
    pub fn add_account_gap(&mut self, words: impl Into<String>) {
        self.gap(None, words.into());
    }

    fn gap(&mut self, resource: Option<String>, words: String) {
        let region = self.region.clone().unwrap_or_else(Region::global);
        self.gaps.push(Gap { rule: self.rule.clone(), region, resource, words });
    }

    /// All of them, in the order of finding.
    pub(crate) fn into_audit(self) -> Audit {
        Audit { findings: self.all, gaps: self.gaps }
    }

    /// How many there are of each.
    pub(crate) fn mark(&self) -> (usize, usize) {
        (self.all.len(), self.gaps.len())
    }

    /// Forgets all after a mark.
    pub(crate) fn return_to(&mut self, (findings, gaps): (usize, usize)) {
        self.all.truncate(findings);
        self.gaps.truncate(gaps);
    }
}
