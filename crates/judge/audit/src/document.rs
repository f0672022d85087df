//! The `.md` half of a rule: front matter, prose, and cases that are its tests.
//!
//! In: the Markdown text. Out: a [`Document`]. A malformed document is a fault of this crate and
//! is found by its tests, so reading returns words, not an error type.

use crate::Severity;

/// Where a rule looks and where its findings are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Once in each region.
    Regional,
    /// Once for the account; its findings belong to no region.
    Global,
    /// Once for the account, but reported in the partition's home region, as CloudMapper does.
    Home,
}

/// What a rule's Markdown says.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The finding's id, `S3_PUBLIC_ACL`.
    pub id: String,
    /// The rule's own severity.
    pub severity: Severity,
    /// The service group under which reports list it, `S3`.
    pub group: String,
    /// Its place in the order of findings: CloudMapper's order of checks.
    pub order: u32,
    /// Where it looks.
    pub scope: Scope,
    /// Controls of benchmarks it serves, `CIS-5.0 2.1.4`.
    pub maps: Vec<String>,
    /// Titles of AWS pages to read on.
    pub references: Vec<String>,
    /// The heading.
    pub title: String,
    /// What it finds, why it matters, how to mend it.
    pub description: String,
    /// Accounts and what must be found in them.
    pub cases: Vec<Case>,
}

/// An account in a few lines and the findings expected in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// The heading over it.
    pub title: String,
    /// Answers by their path in CloudMapper's tree: `us-east-1/s3-get-bucket-acl/photos`, JSON text.
    pub answers: Vec<(String, String)>,
    /// Expected lines, `ID resource: words`.
    pub findings: Vec<String>,
    /// Expected gaps, `ID resource: words`.
    pub gaps: Vec<String>,
    /// Paths whose call AWS denied.
    pub denied: Vec<String>,
}

impl Document {
    /// Whether it is looked at once for the account, not in each region.
    pub fn is_once(&self) -> bool {
        self.scope != Scope::Regional
    }

    /// Whether its findings belong to no region: CloudMapper's `is_global`.
    pub fn is_global(&self) -> bool {
        self.scope == Scope::Global
    }
}

/// Reads a rule's Markdown.
pub fn read(text: &str) -> Result<Document, String> {
    let rest = text.strip_prefix("---\n").ok_or("no front matter")?;
    let (front, body) = rest.split_once("\n---\n").ok_or("front matter does not end")?;
    let field = |name: &str| {
        front
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(|value| value.trim().to_owned())
    };
    let need = |name: &str| field(name).ok_or(format!("no `{name}:` in the front matter"));
    let list = |name: &str| -> Vec<String> {
        let value = field(name).unwrap_or_default();
        let inner = value.trim_start_matches('[').trim_end_matches(']');
        inner.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
    };
    let (prose, cases) = match body.find("\n## ") {
        Some(at) => (&body[..at], &body[at + 1..]),
        None => (body, ""),
    };
    let (title, description) = prose.trim().split_once('\n').ok_or("no prose under the heading")?;
    Ok(Document {
        id: need("id")?,
        severity: Severity::parse(&need("severity")?).map_err(|e| e.to_string())?,
        group: need("group")?,
        order: need("order")?.parse().map_err(|e| format!("`order:` is no number: {e}"))?,
        scope: match field("scope").as_deref() {
            None => Scope::Regional,
            Some("global") => Scope::Global,
            Some("home") => Scope::Home,
            Some(other) => return Err(format!("`scope: {other}` is neither global nor home")),
        },
        maps: list("maps"),
        references: list("references"),
        title: title.strip_prefix("# ").ok_or("the prose does not begin with a heading")?.to_owned(),
        description: description.trim().to_owned(),
        cases: read_cases(cases)?,
    })
}

fn read_cases(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
        } else if let Some(info) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|l| *l != "```").collect();
            let case = cases.last_mut().ok_or("a block before the first case")?;
            match info.split_once(' ') {
                Some(("json", path)) => case.answers.push((path.to_owned(), block.join("\n"))),
                Some(("denied", path)) => case.denied.push(path.to_owned()),
                None if info == "findings" => {
                    case.findings = block.iter().map(|l| (*l).to_owned()).collect();
                }
                None if info == "gaps" => case.gaps = block.iter().map(|l| (*l).to_owned()).collect(),
                _ => return Err(format!("a block of no known kind: {info}")),
            }
        }
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_front_matter_prose_and_cases() {
        let text = "---\nid: X_Y\nseverity: high\norder: 7\ngroup: S3\nscope: global\nmaps: [A 1, B 2]\n---\n# Open\n\nWhat.\n\nWhy.\n\n\
                    ## Fires\n```json us-east-1/s3-list-buckets.json\n{}\n```\n```findings\nX_Y photos\n```\n## Silent\n```findings\n```\n";
        let document = read(text).unwrap();
        assert_eq!(
            (document.id.as_str(), document.severity, document.is_global()),
            ("X_Y", Severity::High, true)
        );
        assert_eq!(document.maps, ["A 1", "B 2"]);
        assert_eq!(document.description, "What.\n\nWhy.");
        assert_eq!(document.cases.len(), 2);
        assert_eq!(document.cases[0].answers, [("us-east-1/s3-list-buckets.json".into(), "{}".into())]);
        assert_eq!(document.cases[0].findings, ["X_Y photos"]);
        assert!(document.cases[1].findings.is_empty());
    }

    #[test]
    fn says_what_is_missing() {
        for (text, words) in [("# X", "no front matter"), ("---\nid: a\n---\n# T\n\nx", "severity")] {
            assert!(read(text).unwrap_err().contains(words), "{text}");
        }
    }
}
