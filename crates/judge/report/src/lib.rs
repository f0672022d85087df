//! Charts and whole reports out of findings and inventory.
//!
//! In: counts, findings and tables as values. Out: text: SVG, HTML. How findings arose is unknown here,
//! and nothing refers to anything outside the file it stands in.

pub mod chart;
pub mod escape;
pub mod map;
pub mod page;

pub use page::{Block, Kind, Page, Section, Table};
