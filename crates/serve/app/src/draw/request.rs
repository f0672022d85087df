//! What a drawing can be asked to be, parsed from texts at the door.
//!
//! In: `name=value` pairs as a query or a command line has them. Out: a [`DrawRequest`], which holds
//! only good values. Unknown names are ignored, bad values are errors that name the parameter.

use std::sync::Arc;

use isobar_export::{Pages, PaperSize};
use isobar_graph::Filter;
use isobar_layout::{Detail, Overlays, Projection};
use isobar_model::{AccountId, AwsAccountId, Region};
use isobar_scene::{Fonts, PixelSize, Scale, Theme};

use super::Like;
use crate::Error;

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// The blueprint as Cloudcraft's JSON.
    Json,
    /// Vectors for the web.
    Svg,
    /// Pixels.
    Png,
    /// Pixels, smaller.
    WebP,
    /// Vectors for paper.
    Pdf,
    /// For draw.io.
    MxGraph,
}

impl Format {
    /// All formats in the order in which errors list them.
    pub const ALL: [Self; 6] = [Self::Json, Self::Svg, Self::Png, Self::WebP, Self::Pdf, Self::MxGraph];

    /// Reads `json`, `svg`, `png`, `webp`, `pdf`, `mxGraph`, in any case.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| Error::one_of("fileFormat", "json, svg, png, webp, pdf, mxGraph"))
    }
    /// As the API's paths have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Pdf => "pdf",
            Self::MxGraph => "mxGraph",
        }
    }
    /// What to send as Content-Type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Pdf => "application/pdf",
            Self::MxGraph => "application/xml",
        }
    }
    /// What a saved file is called at its end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::MxGraph => "drawio",
            other => other.as_str(),
        }
    }
}

/// Reads a number from 0.05 to 10.
pub fn scale(text: &str) -> Result<Scale, Error> {
    Scale::parse(text).map_err(|_| Error::parameter("scale", "a number from 0.05 to 10"))
}

/// Reads a whole number of pixels; `name` is for the error.
pub fn pixels(name: &'static str, text: &str) -> Result<PixelSize, Error> {
    // Some clients print whole numbers as floats.
    let whole = text.trim();
    let whole = whole.strip_suffix(".0").unwrap_or(whole);
    PixelSize::parse(whole).map_err(|_| Error::parameter(name, "a whole number of pixels from 1 to 16384"))
}

/// Reads `light` or `dark`.
pub fn theme(text: &str) -> Result<Theme, Error> {
    Theme::parse(text).ok_or_else(|| Error::one_of("theme", "light, dark"))
}

/// Reads `Letter`, `A4` and so on, in any case.
pub fn paper(text: &str) -> Result<PaperSize, Error> {
    let words = "Letter, Legal, Tabloid, Ledger, A0, A1, A2, A3, A4, A5";
    PaperSize::parse(text).map_err(|_| Error::one_of("paperSize", words))
}

/// Reads `one` or `many`.
pub fn pages(text: &str) -> Result<Pages, Error> {
    Pages::parse(text).ok_or_else(|| Error::one_of("pages", "one, many"))
}

/// Reads `true`, `True`, `1`, `false`, `False`, `0`.
pub fn boolean(name: &'static str, text: &str) -> Result<bool, Error> {
    match text {
        "1" => Ok(true),
        "0" => Ok(false),
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Error::one_of(name, "true, false")),
    }
}

/// Reads `isometric` or `2d`.
pub fn projection(text: &str) -> Result<Projection, Error> {
    Projection::parse(text).ok_or_else(|| Error::one_of("projection", "isometric, 2d"))
}

/// Reads `auto`, `all` or `summary`.
pub fn detail(text: &str) -> Result<Detail, Error> {
    Detail::parse(text).ok_or_else(|| Error::one_of("detail", "auto, all, summary"))
}

/// Reads a list of `asg`, `cluster`, `sg`, `nacl`.
pub fn overlay(text: &str) -> Result<Overlays, Error> {
    Overlays::parse(text).ok_or_else(|| Error::one_of("overlay", "asg, cluster, sg, nacl"))
}

/// Reads a filter expression; nothing where the text is blank.
pub fn filter(text: &str) -> Result<Option<Filter>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Filter::parse(text)
        .map(Some)
        .map_err(|e| Error::Parameter { name: "filter", text: format!("Invalid parameter: filter. {e}") })
}

/// Splits a list at its commas: component types to exclude.
pub fn list(text: &str) -> impl Iterator<Item = String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned)
}

/// What a drawing shall be.
#[derive(Debug, Clone)]
pub struct DrawRequest {
    /// The regions to show; all where none is named. Global resources always join.
    pub regions: Vec<Region>,
    /// The accounts to show; all where none is named.
    pub accounts: Vec<AwsAccountId>,
    /// The file format.
    pub format: Format,
    /// What to show of it.
    pub filter: Option<Filter>,
    /// Component types to leave out.
    pub exclude: Vec<String>,
    /// Names under the components.
    pub label: bool,
    /// Lines between them.
    pub autoconnect: bool,
    /// Relative size.
    pub scale: Scale,
    /// Exact width.
    pub width: Option<PixelSize>,
    /// Exact height.
    pub height: Option<PixelSize>,
    /// The floor's grid.
    pub grid: bool,
    /// No background.
    pub transparent: bool,
    /// PDF: the long side lies; decided by the drawing where none.
    pub landscape: Option<bool>,
    /// PDF: the paper; cut to the drawing where none.
    pub paper: Option<PaperSize>,
    /// PDF: one sheet, or further ones for the parts.
    pub pages: Pages,
    /// From the side or from above.
    pub projection: Projection,
    /// How much of what is alike is drawn as one.
    pub detail: Detail,
    /// The groups shown over the plan.
    pub overlays: Overlays,
    /// Light or dark.
    pub theme: Theme,
    /// The earlier picture whose places are kept.
    pub like: Option<Arc<Like>>,
    /// The headline; the account's name where none.
    pub title: Option<String>,
    /// The registered account, which the JSON names.
    pub account: Option<AccountId>,
    /// The faces text is set in.
    pub fonts: Arc<Fonts>,
}

impl DrawRequest {
    /// The defaults of the API, in a format.
    pub fn new(format: Format) -> Self {
        Self {
            regions: Vec::new(),
            accounts: Vec::new(),
            format,
            filter: None,
            exclude: Vec::new(),
            label: true,
            autoconnect: true,
            scale: Scale::default(),
            width: None,
            height: None,
            grid: false,
            transparent: false,
            landscape: None,
            paper: None,
            pages: Pages::One,
            projection: Projection::Isometric,
            detail: Detail::Auto,
            overlays: Overlays::default(),
            theme: Theme::Light,
            like: None,
            title: None,
            account: None,
            fonts: Fonts::embedded(),
        }
    }

    /// Sets one option from its text. Unknown names are ignored; lists add up.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        match name {
            "filter" => self.filter = filter(value)?,
            "exclude" => {
                self.exclude.extend(list(value));
                if self.exclude.len() > 500 || self.exclude.iter().any(|item| item.len() > 100) {
                    return Err(Error::parameter("exclude", "a list of at most 500 component types"));
                }
            }
            "label" => self.label = boolean("label", value)?,
            "autoconnect" => self.autoconnect = boolean("autoconnect", value)?,
            // What clients before the current API called it.
            "autoConnectComponents" => self.autoconnect = boolean("autoConnectComponents", value)?,
            "scale" => self.scale = scale(value)?,
            "width" => self.width = Some(pixels("width", value)?),
            "height" => self.height = Some(pixels("height", value)?),
            "grid" => self.grid = boolean("grid", value)?,
            "transparent" => self.transparent = boolean("transparent", value)?,
            "landscape" => self.landscape = Some(boolean("landscape", value)?),
            "paperSize" => self.paper = Some(paper(value)?),
            "pages" => self.pages = pages(value)?,
            "projection" => self.projection = projection(value)?,
            "detail" => self.detail = detail(value)?,
            "overlay" => self.overlays.extend(&overlay(value)?),
            "theme" => self.theme = theme(value)?,
            _ => {}
        }
        Ok(())
    }

    /// Sets many. A value that is empty counts as not given, as from a form left blank.
    pub fn set_all<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        for (name, value) in pairs {
            if !value.is_empty() {
                self.set(name, value)?;
            }
        }
        Ok(self)
    }

    /// Keeps the places of an earlier picture. Locked ones are places of the side from which that was
    /// seen, so they cannot be kept from another.
    pub fn keep(mut self, like: Like) -> Result<Self, Error> {
        if !like.locked.is_empty() && like.projection != self.projection {
            let must = format!("drawn with projection={0}: it locks places in {0}", like.projection.as_str());
            return Err(Error::parameter("like", &must));
        }
        self.like = Some(Arc::new(like));
        Ok(self)
    }

    /// A text that is equal exactly for requests that give the same picture.
    pub(crate) fn key(&self) -> String {
        let mut same = self.clone();
        let filter = same.filter.take().map(|f| f.text().to_owned());
        same.exclude = same.exclude.iter().map(|item| item.to_lowercase()).collect();
        same.exclude.sort();
        same.exclude.dedup();
        let text = format!("{filter:?} {same:?}");
        use sha2::Digest as _;
        sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<DrawRequest, Error> {
        DrawRequest::new(Format::Svg).set_all(pairs.iter().copied())
    }

    fn check_refused(name: &str, value: &str, text: &str) {
        match of(&[(name, value)]) {
            Err(Error::Parameter { text: got, .. }) => {
                assert!(got.starts_with(text), "{name}={value}: {got}")
            }
            other => panic!("{name}={value}: {other:?}"),
        }
    }

    #[test]
    fn bad_values_name_their_parameter() {
        check_refused("projection", "top", "Invalid parameter: projection. Must be one of: isometric, 2d");
        check_refused("theme", "Light", "Invalid parameter: theme. Must be one of: light, dark");
        check_refused("detail", "full", "Invalid parameter: detail. Must be one of: auto, all, summary");
        check_refused(
            "overlay",
            "sg,vpc",
            "Invalid parameter: overlay. Must be one of: asg, cluster, sg, nacl",
        );
        check_refused("scale", "0", "Invalid parameter: scale. Must be a number");
        check_refused("scale", "NaN", "Invalid parameter: scale");
        check_refused("scale", "inf", "Invalid parameter: scale");
        check_refused("width", "-1", "Invalid parameter: width");
        check_refused("width", "99999", "Invalid parameter: width");
        check_refused("height", "1.5", "Invalid parameter: height");
        check_refused("grid", "yes", "Invalid parameter: grid. Must be one of: true, false");
        check_refused("pages", "2", "Invalid parameter: pages. Must be one of: one, many");
        check_refused("paperSize", "B4", "Invalid parameter: paperSize. Must be one of: Letter, Legal");
        check_refused("filter", "(a", "Invalid parameter: filter. ");
    }

    #[test]
    fn reads_what_the_sdks_send() {
        let python =
            of(&[("exclude", "ec2"), ("exclude", "sg"), ("label", "False"), ("grid", "True")]).unwrap();
        let go = of(&[("exclude", "ec2,sg"), ("label", "0"), ("grid", "1"), ("nobody", "knows")]).unwrap();
        assert_eq!(python.exclude, ["ec2", "sg"]);
        assert_eq!(python.key(), go.key());
        assert_ne!(python.key(), of(&[("label", "false")]).unwrap().key());
        let overlays = [("overlay", "sg"), ("overlay", "asg")];
        assert_eq!(of(&overlays).unwrap().key(), of(&[("overlay", "asg, sg")]).unwrap().key());
        assert_ne!(of(&overlays).unwrap().key(), of(&[]).unwrap().key());
        assert_eq!(of(&[("width", "30"), ("height", "20.0")]).unwrap().height.unwrap().get(), 20);
        assert!(of(&[("filter", "type=ec2,env=prod")]).unwrap().filter.is_some());
        assert!(of(&[("filter", "  ")]).unwrap().filter.is_none());
        assert!(!of(&[("autoConnectComponents", "false")]).unwrap().autoconnect);
    }

    #[test]
    fn formats() {
        assert_eq!(Format::parse("mxgraph").unwrap(), Format::MxGraph);
        assert_eq!(Format::parse("webp").unwrap().media_type(), "image/webp");
        let text = Format::parse("gif").unwrap_err().to_string();
        assert_eq!(text, "Invalid parameter: fileFormat. Must be one of: json, svg, png, webp, pdf, mxGraph");
    }
}
