//! One function per thing the product can do; jobs.
//!
//! In: a [`Scope`] (who asks) and parsed values. Out: values, or an [`Error`] that http and cli word.
//! [`draw()`] is the pure join of the drawing arrow; [`App`] adds accounts, keys and scans that outlive
//! their requests. Status codes, HTML and terminals are unknown here.

pub mod accounts;
pub mod config;
pub mod demo;
pub mod draw;
pub mod error;
mod jobs;
pub mod keys;
pub mod neutral;
mod newest;
pub mod policy;
pub mod regions;
pub mod scan;
mod snapshot;
#[cfg(test)]
mod tests;
pub mod verify;

use std::sync::Arc;

pub use accounts::{AccountChange, IamParameters, NewAccount};
pub use config::Config;
pub use draw::{DrawRequest, Drawing, Format, draw};
pub use error::Error;
pub use isobar_aws::{Identity, Settings};
pub use isobar_catalog::Catalog;
pub use isobar_collect::Event;
pub use isobar_recording::Recording;
pub use isobar_scene::Fonts;
pub use isobar_store::{Access, Account, ApiKey, Member, Rights, ScanRow, Scope, Source, Store, Team, User};
pub use scan::Freshness;
pub use snapshot::Snapshot;

use isobar_model::Timestamp;

/// The product: a store, a catalog, recordings, and the scans that run. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    catalog: &'static Catalog,
    store: Store,
    /// None in the demo, whose one recording lies in the program.
    recordings: Option<isobar_recording::store::Store>,
    jobs: jobs::Jobs,
    renders: snapshot::Renders,
    demo: Option<demo::Demo>,
}

impl App {
    /// Opens the data directory, making it where there is none, and takes up scans that a process
    /// which died left behind.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let dir = &config.data_dir;
        make_private_dir(dir).map_err(|source| Error::DataDir { path: dir.clone(), source })?;
        let store = Store::open(&dir.join("isobar.db")).await?;
        let recordings = isobar_recording::store::Store::local(&dir.join("recordings"))?;
        let app = Self::build(config, store, Some(recordings), None)?;
        let operator = app.operator().await?;
        if let Some(key) = &app.inner.config.seed_key {
            app.inner.store.key_seed(&operator, key, Timestamp::now()).await?;
        }
        if app.inner.config.take_up_jobs {
            app.take_up_jobs().await?;
        }
        Ok(app)
    }

    fn build(
        config: Config,
        store: Store,
        recordings: Option<isobar_recording::store::Store>,
        demo: Option<demo::Demo>,
    ) -> Result<Self, Error> {
        let catalog = Catalog::embedded();
        let jobs = jobs::Jobs::new(&config);
        let renders = snapshot::Renders::new(&config);
        Ok(Self { inner: Arc::new(Inner { config, catalog, store, recordings, jobs, renders, demo }) })
    }

    /// The scope of whoever holds the data directory: the first workspace and its first user.
    pub async fn operator(&self) -> Result<Scope, Error> {
        Ok(self.inner.store.operator(Timestamp::now()).await?)
    }
    /// The service catalog.
    pub fn catalog(&self) -> &'static Catalog {
        self.inner.catalog
    }
    /// The configuration it was opened with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }
    /// Whether this is the demo: one recorded account, no AWS.
    pub fn is_demo(&self) -> bool {
        self.inner.demo.is_some()
    }
    /// Whether the store answers; for the readiness probe.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.inner.store.ping().await?)
    }
    /// The scope's user.
    pub async fn user(&self, scope: &Scope) -> Result<User, Error> {
        self.inner.store.user(scope).await?.ok_or(Error::UserGone)
    }
    /// The scope's teams with their members.
    pub async fn teams(&self, scope: &Scope) -> Result<Vec<Team>, Error> {
        Ok(self.inner.store.teams(scope).await?)
    }
    /// Lets go of running scans, so that the next process takes them up at once, and closes the store.
    pub async fn close(&self) {
        self.let_go_of_jobs().await;
        self.inner.store.close().await;
    }
}

#[cfg(unix)]
fn make_private_dir(dir: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    // Recordings describe somebody's infrastructure: nobody else on the machine reads them.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn make_private_dir(dir: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)
}
