//! The faces text is set in, and how wide text gets. The embedded ones make a drawing the same on
//! every machine; further ones are handed in as bytes by whoever may read files.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::Error;

/// The families, in the order a viewer should try them: the nearest to ours in width come first.
pub const FAMILIES: &str = "Inter, 'Noto Sans KR', 'Noto Sans Arabic', 'Segoe UI', 'Helvetica Neue', \
     Arial, 'DejaVu Sans', sans-serif";

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// 400.
    Regular,
    /// 600.
    SemiBold,
}

impl Weight {
    /// The number SVG and CSS use.
    pub fn number(self) -> u16 {
        match self {
            Self::Regular => 400,
            Self::SemiBold => 600,
        }
    }
}

/// One face's file.
#[derive(Clone)]
pub struct Face {
    /// What to call it in messages.
    pub name: String,
    /// The file's bytes.
    pub bytes: Cow<'static, [u8]>,
}

/// The faces of a drawing.
#[derive(Clone)]
pub struct Fonts {
    faces: Vec<Face>,
    /// Advances of the first 0x250 code points in thousandths of an em, regular and semibold.
    narrow: [Vec<u16>; 2],
}

const EMBEDDED: [(&str, &[u8]); 6] = [
    ("Inter Regular", include_bytes!("../fonts/Inter-Regular.ttf")),
    ("Inter SemiBold", include_bytes!("../fonts/Inter-SemiBold.ttf")),
    ("Noto Sans KR Regular", include_bytes!("../fonts/NotoSansKR-Regular.ttf")),
    ("Noto Sans KR SemiBold", include_bytes!("../fonts/NotoSansKR-SemiBold.ttf")),
    ("Noto Sans Arabic Regular", include_bytes!("../fonts/NotoSansArabic-Regular.ttf")),
    ("Noto Sans Arabic SemiBold", include_bytes!("../fonts/NotoSansArabic-SemiBold.ttf")),
];

const NARROW: u32 = 0x250;

impl Fonts {
    /// Inter, the Hangul of Noto Sans KR, and Noto Sans Arabic.
    pub fn embedded() -> Arc<Self> {
        static FONTS: OnceLock<Arc<Fonts>> = OnceLock::new();
        FONTS
            .get_or_init(|| {
                let face = |(name, bytes): &(&str, &'static [u8])| Face {
                    name: (*name).to_owned(),
                    bytes: Cow::Borrowed(bytes),
                };
                let narrow = [advances(EMBEDDED[0].1), advances(EMBEDDED[1].1)];
                Arc::new(Self { faces: EMBEDDED.iter().map(face).collect(), narrow })
            })
            .clone()
    }

    /// These faces and one more, tried after them.
    pub fn with(mut self, name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Error> {
        let name = name.into();
        if ttf_parser::Face::parse(&bytes, 0).is_err() {
            return Err(Error::Font { name });
        }
        self.faces.push(Face { name, bytes: Cow::Owned(bytes) });
        Ok(self)
    }

    /// All faces, in the order they are tried.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// Whether only the embedded faces are here.
    pub fn is_embedded(&self) -> bool {
        self.faces.len() == EMBEDDED.len()
    }

    /// How wide one character is, in thousandths of an em. Beyond Latin it is an estimate from
    /// above: ideographs, Hangul and emoji are square or nearly so, all else is taken as wide.
    fn advance(&self, c: char, weight: Weight) -> u32 {
        let code = u32::from(c);
        if code < NARROW {
            return u32::from(self.narrow[usize::from(weight == Weight::SemiBold)][code as usize]);
        }
        match code {
            0x300..=0x36F | 0x200B..=0x200F | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF => 0,
            0xAC00..=0xD7A3 => 930,
            0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC => 640,
            0x1100..=0x11FF | 0x2E80..=0xABFF | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 => 1000,
            0x1F000..=0x1FAFF => 1250,
            0x20000..=0x3FFFF => 1000,
            0x2026 => 820,
            0x2013 | 0x2018..=0x201F | 0x2022 => 660,
            _ => 760,
        }
    }

    /// How wide a text is at a size, kerning left out.
    pub fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let thousandths: u32 = text.chars().map(|c| self.advance(c, weight)).sum();
        f64::from(thousandths) * size / 1000.0
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.faces.iter().map(|face| &face.name)).finish()
    }
}

fn advances(bytes: &[u8]) -> Vec<u16> {
    let Ok(face) = ttf_parser::Face::parse(bytes, 0) else { return vec![600; NARROW as usize] };
    let units = f64::from(face.units_per_em());
    let one = |code: u32| {
        let advance = char::from_u32(code)
            .and_then(|c| face.glyph_index(c))
            .and_then(|glyph| face.glyph_hor_advance(glyph));
        advance.map_or(600, |advance| (f64::from(advance) * 1000.0 / units).round() as u16)
    };
    (0..NARROW).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_measured_with_the_embedded_face() {
        let fonts = Fonts::embedded();
        let width = |text| fonts.width(text, 10.0, Weight::Regular);
        assert!(width("iiii") < width("mmmm") / 2.5);
        assert!((width("web-1") - 5.0 * 5.7).abs() < 5.0, "{}", width("web-1"));
        assert!((width("서울") - 18.6).abs() < 0.1);
        assert!(fonts.width("web", 10.0, Weight::SemiBold) > width("web"));
        assert_eq!(width(""), 0.0);
    }

    #[test]
    fn every_embedded_face_parses_and_covers_its_script() {
        for (at, sample) in [(0, 'ä'), (1, 'Ж'), (2, '서'), (3, '한'), (4, 'ع'), (5, 'ع')] {
            let face = ttf_parser::Face::parse(EMBEDDED[at].1, 0).unwrap();
            assert!(face.glyph_index(sample).is_some(), "{} lacks {sample}", EMBEDDED[at].0);
        }
        assert!(Fonts::clone(&Fonts::embedded()).with("x", b"no font".to_vec()).is_err());
    }
}
