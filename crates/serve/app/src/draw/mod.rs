//! The pure join: recordings and a request in, the bytes of a drawing out.
//!
//! No clock, no network, no store: the same input gives the same bytes. What the request may say is
//! parsed in [`request`].

mod join;
mod like;
pub mod request;

pub use isobar_export::{Pages, PaperSize};
pub use isobar_layout::{Detail, Projection};
pub use isobar_scene::{PixelSize, Scale, Theme};
pub use join::{Drawing, blueprint, draw};
pub use like::Like;
pub use request::{DrawRequest, Format};

#[cfg(test)]
mod tests;
