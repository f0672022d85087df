//! Scans as jobs: one per account and region at a time, shared by all who ask, outliving them all.
//!
//! In: an account, a region and which finished scans are good enough. Out: a [`Ticket`], which is
//! either a recording or a place to wait for one. A job is a row too, with a heartbeat: another process
//! on the same data directory sees it, and whoever comes after a crash takes it up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use isobar_aws::Client;
use isobar_model::{AccountId, AwsAccountId, Region, Timestamp};
use isobar_recording::Recording;
use isobar_store::{Job, JobState, ScanRow};
use tokio::sync::{Mutex, OnceCell, Semaphore, watch};
use uuid::Uuid;

use crate::{Account, App, Config, Error, Scope};

/// A job that nobody said to run for so long is taken up by another process.
const SILENT: Duration = Duration::from_secs(20);
/// How often a running job says so.
const BEAT: Duration = Duration::from_secs(5);
/// A job is begun so often at most.
const ATTEMPTS: i64 = 3;

type Outcome = Result<Arc<Recording>, Arc<Error>>;
type Waiting = watch::Receiver<Option<Outcome>>;

/// What this process knows of running scans.
pub(crate) struct Jobs {
    owner: Uuid,
    running: Mutex<HashMap<(AccountId, Region), Waiting>>,
    scans: Semaphore,
    /// How many drawings are made at a time.
    pub(crate) draws: Semaphore,
    /// The account of the base identity, once STS told it.
    pub(crate) trusted_account: OnceCell<AwsAccountId>,
    loaded: moka::future::Cache<Uuid, Arc<Recording>>,
}

impl Jobs {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            owner: Uuid::new_v4(),
            running: Mutex::default(),
            scans: Semaphore::new(config.scans_at_once.max(1)),
            draws: Semaphore::new(config.draws_at_once.max(1)),
            trusted_account: OnceCell::new(),
            loaded: moka::future::Cache::builder()
                .max_capacity(8)
                .time_to_idle(Duration::from_secs(120))
                .build(),
        }
    }
}

/// A recording, or a place to wait for one.
pub(crate) enum Ticket {
    Ready(Arc<Recording>),
    Running(Waiting),
}

impl Ticket {
    /// Waits for the recording. Dropping the future leaves the scan running.
    pub(crate) async fn wait(self) -> Result<Arc<Recording>, Error> {
        match self {
            Self::Ready(recording) => Ok(recording),
            Self::Running(mut waiting) => {
                let gone = || Error::Internal("a scan ended without an outcome".to_owned());
                let outcome = waiting.wait_for(Option::is_some).await.map_err(|_| gone())?.clone();
                match outcome {
                    Some(Ok(recording)) => Ok(recording),
                    Some(Err(error)) => Err(error.again()),
                    None => Err(gone()),
                }
            }
        }
    }
}

impl App {
    /// Whether a region can be asked of this account.
    pub(crate) fn check_region(&self, account: &Account, region: &Region) -> Result<(), Error> {
        let partition =
            isobar_model::Arn::parse(&account.role_arn).ok().map(|arn| arn.partition().to_owned());
        match partition {
            Some(partition) if !region.is_global() && region.partition().as_str() != partition => {
                Err(crate::regions::invalid(region.as_str()))
            }
            _ => Ok(()),
        }
    }

    /// A recording of a region: a finished one whose end `good` accepts, or that of the running scan, or
    /// that of a new one.
    pub(crate) async fn ticket(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        good: &(dyn Fn(Timestamp) -> bool + Sync),
    ) -> Result<Ticket, Error> {
        if let Some(demo) = self.demo_of(account) {
            return Ok(Ticket::Ready(demo.recording.clone()));
        }
        if self.is_demo() {
            return Err(Error::Demo("The demo has no way to AWS: only its own account can be drawn."));
        }
        let key = (account.id, region.clone());
        let mut running = self.inner.jobs.running.lock().await;
        if let Some(waiting) = running.get(&key) {
            return Ok(Ticket::Running(waiting.clone()));
        }
        if let Some(recording) = self.finished(scope, account.id, region, good).await? {
            return Ok(Ticket::Ready(recording));
        }
        let owner = self.inner.jobs.owner;
        let started = self.inner.store.job_start(scope, account.id, region, owner, Timestamp::now()).await?;
        let waiting = self.spawn_job(scope.clone(), account.clone(), region.clone(), started);
        running.insert(key, waiting.clone());
        Ok(Ticket::Running(waiting))
    }

    /// The newest finished recording of a region, if its end is good enough and it can be read.
    async fn finished(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        good: &(dyn Fn(Timestamp) -> bool + Sync),
    ) -> Result<Option<Arc<Recording>>, Error> {
        let scans = self.inner.store.scans(scope, account, Some(region)).await?;
        let Some(newest) = scans.iter().max_by_key(|scan| scan.ended).filter(|scan| good(scan.ended)) else {
            return Ok(None);
        };
        match self.load(newest.recording).await {
            Ok(recording) => Ok(Some(recording)),
            Err(error) => {
                // A recording that was deleted or damaged is no reason to fail: scan again.
                tracing::warn!(%account, %region, error = %error.chain(), "cannot read the newest recording of {account}");
                Ok(None)
            }
        }
    }

    pub(crate) async fn load(&self, id: Uuid) -> Result<Arc<Recording>, Error> {
        if let Some(recording) = self.inner.jobs.loaded.get(&id).await {
            return Ok(recording);
        }
        let recording = self.on_shelf(move |store| async move { store.load(id).await.map(Arc::new) }).await?;
        self.inner.jobs.loaded.insert(id, recording.clone()).await;
        Ok(recording)
    }

    /// Does something with the kept recordings, on a thread where the disk may take its time.
    async fn on_shelf<T, F>(
        &self,
        work: impl FnOnce(isobar_recording::Store) -> F + Send + 'static,
    ) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, isobar_recording::Error>>,
    {
        let store = self.inner.recordings.clone().ok_or(Error::Demo("The demo keeps no recordings."))?;
        let runtime = tokio::runtime::Handle::current();
        let done = tokio::task::spawn_blocking(move || runtime.block_on(work(store))).await;
        Ok(done.map_err(|panic| Error::Internal(panic.to_string()))??)
    }

    /// Deletes recordings that no row points to any more.
    pub(crate) async fn drop_recordings(&self, ids: impl Iterator<Item = Uuid>) {
        for id in ids.collect::<std::collections::BTreeSet<_>>() {
            self.inner.jobs.loaded.invalidate(&id).await;
            let removed = self.on_shelf(move |store| async move { store.delete(id).await });
            if let Err(error) = removed.await {
                tracing::warn!(recording = %id, error = error.chain(), "cannot delete recording {id}");
            }
        }
    }

    /// Runs a job (or, when another process runs it, follows it) in a task of its own.
    fn spawn_job(&self, scope: Scope, account: Account, region: Region, job: Option<Uuid>) -> Waiting {
        let (sender, waiting) = watch::channel(None);
        let app = self.clone();
        tokio::spawn(async move {
            let id = account.id;
            let work = async {
                match job {
                    Some(job) => app.run_job(&scope, &account, &region, job).await,
                    None => app.follow_job(&scope, &account, &region).await,
                }
            };
            let outcome = match std::panic::AssertUnwindSafe(work).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(_) => Err(Error::Internal("a scan panicked".to_owned())),
            };
            if let Err(error) = &outcome {
                tracing::warn!(account = %id, %region, error = %error.chain(), "scan of {id} in {region} failed");
            }
            // First out of the table, then told: who comes between finds the finished scan.
            app.inner.jobs.running.lock().await.remove(&(id, region));
            let _ = sender.send(Some(outcome.map_err(Arc::new)));
        });
        waiting
    }

    async fn run_job(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        job: Uuid,
    ) -> Result<Arc<Recording>, Error> {
        let scan = std::panic::AssertUnwindSafe(self.scan_region(account, region)).catch_unwind();
        tokio::pin!(scan);
        let mut beat = tokio::time::interval(BEAT);
        let outcome = loop {
            tokio::select! {
                done = &mut scan => break done.unwrap_or_else(|_| Err(Error::Internal("a scan panicked".into()))),
                _ = beat.tick() => {
                    let owner = self.inner.jobs.owner;
                    if !self.inner.store.job_beat(scope, job, owner, Timestamp::now()).await? {
                        break Err(Error::Job {
                            code: "interrupted".into(),
                            text: "the scan was given up: its account was removed, or another process took it".into(),
                        });
                    }
                }
            }
        };
        let outcome = match outcome {
            Ok(recording) => self.keep(scope, account, region, recording).await,
            Err(error) => Err(error),
        };
        let words = outcome.as_ref().err().map(|error| (error.code().to_owned(), error.to_string()));
        let words = words.as_ref().map(|(code, text)| (code.as_str(), text.as_str()));
        self.inner.store.job_end(scope, job, words, Timestamp::now()).await?;
        outcome
    }

    async fn scan_region(&self, account: &Account, region: &Region) -> Result<Recording, Error> {
        let config = &self.inner.config;
        let _place = self.inner.jobs.scans.acquire().await.map_err(|e| Error::Internal(e.to_string()))?;
        let role = crate::verify::role_arn(&account.role_arn)?;
        // A region may be off for the account while its home region is not; STS is asked where the
        // role was verified.
        let identity = self.identity(role.as_str(), Some(account.external_id), &account.region);
        let client = match Client::connect(&config.aws, identity, &account.region).await {
            Ok(client) => client,
            Err(error) => {
                return Err(self
                    .role_problem(&role, account.external_id, &account.region, error.into())
                    .await);
            }
        };
        let request = isobar_collect::Request {
            account_name: Some(account.name.clone()),
            regions: vec![region.clone()],
            purpose: isobar_collect::Purpose::Diagram,
            services: Vec::new(),
            concurrency: config.calls_at_once,
            progress: None,
        };
        // What a scan has brought when its time is up is a partial recording, and better than none.
        let checkpoint = isobar_collect::Checkpoint::new(None, Timestamp::now());
        let run = isobar_collect::run_into(&client, self.inner.catalog, request, &checkpoint);
        let in_time = tokio::time::timeout(config.scan_limit, run).await.is_ok();
        let recording = checkpoint.recording();
        if !in_time {
            tracing::warn!(account = %account.id, %region, "the scan of {} was cut off", account.id);
            if recording.manifest().entries.is_empty() {
                return Err(Error::ScanTimeout { seconds: config.scan_limit.as_secs() });
            }
        }
        Ok(recording)
    }

    /// Saves a recording and its freshness, and deletes the one it replaces.
    async fn keep(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
        recording: Recording,
    ) -> Result<Arc<Recording>, Error> {
        let manifest = recording.manifest();
        let (id, started, ended) =
            (manifest.scan, manifest.started, manifest.ended.unwrap_or_else(Timestamp::now));
        let mut services: std::collections::BTreeMap<&str, (i64, i64)> = std::collections::BTreeMap::new();
        for entry in &manifest.entries {
            let counts = services.entry(&entry.call.service).or_default();
            counts.0 += 1;
            counts.1 += i64::from(entry.outcome.is_gap());
        }
        // A scan that had nothing to ask is fresh all the same.
        services.entry("").or_default();
        let rows: Vec<ScanRow> = services
            .into_iter()
            .map(|(service, (calls, gaps))| ScanRow {
                account: account.id,
                region: region.clone(),
                service: service.to_owned(),
                recording: id,
                started,
                ended,
                calls,
                gaps,
            })
            .collect();
        let recording = Arc::new(recording);
        let saved = recording.clone();
        self.on_shelf(move |store| async move { store.save(&saved).await }).await?;
        let before = self.inner.store.scans(scope, account.id, Some(region)).await?;
        self.inner.store.scans_save(scope, &rows).await?;
        let after = self.inner.store.scans(scope, account.id, Some(region)).await?;
        let kept: std::collections::BTreeSet<Uuid> = after.iter().map(|scan| scan.recording).collect();
        let dropped: Vec<Uuid> = before.iter().map(|s| s.recording).filter(|r| !kept.contains(r)).collect();
        self.drop_recordings(dropped.into_iter()).await;
        self.inner.jobs.loaded.insert(id, recording.clone()).await;
        Ok(recording)
    }

    /// Waits for a job that another process runs, and takes it up when that process falls silent.
    async fn follow_job(
        &self,
        scope: &Scope,
        account: &Account,
        region: &Region,
    ) -> Result<Arc<Recording>, Error> {
        let asked = Timestamp::now();
        loop {
            let now = Timestamp::now();
            match self.inner.store.job_latest(scope, account.id, region).await? {
                Some(job) if job.state == JobState::Running => {
                    if now.seconds_since(job.beat) > SILENT.as_secs_f64() {
                        self.take_up_jobs().await?;
                    }
                }
                Some(Job { state: JobState::Failed, error: Some((code, text)), .. }) => {
                    return Err(Error::Job { code, text });
                }
                _ => {
                    let since = |ended: Timestamp| ended.seconds_since(asked) > -SILENT.as_secs_f64();
                    return self.finished(scope, account.id, region, &since).await?.ok_or_else(|| {
                        Error::Job {
                            code: "interrupted".to_owned(),
                            text: "the scan of another process ended without a recording".to_owned(),
                        }
                    });
                }
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Takes up jobs whose process fell silent.
    pub(crate) async fn take_up_jobs(&self) -> Result<usize, Error> {
        let now = Timestamp::now();
        let silent = earlier(now, SILENT);
        let taken = self.inner.store.jobs_take_up(self.inner.jobs.owner, silent, ATTEMPTS, now).await?;
        let count = taken.len();
        for (scope, job) in taken {
            let Some(account) = self.inner.store.account_for_job(&scope, job.account).await? else {
                continue;
            };
            tracing::info!(account = %account.id, region = %job.region, "taking up the scan of {}", account.id);
            let app = self.clone();
            let mut running = self.inner.jobs.running.lock().await;
            match running.entry((account.id, job.region.clone())) {
                // We follow this job: run it beside the follower, which sees its end in the store.
                Entry::Occupied(_) => {
                    tokio::spawn(async move { app.run_job(&scope, &account, &job.region, job.id).await });
                }
                Entry::Vacant(place) => {
                    place.insert(app.spawn_job(scope, account, job.region, Some(job.id)));
                }
            }
        }
        Ok(count)
    }

    /// Keeps house until the app is dropped: takes up silent jobs, forgets old ones. For servers.
    pub async fn keep_house(&self) {
        let mut tick = tokio::time::interval(SILENT);
        let mut round = 0u32;
        loop {
            tick.tick().await;
            round = round.wrapping_add(1);
            // Answers that no recording points to any more, every hour.
            if round.is_multiple_of(180)
                && let Err(error) = self.on_shelf(|store| async move { store.sweep().await }).await
                && !self.is_demo()
            {
                tracing::warn!(error = error.chain(), "cannot sweep recordings");
            }
            if let Err(error) = self.take_up_jobs().await {
                tracing::warn!(error = %error.chain(), "cannot take up jobs");
            }
            let old = earlier(Timestamp::now(), Duration::from_secs(7 * 24 * 3600));
            if let Err(error) = self.inner.store.jobs_prune(old).await {
                tracing::warn!(%error, "cannot prune jobs");
            }
        }
    }

    /// How many scans run in this process; for metrics.
    pub async fn running_scans(&self) -> usize {
        self.inner.jobs.running.lock().await.len()
    }

    pub(crate) async fn let_go_of_jobs(&self) {
        if let Err(error) = self.inner.store.jobs_let_go(self.inner.jobs.owner).await {
            tracing::warn!(%error, "cannot let go of jobs");
        }
    }
}

/// A time some while before another.
pub(crate) fn earlier(now: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - by.as_millis() as i64).unwrap_or(now)
}
