//! `ES_PUBLIC`: a domain outside any VPC whose access policy lets anyone in, or is not there.

use serde_json::Value;

use crate::resource_policy::add_if_public;
use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for (_, answer) in account.responses("es", "DescribeElasticsearchDomain") {
        check_domain(&answer["DomainStatus"], findings);
    }
    // The newer API's names for the same domains; a scan asks one or the other.
    for (_, answer) in account.responses("opensearch", "DescribeDomains") {
        list(&answer["DomainStatusList"]).iter().for_each(|domain| check_domain(domain, findings));
    }
    for (_, answer) in account.responses("opensearch", "DescribeDomain") {
        check_domain(&answer["DomainStatus"], findings);
    }
}

fn check_domain(domain: &Value, findings: &mut Findings) {
    let name = text(&domain["DomainName"]);
    // A domain has an `Endpoint`, or inside a VPC `Endpoints` with a `vpc`.
    let public = !text(&domain["Endpoint"]).is_empty() || text(&domain["Endpoints"]["vpc"]).is_empty();
    if !public || domain["Deleted"] == true {
        return;
    }
    let policy = &domain["AccessPolicies"];
    if matches!(text(policy).trim(), "" | "{}") {
        findings.add_with(Some(name.to_owned()), "it has no access policy".to_owned(), "{}".into());
    } else {
        add_if_public(findings, name, policy);
    }
}
