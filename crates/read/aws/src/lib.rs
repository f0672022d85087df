//! Credentials, signing, wire protocols, paging and retries: one generic client for all AWS services.
//!
//! In: a service, an operation, a region and parameters. Out: the answer, all its pages merged, in
//! exactly the JSON that the AWS CLI prints, or a [`CallError`]. The services are data
//! (`models/`, extracted from botocore); the code knows protocols, not services, but for the few
//! exceptions in `quirks` and `s3`. Only reading operations can be called ([`read_only`]).
//! What to call, and where answers are kept, is left to collect and recording.
//!
//! A call goes `client` -> `request` -> `endpoint` -> `sign` -> `transport` -> `response`, page after
//! page into `paginate`, again and again as `retry` allows.

pub mod client;
mod connector;
mod credentials;
mod endpoint;
pub mod error;
pub mod identity;
mod model;
mod paginate;
pub mod profile;
mod quirks;
pub mod read_only;
mod request;
mod response;
mod retry;
mod s3;
pub mod settings;
mod sign;
mod time;
mod transport;

pub use client::{Caller, Client};
pub use endpoint::regions;
pub use error::{CallError, CallErrorKind, Error};
pub use identity::Identity;
pub use model::{botocore_version, operations, parameters, services};
pub use response::{read, read_error};
pub use settings::Settings;
