//! `isobar snapshot`: a picture of an account, from AWS, a linked account or a recording.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use isobar_app::draw::{Like, blueprint};
use isobar_app::{Catalog, DrawRequest, Drawing, Format, Recording};
use isobar_model::Region;

use super::scan::AskedArguments;
use crate::config::Settings;
use crate::console::{self, stdout_is_terminal, warn};
use crate::drawing::DrawingArguments;
use crate::exit::Outcome;
use crate::identity::IdentityArguments;

/// Larger JSON is refused, in bytes.
const LARGEST: u64 = 512 << 20;

/// Draw an account: as svg, png, webp, pdf, draw.io or json
///
/// Reads AWS with your credentials, unless a linked account or a recording is named.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A linked account, by id or name; its role is assumed
    #[arg(long, value_name = "ACCOUNT", conflicts_with_all = ["from_recording", "role_arn", "external_id"])]
    account: Option<String>,
    /// A recording: a file of `isobar scan`, a recording folder, or CloudMapper's account-data folder
    #[arg(long, value_name = "PATH", conflicts_with_all = ["role_arn", "external_id"])]
    from_recording: Option<PathBuf>,
    /// Keep things where an earlier snapshot had them: its JSON, or the recording it was drawn from
    ///
    /// What is `"locked": true` in the JSON stays exactly there. A recording is drawn with the same
    /// options first.
    #[arg(long, value_name = "PATH")]
    like: Option<PathBuf>,
    #[command(flatten)]
    identity: IdentityArguments,
    #[command(flatten)]
    asked: AskedArguments,
    #[command(flatten)]
    drawing: DrawingArguments,
    /// Exit with 3 when calls were denied or failed
    #[arg(long)]
    fail_on_partial: bool,
}

/// Draws.
pub(crate) async fn run(arguments: &Arguments, settings: &Settings) -> Result<Outcome> {
    let mut request = arguments.drawing.request()?;
    request.fonts = crate::fonts::load(settings.font_dir.as_deref())?;
    let to_terminal = arguments.drawing.out.is_none() && stdout_is_terminal();
    if to_terminal && matches!(request.format, Format::Png | Format::WebP | Format::Pdf) {
        bail!("{} is no text for a terminal; say -o FILE, or send it on", request.format.as_str());
    }
    let like = arguments.like.as_deref().map(Earlier::open).transpose()?;
    let recordings = recordings(arguments, settings, &mut request).await?;
    let recordings: Vec<&Recording> = recordings.iter().map(AsRef::as_ref).collect();
    if let Some(like) = like {
        let like = like.places(&request);
        request = request.keep(like)?;
    }
    let drawing = isobar_app::draw(Catalog::embedded(), &recordings, &request)?;
    write(arguments, &drawing)?;
    for id in &drawing.displaced {
        warn(&console::clean(&format!("{id} could not be kept where it is locked")));
    }
    let partial = super::tell_gaps(&recordings);
    Ok(if partial && arguments.fail_on_partial { Outcome::Partial } else { Outcome::Done })
}

/// An earlier picture, as its JSON says or as it is drawn again.
enum Earlier {
    Json(Like),
    Recording(Recording),
}

impl Earlier {
    fn open(path: &Path) -> Result<Self> {
        let problem = || format!("reading the earlier snapshot {}", path.display());
        if path.is_file() {
            let mut text = Vec::new();
            let file = std::fs::File::open(path).with_context(problem)?;
            file.take(LARGEST + 1).read_to_end(&mut text).with_context(problem)?;
            // Bundles are compressed, and never begin like an object.
            if text.trim_ascii_start().starts_with(b"{") {
                if text.len() as u64 > LARGEST {
                    bail!("{} holds more than {} MB; no drawing is so large", path.display(), LARGEST >> 20);
                }
                return Ok(Self::Json(Like::parse(&text).with_context(problem)?));
            }
        }
        Ok(Self::Recording(super::recording::open(path)?))
    }

    fn places(self, request: &DrawRequest) -> Like {
        match self {
            Self::Json(like) => like,
            Self::Recording(recording) => Like::of(&blueprint(Catalog::embedded(), &[&recording], request)),
        }
    }
}

/// Where the answers come from; also fills in which regions are drawn.
async fn recordings(
    arguments: &Arguments,
    settings: &Settings,
    request: &mut DrawRequest,
) -> Result<Vec<Arc<Recording>>> {
    if let Some(path) = &arguments.from_recording {
        let recording = super::recording::open(path)?;
        if !arguments.asked.regions.is_empty() {
            request.regions = arguments.asked.regions(settings)?;
            known_regions(&recording, &request.regions)?;
        }
        return Ok(vec![Arc::new(recording)]);
    }
    request.regions = arguments.asked.regions(settings)?;
    if let Some(account) = &arguments.account {
        let (app, scope) = super::open(settings).await?;
        let account = super::account::find(&app, &scope, account).await?;
        let recordings = app.scan(&scope, account.id, &request.regions).await?;
        app.close().await;
        return Ok(recordings);
    }
    let recording = super::scan::record(&arguments.identity, &arguments.asked, settings).await?;
    Ok(vec![Arc::new(recording)])
}

/// A region that was never read would be drawn as an empty one.
fn known_regions(recording: &Recording, wanted: &[Region]) -> Result<()> {
    let known = &recording.manifest().regions;
    for region in wanted {
        if !known.contains(region) {
            let names: Vec<&str> = known.iter().map(Region::as_str).collect();
            bail!("the recording knows nothing of {region}; it holds {}", names.join(", "));
        }
    }
    Ok(())
}

fn write(arguments: &Arguments, drawing: &Drawing) -> Result<()> {
    match &arguments.drawing.out {
        Some(path) => {
            crate::whole::write(path, &drawing.bytes).with_context(|| format!("writing {}", path.display()))
        }
        None => console::bytes(&drawing.bytes),
    }
}
