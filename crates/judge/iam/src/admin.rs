//! Who is an administrator, by the question CloudMapper asked, and by the same question mended.
//!
//! [`compatible`] answers exactly as CloudMapper 2.10 did, statement by statement. [`decide`] asks
//! per privilege and also looks at Deny statements, permissions boundaries and lists such as
//! `["*"]`, where a simple look settles the matter.

use crate::authorization::{Authorization, Holder};
use crate::policy::{Effect, Policy, Statement};

/// Holding one of these is as good as being administrator: each lets a principal raise rights.
/// The list is CloudMapper's default.
pub const DEFAULT_PRIVILEGES: [&str; 12] = [
    "iam:PutRolePolicy",
    "iam:AddUserToGroup",
    "iam:AddRoleToInstanceProfile",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:ChangePassword",
    "iam:CreateAccessKey",
    "iam:DeleteUserPolicy",
    "iam:DetachGroupPolicy",
    "iam:DetachRolePolicy",
    "iam:DetachUserPolicy",
];

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminQuestion {
    /// Actions of which one suffices.
    pub privileges: Vec<String>,
    /// Count statements limited to some resources or by a condition, too.
    pub include_restricted: bool,
}

impl Default for AdminQuestion {
    fn default() -> Self {
        Self { privileges: DEFAULT_PRIVILEGES.map(str::to_owned).to_vec(), include_restricted: false }
    }
}

/// Why a policy makes an administrator, or what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// An Allow with `NotAction` that leaves the privilege in.
    NotAction,
    /// `*`, `*:*` or `iam:*`.
    Everything,
    /// An action that covers this privilege.
    Privilege(String),
}

/// CloudMapper's answer about one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The first reason, when the policy makes an administrator.
    pub reason: Option<Reason>,
    /// The reason is an Allow with NotAction.
    pub not_action_allow: bool,
    /// `*` was allowed on something other than the plain string `*`.
    pub unexpected_format: bool,
}

impl Verdict {
    /// Whether the policy makes an administrator.
    pub fn is_admin(&self) -> bool {
        self.reason.is_some()
    }
}

/// CloudMapper's decision about one policy, its mistakes included: Deny is ignored, statements are
/// read in order, only the plain string `*` counts as all resources, `?` is no wildcard.
pub fn compatible(policy: &Policy, question: &AdminQuestion) -> Verdict {
    for statement in policy.allows() {
        let all = statement.resource_is_text && statement.covers_all_resources();
        let open = all && !statement.is_conditional();
        if open && !statement.not_actions.is_empty() {
            if statement.not_actions.iter().any(|a| a == "iam:*") {
                return Verdict::default();
            }
            return Verdict { reason: Some(Reason::NotAction), not_action_allow: true, ..Verdict::default() };
        }
        if statement.actions.iter().any(|a| matches!(a.as_str(), "*" | "*:*" | "iam:*")) {
            return Verdict {
                reason: Some(Reason::Everything),
                unexpected_format: !all,
                ..Verdict::default()
            };
        }
        if question.include_restricted || open {
            let literal = |pattern: &String, privilege: &str| {
                !pattern.contains('?') && crate::pattern::matches_action(pattern, privilege)
            };
            let held = question
                .privileges
                .iter()
                .find(|privilege| statement.actions.iter().any(|a| literal(a, privilege)));
            if let Some(privilege) = held {
                return Verdict { reason: Some(Reason::Privilege(privilege.clone())), ..Verdict::default() };
            }
        }
    }
    Verdict::default()
}

/// Why a principal is an administrator: the privilege, the policy and the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The privilege that settles it.
    pub privilege: String,
    /// The policy that allows it, as [`Authorization::policies_of`] names it.
    pub policy: String,
    /// The statement's Sid where it has one.
    pub sid: Option<String>,
    /// The statement is limited to some resources or by a condition.
    pub restricted: bool,
}

/// The mended decision about a principal: some wanted privilege is allowed, not denied outright,
/// and not outside its permissions boundary.
pub fn decide(all: &Authorization, holder: &Holder, question: &AdminQuestion) -> Option<Proof> {
    let policies = all.policies_of(holder);
    let boundary = all.boundary_of(holder);
    for privilege in &question.privileges {
        let denied = policies
            .iter()
            .map(|(_, policy)| *policy)
            .chain(boundary)
            .any(|policy| grants(policy, Effect::Deny, privilege, false).is_some());
        if denied {
            continue;
        }
        if let Some(boundary) = boundary
            && grants(boundary, Effect::Allow, privilege, question.include_restricted).is_none()
        {
            continue;
        }
        for (name, policy) in &policies {
            if let Some(statement) = grants(policy, Effect::Allow, privilege, question.include_restricted) {
                return Some(Proof {
                    privilege: privilege.clone(),
                    policy: name.clone(),
                    sid: statement.sid.clone(),
                    restricted: statement.is_conditional() || !statement.covers_all_resources(),
                });
            }
        }
    }
    None
}

/// The mended decision about one policy by itself: some wanted privilege is allowed and not denied
/// outright by the same policy. Gives the privilege and the statement that allows it.
pub fn decide_policy<'p>(policy: &'p Policy, question: &AdminQuestion) -> Option<(String, &'p Statement)> {
    question.privileges.iter().find_map(|privilege| {
        let statement = grants(policy, Effect::Allow, privilege, question.include_restricted)?;
        let denied = grants(policy, Effect::Deny, privilege, false).is_some();
        (!denied).then(|| (privilege.clone(), statement))
    })
}

/// The first statement of an effect that covers a privilege, on every resource and without a
/// condition unless restricted ones count too.
fn grants<'p>(
    policy: &'p Policy,
    effect: Effect,
    privilege: &str,
    restricted: bool,
) -> Option<&'p Statement> {
    policy.statements.iter().find(|statement| {
        statement.effect == effect
            && statement.covers_action(privilege)
            && (restricted || (statement.covers_all_resources() && !statement.is_conditional()))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn ask(statements: Value) -> Verdict {
        compatible(&Policy::read(&json!({"Statement": statements})), &AdminQuestion::default())
    }

    #[test]
    fn cloudmappers_rules() {
        let all = "*";
        for (statements, admin) in [
            (json!([{"Effect": "Allow", "Action": "*", "Resource": all}]), true),
            (json!([{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::1:user/x"}]), true),
            (json!([{"Effect": "Allow", "Action": "iam:Put*", "Resource": all}]), true),
            (json!([{"Effect": "Allow", "Action": "iam:Put*", "Resource": ["*"]}]), false),
            (json!([{"Effect": "Allow", "Action": "iam:PutRole?olicy", "Resource": all}]), false),
            (json!([{"Effect": "Allow", "NotAction": "s3:*", "Resource": all}]), true),
            (
                json!([{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": all},
                    {"Effect": "Allow", "Action": "*", "Resource": all}]),
                false,
            ),
            (
                json!([{"Effect": "Allow", "Action": "*", "Resource": all},
                    {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": all}]),
                true,
            ),
            (
                json!([{"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": all,
                     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]),
                false,
            ),
            (json!([{"Effect": "Deny", "Action": "*", "Resource": all}]), false),
        ] {
            assert_eq!(ask(statements.clone()).is_admin(), admin, "{statements}");
        }
        assert!(ask(json!([{"Effect": "Allow", "Action": "*", "Resource": ["*"]}])).unexpected_format);
    }

    fn role(policy: Value, boundary: Option<Value>) -> Option<Proof> {
        let mut answer = json!({"RoleDetailList": [{"Arn": "arn:aws:iam::123456789012:role/r", "RoleName": "r",
            "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": policy}}]}], "Policies": []});
        if let Some(boundary) = boundary {
            answer["RoleDetailList"][0]["PermissionsBoundary"] = json!({"PermissionsBoundaryArn": "arn:b"});
            answer["Policies"] = json!([{"Arn": "arn:b", "PolicyName": "b", "PolicyVersionList":
                [{"IsDefaultVersion": true, "Document": {"Statement": boundary}}]}]);
        }
        let all = Authorization::read(&answer);
        decide(&all, &all.holders[0], &AdminQuestion::default())
    }

    #[test]
    fn deny_and_boundary_count_in_the_mended_answer() {
        let star = json!([{"Effect": "Allow", "Action": "*", "Resource": ["*"]}]);
        assert_eq!(role(star.clone(), None).unwrap().policy, "p (inline)");
        let no_iam = json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]);
        assert_eq!(role(star.clone(), Some(no_iam.clone())), None);
        assert_eq!(role(no_iam, None), None);
        let denied = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"},
                            {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]);
        assert_eq!(role(denied, None), None);
        let one = json!([{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::1:user/x"}]);
        assert_eq!(role(one, None), None, "limited to one user");
        assert!(role(star.clone(), Some(star)).is_some());
    }
}
