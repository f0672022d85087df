//! `IAM_LINTER`: what `isobar_iam::lint` finds in the account's own policies, managed and inline. In
//! strict compatibility AWS's own policies are read too, and every avoidable `"Resource": "*"` counts.

use isobar_iam::authorization::is_aws_managed;
use isobar_iam::lint::{self, Issue};
use serde_json::{Value, json};

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("linter.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let strict = account.is_strict();
    let Some(answer) = account.authorization_document() else { return };
    for managed in list(&answer["Policies"]) {
        let arn = text(&managed["Arn"]);
        // Nobody but AWS can mend these; CloudMapper's users drowned in them.
        if is_aws_managed(arn) && !strict {
            continue;
        }
        let versions = list(&managed["PolicyVersionList"]);
        let default = versions.iter().find(|v| v["IsDefaultVersion"] == true).or(versions.first());
        if let Some(version) = default {
            report(findings, strict, arn, None, &version["Document"]);
        }
    }
    for kind in ["Role", "User", "Group"] {
        for holder in list(&answer[format!("{kind}DetailList").as_str()]) {
            for inline in list(&holder[format!("{kind}PolicyList").as_str()]) {
                let name = text(&inline["PolicyName"]);
                report(findings, strict, text(&holder["Arn"]), Some(name), &inline["PolicyDocument"]);
            }
        }
    }
}

fn report(findings: &mut Findings, strict: bool, resource: &str, inline: Option<&str>, document: &Value) {
    let mut issues = lint::identity_policy(document);
    if strict {
        issues.extend(lint::unrestricted(document));
    }
    for Issue { code, statement, words } in issues {
        let inside = inline.map(|name| format!("{name}: ")).unwrap_or_default();
        let place = statement.map(|n| format!(" in statement {n}")).unwrap_or_default();
        findings.add_with(
            Some(resource.to_owned()),
            format!("{inside}{code}{place}: {words}"),
            json!({"issue": code, "location": {"statement": statement, "policy": inline}, "comment": words}),
        );
    }
}

#[cfg(test)]
mod tests {
    use isobar_model::{Partition, Region, Timestamp};
    use isobar_recording::{Builder, Call, Recording};
    use serde_json::json;

    use super::RULE;
    use crate::{Options, examine};

    /// What is found in a policy of AWS's and an inline one, both of which allow one action on everything.
    fn check(action: &str, strict_compat: bool, expected: &[&str]) {
        let document = json!({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}});
        let answer = json!({
            "Policies": [{"Arn": "arn:aws:iam::aws:policy/Aws", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document}]}],
            "RoleDetailList": [{"Arn": "arn:aws:iam::1:role/r", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}]}],
        });
        let at = Timestamp::from_millis(0).unwrap();
        let recording = Recording::new(uuid::Uuid::nil(), Partition::Aws, at);
        let mut builder = Builder::resume(recording);
        builder.response(Call::new("iam", "GetAccountAuthorizationDetails", Region::global()), answer, at);
        let found = examine(&builder.finish(Some(at)), &[&RULE], Options { strict_compat });
        let found: Vec<String> = found.findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn everything_as_resource_counts_in_strict_compatibility_only() {
        check("s3:GetObject", false, &[]);
        let words = "RESOURCE_STAR in statement 1: s3:GetObject could name its resource";
        let (aws, own) = ("IAM_LINTER arn:aws:iam::aws:policy/Aws", "IAM_LINTER arn:aws:iam::1:role/r: p");
        check("s3:GetObject", true, &[&format!("{aws}: {words}"), &format!("{own}: {words}")]);
        check("s3:ListAllMyBuckets", true, &[]);
    }
}
