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
pub mod open;
pub mod recording;
pub mod redact;
pub mod store;
mod tight;
pub mod tree;

pub use call::Call;
pub use error::Error;
pub use manifest::{Entry, Hash, Manifest, Outcome};
pub use open::open;
pub use recording::{Builder, Recording};
pub use store::{Store, Summary};

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    /// A folder of a test's own, gone when the test is.
    pub(crate) struct Folder(pub(crate) PathBuf);

    impl Folder {
        pub(crate) fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("isobar-{name}-{}", uuid::Uuid::new_v4())))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
