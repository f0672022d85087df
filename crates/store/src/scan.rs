//! Freshness: which recording is the newest of each service of an account's region.

use isobar_model::{AccountId, Region, Timestamp};
use uuid::Uuid;

use crate::dialect::Row;
use crate::{Error, Scope, Store, row};

/// The newest scan of one service in one region (or `global`) of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanRow {
    /// The account.
    pub account: AccountId,
    /// The region, or `global`.
    pub region: Region,
    /// The service, `sqs`.
    pub service: String,
    /// The recording's id.
    pub recording: Uuid,
    /// When the scan began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// How many calls were made.
    pub calls: i64,
    /// How many of them were denied or failed.
    pub gaps: i64,
}

impl Store {
    /// Notes what a scan brought, one row a service, in one transaction.
    pub async fn scans_save(&self, scope: &Scope, rows: &[ScanRow]) -> Result<(), Error> {
        let attempt = "note a scan";
        let mut tx = self.pool.begin().await.map_err(Error::query(attempt))?;
        for scan in rows {
            sqlx::query(
                "INSERT INTO scan (workspace_id, account_id, region, service, recording, started_at, ended_at, \
                 calls, gaps) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                 ON CONFLICT (account_id, region, service) DO UPDATE SET recording = $5, started_at = $6, \
                 ended_at = $7, calls = $8, gaps = $9",
            )
            .bind(scope.workspace.to_string())
            .bind(scan.account.to_string())
            .bind(scan.region.as_str())
            .bind(&scan.service)
            .bind(scan.recording.to_string())
            .bind(scan.started.to_string())
            .bind(scan.ended.to_string())
            .bind(scan.calls)
            .bind(scan.gaps)
            .execute(&mut *tx)
            .await
            .map_err(Error::query(attempt))?;
        }
        tx.commit().await.map_err(Error::query(attempt))
    }

    /// The newest scans of an account, by region and service; of one region only where given.
    pub async fn scans(
        &self,
        scope: &Scope,
        account: AccountId,
        region: Option<&Region>,
    ) -> Result<Vec<ScanRow>, Error> {
        let rows = sqlx::query(
            "SELECT * FROM scan WHERE workspace_id = $1 AND account_id = $2 AND ($3 IS NULL OR region = $3) \
             ORDER BY region, service",
        )
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.map(Region::as_str))
        .fetch_all(&self.pool)
        .await
        .map_err(Error::query("read scans"))?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<ScanRow, Error> {
    Ok(ScanRow {
        account: row::id(row, "account_id")?.into(),
        region: Region::parse(&row::text(row, "region")?).map_err(Error::corrupt("region"))?,
        service: row::text(row, "service")?,
        recording: row::id(row, "recording")?,
        started: row::time(row, "started_at")?,
        ended: row::time(row, "ended_at")?,
        calls: row::number(row, "calls")?,
        gaps: row::number(row, "gaps")?,
    })
}
