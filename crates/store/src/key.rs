//! API keys: minted once, stored as a hash, revocable.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isobar_model::{Secret, Timestamp};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::dialect::Row;
use crate::{Error, Rights, Scope, Store, row};

/// What is known of a key: never the key itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The first characters, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub rights: Rights,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last used, to the minute.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// A new key: 32 random bytes in base64, 44 characters, the only length Cloudcraft's Go SDK takes.
pub fn mint() -> Secret {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    Secret::new(STANDARD.encode(bytes))
}

/// The stored form of a key: SHA-256 in hexadecimal. A key has 256 random bits, so no slow hash and
/// no salt is needed; and looking it up by its hash leaks no timing about the key itself.
fn hash(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares two hashes in a time that does not depend on where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

impl Store {
    /// Makes a key of the scope's user and tells it, this once.
    pub async fn key_create(
        &self,
        scope: &Scope,
        name: &str,
        rights: Rights,
        now: Timestamp,
    ) -> Result<(ApiKey, Secret), Error> {
        let secret = mint();
        Ok((self.key_insert(scope, name, rights, &secret, now).await?, secret))
    }

    /// Saves a key that someone else made up (a container's environment). Idempotent; a key that was
    /// revoked stays revoked.
    pub async fn key_seed(&self, scope: &Scope, key: &Secret, now: Timestamp) -> Result<ApiKey, Error> {
        let known = sqlx::query("SELECT * FROM api_key WHERE workspace_id = $1 AND hash = $2")
            .bind(scope.workspace.to_string())
            .bind(hash(key.reveal()))
            .fetch_optional(&self.pool)
            .await
            .map_err(Error::query("look up a key"))?;
        match known {
            Some(row) => read(&row),
            None => self.key_insert(scope, "environment", Rights::ReadWrite, key, now).await,
        }
    }

    async fn key_insert(
        &self,
        scope: &Scope,
        name: &str,
        rights: Rights,
        secret: &Secret,
        now: Timestamp,
    ) -> Result<ApiKey, Error> {
        scope.may_write()?;
        // Six of 44 characters tell keys apart and leave 220 bits unknown; a short hand-made key
        // shows less, so that its prefix is never most of it.
        let shown = (secret.reveal().chars().count() / 6).min(6);
        let key = ApiKey {
            id: Uuid::new_v4(),
            user: scope.user,
            name: name.to_owned(),
            prefix: secret.reveal().chars().take(shown).collect(),
            rights,
            created: now,
            used: None,
            revoked: None,
        };
        sqlx::query(
            "INSERT INTO api_key (id, workspace_id, user_id, name, hash, prefix, rights, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(key.id.to_string())
        .bind(scope.workspace.to_string())
        .bind(key.user.to_string())
        .bind(&key.name)
        .bind(hash(secret.reveal()))
        .bind(&key.prefix)
        .bind(key.rights.as_str())
        .bind(key.created.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("save a key"))?;
        Ok(key)
    }

    /// The workspace's keys, revoked ones included, in the order of their making.
    pub async fn keys(&self, scope: &Scope) -> Result<Vec<ApiKey>, Error> {
        let rows = sqlx::query("SELECT * FROM api_key WHERE workspace_id = $1 ORDER BY created_at, id")
            .bind(scope.workspace.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(Error::query("list keys"))?;
        rows.iter().map(read).collect()
    }

    /// Revokes a key. False when there is none or it was revoked before.
    pub async fn key_revoke(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<bool, Error> {
        scope.may_write()?;
        let done = sqlx::query(
            "UPDATE api_key SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL",
        )
        .bind(scope.workspace.to_string())
        .bind(id.to_string())
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("revoke a key"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Who a key speaks for; none for a key nobody made or that was revoked. The one function that
    /// makes a scope out of something a stranger sent.
    pub async fn authenticate(&self, key: &Secret, now: Timestamp) -> Result<Option<Scope>, Error> {
        let wanted = hash(key.reveal());
        let row = sqlx::query("SELECT * FROM api_key WHERE hash = $1 AND revoked_at IS NULL")
            .bind(&wanted)
            .fetch_optional(&self.pool)
            .await
            .map_err(Error::query("look up a key"))?;
        let Some(row) = row else { return Ok(None) };
        if !same(&row::text(&row, "hash")?, &wanted) {
            return Ok(None);
        }
        let (key, workspace) = (read(&row)?, row::id(&row, "workspace_id")?);
        // A write per request would make readers wait for the disk; a minute is exact enough.
        if key.used.is_none_or(|used| now.seconds_since(used) >= 60.0) {
            sqlx::query("UPDATE api_key SET used_at = $2 WHERE id = $1")
                .bind(key.id.to_string())
                .bind(now.to_string())
                .execute(&self.pool)
                .await
                .map_err(Error::query("note a key's use"))?;
            sqlx::query("UPDATE \"user\" SET accessed_at = $2 WHERE id = $1")
                .bind(key.user.to_string())
                .bind(now.to_string())
                .execute(&self.pool)
                .await
                .map_err(Error::query("note a user's visit"))?;
        }
        let teams = self.teams_of(workspace, key.user).await?;
        Ok(Some(Scope { workspace, user: key.user, teams, rights: key.rights, key: Some(key.id) }))
    }
}

fn read(row: &Row) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row::id(row, "id")?,
        user: row::id(row, "user_id")?,
        name: row::text(row, "name")?,
        prefix: row::text(row, "prefix")?,
        rights: Rights::parse(&row::text(row, "rights")?).map_err(Error::corrupt("rights"))?,
        created: row::time(row, "created_at")?,
        used: row::optional_time(row, "used_at")?,
        revoked: row::optional_time(row, "revoked_at")?,
    })
}
