//! One TOML file per AWS service, and their loader.
//!
//! In: the embedded files under `services/`. Out: a [`Catalog`]: which calls to make, and how
//! resources and relations are read out of their answers. HTTP, signing and drawing are unknown here.

pub mod path;
pub mod spec;

pub use path::{Found, Path};
pub use spec::{CallSpec, Catalog, Each, Scope, Service};
