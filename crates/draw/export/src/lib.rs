//! SVG, PNG, WebP, PDF and mxGraph out of a scene; JSON out of a blueprint.
//!
//! Every writer is a plain function of its input: the same input gives the same bytes.

mod error;
mod grid;
pub mod json;
mod line;
pub mod mxgraph;
pub mod pdf;
pub mod png;
mod raster;
pub mod svg;
pub mod webp;

pub use error::Error;
pub use pdf::{Page, Pages, PaperSize};
pub use raster::MOST_PIXELS;

#[cfg(test)]
#[path = "../../scene/samples/orders.rs"]
mod orders;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
