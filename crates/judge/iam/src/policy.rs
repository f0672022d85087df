//! A policy document as a value. Reading one cannot fail: odd parts are kept out and counted.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language".

use serde_json::Value;

/// Allow or Deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Forbids.
    Deny,
}

/// Who a statement speaks of; resource and trust policies only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// `"*"`, with or without `AWS` before it.
    Anyone,
    /// An AWS principal: an ARN, an account number, a unique id.
    Aws(String),
    /// A service, `ec2.amazonaws.com`.
    Service(String),
    /// An identity provider: SAML, OIDC or a web identity.
    Federated(String),
    /// A canonical S3 user.
    Canonical(String),
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// `Sid`, often absent.
    pub sid: Option<String>,
    /// Allow or Deny.
    pub effect: Effect,
    /// `Action`; empty when `NotAction` stands instead.
    pub actions: Vec<String>,
    /// `NotAction`.
    pub not_actions: Vec<String>,
    /// `Resource`.
    pub resources: Vec<String>,
    /// `NotResource`.
    pub not_resources: Vec<String>,
    /// `Principal`, in order.
    pub principals: Vec<Principal>,
    /// `NotPrincipal`, in order.
    pub not_principals: Vec<Principal>,
    /// `Condition`, flattened: operator, key, values.
    pub conditions: Vec<Condition>,
    /// Whether `Action` was one plain string and not a list.
    pub action_is_text: bool,
    /// Whether `Resource` was one plain string and not a list.
    pub resource_is_text: bool,
}

/// One key of one operator of a `Condition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// `StringEquals`, `ForAnyValue:ArnLike`, ...
    pub operator: String,
    /// `aws:SourceArn`, ...
    pub key: String,
    /// Its values, as text.
    pub values: Vec<String>,
}

impl Statement {
    /// Whether the statement speaks of an action such as `iam:PutRolePolicy`.
    pub fn covers_action(&self, action: &str) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|p| crate::pattern::matches_action(p, action));
        if self.not_actions.is_empty() { any(&self.actions) } else { !any(&self.not_actions) }
    }

    /// Whether it speaks of every resource: `"*"` alone or in a list, or a `NotResource` that
    /// leaves nothing out.
    pub fn covers_all_resources(&self) -> bool {
        self.resources.iter().any(|r| r == "*")
    }

    /// Whether it has any condition.
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }
}

/// A policy document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// `2012-10-17` or `2008-10-17`.
    pub version: Option<String>,
    /// Its statements in order; unreadable ones are left out.
    pub statements: Vec<Statement>,
    /// How many statements could not be read.
    pub unreadable: usize,
}

impl Policy {
    /// Reads a document; a JSON text inside a string is unfolded first.
    pub fn read(document: &Value) -> Self {
        if let Value::String(text) = document {
            return match serde_json::from_str::<Value>(text) {
                Ok(inner) if !inner.is_string() => Self::read(&inner),
                _ => Self { unreadable: 1, ..Self::default() },
            };
        }
        let mut policy = Self { version: document["Version"].as_str().map(str::to_owned), ..Self::default() };
        for statement in one_or_many(&document["Statement"]) {
            match read_statement(statement) {
                Some(read) => policy.statements.push(read),
                None => policy.unreadable += 1,
            }
        }
        policy
    }

    /// Its Allow statements.
    pub fn allows(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|s| s.effect == Effect::Allow)
    }

    /// Its Deny statements.
    pub fn denies(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|s| s.effect == Effect::Deny)
    }
}

fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
}

fn texts(value: &Value) -> Vec<String> {
    one_or_many(value)
        .iter()
        .filter_map(|v| match v {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => Some(v.to_string()),
            _ => None,
        })
        .collect()
}

fn read_statement(statement: &Value) -> Option<Statement> {
    let effect = match statement["Effect"].as_str()? {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        _ => return None,
    };
    let mut conditions = Vec::new();
    for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            conditions.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values: texts(values),
            });
        }
    }
    Some(Statement {
        sid: statement["Sid"].as_str().map(str::to_owned),
        effect,
        actions: texts(&statement["Action"]),
        not_actions: texts(&statement["NotAction"]),
        resources: texts(&statement["Resource"]),
        not_resources: texts(&statement["NotResource"]),
        principals: read_principals(&statement["Principal"]),
        not_principals: read_principals(&statement["NotPrincipal"]),
        conditions,
        action_is_text: statement["Action"].is_string(),
        resource_is_text: statement["Resource"].is_string(),
    })
}

fn read_principals(value: &Value) -> Vec<Principal> {
    match value {
        // A bare string other than "*" does occur in old trust policies; AWS reads it as AWS.
        Value::String(text) => vec![aws_principal(text)],
        Value::Object(kinds) => {
            let mut principals = Vec::new();
            for (kind, names) in kinds {
                for name in texts(names) {
                    principals.push(match kind.as_str() {
                        "Service" => Principal::Service(name),
                        "Federated" => Principal::Federated(name),
                        "CanonicalUser" => Principal::Canonical(name),
                        _ => aws_principal(&name),
                    });
                }
            }
            principals
        }
        _ => Vec::new(),
    }
}

fn aws_principal(text: &str) -> Principal {
    if text == "*" { Principal::Anyone } else { Principal::Aws(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_lists_singles_and_json_in_strings() {
        let document = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "s3:*", "Resource": ["*"],
            "Principal": {"AWS": ["*", "123456789012"], "Service": "ec2.amazonaws.com"},
            "Condition": {"Bool": {"aws:SecureTransport": true}}}});
        let policy = Policy::read(&document);
        assert_eq!(policy, Policy::read(&Value::String(document.to_string())));
        let statement = &policy.statements[0];
        assert!(statement.action_is_text && !statement.resource_is_text && statement.covers_all_resources());
        assert_eq!(statement.conditions[0].values, ["true"]);
        assert_eq!(
            statement.principals,
            [
                Principal::Anyone,
                Principal::Aws("123456789012".into()),
                Principal::Service("ec2.amazonaws.com".into())
            ]
        );
    }

    #[test]
    fn oddities_are_counted_never_fatal() {
        for (document, unreadable) in [
            (json!(null), 0),
            (json!("not json"), 1),
            (json!("\"twice\""), 1),
            (json!({"Statement": [1, {"Effect": "Maybe"}, {"Effect": "Deny", "Action": 7}]}), 2),
        ] {
            assert_eq!(Policy::read(&document).unreadable, unreadable, "{document}");
        }
    }
}
