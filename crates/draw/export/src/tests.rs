//! What every format must do: survive any name, be the same twice, have the size asked for.

use isobar_layout::{Blueprint, Projection};
use isobar_scene::{PixelSize, Scene, Style, Theme, paint};

use crate::json::{self, JsonContext};
use crate::{Error, Page, PaperSize, mxgraph, orders, pdf, png, svg, webp};

const BOTH: [Projection; 2] = [Projection::Isometric, Projection::Flat];

fn style(w: u32, h: u32) -> Style {
    Style {
        width: Some(PixelSize::new(w).unwrap()),
        height: Some(PixelSize::new(h).unwrap()),
        ..Style::default()
    }
}

/// Every format of a blueprint.
fn all(blueprint: &Blueprint, style: &Style) -> Vec<(&'static str, Vec<u8>)> {
    let scene = paint(blueprint, style);
    let paper = Page { paper: Some(PaperSize::A4), landscape: true, ..Page::default() };
    vec![
        ("svg", svg::write(&scene).into_bytes()),
        ("mxGraph", mxgraph::write(&scene).into_bytes()),
        ("json", json::write(blueprint, &JsonContext::default()).into_bytes()),
        ("png", png::write(&scene, &style.fonts).unwrap()),
        ("webp", webp::write(&scene, &style.fonts).unwrap()),
        ("pdf", pdf::write(&scene, &style.fonts, &paper).unwrap()),
    ]
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for projection in BOTH {
        let style = Style { theme: Theme::Dark, ..style(480, 320) };
        let (once, twice) =
            (all(&orders::orders(projection), &style), all(&orders::orders(projection), &style));
        for ((format, a), (_, b)) in once.iter().zip(&twice) {
            assert!(a == b, "{format} differs");
        }
    }
}

#[test]
fn hostile_names_break_no_format() {
    for projection in BOTH {
        let blueprint = orders::hostile(projection);
        for (format, bytes) in all(&blueprint, &style(640, 480)) {
            assert!(bytes.len() > 1_000, "{format} is empty");
            if let Ok(text) = std::str::from_utf8(&bytes)
                && format != "json"
            {
                assert!(!text.contains("<script") && !text.contains("]]>"), "{format} holds live markup");
                assert!(!text.contains(['\u{0}', '\u{7}', '\u{1b}', '\u{202E}', '\u{FFFE}']), "{format}");
            }
        }
    }
}

fn decoded(bytes: &[u8]) -> (u32, u32, ::png::ColorType, Vec<u8>) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, info.color_type, pixels)
}

#[test]
fn a_png_has_exactly_the_size_asked_for() {
    let blueprint = orders::orders(Projection::Isometric);
    for (w, h) in [(1920, 1080), (30, 20), (1, 1), (333, 777)] {
        let scene = paint(&blueprint, &style(w, h));
        let (width, height, color, pixels) = decoded(&png::write(&scene, &style(w, h).fonts).unwrap());
        assert_eq!((width, height, color), (w, h, ::png::ColorType::Rgb));
        let colors: std::collections::HashSet<&[u8]> = pixels.chunks(3).collect();
        assert!(w < 300 || colors.len() > 50, "a picture of {} colours", colors.len());
    }
    let clear = Style { transparent: true, ..style(64, 64) };
    let (_, _, color, pixels) = decoded(&png::write(&paint(&blueprint, &clear), &clear.fonts).unwrap());
    assert_eq!(color, ::png::ColorType::Rgba);
    assert_eq!(pixels[3], 0, "the corner is not transparent");
}

#[test]
fn a_picture_that_would_not_fit_into_memory_is_refused() {
    let blueprint = orders::orders(Projection::Flat);
    let scene = Scene { canvas: (16_000, 16_000), ..paint(&blueprint, &Style::default()) };
    for result in [png::write(&scene, &Style::default().fonts), webp::write(&scene, &Style::default().fonts)]
    {
        assert!(matches!(result, Err(Error::TooManyPixels { limit: 64, .. })));
    }
}

#[test]
fn a_pdf_is_one_page_of_vectors_with_text_and_without_time() {
    let blueprint = orders::hostile(Projection::Flat);
    let scene = paint(&blueprint, &Style::default());
    let bytes = pdf::write(&scene, &Style::default().fonts, &Page::default()).unwrap();
    assert!(bytes.starts_with(b"%PDF-1."));
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("/ToUnicode") && text.contains("Inter") && text.contains("NotoSansKR"));
    assert!(!text.contains("/CreationDate") && !text.contains("/Subtype/Image"));
    assert!(bytes.len() < 1_000_000, "{} bytes", bytes.len());
}

#[test]
fn webp_begins_as_webp() {
    let scene = paint(&orders::orders(Projection::Flat), &style(320, 200));
    let bytes = webp::write(&scene, &Style::default().fonts).unwrap();
    let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&bytes)).unwrap();
    assert_eq!(decoder.dimensions(), (320, 200));
    let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut pixels).unwrap();
}

/// How far two pictures are apart: the mean difference of a channel, and the share of pixels that
/// differ by more than a fifth of the range.
fn apart(ours: &[u8], theirs: &[u8]) -> (f64, f64) {
    let differences: Vec<u8> = ours
        .chunks(4)
        .zip(theirs.chunks(4))
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0))
        .collect();
    let count = differences.len() as f64;
    let mean = differences.iter().map(|&d| f64::from(d)).sum::<f64>() / count;
    let far = differences.iter().filter(|&&d| d > 51).count() as f64 / count;
    (mean, far)
}

#[test]
fn pixels_are_those_of_the_svg_in_another_renderer() {
    for (projection, theme, grid, transparent) in [
        (Projection::Isometric, Theme::Light, true, false),
        (Projection::Isometric, Theme::Dark, false, true),
        (Projection::Flat, Theme::Dark, true, false),
    ] {
        let style = Style { theme, grid, transparent, ..style(1000, 640) };
        for blueprint in [orders::orders(projection), orders::crowd(projection, 60)] {
            let scene = paint(&blueprint, &style);
            let ours = crate::raster::pixels(&scene, &style.fonts).unwrap();
            let theirs = crate::reference::pixels(&scene, &style.fonts);
            let (mean, far) = apart(ours.data(), theirs.data());
            assert!(mean < 1.5 && far < 0.008, "{projection:?} {theme:?}: mean {mean:.3}, far {far:.5}");
        }
    }
}
