//! A snapshot: recordings of a region and of `global`, joined and drawn, within a hold.
//!
//! In: an account, a region, a drawing request, how long to hold. Out: the drawing, or the promise of
//! one ([`Snapshot::Pending`]): the work goes on, and its result is kept for whoever asks again.

use std::sync::Arc;
use std::time::Duration;

use isobar_model::{AccountId, Region, Timestamp};
use isobar_recording::Recording;
use isobar_store::JobState;

use crate::draw::{self, DrawRequest, Drawing};
use crate::{Account, App, Config, Error, Scope};

/// What came of asking for a snapshot.
#[derive(Debug, Clone)]
pub enum Snapshot {
    /// The drawing.
    Ready(Arc<Drawing>),
    /// It is still being made; ask again.
    Pending,
}

/// Finished drawings by what they were made of.
pub(crate) struct Renders {
    cache: moka::future::Cache<String, Arc<Drawing>>,
}

impl Renders {
    pub(crate) fn new(config: &Config) -> Self {
        let cache = moka::future::Cache::builder()
            .max_capacity(config.render_cache)
            .weigher(|key: &String, drawing: &Arc<Drawing>| {
                (key.len() + drawing.bytes.len() + 500).try_into().unwrap_or(u32::MAX)
            })
            .time_to_idle(Duration::from_secs(15 * 60))
            .build();
        Self { cache }
    }
}

impl App {
    /// Draws a region of an account, scanning it first unless a scan is fresh. `anew` asks for a new
    /// scan, but joins one that runs.
    pub async fn snapshot(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        request: DrawRequest,
        anew: bool,
        hold: Duration,
    ) -> Result<Snapshot, Error> {
        // A promise dates from when its request came, so that a scan which fails while the promise is
        // being noted falls under it.
        let asked = Timestamp::now();
        let account = self.account(scope, account).await?;
        self.check_region(&account, region)?;
        let request = DrawRequest {
            regions: vec![region.clone()],
            account: Some(account.id),
            fonts: self.inner.config.fonts.clone(),
            ..request
        };
        let key = request.key();
        let (app, task_scope, task_account, task_key) =
            (self.clone(), scope.clone(), account.clone(), key.clone());
        let task_region = region.clone();
        // A task of its own: when the client goes or the hold ends, the work goes on.
        let mut task = tokio::spawn(async move {
            app.make_snapshot(&task_scope, &task_account, &task_region, request, task_key, anew).await
        });
        match tokio::time::timeout(hold, &mut task).await {
            Ok(Ok(drawing)) => drawing.map(Snapshot::Ready),
            Ok(Err(panic)) => Err(Error::Internal(panic.to_string())),
            Err(_) => {
                self.inner.store.promise(scope, account.id, region, &key, asked).await?;
                Ok(Snapshot::Pending)
            }
        }
    }

    async fn make_snapshot(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        request: DrawRequest,
        key: String,
        anew: bool,
    ) -> Result<Arc<Drawing>, Error> {
        let store = &self.inner.store;
        let promised = store.promised(scope, account.id, region, &key).await?;
        if let Some(made) = promised
            && let Some(error) = self.promised_failure(scope, account, region, made).await?
        {
            store.promise_forget(scope, account.id, region, &key).await?;
            return Err(error);
        }
        let mut parts = vec![region.clone()];
        if !region.is_global() {
            parts.push(Region::global());
        }
        let (fresh_for, promise_for) = (self.inner.config.fresh_for, self.inner.config.promise_for);
        let good = |ended: Timestamp| {
            let age = Timestamp::now().seconds_since(ended);
            let fresh = !anew && age <= fresh_for.as_secs_f64();
            // What was promised is kept, even from someone who asks for a new scan: the promise was
            // made to that very request, and would never be fulfilled if each retry began anew.
            let kept = promised.is_some_and(|made| {
                age <= promise_for.as_secs_f64()
                    && (ended >= made || (!anew && made.seconds_since(ended) <= fresh_for.as_secs_f64()))
            });
            fresh || kept
        };
        let mut tickets = Vec::new();
        for part in &parts {
            tickets.push(self.ticket(scope, account, part, &good).await?);
        }
        let mut recordings: Vec<Arc<Recording>> = Vec::new();
        for ticket in tickets {
            let recording = ticket.wait().await?;
            if !recordings.iter().any(|known| Arc::ptr_eq(known, &recording)) {
                recordings.push(recording);
            }
        }
        if anew && promised.is_some() {
            store.promise_forget(scope, account.id, region, &key).await?;
        }
        self.render(recordings, request, &key).await
    }

    /// The error of a job that failed after its result was promised.
    async fn promised_failure(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        made: Timestamp,
    ) -> Result<Option<Error>, Error> {
        for part in [region, &Region::global()] {
            let job = self.inner.store.job_latest(scope, account.id, part).await?;
            let failed =
                job.filter(|job| job.state == JobState::Failed && job.ended.is_some_and(|at| at >= made));
            if let Some((code, text)) = failed.and_then(|job| job.error) {
                return Ok(Some(Error::Job { code, text }));
            }
        }
        Ok(None)
    }

    /// Draws on a thread of its own; identical drawings are made once and kept for a while.
    pub(crate) async fn render(
        &self,
        recordings: Vec<Arc<Recording>>,
        request: DrawRequest,
        key: &str,
    ) -> Result<Arc<Drawing>, Error> {
        let ids: Vec<String> = recordings.iter().map(|r| r.manifest().scan.to_string()).collect();
        let key = format!("{} {key}", ids.join(" "));
        let make = async {
            let _place = self.inner.jobs.draws.acquire().await.map_err(|e| Error::Internal(e.to_string()))?;
            let catalog = self.inner.catalog;
            let work = tokio::task::spawn_blocking(move || {
                let recordings: Vec<&Recording> = recordings.iter().map(Arc::as_ref).collect();
                draw::draw(catalog, &recordings, &request)
            });
            // A panic in a drawing ends that drawing and nothing else.
            work.await.map_err(|panic| Error::Internal(format!("a drawing failed: {panic}")))?.map(Arc::new)
        };
        let made = self.inner.renders.cache.try_get_with(key, make).await;
        made.map_err(|error: Arc<Error>| match Arc::try_unwrap(error) {
            Ok(error) => error,
            Err(shared) => shared.again(),
        })
    }
}
