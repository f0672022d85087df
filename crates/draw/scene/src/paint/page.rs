//! The page around the drawing: its size, its shape, and free corners for legend and title block.
//!
//! Isometric drawings are diamonds, so both fit into the corners; seen from above, a region often has
//! a bare corner, or there is room below or beside. Of all that is possible the least page is taken.
//! An exact canvas keeps its shape: the drawing is fitted.

use isobar_layout::{PlateKind, Rect};

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

/// Where the drawing's ink is: its box, and convex pieces that furniture must not cover.
pub(super) struct Content {
    bounds: Rect,
    /// Plates and their edges.
    surfaces: Vec<Vec<Xy>>,
    /// What stands on them and reaches beyond.
    pieces: Vec<[Xy; 4]>,
    /// The largest region or account seen from above: its bare floor may carry furniture, as the sea
    /// does on a map.
    floor: Option<Rect>,
}

/// The share of the drawing that a floor must be to carry furniture: on a small one among others it
/// would seem to belong to that region.
const LEAST_FLOOR: f64 = 0.5;

impl Content {
    pub(super) fn of(
        plates: &[PlatePart],
        nodes: &[NodePart],
        edges: &[EdgePart],
        brush: &Brush<'_>,
    ) -> Self {
        let unit = brush.camera.unit;
        let mut surfaces: Vec<Vec<Xy>> = Vec::new();
        let mut floors: Vec<Rect> = Vec::new();
        let open = |plate: &PlatePart| {
            !brush.camera.isometric() && matches!(plate.kind, PlateKind::Account | PlateKind::Region)
        };
        for plate in plates {
            let around = plate.parent.and_then(|at| plates.get(at));
            if around.is_some_and(|around| !open(around)) {
                continue;
            }
            if open(plate) {
                // Its border and the band with its title; the floor is free.
                let b = plate.bounds;
                floors.push(b);
                let right = Rect { x: b.right() - 4.0, w: 4.0, ..b };
                let bottom = Rect { y: b.bottom() - 4.0, h: 4.0, ..b };
                let edges = [Rect { h: 1.5 * unit, ..b }, Rect { w: 4.0, ..b }, right, bottom];
                surfaces.extend(edges.iter().map(|edge| boxed(edge).to_vec()));
                continue;
            }
            let sink = if brush.camera.isometric() { plates::depth(plate.kind) * unit } else { 0.0 };
            let lower = plate.outline.iter().map(|&(x, y)| (x, y + sink));
            surfaces.push(geom::hull(plate.outline.iter().copied().chain(lower)));
        }
        // What lies within a plate needs no piece of its own; labels may reach beyond.
        let mut pieces: Vec<[Xy; 4]> = Vec::new();
        let mut add = |piece: [Xy; 4]| {
            if !surfaces.iter().any(|surface| geom::within(&piece, surface)) {
                pieces.push(piece);
            }
        };
        for node in nodes {
            add(boxed(&node.bounds));
            if let Some(label) = &node.label {
                add(boxed(&grown(label.bounds, 4.0)));
            }
        }
        for edge in edges {
            for pair in edge.points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                add([(a.0 - 4.0, a.1), (a.0 + 4.0, a.1), (b.0 + 4.0, b.1), (b.0 - 4.0, b.1)]);
            }
        }
        if nodes.is_empty() {
            // The words that say so.
            let middle = plates.iter().map(|plate| plate.bounds).reduce(|a, b| a.union(&b));
            let middle = middle.unwrap_or(super::furniture::EMPTY).center();
            let words = super::furniture::EMPTY;
            pieces.push(boxed(&Rect { x: middle.x - words.w / 2.0, y: middle.y - words.h / 2.0, ..words }));
        }
        let around = surfaces.iter().filter_map(|surface| geom::around(surface.iter().copied()));
        let bounds = around
            .chain(pieces.iter().filter_map(|&piece| geom::around(piece)))
            .reduce(|a, b| a.union(&b))
            .filter(|bounds| bounds.w.is_finite() && bounds.h.is_finite())
            .unwrap_or(super::furniture::EMPTY);
        let floor = floors.into_iter().max_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)));
        let floor = floor.filter(|floor| floor.w * floor.h > LEAST_FLOOR * bounds.w * bounds.h);
        Self { bounds, surfaces, pieces, floor }
    }

    fn touched_by(&self, rect: &Rect) -> bool {
        let near = |piece: &[Xy]| geom::around(piece.iter().copied()).is_some_and(|b| b.overlaps(rect, 0.0));
        self.surfaces.iter().any(|surface| near(surface) && touches(surface, rect))
            || self.pieces.iter().any(|piece| near(piece) && touches(piece, rect))
    }
}

fn boxed(rect: &Rect) -> [Xy; 4] {
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    [(x, y), (right, y), (right, bottom), (x, bottom)]
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

/// A page tried: its size, and what it costs against the smallest, as a share of the drawing's scale.
struct Trial {
    page: Xy,
    cost: f64,
}

/// Decides the page: of all ways to seat legend and title block in its corners, or on the bare floor
/// of a region, the one that leaves the drawing largest. Familiar corners win where little is lost.
pub(super) fn arrange(
    content: &Content,
    style: &Style,
    title_block: Option<Xy>,
    legend: Option<Xy>,
) -> Arranged {
    let exact = style.width.zip(style.height).map(|(w, h)| (f64::from(w.get()), f64::from(h.get())));
    let mut best: Option<(f64, Arranged)> = None;
    let mut last = None;
    for trial in trials(content, exact, title_block, legend) {
        if best.as_ref().is_some_and(|(least, _)| trial.cost >= *least) {
            continue;
        }
        let scale = furniture_scale(trial.page, style, exact, title_block, legend);
        let readable = scale * zoom_of(trial.page, style) * 11.0 >= 5.6;
        let wanted = |size: Option<Xy>| size.filter(|_| readable).map(|(w, h)| (w * scale, h * scale));
        let seats = Seats { content, title: wanted(title_block), legend: wanted(legend), scale };
        for (page, aside) in seats.pages(trial.page) {
            let free = seats.seated(&page);
            let seated = free.map_or_else(|| seats.familiar(&page), |(_, seated)| seated);
            let (canvas, page) = canvas_of(page, style);
            let arranged = Arranged {
                canvas,
                page,
                legend: seated.legend.map(|at| (at, scale)),
                title_block: seated.title.map(|at| (at, scale)),
            };
            let cost = free.map(|(cost, _)| trial.cost + aside + cost);
            match cost {
                Some(cost) if best.as_ref().is_none_or(|(least, _)| cost < *least) => {
                    best = Some((cost, arranged));
                }
                Some(_) => {}
                None => last = Some(arranged),
            }
        }
    }
    // A page of three times the drawing's size has room, so a best one is always found; if it ever
    // is not, the last page is a good one that merely overlaps.
    best.map(|(_, arranged)| arranged).or(last).expect("at least one page was tried")
}

/// The pages to try, the smallest first.
fn trials(content: &Content, exact: Option<Xy>, title_block: Option<Xy>, legend: Option<Xy>) -> Vec<Trial> {
    let size = (content.bounds.w + 96.0, content.bounds.h + 96.0);
    let mut out = Vec::new();
    match exact {
        Some((w, h)) => {
            // No larger than 1.5 times its natural size, and of the canvas's shape.
            let zoom = (w / size.0).min(h / size.1).min(1.5);
            for step in 0..120 {
                let grown = 1.0 + 0.02 * f64::from(step);
                out.push(Trial { page: (w / zoom * grown, h / zoom * grown), cost: grown - 1.0 });
            }
        }
        None => {
            // Room below, or beside.
            let widest = title_block.unwrap_or_default().0.max(legend.unwrap_or_default().0);
            let size = (size.0.max(widest + 84.0), size.1);
            let cost = |page: Xy| (page.0 * page.1 / (size.0 * size.1)).sqrt() - 1.0;
            for step in 0..160 {
                let more = 12.0 * f64::from(step);
                for page in [
                    (size.0, size.1 + more * (size.1 / 1400.0).max(1.0)),
                    (size.0 + more * (size.0 / 1400.0).max(1.0), size.1),
                ] {
                    out.push(Trial { page, cost: cost(page) });
                }
            }
            out.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        }
    }
    out
}

/// On canvases smaller than this furniture is smaller than natural, as names are in them.
const FULL_CANVAS: Xy = (1600.0, 1000.0);
/// Its smallest letters are as large then as the names.
const SMALLEST: f64 = 0.82;

/// How large furniture is on a page: it keeps its size on the canvas, within what a page can spare.
fn furniture_scale(
    page: Xy,
    style: &Style,
    exact: Option<Xy>,
    title_block: Option<Xy>,
    legend: Option<Xy>,
) -> f64 {
    let (title, key) = (title_block.unwrap_or_default(), legend.unwrap_or_default());
    let zoom = zoom_of(page, style);
    let natural = match exact {
        Some((w, h)) => (w / FULL_CANVAS.0).min(h / FULL_CANVAS.1).clamp(SMALLEST, 1.0),
        None => style.scale.get() * (page.0 / SCREEN).clamp(1.0, 2.0),
    };
    let tallest = title.1.max(key.1).max(1.0);
    let tall = exact.is_some_and(|(w, h)| w < 0.75 * h);
    let most = (if tall { 0.7 } else { 0.32 } * page.0 / title.0.max(key.0).max(1.0))
        .min(if page.0 > 2.5 * page.1 { 0.7 } else { 0.36 } * page.1 / tallest);
    let most = if exact.is_some() { most } else { most.max(1.0) };
    (natural / zoom).clamp(0.6, 6.0).min(most)
}

/// Where legend and title block might be, of sizes in page units; none where they are not wanted or
/// would be too small to read.
struct Seats<'a> {
    content: &'a Content,
    title: Option<Xy>,
    legend: Option<Xy>,
    scale: f64,
}

/// The upper left corners of what is seated.
#[derive(Clone, Copy)]
struct Seated {
    legend: Option<Xy>,
    title: Option<Xy>,
}

/// What unfamiliar seats cost, as a share of the drawing's scale: so much must be gained by them.
const SWAPPED: f64 = 0.015;
const TOGETHER: f64 = 0.02;
const ABOVE: f64 = 0.02;
const ON_FLOOR: f64 = 0.05;
const OFF_CENTER: f64 = 0.01;

/// A corner: on the right, at the top.
type Corner = (bool, bool);
const CORNERS: [Corner; 4] = [(false, false), (true, false), (false, true), (true, true)];

impl Seats<'_> {
    /// The gap between furniture and the page's edge.
    fn gap(&self) -> f64 {
        28.0 * self.scale
    }

    /// The ways a page of a size can lie around the drawing, with what each costs.
    fn pages(&self, (w, h): Xy) -> Vec<(Rect, f64)> {
        let b = self.content.bounds;
        let along = |from: f64, length: f64, page: f64| {
            let middle = from + length / 2.0 - page / 2.0;
            let mut out = vec![(middle, 0.0)];
            if page - length - 96.0 > 1.0 {
                out.extend([(from - 48.0, OFF_CENTER), (from + length + 48.0 - page, OFF_CENTER)]);
            }
            out
        };
        let columns = along(b.x, b.w, w);
        let rows = along(b.y, b.h, h);
        let rows = rows.iter();
        rows.flat_map(|&(y, down)| columns.iter().map(move |&(x, side)| (Rect::new(x, y, w, h), down + side)))
            .collect()
    }

    /// A box of a size in a corner of another, so far from its edges.
    fn in_corner(around: &Rect, (right, top): Corner, (w, h): Xy, gap: f64) -> Rect {
        let x = if right { around.right() - gap - w } else { around.x + gap };
        let y = if top { around.y + gap } else { around.bottom() - gap - h };
        Rect::new(x, y, w, h)
    }

    /// Where they are looked for first, whether that is free or not.
    fn familiar(&self, page: &Rect) -> Seated {
        let at = |corner, size: Option<Xy>| {
            size.map(|size| Self::in_corner(page, corner, size, self.gap())).map(|rect| (rect.x, rect.y))
        };
        Seated { legend: at(CORNERS[0], self.legend), title: at(CORNERS[1], self.title) }
    }

    /// The best seats on a page and what they cost; none where none are free.
    fn seated(&self, page: &Rect) -> Option<(f64, Seated)> {
        let near = 12.0 * self.scale;
        let free = |rect: &Rect| {
            let rim = self.gap() - 1e-6;
            rect.x - rim >= page.x
                && rect.y - rim >= page.y
                && rect.right() + rim <= page.right()
                && rect.bottom() + rim <= page.bottom()
                && !self.content.touched_by(&grown(*rect, near))
        };
        // Every free corner of the page and the floor for one box, with its own cost.
        let corners = |size: Xy, home: Corner| -> Vec<(f64, Rect)> {
            let of_page = CORNERS.into_iter().map(|corner| {
                let cost =
                    if corner.1 { ABOVE } else { 0.0 } + if corner.0 == home.0 { 0.0 } else { SWAPPED };
                (cost, Self::in_corner(page, corner, size, self.gap()))
            });
            let of_floor = self.content.floor.iter().flat_map(|floor| {
                CORNERS.map(|corner| (ON_FLOOR, Self::in_corner(floor, corner, size, 20.0 * self.scale)))
            });
            of_page.chain(of_floor).filter(|(_, rect)| free(rect)).collect()
        };
        let at = |rect: Rect| Some((rect.x, rect.y));
        let (title, legend) = match (self.title, self.legend) {
            (None, None) => return Some((0.0, Seated { legend: None, title: None })),
            (Some(title), Some(legend)) => (title, legend),
            (Some(title), None) => {
                let best = least(corners(title, CORNERS[1]))?;
                return Some((best.0, Seated { title: at(best.1), legend: None }));
            }
            (None, Some(legend)) => {
                let best = least(corners(legend, CORNERS[0]))?;
                return Some((best.0, Seated { legend: at(best.1), title: None }));
            }
        };
        let mut found: Vec<(f64, Seated)> = Vec::new();
        let titles = corners(title, CORNERS[1]);
        let legends = corners(legend, CORNERS[0]);
        for (one, title) in &titles {
            for (other, legend) in &legends {
                if !grown(*title, near).overlaps(legend, 0.0) {
                    found.push((one + other, Seated { title: at(*title), legend: at(*legend) }));
                }
            }
        }
        // Together in one corner: over one another or side by side, the title block outermost.
        let over = (title.0.max(legend.0), title.1 + near + legend.1);
        let side = (title.0 + near + legend.0, title.1.max(legend.1));
        let places = [(page, self.gap(), 0.0)];
        let floor = self.content.floor.iter().map(|floor| (floor, 20.0 * self.scale, 2.0 * ON_FLOOR));
        for (place, gap, extra) in places.into_iter().chain(floor) {
            for corner in CORNERS {
                for (stacked, size) in [(true, over), (false, side)] {
                    let both = Self::in_corner(place, corner, size, gap);
                    if !free(&both) {
                        continue;
                    }
                    let own = Self::in_corner(&both, corner, title, 0.0);
                    let across = match stacked {
                        true => (corner.0, !corner.1),
                        false => (!corner.0, corner.1),
                    };
                    let other = Self::in_corner(&both, across, legend, 0.0);
                    let cost = TOGETHER + extra + if corner.1 { ABOVE } else { 0.0 };
                    found.push((cost, Seated { title: at(own), legend: at(other) }));
                }
            }
        }
        least(found)
    }
}

/// The first of the least.
fn least<T>(list: Vec<(f64, T)>) -> Option<(f64, T)> {
    list.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))
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
