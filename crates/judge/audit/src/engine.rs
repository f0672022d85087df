//! Runs rules over an account, region by region. One failing rule never hides another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::json;

use crate::account::Shared;
use crate::document::{self, Document};
use crate::{AccountView, Finding, Findings, Gap, Rule};

/// The id under which a rule's own failure is reported, CloudMapper's word for it.
pub const EXCEPTION: &str = "EXCEPTION";

/// What is said of [`EXCEPTION`], which is no rule but the engine's own.
pub static EXCEPTION_DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| document::read(include_str!("exception.md")).expect("a test reads it"));

/// How to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Decide as CloudMapper 2.10 did where the mended answer differs.
    pub strict_compat: bool,
}

/// What was found, and what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audit {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Resources that a rule could not judge, and why.
    pub gaps: Vec<Gap>,
}

/// All findings of `rules` in an account: first those of the account, then region by region in the
/// order of the manifest; within a region in the order of the rules, then of the data.
pub fn audit(recording: &Recording, rules: &[&Rule]) -> Vec<Finding> {
    examine(recording, rules, Options::default()).findings
}

/// The same with the gaps, and with a say in how to look.
pub fn examine(recording: &Recording, rules: &[&Rule], options: Options) -> Audit {
    let shared = Shared::new(recording, options.strict_compat);
    let global = Region::global();
    let regions = recording.manifest().regions.iter().filter(|r| !r.is_global());
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| rule.document().order);
    let mut findings = Findings::default();
    for region in std::iter::once(&global).chain(regions) {
        let account = AccountView::new(&shared, region.clone());
        for rule in rules.iter().filter(|r| r.document().is_once() == region.is_global()) {
            findings.begin(rule.id(), region);
            let before = findings.mark();
            let run = catch_unwind(AssertUnwindSafe(|| rule.check(&account, &mut findings)));
            if run.is_err() {
                findings.return_to(before);
                findings.begin(EXCEPTION, region);
                let words = format!("the check {} failed on this account's data", rule.id());
                findings.add_with(None, words, json!({"rule": rule.id()}));
            }
        }
    }
    findings.into_audit()
}

#[cfg(test)]
mod tests {
    use isobar_model::{Partition, Timestamp};

    use super::*;

    const TEXT: &str = "---\nid: ID\norder: 1\nseverity: low\ngroup: X\nscope: global\n---\n# T\n\nWhat.\n";

    #[test]
    fn one_failing_rule_never_hides_another() {
        static BAD: LazyLock<String> = LazyLock::new(|| TEXT.replace("ID", "BAD"));
        static GOOD: LazyLock<String> =
            LazyLock::new(|| TEXT.replace("ID", "GOOD").replace("order: 1", "order: 2"));
        let bad = Rule::new(&BAD, |_, findings| {
            findings.add("half", "");
            findings.add_gap("half", "");
            panic!("a check fails, as this test wants it to");
        });
        let good = Rule::new(&GOOD, |_, findings| findings.add("whole", ""));
        let now = Timestamp::from_millis(0).unwrap();
        let recording = Recording::new(uuid_of_nothing(), Partition::Aws, now);
        let found = examine(&recording, &[&good, &bad], Options::default());
        let lines: Vec<String> = found.findings.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["EXCEPTION: the check BAD failed on this account's data", "GOOD whole"]);
        assert!(found.gaps.is_empty());
        assert_eq!((EXCEPTION_DOCUMENT.id.as_str(), EXCEPTION_DOCUMENT.group.as_str()), (EXCEPTION, "ERROR"));
    }

    fn uuid_of_nothing() -> uuid::Uuid {
        uuid::Uuid::nil()
    }
}
