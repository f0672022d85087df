//! What is said of each kind of finding, and what a user wants said instead.
//!
//! In: the rules' documents and `config/audit_config_override.yaml`. Out: title, description,
//! severity and group per finding id, and whether a finding is shown. What is wrong in the file is
//! told and left out; it never stops an audit.

use std::collections::BTreeMap;

use isobar_audit::{EXCEPTION_DOCUMENT, Finding, Severity, rules};
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::{Context, Error};

/// Where the user's wishes stand, below the workplace.
const FILE: &str = "config/audit_config_override.yaml";
/// Larger files are no override files.
const LARGEST: u64 = 4 << 20;

/// What is wrong in the text of an override file, clause by clause; empty where all of it counts.
pub fn override_problems(text: &str) -> Vec<String> {
    AuditConfig::with_override(text).1
}

/// One kind of finding.
#[derive(Debug, Clone)]
pub(crate) struct FindingType {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) severity: Severity,
    pub(crate) group: String,
    pub(crate) is_global: bool,
    ignored: Vec<Regex>,
}

impl Default for FindingType {
    /// What CloudMapper says of a finding that it does not know.
    fn default() -> Self {
        Self {
            title: "Unknown".to_owned(),
            description: "Unknown".to_owned(),
            severity: Severity::High,
            group: "Unknown".to_owned(),
            is_global: false,
            ignored: Vec::new(),
        }
    }
}

impl FindingType {
    /// The metadata as CloudMapper's JSON has it.
    pub(crate) fn to_json(&self) -> Value {
        let mut json = json!({
            "title": self.title,
            "description": self.description,
            "severity": self.severity.as_str(),
            "group": self.group,
        });
        if self.is_global {
            json["is_global"] = json!(true);
        }
        json
    }
}

/// All kinds of findings.
#[derive(Debug, Clone)]
pub(crate) struct AuditConfig {
    types: BTreeMap<String, FindingType>,
    unknown: FindingType,
}

impl AuditConfig {
    /// Reads the documents and the override file, if there is one; what is wrong with it is noted
    /// on stderr.
    pub(crate) fn read(context: &mut Context) -> Result<Self, Error> {
        let path = context.place.path(FILE)?;
        let text = match std::fs::metadata(&path) {
            Err(_) => return Ok(Self::of_documents()),
            Ok(about) if about.len() > LARGEST => {
                context.output.note(format!("WARNING: {FILE} is too large and is left out"));
                return Ok(Self::of_documents());
            }
            Ok(_) => std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })?,
        };
        let (config, notes) = Self::with_override(&text);
        for note in notes {
            context.output.note(format!("WARNING: {FILE}: {}", crate::answers::printable(&note)));
        }
        Ok(config)
    }

    fn of_documents() -> Self {
        let documents = rules::ALL.iter().map(|rule| rule.document()).chain([&*EXCEPTION_DOCUMENT]);
        let types = documents.map(|document| {
            let about = FindingType {
                title: document.title.clone(),
                description: unwrapped(&document.description),
                severity: document.severity,
                group: document.group.clone(),
                is_global: document.is_global(),
                ignored: Vec::new(),
            };
            (document.id.clone(), about)
        });
        Self { types: types.collect(), unknown: FindingType::default() }
    }

    /// The documents with an override file's text laid over them, and what is wrong in it.
    pub(crate) fn with_override(text: &str) -> (Self, Vec<String>) {
        let mut config = Self::of_documents();
        let mut notes = Vec::new();
        let wishes: Value = match serde_saphyr::from_str(text) {
            Ok(wishes) => wishes,
            Err(error) => {
                let words = error.to_string();
                let first = words.lines().next().unwrap_or_default().to_owned();
                return (config, vec![format!("it is no YAML and is left out: {first}")]);
            }
        };
        let empty = Map::new();
        let map = match &wishes {
            Value::Object(map) => map,
            Value::Null => &empty,
            _ => {
                return (config, vec!["it is no map of finding ids and is left out".to_owned()]);
            }
        };
        for (id, wish) in map {
            if !config.types.contains_key(id) {
                notes.push(format!("no check reports {id}"));
            }
            let about = config.types.entry(id.clone()).or_default();
            match wish.as_object() {
                Some(wish) => lay_over(about, id, wish, &mut notes),
                None => notes.push(format!("{id} holds no map")),
            }
        }
        (config, notes)
    }

    /// What is said of a finding.
    pub(crate) fn of(&self, id: &str) -> &FindingType {
        self.types.get(id).unwrap_or(&self.unknown)
    }

    /// Whether a finding is shown: severe enough, and its resource not ignored.
    pub(crate) fn shows(&self, finding: &Finding, minimum: Severity) -> bool {
        let about = self.of(&finding.rule);
        let resource = finding.resource.as_deref().unwrap_or_default();
        about.severity >= minimum && !about.ignored.iter().any(|pattern| pattern.is_match(resource))
    }
}

fn lay_over(about: &mut FindingType, id: &str, wish: &Map<String, Value>, notes: &mut Vec<String>) {
    for (key, value) in wish {
        match (key.as_str(), value) {
            ("title", Value::String(text)) => about.title = text.clone(),
            ("description", Value::String(text)) => about.description = text.clone(),
            ("group", Value::String(text)) => about.group = text.clone(),
            ("is_global", Value::Bool(yes)) => about.is_global = *yes,
            ("severity", Value::String(word)) => match severity(word) {
                Some(severity) => about.severity = severity,
                None => notes.push(format!("{id}: `{word}` is no severity")),
            },
            ("ignore_resources", value) => {
                let patterns = match value {
                    Value::Array(patterns) => patterns.as_slice(),
                    Value::Null => &[],
                    single => std::slice::from_ref(single),
                };
                for pattern in patterns {
                    let text = match pattern {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    match Regex::new(&format!("^(?:{text})$")) {
                        Ok(pattern) => about.ignored.push(pattern),
                        Err(_) => notes.push(format!("{id}: `{text}` is no pattern and ignores nothing")),
                    }
                }
            }
            _ => notes.push(format!("{id}: `{key}` is unknown or of the wrong kind")),
        }
    }
}

/// CloudMapper's words; its comments also know Verbose and Ignore, which made it stop.
fn severity(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "verbose" | "ignore" => Some(Severity::Mute),
        _ => Severity::parse(word).ok(),
    }
}

/// Paragraphs, each on one line.
fn unwrapped(text: &str) -> String {
    let paragraphs: Vec<String> =
        text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests {
    use isobar_model::Region;

    use super::*;

    fn finding(rule: &str, resource: Option<&str>) -> Finding {
        Finding {
            rule: rule.to_owned(),
            region: Region::global(),
            resource: resource.map(str::to_owned),
            words: String::new(),
            details: Value::Null,
        }
    }

    #[test]
    fn wishes_are_laid_over() {
        let (config, notes) = AuditConfig::with_override(
            "S3_PUBLIC_ACL:\n  title: Mine\n  severity: Info\n  ignore_resources:\n    - 'www-.*'\n    - a|b\n\
             KMS_PUBLIC:\n  severity: Ignore\nMY_OWN:\n  description: x\n",
        );
        assert_eq!(notes, ["no check reports MY_OWN"]);
        let acl = config.of("S3_PUBLIC_ACL");
        assert_eq!((acl.title.as_str(), acl.severity, acl.group.as_str()), ("Mine", Severity::Info, "S3"));
        assert_eq!(config.of("MY_OWN").to_json()["severity"], "High");
        assert_eq!(config.of("NEVER_HEARD").title, "Unknown");
        for (rule, resource, minimum, shown) in [
            ("S3_PUBLIC_ACL", Some("photos"), Severity::Info, true),
            ("S3_PUBLIC_ACL", Some("photos"), Severity::Low, false),
            ("S3_PUBLIC_ACL", Some("www-1"), Severity::Mute, false),
            ("S3_PUBLIC_ACL", Some("my-www-1"), Severity::Mute, true),
            ("S3_PUBLIC_ACL", Some("b"), Severity::Mute, false),
            ("S3_PUBLIC_ACL", Some("ab"), Severity::Mute, true),
            ("S3_PUBLIC_ACL", None, Severity::Mute, true),
            ("KMS_PUBLIC", Some("k"), Severity::Info, false),
            ("KMS_PUBLIC", Some("k"), Severity::Mute, true),
        ] {
            assert_eq!(
                config.shows(&finding(rule, resource), minimum),
                shown,
                "{rule} {resource:?} {minimum}"
            );
        }
    }

    #[test]
    fn a_bad_file_never_stops_an_audit() {
        for (text, words) in [
            ("", ""),
            ("# only a comment\n", ""),
            ("- a\n- b\n", "no map of finding ids"),
            ("a: [", "no YAML"),
            ("KMS_PUBLIC: 7", "KMS_PUBLIC holds no map"),
            ("KMS_PUBLIC:\n  severity: Awful", "`Awful` is no severity"),
            ("KMS_PUBLIC:\n  ignore_resources: ['(']", "is no pattern"),
            ("KMS_PUBLIC:\n  sevrity: Low", "`sevrity` is unknown"),
            ("a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n", "no"),
        ] {
            let (config, notes) = AuditConfig::with_override(text);
            assert_eq!(config.of("KMS_PUBLIC").severity, Severity::Medium);
            assert!(notes.join("; ").contains(words), "{text}: {notes:?}");
            assert_eq!(notes.is_empty(), words.is_empty(), "{text}: {notes:?}");
        }
    }
}
