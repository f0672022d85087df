//! What is odd about an identity policy as it is written.
//!
//! In: a policy document as JSON, as AWS keeps it. Out: [`Issue`]s, statement by statement. What the
//! policy grants is decided elsewhere; here only its writing is looked at. The checks are our own:
//! actions are known by their service, not one by one, so no list of actions grows old in here. The few
//! that are known by name are in [`actions`]; [`star`] is CloudMapper's view of `"Resource": "*"`.

mod actions;
mod star;

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::pattern;

use actions::{OF_BUCKETS, OF_OBJECTS, OF_THE_ACCOUNT};
pub use star::unrestricted;

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its kind, `UNKNOWN_SERVICE`.
    pub code: &'static str,
    /// The statement it is in, counted from one; none when it is about the whole document.
    pub statement: Option<usize>,
    /// One short clause.
    pub words: String,
}

/// Checks a policy attached to a user, group or role.
pub fn identity_policy(document: &Value) -> Vec<Issue> {
    let mut found = Found { issues: Vec::new(), statement: None };
    match document {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) if !inner.is_string() => check_document(&inner, &mut found),
            _ => found.add("MALFORMED", "the document is no JSON"),
        },
        other => check_document(other, &mut found),
    }
    found.issues
}

struct Found {
    issues: Vec<Issue>,
    statement: Option<usize>,
}

impl Found {
    fn add(&mut self, code: &'static str, words: impl Into<String>) {
        self.issues.push(Issue { code, statement: self.statement, words: words.into() });
    }
}

fn check_document(document: &Value, found: &mut Found) {
    let Some(map) = document.as_object() else {
        return found.add("MALFORMED", "the document is no JSON object");
    };
    for key in map.keys().filter(|key| !["Version", "Id", "Statement"].contains(&key.as_str())) {
        found.add("UNKNOWN_ELEMENT", format!("`{}` is no element of a policy", short(key)));
    }
    let version = map.get("Version").and_then(Value::as_str);
    let known = [None, Some("2012-10-17"), Some("2008-10-17")];
    if !known.contains(&version) || map.get("Version").is_some_and(|v| !v.is_string()) {
        found.add("UNKNOWN_VERSION", "the version is neither 2012-10-17 nor 2008-10-17");
    }
    let statements = one_or_many(map.get("Statement"));
    if statements.is_empty() {
        found.add("MALFORMED", "there is no statement");
    }
    let mut sids = HashSet::new();
    for (at, statement) in statements.iter().enumerate() {
        found.statement = Some(at + 1);
        match statement.as_object() {
            Some(statement) => check_statement(statement, version, &mut sids, found),
            None => found.add("MALFORMED", "the statement is no JSON object"),
        }
    }
}

/// Source: IAM User Guide, "Grammar of the IAM JSON policy language".
const ELEMENTS: [&str; 10] = [
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
    "//",
];

fn check_statement<'d>(
    statement: &'d Map<String, Value>,
    version: Option<&str>,
    sids: &mut HashSet<&'d str>,
    found: &mut Found,
) {
    for key in statement.keys().filter(|key| !ELEMENTS.contains(&key.as_str())) {
        found.add("UNKNOWN_ELEMENT", format!("`{}` is no element of a statement", short(key)));
    }
    if let Some(sid) = statement.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()) {
        if !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            found.add("INVALID_SID", format!("`{}` may hold letters and digits only", short(sid)));
        }
        if !sids.insert(sid) {
            found.add("DUPLICATE_SID", format!("`{}` names an earlier statement too", short(sid)));
        }
    }
    let effect = statement.get("Effect").and_then(Value::as_str);
    if !matches!(effect, Some("Allow" | "Deny")) {
        found.add("MALFORMED", "Effect is neither Allow nor Deny");
    }
    if statement.contains_key("Principal") || statement.contains_key("NotPrincipal") {
        found.add("MALFORMED", "an identity policy has no principal");
    }
    for (one, other) in [("Action", "NotAction"), ("Resource", "NotResource")] {
        match (statement.get(one), statement.get(other)) {
            (None, None) => found.add("MALFORMED", format!("neither {one} nor {other}")),
            (Some(_), Some(_)) => found.add("MALFORMED", format!("both {one} and {other}")),
            (Some(value), None) | (None, Some(value)) if one_or_many(Some(value)).is_empty() => {
                found.add("MALFORMED", format!("an empty list of {}s", one.to_lowercase()));
            }
            _ => {}
        }
    }
    if effect == Some("Allow") && statement.contains_key("NotResource") {
        found.add("ODD_NOTRESOURCE", "Allow with NotResource covers every resource but those listed");
    }
    let actions = texts(statement.get("Action").or(statement.get("NotAction")), "action", found);
    let resources = texts(statement.get("Resource").or(statement.get("NotResource")), "resource", found);
    check_actions(&actions, found);
    check_resources(&resources, found);
    if statement.contains_key("Action") && statement.contains_key("Resource") {
        check_fit(&actions, &resources, found);
    }
    check_condition(statement.get("Condition"), effect, found);
    let variables = || resources.iter().any(|r| r.contains("${"));
    if version != Some("2012-10-17") && variables() {
        found.add("PLAIN_VARIABLE", "variables are plain text without the version 2012-10-17");
    }
}

/// Source: Service Authorization Reference, the services' prefixes.
static PREFIXES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("service_prefixes.txt").lines().collect());

fn check_actions(actions: &[&str], found: &mut Found) {
    for action in actions {
        if *action == "*" {
            continue;
        }
        let Some((service, name)) = action.split_once(':') else {
            found.add("INVALID_ACTION", format!("`{}` has no service before it", short(action)));
            continue;
        };
        let lower = service.to_ascii_lowercase();
        if service.contains(['*', '?']) {
            if *action != "*:*" {
                found.add("INVALID_ACTION", format!("`{}` has a wildcard in its service", short(action)));
            }
        } else if !PREFIXES.contains(lower.as_str()) {
            found.add("UNKNOWN_SERVICE", format!("no AWS service has the prefix `{}`", short(service)));
        } else if let Some(reason) = actions::retired(action) {
            found.add("UNKNOWN_ACTION", format!("{} is retired: {reason}", short(action)));
        }
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"*?_-".contains(&b)) {
            found.add("INVALID_ACTION", format!("`{}` names no action", short(action)));
        }
        if name.contains("**") {
            found.add("ODD_WILDCARD", format!("`{}` has two stars in a row", short(action)));
        }
    }
    // Only patterns can cover others, and few actions are patterns.
    let wide: Vec<&str> = actions.iter().copied().filter(|a| a.contains(['*', '?'])).collect();
    let mut seen = HashSet::new();
    for action in actions {
        if !seen.insert(action.to_ascii_lowercase()) {
            found.add("REDUNDANT_ACTION", format!("`{}` is listed twice", short(action)));
            continue;
        }
        let covers = |w: &&str| !w.eq_ignore_ascii_case(action) && pattern::matches_action(w, action);
        if let Some(wide) = wide.iter().copied().find(|w| covers(w)) {
            found.add("REDUNDANT_ACTION", format!("`{}` is covered by `{}`", short(action), short(wide)));
        }
    }
}

fn check_resources(resources: &[&str], found: &mut Found) {
    for resource in resources {
        let parts = resource.splitn(6, ':').count();
        let wild = resource.strip_prefix("arn:").is_some_and(|rest| rest.contains('*'));
        let sound = *resource == "*" || (resource.starts_with("arn:") && (parts == 6 || wild));
        if !sound && !resource.starts_with("${") {
            found.add("MALFORMED_ARN", format!("`{}` is neither * nor an ARN", short(resource)));
        }
    }
}

/// Services whose actions work on ARNs of their own name alone, so that another name is a slip.
const SELF_NAMED: [&str; 9] =
    ["dynamodb", "iam", "kinesis", "kms", "lambda", "secretsmanager", "sns", "sqs", "states"];

/// Whether actions can have any of the resources. An action is odd only when none of them fits.
fn check_fit(actions: &[&str], resources: &[&str], found: &mut Found) {
    if resources.is_empty() || resources.iter().any(|r| !r.starts_with("arn:")) {
        return;
    }
    let service_of = |arn: &str| arn.split(':').nth(2).unwrap_or("*").to_owned();
    for action in actions {
        let Some((service, _)) = action.split_once(':') else { continue };
        let service = service.to_ascii_lowercase();
        let other = |arn: &&str| service_of(arn) != service && !service_of(arn).contains(['*', '?']);
        if SELF_NAMED.contains(&service.as_str()) && resources.iter().all(other) {
            let words = format!("{} does not work on `{}`", short(action), short(resources[0]));
            found.add("RESOURCE_MISMATCH", words);
        }
        // A bucket's ARN ends with its name; what follows a slash, or a star, may be an object.
        let is_bucket = |arn: &str| arn.starts_with("arn:aws:s3:::") && !arn.contains(['/', '*', '?', '$']);
        let is_object = |arn: &str| {
            arn.strip_prefix("arn:aws:s3:::")
                .and_then(|rest| rest.split_once('/'))
                .is_some_and(|(b, _)| !b.contains('*'))
        };
        let named = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(action));
        if named(&OF_THE_ACCOUNT) {
            let words = format!("{} knows no resource but *", short(action));
            found.add("RESOURCE_MISMATCH", words);
            continue;
        }
        let (kind, instead) = if named(&OF_OBJECTS) && resources.iter().all(|r| is_bucket(r)) {
            ("objects", "a bucket")
        } else if named(&OF_BUCKETS) && resources.iter().all(|r| is_object(r)) {
            ("buckets", "an object")
        } else {
            continue;
        };
        let words = format!("{} works on {kind}, but `{}` is {instead}", short(action), short(resources[0]));
        found.add("RESOURCE_MISMATCH", words);
    }
}

/// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
const OPERATORS: [&str; 27] = [
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

fn check_condition(condition: Option<&Value>, effect: Option<&str>, found: &mut Found) {
    let Some(condition) = condition else { return };
    let Some(operators) = condition.as_object() else {
        return found.add("MALFORMED", "Condition is no JSON object");
    };
    for (operator, keys) in operators {
        let bare = operator.rsplit(':').next().unwrap_or_default();
        let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
        let set = operator.split_once(':').map(|(set, _)| set);
        let known = OPERATORS.iter().any(|o| o.eq_ignore_ascii_case(bare));
        let known_set = set
            .is_none_or(|s| s.eq_ignore_ascii_case("ForAllValues") || s.eq_ignore_ascii_case("ForAnyValue"));
        if !known || !known_set {
            found.add("UNKNOWN_OPERATOR", format!("there is no condition operator `{}`", short(operator)));
        }
        let Some(keys) = keys.as_object() else {
            found.add("MALFORMED", format!("`{}` holds no keys", short(operator)));
            continue;
        };
        let for_all = set.is_some_and(|s| s.eq_ignore_ascii_case("ForAllValues"));
        if for_all && effect == Some("Allow") && !operators.contains_key("Null") {
            found.add(
                "ABSENT_KEY_MATCHES",
                format!("`{}` also holds when the key is absent", short(operator)),
            );
        }
        for key in keys.keys().filter(|key| !key.contains(':')) {
            found.add("UNKNOWN_KEY", format!("`{}` is no condition key, it has no service", short(key)));
        }
    }
}

/// The texts of a list; other things are odd.
fn texts<'d>(value: Option<&'d Value>, what: &str, found: &mut Found) -> Vec<&'d str> {
    let values = one_or_many(value);
    if values.iter().any(|v| !v.is_string()) {
        found.add("MALFORMED", format!("among the {what}s is one that is no text"));
    }
    values.iter().filter_map(Value::as_str).collect()
}

fn one_or_many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => &[],
        Some(single) => std::slice::from_ref(single),
    }
}

/// Hostile text, cut to a sane length.
fn short(text: &str) -> String {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The codes found in one statement of a modern policy, with the rest of it sound.
    fn check(statement: Value, expected: &[&str]) {
        let mut whole = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"});
        for (key, value) in statement.as_object().unwrap() {
            match value {
                Value::Null => whole.as_object_mut().unwrap().remove(key),
                value => whole.as_object_mut().unwrap().insert(key.clone(), value.clone()),
            };
        }
        let document = json!({"Version": "2012-10-17", "Statement": [whole]});
        let codes: Vec<&str> = identity_policy(&document).iter().map(|issue| issue.code).collect();
        assert_eq!(codes, expected, "{statement}");
    }

    #[test]
    fn statements() {
        check(json!({}), &[]);
        check(json!({"Effect": "allow"}), &["MALFORMED"]);
        check(json!({"Action": null}), &["MALFORMED"]);
        check(json!({"Action": []}), &["MALFORMED"]);
        check(json!({"Action": 7}), &["MALFORMED"]);
        check(json!({"NotAction": "iam:*"}), &["MALFORMED"]);
        check(json!({"Resource": null, "NotResource": "*"}), &["ODD_NOTRESOURCE"]);
        check(json!({"Principal": "*"}), &["MALFORMED"]);
        check(json!({"Actions": "s3:*"}), &["UNKNOWN_ELEMENT"]);
        check(json!({"Sid": "a-b"}), &["INVALID_SID"]);
    }

    #[test]
    fn actions() {
        check(json!({"Action": ["*", "*:*"]}), &["REDUNDANT_ACTION"]);
        check(json!({"Action": "S3:Get*"}), &[]);
        check(json!({"Action": "s4:GetObject"}), &["UNKNOWN_SERVICE"]);
        check(json!({"Action": "GetObject"}), &["INVALID_ACTION"]);
        check(json!({"Action": "*:GetObject"}), &["INVALID_ACTION"]);
        check(json!({"Action": "s3:"}), &["INVALID_ACTION"]);
        check(json!({"Action": "s3:**"}), &["ODD_WILDCARD"]);
        check(json!({"Action": ["s3:GetObject", "S3:getobject"]}), &["REDUNDANT_ACTION"]);
        check(json!({"Action": ["s3:Get*", "s3:GetObject", "s3:PutObject"]}), &["REDUNDANT_ACTION"]);
        check(
            json!({"Action": ["iam:requestSmsMfaRegistration", "iam:*Sms*"]}),
            &["UNKNOWN_ACTION", "REDUNDANT_ACTION"],
        );
        check(
            json!({"Action": ["aws-portal:*", "purchase-orders:ViewPurchaseOrders"]}),
            &["UNKNOWN_ACTION"; 2],
        );
        check(json!({"Action": ["purchase-orders:AddPurchaseOrder", "iam:EnableMFADevice"]}), &[]);
        check(json!({"Action": ["execute-api:Invoke", "cloudwatch:PutMetricData", "tag:GetResources"]}), &[]);
    }

    #[test]
    fn resources() {
        for (action, resource, codes) in [
            ("s3:GetObject", json!("photos/*"), &["MALFORMED_ARN"][..]),
            ("s3:GetObject", json!("arn:aws:s3:::photos"), &["RESOURCE_MISMATCH"]),
            ("s3:GetObject", json!(["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]), &[]),
            ("s3:GetObject", json!("arn:aws:s3:::photos*"), &[]),
            ("s3:ListBucket", json!("arn:aws:s3:::photos/*"), &["RESOURCE_MISMATCH"]),
            ("s3:ListBucket", json!("arn:aws:s3:::*/x"), &[]),
            ("sqs:SendMessage", json!("arn:aws:sns:us-east-1:123456789012:news"), &["RESOURCE_MISMATCH"]),
            ("sqs:SendMessage", json!(["arn:aws:sns:us-east-1:1:news", "arn:aws:sqs:*:*:*"]), &[]),
            ("iam:PassRole", json!("arn:*"), &[]),
            ("ec2:DescribeInstances", json!("arn:aws:ec2:*:*:instance/*"), &["RESOURCE_MISMATCH"]),
            ("ec2:DescribeInstances", json!("*"), &[]),
            ("s3:GetObject", json!("${aws:username}"), &[]),
        ] {
            check(json!({"Action": action, "Resource": resource}), codes);
        }
    }

    #[test]
    fn conditions() {
        for (condition, codes) in [
            (json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), &[][..]),
            (json!({"ForAnyValue:StringLikeIfExists": {"s3:prefix": ["a"]}}), &[]),
            (json!({"StringEqual": {"aws:PrincipalOrgID": "o-1"}}), &["UNKNOWN_OPERATOR"]),
            (json!({"ForSomeValues:StringLike": {"s3:prefix": "a"}}), &["UNKNOWN_OPERATOR"]),
            (json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}), &["ABSENT_KEY_MATCHES"]),
            (json!({"StringEquals": {"PrincipalOrgID": "o-1"}}), &["UNKNOWN_KEY"]),
            (json!({"StringEquals": "o-1"}), &["MALFORMED"]),
            (json!("o-1"), &["MALFORMED"]),
        ] {
            check(json!({"Condition": condition}), codes);
        }
    }

    #[test]
    fn documents() {
        for (document, codes) in [
            (json!("{"), &["MALFORMED"][..]),
            (json!([]), &["MALFORMED"]),
            (json!({"Version": "2012-10-17"}), &["MALFORMED"]),
            (json!({"Version": "2012-10-17", "Statement": [1]}), &["MALFORMED"]),
            (
                json!({"Version": "2013", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}),
                &["UNKNOWN_VERSION"],
            ),
            (
                json!({"Versions": 1, "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}),
                &["UNKNOWN_ELEMENT"],
            ),
            (
                json!({"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::a/${aws:username}"}}),
                &["PLAIN_VARIABLE"],
            ),
            (
                json!({"Version": "2012-10-17", "Statement": [
                    {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"},
                    {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}]}),
                &["DUPLICATE_SID"],
            ),
        ] {
            let found = identity_policy(&document);
            assert_eq!(found.iter().map(|i| i.code).collect::<Vec<_>>(), codes, "{document}");
            assert_eq!(
                found,
                identity_policy(&Value::String(document.to_string())),
                "a document inside a text"
            );
        }
        assert!(include_str!("service_prefixes.txt").lines().is_sorted());
    }
}
