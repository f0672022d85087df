//! A scene as PDF: vectors and real text, on paper of a given size or on a page of the drawing's
//! own. No times and no random ids are written: the same scene gives the same bytes.

use isobar_scene::{Fonts, Scene};
use krilla::geom::{Size, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};

use crate::error::Error;
use crate::raster::tree;
use crate::svg::Detail;

/// A paper size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the standard's.
pub enum PaperSize {
    Letter,
    Legal,
    Tabloid,
    Ledger,
    A0,
    A1,
    A2,
    A3,
    A4,
    A5,
}

impl PaperSize {
    /// Every size, as the API spells them.
    pub const ALL: [(&'static str, Self); 10] = [
        ("Letter", Self::Letter),
        ("Legal", Self::Legal),
        ("Tabloid", Self::Tabloid),
        ("Ledger", Self::Ledger),
        ("A0", Self::A0),
        ("A1", Self::A1),
        ("A2", Self::A2),
        ("A3", Self::A3),
        ("A4", Self::A4),
        ("A5", Self::A5),
    ];

    /// Reads `A4`, `Letter`, ...; capitals do not matter.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, size)| *size)
            .ok_or_else(|| Error::PaperSize { text: text.chars().take(40).collect() })
    }

    /// Width and height in points, upright; Ledger is Tabloid lying down.
    fn points(self) -> (f32, f32) {
        const MM: f32 = 72.0 / 25.4;
        match self {
            Self::Letter => (612.0, 792.0),
            Self::Legal => (612.0, 1008.0),
            Self::Tabloid => (792.0, 1224.0),
            Self::Ledger => (1224.0, 792.0),
            Self::A0 => (841.0 * MM, 1189.0 * MM),
            Self::A1 => (594.0 * MM, 841.0 * MM),
            Self::A2 => (420.0 * MM, 594.0 * MM),
            Self::A3 => (297.0 * MM, 420.0 * MM),
            Self::A4 => (210.0 * MM, 297.0 * MM),
            Self::A5 => (148.0 * MM, 210.0 * MM),
        }
    }
}

/// The paper a drawing is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// The paper; none for a page of the drawing's own size.
    pub paper: Option<PaperSize>,
    /// The paper lies on its long side.
    pub landscape: bool,
}

impl Page {
    /// Width, height and margin in points, for a drawing of that size.
    fn measures(self, drawing: (f32, f32)) -> (f32, f32, f32) {
        let Some(paper) = self.paper else {
            // CSS pixels are three quarters of a point; PDF ends at 14,400 points.
            let most = 14_400.0 / drawing.0.max(drawing.1).max(1.0);
            let scale = 0.75_f32.min(most);
            let (w, h) = ((drawing.0 * scale).max(3.0), (drawing.1 * scale).max(3.0));
            return if self.landscape && h > w { (h, w, 0.0) } else { (w, h, 0.0) };
        };
        let (w, h) = paper.points();
        let (w, h) = if self.landscape { (w.max(h), w.min(h)) } else { (w, h) };
        (w, h, 28.0_f32.min(w.min(h) * 0.05))
    }
}

/// Writes the scene; `fonts` are those it was painted with.
pub fn write(scene: &Scene, fonts: &Fonts, page: &Page) -> Result<Vec<u8>, Error> {
    let failed = |reason: &str| Error::Encode { format: "PDF", reason: reason.to_owned() };
    let tree = tree(scene, fonts, Detail { least_text: 0.0, picture_only: true, strips: true }, "PDF")?;
    let drawing = (tree.size().width(), tree.size().height());
    let (width, height, margin) = page.measures(drawing);
    let fit = ((width - 2.0 * margin) / drawing.0).min((height - 2.0 * margin) / drawing.1);
    let size = Size::from_wh(drawing.0 * fit, drawing.1 * fit).ok_or_else(|| failed("no size"))?;
    let settings = PageSettings::from_wh(width, height).ok_or_else(|| failed("no page"))?;

    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(
        Metadata::new()
            .title(scene.title.clone())
            .creator("isobar".to_owned())
            .producer("isobar".to_owned())
            .subject_of(scene),
    );
    let mut sheet = document.start_page_with(settings);
    let mut surface = sheet.surface();
    if let Some(color) = scene.background {
        paper_color(&mut surface, color, width, height);
    }
    surface.push_transform(&Transform::from_translate(
        (width - size.width()) / 2.0,
        (height - size.height()) / 2.0,
    ));
    surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(|| failed("not drawn"))?;
    surface.pop();
    surface.finish();
    sheet.finish();
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

/// The page's colour over the margins too, so that a drawing has no frame around it.
fn paper_color(surface: &mut krilla::surface::Surface<'_>, color: isobar_scene::Color, w: f32, h: f32) {
    let mut builder = krilla::geom::PathBuilder::new();
    if let Some(rect) = krilla::geom::Rect::from_xywh(-2.0, -2.0, w + 4.0, h + 4.0) {
        builder.push_rect(rect);
    }
    let Some(path) = builder.finish() else { return };
    surface.set_fill(Some(krilla::paint::Fill {
        paint: krilla::color::rgb::Color::new(color.0, color.1, color.2).into(),
        ..Default::default()
    }));
    surface.draw_path(&path);
    surface.set_fill(None);
}

/// What a PDF's properties say beside its title.
trait Subject {
    fn subject_of(self, scene: &Scene) -> Self;
}

impl Subject for Metadata {
    fn subject_of(self, scene: &Scene) -> Self {
        let facts: Vec<String> =
            scene.facts.iter().skip(1).map(|(heading, value)| format!("{heading}: {value}")).collect();
        self.description(facts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_parsed_and_turned() {
        let a4 = PaperSize::parse("a4").unwrap();
        let upright = Page { paper: Some(a4), landscape: false }.measures((100.0, 50.0));
        let lying = Page { paper: Some(a4), landscape: true }.measures((100.0, 50.0));
        assert_eq!((upright.0.round(), upright.1.round()), (595.0, 842.0));
        assert_eq!((lying.0.round(), lying.1.round()), (842.0, 595.0));
        assert_eq!(Page::default().measures((1920.0, 1080.0)), (1440.0, 810.0, 0.0));
        for (name, size) in PaperSize::ALL {
            assert_eq!(PaperSize::parse(name).unwrap(), size);
        }
        assert!(PaperSize::parse("A6").unwrap_err().to_string().contains("A5"));
    }
}
