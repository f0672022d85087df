//! The page around the drawing: its size, its shape, and free corners for legend and title block.
//!
//! Isometric drawings are diamonds, so both fit into the corners; where they do not, the page
//! grows until they do. An exact canvas keeps its shape: the drawing is fitted and centred.

use isobar_layout::Rect;

use super::{Brush, grown, plates};
use crate::geom::{self, Xy, touches};
use crate::scene::{EdgePart, NodePart, PlatePart};
use crate::style::{PixelSize, Style};

/// Natural sizes stop growing here: beyond, a picture is too large to be opened.
const LARGEST_SIDE: f64 = 8192.0;
/// The width at which most people look at a whole picture.
pub(super) const SCREEN: f64 = 2400.0;
/// The same as [`LARGEST_SIDE`] for the area.
const LARGEST_AREA: f64 = 32.0e6;

/// Where the drawing's ink is: its box, and convex pieces that furniture must not cover. There are
/// many of four corners, so these are not kept one by one.
pub(super) struct Content {
    bounds: Rect,
    slabs: Vec<Vec<Xy>>,
    pieces: Vec<[Xy; 4]>,
}

impl Content {
    pub(super) fn of(
        plates: &[PlatePart],
        nodes: &[NodePart],
        edges: &[EdgePart],
        brush: &Brush<'_>,
    ) -> Self {
        let mut slabs = Vec::new();
        let mut pieces = Vec::with_capacity(nodes.len());
        let unit = brush.camera.unit;
        for plate in plates.iter().filter(|plate| plate.parent.is_none()) {
            let sink = if brush.camera.isometric() { plates::depth(plate.kind) * unit } else { 0.0 };
            let lower = plate.outline.iter().map(|&(x, y)| (x, y + sink));
            slabs.push(geom::hull(plate.outline.iter().copied().chain(lower)));
        }
        let boxed = |rect: &Rect| {
            let (right, bottom) = (rect.right(), rect.bottom());
            [(rect.x, rect.y), (right, rect.y), (right, bottom), (rect.x, bottom)]
        };
        // What stands on a plate is within its outermost plate, which is a piece already; its label
        // may reach beyond.
        for node in nodes {
            pieces.push(boxed(&node.bounds));
            pieces.extend(node.label.iter().map(|label| boxed(&grown(label.bounds, 4.0))));
        }
        for edge in edges {
            for pair in edge.points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                pieces.push([(a.0 - 4.0, a.1), (a.0 + 4.0, a.1), (b.0 + 4.0, b.1), (b.0 - 4.0, b.1)]);
            }
        }
        if slabs.is_empty() && pieces.is_empty() {
            // The words that say so.
            pieces.push(boxed(&super::furniture::EMPTY));
        }
        let slab_boxes = slabs.iter().filter_map(|slab| geom::around(slab.iter().copied()));
        let bounds = slab_boxes
            .chain(pieces.iter().filter_map(|&piece| geom::around(piece)))
            .reduce(|a, b| a.union(&b))
            .filter(|bounds| bounds.w.is_finite() && bounds.h.is_finite())
            .unwrap_or(super::furniture::EMPTY);
        Self { bounds, slabs, pieces }
    }

    fn touched_by(&self, rect: &Rect) -> bool {
        self.slabs.iter().any(|slab| touches(slab, rect))
            || self.pieces.iter().any(|piece| touches(piece, rect))
    }
}

/// The page as decided.
pub(super) struct Arranged {
    pub(super) canvas: (u32, u32),
    pub(super) page: Rect,
    /// The upper left corner and size of the legend.
    pub(super) legend: Option<(Xy, f64)>,
    /// The same of the title block.
    pub(super) title_block: Option<(Xy, f64)>,
}

/// Decides the page.
pub(super) fn arrange(
    content: &Content,
    style: &Style,
    title_block: Option<Xy>,
    legend: Option<Xy>,
) -> Arranged {
    let exact = style.width.zip(style.height).map(|(w, h)| (f64::from(w.get()), f64::from(h.get())));
    // A tall canvas has no room for both side by side; what is shown matters more than the legend.
    let tall = exact.is_some_and(|(w, h)| w < 0.75 * h);
    let legend = legend.filter(|_| !tall || title_block.is_none());
    let (title, key) = (title_block.unwrap_or_default(), legend.unwrap_or_default());
    let wide = title.0 + key.0 + 84.0;
    let mut size = (content.bounds.w + 96.0, content.bounds.h + 96.0);
    match exact {
        Some((w, h)) => {
            // No larger than 1.5 times its natural size, and of the canvas's shape.
            let zoom = (w / size.0).min(h / size.1).min(1.5);
            size = (w / zoom, h / zoom);
        }
        None => size.0 = size.0.max(wide),
    }
    let mut last = None;
    for step in 0..120 {
        let page = match exact {
            Some(_) => (size.0 * (1.0 + 0.02 * f64::from(step)), size.1 * (1.0 + 0.02 * f64::from(step))),
            None => (size.0, size.1 + 12.0 * f64::from(step) * (size.1 / 1400.0).max(1.0)),
        };
        let zoom = zoom_of(page, style);
        // Furniture keeps its size on the canvas, within what a page can spare.
        let natural =
            if exact.is_some() { 1.0 } else { style.scale.get() * (page.0 / SCREEN).clamp(1.0, 2.0) };
        let tallest = title.1.max(key.1).max(1.0);
        let most = (if tall { 0.7 } else { 0.32 } * page.0 / title.0.max(key.0).max(1.0))
            .min(if page.0 > 2.5 * page.1 { 0.7 } else { 0.36 } * page.1 / tallest);
        let most = if exact.is_some() { most } else { most.max(1.0) };
        let scale = (natural / zoom).clamp(0.6, 6.0).min(most);
        let readable = scale * zoom * 11.0 >= 5.6;
        let gap = 28.0 * scale;
        for top in [false, true] {
            let y = if top { content.bounds.y - 48.0 } else { content.bounds.center().y - page.1 / 2.0 };
            let rect = Rect::new(content.bounds.center().x - page.0 / 2.0, y, page.0, page.1);
            let bottom = rect.bottom() - gap;
            let legend_box = Rect::new(rect.x + gap, bottom - key.1 * scale, key.0 * scale, key.1 * scale);
            let (tw, th) = (title.0 * scale, title.1 * scale);
            let title_box = Rect::new(rect.right() - gap - tw, bottom - th, tw, th);
            let near = 12.0 * scale;
            let free = |rect: &Rect, wanted: Option<Xy>| {
                !readable || wanted.is_none() || !content.touched_by(&grown(*rect, near))
            };
            let fits = free(&legend_box, legend) && free(&title_box, title_block);
            let shown = |rect: Rect, wanted: Option<Xy>| {
                wanted.filter(|_| readable).map(|_| ((rect.x, rect.y), scale))
            };
            let (canvas, rect) = canvas_of(rect, style);
            let arranged = Arranged {
                canvas,
                page: rect,
                legend: shown(legend_box, legend),
                title_block: shown(title_box, title_block),
            };
            if fits {
                return arranged;
            }
            last = Some(arranged);
        }
    }
    // A page of more than three times the drawing's height has room, so this is not reached; if
    // it ever is, the last page is a good one that merely overlaps.
    last.expect("at least one page was tried")
}

/// Canvas pixels per page unit.
fn zoom_of(page: Xy, style: &Style) -> f64 {
    match (style.width, style.height) {
        (Some(width), _) => f64::from(width.get()) / page.0,
        (None, Some(height)) => f64::from(height.get()) / page.1,
        (None, None) => {
            let wanted = style.scale.get();
            let side = LARGEST_SIDE / page.0.max(page.1);
            let area = (LARGEST_AREA / (page.0 * page.1)).sqrt();
            wanted.min(side).min(area)
        }
    }
}

/// The canvas in whole pixels, and the page widened by a fraction of a pixel to its shape.
fn canvas_of(page: Rect, style: &Style) -> ((u32, u32), Rect) {
    let zoom = zoom_of((page.w, page.h), style);
    let pixels = |length: f64| (length * zoom).round().clamp(1.0, f64::from(PixelSize::MAX)) as u32;
    let canvas = (
        style.width.map_or_else(|| pixels(page.w), PixelSize::get),
        style.height.map_or_else(|| pixels(page.h), PixelSize::get),
    );
    let shape = f64::from(canvas.0) / f64::from(canvas.1);
    let (w, h) = if page.w / page.h < shape { (page.h * shape, page.h) } else { (page.w, page.w / shape) };
    let (dx, dy) = ((w - page.w) / 2.0, (h - page.h) / 2.0);
    (canvas, Rect::new(page.x - dx, page.y - dy, w, h))
}
