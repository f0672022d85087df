//! Recordings -> graph -> view -> blueprint -> scene -> bytes.

use isobar_catalog::Catalog;
use isobar_export as export;
use isobar_export::json::JsonContext;
use isobar_export::{Error as ExportError, Page};
use isobar_graph::{Selection, View};
use isobar_layout::{Blueprint, Options};
use isobar_model::{Region, ResourceId, Timestamp};
use isobar_recording::Recording;
use isobar_scene::{PixelSize, Style};

use super::{DrawRequest, Format};
use crate::Error;

/// A finished drawing.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// What to send as Content-Type.
    pub media_type: &'static str,
    /// Resources shown.
    pub shown: usize,
    /// Resources there are.
    pub total: usize,
    /// What could not be read, one short sentence each.
    pub gaps: Vec<String>,
    /// When the newest scan ended.
    pub scanned: Option<Timestamp>,
    /// Locked resources that could not stand where they were locked.
    pub displaced: Vec<ResourceId>,
}

/// Draws recordings. The same input gives the same bytes.
pub fn draw(catalog: &Catalog, recordings: &[&Recording], request: &DrawRequest) -> Result<Drawing, Error> {
    let blueprint = blueprint(catalog, recordings, request);
    let displaced = displaced(&blueprint, request);
    let bytes = write(&blueprint, request, &displaced)?;
    let facts = blueprint.facts;
    Ok(Drawing {
        bytes,
        format: request.format,
        media_type: request.format.media_type(),
        shown: facts.shown,
        total: facts.total,
        gaps: facts.gaps,
        scanned: facts.scanned,
        displaced,
    })
}

/// The resources of a drawing that are locked, each with whether it stands where it was locked.
fn locked<'b>(
    blueprint: &'b Blueprint,
    request: &DrawRequest,
) -> impl Iterator<Item = (&'b ResourceId, bool)> {
    let locked = request.like.as_deref().map(|like| &like.locked);
    blueprint
        .nodes
        .iter()
        .filter_map(move |node| Some((&node.resource, *locked?.get(&node.resource)? == node.at)))
}

fn displaced(blueprint: &Blueprint, request: &DrawRequest) -> Vec<ResourceId> {
    locked(blueprint, request).filter(|(_, kept)| !kept).map(|(id, _)| id.clone()).collect()
}

/// The placed diagram, before it has a format.
pub fn blueprint(catalog: &Catalog, recordings: &[&Recording], request: &DrawRequest) -> Blueprint {
    let graph = isobar_graph::build(catalog, recordings);
    let selection = Selection {
        accounts: request.accounts.clone(),
        regions: request.regions.clone(),
        filter: request.filter.clone(),
        exclude: request.exclude.clone(),
    };
    let view = View::select(&graph, &selection);
    let like = request.like.as_deref();
    let options = Options {
        projection: request.projection,
        edges: request.autoconnect,
        title: request.title.clone(),
        detail: request.detail,
        overlays: request.overlays.clone(),
        hint: like.map(|like| like.hint.clone()),
        pins: like.map(|like| like.locked.clone()).unwrap_or_default(),
        ..Options::default()
    };
    let mut blueprint = isobar_layout::place(&view, &options);
    // Where nothing could be read of a region, it is still the one that was asked for.
    if blueprint.nodes.is_empty() && blueprint.plates.is_empty() && !request.regions.is_empty() {
        blueprint.facts.region = request.regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ");
    }
    blueprint
}

fn write(blueprint: &Blueprint, request: &DrawRequest, displaced: &[ResourceId]) -> Result<Vec<u8>, Error> {
    if request.format == Format::Json {
        let context = JsonContext {
            theme: request.theme,
            label: request.label,
            autoconnect: request.autoconnect,
            grid: request.grid,
            account: request.account.map(isobar_model::AccountId::uuid),
            excluded: request.exclude.clone(),
            locked: locked(blueprint, request).map(|(id, _)| id.clone()).collect(),
            displaced: displaced.to_vec(),
            search_terms: request.filter.iter().map(|filter| filter.text().to_owned()).collect(),
            ..JsonContext::default()
        };
        return Ok(export::json::write(blueprint, &context).into_bytes());
    }
    let fonts = &request.fonts;
    let style = Style {
        theme: request.theme,
        label: request.label,
        grid: request.grid,
        transparent: request.transparent,
        width: request.width,
        height: request.height,
        scale: request.scale,
        fonts: fonts.clone(),
        ..Style::default()
    };
    let scene = isobar_scene::paint(blueprint, &style);
    let written = match request.format {
        Format::Svg => Ok(export::svg::write(&scene).into_bytes()),
        Format::MxGraph => Ok(export::mxgraph::write(&scene).into_bytes()),
        Format::Png => export::png::write(&scene, fonts),
        Format::WebP => export::webp::write(&scene, fonts),
        Format::Pdf => {
            let (width, height) = scene.canvas;
            // Nobody said how the paper lies: as the drawing does.
            let landscape = request.landscape.unwrap_or(width > height);
            let page = Page { paper: request.paper, landscape, pages: request.pages };
            let canvas = page.canvas(scene.canvas).filter(|_| style.width.or(style.height).is_none());
            let whole = canvas.map(|(w, h)| {
                let (width, height) = (PixelSize::new(w).ok(), PixelSize::new(h).ok());
                isobar_scene::paint(blueprint, &Style { width, height, ..style })
            });
            let whole = whole.as_ref().unwrap_or(&scene);
            let parts = if request.pages == export::Pages::Many { &scene } else { whole };
            export::pdf::write_with_overview(whole, parts, fonts, &page)
        }
        Format::Json => Ok(Vec::new()),
    };
    written.map_err(|error| match error {
        ExportError::TooManyPixels { .. } | ExportError::TooLong { .. } => {
            let asked =
                if request.width.is_some() || request.height.is_some() { "width, height" } else { "scale" };
            Error::TooLarge(format!("Invalid parameter: {asked}. Must be smaller: {error}"))
        }
        other => Error::Internal(other.to_string()),
    })
}
