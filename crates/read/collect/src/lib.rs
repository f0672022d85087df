//! Order, concurrency and outcome of an account's calls.
//!
//! In: a client, the catalog, regions, perhaps an earlier recording. Out: a recording with an
//! outcome for every call. Reading an account cannot fail, only be partial: what was denied or went
//! wrong is an outcome like any other. What answers mean is left to the graph, how they travel to
//! the client, where recordings are kept to others.
//!
//! Calls go out as soon as the answers they need are there, at most [`Request::concurrency`] at once
//! and [`PER_SERVICE`] for one service in one region. The recording does not depend on who came
//! first: its entries are sorted, and items are put into batches in sorted order.

mod drive;
mod outcome;
mod plan;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use isobar_aws::{CallError, Client};
use isobar_catalog::Catalog;
pub use isobar_catalog::Purpose;
use isobar_model::{Partition, Region, Timestamp};
use isobar_recording::{Builder, Call, Hash, Outcome, Recording};
use serde_json::Value;
use uuid::Uuid;

/// The most calls at once for one service in one region; AWS throttles by these.
pub const PER_SERVICE: usize = 6;
/// The most calls at once where a request does not say.
pub const AT_ONCE: usize = 24;

/// What to collect.
#[derive(Clone, Default)]
pub struct Request {
    /// The name under which people know the account; its alias where none is given.
    pub account_name: Option<String>,
    /// The regions; `global` stands for the global services.
    pub regions: Vec<Region>,
    /// What for: diagrams need fewer calls than audits.
    pub purpose: Purpose,
    /// Only these services; all when empty.
    pub services: Vec<String>,
    /// The most calls at once; 0 for [`AT_ONCE`].
    pub concurrency: usize,
    /// Is told of each outcome, in the order in which they come.
    pub progress: Option<Arc<dyn Fn(Event) + Send + Sync>>,
}

/// What happens while a scan runs.
#[derive(Debug, Clone, PartialEq)]
// One at a time, and gone at once: a box would cost more than the bytes.
#[allow(clippy::large_enum_variant)]
pub enum Event {
    /// So many calls are known to be needed by now; the number grows as lists come in.
    Planned {
        /// Calls made and to be made.
        calls: usize,
    },
    /// A call has an outcome.
    Done {
        /// Which.
        call: Call,
        /// What came of it.
        outcome: Outcome,
        /// How many calls have one by now.
        done: usize,
        /// How many are known to be needed by now.
        planned: usize,
    },
}

/// What a running scan has brought so far. It outlives the scan's future: when that is dropped,
/// half-way through, this still gives a consistent partial recording to save and to resume from.
#[derive(Debug)]
pub struct Checkpoint(Mutex<Builder>);

impl Checkpoint {
    /// A new scan, or one that goes on where an earlier one was cut off: its answers are kept, what
    /// was denied, failed or skipped is asked again.
    pub fn new(earlier: Option<Recording>, now: Timestamp) -> Self {
        let builder = match earlier {
            None => Builder::resume(Recording::new(Uuid::new_v4(), Partition::Aws, now)),
            Some(earlier) => {
                let mut builder = Builder::resume(earlier);
                let answered = |o: &Outcome| matches!(o, Outcome::Response { .. } | Outcome::Absent { .. });
                builder.manifest_mut().entries.retain(|entry| answered(&entry.outcome));
                builder.manifest_mut().ended = None;
                builder
            }
        };
        Self(Mutex::new(builder))
    }

    /// All outcomes so far, as a recording that has not ended (until it has).
    pub fn recording(&self) -> Recording {
        self.with(|builder| builder.snapshot())
    }

    /// An answer so far, by the hash that its outcome names.
    pub fn answer(&self, hash: &Hash) -> Option<Arc<Value>> {
        self.with(|builder| builder.answer(hash))
    }

    /// The manifest so far; its entries stand in the order in which they came.
    pub fn manifest(&self) -> isobar_recording::Manifest {
        self.with(|builder| builder.manifest_mut().clone())
    }

    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Builder) -> T) -> T {
        // A panic elsewhere leaves whole entries behind: each change is one push.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Collects an account. `earlier` is a scan of the same account that was cut off, to go on with.
pub async fn run(
    client: &Client,
    catalog: &Catalog,
    request: Request,
    earlier: Option<Recording>,
) -> Recording {
    let checkpoint = Checkpoint::new(earlier, Timestamp::now());
    run_into(client, catalog, request, &checkpoint).await;
    checkpoint.recording()
}

/// Collects an account into a checkpoint that the caller holds.
pub async fn run_into(client: &Client, catalog: &Catalog, request: Request, checkpoint: &Checkpoint) {
    drive::run(client, catalog, request, checkpoint).await;
}

/// Whoever answers calls: the client, or a test.
pub(crate) trait Ask: Sync {
    fn ask(&self, call: &Call) -> impl Future<Output = Result<Value, CallError>> + Send;
}

impl Ask for Client {
    async fn ask(&self, call: &Call) -> Result<Value, CallError> {
        self.call(&call.service, &call.operation, &call.region, &call.parameters).await
    }
}
