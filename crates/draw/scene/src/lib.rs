//! A placed diagram in, a finished page out: shapes, icons, text and where each of them lies.
//!
//! `paint` decides everything that can be seen; what a file format writes down is export's. Plain
//! functions on values: the same blueprint and style give the same scene, everywhere.

mod color;
mod error;
mod font;
pub mod geom;
pub mod icon;
mod paint;
mod palette;
pub mod path;
pub mod scene;
mod style;
mod text;

pub use color::Color;
pub use error::Error;
pub use font::{FAMILIES, Face, Fonts, Weight};
pub use paint::{NAMED_PLATES, flow_name, paint};
pub use palette::{Palette, Tint};
pub use scene::Scene;
pub use style::{PixelSize, Scale, Style, Theme};
pub use text::clean;
