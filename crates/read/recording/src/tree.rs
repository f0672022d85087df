//! CloudMapper's directory tree, as an import and an export format.
//!
//! In: `account-data/NAME` as CloudMapper's `collect` leaves it. Out: a recording, and the other way
//! round. CloudMapper's tree knows no times, no failures and only the parameters that its own calls
//! take; an exported tree therefore holds one file more, [`MANIFEST`], from which everything comes
//! back as it was. CloudMapper ignores it.

mod export;
mod import;
mod names;
mod write;

pub use export::export;
pub use import::import_folder;
pub(crate) use import::{account_folder, import};
pub use write::Writer;

/// The file in an account's folder that keeps what the tree cannot say.
pub const MANIFEST: &str = "isobar-manifest.json";
/// The lines that a running scan has added since its manifest was written.
pub const JOURNAL: &str = "isobar-journal.jsonl";

/// An operation as CloudMapper and the AWS CLI spell it: `describe-db-instances`.
pub fn request_name(operation: &str) -> String {
    names::request_of(operation)
}
