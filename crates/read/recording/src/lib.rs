//! A scan's manifest and answers, on disk and in memory; import and export of CloudMapper's tree.
//!
//! In: the outcomes of calls, one by one, or a directory. Out: a [`Recording`], enough to rebuild
//! everything offline. What the answers mean is left to the graph.
//!
//! A recording is a **manifest** (call, parameters, region, outcome, time, hash) and **answers**
//! stored by content hash, so that equal answers are stored once, over calls and over scans.

pub mod bundle;
pub mod call;
pub mod error;
pub mod manifest;
pub mod recording;
pub mod redact;

pub use call::Call;
pub use error::Error;
pub use manifest::{Entry, Hash, Manifest, Outcome};
pub use recording::{Builder, Recording};
