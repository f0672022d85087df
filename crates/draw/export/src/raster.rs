//! From a scene to pixels, by way of its SVG: one truth for all formats. Only the scene's own faces
//! are known here, so the same scene gives the same pixels on every machine.

use std::sync::{Arc, OnceLock};

use isobar_scene::{Fonts, Scene};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{FontResolver, Options, Transform, Tree, fontdb};

use crate::error::Error;
use crate::svg::{Detail, write_with};

/// The most pixels a picture may have: 64 million are 256 MB while it is drawn.
pub const MOST_PIXELS: u32 = 64_000_000;

/// The pixels of a scene, colour premultiplied by opacity.
pub(crate) fn pixels(scene: &Scene, fonts: &Fonts, format: &'static str) -> Result<Pixmap, Error> {
    let (width, height) = scene.canvas;
    if u64::from(width) * u64::from(height) > u64::from(MOST_PIXELS) {
        return Err(Error::TooManyPixels { width, height, limit: MOST_PIXELS / 1_000_000 });
    }
    // What is too small to be read is left out: it would cost most of the time.
    let tree = tree(scene, fonts, Detail { least_text: 4.8, picture_only: true, strips: false }, format)?;
    let mut pixmap = Pixmap::new(width, height).ok_or(Error::TooManyPixels {
        width,
        height,
        limit: MOST_PIXELS / 1_000_000,
    })?;
    let size = tree.size();
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    Ok(pixmap)
}

/// The scene's SVG as a tree with its text shaped.
pub(crate) fn tree(
    scene: &Scene,
    fonts: &Fonts,
    detail: Detail,
    format: &'static str,
) -> Result<Tree, Error> {
    let text = write_with(scene, detail);
    Tree::from_str(&text, &options(fonts)).map_err(|source| Error::Tree { format, source })
}

fn options(fonts: &Fonts) -> Options<'static> {
    Options {
        font_family: "Inter".to_owned(),
        fontdb: database(fonts),
        font_resolver: FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(fallback),
        },
        ..Options::default()
    }
}

/// The pixels of an SVG that is no scene, at its own size.
pub(crate) fn pixels_of(svg: &str, fonts: &Fonts, format: &'static str) -> Result<Pixmap, Error> {
    let tree = Tree::from_str(svg, &options(fonts)).map_err(|source| Error::Tree { format, source })?;
    let (width, height) = (tree.size().width().ceil() as u32, tree.size().height().ceil() as u32);
    let large = || Error::TooManyPixels { width, height, limit: MOST_PIXELS / 1_000_000 };
    if u64::from(width) * u64::from(height) > u64::from(MOST_PIXELS) {
        return Err(large());
    }
    let mut pixmap = Pixmap::new(width, height).ok_or_else(large)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    Ok(pixmap)
}

fn database(fonts: &Fonts) -> Arc<fontdb::Database> {
    static EMBEDDED: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut database = fontdb::Database::new();
        for face in fonts.faces() {
            let bytes = face.bytes.clone();
            database.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        database.set_sans_serif_family("Inter");
        Arc::new(database)
    };
    if fonts.is_embedded() { EMBEDDED.get_or_init(load).clone() } else { load() }
}

/// Another face for a character the first one lacks: the nearest weight wins, then the order in
/// which faces were given.
fn fallback(c: char, tried: &[fontdb::ID], database: &mut Arc<fontdb::Database>) -> Option<fontdb::ID> {
    let wanted = tried.first().and_then(|&id| database.face(id)).map_or(400, |face| face.weight.0);
    let mut best: Option<(u16, fontdb::ID)> = None;
    for face in database.faces() {
        let off = face.weight.0.abs_diff(wanted);
        if best.is_some_and(|(least, _)| least <= off) || tried.contains(&face.id) {
            continue;
        }
        let covers = database.with_face_data(face.id, |bytes, index| usvg_face_has(bytes, index, c));
        if covers == Some(true) {
            best = Some((off, face.id));
        }
    }
    best.map(|(_, id)| id)
}

fn usvg_face_has(bytes: &[u8], index: u32, c: char) -> bool {
    ttf_parser::Face::parse(bytes, index).is_ok_and(|face| face.glyph_index(c).is_some())
}

/// Straight RGBA bytes: opacity divided out of the colours again.
pub(crate) fn straight(mut pixmap: Pixmap) -> Vec<u8> {
    for pixel in pixmap.data_mut().as_chunks_mut::<4>().0 {
        let alpha = u32::from(pixel[3]);
        if alpha != 0 && alpha != 255 {
            for channel in &mut pixel[..3] {
                *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
            }
        }
    }
    pixmap.take()
}

/// Whether every pixel is opaque; then three channels say everything.
pub(crate) fn opaque(scene: &Scene) -> bool {
    scene.background.is_some()
}

/// RGBA bytes without their fourth channel.
pub(crate) fn without_alpha(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>().0.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}
