//! Who stands where, and what connects: a graph's view in, a placed [`Blueprint`] out.
//!
//! Plain functions on values; colours, fonts and file formats are unknown here. The plan is
//! constructive: pieces are built from the inside outwards (subnet, zone, VPC, region, floor) and
//! never moved apart afterwards, so nothing can overlap. Lines are gathered, made fewer, and led
//! through the gutters between the pieces.

mod align;
mod block;
pub mod blueprint;
mod facts;
mod floor;
pub mod geometry;
mod hint;
mod label;
mod lines;
mod metrics;
pub mod neutral;
mod overlay;
mod pack;
mod place;
mod plan;
mod route;
mod services;
mod stack;
mod subnet;
mod uncross;
mod vpc;

pub use blueprint::{
    Blueprint, Detail, Edge, End, Facts, Lines, Node, Options, Plate, PlateKind, Projection, TitleSide,
};
pub use geometry::{Point, Rect};
pub use hint::{Hint, Was};
pub use label::label_boxes;
pub use metrics::{Frame, Metrics};
pub use neutral::{Neutral, place_neutral};
pub use overlay::{Outline, OutlineFrame, OverlayKind, Overlays};
pub use place::place;
