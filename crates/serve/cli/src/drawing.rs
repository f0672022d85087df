//! The flags of a drawing, the same that the API takes as query parameters.
//!
//! In: `--filter`, `--projection`, `--scale` and the like. Out: a request to draw. What they mean is
//! the drawing's business.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use isobar_app::{DrawRequest, Format};

/// How the drawing looks and what it leaves out.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Drawing")]
pub(crate) struct DrawingArguments {
    /// File format [default: what the name after -o ends in, else svg]
    #[arg(long, short, value_enum, ignore_case = true, value_name = "FORMAT")]
    pub(crate) format: Option<DrawingFormat>,
    /// Show only what matches, such as `type=ec2 AND env=prod`
    #[arg(long, value_name = "EXPRESSION")]
    pub(crate) filter: Option<String>,
    /// Leave out these types, such as `ebs,sg`; can be repeated
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// From which side one looks
    #[arg(long, value_enum, default_value = "isometric")]
    pub(crate) projection: ProjectionArgument,
    /// Light or dark paper
    #[arg(long, value_enum, default_value = "light")]
    pub(crate) theme: ThemeArgument,
    /// How much of what is alike is drawn as one
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) detail: DetailArgument,
    /// Show groups over the plan: asg, cluster, sg, nacl; can be repeated
    #[arg(long, value_name = "GROUPS", value_delimiter = ',')]
    pub(crate) overlay: Vec<String>,
    /// No labels
    #[arg(long)]
    pub(crate) no_label: bool,
    /// No lines between resources
    #[arg(long)]
    pub(crate) no_autoconnect: bool,
    /// Size relative to the natural one
    #[arg(long, value_name = "FACTOR")]
    pub(crate) scale: Option<String>,
    /// Exact width in pixels; with --height the drawing is fitted into the page
    #[arg(long, value_name = "PIXELS")]
    pub(crate) width: Option<String>,
    /// Exact height in pixels
    #[arg(long, value_name = "PIXELS")]
    pub(crate) height: Option<String>,
    /// Draw the grid
    #[arg(long)]
    pub(crate) grid: bool,
    /// No background
    #[arg(long)]
    pub(crate) transparent: bool,
    /// Paper lies on its long side (pdf)
    #[arg(long)]
    pub(crate) landscape: bool,
    /// Paper: Letter, Legal, Tabloid, Ledger, A0 to A5 (pdf)
    #[arg(long, value_name = "SIZE")]
    pub(crate) paper_size: Option<String>,
    /// Further pages for each network and the services beside them (pdf)
    #[arg(long, value_enum, default_value = "one", value_name = "HOW")]
    pub(crate) pages: PagesArgument,
    /// The headline; the account's name where none is given
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Write to this file instead of standard output
    #[arg(long = "out", short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The formats a drawing comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DrawingFormat {
    /// Scalable, for browsers
    Svg,
    /// Pixels
    Png,
    /// Pixels, smaller
    Webp,
    /// Vectors with real text, for paper
    Pdf,
    /// For draw.io
    #[value(name = "mxgraph", alias = "mxGraph")]
    Mxgraph,
    /// Cloudcraft's blueprint
    Json,
}

/// From which side one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ProjectionArgument {
    /// At an angle
    #[default]
    Isometric,
    /// From above
    #[value(name = "2d")]
    Flat,
}

/// How much of what is alike is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DetailArgument {
    /// Large sets of like resources as stacks
    #[default]
    Auto,
    /// Every resource at full size
    All,
    /// Stacks wherever a few are alike
    Summary,
}

/// How many pages a PDF has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PagesArgument {
    /// One with everything
    #[default]
    One,
    /// One with everything, then the parts at a readable size
    Many,
}

/// Light or dark paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ThemeArgument {
    /// Dark on light
    #[default]
    Light,
    /// Light on dark
    Dark,
}

impl DrawingFormat {
    /// The format that a file's name asks for.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::Webp),
            "pdf" => Some(Self::Pdf),
            "mxgraph" | "drawio" | "xml" => Some(Self::Mxgraph),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The product's word for it.
    fn format(self) -> Format {
        match self {
            Self::Svg => Format::Svg,
            Self::Png => Format::Png,
            Self::Webp => Format::WebP,
            Self::Pdf => Format::Pdf,
            Self::Mxgraph => Format::MxGraph,
            Self::Json => Format::Json,
        }
    }
}

impl DrawingArguments {
    /// The format: as said, else as the file's name says, else SVG.
    fn format(&self) -> DrawingFormat {
        let named = || self.out.as_deref().and_then(DrawingFormat::of);
        self.format.or_else(named).unwrap_or(DrawingFormat::Svg)
    }

    /// The request; regions and accounts are left to the caller. The values are read by the same
    /// code that reads the API's queries, so both agree on what is valid.
    pub(crate) fn request(&self) -> Result<DrawRequest> {
        let exclude = self.exclude.join(",");
        let overlay = self.overlay.join(",");
        let on = |flag: bool, word: &'static str| if flag { word } else { "" };
        let projection = match self.projection {
            ProjectionArgument::Isometric => "isometric",
            ProjectionArgument::Flat => "2d",
        };
        let theme = match self.theme {
            ThemeArgument::Light => "light",
            ThemeArgument::Dark => "dark",
        };
        let detail = match self.detail {
            DetailArgument::Auto => "auto",
            DetailArgument::All => "all",
            DetailArgument::Summary => "summary",
        };
        let pages = if self.pages == PagesArgument::Many { "many" } else { "" };
        let pairs = [
            ("pages", pages),
            ("filter", self.filter.as_deref().unwrap_or_default()),
            ("exclude", &exclude),
            ("projection", projection),
            ("theme", theme),
            ("detail", detail),
            ("overlay", &overlay),
            ("label", on(self.no_label, "false")),
            ("autoconnect", on(self.no_autoconnect, "false")),
            ("scale", self.scale.as_deref().unwrap_or_default()),
            ("width", self.width.as_deref().unwrap_or_default()),
            ("height", self.height.as_deref().unwrap_or_default()),
            ("grid", on(self.grid, "true")),
            ("transparent", on(self.transparent, "true")),
            ("landscape", on(self.landscape, "true")),
            ("paperSize", self.paper_size.as_deref().unwrap_or_default()),
        ];
        let mut request = DrawRequest::new(self.format().format()).set_all(pairs)?;
        request.title = self.title.clone();
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_follows_the_file_name_unless_said() {
        for (format, out, expected) in [
            (None, None, DrawingFormat::Svg),
            (None, Some("a.PNG"), DrawingFormat::Png),
            (None, Some("a.drawio"), DrawingFormat::Mxgraph),
            (None, Some("a"), DrawingFormat::Svg),
            (Some(DrawingFormat::Pdf), Some("a.png"), DrawingFormat::Pdf),
        ] {
            let arguments = DrawingArguments { format, out: out.map(PathBuf::from), ..Default::default() };
            assert_eq!(arguments.format(), expected, "{format:?} {out:?}");
        }
    }

    #[test]
    fn flags_become_the_same_request_as_a_query() {
        let arguments = DrawingArguments {
            filter: Some("type=ec2".into()),
            exclude: vec!["sg".into(), "ebs".into()],
            theme: ThemeArgument::Dark,
            no_label: true,
            paper_size: Some("a4".into()),
            ..Default::default()
        };
        let request = arguments.request().expect("good values");
        assert_eq!(request.exclude, ["sg", "ebs"]);
        assert!(!request.label && request.autoconnect && request.filter.is_some());
        assert_eq!((request.theme.as_str(), request.paper.is_some()), ("dark", true));
        let wrong = DrawingArguments { scale: Some("huge".into()), ..Default::default() };
        assert!(wrong.request().expect_err("no number").to_string().contains("scale"));
    }
}
