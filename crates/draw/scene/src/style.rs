//! What a drawing is asked for, parsed at the door: theme, scale, canvas, what to leave out.

use std::sync::Arc;

use crate::Error;
use crate::font::Fonts;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Dark ink on a light page.
    #[default]
    Light,
    /// Light ink on a dark page.
    Dark,
}

impl Theme {
    /// Reads `light` or `dark`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
    /// `light` or `dark`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How much larger than natural a drawing is; between 0.05 and 10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale(f64);

impl Scale {
    /// Reads a number such as `1`, `0.5`, `2.0`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Scale { text: text.chars().take(40).collect() };
        let value: f64 = text.trim().parse().map_err(|_| wrong())?;
        if (0.05..=10.0).contains(&value) { Ok(Self(value)) } else { Err(wrong()) }
    }
    /// The factor.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self(1.0)
    }
}

/// A canvas side in pixels; between 1 and 16,384.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PixelSize(u32);

impl PixelSize {
    /// The largest side.
    pub const MAX: u32 = 16_384;

    /// Checks a number of pixels.
    pub fn new(pixels: u32) -> Result<Self, Error> {
        if (1..=Self::MAX).contains(&pixels) {
            Ok(Self(pixels))
        } else {
            Err(Error::PixelSize { text: pixels.to_string() })
        }
    }
    /// Reads a whole number such as `1920`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::PixelSize { text: text.chars().take(40).collect() };
        text.trim().parse().map_err(|_| wrong()).and_then(|pixels| Self::new(pixels).map_err(|_| wrong()))
    }
    /// The number of pixels.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// What a drawing is asked for.
#[derive(Debug, Clone)]
pub struct Style {
    /// Colours.
    pub theme: Theme,
    /// Names under resources and words on lines. Plate titles are always drawn.
    pub label: bool,
    /// Lines every two floor units.
    pub grid: bool,
    /// No page colour, no shadow under the slab.
    pub transparent: bool,
    /// The canvas's exact width; with only one side given, the other follows the drawing.
    pub width: Option<PixelSize>,
    /// The canvas's exact height.
    pub height: Option<PixelSize>,
    /// Multiplies the natural size; without meaning where both sides are given.
    pub scale: Scale,
    /// Legend of what is in use.
    pub legend: bool,
    /// Title block: what, whose, where, when, how much of it.
    pub title_block: bool,
    /// The faces text is measured with.
    pub fonts: Arc<Fonts>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            theme: Theme::Light,
            label: true,
            grid: false,
            transparent: false,
            width: None,
            height: None,
            scale: Scale::default(),
            legend: true,
            title_block: true,
            fonts: Fonts::embedded(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_parsed_at_the_door() {
        assert_eq!(Theme::parse("dark"), Some(Theme::Dark));
        assert_eq!(Theme::parse("Dark"), None);
        assert_eq!(Scale::parse("1.0").unwrap().get(), 1.0);
        for bad in ["", "0", "-1", "NaN", "inf", "1e9", "one"] {
            assert!(Scale::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(PixelSize::parse("1920").unwrap().get(), 1920);
        for bad in ["", "0", "-3", "99999999999", "16385", "3.5"] {
            assert!(PixelSize::parse(bad).is_err(), "{bad}");
        }
    }
}
