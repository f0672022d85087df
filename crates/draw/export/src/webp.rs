//! A scene as lossless WebP of exactly the canvas's size.

use image_webp::{ColorType, WebPEncoder};
use isobar_scene::{Fonts, Scene};

use crate::error::Error;
use crate::raster::{bytes, pixels};

/// Writes the scene; `fonts` are those it was painted with. WebP holds no side above 16,383 pixels.
pub fn write(scene: &Scene, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    let (width, height) = scene.canvas;
    if width > 16_383 || height > 16_383 {
        return Err(Error::TooLong { width, height, limit: 16_383 });
    }
    let (data, opaque) = bytes(scene, pixels(scene, fonts)?);
    let mut out = Vec::with_capacity(data.len() / 16);
    let encoder = WebPEncoder::new(&mut out);
    let color = if opaque { ColorType::Rgb8 } else { ColorType::Rgba8 };
    let written = encoder.encode(&data, width, height, color);
    written.map_err(|error| Error::Encode { format: "WebP", reason: error.to_string() })?;
    Ok(out)
}
