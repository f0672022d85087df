//! One TOML file per AWS service, and their loader.
//!
//! In: the embedded files under `services/`. Out: a [`Catalog`]: which calls to make, and how
//! resources and relations are read out of their answers. HTTP, signing and drawing are unknown here.
//!
//! [`load`] reads the files and says what is wrong with one; [`spec`] is what they can say;
//! [`path`] and [`text`] evaluate what they write; [`component`] lists the words for types;
//! [`policy`] derives the IAM policies from the calls.

pub mod component;
pub mod error;
pub mod load;
pub mod path;
pub mod policy;
pub mod services;
pub mod spec;
pub mod text;

pub use error::Error;
pub use path::{Found, Path};
pub use spec::{CallSpec, Catalog, Each, Purpose, RelationSpec, ResourceSpec, Scope, Service, Uncovered};
pub use text::{Context, Text};
