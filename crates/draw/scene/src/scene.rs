//! The finished page: everything is decided, an exporter only writes it down.
//!
//! A scene says everything twice on purpose: as a list of things to paint in order, and as plates,
//! nodes and edges with their bounds, for formats (mxGraph) and tests that want objects.

use std::sync::Arc;

use isobar_graph::{Family, Flow};
use isobar_layout::blueprint::End;
use isobar_layout::{OverlayKind, PlateKind, Projection, Rect};
use isobar_model::Tags;
use uuid::Uuid;

use crate::color::Color;
use crate::font::Weight;
use crate::geom::{Matrix, Xy};
use crate::palette::Palette;
use crate::style::Theme;

/// A finished page.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The canvas in pixels.
    pub canvas: (u32, u32),
    /// The page in page units; its shape is the canvas's, its corner anywhere.
    pub page: Rect,
    /// The projection it was painted in.
    pub projection: Projection,
    /// The colours it was painted with.
    pub palette: Palette,
    /// The page's colour; none when transparent.
    pub background: Option<Color>,
    /// The grid, when asked for.
    pub grid: Option<Grid>,
    /// What the drawing is called.
    pub title: String,
    /// Gradients that shapes name by position.
    pub gradients: Vec<Gradient>,
    /// Symbols that items name by position: one per solid and colour in use.
    pub symbols: Vec<Symbol>,
    /// What to paint, in order.
    pub items: Vec<Item>,
    /// The containers.
    pub plates: Vec<PlatePart>,
    /// The resources.
    pub nodes: Vec<NodePart>,
    /// The lines.
    pub edges: Vec<EdgePart>,
    /// Groups shown over the plan, frame by frame.
    pub outlines: Vec<OutlinePart>,
    /// Where the legend lies, where there is one.
    pub legend: Option<Rect>,
    /// Where the title block lies.
    pub title_block: Option<Rect>,
    /// Lines of the title block: a heading word and what it says. The first has no heading.
    pub facts: Vec<(String, String)>,
    /// The notice of a partial scan, one line each; empty for a complete one.
    pub notice: Vec<String>,
}

impl Scene {
    /// An empty page of that size in a theme's colours, for drawings that are no diagrams.
    pub fn blank(canvas: (u32, u32), theme: Theme) -> Self {
        let palette = Palette::of(theme);
        Self {
            canvas,
            page: Rect::new(0.0, 0.0, f64::from(canvas.0), f64::from(canvas.1)),
            projection: Projection::Flat,
            background: Some(palette.page),
            palette,
            grid: None,
            title: String::new(),
            gradients: Vec::new(),
            symbols: Vec::new(),
            items: Vec::new(),
            plates: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            outlines: Vec::new(),
            legend: None,
            title_block: None,
            facts: Vec::new(),
            notice: Vec::new(),
        }
    }

    /// Canvas pixels per page unit.
    pub fn zoom(&self) -> f64 {
        f64::from(self.canvas.0) / self.page.w
    }
}

/// Lines on the floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// From one cell's own square to the page.
    pub matrix: Matrix,
    /// The cell's side before the matrix.
    pub cell: f64,
    /// The lines' colour.
    pub color: Color,
}

/// A run of colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// From the upper left outwards; from left to right otherwise.
    pub radial: bool,
    /// Offsets from 0 to 1, rising.
    pub stops: Vec<(f64, Color)>,
}

/// Shapes that occur often, around their own origin.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// Its name within the page.
    pub name: String,
    /// What it consists of.
    pub items: Vec<Item>,
    /// What it covers, shadow left out.
    pub bounds: Rect,
    /// The convex outline of the same.
    pub hull: Vec<Xy>,
}

/// One thing to paint.
#[derive(Debug, Clone)]
pub enum Item {
    /// A shape.
    Shape(Shape),
    /// A line of text.
    Text(Text),
    /// A symbol with its origin here.
    Use {
        /// Position in [`Scene::symbols`].
        symbol: usize,
        /// Where its origin goes.
        at: Xy,
        /// Its size, 1 as drawn.
        scale: f64,
    },
    /// Things that belong together.
    Group(Group),
}

/// Things that belong together, and what they stand for.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they stand for.
    pub mark: Mark,
    /// The things.
    pub items: Vec<Item>,
}

/// What a group stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A part of the page, by its element id.
    Layer(&'static str),
    /// A container, resource or line.
    Thing {
        /// `plate`, `node` or `edge`.
        role: &'static str,
        /// Its id in the blueprint.
        id: Uuid,
        /// The blueprint's type.
        kind: Arc<str>,
        /// The resource's ARN.
        arn: Option<Arc<str>>,
        /// What a pointer resting on it reads.
        title: Arc<str>,
    },
    /// The label of a resource or line.
    Label(Uuid),
}

/// A painted outline.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Its outline.
    pub outline: Outline,
    /// What fills it.
    pub fill: Option<Fill>,
    /// How opaque the filling is.
    pub fill_opacity: f64,
    /// The line along it.
    pub stroke: Option<Stroke>,
    /// Applied before everything else.
    pub matrix: Option<Matrix>,
}

/// Where a shape is.
#[derive(Debug, Clone)]
pub enum Outline {
    /// Closed.
    Polygon(Vec<Xy>),
    /// Open.
    Line(Vec<Xy>),
    /// A rectangle with round corners.
    Rect(Rect, f64),
    /// An ellipse: centre, radii.
    Ellipse(Xy, Xy),
    /// SVG path data of one of our glyphs.
    Path(&'static str),
}

/// What fills a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// One colour.
    Flat(Color),
    /// A gradient over the shape's box, by position in [`Scene::gradients`].
    Gradient(usize),
}

/// A line along an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width.
    pub width: f64,
    /// How opaque it is.
    pub opacity: f64,
    /// Its dashes as SVG writes them.
    pub dash: Option<&'static str>,
    /// Round ends and joints.
    pub round: bool,
}

/// Where a text's point lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its beginning.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// A line of text.
#[derive(Debug, Clone)]
pub struct Text {
    /// Where, on the baseline; before the matrix.
    pub at: Xy,
    /// The words, cleaned.
    pub text: String,
    /// Height in page units.
    pub size: f64,
    /// Heaviness.
    pub weight: Weight,
    /// Colour.
    pub color: Color,
    /// What `at` is.
    pub anchor: Anchor,
    /// The colour around the letters that keeps lines off them, and how wide the text is; a format
    /// without outlined letters lays a plain strip of that colour beneath.
    pub halo: Option<(Color, f64)>,
    /// Applied before everything else.
    pub matrix: Option<Matrix>,
}

/// A container as an object.
#[derive(Debug, Clone)]
pub struct PlatePart {
    /// Its id.
    pub id: Uuid,
    /// The blueprint's type.
    pub component: Arc<str>,
    /// Its kind.
    pub kind: PlateKind,
    /// The plate around it.
    pub parent: Option<usize>,
    /// Its title, uncut.
    pub title: String,
    /// What a pointer resting on it reads.
    pub tooltip: Arc<str>,
    /// Its ARN.
    pub arn: Option<Arc<str>>,
    /// Its tags, cleaned.
    pub tags: Tags,
    /// Its outline on the page.
    pub outline: Vec<Xy>,
    /// The box around the outline.
    pub bounds: Rect,
    /// Its title as drawn: without its address range or cut where there is no room for more.
    pub title_drawn: String,
    /// Where its title begins, on the baseline, and its size.
    pub title_at: (Xy, f64),
    /// Its surface.
    pub fill: Option<Color>,
    /// Its border.
    pub stroke: Stroke,
    /// The title's colour.
    pub title_color: Color,
    /// Corner radius on the page, for the flat projection.
    pub radius: f64,
    /// How thick a slab it is on the page; none for what is flat.
    pub depth: f64,
}

/// A resource as an object.
#[derive(Debug, Clone)]
pub struct NodePart {
    /// Its id.
    pub id: Uuid,
    /// The blueprint's type.
    pub component: Arc<str>,
    /// Its icon's name.
    pub icon: Arc<str>,
    /// Its family.
    pub family: Family,
    /// The plate it stands on.
    pub plate: Option<usize>,
    /// Its symbol.
    pub symbol: usize,
    /// Where the symbol's origin is.
    pub at: Xy,
    /// How large the symbol is; below 1 for members of a stack.
    pub scale: f64,
    /// What the symbol covers.
    pub bounds: Rect,
    /// Name and detail, uncut.
    pub name: String,
    /// The small line, uncut.
    pub detail: Option<String>,
    /// What a pointer resting on it reads.
    pub tooltip: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its tags, cleaned.
    pub tags: Tags,
    /// The label as drawn: its lines and its box.
    pub label: Option<LabelPart>,
    /// What is seen under the label: a plate, the page, or the card of one that stands on a border.
    pub ground: Color,
}

impl NodePart {
    /// The convex outline of what it covers on the page; empty where its symbol is not among these.
    pub fn hull(&self, symbols: &[Symbol]) -> Vec<Xy> {
        let ((x, y), k) = (self.at, self.scale);
        let hull = symbols.get(self.symbol).map_or(&[][..], |symbol| &symbol.hull);
        hull.iter().map(|&(px, py)| (x + px * k, y + py * k)).collect()
    }
}

/// A label as drawn.
#[derive(Debug, Clone)]
pub struct LabelPart {
    /// One or two lines, cut to fit; the name on two where it would be cut on one.
    pub lines: Vec<String>,
    /// So many of them are the name's; what follows is the small line.
    pub names: usize,
    /// What they cover.
    pub bounds: Rect,
    /// How large they are set; 1.0 is natural, more in a small picture of much.
    pub scale: f64,
}

/// A frame around some members of a group, as an object.
#[derive(Debug, Clone)]
pub struct OutlinePart {
    /// Its id.
    pub id: Uuid,
    /// What the group is.
    pub kind: OverlayKind,
    /// The plate its members stand on.
    pub plate: Option<usize>,
    /// What people call the group.
    pub name: String,
    /// The group's ARN.
    pub arn: Arc<str>,
    /// Its corners on the page.
    pub outline: Vec<Xy>,
    /// The line along it.
    pub stroke: Stroke,
}

/// A line as an object.
#[derive(Debug, Clone)]
pub struct EdgePart {
    /// Its id.
    pub id: Uuid,
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// Its kind.
    pub flow: Flow,
    /// Its corners on the page, ends trimmed.
    pub points: Vec<Xy>,
    /// How many relations it stands for.
    pub count: usize,
    /// A short word beside it.
    pub label: Option<String>,
    /// Where the layout would have the word.
    pub label_at: Option<Xy>,
    /// The words beside it as drawn: one line, cut to fit, and the pill around them.
    pub words: Option<LabelPart>,
    /// How it is drawn.
    pub stroke: Stroke,
}
