//! Charts and, in time, whole reports out of findings and inventory.
//!
//! In: counts and findings as values. Out: text: SVG, HTML. How findings arose is unknown here, and
//! nothing refers to anything outside the file it stands in.

pub mod chart;
pub mod escape;
