//! Ids, ARNs, regions, tags and times, and their parsing.
//!
//! The vocabulary every other crate speaks. It knows no wire format, no file and no AWS call.
//! Each type is made by `parse` at the door and holds only good values afterwards.

pub mod arn;
pub mod error;
pub mod id;
pub mod region;
pub mod secret;
pub mod tag;
pub mod time;

pub use arn::Arn;
pub use error::ParseError;
pub use id::{AccountId, AwsAccountId, ResourceId};
pub use region::{Partition, Region};
pub use secret::Secret;
pub use tag::Tags;
pub use time::Timestamp;
