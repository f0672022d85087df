//! Linked accounts: add, list, update, remove, verify; and what a user needs to make a role.

use isobar_aws::Client;
use isobar_model::{AccountId, AwsAccountId, Region, Timestamp};
use uuid::Uuid;

use crate::verify::{self, Verified};
use crate::{Access, Account, App, Error, Scope, Source};

/// An account to link.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// The role to assume.
    pub role_arn: String,
    /// Where the role is verified; the partition's home region where none.
    pub region: Option<Region>,
    /// Who may read it.
    pub read_access: Access,
    /// Who may write it.
    pub write_access: Access,
}

/// What of an account shall change; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// Its name.
    pub name: Option<String>,
    /// The role to assume.
    pub role_arn: Option<String>,
    /// Where the role is verified.
    pub region: Option<Region>,
    /// Who may read it.
    pub read_access: Option<Access>,
    /// Who may write it.
    pub write_access: Option<Access>,
}

/// What someone needs to make a role for isobar.
#[derive(Debug, Clone, PartialEq)]
pub struct IamParameters {
    /// The AWS account the role shall trust.
    pub account_id: AwsAccountId,
    /// The external id it shall ask for.
    pub external_id: Uuid,
    /// The console's form with both filled in.
    pub console_url: String,
}

impl App {
    /// The accounts the scope may read.
    pub async fn accounts(&self, scope: &Scope) -> Result<Vec<Account>, Error> {
        Ok(self.inner.store.accounts(scope).await?)
    }

    /// One account.
    pub async fn account(&self, scope: &Scope, id: AccountId) -> Result<Account, Error> {
        self.inner.store.account(scope, id).await?.ok_or(Error::AccountNotFound)
    }

    /// Links an account, after its role was assumed.
    pub async fn account_add(&self, scope: &Scope, new: NewAccount) -> Result<Account, Error> {
        let name = checked_name(&new.name)?;
        let role = verify::role_arn(&new.role_arn)?;
        let region = verifying_region(&role, new.region)?;
        scope.may_write()?;
        let external_id = self.user(scope).await?.external_id;
        let now = Timestamp::now();
        let mut account = Account {
            id: AccountId::random(),
            workspace: scope.workspace,
            creator: scope.user,
            name,
            role_arn: role.to_string(),
            external_id,
            region,
            source: Source::Aws,
            read_access: new.read_access,
            write_access: new.write_access,
            aws_account: None,
            verified: None,
            warning: None,
            created: now,
            updated: now,
        };
        self.verify_into(&mut account).await?;
        self.inner.store.account_insert(scope, &account).await?;
        tracing::info!(account = %account.id, role = %account.role_arn, "linked account {}", account.id);
        Ok(account)
    }

    /// Changes an account. A changed role or region must verify; an unchanged role is verified again,
    /// and a failure noted, so that a rename still works while a role is being mended.
    pub async fn account_update(
        &self,
        scope: &Scope,
        id: AccountId,
        change: AccountChange,
    ) -> Result<Account, Error> {
        let name = change.name.as_deref().map(checked_name).transpose()?;
        let role = change.role_arn.as_deref().map(verify::role_arn).transpose()?;
        scope.may_write()?;
        let mut account =
            self.inner.store.account_for_change(scope, id).await?.ok_or(Error::AccountNotFound)?;
        if let Some(name) = name {
            account.name = name;
        }
        if let Some(access) = change.read_access {
            account.read_access = access;
        }
        if let Some(access) = change.write_access {
            account.write_access = access;
        }
        let role_changed = role.as_ref().is_some_and(|role| role.as_str() != account.role_arn);
        if role_changed && account.source == Source::Demo {
            return Err(Error::Demo(
                "The demo account has no role that could be changed; link one of your own.",
            ));
        }
        if let Some(role) = role {
            // A new role may lie in another partition, whose STS is elsewhere.
            let moved = account.region.partition().as_str() != role.partition();
            let asked = change.region.clone().or_else(|| (!moved).then(|| account.region.clone()));
            account.region = verifying_region(&role, asked)?;
            account.role_arn = role.to_string();
        } else if let Some(region) = change.region.clone() {
            account.region = verifying_region(&verify::role_arn(&account.role_arn)?, Some(region))?;
        }
        if role_changed || change.region.is_some() {
            self.verify_into(&mut account).await?;
        } else if change.role_arn.is_some()
            && let Err(problem) = self.verify_into(&mut account).await
        {
            account.warning = Some(problem.to_string());
        }
        account.updated = Timestamp::now();
        match self.inner.store.account_update(scope, &account).await? {
            true => Ok(account),
            false => Err(Error::AccountNotFound),
        }
    }

    /// Removes an account with its scans. Recordings nobody points to any more go with them.
    pub async fn account_remove(&self, scope: &Scope, id: AccountId) -> Result<(), Error> {
        scope.may_write()?;
        let account = self.inner.store.account_for_change(scope, id).await?.ok_or(Error::AccountNotFound)?;
        let scans = self.inner.store.scans(scope, account.id, None).await?;
        if !self.inner.store.account_remove(scope, id).await? {
            return Err(Error::AccountNotFound);
        }
        self.drop_recordings(scans.iter().map(|scan| scan.recording)).await;
        tracing::info!(account = %id, "removed account {id}");
        Ok(())
    }

    /// Assumes an account's role once more and keeps what came of it.
    pub async fn account_verify(&self, scope: &Scope, id: AccountId) -> Result<Account, Error> {
        scope.may_write()?;
        let mut account =
            self.inner.store.account_for_change(scope, id).await?.ok_or(Error::AccountNotFound)?;
        let outcome = self.verify_into(&mut account).await;
        if let Err(problem @ Error::Role(_)) = &outcome {
            account.verified = None;
            account.warning = Some(problem.to_string());
        }
        self.inner.store.account_update(scope, &account).await?;
        outcome.map(|()| account)
    }

    async fn verify_into(&self, account: &mut Account) -> Result<(), Error> {
        if self.is_demo() {
            if account.source == Source::Aws {
                account.warning = Some(
                    "The demo has no way to AWS: this role was not verified and is never used.".to_owned(),
                );
            }
            return Ok(());
        }
        let role = verify::role_arn(&account.role_arn)?;
        let Verified { aws_account, warning } =
            self.verify_role(&role, account.external_id, &account.region).await?;
        account.aws_account = Some(aws_account);
        account.verified = Some(Timestamp::now());
        account.warning = warning;
        Ok(())
    }

    /// What the scope's user needs to make a role for isobar.
    pub async fn iam_parameters(&self, scope: &Scope) -> Result<IamParameters, Error> {
        let external_id = self.user(scope).await?.external_id;
        let region = isobar_model::Partition::Aws.home_region();
        let account_id = self.aws_account_id(&region).await?;
        let console_url = format!(
            "https://console.aws.amazon.com/iam/home?#/roles$new?step=type&roleType=crossAccount\
             &isThirdParty&accountID={account_id}&externalID={external_id}&roleName=cloudcraft\
             &policies=arn:aws:iam::aws:policy%2FReadOnlyAccess"
        );
        Ok(IamParameters { account_id, external_id, console_url })
    }

    /// The account that roles should trust: as configured, else as STS says.
    pub(crate) async fn aws_account_id(&self, region: &Region) -> Result<AwsAccountId, Error> {
        if let Some(demo) = &self.inner.demo {
            return Ok(demo.trusted_account.clone());
        }
        if let Some(id) = &self.inner.config.aws_account_id {
            return Ok(id.clone());
        }
        let asked = async {
            let client = Client::connect(&self.inner.config.aws, self.base_identity(), region)
                .await
                .map_err(|e| e.to_string())?;
            client.caller().await.map(|caller| caller.account).map_err(|e| e.to_string())
        };
        // The answer cannot change while the process lives, and STS is a long way off.
        let known = self.inner.jobs.trusted_account.get_or_try_init(|| asked).await;
        known.cloned().map_err(|reason| Error::NoAwsAccountId { reason })
    }
}

fn checked_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
        return Err(Error::property("name"));
    }
    Ok(name.to_owned())
}

/// The region whose STS is asked: it must be in the role's partition.
fn verifying_region(role: &isobar_model::Arn, region: Option<Region>) -> Result<Region, Error> {
    let partition =
        isobar_model::Partition::parse(role.partition()).map_err(|_| Error::property("roleArn"))?;
    match region {
        None => Ok(partition.home_region()),
        Some(region) if region.is_global() => Ok(partition.home_region()),
        Some(region) if region.partition() == partition => Ok(region),
        Some(region) => Err(crate::regions::invalid(region.as_str())),
    }
}
