//! The account's principals and policies, out of `iam:GetAccountAuthorizationDetails`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::policy::Policy;

/// User, role or group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderKind {
    /// An IAM role.
    Role,
    /// An IAM user.
    User,
    /// An IAM group.
    Group,
}

impl HolderKind {
    /// `role`, `user` or `group`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

/// A policy written into a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Its name.
    pub name: String,
    /// Its document.
    pub policy: Policy,
}

/// A managed policy, in its default version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The default version's document.
    pub policy: Policy,
    /// How many principals it is attached to, where AWS says.
    pub attachments: Option<u64>,
}

impl ManagedPolicy {
    /// Whether AWS wrote it.
    pub fn is_aws_managed(&self) -> bool {
        is_aws_managed(&self.arn)
    }
}

/// Whether a policy ARN names one of AWS's own: the account field is `aws`.
pub fn is_aws_managed(arn: &str) -> bool {
    arn.split(':').nth(4) == Some("aws")
}

/// A user, role or group with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What it is.
    pub kind: HolderKind,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// ARNs of attached managed policies, in AWS's order.
    pub attached: Vec<String>,
    /// Inline policies, in AWS's order.
    pub inline: Vec<NamedPolicy>,
    /// Names of the groups a user is in.
    pub groups: Vec<String>,
    /// The ARN of the permissions boundary.
    pub boundary: Option<String>,
    /// A role's trust policy.
    pub trust: Option<Policy>,
    /// The trust policy as AWS wrote it, for checks on its form.
    pub trust_document: Option<Value>,
}

/// Everything of `GetAccountAuthorizationDetails`, in AWS's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorization {
    /// Roles, then users, then groups, each in the order of the answer.
    pub holders: Vec<Holder>,
    /// Managed policies by ARN.
    pub managed: BTreeMap<String, ManagedPolicy>,
    /// The ARNs of managed policies in the order of the answer.
    pub managed_order: Vec<String>,
    /// Positions of groups by name.
    groups: BTreeMap<String, usize>,
}

impl Authorization {
    /// Reads the answer. Absent or odd parts read as empty.
    pub fn read(answer: &Value) -> Self {
        let mut all = Self::default();
        for policy in list(&answer["Policies"]) {
            let managed = read_managed(policy);
            all.managed_order.push(managed.arn.clone());
            all.managed.insert(managed.arn.clone(), managed);
        }
        let kinds = [(HolderKind::Role, "Role"), (HolderKind::User, "User"), (HolderKind::Group, "Group")];
        for (kind, word) in kinds {
            for holder in list(&answer[format!("{word}DetailList").as_str()]) {
                all.holders.push(read_holder(kind, word, holder));
            }
        }
        for (at, group) in all.holders.iter().enumerate().filter(|(_, h)| h.kind == HolderKind::Group) {
            all.groups.entry(group.name.clone()).or_insert(at);
        }
        all
    }

    /// All of a kind, in AWS's order.
    pub fn of(&self, kind: HolderKind) -> impl Iterator<Item = &Holder> {
        self.holders.iter().filter(move |h| h.kind == kind)
    }

    /// The group of a name.
    pub fn group(&self, name: &str) -> Option<&Holder> {
        self.groups.get(name).map(|&at| &self.holders[at])
    }

    /// Every policy that gives a principal rights: attached, inline, and those of a user's groups;
    /// with each, the name by which a report can point to it.
    pub fn policies_of<'a>(&'a self, holder: &'a Holder) -> Vec<(String, &'a Policy)> {
        let mut policies = Vec::new();
        let mut take = |of: &'a Holder, prefix: &str| {
            for arn in &of.attached {
                if let Some(managed) = self.managed.get(arn) {
                    policies.push((format!("{prefix}{}", managed.name), &managed.policy));
                }
            }
            for inline in &of.inline {
                policies.push((format!("{prefix}{} (inline)", inline.name), &inline.policy));
            }
        };
        take(holder, "");
        for name in &holder.groups {
            if let Some(group) = self.group(name) {
                take(group, &format!("{name}."));
            }
        }
        policies
    }

    /// The boundary's document where the principal has one and it is known.
    pub fn boundary_of(&self, holder: &Holder) -> Option<&Policy> {
        holder.boundary.as_ref().and_then(|arn| self.managed.get(arn)).map(|m| &m.policy)
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn read_managed(policy: &Value) -> ManagedPolicy {
    let versions = list(&policy["PolicyVersionList"]);
    let default = versions
        .iter()
        .find(|v| v["IsDefaultVersion"] == Value::Bool(true))
        .or_else(|| versions.iter().find(|v| v["VersionId"] == policy["DefaultVersionId"]))
        .or(versions.first());
    ManagedPolicy {
        arn: text(&policy["Arn"]),
        name: text(&policy["PolicyName"]),
        policy: default.map(|v| Policy::read(&v["Document"])).unwrap_or_default(),
        attachments: policy["AttachmentCount"].as_u64(),
    }
}

fn read_holder(kind: HolderKind, word: &str, holder: &Value) -> Holder {
    let inline = list(&holder[format!("{word}PolicyList").as_str()]);
    let trust = &holder["AssumeRolePolicyDocument"];
    Holder {
        kind,
        arn: text(&holder["Arn"]),
        name: text(&holder[format!("{word}Name").as_str()]),
        attached: list(&holder["AttachedManagedPolicies"]).iter().map(|p| text(&p["PolicyArn"])).collect(),
        inline: inline
            .iter()
            .map(|p| NamedPolicy { name: text(&p["PolicyName"]), policy: Policy::read(&p["PolicyDocument"]) })
            .collect(),
        groups: list(&holder["GroupList"]).iter().map(text).collect(),
        boundary: holder["PermissionsBoundary"]["PermissionsBoundaryArn"].as_str().map(str::to_owned),
        trust: (!trust.is_null()).then(|| Policy::read(trust)),
        trust_document: (!trust.is_null()).then(|| trust.clone()),
    }
}
