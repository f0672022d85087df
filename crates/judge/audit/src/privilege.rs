//! Which policies and principals are administrators, decided once for all the rules that ask.

use std::collections::BTreeMap;

use isobar_iam::admin::{self, AdminQuestion};
use isobar_iam::{Authorization, Holder, HolderKind, Policy};

/// The answers to one question about all policies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Privileges {
    question: AdminQuestion,
    strict: bool,
    managed: BTreeMap<String, String>,
}

impl Privileges {
    /// Asks CloudMapper's default question: who can raise rights in IAM.
    pub fn of(all: &Authorization, strict: bool) -> Self {
        Self::about(all, AdminQuestion::default(), strict)
    }

    /// Asks for one privilege, such as `s3:GetObject`.
    pub fn with(all: &Authorization, privilege: &str, strict: bool) -> Self {
        let privileges = vec![privilege.to_owned()];
        Self::about(all, AdminQuestion { privileges, include_restricted: false }, strict)
    }

    fn about(all: &Authorization, question: AdminQuestion, strict: bool) -> Self {
        let mut privileges = Self { question, strict, managed: BTreeMap::new() };
        for (arn, managed) in &all.managed {
            if let Some(reason) = privileges.policy(&managed.policy) {
                privileges.managed.insert(arn.clone(), reason);
            }
        }
        privileges
    }

    /// Why a policy by itself gives one of the privileges, in words.
    pub fn policy(&self, policy: &Policy) -> Option<String> {
        if self.strict {
            let verdict = admin::compatible(policy, &self.question);
            return verdict.reason.map(|reason| match reason {
                admin::Reason::NotAction => "allows all but a few actions".to_owned(),
                admin::Reason::Everything => "allows every action".to_owned(),
                admin::Reason::Privilege(privilege) => format!("allows {privilege}"),
            });
        }
        admin::decide_policy(policy, &self.question).map(|(privilege, statement)| {
            let sid = statement.sid.as_deref().filter(|sid| !sid.is_empty());
            match sid {
                Some(sid) => format!("allows {privilege} in {sid}"),
                None => format!("allows {privilege}"),
            }
        })
    }

    /// Why a managed policy gives one of the privileges.
    pub fn managed(&self, arn: &str) -> Option<&str> {
        self.managed.get(arn).map(String::as_str)
    }

    /// Whether a role or user holds one of the privileges: through a policy that gives it, and
    /// (CloudMapper never looked) neither denied by another of its policies nor held back by its
    /// permissions boundary.
    pub fn holds(&self, all: &Authorization, holder: &Holder) -> bool {
        if !self.strict {
            return self.may_hold(all, holder) && admin::decide(all, holder, &self.question).is_some();
        }
        let inline = holder.inline.iter().any(|p| self.policy(&p.policy).is_some());
        let attached = holder.attached.iter().any(|arn| self.managed.contains_key(arn));
        attached || (inline && !is_first_access(holder))
    }

    /// A quick look that is never wrong in saying no.
    fn may_hold(&self, all: &Authorization, holder: &Holder) -> bool {
        let groups = holder.groups.iter().filter_map(|name| all.group(name));
        std::iter::once(holder).chain(groups).any(|h| {
            h.attached.iter().any(|arn| self.managed.contains_key(arn))
                || h.inline.iter().any(|p| self.policy(&p.policy).is_some())
        })
    }
}

/// The role that Organizations makes in a new account, an administrator by design.
pub(crate) fn is_first_access(holder: &Holder) -> bool {
    holder.kind == HolderKind::Role && holder.arn.contains(":role/OrganizationAccountAccessRole")
}
