//! Paper: its sizes, which way it lies, and how many sheets a drawing takes.

use crate::error::Error;

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

/// Paper is read from nearer than a screen, so its pixels may be smaller than a screen's: with so many
/// the smallest names are set in 4.4 points.
const PIXELS_TO_A_POINT: f32 = 2.0;

/// The paper a drawing is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// The paper; none for a page of the drawing's own size.
    pub paper: Option<PaperSize>,
    /// The paper lies on its long side.
    pub landscape: bool,
    /// How many sheets there are.
    pub pages: Pages,
}

/// How many sheets a drawing is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pages {
    /// One, with everything.
    #[default]
    One,
    /// One with everything, then one or more for each network and for the services beside them.
    Many,
}

impl Pages {
    /// Reads `one` or `many`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "one" => Some(Self::One),
            "many" => Some(Self::Many),
            _ => None,
        }
    }
}

impl Page {
    /// The canvas on which a drawing of that natural size should be painted for the sheet with
    /// everything: of the paper's shape, and no larger than leaves names and legend readable in print.
    /// None where no paper is named. Of many sheets the others have other shapes: they are parts of the
    /// natural drawing.
    pub fn canvas(self, natural: (u32, u32)) -> Option<(u32, u32)> {
        self.paper?;
        let natural = (natural.0 as f32, natural.1 as f32);
        let (width, height, margin) = self.measures(natural);
        let room = (width - 2.0 * margin, height - 2.0 * margin);
        let pixels = (natural.0 / room.0).max(natural.1 / room.1).min(PIXELS_TO_A_POINT);
        Some(((room.0 * pixels).round().max(1.0) as u32, (room.1 * pixels).round().max(1.0) as u32))
    }

    /// Width, height and margin in points, for a drawing of that size.
    pub(super) fn measures(self, drawing: (f32, f32)) -> (f32, f32, f32) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_is_parsed_and_turned() {
        let a4 = PaperSize::parse("a4").unwrap();
        let upright = Page { paper: Some(a4), ..Page::default() }.measures((100.0, 50.0));
        let lying = Page { paper: Some(a4), landscape: true, ..Page::default() }.measures((100.0, 50.0));
        assert_eq!((upright.0.round(), upright.1.round()), (595.0, 842.0));
        assert_eq!((lying.0.round(), lying.1.round()), (842.0, 595.0));
        assert_eq!(Page::default().measures((1920.0, 1080.0)), (1440.0, 810.0, 0.0));
        let page = Page { paper: Some(a4), landscape: true, pages: Pages::One };
        assert_eq!(page.canvas((4000, 1000)), Some((1572, 1079)));
        assert_eq!(page.canvas((786, 400)), Some((786, 539)), "no larger than the drawing");
        assert_eq!(Page { pages: Pages::Many, ..page }.canvas((4000, 1000)), Some((1572, 1079)));
        assert_eq!(Page::default().canvas((786, 400)), None);
        for (name, size) in PaperSize::ALL {
            assert_eq!(PaperSize::parse(name).unwrap(), size);
        }
        assert!(PaperSize::parse("A6").unwrap_err().to_string().contains("A5"));
    }
}
