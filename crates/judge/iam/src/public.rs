//! Whether a resource policy opens its resource to the internet.
//!
//! A statement is open when it allows and its principal is everyone (`*`, an ARN whose account is
//! a wildcard, or any NotPrincipal) and no condition narrows who may come or from where.

use crate::pattern;
use crate::policy::{Condition, Policy, Principal, Statement};

/// Condition keys that narrow the caller or where the call comes from. Lower case.
/// Source: IAM User Guide, "AWS global condition context keys", and the services' own keys.
const NARROWING: [&str; 16] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:userid",
    "kms:calleraccount",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
    "saml:aud",
];

/// The statements that let anyone in.
pub fn open_statements(policy: &Policy) -> impl Iterator<Item = &Statement> {
    policy.allows().filter(|statement| is_open(statement))
}

/// Whether anyone can use at least one thing the policy allows.
pub fn is_internet_accessible(policy: &Policy) -> bool {
    open_statements(policy).next().is_some()
}

fn is_open(statement: &Statement) -> bool {
    let anyone = !statement.not_principals.is_empty() || statement.principals.iter().any(is_anyone);
    anyone && !statement.conditions.iter().any(narrows)
}

fn is_anyone(principal: &Principal) -> bool {
    match principal {
        Principal::Anyone => true,
        Principal::Aws(text) => text.split(':').nth(4).is_some_and(|account| account.contains('*')),
        _ => false,
    }
}

fn narrows(condition: &Condition) -> bool {
    let operator = condition.operator.to_ascii_lowercase();
    let operator = operator.rsplit(':').next().unwrap_or_default();
    let base = operator.strip_suffix("ifexists").unwrap_or(operator);
    // A negated operator keeps somebody out and everybody else in.
    let positive = matches!(
        base,
        "stringequals" | "stringequalsignorecase" | "stringlike" | "arnequals" | "arnlike" | "ipaddress"
    );
    let set = condition.operator.to_ascii_lowercase();
    // ForAllValues and ...IfExists also match when the key is absent: they narrow nothing.
    let certain = !set.starts_with("forallvalues:") && !operator.ends_with("ifexists");
    let key = condition.key.to_ascii_lowercase();
    positive
        && certain
        && NARROWING.contains(&key.as_str())
        && !condition.values.is_empty()
        && !condition.values.iter().any(|value| admits_everyone(&key, value))
}

/// Whether one value of a narrowing key still lets everyone through.
fn admits_everyone(key: &str, value: &str) -> bool {
    match key {
        "aws:sourceip" => matches!(value, "0.0.0.0/0" | "::/0" | "*"),
        _ if value.starts_with("arn:") => {
            value.split(':').nth(4).is_some_and(|a| a == "*") && value.split(':').nth(2) == Some("iam")
        }
        _ => !value.is_empty() && pattern::matches(value, "") || value == "arn:*",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(statement: Value, expected: bool) {
        let policy = Policy::read(&json!({"Statement": [statement.clone()]}));
        assert_eq!(is_internet_accessible(&policy), expected, "{statement}");
    }

    #[test]
    fn who_may_come() {
        let with = |principal: Value, condition: Value| json!({"Effect": "Allow", "Action": "sqs:*", "Principal": principal, "Condition": condition});
        check(with(json!("*"), json!({})), true);
        check(with(json!({"AWS": "*"}), json!({})), true);
        check(with(json!({"AWS": "arn:aws:iam::*:root"}), json!({})), true);
        check(with(json!({"AWS": "arn:aws:iam::123456789012:root"}), json!({})), false);
        check(with(json!({"Service": "sns.amazonaws.com"}), json!({})), false);
        check(json!({"Effect": "Allow", "Action": "*", "NotPrincipal": {"AWS": "123456789012"}}), true);
        check(json!({"Effect": "Deny", "Action": "*", "Principal": "*"}), false);
        for (condition, open) in [
            (json!({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:t"}}), false),
            (json!({"StringEquals": {"AWS:SourceOwner": "123456789012"}}), false),
            (json!({"StringNotEquals": {"aws:SourceAccount": "123456789012"}}), true),
            (json!({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}), true),
            (json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), false),
            (json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}), true),
            (json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}), true),
            (json!({"Bool": {"aws:SecureTransport": "true"}}), true),
            (json!({"StringLike": {"aws:PrincipalArn": "*"}}), true),
        ] {
            check(with(json!("*"), condition), open);
        }
    }
}
