//! `GET /aws/account/{id}/{region}/{format}`: scan one region, draw it, within a hold. `POST` does the
//! same and keeps things where an earlier snapshot in its body had them.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State as Extract};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use isobar_app::draw::Like;
use isobar_app::{DrawRequest, Drawing, Format, Scope, Snapshot};
use isobar_model::{AccountId, Region};
use utoipa::IntoParams;

use super::account::still_processing;
use super::account_id;
use crate::auth::Caller;
use crate::state::State;
use crate::{ApiError, ServeConfig, body, query};

/// What a drawing can be asked to be. Unknown names are ignored.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the names for the documentation; queries are read by the app for exact errors")]
pub(crate) struct DrawingOptions {
    /// such as type=ec2 AND env=prod
    filter: Option<String>,
    /// component types, repeated or with commas
    exclude: Option<String>,
    /// names; default true
    label: Option<bool>,
    /// lines; default true
    autoconnect: Option<bool>,
    /// 0.05 to 10; default 1
    scale: Option<f64>,
    /// exact width in pixels
    width: Option<u32>,
    /// exact height in pixels
    height: Option<u32>,
    /// default false
    grid: Option<bool>,
    /// default false
    transparent: Option<bool>,
    /// pdf only
    landscape: Option<bool>,
    /// pdf only: Letter Legal Tabloid Ledger A0 to A5
    #[param(rename = "paperSize")]
    paper_size: Option<String>,
    /// pdf only: one (default), or many: further pages for networks and services
    pages: Option<String>,
    /// isometric (default) or 2d
    projection: Option<String>,
    /// auto (default): many like resources become a stack; all: every one at full size; summary: stacks wherever a few are alike
    detail: Option<String>,
    /// groups shown over the plan, comma-separated: asg, cluster, sg, nacl; framed where members stand side by side, badges where groups overlap
    overlay: Option<String>,
    /// light (default) or dark
    theme: Option<String>,
}

/// Draws a region of an account.
///
/// The answer is held while the region is scanned; after the hold a 202 says that the work goes on,
/// and the same request again brings the result. `Cache-Control: no-cache` asks for a new scan,
/// `Prefer: wait=N` for another hold.
#[utoipa::path(get, path = "/aws/account/{account_id}/{region}/{format}", tag = "AWS",
    params(
        ("account_id" = Uuid, Path),
        ("region" = String, Path, description = "an AWS region, or global"),
        ("format" = String, Path, description = "json, svg, png, webp, pdf or mxGraph"),
        DrawingOptions,
    ),
    responses(
        (status = 200, description = "The drawing", content((String = "image/svg+xml"), (Vec<u8> = "image/png"),
            (Vec<u8> = "image/webp"), (Vec<u8> = "application/pdf"), (String = "application/xml"),
            (Object = "application/json"))),
        (status = 202, description = "Still processing; ask again", body = Object),
    ))]
pub(crate) async fn snapshot(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
    Path((id, region, format)): Path<(String, String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // Validation precedes lookup.
    let asked = Asked::parse(&state, &id, &region, &format, raw.as_deref().unwrap_or_default())?;
    draw(&state, &scope, asked, &headers).await
}

/// Draws a region of an account with things where an earlier snapshot had them.
///
/// The body is that snapshot: its JSON as `GET` answers it, of which `projection`, `groups` and of each node
/// `id`, `arn`, `mapPos`, `locked` and `isobar` are read. What is locked stays exactly there. Nothing is
/// stored. All else is as with `GET`.
#[utoipa::path(post, path = "/aws/account/{account_id}/{region}/{format}", tag = "AWS",
    params(
        ("account_id" = Uuid, Path),
        ("region" = String, Path, description = "an AWS region, or global"),
        ("format" = String, Path, description = "json, svg, png, webp, pdf or mxGraph"),
        DrawingOptions,
    ),
    request_body = Object,
    responses(
        (status = 200, description = "The drawing, as of GET"),
        (status = 202, description = "Still processing; ask again", body = Object),
    ))]
pub(crate) async fn snapshot_like(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
    Path((id, region, format)): Path<(String, String, String)>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let mut asked = Asked::parse(&state, &id, &region, &format, raw.as_deref().unwrap_or_default())?;
    let limit = state.config().largest_snapshot;
    let earlier = body::bytes_up_to(limit, state.config(), &headers, body).await?;
    asked.request = asked.request.keep(Like::parse(&earlier)?)?;
    draw(&state, &scope, asked, &headers).await
}

async fn draw(state: &State, scope: &Scope, asked: Asked, headers: &HeaderMap) -> Result<Response, ApiError> {
    let anew = wants_anew(headers);
    let (hold, applied) = hold(headers, state.config());
    let outcome =
        state.app().snapshot(scope, asked.account, &asked.region, asked.request, anew, hold).await?;
    let mut response = match outcome {
        Snapshot::Ready(drawing) => answer(&drawing, asked.download.then_some(&asked.region)),
        Snapshot::Pending => (StatusCode::ACCEPTED, Json(still_processing())).into_response(),
    };
    if let Some(applied) = applied
        && let Ok(value) = HeaderValue::from_str(&applied)
    {
        response.headers_mut().insert("preference-applied", value);
    }
    Ok(response)
}

/// A snapshot request, parsed.
pub(crate) struct Asked {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) request: DrawRequest,
    /// Our own: answer as a file to save.
    download: bool,
}

impl Asked {
    fn parse(state: &State, id: &str, region: &str, format: &str, raw: &str) -> Result<Self, ApiError> {
        let account = account_id(id)?;
        let region = isobar_app::regions::parse(region, &state.app().config().extra_regions)?;
        let format = Format::parse(format)?;
        let pairs = query::pairs(raw)?;
        let request = DrawRequest::new(format)
            .set_all(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        let download = query::value(&pairs, "download") == Some("1");
        Ok(Self { account, region, request, download })
    }
}

fn answer(drawing: &Drawing, download: Option<&Region>) -> Response {
    let mut response = (StatusCode::OK, drawing.bytes.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(drawing.media_type));
    // An SVG opened by itself is a document of this origin: it may style itself and nothing else.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; \
                  frame-ancestors 'none'; sandbox";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if let Some(region) = download {
        let name = format!("attachment; filename=\"isobar-{region}.{}\"", drawing.format.extension());
        if let Ok(value) = HeaderValue::from_str(&name) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    response
}

/// Whether the client asks for a new scan.
fn wants_anew(headers: &HeaderMap) -> bool {
    headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).any(|text| {
        text.split(',')
            .any(|part| matches!(part.trim().to_ascii_lowercase().as_str(), "no-cache" | "no-store"))
    })
}

/// The hold, and what of a `Prefer` header was followed.
fn hold(headers: &HeaderMap, config: &ServeConfig) -> (Duration, Option<String>) {
    let asked = headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split([',', ';']))
        .find_map(|part| part.trim().strip_prefix("wait=")?.trim().parse::<u64>().ok());
    match asked {
        Some(seconds) => {
            let hold = Duration::from_secs(seconds).min(config.longest_hold);
            (hold, Some(format!("wait={}", hold.as_secs())))
        }
        None => (config.hold, None),
    }
}
