//! SVG, PNG, WebP, PDF and mxGraph out of a scene; JSON out of a blueprint.
//!
//! Every writer is a plain function of its input: the same input gives the same bytes.

mod error;
pub mod json;
pub mod mxgraph;
pub mod pdf;
pub mod png;
mod raster;
pub mod svg;
pub mod webp;

pub use error::Error;
pub use pdf::{Page, PaperSize};
pub use raster::MOST_PIXELS;

#[cfg(test)]
#[path = "../../scene/samples/orders.rs"]
mod orders;
#[cfg(test)]
mod tests;
