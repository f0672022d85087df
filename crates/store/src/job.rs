//! Jobs: scans that outlive the request that asked for them. And promises made by a 202.

use isobar_model::{AccountId, ParseError, Region, Timestamp};
use uuid::Uuid;

use crate::dialect::Row;
use crate::{Error, Rights, Scope, Store, row};

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It runs, or ran when the process died.
    Running,
    /// It brought a recording.
    Done,
    /// It brought an error.
    Failed,
}

impl JobState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
    fn parse(text: &str) -> Result<Self, ParseError> {
        [Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| ParseError::new(text, "running, done or failed"))
    }
}

/// A scan of one region (or `global`) of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub account: AccountId,
    /// The region, or `global`.
    pub region: Region,
    /// What has become of it.
    pub state: JobState,
    /// How often it was started.
    pub attempts: i64,
    /// When the process that runs it last said so.
    pub beat: Timestamp,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The error's code and words.
    pub error: Option<(String, String)>,
}

impl Store {
    /// Begins a job of the process `owner`. None when one runs for that account and region already.
    pub async fn job_start(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        owner: Uuid,
        now: Timestamp,
    ) -> Result<Option<Uuid>, Error> {
        let id = Uuid::new_v4();
        let done = sqlx::query(
            "INSERT INTO job (id, workspace_id, account_id, region, state, attempts, created_at, started_at, \
             owner, beat_at) VALUES ($1, $2, $3, $4, 'running', 1, $5, $5, $6, $5) ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.as_str())
        .bind(now.to_string())
        .bind(owner.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("begin a job"))?;
        Ok((done.rows_affected() > 0).then_some(id))
    }

    /// Says that a job still runs. False when it was taken from its owner, or its account was removed.
    pub async fn job_beat(
        &self,
        scope: &Scope,
        id: Uuid,
        owner: Uuid,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE job SET beat_at = $4 WHERE workspace_id = $1 AND id = $2 AND owner = $3 AND state = 'running'",
        )
        .bind(scope.workspace.to_string())
        .bind(id.to_string())
        .bind(owner.to_string())
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("note that a job runs"))?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends a job, well or with an error's code and words.
    pub async fn job_end(
        &self,
        scope: &Scope,
        id: Uuid,
        error: Option<(&str, &str)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let state = if error.is_some() { JobState::Failed } else { JobState::Done };
        sqlx::query(
            "UPDATE job SET state = $3, ended_at = $4, error_code = $5, error_text = $6 \
             WHERE workspace_id = $1 AND id = $2",
        )
        .bind(scope.workspace.to_string())
        .bind(id.to_string())
        .bind(state.as_str())
        .bind(now.to_string())
        .bind(error.map(|e| e.0))
        .bind(error.map(|e| e.1))
        .execute(&self.pool)
        .await
        .map_err(Error::query("end a job"))?;
        Ok(())
    }

    /// The newest job of an account's region.
    pub async fn job_latest(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
    ) -> Result<Option<Job>, Error> {
        let row = sqlx::query(
            "SELECT * FROM job WHERE workspace_id = $1 AND account_id = $2 AND region = $3 \
             ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(Error::query("read a job"))?;
        row.as_ref().map(read).transpose()
    }

    /// Takes up what a process that died left running: jobs that nobody said to run since `silent`.
    /// Each counts as begun once more and comes with a scope to run it under; one that was begun
    /// `limit` times is ended with an error instead, so that a scan that kills us cannot do so for ever.
    pub async fn jobs_take_up(
        &self,
        owner: Uuid,
        silent: Timestamp,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<(Scope, Job)>, Error> {
        sqlx::query(
            "UPDATE job SET state = 'failed', ended_at = $3, error_code = 'interrupted', error_text = \
             'the server stopped during this scan, again and again' \
             WHERE state = 'running' AND beat_at < $1 AND attempts >= $2",
        )
        .bind(silent.to_string())
        .bind(limit)
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("give up jobs"))?;
        let rows = sqlx::query(
            "UPDATE job SET attempts = attempts + 1, started_at = $3, beat_at = $3, owner = $2 \
             WHERE state = 'running' AND beat_at < $1 RETURNING *",
        )
        .bind(silent.to_string())
        .bind(owner.to_string())
        .bind(now.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(Error::query("take up jobs"))?;
        rows.iter()
            .map(|row| {
                let scope = Scope {
                    workspace: row::id(row, "workspace_id")?,
                    user: Uuid::nil(),
                    teams: vec![],
                    rights: Rights::ReadWrite,
                    key: None,
                };
                Ok((scope, read(row)?))
            })
            .collect()
    }

    /// Lets go of all jobs of a process that ends, so that the next one takes them up at once.
    pub async fn jobs_let_go(&self, owner: Uuid) -> Result<(), Error> {
        sqlx::query("UPDATE job SET beat_at = '1970-01-01T00:00:00.000Z', attempts = attempts - 1 WHERE owner = $1 AND state = 'running'")
            .bind(owner.to_string())
            .execute(&self.pool)
            .await
            .map_err(Error::query("let go of jobs"))?;
        Ok(())
    }

    /// Notes that a 202 promised the result of a request, unless it did before and still holds.
    pub async fn promise(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        request: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO promise (workspace_id, account_id, region, request, made_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, region, request) DO UPDATE SET made_at = $5",
        )
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.as_str())
        .bind(request)
        .bind(now.to_string())
        .execute(&self.pool)
        .await
        .map_err(Error::query("note a promise"))?;
        Ok(())
    }

    /// When the result of a request was promised.
    pub async fn promised(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        request: &str,
    ) -> Result<Option<Timestamp>, Error> {
        let row = sqlx::query(
            "SELECT made_at FROM promise WHERE workspace_id = $1 AND account_id = $2 AND region = $3 \
             AND request = $4",
        )
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.as_str())
        .bind(request)
        .fetch_optional(&self.pool)
        .await
        .map_err(Error::query("read a promise"))?;
        row.as_ref().map(|row| row::time(row, "made_at")).transpose()
    }

    /// Takes a promise back: it was kept with an error, or is too old.
    pub async fn promise_forget(
        &self,
        scope: &Scope,
        account: AccountId,
        region: &Region,
        request: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM promise WHERE workspace_id = $1 AND account_id = $2 AND region = $3 AND request = $4",
        )
        .bind(scope.workspace.to_string())
        .bind(account.to_string())
        .bind(region.as_str())
        .bind(request)
        .execute(&self.pool)
        .await
        .map_err(Error::query("forget a promise"))?;
        Ok(())
    }

    /// Forgets jobs and promises older than `before`, so that the tables do not grow for ever.
    pub async fn jobs_prune(&self, before: Timestamp) -> Result<(), Error> {
        for sql in [
            "DELETE FROM job WHERE state <> 'running' AND ended_at < $1",
            "DELETE FROM promise WHERE made_at < $1",
        ] {
            sqlx::query(sql)
                .bind(before.to_string())
                .execute(&self.pool)
                .await
                .map_err(Error::query("prune jobs"))?;
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        id: row::id(row, "id")?,
        account: row::id(row, "account_id")?.into(),
        region: Region::parse(&row::text(row, "region")?).map_err(Error::corrupt("region"))?,
        state: JobState::parse(&row::text(row, "state")?).map_err(Error::corrupt("state"))?,
        attempts: row::number(row, "attempts")?,
        beat: row::time(row, "beat_at")?,
        created: row::time(row, "created_at")?,
        ended: row::optional_time(row, "ended_at")?,
        error: row::optional(row, "error_code")?.zip(row::optional(row, "error_text")?),
    })
}
