//! The demo: one account that is a recording inside the program; no AWS, no network, nothing on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use isobar_model::{AccountId, AwsAccountId, Region, Secret, Timestamp};
use isobar_recording::Recording;
use isobar_store::{Account, Source, Store};
use uuid::Uuid;

use crate::{Access, App, Config, Error, Freshness};

/// The recording that the demo account answers from.
static BUNDLE: &[u8] = include_bytes!("../demo/demo.isobar");

/// What the demo answers from.
pub(crate) struct Demo {
    pub(crate) recording: Arc<Recording>,
    pub(crate) account: AccountId,
    /// What `iamParameters` says; the number AWS's own documentation uses for examples.
    pub(crate) trusted_account: AwsAccountId,
}

/// The embedded recording.
pub fn recording() -> Result<Recording, Error> {
    Ok(Recording::from_bundle(BUNDLE)?)
}

impl App {
    /// The demo, with a key to use it.
    pub async fn demo(config: Config) -> Result<(Self, Secret), Error> {
        Self::demo_of_recording(config, recording()?).await
    }

    /// The demo of any recording.
    pub async fn demo_of_recording(config: Config, recording: Recording) -> Result<(Self, Secret), Error> {
        let manifest = recording.manifest();
        let aws_account = recording.aws_account().cloned();
        let name = manifest.account_name.clone().unwrap_or_else(|| "demo".to_owned());
        let partition = manifest.partition;
        let number = aws_account.as_ref().map_or("000000000000", |id| id.as_str());
        let role_arn = format!("arn:{partition}:iam::{number}:role/isobar");
        // One id for ever, so that links to the demo's drawings keep working.
        let account = AccountId::from(Uuid::new_v5(&Uuid::NAMESPACE_URL, b"isobar:demo"));
        let demo = Demo {
            account,
            trusted_account: AwsAccountId::parse("111122223333")
                .map_err(|e| Error::Internal(e.to_string()))?,
            recording: Arc::new(recording),
        };
        let app = Self::build(config, Store::in_memory().await?, None, Some(demo))?;
        let now = Timestamp::now();
        let scope = app.operator().await?;
        let external_id = app.user(&scope).await?.external_id;
        let row = Account {
            id: account,
            workspace: scope.workspace,
            creator: scope.user,
            name,
            role_arn,
            external_id,
            region: partition.home_region(),
            source: Source::Demo,
            read_access: Access(None),
            write_access: Access(None),
            aws_account,
            verified: Some(now),
            warning: None,
            created: now,
            updated: now,
        };
        app.inner.store.account_insert(&scope, &row).await?;
        let key = match &app.inner.config.seed_key {
            Some(key) => {
                app.inner.store.key_seed(&scope, key, now).await?;
                key.clone()
            }
            None => app.key_create(&scope, "demo", crate::Rights::ReadWrite).await?.1,
        };
        Ok((app, key))
    }

    pub(crate) fn demo_of(&self, account: &Account) -> Option<&Demo> {
        self.inner.demo.as_ref().filter(|demo| account.source == Source::Demo && account.id == demo.account)
    }
}

impl Demo {
    /// One row a region, from the manifest.
    pub(crate) fn freshness(&self) -> Vec<Freshness> {
        let manifest = self.recording.manifest();
        let mut regions: BTreeMap<&Region, (i64, i64)> =
            manifest.regions.iter().map(|region| (region, (0, 0))).collect();
        for entry in &manifest.entries {
            let counts = regions.entry(&entry.call.region).or_default();
            counts.0 += 1;
            counts.1 += i64::from(entry.outcome.is_gap());
        }
        regions
            .into_iter()
            .map(|(region, (calls, gaps))| Freshness {
                region: region.clone(),
                started: manifest.started,
                ended: manifest.ended.unwrap_or(manifest.started),
                calls,
                gaps,
                recording: manifest.scan,
            })
            .collect()
    }
}
