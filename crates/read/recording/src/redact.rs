//! Where secrets stop: values of environments, user data, secret parameters never enter a recording.
//!
//! In: an answer and the operation that brought it. Out: the same answer with each such value
//! replaced by `{"redacted": true, "looks_like": KIND}`, KIND being `aws-access-key`, `jwt`,
//! `private-key`, `password-in-url`, `high-entropy` or null. Names stay: they tell what a function
//! depends on. References to secrets (`valueFrom`, ARNs) stay too.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// Keys whose text is a secret whichever service sends it, in lower case.
const SECRET_KEYS: &[&str] = &[
    "accesstoken",
    "authkey",
    "authtoken",
    "basicauthcredentials",
    "clientsecret",
    "customergatewayconfiguration",
    "customerrouterconfig",
    "dbpassword",
    "keymaterial",
    "masteruserpassword",
    "oauthtoken",
    "password",
    "passworddata",
    "presharedkey",
    "privatekey",
    "refreshtoken",
    "secretaccesskey",
    "secretbinary",
    "secretstring",
    "sessiontoken",
    "userdata",
];

/// Maps from a setting's name to its value, whichever service sends them, in lower case.
const SECRET_MAPS: &[&str] = &[
    "airflowconfigurationoptions",
    "environmentvariables",
    "runtimeenvironmentvariables",
    "stagevariables",
    "variables",
];

/// Replaces every secret in the answer of an operation.
pub fn redact(service: &str, operation: &str, answer: &mut Value) {
    Rules { service, operation, seen: HashMap::new() }.walk(answer, 0);
}

/// What a key's name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Plain,
    Secret,
    /// A map or list of settings.
    Settings,
    /// A list of settings, or anything else.
    SettingList,
    /// Secret where it looks like one, or the object's other fields say that it is.
    Suspect,
}

struct Rules<'a> {
    service: &'a str,
    operation: &'a str,
    /// An answer has few keys, each very often.
    seen: HashMap<String, Key>,
}

impl Rules<'_> {
    // serde_json reads no deeper than 128, so neither do we walk deeper.
    fn walk(&mut self, value: &mut Value, depth: usize) {
        match value {
            _ if depth > 256 => *value = Value::Null,
            Value::Object(map) if is_redacted(map) => {}
            Value::Object(map) => {
                self.object(map);
                map.values_mut().for_each(|inner| self.walk(inner, depth + 1));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, depth + 1)),
            Value::String(text) => mask_inside(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn object(&mut self, map: &mut Map<String, Value>) {
        let marked = match self.service {
            "ssm" => is_secure_string(map),
            "elasticbeanstalk" => is_beanstalk_environment(map),
            _ => false,
        };
        for (key, value) in map.iter_mut() {
            match (self.kind(key), value) {
                (Key::Secret, value) => hide(value),
                (Key::Suspect, value) if marked => hide(value),
                (Key::Suspect, value) => {
                    let text = value.as_str().unwrap_or_default();
                    if looks_like(text).is_some_and(|kind| kind != "high-entropy") {
                        hide(value);
                    }
                }
                (Key::Settings, Value::Object(settings)) => settings.values_mut().for_each(hide),
                (Key::Settings | Key::SettingList, Value::Array(settings)) => {
                    settings.iter_mut().for_each(hide_pair);
                }
                _ => {}
            }
        }
    }

    fn kind(&mut self, key: &str) -> Key {
        if let Some(kind) = self.seen.get(key) {
            return *kind;
        }
        let lower = key.to_ascii_lowercase();
        let kind = match lower.as_str() {
            lower if SECRET_KEYS.contains(&lower) || self.is_secret_here(lower) => Key::Secret,
            lower if SECRET_MAPS.contains(&lower) || self.is_map_here(lower) => Key::Settings,
            "environment" => Key::SettingList,
            "parametervalue" | "outputvalue" | "value" => Key::Suspect,
            _ => Key::Plain,
        };
        self.seen.insert(key.to_owned(), kind);
        kind
    }

    /// Keys that are secret in some answers only.
    fn is_secret_here(&self, key: &str) -> bool {
        match (self.service, key) {
            ("ec2", "output") => self.operation == "GetConsoleOutput",
            ("lambda", "location") => self.operation == "GetFunction",
            ("apigateway", "value") => self.operation.contains("ApiKey"),
            ("cloudfront", "headervalue") => true,
            ("appsync", "id") => self.operation == "ListApiKeys",
            _ => false,
        }
    }

    fn is_map_here(&self, key: &str) -> bool {
        match self.service {
            "sagemaker" => key == "environment",
            "glue" => matches!(key, "defaultarguments" | "nonoverridablearguments" | "connectionproperties"),
            _ => false,
        }
    }
}

fn is_secure_string(map: &Map<String, Value>) -> bool {
    map.get("Type").and_then(Value::as_str) == Some("SecureString")
}

fn is_beanstalk_environment(map: &Map<String, Value>) -> bool {
    let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
    text("Namespace") == "aws:elasticbeanstalk:application:environment"
        || text("OptionName").contains("Password")
}

/// `{"name": "DB", "value": "..."}`; a CodeBuild variable that only names a secret keeps its value.
fn hide_pair(pair: &mut Value) {
    let Value::Object(map) = pair else { return };
    let refers =
        matches!(map.get("type").and_then(Value::as_str), Some("PARAMETER_STORE" | "SECRETS_MANAGER"));
    if refers {
        return;
    }
    for (key, value) in map.iter_mut() {
        if key.eq_ignore_ascii_case("value") {
            hide(value);
        }
    }
}

/// Replaces a value and everything in it. What is empty tells nothing and stays.
fn hide(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::String(text) if text.is_empty() => {}
        Value::Object(map) if is_redacted(map) => {}
        // EC2 wraps an attribute: {"UserData": {"Value": "..."}}.
        Value::Object(map) => map.values_mut().for_each(hide),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(text) => *value = redacted(looks_like(text)),
        Value::Number(_) => *value = redacted(None),
    }
}

fn redacted(kind: Option<&str>) -> Value {
    json!({"looks_like": kind, "redacted": true})
}

fn is_redacted(map: &Map<String, Value>) -> bool {
    map.len() == 2 && map.get("redacted") == Some(&Value::Bool(true)) && map.contains_key("looks_like")
}

/// What kind of secret a text seems to be.
pub fn looks_like(text: &str) -> Option<&'static str> {
    if has_private_key(text) {
        Some("private-key")
    } else if has_access_key(text) {
        Some("aws-access-key")
    } else if text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=')).any(is_jwt) {
        Some("jwt")
    } else if url_passwords(text).next().is_some() {
        Some("password-in-url")
    } else if is_random(text) {
        Some("high-entropy")
    } else {
        None
    }
}

fn has_private_key(text: &str) -> bool {
    const BEGIN: &str = "-----BEGIN ";
    text.len() > BEGIN.len() && text.contains(BEGIN) && text.contains("PRIVATE KEY")
}

/// `AKIA` or `ASIA` and sixteen capitals and digits, as a word of its own.
fn has_access_key(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        word.len() == 20
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_base64 = |p: &&str| p.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    text.starts_with("eyJ") && parts.len() == 3 && parts[1].len() >= 4 && parts.iter().all(is_base64)
}

/// Where passwords stand in `scheme://user:password@host`.
fn url_passwords(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    text.match_indices("://").filter_map(|(at, _)| {
        let start = at + 3;
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?' | '#' | '<'));
        let authority = &rest[..end.unwrap_or(rest.len())];
        let user = &authority[..authority.rfind('@')?];
        let colon = user.find(':')?;
        (colon + 1 < user.len()).then(|| start + colon + 1..start + user.len())
    })
}

/// Sixteen or more characters without a space that look drawn at random.
fn is_random(text: &str) -> bool {
    let long = (16..=512).contains(&text.len());
    let plain = text.bytes().all(|b| b.is_ascii_graphic());
    let has = |is: fn(&u8) -> bool| text.bytes().any(|b| is(&b));
    let digits = has(u8::is_ascii_digit);
    // Words joined by dashes are lower case; a token mixes both, or is long hexadecimal.
    let mixed = digits && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let hexadecimal = digits && text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let speaks = text.starts_with("arn:") || text.contains("://") || text.contains(".amazonaws.com");
    if !long || !plain || speaks || !(mixed || hexadecimal) {
        return false;
    }
    let mut counts = [0u32; 128];
    text.bytes().for_each(|b| counts[usize::from(b & 127)] += 1);
    let length = text.len() as f64;
    let bits: f64 =
        counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / length).map(|p| -p * p.log2()).sum();
    bits > 3.2
}

/// A text that may go on as text, with passwords in its addresses and private keys blotted out.
fn mask_inside(text: &mut String) {
    if text.contains('@') && text.contains("://") {
        let passwords: Vec<_> = url_passwords(text).collect();
        for range in passwords.into_iter().rev() {
            text.replace_range(range, "***");
        }
    }
    while has_private_key(text) {
        let Some(start) = text.find("-----BEGIN ") else { return };
        let last = text[start..].find("-----END ").map(|at| start + at + "-----END ".len());
        let end = last.map_or(text.len(), |at| text[at..].find("-----").map_or(text.len(), |n| at + n + 5));
        text.replace_range(start..end, "(key redacted)");
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Builder, Call, Manifest, Outcome, Recording};
    use isobar_model::{Partition, Region, Timestamp};

    /// A small recording with every outcome, two calls with equal answers, a secret.
    pub(crate) fn sample() -> Recording {
        let now = Timestamp::parse("2026-11-22T01:00:00Z").unwrap();
        let mut manifest = Recording::new(uuid::Uuid::from_u128(7), Partition::Aws, now).manifest().clone();
        manifest.regions = vec![Region::parse("eu-west-1").unwrap(), Region::global()];
        let mut builder = Builder::new(Manifest { account_name: Some("해 & Söhne".into()), ..manifest });
        let call = |service: &str, operation: &str| {
            Call::new(service, operation, Region::parse("eu-west-1").unwrap())
        };
        let vpcs = json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]});
        builder.response(call("ec2", "DescribeVpcs"), vpcs, now);
        builder.response(call("sqs", "ListQueues"), json!({}), now);
        builder.response(call("sns", "ListTopics"), json!({}), now);
        let functions = json!({"Functions": [
            {"FunctionName": "f", "Environment": {"Variables": {"KEY": "hunter2"}}}]});
        builder.response(call("lambda", "ListFunctions"), functions, now);
        let denied = Outcome::Denied { code: "AccessDenied".into(), message: "no".into() };
        builder.outcome(call("kms", "ListKeys"), denied, now);
        let policy = call("s3", "GetBucketPolicy").with("Bucket", "b");
        builder.outcome(policy, Outcome::Absent { code: "NoSuchBucketPolicy".into() }, now);
        let failed = Outcome::Failed { code: "Timeout".into(), message: "30 s".into() };
        builder.outcome(call("rds", "DescribeDBInstances"), failed, now);
        builder.outcome(call("ecs", "ListServices"), Outcome::Skipped { reason: "why".into() }, now);
        builder.finish(Some(now))
    }

    fn check(service: &str, operation: &str, mut answer: Value, expected: Value) {
        redact(service, operation, &mut answer);
        assert_eq!(answer, expected);
        redact(service, operation, &mut answer);
        assert_eq!(answer, expected, "a second time");
    }

    fn hidden() -> Value {
        redacted(None)
    }

    #[test]
    fn environments_lose_their_values() {
        check(
            "lambda",
            "ListFunctions",
            json!({"Functions": [{"Environment": {"Variables": {"A": "x", "B": "", "C": "AKIAIOSFODNN7EXAMPLE"}}}]}),
            json!({"Functions": [{"Environment": {"Variables":
                {"A": hidden(), "B": "", "C": redacted(Some("aws-access-key"))}}}]}),
        );
        check(
            "ecs",
            "DescribeTaskDefinition",
            json!({"taskDefinition": {"containerDefinitions": [{
                "environment": [{"name": "DB", "value": "postgres://app:s3cret@db/x"}],
                "secrets": [{"name": "KEY", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/k"}]}]}}),
            json!({"taskDefinition": {"containerDefinitions": [{
                "environment": [{"name": "DB", "value": redacted(Some("password-in-url"))}],
                "secrets": [{"name": "KEY", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/k"}]}]}}),
        );
        check(
            "codebuild",
            "BatchGetProjects",
            json!({"environmentVariables": [
                {"name": "A", "value": "x", "type": "PLAINTEXT"}, {"name": "B", "value": "/k", "type": "PARAMETER_STORE"}]}),
            json!({"environmentVariables": [
                {"name": "A", "value": hidden(), "type": "PLAINTEXT"}, {"name": "B", "value": "/k", "type": "PARAMETER_STORE"}]}),
        );
        check(
            "apigateway",
            "GetStages",
            json!({"item": [{"variables": {"a": "b"}}]}),
            json!({"item": [{"variables": {"a": hidden()}}]}),
        );
        check(
            "apigatewayv2",
            "GetStages",
            json!({"StageVariables": {"a": "b"}}),
            json!({"StageVariables": {"a": hidden()}}),
        );
    }

    #[test]
    fn secrets_by_key_and_by_place() {
        check(
            "ec2",
            "DescribeInstanceAttribute",
            json!({"UserData": {"Value": "IyEvYmlu"}}),
            json!({"UserData": {"Value": hidden()}}),
        );
        check(
            "ec2",
            "DescribeLaunchTemplateVersions",
            json!({"LaunchTemplateData": {"UserData": "abc"}}),
            json!({"LaunchTemplateData": {"UserData": hidden()}}),
        );
        check(
            "secretsmanager",
            "GetSecretValue",
            json!({"SecretString": "x", "Name": "n"}),
            json!({"SecretString": hidden(), "Name": "n"}),
        );
        check(
            "ssm",
            "GetParameters",
            json!([{"Type": "SecureString", "Value": "x"}, {"Type": "String", "Value": "y"}]),
            json!([{"Type": "SecureString", "Value": hidden()}, {"Type": "String", "Value": "y"}]),
        );
        check(
            "cloudfront",
            "ListDistributions",
            json!({"HeaderName": "x-k", "HeaderValue": "v"}),
            json!({"HeaderName": "x-k", "HeaderValue": hidden()}),
        );
        check(
            "cloudformation",
            "DescribeStacks",
            json!({"ParameterKey": "Url", "ParameterValue": "https://u:p@h/"}),
            json!({"ParameterKey": "Url", "ParameterValue": redacted(Some("password-in-url"))}),
        );
        check(
            "sns",
            "ListSubscriptions",
            json!({"Endpoint": "https://u:pw@h/x?a=@b"}),
            json!({"Endpoint": "https://u:***@h/x?a=@b"}),
        );
        check(
            "x",
            "y",
            json!("a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b"),
            json!("a (key redacted) b"),
        );
    }

    #[test]
    fn what_is_no_secret_stays() {
        for answer in [
            json!({"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "UserName": "u"}),
            json!({"Tags": [{"Key": "env", "Value": "prod"}], "State": {"Name": "running"}}),
            json!({"ImageUri": "https://h:443/a@b"}),
        ] {
            check("iam", "ListAccessKeys", answer.clone(), answer);
        }
    }

    #[test]
    fn guesses_the_kind() {
        assert_eq!(looks_like("eyJhbGciOi.eyJzdWIi.c2ln-_"), Some("jwt"));
        assert_eq!(looks_like("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Some("high-entropy"));
        assert_eq!(looks_like("mysql://root:x@localhost"), Some("password-in-url"));
        assert_eq!(looks_like("https://example.com/a:b@c"), None);
        assert_eq!(looks_like("production-eu-west-1"), None);
        assert_eq!(looks_like("arn:aws:s3:::bucket-0123456789abcdef"), None);
    }

    #[test]
    fn nothing_secret_enters_a_recording() {
        let text = zstd::decode_all(&sample().to_bundle()[..]).unwrap();
        assert!(!String::from_utf8(text).unwrap().contains("hunter2"));
    }
}
