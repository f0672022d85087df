//! Scanning: one region (or `global`) of one account, for a job or for the command line.

use isobar_aws::{Client, Identity, Settings};
use isobar_catalog::{Catalog, Purpose};
use isobar_collect::Event;
use isobar_model::{AccountId, Region, Timestamp};
use isobar_recording::Recording;
use uuid::Uuid;

use crate::{App, Error, Scope};

/// What is told of a scan while it runs.
pub type Progress = std::sync::Arc<dyn Fn(Event) + Send + Sync>;

/// How fresh a region's recording is.
#[derive(Debug, Clone, PartialEq)]
pub struct Freshness {
    /// The region, or `global`.
    pub region: Region,
    /// When the newest scan began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How many calls it made.
    pub calls: i64,
    /// How many of them were denied or failed.
    pub gaps: i64,
    /// Its recording.
    pub recording: Uuid,
}

/// What to scan without any store: the command line's own scan.
pub struct OneShot {
    /// How AWS is reached.
    pub settings: Settings,
    /// Who asks.
    pub identity: Identity,
    /// The regions; `global` is added.
    pub regions: Vec<Region>,
    /// What for: diagrams need fewer calls than audits.
    pub purpose: Purpose,
    /// Only these services; all where empty.
    pub services: Vec<String>,
    /// The name that the drawing shows.
    pub account_name: Option<String>,
    /// How many calls at a time.
    pub concurrency: usize,
    /// What is told while it runs.
    pub progress: Option<Progress>,
}

/// Scans once, with nothing kept but the value that comes back.
pub async fn once(catalog: &Catalog, request: OneShot) -> Result<Recording, Error> {
    let OneShot { settings, identity, mut regions, purpose, services, account_name, concurrency, progress } =
        request;
    if !regions.iter().any(Region::is_global) {
        regions.push(Region::global());
    }
    let home = regions
        .iter()
        .find(|region| !region.is_global())
        .cloned()
        .unwrap_or_else(|| isobar_model::Partition::Aws.home_region());
    let client = Client::connect(&settings, identity, &home).await?;
    let request = isobar_collect::Request { account_name, regions, purpose, services, concurrency, progress };
    Ok(isobar_collect::run(&client, catalog, request, None).await)
}

impl App {
    /// Scans regions of a linked account now (joining scans that run), and `global` with them.
    pub async fn scan(
        &self,
        scope: &Scope,
        account: AccountId,
        regions: &[Region],
    ) -> Result<Vec<std::sync::Arc<Recording>>, Error> {
        let account = self.account(scope, account).await?;
        let mut tickets = Vec::new();
        for region in
            regions.iter().chain((!regions.iter().any(Region::is_global)).then_some(&Region::global()))
        {
            self.check_region(&account, region)?;
            tickets.push(self.ticket(scope, &account, region, &|_| false).await?);
        }
        let mut recordings: Vec<std::sync::Arc<Recording>> = Vec::new();
        for ticket in tickets {
            let recording = ticket.wait().await?;
            if !recordings.iter().any(|known| std::sync::Arc::ptr_eq(known, &recording)) {
                recordings.push(recording);
            }
        }
        Ok(recordings)
    }

    /// The newest scans of an account, one row a region.
    pub async fn freshness(&self, scope: &Scope, account: AccountId) -> Result<Vec<Freshness>, Error> {
        let account = self.account(scope, account).await?;
        if let Some(demo) = self.demo_of(&account) {
            return Ok(demo.freshness());
        }
        let mut regions: Vec<Freshness> = Vec::new();
        for row in self.inner.store.scans(scope, account.id, None).await? {
            match regions.last_mut() {
                Some(last) if last.region == row.region => {
                    last.started = last.started.min(row.started);
                    last.ended = last.ended.max(row.ended);
                    last.calls += row.calls;
                    last.gaps += row.gaps;
                }
                _ => regions.push(Freshness {
                    region: row.region,
                    started: row.started,
                    ended: row.ended,
                    calls: row.calls,
                    gaps: row.gaps,
                    recording: row.recording,
                }),
            }
        }
        Ok(regions)
    }
}
