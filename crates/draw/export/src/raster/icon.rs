//! Symbols onto pixels: a small one is drawn once per size and half a pixel, and stamped from then on.

use std::collections::HashMap;

use isobar_scene::geom::Xy;
use isobar_scene::path::pieces;
use isobar_scene::scene::Item;
use tiny_skia::{Pixmap, PixmapMut, Rect, Transform};

use super::shape::{grown, path, reach};
use super::{Painter, transform};

/// Symbols larger than this are rare in a picture: drawing costs less than keeping.
const LARGEST: f32 = 200.0;

/// Steps a pixel is divided into for stamps.
const STEPS: f32 = 2.0;

/// Drawn symbols by number, size and place within a pixel.
#[derive(Default)]
pub(super) struct Stamps {
    extents: HashMap<usize, Option<Rect>>,
    drawn: HashMap<(usize, u32, u8), Option<Stamp>>,
}

/// A drawn symbol and where its corner lies from its origin's pixel.
struct Stamp {
    pixels: Pixmap,
    left: i32,
    top: i32,
}

impl Painter<'_> {
    /// Draws a symbol with its origin at a place of the page.
    pub(super) fn symbol(
        &mut self,
        number: usize,
        at: Xy,
        scale: f64,
        map: Transform,
        canvas: &mut PixmapMut<'_>,
    ) {
        let scene = self.scene;
        let Some(symbol) = scene.symbols.get(number) else { return };
        let extent = self.stamps.extents.entry(number).or_insert_with(|| extent(&symbol.items));
        let Some(extent) = *extent else { return };
        let own = map.pre_concat(transform([scale, 0.0, 0.0, scale, at.0, at.1]));
        let Some(bounds) = extent.transform(own) else { return };
        let off = bounds.right() < 0.0
            || bounds.bottom() < 0.0
            || bounds.left() > canvas.width() as f32
            || bounds.top() > canvas.height() as f32;
        if off {
            return;
        }
        if bounds.width().max(bounds.height()) > LARGEST || own.sx != own.sy {
            symbol.items.iter().for_each(|item| self.item(item, own, canvas));
            return;
        }
        let (x, y) = ((own.tx * STEPS).round() as i32, (own.ty * STEPS).round() as i32);
        let steps = STEPS as i32;
        let (px, py) = (x.rem_euclid(steps), y.rem_euclid(steps));
        let key = (number, own.sx.to_bits(), (py * steps + px) as u8);
        if !self.stamps.drawn.contains_key(&key) {
            let place = (px as f32 / STEPS, py as f32 / STEPS);
            let stamp = self.stamp(&symbol.items, extent, own.sx, place);
            self.stamps.drawn.insert(key, stamp);
        }
        if let Some(Some(stamp)) = self.stamps.drawn.get(&key) {
            let (x, y) = (x.div_euclid(steps) + stamp.left, y.div_euclid(steps) + stamp.top);
            lay(&stamp.pixels, x, y, canvas);
        }
    }

    fn stamp(&mut self, items: &[Item], extent: Rect, scale: f32, place: Xy32) -> Option<Stamp> {
        let bounds = extent.transform(Transform::from_row(scale, 0.0, 0.0, scale, place.0, place.1))?;
        let (left, top) = (bounds.left().floor() as i32 - 1, bounds.top().floor() as i32 - 1);
        let (right, bottom) = (bounds.right().ceil() as i32 + 1, bounds.bottom().ceil() as i32 + 1);
        let mut pixels = Pixmap::new((right - left).max(1) as u32, (bottom - top).max(1) as u32)?;
        let map = Transform::from_row(scale, 0.0, 0.0, scale, place.0 - left as f32, place.1 - top as f32);
        let mut canvas = pixels.as_mut();
        items.iter().for_each(|item| self.item(item, map, &mut canvas));
        Some(Stamp { pixels, left, top })
    }
}

type Xy32 = (f32, f32);

/// What items cover, lines and shadows included.
fn extent(items: &[Item]) -> Option<Rect> {
    let one = |item: &Item| match item {
        Item::Shape(shape) => {
            let bounds = grown(path(&pieces(&shape.outline))?.bounds(), reach(shape))?;
            shape.matrix.map_or(Some(bounds), |matrix| bounds.transform(transform(matrix)))
        }
        Item::Text(text) => {
            // Monograms: a generous box is enough.
            let (w, h) = (text.text.chars().count() as f32 * text.size as f32, text.size as f32);
            let (x, y) = (text.at.0 as f32, text.at.1 as f32);
            let bounds = Rect::from_ltrb(x - w, y - h * 1.3, x + w, y + h * 0.5)?;
            text.matrix.map_or(Some(bounds), |matrix| bounds.transform(transform(matrix)))
        }
        Item::Group(group) => extent(&group.items),
        Item::Use { .. } => None,
    };
    items.iter().filter_map(one).reduce(|a, b| {
        let (left, top) = (a.left().min(b.left()), a.top().min(b.top()));
        Rect::from_ltrb(left, top, a.right().max(b.right()), a.bottom().max(b.bottom())).unwrap_or(a)
    })
}

/// Lays premultiplied pixels over others.
fn lay(stamp: &Pixmap, x: i32, y: i32, canvas: &mut PixmapMut<'_>) {
    let (width, height) = (canvas.width() as i32, canvas.height() as i32);
    let (from_x, to_x) = (x.max(0), (x + stamp.width() as i32).min(width));
    let (from_y, to_y) = (y.max(0), (y + stamp.height() as i32).min(height));
    if from_x >= to_x {
        return;
    }
    let source = stamp.data();
    let target = canvas.data_mut();
    for row in from_y..to_y {
        let start = (((row - y) * stamp.width() as i32 + from_x - x) * 4) as usize;
        let count = ((to_x - from_x) * 4) as usize;
        let under = ((row * width + from_x) * 4) as usize;
        let over = source[start..start + count].as_chunks::<4>().0;
        for (below, above) in target[under..under + count].as_chunks_mut::<4>().0.iter_mut().zip(over) {
            match above[3] {
                0 => {}
                255 => *below = *above,
                alpha => {
                    let rest = 255 - u32::from(alpha);
                    for (b, a) in below.iter_mut().zip(above) {
                        *b = (u32::from(*a) + over_255(u32::from(*b) * rest)) as u8;
                    }
                }
            }
        }
    }
}

/// A product of two bytes divided by 255, rounded.
pub(super) fn over_255(product: u32) -> u32 {
    let biased = product + 128;
    (biased + (biased >> 8)) >> 8
}
