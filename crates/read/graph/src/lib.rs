//! Resources, containment and typed relations of one or many accounts; the filter; typed views.
//!
//! In: a recording and the catalog. Out: a [`Graph`] of everything known, and from it a [`View`],
//! the part a picture or report shows. Where things stand on paper is left to the layout.

mod build;
pub mod dump;
pub mod fields;
pub mod filter;
pub mod graph;
mod hooks;
pub mod kind;
pub mod view;

pub use build::build;
pub use dump::dump;
pub use fields::Fields;
pub use filter::{Filter, FilterError};
pub use graph::{Graph, Index, Note, Relation, Resource};
pub use kind::{ContainerKind, Family, Flow, RelationKind, Tier};
pub use view::{Link, Selection, View};
