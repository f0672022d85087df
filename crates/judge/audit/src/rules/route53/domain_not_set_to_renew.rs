//! `DOMAIN_NOT_SET_TO_RENEW`: a registered domain without automatic renewal.

use serde_json::json;

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("domain_not_set_to_renew.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for domain in account.items("route53domains", "ListDomains", "Domains") {
        if domain["AutoRenew"] == false {
            let expiry = text(&domain["Expiry"]);
            let day = expiry.split('T').next().filter(|day| !day.is_empty());
            let words = day.map(|day| format!("expires {day}")).unwrap_or_default();
            let name = text(&domain["DomainName"]).to_owned();
            findings.add_with(Some(name), words, json!({"Expiry": domain["Expiry"]}));
        }
    }
}
