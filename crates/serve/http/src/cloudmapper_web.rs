//! `webserver` of CloudMapper: the network map of what was prepared, and the reports.
//!
//! In: the folder that holds `web/` and `account-data/`. Out: a server of its own, apart from the API's:
//! `/` is our drawing of the prepared accounts with pan, zoom, search and a panel; `/account-data/`
//! holds the reports as they were written. Nothing else of the folder is served, and nothing can be
//! changed. On loopback the Host header must name loopback, so that no page elsewhere can read it by
//! DNS rebinding; beyond loopback everybody must show the key.

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, StatusCode, header};
use isobar_app::draw::Theme;
use isobar_app::{Catalog, DrawRequest, Format, Recording};
use isobar_cloudmapper::{AccountEntry, Context, Workplace};
use isobar_model::{Region, Secret, Timestamp};
use sha2::{Digest, Sha256};

use crate::ServeError;

const PAGE: &str = include_str!("cloudmapper_web/map.html");
const STYLE: &str = include_str!("cloudmapper_web/map.css");
const SCRIPT: &str = include_str!("cloudmapper_web/map.js");

/// What to serve, and to whom.
#[derive(Debug, Clone)]
pub struct MapConfig {
    /// The folder that holds `web/` and `account-data/`.
    pub root: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The key that everybody must show; none on loopback.
    pub key: Option<Secret>,
}

/// A map server that listens; it answers once [`MapServing::run`] is polled.
#[derive(Debug)]
pub struct MapServing {
    listener: tokio::net::TcpListener,
    router: Router,
}

struct Site {
    config: MapConfig,
    prepared: Mutex<Option<Arc<Prepared>>>,
}

/// The prepared accounts and their drawings so far; made anew when `prepare` has run again.
struct Prepared {
    stamp: Option<SystemTime>,
    accounts: Vec<Account>,
    drawings: Mutex<HashMap<(String, bool), Bytes>>,
}

/// A prepared account.
struct Account {
    name: String,
    recording: Recording,
    regions: Vec<Region>,
}

/// Binds the address.
pub async fn serve_map(config: MapConfig) -> Result<(SocketAddr, MapServing), ServeError> {
    let listen = config.listen;
    if config.key.is_none() && !listen.ip().is_loopback() {
        let reason = "listening beyond this machine needs a key".to_owned();
        return Err(ServeError::Setting { setting: "public", reason });
    }
    let failed = |source| ServeError::Listen { address: listen, source };
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((address, MapServing { listener, router: router(config) }))
}

impl MapServing {
    /// Serves until `stop` is done.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        // Reading only: nothing is lost when a browser's idle connection is cut.
        tokio::select! {
            served = async { axum::serve(self.listener, self.router).await } => Ok(served?),
            () = stop => Ok(()),
        }
    }
}

fn router(config: MapConfig) -> Router {
    let site = Arc::new(Site { config, prepared: Mutex::new(None) });
    Router::new()
        .route("/", get(page))
        .route("/map.css", get(async || text("text/css; charset=utf-8", STYLE)))
        .route("/map.js", get(async || text("text/javascript; charset=utf-8", SCRIPT)))
        .route("/drawing/{account}/{region}/{theme}", get(drawing))
        .route("/data.json", get(data))
        .route("/account-data/{file}", get(report))
        .fallback(async || problem(StatusCode::NOT_FOUND, "There is nothing here."))
        .layer(from_fn_with_state(site.clone(), guard))
        .with_state(site)
}

/// Who may read, and what every answer says about itself.
async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match &site.config.key {
        None if !names_loopback(&request) => {
            problem(StatusCode::MISDIRECTED_REQUEST, "This server answers only under a name of this machine.")
        }
        Some(key) => match shows(&request, key) {
            Shown::Header => next.run(request).await,
            Shown::Query => {
                // Into a cookie, so that the key leaves the address bar and the history.
                let cookie = format!("isobar_map={}; HttpOnly; SameSite=Strict; Path=/", digest(key));
                let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".to_owned())];
                (StatusCode::SEE_OTHER, headers).into_response()
            }
            Shown::Nothing => problem(
                StatusCode::UNAUTHORIZED,
                "Open the address with ?key= and the key that `webserver --public` printed.",
            ),
        },
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "deny"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(http::HeaderValue::from_static(value));
    }
    response
}

fn names_loopback(request: &Request) -> bool {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

enum Shown {
    Header,
    Query,
    Nothing,
}

fn shows(request: &Request, key: &Secret) -> Shown {
    let is_key = |given: &str| digest(&Secret::new(given)) == digest(key);
    let of = |name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let bearer = of(header::AUTHORIZATION).strip_prefix("Bearer ").is_some_and(|k| is_key(k.trim()));
    let own = format!("isobar_map={}", digest(key));
    if bearer || of(header::COOKIE).split(';').any(|c| c.trim() == own) {
        return Shown::Header;
    }
    let query = request.uri().query().unwrap_or_default();
    match query.split('&').find_map(|pair| pair.strip_prefix("key=")) {
        Some(given) if is_key(given) => Shown::Query,
        _ => Shown::Nothing,
    }
}

/// Compared and kept instead of the key: equal length, and worthless elsewhere.
fn digest(key: &Secret) -> String {
    Sha256::digest(format!("isobar map {}", key.reveal())).iter().map(|b| format!("{b:02x}")).collect()
}

fn text(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

fn problem(status: StatusCode, words: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{words}\n")).into_response()
}

async fn page(State(site): State<Arc<Site>>) -> Response {
    let prepared = prepared(site).await;
    let accounts = prepared.as_ref().map(|prepared| prepared.accounts.as_slice()).unwrap_or_default();
    let (title, options) = match accounts {
        [one] => (one.name.clone(), one.options(0, "")),
        several => {
            let groups = several.iter().enumerate().map(|(at, account)| {
                account.options(at, &format!("{}, ", crate::web::html::escape(&account.name)))
            });
            (
                if several.is_empty() { String::new() } else { format!("{} accounts", several.len()) },
                groups.collect(),
            )
        }
    };
    let html = PAGE.replace("{account}", &crate::web::html::escape(&title)).replace("{regions}", &options);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

impl Account {
    /// The choices of its regions; `at` is its place among the accounts, `whose` stands before each.
    fn options(&self, at: usize, whose: &str) -> String {
        let option = |region: &Region| {
            let region = crate::web::html::escape(region.as_str());
            format!("<option value=\"{at}/{region}\">{whose}{region}</option>")
        };
        self.regions.iter().map(option).collect()
    }
}

async fn data(State(site): State<Arc<Site>>) -> Response {
    file(site.config.root.join("web/data.json"), "application/json").await
}

/// The reports, by their names and no others.
async fn report(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let kind = match name.as_str() {
        "report.html" | "iam_report.html" => "text/html; charset=utf-8",
        "report.json" | "iam_report.json" | "data.json" => "application/json",
        _ => return problem(StatusCode::NOT_FOUND, "There is nothing here."),
    };
    let mut response = file(site.config.root.join("web/account-data").join(name), kind).await;
    // The page itself says which one style and script it has; this keeps the rest out.
    let policy = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'none'; img-src 'none'; \
                  object-src 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, http::HeaderValue::from_static(policy));
    response
}

async fn file(path: PathBuf, kind: &'static str) -> Response {
    match tokio::fs::read(&path).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => {
            problem(StatusCode::NOT_FOUND, "Not written yet: run `prepare`, `report` or `iam_report` first.")
        }
    }
}

#[derive(serde::Deserialize)]
struct Asked {
    #[serde(default)]
    filter: String,
}

async fn drawing(
    State(site): State<Arc<Site>>,
    Path((account, region, theme)): Path<(usize, String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(prepared) = prepared(site).await else {
        return problem(StatusCode::NOT_FOUND, "Nothing is prepared: run `prepare` first.");
    };
    let dark = theme == "dark";
    let regions = prepared.accounts.get(account).map(|account| account.regions.as_slice());
    let Some(region) = regions.unwrap_or_default().iter().find(|r| r.as_str() == region).cloned() else {
        return problem(StatusCode::NOT_FOUND, "That region was not prepared.");
    };
    let key = (format!("{account} {region} {}", asked.filter), dark);
    let known = prepared.drawings.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(bytes) = known {
        return svg(bytes);
    }
    let drawn = tokio::task::spawn_blocking(move || {
        let mut request = DrawRequest::new(Format::Svg);
        request.theme = if dark { Theme::Dark } else { Theme::Light };
        request.regions = vec![region];
        request.set("filter", &asked.filter)?;
        let drawing =
            isobar_app::draw(Catalog::embedded(), &[&prepared.accounts[account].recording], &request)?;
        let bytes = Bytes::from(drawing.bytes);
        let mut drawings = prepared.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        if drawings.len() >= 64 {
            drawings.clear();
        }
        drawings.insert(key, bytes.clone());
        Ok::<_, isobar_app::Error>(bytes)
    });
    match drawn.await {
        Ok(Ok(bytes)) => svg(bytes),
        Ok(Err(error)) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        Err(_) => problem(StatusCode::INTERNAL_SERVER_ERROR, "The drawing failed."),
    }
}

fn svg(bytes: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], bytes).into_response()
}

/// The prepared account as it is now; none when nothing is prepared or its data is gone.
async fn prepared(site: Arc<Site>) -> Option<Arc<Prepared>> {
    tokio::task::spawn_blocking(move || {
        let data = site.config.root.join("web/data.json");
        let stamp = std::fs::metadata(&data).and_then(|m| m.modified()).ok();
        let mut kept = site.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = kept.as_ref().filter(|p| p.stamp == stamp && stamp.is_some()) {
            return Some(prepared.clone());
        }
        let entries: serde_json::Value = serde_json::from_slice(&std::fs::read(&data).ok()?).ok()?;
        let of_kind = |kind: &'static str| {
            entries.as_array().into_iter().flatten().map(|e| &e["data"]).filter(move |d| d["type"] == kind)
        };
        let context = Context::new(Workplace::confined(&site.config.root), Timestamp::now());
        let mut accounts = Vec::new();
        for entry in of_kind("account") {
            let word = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            let (id, name) = (word("id"), word("name"));
            let known =
                AccountEntry { id: word("local_id"), name: name.clone(), default: false, tags: Vec::new() };
            // Regions name their account as their parent; files of old have one account.
            let own = of_kind("region").filter(|d| d["parent"].as_str().is_none_or(|parent| parent == id));
            let regions = own.filter_map(|d| Region::parse(d["local_id"].as_str()?).ok()).collect();
            match context.recording(&known) {
                Ok(recording) => accounts.push(Account { name, recording, regions }),
                Err(error) => tracing::warn!(%error, "a prepared account cannot be read"),
            }
        }
        if accounts.is_empty() {
            return None;
        }
        let prepared = Arc::new(Prepared { stamp, accounts, drawings: Mutex::default() });
        *kept = Some(prepared.clone());
        Some(prepared)
    })
    .await
    .ok()
    .flatten()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(key: Option<&str>, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let root = std::env::temp_dir().join("isobar-no-such-map");
        let config = MapConfig { root, listen: ([127, 0, 0, 1], 0).into(), key: key.map(Secret::new) };
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = router(config).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{path}");
        let cookie = response.headers().get(header::SET_COOKIE).map(|c| c.to_str().unwrap().to_owned());
        (response.status().as_u16(), cookie.unwrap_or_default())
    }

    #[tokio::test]
    async fn only_this_machine_or_who_shows_the_key() {
        type Case = (Option<&'static str>, &'static str, &'static [(&'static str, &'static str)], u16);
        let cases: [Case; 12] = [
            (None, "/", &[("host", "localhost:8000")], 200),
            (None, "/", &[("host", "127.0.0.1")], 200),
            (None, "/", &[("host", "[::1]:8000")], 200),
            (None, "/", &[("host", "evil.example")], 421),
            (None, "/", &[("host", "127.0.0.1.evil.example")], 421),
            (None, "/", &[], 421),
            (None, "/account-data/..%2f..%2fconfig.json", &[("host", "localhost")], 404),
            (None, "/account-data/config.json", &[("host", "localhost")], 404),
            (Some("k"), "/", &[("host", "a.example")], 401),
            (Some("k"), "/?key=x", &[], 401),
            (Some("k"), "/", &[("authorization", "Bearer k")], 200),
            (Some("k"), "/?key=k", &[], 303),
        ];
        for (key, path, headers, expected) in cases {
            assert_eq!(ask(key, path, headers).await.0, expected, "{key:?} {path} {headers:?}");
        }
        let (_, cookie) = ask(Some("k"), "/?key=k", &[]).await;
        let pair = cookie.split(';').next().unwrap();
        assert_eq!(ask(Some("k"), "/map.js", &[("cookie", pair)]).await.0, 200);
        assert_eq!(ask(Some("other"), "/map.js", &[("cookie", pair)]).await.0, 401);
    }
}
