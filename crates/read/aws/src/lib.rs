//! Credentials, signing, wire protocols, paging and retries: one generic client for all AWS services.
//!
//! In: a service, an operation, a region and parameters. Out: the answer, all its pages merged, in
//! exactly the JSON that the AWS CLI prints, or a [`CallError`]. The services are data
//! (`models/`, extracted from botocore); the code knows protocols, not services, but for the few
//! exceptions in `quirks`. Only reading operations can be called ([`read_only`]).
//! What to call, and where answers are kept, is left to collect and recording.

pub mod client;
pub mod error;
pub mod identity;
pub mod read_only;
pub mod settings;

pub use client::{Caller, Client};
pub use error::{CallError, CallErrorKind, Error};
pub use identity::Identity;
pub use settings::Settings;
