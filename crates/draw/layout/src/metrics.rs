//! The distances of the plan, and a rough measure of how wide a name is.
//!
//! All in floor units. Exact text measures need the font and are left to the scene; what stands
//! here only reserves room.

use crate::blueprint::{PlateKind, Projection, TitleSide};

/// Least distance of two columns of resources.
pub(crate) const PITCH_X: f64 = 3.1;
/// Columns with long names stand further apart, up to this.
pub(crate) const PITCH_X_MAX: f64 = 3.7;
/// Distance of two rows of resources.
pub(crate) const PITCH_Y: f64 = 4.5;
/// Half a footprint.
pub(crate) const HALF: f64 = crate::blueprint::FOOTPRINT / 2.0;
/// Between subnets of neighbouring tiers; lines run here.
pub(crate) const TIER_GAP: f64 = 1.4;
/// Between subnets of one tier stacked in one zone.
pub(crate) const SUBNET_GAP: f64 = 0.9;
/// Between zones.
pub(crate) const ZONE_GAP: f64 = 1.6;
/// Between VPCs, groups and rows of services.
pub(crate) const BLOCK_GAP: f64 = 1.8;
/// Between the global strip and a region.
pub(crate) const STRIP_GAP: f64 = 2.6;

/// What depends on the projection: how much a resource needs before and behind itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// From the upper end of a grid to the middle of its first row: in isometric a tall solid
    /// hides the floor behind it.
    pub lead: f64,
    /// From the middle of the last row to the lower end: the label.
    pub tail: f64,
    /// Where titles lie.
    pub side: TitleSide,
}

impl Room {
    pub(crate) fn of(projection: Projection) -> Self {
        // Only the side of the titles differs, so that both projections show one arrangement.
        let side = match projection {
            Projection::Isometric => TitleSide::Bottom,
            Projection::Flat => TitleSide::Top,
        };
        Self { lead: 1.45, tail: 2.15, side }
    }
    /// Height of a grid of so many rows.
    pub(crate) fn rows(&self, rows: usize) -> f64 {
        if rows == 0 { 0.0 } else { self.lead + PITCH_Y * (rows - 1) as f64 + self.tail }
    }
    /// Padding of a plate: sides, top, bottom.
    pub(crate) fn pads(&self, kind: PlateKind) -> Pads {
        let (side, plain, band) = match kind {
            PlateKind::Account => (1.2, 1.2, 1.7),
            PlateKind::Region => (1.3, 1.3, 1.6),
            PlateKind::Vpc => (1.0, 1.0, 1.3),
            PlateKind::Zone => (0.5, 0.5, 0.9),
            PlateKind::Stack => (0.2, 0.2, 0.7),
            _ => (0.2, 0.35, 0.9),
        };
        match self.side {
            TitleSide::Top => Pads { side, top: band, bottom: plain },
            TitleSide::Bottom => Pads { side, top: plain, bottom: band },
        }
    }
}

/// Padding between a plate's border and what stands in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pads {
    pub side: f64,
    pub top: f64,
    pub bottom: f64,
}

/// About how wide a text is, in ems of 0.33 u (13 px at 40 px per unit).
pub(crate) fn text_width(text: &str) -> f64 {
    const EM: f64 = 0.33;
    let ems: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.33,
            ' ' | '-' | '/' | '(' | ')' => 0.38,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.88,
            'A'..='Z' | '_' | '&' => 0.67,
            c if c as u32 >= 0x1100 => 1.0,
            _ => 0.58,
        })
        .sum();
    ems * EM
}

/// The distance columns need for a name of up to about eighteen letters.
pub(crate) fn pitch_for(name: &str) -> f64 {
    (text_width(name) + 0.4).clamp(PITCH_X, PITCH_X_MAX)
}

/// Rounds to a hundredth, so that sums of lengths print the same everywhere.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
