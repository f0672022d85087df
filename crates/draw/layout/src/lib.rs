//! Who stands where, and what connects: a graph's view in, a placed [`Blueprint`] out.
//!
//! Plain functions on values; colours, fonts and file formats are unknown here.

pub mod blueprint;
pub mod geometry;

pub use blueprint::{Blueprint, Edge, Node, Options, Plate, PlateKind, Projection, TitleSide};
pub use geometry::{Point, Rect};
