//! API keys: making, listing, revoking, and who a key speaks for.

use isobar_model::{Secret, Timestamp};
use uuid::Uuid;

use crate::{ApiKey, App, Error, Rights, Scope};

impl App {
    /// Who a key speaks for; none for an unknown or revoked one.
    pub async fn authenticate(&self, key: &Secret) -> Result<Option<Scope>, Error> {
        Ok(self.inner.store.authenticate(key, Timestamp::now()).await?)
    }

    /// Makes a key. The secret is told this once.
    pub async fn key_create(
        &self,
        scope: &Scope,
        name: &str,
        rights: Rights,
    ) -> Result<(ApiKey, Secret), Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(Error::property("name"));
        }
        Ok(self.inner.store.key_create(scope, name, rights, Timestamp::now()).await?)
    }

    /// The workspace's keys, revoked ones included.
    pub async fn keys(&self, scope: &Scope) -> Result<Vec<ApiKey>, Error> {
        Ok(self.inner.store.keys(scope).await?)
    }

    /// Revokes a key; it stops working at once.
    pub async fn key_revoke(&self, scope: &Scope, id: Uuid) -> Result<(), Error> {
        match self.inner.store.key_revoke(scope, id, Timestamp::now()).await? {
            true => Ok(()),
            false => Err(Error::KeyNotFound),
        }
    }
}
