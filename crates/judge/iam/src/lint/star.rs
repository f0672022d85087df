//! `"Resource": "*"` where a resource could stand, as CloudMapper counts it.
//!
//! In: a policy document. Out: an [`Issue`] for each statement that allows, on everything, an action
//! which works on one thing. Nearly every account is full of such statements, so this is no part of
//! the lint; it is there for those whose scripts count them. Only actions of the lint's tables count,
//! and a statement that allows `*` does not: that is for the question of administrators.

use serde_json::Value;

use super::actions::{OF_BUCKETS, OF_OBJECTS, OF_ONE_THING};
use super::{Issue, one_or_many, short};
use crate::pattern;

/// Statements that allow on everything what could be allowed on one thing.
pub fn unrestricted(document: &Value) -> Vec<Issue> {
    let inner = document.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let statements = one_or_many(inner.as_ref().unwrap_or(document).get("Statement"));
    let mut issues = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        let everything = one_or_many(statement.get("Resource")).iter().any(|r| r == "*");
        if statement["Effect"] != "Allow" || !everything {
            continue;
        }
        let actions = one_or_many(statement.get("Action")).iter().filter_map(Value::as_str);
        let narrow = actions.filter(|action| *action != "*").find_map(|action| {
            let known = [&OF_OBJECTS[..], &OF_BUCKETS[..], &OF_ONE_THING[..]].concat();
            known
                .into_iter()
                .find(|known| pattern::matches_action(action, known))
                .map(|known| (action, known))
        });
        if let Some((action, known)) = narrow {
            let through = match action.eq_ignore_ascii_case(known) {
                true => String::new(),
                false => format!(" ({known})"),
            };
            let words = format!("{}{through} could name its resource", short(action));
            issues.push(Issue { code: "RESOURCE_STAR", statement: Some(at + 1), words });
        }
    }
    issues
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(effect: &str, actions: Value, resources: Value, expected: &str) {
        let statement = json!({"Effect": effect, "Action": actions, "Resource": resources});
        for document in [
            json!({"Statement": statement}),
            json!({"Statement": [statement]}),
            json!(json!({"Statement": statement}).to_string()),
        ] {
            let words: Vec<String> = unrestricted(&document).into_iter().map(|i| i.words).collect();
            assert_eq!(words.join("; "), expected, "{document}");
        }
    }

    #[test]
    fn what_could_name_its_resource() {
        check("Allow", json!("s3:*"), json!("*"), "s3:* (s3:AbortMultipartUpload) could name its resource");
        check(
            "Allow",
            json!(["ec2:Describe*", "KMS:decrypt"]),
            json!(["*"]),
            "KMS:decrypt could name its resource",
        );
        check("Deny", json!("s3:*"), json!("*"), "");
        check("Allow", json!("*"), json!("*"), "");
        check("Allow", json!("s3:*"), json!("arn:aws:s3:::*"), "");
        check("Allow", json!(["ec2:DescribeVpcs", "s3:ListAllMyBuckets", 7]), json!("*"), "");
        assert_eq!(unrestricted(&json!([{}])), []);
        assert_eq!(unrestricted(&json!({"Statement": [1, null, {"Effect": "Allow"}]})), []);
    }
}
