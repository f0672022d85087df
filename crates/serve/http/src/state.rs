//! What all handlers share.

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use isobar_app::App;
use isobar_mcp::{HttpService, Tools};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::web::session::Sessions;
use crate::{ServeConfig, ServeError};

/// What all handlers share; cheap to clone.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) app: App,
    pub(crate) config: ServeConfig,
    pub(crate) limiter: Option<DefaultKeyedRateLimiter<Uuid>>,
    pub(crate) sessions: Sessions,
    pub(crate) in_work: Semaphore,
    pub(crate) metrics: &'static PrometheusHandle,
    pub(crate) started: Instant,
    pub(crate) tools: Tools,
    pub(crate) mcp: HttpService,
}

impl State {
    pub(crate) fn new(app: App, config: ServeConfig) -> Result<Self, ServeError> {
        let limiter = match config.rate {
            None => None,
            Some(rate) => {
                let wrong = |reason: &str| ServeError::Setting { setting: "rate", reason: reason.to_owned() };
                let requests =
                    NonZeroU32::new(rate.requests).ok_or_else(|| wrong("no requests are allowed"))?;
                let quota = Quota::with_period(rate.per / rate.requests)
                    .ok_or_else(|| wrong("the time is zero"))?
                    .allow_burst(requests);
                Some(RateLimiter::keyed(quota))
            }
        };
        let in_work = Semaphore::new(config.concurrency.max(1));
        let sessions = Sessions::default();
        let metrics = recorder()?;
        let started = Instant::now();
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        let url = (config.listen.port() != 0).then(|| format!("{scheme}://{}/", config.listen));
        let tools = Tools::new(app.clone(), config.tool_limits.clone(), url);
        let mcp = isobar_mcp::http_service(tools.clone());
        Ok(Self {
            inner: Arc::new(Inner { app, config, limiter, sessions, in_work, metrics, started, tools, mcp }),
        })
    }

    pub(crate) fn app(&self) -> &App {
        &self.inner.app
    }
    pub(crate) fn config(&self) -> &ServeConfig {
        &self.inner.config
    }

    /// Counts a request against its key's limit; the seconds to wait when it is used up.
    pub(crate) fn over_limit(&self, key: Uuid) -> Option<u64> {
        let limiter = self.inner.limiter.as_ref()?;
        let refused = limiter.check_key(&key).err()?;
        let wait = refused.wait_time_from(DefaultClock::default().now());
        Some(wait.as_millis().div_ceil(1000).max(1) as u64)
    }
}

/// The process has one recorder, however many servers it runs.
fn recorder() -> Result<&'static PrometheusHandle, ServeError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    static MAKING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    if HANDLE.get().is_none() {
        let buckets = [0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0, 75.0, 120.0];
        let handle = PrometheusBuilder::new()
            .set_buckets(&buckets)
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(|e| ServeError::Setting { setting: "metrics", reason: e.to_string() })?;
        let _ = HANDLE.set(handle);
    }
    HANDLE.get().ok_or(ServeError::Setting { setting: "metrics", reason: "no recorder".to_owned() })
}
