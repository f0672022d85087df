//! Text as glyphs of embedded faces that say which characters they stand for, so that it can be
//! searched and copied. Letters get no halo here, for outlined letters would be found twice: a plain
//! strip lies beneath them.

use std::cell::OnceCell;

use isobar_layout::Rect;
use isobar_scene::scene::{Anchor, Outline, Shape, Text};
use isobar_scene::{Color, Fonts, Weight};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Quadrilateral};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::shape::{self, short, transform};
use super::sheet::Link;
use super::{Placed, Writer, fill};
use crate::line::{Glyph, Line, Typesetter};

/// Faces as PDF embeds them, and set lines.
pub(super) struct Type<'a> {
    fonts: &'a Fonts,
    setter: Typesetter<'a>,
    faces: Vec<OnceCell<Option<Font>>>,
}

impl<'a> Type<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        let faces = fonts.faces().iter().map(|_| OnceCell::new()).collect();
        Self { fonts, setter: Typesetter::new(fonts), faces }
    }

    /// Draws a line of text, on a strip where it has a halo.
    pub(super) fn draw(&mut self, text: &Text, surface: &mut Surface<'_>) {
        if text.text.is_empty() {
            return;
        }
        let line = self.setter.line(&text.text, text.weight);
        let size = short(text.size);
        let left = match text.anchor {
            Anchor::Start => text.at.0,
            Anchor::Middle => text.at.0 - f64::from(line.width * size) / 2.0,
            Anchor::End => text.at.0 - f64::from(line.width * size),
        };
        if let Some(matrix) = &text.matrix {
            surface.push_transform(&transform(matrix));
        }
        if let Some((color, _)) = text.halo {
            shape::draw(
                &strip(left, text.at.1, text.size, f64::from(line.width * size), color),
                &[],
                surface,
            );
        }
        surface.set_stroke(None);
        surface.set_fill(Some(fill(text.color)));
        self.glyphs(&line, &text.text, (short(left), short(text.at.1)), size, surface);
        if text.matrix.is_some() {
            surface.pop();
        }
    }

    /// Draws words at a place of the paper, from it or up to it.
    fn words(
        &mut self,
        text: &str,
        weight: Weight,
        (x, y, size): (f32, f32, f32),
        from_right: bool,
        surface: &mut Surface<'_>,
    ) {
        let line = self.setter.line(text, weight);
        let x = if from_right { x - line.width * size } else { x };
        self.glyphs(&line, text, (x, y), size, surface);
    }

    fn glyphs(&self, line: &Line, text: &str, (x, y): (f32, f32), size: f32, surface: &mut Surface<'_>) {
        for run in &line.runs {
            let Some(font) = self.font(run.face) else { continue };
            let shown = &text[run.text.clone()];
            let bodies = if run.backwards { bodies_first(&run.glyphs) } else { run.glyphs.clone() };
            let glyphs: Vec<KrillaGlyph> = bodies
                .iter()
                .map(|glyph| {
                    let (id, range) = (GlyphId::new(u32::from(glyph.id)), glyph.cluster.clone());
                    KrillaGlyph::new(id, glyph.advance, glyph.offset.0, glyph.offset.1, 0.0, range, None)
                })
                .collect();
            let start = Point::from_xy(x + run.x * size, y);
            surface.draw_glyphs(start, &glyphs, font, shown, size, false);
        }
    }

    fn font(&self, at: usize) -> Option<Font> {
        let load = || {
            let data = match &self.fonts.faces()[at].bytes {
                std::borrow::Cow::Borrowed(bytes) => krilla::Data::from(*bytes),
                std::borrow::Cow::Owned(bytes) => krilla::Data::from(bytes.clone()),
            };
            Font::new(data, 0)
        };
        self.faces.get(at)?.get_or_init(load).clone()
    }
}

/// The glyphs with all letters' bodies first, then their dots, which stay where they are and stand for
/// nothing: many readers take a word to end where a glyph is off the line or does not go on from the
/// one before, as dots are and do.
fn bodies_first(glyphs: &[Glyph]) -> Vec<Glyph> {
    let (mut out, mut dots): (Vec<Glyph>, Vec<Glyph>) = (Vec::with_capacity(glyphs.len()), Vec::new());
    let end = glyphs.iter().map(|glyph| glyph.cluster.end).max().unwrap_or_default();
    let mut left: f32 = glyphs.iter().map(|glyph| glyph.advance).sum();
    for letter in glyphs.chunk_by(|a, b| a.cluster == b.cluster) {
        let whole = letter.iter().all(|glyph| glyph.advance <= 0.0);
        for glyph in letter {
            if glyph.advance > 0.0 || whole {
                out.push(glyph.clone());
            } else {
                let offset = (glyph.offset.0 - left, glyph.offset.1);
                dots.push(Glyph { offset, cluster: end..end, ..glyph.clone() });
            }
            left -= glyph.advance;
        }
    }
    out.append(&mut dots);
    out
}

/// A strip in the halo's colour beneath a line of text.
fn strip(left: f64, baseline: f64, size: f64, width: f64, color: Color) -> Shape {
    let rect = Rect::new(left - 1.5, baseline - size * 0.82, width + 3.0, size * 1.08);
    Shape {
        outline: Outline::Rect(rect, 2.0),
        fill: Some(isobar_scene::scene::Fill::Flat(color)),
        fill_opacity: 0.85,
        stroke: None,
        matrix: None,
    }
}

impl Writer<'_> {
    /// What a sheet shows, and which of how many it is.
    pub(super) fn header(&mut self, title: &str, count: &str, placed: &Placed, surface: &mut Surface<'_>) {
        let (left, right) = (18.0, placed.paper.0 - 18.0);
        surface.set_stroke(None);
        surface.set_fill(Some(fill(self.scene.palette.ink)));
        self.letters.words(title, Weight::SemiBold, (left, 21.0, 11.0), false, surface);
        surface.set_fill(Some(fill(self.scene.palette.muted)));
        self.letters.words(count, Weight::Regular, (right, 21.0, 9.0), true, surface);
    }

    /// A place that can be clicked.
    pub(super) fn link(&self, link: &Link, placed: &Placed) -> Annotation {
        let corners = link.corners.map(|corner| placed.point(corner));
        let top = XyzDestination::new(link.sheet, Point::from_xy(0.0, 0.0));
        let target = Target::Destination(top.into());
        let annotation = LinkAnnotation::new_with_quad_points(vec![Quadrilateral(corners)], target);
        Annotation::new_link(annotation, Some(link.words.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_follow_the_bodies_and_stay_where_they_are() {
        let glyph = |id, advance, x, cluster| Glyph { id, advance, offset: (x, 0.1), cluster };
        let word = [glyph(1, 0.0, 0.2, 2..4), glyph(2, 0.5, 0.0, 2..4), glyph(3, 0.3, 0.0, 0..2)];
        let order: Vec<(u16, f32)> = bodies_first(&word).iter().map(|g| (g.id, g.offset.0)).collect();
        // The dot was drawn at 0.2; after both bodies the pen is at 0.8.
        assert_eq!(order, [(2, 0.0), (3, 0.0), (1, 0.2 - 0.8)]);
        assert_eq!(bodies_first(&word)[2].cluster, 4..4);
    }
}
