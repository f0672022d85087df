//! Linked accounts as CloudMapper's commands see them: names, and recordings from the store.

use std::fmt;

use isobar_app::{App, Scope};
use isobar_cloudmapper::{AccountEntry, Linked, Workplace};
use isobar_model::AccountId;
use isobar_recording::Recording;
use tokio::runtime::Handle;

/// The accounts that a scope may read.
pub(super) struct LinkedAccounts {
    app: App,
    scope: Scope,
    accounts: Vec<(AccountEntry, AccountId)>,
    runtime: Handle,
}

impl LinkedAccounts {
    /// Reads the list. An account whose name cannot name a folder goes by its id.
    pub(super) async fn read(app: &App, scope: &Scope, place: &Workplace) -> Result<Self, isobar_app::Error> {
        let mut accounts: Vec<(AccountEntry, AccountId)> = Vec::new();
        for account in app.accounts(scope).await? {
            let usable = place.account(&account.name).is_ok()
                && account.name != "all"
                && !accounts.iter().any(|(known, _)| known.name == account.name);
            let name = if usable { account.name.clone() } else { account.id.to_string() };
            let digits = account.aws_account.as_ref().map(ToString::to_string).or_else(|| {
                isobar_model::Arn::parse(&account.role_arn).ok().map(|arn| arn.account().to_owned())
            });
            let id = digits.unwrap_or_default();
            accounts.push((AccountEntry { id, name, default: false, tags: Vec::new() }, account.id));
        }
        Ok(Self { app: app.clone(), scope: scope.clone(), accounts, runtime: Handle::current() })
    }

    /// The id of a linked account, by the name it goes by here or by its id.
    pub(super) fn find(&self, name: &str) -> Option<AccountId> {
        let known = self.accounts.iter().find(|(entry, id)| entry.name == name || id.to_string() == name);
        known.map(|(_, id)| *id)
    }
}

impl Linked for LinkedAccounts {
    fn accounts(&self) -> Vec<AccountEntry> {
        self.accounts.iter().map(|(entry, _)| entry.clone()).collect()
    }

    fn recording(&self, name: &str) -> Result<Option<Recording>, String> {
        let Some(id) = self.find(name) else { return Ok(None) };
        let newest = self.runtime.block_on(self.app.newest(&self.scope, id)).map_err(|e| e.to_string())?;
        Ok(newest.map(|recording| recording.as_ref().clone()))
    }
}

impl fmt::Debug for LinkedAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.accounts.iter().map(|(entry, _)| &entry.name)).finish()
    }
}
