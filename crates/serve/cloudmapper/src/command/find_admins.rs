//! `find_admins`: the users and roles that hold administrators' privileges.

use clap::Args;
use isobar_iam::admin::{self, DEFAULT_PRIVILEGES};
use isobar_iam::{AdminQuestion, Authorization, Holder, HolderKind};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::json;

use super::Accounts;
use crate::answers::printable;
use crate::context::one_line;
use crate::{AccountEntry, Context, Error};

/// Find the users and roles that are administrators.
#[derive(Debug, Args)]
pub struct FindAdmins {
    #[command(flatten)]
    accounts: Accounts,
    /// Privileges of which one suffices, comma separated, such as iam:CreateAccessKey
    #[arg(long)]
    privs: Option<String>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Count rights that are limited to some resources or by a condition, too
    #[arg(long = "include_restricted", alias = "include-restricted")]
    include_restricted: bool,
    /// Answer exactly as CloudMapper 2.10 did, Deny statements and boundaries ignored
    #[arg(long)]
    strict_compat: bool,
}

impl FindAdmins {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let privileges = match &self.privs {
            Some(list) => list.split(',').map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect(),
            None => DEFAULT_PRIVILEGES.map(str::to_owned).to_vec(),
        };
        let question = AdminQuestion { privileges, include_restricted: self.include_restricted };
        let (_, accounts) = self.accounts.read(context)?;
        let listed = context.each(&accounts, |account, recording| self.list(account, recording, &question));
        for (account, lines) in accounts.iter().zip(listed) {
            let lines = lines?.ok_or_else(|| Error::NotCollected { name: account.name.clone() })?;
            lines.iter().for_each(|line| context.output.line(line));
        }
        Ok(())
    }

    /// The lines of an account; none where its users and roles were not collected.
    fn list(
        &self,
        account: &AccountEntry,
        recording: &Recording,
        question: &AdminQuestion,
    ) -> Option<Vec<String>> {
        let global = Region::global();
        let (_, answer) = recording.responses("iam", "GetAccountAuthorizationDetails", &global).next()?;
        let all = Authorization::read(answer);
        let mut lines = Vec::new();
        for kind in [HolderKind::Role, HolderKind::User] {
            for holder in all.of(kind) {
                let line = if self.json {
                    one_line(&json!({"account": account.name, "name": holder.name, "type": kind.as_str()}))
                } else {
                    format!("{}\t{}\t{}", account.name, kind.as_str(), printable(&holder.name))
                };
                lines.extend(std::iter::repeat_n(line, self.times(&all, holder, question)));
            }
        }
        Some(lines)
    }

    /// How often a principal is listed: once when it is an administrator, as often as its trust
    /// policy has statements of the old kind when CloudMapper's own answer is wanted.
    fn times(&self, all: &Authorization, holder: &Holder, question: &AdminQuestion) -> usize {
        if !self.strict_compat {
            return usize::from(admin::decide(all, holder, question).is_some());
        }
        let first_account = holder.arn.contains(":role/OrganizationAccountAccessRole");
        let group_policies = holder.groups.iter().filter_map(|name| all.group(name));
        let inline = std::iter::once(holder)
            .chain(group_policies.clone())
            .flat_map(|h| &h.inline)
            .any(|p| admin::compatible(&p.policy, question).is_admin());
        let attached = std::iter::once(holder)
            .chain(group_policies)
            .flat_map(|h| &h.attached)
            .filter_map(|arn| all.managed.get(arn))
            .any(|p| admin::compatible(&p.policy, question).is_admin());
        match (attached || (inline && !first_account), &holder.trust) {
            (false, _) => 0,
            (true, None) => 1,
            (true, Some(trust)) => trust
                .allows()
                .filter(|s| {
                    let federated = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];
                    !(s.action_is_text && s.actions.iter().any(|a| federated.contains(&a.as_str())))
                })
                .count(),
        }
    }
}
