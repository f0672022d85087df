//! The one place that knows which database this is: opening, pragmas and migrations.
//!
//! Another database needs its pool type here, its folder under `migrations/`, and nothing else: the
//! statements elsewhere use TEXT, BIGINT, `$1`, `ON CONFLICT` and `RETURNING` only.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::Error;

/// A row of this database.
pub(crate) type Row = sqlx::sqlite::SqliteRow;

/// The schema's steps, in order. A step that was shipped is never changed.
const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "first", include_str!("../migrations/sqlite/0001_first.sql"))];

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: sqlx::SqlitePool,
}

impl Store {
    /// Opens (or makes) the database file and brings its schema up to date.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        Self::connect(options, 4, &path.display().to_string()).await
    }

    /// A database that lives as long as the value: for the demo and for tests.
    pub async fn in_memory() -> Result<Self, Error> {
        // One connection that never goes: each connection to `:memory:` is a database of its own.
        Self::connect(SqliteConnectOptions::new().in_memory(true), 1, ":memory:").await
    }

    async fn connect(options: SqliteConnectOptions, connections: u32, path: &str) -> Result<Self, Error> {
        let options = options.foreign_keys(true).busy_timeout(Duration::from_secs(10));
        let open =
            |source: Box<dyn std::error::Error + Send + Sync>| Error::Open { path: path.into(), source };
        // One that the pool opened by itself at the same time would want a new file's journal as well, and
        // one of the two finds it locked.
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(0)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await
            .map_err(|e| open(e.into()))?;
        let migrations = MIGRATIONS.iter().map(|&(version, name, sql)| {
            let name = Cow::Borrowed(name);
            Migration::new(version, name, MigrationType::Simple, sql.into_sql_str(), false)
        });
        let migrator = Migrator::with_migrations(migrations.collect());
        migrator.run(&pool).await.map_err(|e| open(e.into()))?;
        Ok(Self { pool })
    }

    /// Whether the database answers; for the readiness probe.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map_err(Error::query("answer"))?;
        Ok(())
    }

    /// Closes all connections after their running statements.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
