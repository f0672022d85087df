//! `IAM_LINTER`: what `isobar_iam::lint` finds in the account's own policies, managed and inline.

use isobar_iam::authorization::is_aws_managed;
use isobar_iam::lint::{self, Issue};
use serde_json::{Value, json};

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("linter.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let Some(answer) = account.authorization_document() else { return };
    for managed in list(&answer["Policies"]) {
        let arn = text(&managed["Arn"]);
        // Nobody but AWS can mend these; CloudMapper's users drowned in them.
        if is_aws_managed(arn) && !account.is_strict() {
            continue;
        }
        let versions = list(&managed["PolicyVersionList"]);
        let default = versions.iter().find(|v| v["IsDefaultVersion"] == true).or(versions.first());
        if let Some(version) = default {
            report(findings, arn, None, &version["Document"]);
        }
    }
    for kind in ["Role", "User", "Group"] {
        for holder in list(&answer[format!("{kind}DetailList").as_str()]) {
            for inline in list(&holder[format!("{kind}PolicyList").as_str()]) {
                let name = text(&inline["PolicyName"]);
                report(findings, text(&holder["Arn"]), Some(name), &inline["PolicyDocument"]);
            }
        }
    }
}

fn report(findings: &mut Findings, resource: &str, inline: Option<&str>, document: &Value) {
    for Issue { code, statement, words } in lint::identity_policy(document) {
        let inside = inline.map(|name| format!("{name}: ")).unwrap_or_default();
        let place = statement.map(|n| format!(" in statement {n}")).unwrap_or_default();
        findings.add_with(
            Some(resource.to_owned()),
            format!("{inside}{code}{place}: {words}"),
            json!({"issue": code, "location": {"statement": statement, "policy": inline}, "comment": words}),
        );
    }
}
