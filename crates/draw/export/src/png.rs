//! A scene as PNG of exactly the canvas's size.

use isobar_scene::{Fonts, Scene};

use crate::error::Error;
use crate::raster::{opaque, pixels, pixels_of, straight, without_alpha};

/// Writes the scene; `fonts` are those it was painted with.
pub fn write(scene: &Scene, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    let (width, height) = scene.canvas;
    let data = straight(pixels(scene, fonts, "PNG")?);
    encode(data, width, height, opaque(scene))
}

/// Draws an SVG that is no scene, a chart for one, at its own size.
pub fn from_svg(svg: &str, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    let pixmap = pixels_of(svg, fonts, "PNG")?;
    let (width, height) = (pixmap.width(), pixmap.height());
    encode(straight(pixmap), width, height, false)
}

fn encode(mut data: Vec<u8>, width: u32, height: u32, opaque: bool) -> Result<Vec<u8>, Error> {
    let failed = |error: png::EncodingError| Error::Encode { format: "PNG", reason: error.to_string() };
    let mut out = Vec::with_capacity(data.len() / 8);
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    if opaque {
        encoder.set_color(png::ColorType::Rgb);
        data = without_alpha(&data);
    } else {
        encoder.set_color(png::ColorType::Rgba);
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
