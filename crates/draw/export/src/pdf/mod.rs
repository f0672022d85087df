//! A scene as PDF: vectors and real text, on paper of a given size or on a page of the drawing's own,
//! with bookmarks for regions and networks. No times and no random ids are written: the same scene
//! gives the same bytes.

mod paper;
mod shape;
mod sheet;
mod text;

use std::collections::HashMap;

use isobar_scene::scene::{Group, Item, Mark, Scene};
use isobar_scene::{Color, Fonts};
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::graphic::Graphic;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

use crate::error::Error;
pub use paper::{Page, Pages, PaperSize};
use sheet::Sheet;
use text::Type;

/// The band above a part of the drawing that says which part it is, in points.
const HEADER: f32 = 26.0;

/// Writes the scene; `fonts` are those it was painted with.
pub fn write(scene: &Scene, fonts: &Fonts, page: &Page) -> Result<Vec<u8>, Error> {
    write_with_overview(scene, scene, fonts, page)
}

/// Writes the scene with another of the same drawing on the sheet with everything, painted for the
/// canvas of such a sheet: there words are large enough to be read, and on the other sheets complete.
pub fn write_with_overview(
    overview: &Scene,
    scene: &Scene,
    fonts: &Fonts,
    page: &Page,
) -> Result<Vec<u8>, Error> {
    let sheets = sheet::sheets(overview, scene, page);
    let mut writer = Writer { scene: overview, letters: Type::new(fonts), symbols: HashMap::new() };
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(metadata(scene));
    let mut places = Vec::with_capacity(sheets.len());
    for (number, sheet) in sheets.iter().enumerate() {
        if number == 1 && !std::ptr::eq(overview, scene) {
            writer.scene = scene;
            // Those of another scene.
            writer.symbols.clear();
        }
        let placed = Placed::new(sheet, page).ok_or_else(|| failed("no page"))?;
        let size = Size::from_wh(placed.paper.0, placed.paper.1).ok_or_else(|| failed("no page"))?;
        let mut leaf = document.start_page_with(PageSettings::new(size));
        let mut surface = leaf.surface();
        if let Some(color) = scene.background {
            cover(&mut surface, color, placed.paper);
        }
        if let Some(title) = &sheet.title {
            let count = format!("{} / {}", number + 1, sheets.len());
            writer.header(title, &count, &placed, &mut surface);
        }
        let clip = sheet.title.is_some().then(|| placed.frame()).flatten();
        if let Some(frame) = &clip {
            surface.push_clip_path(frame, &FillRule::NonZero);
        }
        surface.push_transform(&placed.map);
        writer.items(sheet, &mut surface);
        surface.pop();
        if clip.is_some() {
            surface.pop();
        }
        surface.finish();
        for link in sheet::links(writer.scene, &sheets, number) {
            leaf.add_annotation(writer.link(&link, &placed));
        }
        leaf.finish();
        places.push(placed);
    }
    document.set_outline(sheet::bookmarks(scene, &sheets, &places));
    document.finish().map_err(|error| failed(&format!("{error:?}")))
}

fn failed(reason: &str) -> Error {
    Error::Encode { format: "PDF", reason: reason.to_owned() }
}

/// Where a sheet's part of the drawing lies on its paper.
struct Placed {
    /// Width and height in points.
    paper: (f32, f32),
    /// From page units to points.
    map: Transform,
    /// What is shown, in points: left, top, right, bottom.
    shown: (f32, f32, f32, f32),
}

impl Placed {
    fn new(sheet: &Sheet, page: &Page) -> Option<Self> {
        let (w, h) = (sheet.view.w as f32, sheet.view.h as f32);
        let (width, mut height, margin) = page.measures(sheet.natural);
        let header = if sheet.title.is_some() { HEADER } else { 0.0 };
        if page.paper.is_none() {
            height += header;
        }
        let room = (width - 2.0 * margin, height - 2.0 * margin - header);
        let fit = (room.0 / w).min(room.1 / h);
        let (left, top) = ((width - w * fit) / 2.0, margin + header + (room.1 - h * fit) / 2.0);
        let (x, y) = (sheet.view.x as f32, sheet.view.y as f32);
        let map = Transform::from_row(fit, 0.0, 0.0, fit, left - x * fit, top - y * fit);
        let good = fit.is_finite() && fit > 0.0;
        good.then_some(Self {
            paper: (width, height),
            map,
            shown: (left, top, left + w * fit, top + h * fit),
        })
    }

    /// Where a point of the drawing lies on the paper.
    fn point(&self, at: (f64, f64)) -> Point {
        let (x, y) = (at.0 as f32, at.1 as f32);
        let x = (self.map.sx() * x + self.map.tx()).clamp(0.0, self.paper.0);
        Point::from_xy(x, (self.map.sy() * y + self.map.ty()).clamp(0.0, self.paper.1))
    }

    fn frame(&self) -> Option<Path> {
        let (left, top, right, bottom) = self.shown;
        let mut builder = PathBuilder::new();
        builder.push_rect(Rect::from_ltrb(left, top, right, bottom)?);
        builder.finish()
    }
}

/// The page's colour over the margins too, so that a drawing has no frame around it.
fn cover(surface: &mut Surface<'_>, color: Color, (w, h): (f32, f32)) {
    let mut builder = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(-2.0, -2.0, w + 4.0, h + 4.0) {
        builder.push_rect(rect);
    }
    let Some(path) = builder.finish() else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(fill(color)));
    surface.draw_path(&path);
}

fn fill(color: Color) -> Fill {
    let paint = krilla::color::rgb::Color::new(color.0, color.1, color.2).into();
    Fill { paint, ..Fill::default() }
}

/// What draws items, and remembers what can be drawn again.
struct Writer<'a> {
    scene: &'a Scene,
    letters: Type<'a>,
    symbols: HashMap<usize, Option<Graphic>>,
}

impl Writer<'_> {
    /// The part of the scene that a sheet shows.
    fn items(&mut self, sheet: &Sheet, surface: &mut Surface<'_>) {
        let scene = self.scene;
        if let Some(grid) = &scene.grid {
            shape::draw(&crate::grid::lines(grid, &sheet.view), &[], surface);
        }
        for item in &scene.items {
            let Item::Group(Group { mark: Mark::Layer(name), items }) = item else {
                if sheet.parts.is_none() {
                    self.item(item, surface);
                }
                continue;
            };
            let titles = (*name == "titles").then(|| sheet.titles(scene));
            for item in items {
                let shown = match (&sheet.parts, item) {
                    (None, _) => true,
                    (Some(parts), Item::Group(group)) => match &group.mark {
                        Mark::Thing { id, .. } | Mark::Label(id) => parts.contains(id),
                        Mark::Layer(_) => false,
                    },
                    (Some(_), Item::Text(text)) => {
                        titles.as_ref().is_some_and(|titles| titles.contains(&sheet::place_of(text)))
                    }
                    (Some(_), _) => false,
                };
                if shown {
                    self.item(item, surface);
                }
            }
        }
    }

    fn item(&mut self, item: &Item, surface: &mut Surface<'_>) {
        match item {
            Item::Shape(shape) => shape::draw(shape, &self.scene.gradients, surface),
            Item::Text(text) => self.letters.draw(text, surface),
            Item::Use { symbol, at, scale } => {
                let Some(graphic) = self.symbol(*symbol, surface) else { return };
                let (x, y) = (shape::short(at.0), shape::short(at.1));
                let scale = *scale as f32;
                surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x, y));
                surface.draw_graphic(graphic);
                surface.pop();
            }
            Item::Group(group) => group.items.iter().for_each(|item| self.item(item, surface)),
        }
    }

    /// A symbol, written once and named from then on.
    fn symbol(&mut self, number: usize, surface: &mut Surface<'_>) -> Option<Graphic> {
        if let Some(known) = self.symbols.get(&number) {
            return known.clone();
        }
        let graphic = self.scene.symbols.get(number).map(|symbol| {
            let mut builder = surface.stream_builder();
            let mut inner = builder.surface();
            symbol.items.iter().for_each(|item| self.item(item, &mut inner));
            inner.finish();
            Graphic::new(builder.finish(), false)
        });
        self.symbols.insert(number, graphic.clone());
        graphic
    }
}

/// What a PDF's properties say.
fn metadata(scene: &Scene) -> Metadata {
    let facts: Vec<String> =
        scene.facts.iter().skip(1).map(|(heading, value)| format!("{heading}: {value}")).collect();
    Metadata::new()
        .title(scene.title.clone())
        .creator("isobar".to_owned())
        .producer("isobar".to_owned())
        .description(facts.join("; "))
}
