//! `DOMAIN_HAS_NO_TRANSFER_LOCK`: a registered domain without a lock.

use crate::{AccountView, Findings, Rule, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("domain_has_no_transfer_lock.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for domain in account.items("route53domains", "ListDomains", "Domains") {
        if domain["TransferLock"] == false {
            findings.add(text(&domain["DomainName"]), "");
        }
    }
}
