//! The newest that is known of an account: its regions' latest scans joined into one recording.
//!
//! In: a scope and an account. Out: a recording, or none where nothing was scanned. Nothing is asked
//! of AWS here.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use isobar_model::AccountId;
use isobar_recording::Recording;

use crate::{App, Error, Scope};

impl App {
    /// The latest scans of all regions of an account, joined.
    pub async fn newest(&self, scope: &Scope, account: AccountId) -> Result<Option<Arc<Recording>>, Error> {
        let account = self.account(scope, account).await?;
        if let Some(demo) = self.demo_of(&account) {
            return Ok(Some(demo.recording.clone()));
        }
        let rows = self.inner.store.scans(scope, account.id, None).await?;
        let ids: BTreeSet<_> = rows.iter().map(|row| row.recording).collect();
        let mut parts = Vec::new();
        for id in ids {
            match self.load(id).await {
                Ok(part) => parts.push(part),
                // What was deleted or damaged is missing from the answer, not the end of it.
                Err(error) => {
                    tracing::warn!(recording = %id, error = error.chain(), "cannot read recording {id}")
                }
            }
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let joined = tokio::task::spawn_blocking(move || join(parts)).await;
        Ok(Some(joined.map_err(|panic| Error::Internal(panic.to_string()))?))
    }
}

/// One recording of several: the newest entry of each call stays.
fn join(mut parts: Vec<Arc<Recording>>) -> Arc<Recording> {
    parts.sort_by_key(|part| (part.manifest().ended, part.manifest().scan));
    let Some(newest) = parts.pop() else { unreachable!("called with some") };
    if parts.is_empty() {
        return newest;
    }
    let mut manifest = newest.manifest().clone();
    let mut answers: HashMap<_, _> = newest.answers().clone();
    for part in parts {
        let other = part.manifest();
        manifest.regions.extend(other.regions.iter().cloned());
        manifest.entries.extend(other.entries.iter().cloned());
        manifest.started = manifest.started.min(other.started);
        manifest.aws_account = manifest.aws_account.or_else(|| other.aws_account.clone());
        answers.extend(part.answers().iter().map(|(hash, answer)| (hash.clone(), answer.clone())));
    }
    manifest.regions.sort();
    manifest.regions.dedup();
    Arc::new(Recording::from_parts(manifest, answers))
}
