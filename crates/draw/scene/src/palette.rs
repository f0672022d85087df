//! Which colour means what, per theme. Every pair that must be told apart is tested here against
//! WCAG 2.2 (text 4.5:1, graphics 3:1); colours are never the only carrier of a meaning.

use isobar_graph::{Family, Flow};
use isobar_layout::PlateKind;

use crate::color::Color;
use crate::style::Theme;

/// The colours of one theme.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// Whose colours these are.
    pub theme: Theme,
    /// The page.
    pub page: Color,
    /// Lines of the grid.
    pub grid: Color,
    /// Text.
    pub ink: Color,
    /// Small text.
    pub muted: Color,
    /// Glyphs on a solid.
    pub glyph: Color,
    /// Shadows.
    pub shadow: Color,
    /// How dark a contact shadow is, in hundredths.
    pub shadow_strength: u8,
    /// The slab's lip: left and right face.
    pub lip: (Color, Color),
    /// Cards: legend, title block, labels on borders.
    pub card: Color,
    /// Lines of cards.
    pub card_line: Color,
    /// Warnings: the notice of a partial scan.
    pub warning: Color,
    /// Under a warning.
    pub warning_card: Color,
    /// What side faces are mixed to, and how much on the left and on the right.
    pub shade: (Color, f64, f64),
    /// How much white the rim of a top face gets.
    pub rim: f64,
}

/// How a plate is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tint {
    /// Its surface; none for a mere outline.
    pub fill: Option<Color>,
    /// Its border.
    pub line: Color,
    /// The border's width in pixels.
    pub width: f64,
    /// The border's dashes.
    pub dash: Option<&'static str>,
    /// Corner radius in floor units.
    pub radius: f64,
}

impl Palette {
    /// The theme's colours.
    pub fn of(theme: Theme) -> Self {
        let hex = Color::hex;
        match theme {
            Theme::Light => Self {
                theme,
                page: hex(0xEEF2F7),
                grid: hex(0xE0E6EE),
                ink: hex(0x16202E),
                muted: hex(0x4A5A70),
                glyph: hex(0xFFFFFF),
                shadow: hex(0x1B2A41),
                shadow_strength: 13,
                lip: (hex(0xCBD4E0), hex(0xB3BFCE)),
                card: hex(0xFFFFFF),
                card_line: hex(0xC3CDDA),
                warning: hex(0x8A4B00),
                warning_card: hex(0xFFF1D6),
                shade: (Color::BLACK, 0.14, 0.34),
                rim: 0.38,
            },
            Theme::Dark => Self {
                theme,
                page: hex(0x0C1117),
                grid: hex(0x151C25),
                ink: hex(0xEDF2F8),
                muted: hex(0xA3B1C4),
                glyph: hex(0x0B1119),
                shadow: hex(0x000000),
                shadow_strength: 45,
                lip: (hex(0x0F151D), hex(0x090D12)),
                card: hex(0x161D27),
                card_line: hex(0x364457),
                warning: hex(0xFFC766),
                warning_card: hex(0x33270F),
                shade: (hex(0x0A0F16), 0.24, 0.50),
                rim: 0.45,
            },
        }
    }

    /// A family's hue.
    pub fn family(&self, family: Family) -> Color {
        let (light, dark) = match family {
            Family::Compute => (0xC2500A, 0xF5A05A),
            Family::Storage => (0x3B7A1E, 0x86CF74),
            Family::Database => (0x2160C4, 0x74ACFF),
            Family::Network => (0x7438DC, 0xBD9DFF),
            Family::Security => (0xC21F3F, 0xFF8088),
            Family::Integration => (0xB8247A, 0xFF8CC6),
            Family::Edge => (0x0B7580, 0x55D3C8),
            Family::Neutral => (0x47566C, 0xA9B8CC),
        };
        self.pick(light, dark)
    }

    /// A flow's colour.
    pub fn flow(&self, flow: Flow) -> Color {
        let (light, dark) = match flow {
            Flow::Request => (0x34445A, 0xC3CFDE),
            Flow::Data => (0x2160C4, 0x74ACFF),
            Flow::Event => (0xB8247A, 0xFF8CC6),
            Flow::Egress => (0x5F6F84, 0x93A2B6),
            Flow::Trust => (0xC21F3F, 0xFF8088),
        };
        self.pick(light, dark)
    }

    /// How a plate of that kind is painted.
    pub fn plate(&self, kind: PlateKind) -> Tint {
        let tint = |fill: Option<(u32, u32)>, line: (u32, u32), width, dash, radius| Tint {
            fill: fill.map(|(light, dark)| self.pick(light, dark)),
            line: self.pick(line.0, line.1),
            width,
            dash,
            radius,
        };
        let white = Some((0xFFFFFF, 0x171E28));
        match kind {
            PlateKind::Account => tint(Some((0xF7F9FC, 0x10161E)), (0x66758B, 0x7485A0), 1.4, None, 0.9),
            PlateKind::Region => tint(white, (0x77869D, 0x5D6C82), 1.2, None, 0.7),
            PlateKind::Vpc => tint(Some((0xF6F2FE, 0x1D1B30)), (0x7438DC, 0xBD9DFF), 2.0, None, 0.5),
            PlateKind::Zone => tint(None, (0x6E7D92, 0x8494AA), 1.4, Some("8 6"), 0.4),
            PlateKind::PublicSubnet => {
                tint(Some((0xE3F3E4, 0x16291F)), (0x3B7A1E, 0x86CF74), 1.2, None, 0.32)
            }
            PlateKind::PrivateSubnet => {
                tint(Some((0xE4EEFD, 0x15253E)), (0x2160C4, 0x74ACFF), 1.2, None, 0.32)
            }
            PlateKind::IsolatedSubnet => {
                // Its dashes tell it from a private one where blue and violet look alike.
                tint(Some((0xE9E7FB, 0x23203F)), (0x5A4BC0, 0xA9A0FF), 1.2, Some("9 3"), 0.32)
            }
            PlateKind::Group => tint(Some((0xF3F6FA, 0x1D2530)), (0x7B8AA0, 0x6F8099), 1.0, None, 0.4),
            PlateKind::Stack => {
                tint(Some((0xEDF1F7, 0x222B38)), (0x66758B, 0x8494AA), 1.2, Some("3 3"), 0.32)
            }
        }
    }

    /// The left and right side faces of a solid of that colour.
    pub fn faces(&self, base: Color) -> (Color, Color) {
        let (toward, left, right) = self.shade;
        (base.mix(toward, left), base.mix(toward, right))
    }

    fn pick(&self, light: u32, dark: u32) -> Color {
        Color::hex(if self.theme == Theme::Light { light } else { dark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLATES: [PlateKind; 9] = [
        PlateKind::Account,
        PlateKind::Region,
        PlateKind::Vpc,
        PlateKind::Zone,
        PlateKind::PublicSubnet,
        PlateKind::PrivateSubnet,
        PlateKind::IsolatedSubnet,
        PlateKind::Group,
        PlateKind::Stack,
    ];

    fn check(what: &str, a: Color, b: Color, least: f64) {
        let ratio = a.contrast(b);
        assert!(ratio >= least, "{what}: {a} on {b} is {ratio:.2}:1, needs {least}:1");
    }

    /// What a dichromat sees: Machado, Oliveira and Fernandes, "A physiologically-based model for
    /// simulation of color vision deficiency" (2009), severity 1.0, on linear RGB.
    const VISION: [(&str, [[f64; 3]; 3]); 3] = [
        ("trichromat", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanope",
            [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
        ),
        (
            "deuteranope",
            [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
        ),
    ];

    /// CIE 1976 L*a*b* of a colour as somebody sees it.
    fn seen(color: Color, vision: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = [color.0, color.1, color.2].map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        let sum = |row: &[f64; 3]| row.iter().zip(linear).map(|(k, c)| k * c).sum::<f64>();
        let [r, g, b] = vision.each_ref().map(|row| sum(row).clamp(0.0, 1.0));
        let curve = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
        let y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The least difference (CIE76) of two colours for anyone.
    fn difference(a: Color, b: Color) -> (f64, &'static str) {
        let one = |(who, vision): &(&'static str, [[f64; 3]; 3])| {
            let (a, b) = (seen(a, vision), seen(b, vision));
            (a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt(), *who)
        };
        VISION.iter().map(one).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
    }

    #[test]
    fn nobody_needs_colours_to_tell_things_apart() {
        use crate::icon;
        // Families: what is drawn in two of them never has one silhouette, where hues come close.
        let mut bodies: std::collections::BTreeMap<icon::Solid, std::collections::BTreeSet<Family>> =
            std::collections::BTreeMap::new();
        let catalog = isobar_catalog::Catalog::embedded();
        for spec in catalog.services.iter().flat_map(|service| &service.resources) {
            for name in spec.icon.map.iter().map(|(_, name)| name).chain([&spec.icon.default]) {
                let solid = icon::find(name).unwrap().solid;
                let family = Family::parse(&spec.family).unwrap();
                bodies.entry(solid).or_default().insert(family);
            }
        }
        for theme in [Theme::Light, Theme::Dark] {
            let palette = Palette::of(theme);
            for (solid, families) in &bodies {
                let families: Vec<Family> = families.iter().copied().collect();
                for (at, &a) in families.iter().enumerate() {
                    for &b in &families[at + 1..] {
                        let (least, who) = difference(palette.family(a), palette.family(b));
                        assert!(least >= 15.0, "{theme:?} {solid:?} of {a} and {b} for a {who}: {least:.1}");
                    }
                }
            }
            // Lines: with the same dashes only what anyone can tell by its colour.
            let flows = [Flow::Request, Flow::Data, Flow::Event, Flow::Egress, Flow::Trust];
            for (at, &a) in flows.iter().enumerate() {
                for &b in &flows[at + 1..] {
                    let (least, who) = difference(palette.flow(a), palette.flow(b));
                    let dashed = crate::paint::dash(a, 1.0) != crate::paint::dash(b, 1.0);
                    let needed = if dashed { 6.0 } else { 30.0 };
                    assert!(least >= needed, "{theme:?} {a} and {b} lines for a {who}: {least:.1}");
                }
            }
            // Subnets: their borders' colour or dashes.
            let tiers = [PlateKind::PublicSubnet, PlateKind::PrivateSubnet, PlateKind::IsolatedSubnet];
            for (at, &a) in tiers.iter().enumerate() {
                for &b in &tiers[at + 1..] {
                    let (one, other) = (palette.plate(a), palette.plate(b));
                    let (least, who) = difference(one.line, other.line);
                    let told = one.dash != other.dash || least >= 30.0;
                    assert!(told, "{theme:?} {a:?} and {b:?} for a {who}: {least:.1}");
                }
            }
        }
    }

    #[test]
    fn everything_can_be_told_apart_in_both_themes() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = Palette::of(theme);
            let grounds: Vec<Color> = std::iter::once(palette.page)
                .chain(PLATES.iter().filter_map(|&kind| palette.plate(kind).fill))
                .collect();
            for &family in Family::ALL {
                let base = palette.family(family);
                check(&format!("{theme:?} glyph on {family}"), palette.glyph, base, 4.5);
                for &ground in &grounds {
                    check(&format!("{theme:?} {family} solid"), base, ground, 3.0);
                }
            }
            for &ground in &grounds {
                check(&format!("{theme:?} ink"), palette.ink, ground, 7.0);
                check(&format!("{theme:?} muted"), palette.muted, ground, 4.5);
                for &flow in Flow::ALL {
                    check(&format!("{theme:?} {flow} line"), palette.flow(flow), ground, 3.0);
                }
            }
            for kind in PLATES {
                let tint = palette.plate(kind);
                let ground = tint.fill.unwrap_or(palette.plate(PlateKind::Vpc).fill.unwrap());
                check(&format!("{theme:?} border of {kind:?}"), tint.line, ground, 3.0);
                let title = tint.line.mix(palette.ink, 0.25);
                check(&format!("{theme:?} title of {kind:?}"), title, ground, 4.5);
            }
            check("card text", palette.muted, palette.card, 4.5);
            check("warning", palette.warning, palette.warning_card, 4.5);
        }
    }
}
