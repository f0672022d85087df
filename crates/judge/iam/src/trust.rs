//! Whom a role's trust policy lets in, and what is odd about it.

use isobar_model::Arn;

use crate::policy::{Effect, Policy, Principal, Statement};

/// A party outside that a trust policy admits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Everyone.
    Anyone,
    /// An AWS account, twelve digits; its root or some principal in it.
    Account(String),
    /// An AWS service.
    Service(String),
    /// An identity provider's ARN or web identity host.
    Provider(String),
    /// A unique id of a principal that was deleted, or anything else nobody can name.
    Unknown(String),
}

/// The parties that a trust policy's Allow statements admit, in order, without twins.
pub fn parties(trust: &Policy) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    for statement in trust.allows() {
        for principal in &statement.principals {
            let party = party(principal);
            if !parties.contains(&party) {
                parties.push(party);
            }
        }
    }
    parties
}

/// The statements that `sts:AssumeRole` passes through, SAML and web identity included.
pub fn assume_statements(trust: &Policy) -> impl Iterator<Item = &Statement> {
    trust.statements.iter().filter(|s| {
        s.effect == Effect::Allow
            && ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
                .iter()
                .any(|action| s.covers_action(action))
    })
}

fn party(principal: &Principal) -> Party {
    match principal {
        Principal::Anyone => Party::Anyone,
        Principal::Service(name) => Party::Service(name.clone()),
        Principal::Federated(name) => Party::Provider(name.clone()),
        Principal::Canonical(id) => Party::Unknown(id.clone()),
        Principal::Aws(text) => {
            if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
                return Party::Account(text.clone());
            }
            match Arn::parse(text) {
                Ok(arn) if arn.account() == "*" => Party::Anyone,
                Ok(arn) if !arn.account().is_empty() => Party::Account(arn.account().to_owned()),
                _ => Party::Unknown(text.clone()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_each_party_once() {
        let trust = Policy::read(&json!({"Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [
                "123456789012", "arn:aws:iam::123456789012:user/a", "AIDAEXAMPLE", "*"]}},
            {"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
             "Principal": {"Federated": "arn:aws:iam::1:saml-provider/okta"}},
            {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}));
        assert_eq!(
            parties(&trust),
            [
                Party::Account("123456789012".into()),
                Party::Unknown("AIDAEXAMPLE".into()),
                Party::Anyone,
                Party::Provider("arn:aws:iam::1:saml-provider/okta".into())
            ]
        );
        assert_eq!(assume_statements(&trust).count(), 2);
    }
}
