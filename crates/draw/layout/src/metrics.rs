//! The distances of the plan, and a rough measure of how wide a name is.
//!
//! All in floor units. Exact text measures need the font and are left to the scene; what stands
//! here only reserves room.

use crate::blueprint::{PlateKind, Projection, TitleSide};

/// Half a footprint.
pub(crate) const HALF: f64 = crate::blueprint::FOOTPRINT / 2.0;
/// Between a name's room and the next column.
pub(crate) const LABEL_GAP: f64 = 0.4;

/// The distances of a plan. [`Metrics::of`] has those of our own pictures; who draws other things
/// than our icons gives others in [`crate::Options::metrics`]. A node stays
/// [`crate::blueprint::FOOTPRINT`] square: other sizes are a matter of scale, in x and y apart if
/// need be, since nothing here is oblique.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Least distance of two columns of resources.
    pub pitch_x: f64,
    /// Columns with long names stand further apart, up to this.
    pub pitch_x_max: f64,
    /// Distance of two rows of resources.
    pub pitch_y: f64,
    /// From the upper end of a grid to the middle of its first row: in isometric a tall solid
    /// hides the floor behind it.
    pub lead: f64,
    /// From the middle of the last row to the lower end: the label.
    pub tail: f64,
    /// Between subnets of neighbouring tiers; lines run here.
    pub tier_gap: f64,
    /// Between subnets of one tier stacked in one zone.
    pub subnet_gap: f64,
    /// Between zones.
    pub zone_gap: f64,
    /// Between VPCs, groups and rows of services.
    pub block_gap: f64,
    /// Between the global strip and a region.
    pub strip_gap: f64,
    /// Between the VPCs and the stores beside them: lines fan in here, and a gateway may stand on
    /// the VPC's border.
    pub lane_gap: f64,
    /// Before the first column of a VPC, in and out of its plate: there gateways stand on its border.
    pub gate: f64,
    /// Between the rows of a subnet, beyond their own.
    pub row_gap: f64,
    /// Between the columns of a flow, beyond their pitch: room for an arrow to be seen.
    pub flow_room: f64,
    /// Inside an account's plate.
    pub account: Frame,
    /// Inside a region's slab.
    pub region: Frame,
    /// Inside a VPC's plate.
    pub vpc: Frame,
    /// Inside a zone's outline.
    pub zone: Frame,
    /// Inside the plates of subnets and groups.
    pub subnet: Frame,
    /// Inside a stack's plate.
    pub stack: Frame,
    /// Where titles lie.
    pub side: TitleSide,
}

/// The room between a plate's border and what stands in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left and right.
    pub side: f64,
    /// Along the edge without title.
    pub plain: f64,
    /// Along the edge with the title.
    pub band: f64,
}

const fn frame(side: f64, plain: f64, band: f64) -> Frame {
    Frame { side, plain, band }
}

impl Metrics {
    /// The distances of our own pictures.
    pub fn of(projection: Projection) -> Self {
        // Rows differ only: both projections show one arrangement. In isometric a solid 1.2 u tall
        // clears the two lines under the one diagonally behind it from pitch_x + pitch_y = 6.7 on.
        let (side, pitch_y, lead, tail) = match projection {
            Projection::Isometric => (TitleSide::Bottom, 3.65, 1.0, 1.75),
            Projection::Flat => (TitleSide::Top, 2.75, 0.85, 1.6),
        };
        Self {
            pitch_x: 3.1,
            // No name moves a column: who renames a resource moves nothing.
            pitch_x_max: 3.1,
            pitch_y,
            lead,
            tail,
            tier_gap: 0.9,
            subnet_gap: 0.7,
            zone_gap: 0.95,
            block_gap: 1.05,
            strip_gap: 1.1,
            lane_gap: 2.0,
            gate: 0.7,
            row_gap: 0.3,
            flow_room: 0.6,
            account: frame(0.9, 0.9, 1.4),
            region: frame(0.8, 0.8, 1.1),
            vpc: frame(0.6, 0.6, 0.95),
            zone: frame(0.15, 0.2, 0.55),
            subnet: frame(0.15, 0.25, 0.65),
            stack: frame(0.1, 0.15, 0.55),
            side,
        }
    }

    /// Height of a grid of so many rows.
    pub(crate) fn rows(&self, rows: usize) -> f64 {
        if rows == 0 { 0.0 } else { self.lead + self.pitch_y * (rows - 1) as f64 + self.tail }
    }

    /// Padding of a plate: sides, top, bottom.
    pub(crate) fn pads(&self, kind: PlateKind) -> Pads {
        let Frame { side, plain, band } = match kind {
            PlateKind::Account => self.account,
            PlateKind::Region => self.region,
            PlateKind::Vpc => self.vpc,
            PlateKind::Zone => self.zone,
            PlateKind::Stack => self.stack,
            _ => self.subnet,
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

/// Rounds to a hundredth, so that sums of lengths print the same everywhere.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
