//! The placed diagram. Every format is drawn from this value, so all agree on where things are.
//!
//! Units are floor units `u`; a resource's footprint is [`FOOTPRINT`] square around its position.

use std::collections::BTreeMap;
use std::sync::Arc;

use isobar_graph::{Family, Flow};
use isobar_model::{ResourceId, Tags, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::geometry::{Point, Rect};
use crate::hint::Hint;
use crate::metrics::Metrics;
use crate::overlay::{Outline, Overlays};

/// The side of a resource's footprint, in floor units.
pub const FOOTPRINT: f64 = 1.32;

/// Which way the floor is seen. The layout asks because title bands lie on the side that faces
/// the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Projection {
    /// True isometric, axes at 30 degrees.
    #[default]
    Isometric,
    /// From straight above.
    Flat,
}

impl Projection {
    /// Reads `isometric` or `2d`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "isometric" => Some(Self::Isometric),
            "2d" => Some(Self::Flat),
            _ => None,
        }
    }
    /// `isometric` or `2d`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Isometric => "isometric",
            Self::Flat => "2d",
        }
    }
}

/// The edge of a plate along which its title lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleSide {
    /// Small y: the top edge in 2d.
    Top,
    /// Large y: the front-left edge in isometric.
    Bottom,
}

/// How much of what is alike is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Detail {
    /// Large sets of like resources become stacks.
    #[default]
    Auto,
    /// Every resource at full size.
    All,
    /// Like resources become stacks wherever there are a few.
    Summary,
}

impl Detail {
    /// Reads `auto`, `all` or `summary`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "all" => Some(Self::All),
            "summary" => Some(Self::Summary),
            _ => None,
        }
    }
    /// `auto`, `all` or `summary`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::All => "all",
            Self::Summary => "summary",
        }
    }
}

/// Which links become lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lines {
    /// What a reader can follow: few parallel ones one by one, many as one with a count; where even
    /// that would be too much, only the most important. Our pictures.
    #[default]
    Readable,
    /// Each link is in exactly one line: one for all that lead from one subnet, or one resource
    /// outside of subnets, to another.
    Gathered,
    /// Each link has a line of its own.
    Each,
}

/// What the layout is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Decides where title bands lie, and the pitch.
    pub projection: Projection,
    /// Whether edges are routed at all (`autoconnect`).
    pub edges: bool,
    /// Which links become lines.
    pub lines: Lines,
    /// The diagram's title; the account's name where none is given.
    pub title: Option<String>,
    /// How much of what is alike is drawn as one.
    pub detail: Detail,
    /// Which groups are shown over the plan.
    pub overlays: Overlays,
    /// Where things stood in an earlier picture: they stay there as far as that can be.
    pub hint: Option<Hint>,
    /// Where a user wants resources to stand: kept where they do not leave their plate or enter
    /// another; who stands there makes way.
    pub pins: BTreeMap<ResourceId, Point>,
    /// Distances other than those of our own pictures.
    pub metrics: Option<Metrics>,
    /// How much room names need, in floor units, where that is known better than by our rough
    /// measure of the resource's name.
    pub label_widths: BTreeMap<ResourceId, f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            projection: Projection::Isometric,
            edges: true,
            lines: Lines::Readable,
            title: None,
            detail: Detail::Auto,
            overlays: Overlays::default(),
            hint: None,
            pins: BTreeMap::new(),
            metrics: None,
            label_widths: BTreeMap::new(),
        }
    }
}

/// What a plate stands for; decides its tint and border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlateKind {
    /// An account, around its regions; drawn only when there are several.
    Account,
    /// A region: the slab that anchors the drawing.
    Region,
    /// A VPC.
    Vpc,
    /// An availability zone.
    Zone,
    /// A subnet with a way from the internet.
    PublicSubnet,
    /// A subnet with a way out only.
    PrivateSubnet,
    /// A subnet without a way out.
    IsolatedSubnet,
    /// A lane of regional services that belong together.
    Group,
    /// Many like resources on one plate.
    Stack,
}

/// A container: a flat tinted rectangle with a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Plate {
    /// The id by which JSON and SVG name it.
    pub id: Uuid,
    /// The resource it stands for; none for groups and stacks.
    pub resource: Option<ResourceId>,
    /// The blueprint's `type`: `vpc`, `subnet`, `region`, `zone`, ...
    pub component: Arc<str>,
    /// Its tint.
    pub kind: PlateKind,
    /// The plate around it, always earlier in [`Blueprint::plates`].
    pub parent: Option<usize>,
    /// Where it lies.
    pub rect: Rect,
    /// Its title: name, and CIDR where it has one.
    pub title: String,
    /// Why its members stand together, in words; for stacks only.
    pub rule: Option<String>,
    /// Where the title lies.
    pub title_side: TitleSide,
    /// AWS's id (`vpc-1`), empty where there is none.
    pub native_id: String,
    /// The AWS region's name; none for what has none.
    pub region: Option<String>,
    /// Tags, for JSON and the page.
    pub tags: Tags,
}

/// A resource with a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The id by which JSON and SVG name it: UUIDv5 of the resource's id.
    pub id: Uuid,
    /// The resource.
    pub resource: ResourceId,
    /// The catalog's type, `ec2:instance`.
    pub kind: Arc<str>,
    /// The blueprint's `type`, `ec2`.
    pub component: Arc<str>,
    /// Which solid and glyph.
    pub icon: Arc<str>,
    /// Which hue.
    pub family: Family,
    /// The plate it stands on; none on the page itself (internet, DNS, CDN).
    pub plate: Option<usize>,
    /// The middle of its footprint.
    pub at: Point,
    /// It stands across its plate's border; its label needs a card.
    pub on_border: bool,
    /// The name under it.
    pub name: String,
    /// The small line under the name.
    pub detail: Option<String>,
    /// AWS's id.
    pub native_id: String,
    /// The AWS region's name; none for global resources.
    pub region: Option<String>,
    /// How much room its label has, in floor units along the reading direction.
    pub label_width: f64,
    /// How large it is drawn: 1.0, or less for members inside a stack's plate, whose footprint is
    /// [`FOOTPRINT`] times this and whose label is left out where it could not be read.
    pub scale: f64,
    /// What the blueprint JSON carries for this component.
    pub blueprint: Vec<(&'static str, Value)>,
    /// Tags, for JSON and the page.
    pub tags: Tags,
}

/// What an edge begins or ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A node, by position in [`Blueprint::nodes`].
    Node(usize),
    /// A plate, by position in [`Blueprint::plates`], when several parallel lines became one.
    Plate(usize),
}

/// A routed line, standing for one relation or several parallel ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The id by which JSON and SVG name it: UUIDv5 of ends and flow.
    pub id: Uuid,
    /// Where it begins.
    pub from: End,
    /// Where it ends, and the arrowhead lies.
    pub to: End,
    /// Colour and dash.
    pub flow: Flow,
    /// Corners from first to last, axis-parallel, centre to centre or border to border; scene
    /// trims the ends so that no arrowhead is hidden by a solid or lies on a label.
    pub points: Vec<Point>,
    /// How many relations it stands for; drawn as a count when more than one.
    pub count: usize,
    /// The resources at both ends of each relation it stands for.
    pub members: Vec<(ResourceId, ResourceId)>,
    /// A short word beside the line.
    pub label: Option<String>,
    /// Where the word and the count go: on the line, off icons, names and titles; none where they
    /// have nothing to say or no free place.
    pub label_at: Option<Point>,
}

/// What the title block says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// The headline.
    pub title: String,
    /// `1234 5678 9012`, or words for several accounts.
    pub account: String,
    /// `eu-west-1`, or words for several.
    pub region: String,
    /// When the scan ended.
    pub scanned: Option<Timestamp>,
    /// Resources shown.
    pub shown: usize,
    /// Resources there are.
    pub total: usize,
    /// The filter's text.
    pub filter: Option<String>,
    /// The excluded types.
    pub excluded: Vec<String>,
    /// What could not be read, one short sentence each, at most so many; empty for a complete scan.
    pub gaps: Vec<String>,
    /// How many such sentences there are in all.
    pub gap_count: usize,
}

/// The placed diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// How it is meant to be seen.
    pub projection: Projection,
    /// Containers, outermost first.
    pub plates: Vec<Plate>,
    /// Resources, sorted by id of the resource.
    pub nodes: Vec<Node>,
    /// Lines.
    pub edges: Vec<Edge>,
    /// Groups shown over the plan, if any were asked for.
    pub outlines: Vec<Outline>,
    /// Around everything, labels' room included.
    pub bounds: Rect,
    /// What the title block says.
    pub facts: Facts,
}
