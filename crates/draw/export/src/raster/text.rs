//! Letters onto pixels: each glyph's coverage is computed once per size and fraction of a pixel, and
//! laid down in any colour from then on.

use std::collections::HashMap;

use isobar_scene::scene::{Anchor, Text};
use isobar_scene::{Color, Fonts};
use tiny_skia::{FillRule, LineJoin, Mask, Path, PixmapMut, Stroke, Transform};

use super::icon::over_255;
use super::shape::path;
use super::transform;
use crate::line::Typesetter;

/// How wide a halo's line is, in ems; half of it lies outside the letters.
const HALO: f32 = 0.32;

/// Steps a pixel is divided into for letters, along and across.
const STEPS: (i32, i32) = (4, 2);

/// Shaped lines, outlines and coverages.
pub(super) struct Letters<'a> {
    setter: Typesetter<'a>,
    outlines: HashMap<(usize, u16), Option<Path>>,
    /// Maps from ems to pixels in use, places left out.
    forms: Vec<[f32; 4]>,
    coverages: HashMap<Key, Option<Coverage>>,
}

#[derive(PartialEq, Eq, Hash, Clone, Copy)]
struct Key {
    form: usize,
    face: usize,
    glyph: u16,
    /// Which fraction of a pixel.
    place: u8,
    halo: bool,
}

/// How much of each pixel a glyph covers, and where its corner lies from its origin's pixel.
struct Coverage {
    mask: Mask,
    left: i32,
    top: i32,
}

impl<'a> Letters<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            setter: Typesetter::new(fonts),
            outlines: HashMap::new(),
            forms: Vec::new(),
            coverages: HashMap::new(),
        }
    }

    /// Draws a line of text, its halo beneath it.
    pub(super) fn draw(&mut self, text: &Text, map: Transform, canvas: &mut PixmapMut<'_>) {
        let line = self.setter.line(&text.text, text.weight);
        let size = text.size as f32;
        let map = text.matrix.map_or(map, |matrix| map.pre_concat(transform(matrix)));
        let shift = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -line.width / 2.0,
            Anchor::End => -line.width,
        };
        let (x, y) = (text.at.0 as f32 + shift * size, text.at.1 as f32);
        let form = self.form([map.sx * size, map.ky * size, map.kx * size, map.sy * size]);
        let halo = text.halo.map(|(color, _)| (color, true));
        for (color, halo) in halo.into_iter().chain([(text.color, false)]) {
            for run in &line.runs {
                let mut pen = run.x;
                for glyph in &run.glyphs {
                    let (dx, dy) = (pen + glyph.offset.0, -glyph.offset.1);
                    let mut at = tiny_skia::Point::from_xy(x + dx * size, y + dy * size);
                    map.map_point(&mut at);
                    self.glyph(form, run.face, glyph.id, halo, (at.x, at.y), color, canvas);
                    pen += glyph.advance;
                }
            }
        }
    }

    fn form(&mut self, form: [f32; 4]) -> usize {
        if let Some(at) = self.forms.iter().rposition(|known| *known == form) {
            return at;
        }
        self.forms.push(form);
        self.forms.len() - 1
    }

    #[allow(clippy::too_many_arguments)] // A glyph, where and how: nothing here has a life of its own.
    fn glyph(
        &mut self,
        form: usize,
        face: usize,
        glyph: u16,
        halo: bool,
        at: (f32, f32),
        color: Color,
        canvas: &mut PixmapMut<'_>,
    ) {
        let (x, y) = ((at.0 * STEPS.0 as f32).round() as i32, (at.1 * STEPS.1 as f32).round() as i32);
        let (px, py) = (x.rem_euclid(STEPS.0), y.rem_euclid(STEPS.1));
        let key = Key { form, face, glyph, place: (py * STEPS.0 + px) as u8, halo };
        if !self.coverages.contains_key(&key) {
            let place = (px as f32 / STEPS.0 as f32, py as f32 / STEPS.1 as f32);
            let coverage = self.coverage(key, place);
            self.coverages.insert(key, coverage);
        }
        if let Some(Some(coverage)) = self.coverages.get(&key) {
            let (x, y) = (x.div_euclid(STEPS.0) + coverage.left, y.div_euclid(STEPS.1) + coverage.top);
            lay(&coverage.mask, x, y, color, canvas);
        }
    }

    fn coverage(&mut self, key: Key, place: (f32, f32)) -> Option<Coverage> {
        let [a, b, c, d] = self.forms[key.form];
        let setter = &self.setter;
        let outline = self
            .outlines
            .entry((key.face, key.glyph))
            .or_insert_with(|| setter.outline(key.face, key.glyph).and_then(|segments| path(&segments)))
            .as_ref()?;
        let stroked;
        let outline = if key.halo {
            let line = Stroke { width: HALO, line_join: LineJoin::Round, ..Stroke::default() };
            let scale = (a * d - b * c).abs().sqrt().max(0.01);
            stroked = outline.stroke(&line, scale)?;
            &stroked
        } else {
            outline
        };
        let map = Transform::from_row(a, b, c, d, place.0, place.1);
        let bounds = outline.bounds().transform(map)?;
        let (left, top) = (bounds.left().floor() as i32, bounds.top().floor() as i32);
        let (right, bottom) = (bounds.right().ceil() as i32 + 1, bounds.bottom().ceil() as i32 + 1);
        let mut mask = Mask::new((right - left).max(1) as u32, (bottom - top).max(1) as u32)?;
        let map = Transform::from_row(a, b, c, d, place.0 - left as f32, place.1 - top as f32);
        mask.fill_path(outline, FillRule::Winding, true, map);
        Some(Coverage { mask, left, top })
    }
}

/// Lays an opaque colour over pixels, as far as they are covered.
fn lay(mask: &Mask, x: i32, y: i32, color: Color, canvas: &mut PixmapMut<'_>) {
    let (width, height) = (canvas.width() as i32, canvas.height() as i32);
    let (from_x, to_x) = (x.max(0), (x + mask.width() as i32).min(width));
    let (from_y, to_y) = (y.max(0), (y + mask.height() as i32).min(height));
    if from_x >= to_x {
        return;
    }
    let ink = [color.0, color.1, color.2, 255].map(u32::from);
    let source = mask.data();
    let target = canvas.data_mut();
    for row in from_y..to_y {
        let start = ((row - y) * mask.width() as i32 + from_x - x) as usize;
        let count = (to_x - from_x) as usize;
        let under = ((row * width + from_x) * 4) as usize;
        let pixels = target[under..under + count * 4].as_chunks_mut::<4>().0;
        for (below, &covered) in pixels.iter_mut().zip(&source[start..start + count]) {
            if covered == 0 {
                continue;
            }
            let covered = u32::from(covered);
            for (b, ink) in below.iter_mut().zip(ink) {
                *b = over_255(ink * covered + u32::from(*b) * (255 - covered)) as u8;
            }
        }
    }
}
