//! Linked accounts.

use isobar_model::{AccountId, AwsAccountId, ParseError, Region, Timestamp};
use uuid::Uuid;

use crate::dialect::Row;
use crate::{Access, Error, Scope, Store, row};

/// Where an account's recordings come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From AWS, through the role.
    Aws,
    /// From the recording that the program carries.
    Demo,
}

impl Source {
    fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Demo => "demo",
        }
    }
    fn parse(text: &str) -> Result<Self, ParseError> {
        match text {
            "aws" => Ok(Self::Aws),
            "demo" => Ok(Self::Demo),
            _ => Err(ParseError::new(text, "aws or demo")),
        }
    }
}

/// An account someone registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its workspace.
    pub workspace: Uuid,
    /// Who registered it; may be gone by now.
    pub creator: Uuid,
    /// Its name.
    pub name: String,
    /// The role to assume.
    pub role_arn: String,
    /// What isobar shows when it assumes the role; the creator's, and kept when the creator goes.
    pub external_id: Uuid,
    /// Where the role is verified.
    pub region: Region,
    /// Where its recordings come from.
    pub source: Source,
    /// Who may read, besides the creator.
    pub read_access: Access,
    /// Who may write, besides the creator.
    pub write_access: Access,
    /// The twelve digits, once a verification told them.
    pub aws_account: Option<AwsAccountId>,
    /// When the role was last assumed with success; none when it never was.
    pub verified: Option<Timestamp>,
    /// What is wrong with it although it works, or why it no longer does.
    pub warning: Option<String>,
    /// When it was registered.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Account {
    /// Whether the scope's user may read it.
    pub fn readable(&self, scope: &Scope) -> bool {
        self.workspace == scope.workspace && (self.creator == scope.user || self.read_access.includes(scope))
    }
    /// Whether the scope's user may change it.
    pub fn writable(&self, scope: &Scope) -> bool {
        self.workspace == scope.workspace && (self.creator == scope.user || self.write_access.includes(scope))
    }
}

impl Store {
    /// The accounts the scope may read, in the order of their making.
    pub async fn accounts(&self, scope: &Scope) -> Result<Vec<Account>, Error> {
        let rows = sqlx::query("SELECT * FROM account WHERE workspace_id = $1 ORDER BY created_at, id")
            .bind(scope.workspace.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(Error::query("list accounts"))?;
        let accounts: Vec<Account> = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok(accounts.into_iter().filter(|account| account.readable(scope)).collect())
    }

    /// One account, if the scope may read it.
    pub async fn account(&self, scope: &Scope, id: AccountId) -> Result<Option<Account>, Error> {
        Ok(self.account_for_job(scope, id).await?.filter(|account| account.readable(scope)))
    }

    /// One account for a change: none if the scope may neither read nor write it, an error if it may
    /// only read.
    pub async fn account_for_change(&self, scope: &Scope, id: AccountId) -> Result<Option<Account>, Error> {
        match self.account_for_job(scope, id).await? {
            Some(account) if account.writable(scope) => Ok(Some(account)),
            Some(account) if account.readable(scope) => Err(Error::NoWriteAccess),
            _ => Ok(None),
        }
    }

    /// The account a job works for, whoever may read it by now; its workspace must be the scope's.
    pub async fn account_for_job(&self, scope: &Scope, id: AccountId) -> Result<Option<Account>, Error> {
        let row = sqlx::query("SELECT * FROM account WHERE workspace_id = $1 AND id = $2")
            .bind(scope.workspace.to_string())
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(Error::query("read an account"))?;
        row.as_ref().map(read).transpose()
    }

    /// Saves a new account.
    pub async fn account_insert(&self, scope: &Scope, account: &Account) -> Result<(), Error> {
        scope.may_write()?;
        sqlx::query(
            "INSERT INTO account (id, workspace_id, creator_id, name, role_arn, external_id, region, source, \
             read_access, write_access, aws_account, verified_at, warning, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(account.id.to_string())
        .bind(scope.workspace.to_string())
        .bind(account.creator.to_string())
        .bind(&account.name)
        .bind(&account.role_arn)
        .bind(account.external_id.to_string())
        .bind(account.region.as_str())
        .bind(account.source.as_str())
        .bind(account.read_access.to_column())
        .bind(account.write_access.to_column())
        .bind(account.aws_account.as_ref().map(AwsAccountId::as_str))
        .bind(account.verified.map(|t| t.to_string()))
        .bind(&account.warning)
        .bind(account.created.to_string())
        .bind(account.updated.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("save an account"))?;
        Ok(())
    }

    /// Saves what of an account can change. False when it is gone.
    pub async fn account_update(&self, scope: &Scope, account: &Account) -> Result<bool, Error> {
        scope.may_write()?;
        let done = sqlx::query(
            "UPDATE account SET name = $3, role_arn = $4, region = $5, read_access = $6, write_access = $7, \
             aws_account = $8, verified_at = $9, warning = $10, updated_at = $11 \
             WHERE workspace_id = $1 AND id = $2",
        )
        .bind(scope.workspace.to_string())
        .bind(account.id.to_string())
        .bind(&account.name)
        .bind(&account.role_arn)
        .bind(account.region.as_str())
        .bind(account.read_access.to_column())
        .bind(account.write_access.to_column())
        .bind(account.aws_account.as_ref().map(AwsAccountId::as_str))
        .bind(account.verified.map(|t| t.to_string()))
        .bind(&account.warning)
        .bind(account.updated.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("update an account"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes an account with its jobs, scans and promises. False when it is gone already.
    pub async fn account_remove(&self, scope: &Scope, id: AccountId) -> Result<bool, Error> {
        scope.may_write()?;
        let done = sqlx::query("DELETE FROM account WHERE workspace_id = $1 AND id = $2")
            .bind(scope.workspace.to_string())
            .bind(id.to_string())
            .execute(&self.pool)
            .await
            .map_err(Error::query("remove an account"))?;
        Ok(done.rows_affected() > 0)
    }
}

fn read(row: &Row) -> Result<Account, Error> {
    let access = |column| Access::from_column(row::optional(row, column)?).map_err(Error::corrupt(column));
    Ok(Account {
        id: row::id(row, "id")?.into(),
        workspace: row::id(row, "workspace_id")?,
        creator: row::id(row, "creator_id")?,
        name: row::text(row, "name")?,
        role_arn: row::text(row, "role_arn")?,
        external_id: row::id(row, "external_id")?,
        region: Region::parse(&row::text(row, "region")?).map_err(Error::corrupt("region"))?,
        source: Source::parse(&row::text(row, "source")?).map_err(Error::corrupt("source"))?,
        read_access: access("read_access")?,
        write_access: access("write_access")?,
        aws_account: row::optional(row, "aws_account")?
            .map(|text| AwsAccountId::parse(&text).map_err(Error::corrupt("aws_account")))
            .transpose()?,
        verified: row::optional_time(row, "verified_at")?,
        warning: row::optional(row, "warning")?,
        created: row::time(row, "created_at")?,
        updated: row::time(row, "updated_at")?,
    })
}
