//! From a scene to pixels. Solids and letters are drawn once and stamped wherever they occur again;
//! what is stamped lies on quarters and halves of a pixel. Only the scene's own faces are known here,
//! so the same scene gives the same pixels on every machine.

mod icon;
mod shape;
mod text;

use isobar_scene::scene::{Grid, Group, Item, Mark, Scene};
use isobar_scene::{Color, Fonts};
use tiny_skia::{Pixmap, PixmapMut, Transform};

use crate::error::Error;
use icon::Stamps;
pub(crate) use shape::dashes;
use text::Letters;

/// The most pixels a picture may have: 64 million are 256 MB while it is drawn.
pub const MOST_PIXELS: u32 = 64_000_000;

/// Texts below this many pixels are left out: nobody can read them.
const LEAST_TEXT: f64 = 4.8;

/// The pixels of a scene, colour premultiplied by opacity.
pub(crate) fn pixels(scene: &Scene, fonts: &Fonts) -> Result<Pixmap, Error> {
    let (width, height) = scene.canvas;
    let large = || Error::TooManyPixels { width, height, limit: MOST_PIXELS / 1_000_000 };
    if u64::from(width) * u64::from(height) > u64::from(MOST_PIXELS) {
        return Err(large());
    }
    let mut pixmap = Pixmap::new(width, height).ok_or_else(large)?;
    if let Some(color) = scene.background {
        pixmap.fill(opaque_color(color));
    }
    let page = scene.page;
    let (sx, sy) = (f64::from(width) / page.w, f64::from(height) / page.h);
    let map = transform([sx, 0.0, 0.0, sy, -page.x * sx, -page.y * sy]);
    let mut painter =
        Painter { scene, letters: Letters::new(fonts), stamps: Stamps::default(), zoom: scene.zoom() };
    let mut canvas = pixmap.as_mut();
    if let Some(grid) = &scene.grid {
        painter.grid(grid, map, &mut canvas);
    }
    for item in &scene.items {
        painter.item(item, map, &mut canvas);
    }
    Ok(pixmap)
}

/// What draws items, and remembers what it has drawn.
struct Painter<'a> {
    scene: &'a Scene,
    letters: Letters<'a>,
    stamps: Stamps,
    zoom: f64,
}

impl Painter<'_> {
    fn item(&mut self, item: &Item, map: Transform, canvas: &mut PixmapMut<'_>) {
        match item {
            Item::Shape(shape) => shape::draw(shape, &self.scene.gradients, map, canvas),
            Item::Text(text) => {
                if text.size * self.zoom >= LEAST_TEXT {
                    self.letters.draw(text, map, canvas);
                }
            }
            Item::Use { symbol, at, scale } => self.symbol(*symbol, *at, *scale, map, canvas),
            Item::Group(group) => {
                if !self.wordless(group) {
                    group.items.iter().for_each(|item| self.item(item, map, canvas));
                }
            }
        }
    }

    /// A label whose words are too small to be read: its card is not worth showing either.
    fn wordless(&self, group: &Group) -> bool {
        let small = |item: &Item| match item {
            Item::Text(text) => text.size * self.zoom < LEAST_TEXT,
            Item::Shape(_) => true,
            Item::Use { .. } | Item::Group(_) => false,
        };
        matches!(group.mark, Mark::Label(_)) && group.items.iter().all(small)
    }

    /// Lines along the cells of the floor.
    fn grid(&mut self, grid: &Grid, map: Transform, canvas: &mut PixmapMut<'_>) {
        let shape = crate::grid::lines(grid, &self.scene.page);
        shape::draw(&shape, &[], map, canvas);
    }
}

fn transform(map: [f64; 6]) -> Transform {
    let [a, b, c, d, e, f] = map.map(|v| v as f32);
    Transform::from_row(a, b, c, d, e, f)
}

fn opaque_color(color: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(color.0, color.1, color.2, 255)
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

/// The bytes of a picture: three channels where the page is opaque, four otherwise.
pub(crate) fn bytes(scene: &Scene, pixmap: Pixmap) -> (Vec<u8>, bool) {
    if scene.background.is_none() {
        return (straight(pixmap), false);
    }
    let rgba = pixmap.data().as_chunks::<4>().0;
    let mut out = Vec::with_capacity(rgba.len() * 3);
    for pixel in rgba {
        out.extend_from_slice(&pixel[..3]);
    }
    (out, true)
}
