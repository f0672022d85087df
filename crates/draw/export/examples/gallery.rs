//! Contact sheets: one picture of each estate with both projections and both themes side by side.
//! Usage: `cargo run --release -p isobar-export --example gallery -- FOLDER RECORDING`
//!
//! `cargo xtask gallery` runs it. Sheets have a palette of 256 colours, so that a repository can hold
//! them.

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;

use isobar_catalog::Catalog;
use isobar_export::png as picture;
use isobar_graph::{Graph, Selection, View};
use isobar_layout::{Options, Projection, place};
use isobar_scene::{PixelSize, Style, Theme, paint};
use isobar_testkit::estate;

const WIDE: u32 = 1200;
const HIGH: u32 = 750;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write to")?);
    let recording = PathBuf::from(arguments.next().ok_or("name the demo's recording")?);
    std::fs::create_dir_all(&folder)?;
    let demo = isobar_recording::open(&recording)?;
    let demo = isobar_graph::build(Catalog::embedded(), &[&demo]);
    for region in ["eu-west-1", "us-east-1"] {
        let selection = Selection { regions: vec![region.parse()?], ..Selection::default() };
        sheet(&folder, &format!("demo-{region}"), &View::select(&demo, &selection))?;
    }
    for size in [20, 200, 2_000] {
        let graph: Graph = estate::generate(7, size);
        sheet(&folder, &format!("estate-{size}"), &estate::view(&graph))?;
    }
    Ok(())
}

/// Draws four pictures, one sheet.
fn sheet(folder: &std::path::Path, name: &str, view: &View<'_>) -> Result<(), Box<dyn Error>> {
    let mut pixels = vec![0u8; (4 * WIDE * HIGH * 3) as usize];
    for (row, projection) in [Projection::Isometric, Projection::Flat].into_iter().enumerate() {
        let blueprint = place(view, &Options { projection, ..Options::default() });
        for (column, theme) in [Theme::Light, Theme::Dark].into_iter().enumerate() {
            let style = Style {
                theme,
                width: Some(PixelSize::new(WIDE)?),
                height: Some(PixelSize::new(HIGH)?),
                ..Style::default()
            };
            let drawn = rgb(&picture::write(&paint(&blueprint, &style), &style.fonts)?)?;
            for y in 0..HIGH as usize {
                let line = WIDE as usize * 3;
                let at = ((row * HIGH as usize + y) * 2 + column) * line;
                pixels[at..at + line].copy_from_slice(&drawn[y * line..(y + 1) * line]);
            }
        }
    }
    let path = folder.join(format!("{name}.png"));
    let bytes = indexed(&pixels, 2 * WIDE, 2 * HIGH)?;
    println!("{} {} kB", path.display(), bytes.len() / 1000);
    std::fs::write(path, bytes)?;
    Ok(())
}

/// The pixels of one of our PNGs, without transparency.
fn rgb(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("a picture of usual size")?];
    let frame = reader.next_frame(&mut pixels)?;
    pixels.truncate(frame.buffer_size());
    Ok(match frame.color_type {
        png::ColorType::Rgba => pixels.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect(),
        _ => pixels,
    })
}

/// A PNG with the most frequent colours; the others become the nearest of them.
fn indexed(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    // Colours that eyes cannot tell apart are counted as one.
    let coarse = |p: &[u8]| [p[0] & 0xfc, p[1] & 0xfc, p[2] & 0xfc];
    let mut counts: HashMap<[u8; 3], (usize, [u8; 3])> = HashMap::new();
    for p in pixels.chunks_exact(3) {
        counts.entry(coarse(p)).or_insert((0, [p[0], p[1], p[2]])).0 += 1;
    }
    let mut frequent: Vec<(usize, [u8; 3])> = counts.values().copied().collect();
    frequent.sort_by(|a, b| b.cmp(a));
    // Frequent ones that are near to one already taken would leave rare hues without any.
    let mut palette: Vec<[u8; 3]> = Vec::new();
    let far = |a: &[u8; 3], b: &[u8; 3]| -> i32 {
        a.iter().zip(b).map(|(a, b)| (i32::from(*a) - i32::from(*b)).pow(2)).sum()
    };
    for least in [160, 60, 0] {
        for (_, colour) in &frequent {
            if palette.len() < 256 && palette.iter().all(|taken| far(taken, colour) > least) {
                palette.push(*colour);
            }
        }
    }
    let mut near: HashMap<[u8; 3], u8> = HashMap::new();
    let data: Vec<u8> = pixels
        .chunks_exact(3)
        .map(|p| {
            *near.entry(coarse(p)).or_insert_with(|| {
                let colour = [p[0], p[1], p[2]];
                (0..palette.len()).min_by_key(|&n| far(&palette[n], &colour)).unwrap_or(0) as u8
            })
        })
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(out)
}
