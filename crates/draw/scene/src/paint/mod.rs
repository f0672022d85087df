//! From a blueprint to a scene, in the order things are painted: plates, edges, the plates' titles,
//! solids from back to front, labels, and last the legend and the title block.

mod edges;
mod furniture;
mod labels;
mod names;
mod nodes;
mod outlines;
mod page;
mod plates;
mod spare;
mod taken;
mod titles;

use isobar_layout::{Blueprint, Rect};

use crate::color::Color;
use crate::font::{Fonts, Weight};
use crate::geom::{Camera, Xy};
use crate::palette::Palette;
use crate::scene::{
    Anchor, Fill, Gradient, Grid, Group, Item, Mark, Outline, Scene, Shape, Stroke, Symbol, Text,
};
use crate::style::Style;
use crate::text;

/// What every part of the painting needs.
struct Brush<'a> {
    blueprint: &'a Blueprint,
    style: &'a Style,
    fonts: &'a Fonts,
    palette: Palette,
    camera: Camera,
}

/// Paints a placed diagram.
pub fn paint(blueprint: &Blueprint, style: &Style) -> Scene {
    let brush = Brush {
        blueprint,
        style,
        fonts: &style.fonts,
        palette: Palette::of(style.theme),
        camera: Camera::natural(blueprint.projection),
    };
    let mut gradients: Vec<Gradient> = Vec::new();
    let mut symbols: Vec<Symbol> = Vec::new();

    let mut plates = plates::parts(&brush);
    let mut nodes = nodes::parts(&brush, &mut symbols, &mut gradients);
    let title_block = furniture::TitleBlock::new(&brush);
    let legend = furniture::Legend::new(&brush);
    let arrange = |plates: &[_], nodes: &[_], edges: &[_]| {
        page::arrange(
            &page::Content::of(plates, nodes, edges, &brush),
            style,
            style.title_block.then(|| title_block.size()),
            (style.legend && !legend.is_empty()).then(|| legend.size()),
        )
    };
    // How large words and how thick lines are depends on the zoom, and the page on where names find
    // room; without names the page is much the same, so it tells the zoom.
    let first = arrange(&plates, &nodes, &edges::parts(&brush, &nodes, &symbols, 1.0, 1.0));
    let first_zoom = f64::from(first.canvas.0) / first.page.w;
    // A very large picture is looked at from afar too: most screens show about 2,400 pixels.
    let seen = first_zoom.min(page::SCREEN / first.page.w);
    let thicker = (0.55 / seen).clamp(1.0, 2.2);
    let larger = labels::larger(first_zoom);
    plates::set_titles(&brush, &mut plates, (0.8 / seen).max(1.0), first_zoom);
    for plate in &mut plates {
        plate.stroke.width *= thicker.min(1.6);
    }
    let mut edges = edges::parts(&brush, &nodes, &symbols, thicker, larger);
    let corners = blueprint.plates.iter().map(|plate| brush.corners(plate.rect)).collect();
    let mut taken = taken::Taken::by(&nodes, &edges, corners, first.page);
    let mut badges = outlines::badges(&brush, &nodes, &mut taken, first_zoom, larger);
    let edge_labels = edges::words(&brush, &edges, &mut taken, thicker, larger);
    edges::note_words(&mut edges, &edge_labels);
    let carded = plates::carded(&plates, first_zoom);
    let titled: Vec<_> = (plates.iter().enumerate())
        .filter_map(|(at, part)| (!carded.contains(&at)).then_some(part))
        .collect();
    let named = names::Names::of(blueprint);
    labels::place(&brush, &mut nodes, &named, &titled, &mut taken, larger);
    let arranged = arrange(&plates, &nodes, &edges);
    let zoom = f64::from(arranged.canvas.0) / arranged.page.w;
    taken.keep_within(arranged.page);

    let outlines = outlines::parts(&brush, thicker.min(1.6));

    let cards = plates::cards(&brush, &plates, &carded, &mut taken, first_zoom);
    badges.extend(outlines::cards(&brush, &outlines, &mut taken, larger));
    // Containers are named before what is left of the resources, and the page does not grow by these.
    let lies = |seat: Option<(Xy, f64)>, (w, h): Xy| {
        seat.map(|((x, y), scale)| Rect::new(x, y, w * scale, h * scale))
    };
    let legend_at = lies(arranged.legend, legend.size());
    let title_block_at = lies(arranged.title_block, title_block.size());
    legend_at.into_iter().chain(title_block_at).for_each(|card| taken.take(card));
    labels::place_left(&brush, &mut nodes, &named, &mut taken, larger, zoom);
    let titles = plates::titles(&brush, &plates, &cards);
    badges.extend(cards.items);
    let mut names = labels::items(&brush, &nodes);
    names.extend(edges::word_items(&brush, &edge_labels));
    if nodes.is_empty() {
        names.extend(furniture::empty(&brush, &plates));
    }
    let mut overlays = Vec::new();
    if let Some((at, scale)) = arranged.legend {
        overlays.extend(legend.items(&brush, at, scale));
    }
    match arranged.title_block {
        Some((at, scale)) => overlays.extend(title_block.items(&brush, at, scale)),
        // Too small a picture for words still tells that something may be missing.
        None if !title_block.notice.is_empty() => {
            let pixels = f64::from(arranged.canvas.0.min(arranged.canvas.1));
            let side = (0.06 * pixels).clamp(6.0, 22.0).min(pixels) / zoom;
            let (page, gap) = (arranged.page, 0.3 * side);
            let corner = (page.right() - side - gap, page.bottom() - side - gap);
            overlays.extend(furniture::partial_mark(&brush, corner, side));
        }
        None => {}
    }
    let items = vec![
        layer("plates", plates::items(&brush, &plates, &mut gradients)),
        layer("edges", edges::items(&brush, &edges, thicker)),
        layer("outlines", outlines::items(&brush, &outlines, larger)),
        layer("titles", titles),
        layer("nodes", nodes::items(&brush, &nodes, zoom)),
        layer("badges", badges),
        layer("labels", names),
        layer("overlays", overlays),
    ];

    let grid = style.grid.then(|| Grid {
        matrix: brush.camera.floor_matrix((0.0, 0.0), 1.0),
        cell: 2.0 * brush.camera.unit,
        color: brush.palette.grid,
    });
    Scene {
        canvas: arranged.canvas,
        page: arranged.page,
        projection: blueprint.projection,
        background: (!style.transparent).then_some(brush.palette.page),
        grid,
        title: title_block.title.clone(),
        gradients,
        symbols,
        items,
        plates,
        nodes,
        edges,
        outlines,
        legend: legend_at,
        title_block: title_block_at,
        facts: title_block.facts(),
        notice: title_block.notice.clone(),
        palette: brush.palette,
    }
}

fn layer(name: &'static str, items: Vec<Item>) -> Item {
    Item::Group(Group { mark: Mark::Layer(name), items })
}

fn polygon(points: Vec<Xy>, fill: Option<Color>, stroke: Option<Stroke>) -> Item {
    shape(Outline::Polygon(points), fill, stroke)
}

fn shape(outline: Outline, fill: Option<Color>, stroke: Option<Stroke>) -> Item {
    Item::Shape(Shape { outline, fill: fill.map(Fill::Flat), fill_opacity: 1.0, stroke, matrix: None })
}

fn solid_line(color: Color, width: f64) -> Stroke {
    Stroke { color, width, opacity: 1.0, dash: None, round: false }
}

/// A line of text at a point, without halo or matrix.
fn words(at: Xy, text: impl Into<String>, size: f64, weight: Weight, color: Color, anchor: Anchor) -> Text {
    Text { at, text: text.into(), size, weight, color, anchor, halo: None, matrix: None }
}

impl Brush<'_> {
    /// Cleaned and cut to a width.
    fn fitted(&self, text: &str, size: f64, weight: Weight, room: f64) -> String {
        text::fit(self.fonts, &text::clean(text), size, weight, room)
    }
    fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        self.fonts.width(text, size, weight)
    }
    /// The corners of a piece of floor, on the page.
    fn corners(&self, r: Rect) -> [Xy; 4] {
        [(r.x, r.y), (r.right(), r.y), (r.right(), r.bottom()), (r.x, r.bottom())]
            .map(|(x, y)| self.camera.lift(x, y, 0.0))
    }
    /// The colour seen under something on a plate: the nearest surface around it.
    fn ground(&self, mut plate: Option<usize>) -> Color {
        // Parents stand earlier in the list, so this ends.
        while let Some(at) = plate {
            let Some(there) = self.blueprint.plates.get(at) else { break };
            if let Some(fill) = self.palette.plate(there.kind).fill {
                return fill;
            }
            plate = there.parent.filter(|&parent| parent < at);
        }
        self.palette.page
    }
}

/// A rectangle grown on all sides.
fn grown(rect: Rect, by: f64) -> Rect {
    Rect::new(rect.x - by, rect.y - by, rect.w + 2.0 * by, rect.h + 2.0 * by)
}

#[cfg(test)]
pub(crate) use edges::dash;
pub use furniture::{NAMED_PLATES, flow_name};

#[cfg(test)]
mod tests;
