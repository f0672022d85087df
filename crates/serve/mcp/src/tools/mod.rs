//! CloudMapper's commands for callers from elsewhere.
//!
//! In: who asks and four texts. Out: an [`Answer`], always: what could not run says so on stderr with
//! an exit code, as a process would. Nothing is cached: an identical call runs again.

mod answer;
mod collect;
mod journal;
mod linked;
mod run;

pub use answer::Answer;
pub use run::{Caller, Limits, Tally, Tools};
