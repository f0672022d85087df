//! CloudMapper's network map of an account: containers, leaves, and who may reach whom.
//!
//! In: a recording and [`MapOptions`]. Out: a [`NetworkMap`], from which `prepare` writes its file
//! and `public` reads what is open. Positions are left to whoever draws.

mod grouped;
mod leaf;
mod links;
mod options;
mod tree;

pub(crate) use leaf::Leaf;
pub(crate) use links::{Lines, external_entry};
pub(crate) use options::MapOptions;
pub(crate) use tree::{NetworkMap, RegionMap};
