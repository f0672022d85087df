//! A scene as PNG of exactly the canvas's size.

use isobar_scene::{Fonts, Scene};

use crate::error::Error;
use crate::raster::{bytes, pixels};

/// Writes the scene; `fonts` are those it was painted with.
pub fn write(scene: &Scene, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    let (width, height) = scene.canvas;
    let (data, opaque) = bytes(scene, pixels(scene, fonts)?);
    encode(&data, width, height, opaque)
}

fn encode(data: &[u8], width: u32, height: u32, opaque: bool) -> Result<Vec<u8>, Error> {
    let failed = |error: png::EncodingError| Error::Encode { format: "PNG", reason: error.to_string() };
    let mut out = Vec::with_capacity(data.len() / 8);
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_color(if opaque { png::ColorType::Rgb } else { png::ColorType::Rgba });
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
