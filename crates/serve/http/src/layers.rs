//! What happens to every request and answer: paths, limits, ids, logs, headers, panics.

use std::any::Any;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use uuid::Uuid;

use crate::ApiError;
use crate::state::State;

/// `/api/…` is `/…`, and a trailing slash is none. Done before routing, and without a redirect,
/// which Go's SDK would not follow. `/api/tools/…` is left alone: it is another API's.
pub(crate) fn rewrite(mut request: Request) -> Request {
    let path = request.uri().path();
    if path.starts_with("/api/tools/") {
        return request;
    }
    let mut short = path;
    if path == "/api" || path.starts_with("/api/") && !path.starts_with("/api/tools/") && path != "/api/tools"
    {
        short = &path[4..];
    }
    while short.len() > 1 && short.ends_with('/') {
        short = &short[..short.len() - 1];
    }
    let short = if short.is_empty() { "/" } else { short };
    if short != path {
        let target = match request.uri().query() {
            Some(query) => format!("{short}?{query}"),
            None => short.to_owned(),
        };
        // A path that a URI was made of makes a URI again; `//host` alone would be read as an authority.
        if let Ok(uri) = Uri::builder().path_and_query(target).build() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Limits on heads and on requests in work.
pub(crate) async fn limits(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let config = state.config();
    let head: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if head > config.largest_head {
        let error = format!("The request headers are larger than {} bytes", config.largest_head);
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return ApiError::new(status, "headers_too_large", error).into_response();
    }
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > config.largest_head {
        let error = format!("The request target is longer than {} bytes", config.largest_head);
        return ApiError::new(StatusCode::URI_TOO_LONG, "uri_too_long", error).into_response();
    }
    let Ok(_place) = state.inner.in_work.try_acquire() else {
        let busy = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too many requests are in work");
        return ApiError { retry_after: Some(2), ..busy }.into_response();
    };
    // Above every hold: what is still at work then is stuck.
    let path = request.uri().path();
    let tool = path.starts_with("/api/tools/") || path == "/mcp";
    let hold = if tool { config.tool_limits.time } else { config.longest_hold.max(config.hold) };
    let limit = hold + std::time::Duration::from_secs(if tool { 10 } else { 60 });
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "The request took too long")
            .into_response(),
    }
}

/// An id per request, one log line, and the counters.
pub(crate) async fn log(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|text| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let (method, began) = (request.method().clone(), Instant::now());
    // Paths hold ids only; queries may hold a login token, so they are not logged.
    let path: String = request.uri().path().chars().take(200).collect();
    let span = tracing::info_span!("request", %id);
    let mut response = {
        use tracing::Instrument as _;
        next.run(request).instrument(span.clone()).await
    };
    let _entered = span.enter();
    if is_plain_error(&response) {
        response = plain_error(response.status()).into_response();
    }
    let (status, seconds) = (response.status(), began.elapsed().as_secs_f64());
    let route =
        response.extensions().get::<Route>().map_or_else(|| "none".to_owned(), |route| route.0.clone());
    let millis = (seconds * 1000.0).round();
    tracing::info!(request = %id, %method, %path, status = status.as_u16(), millis, "{method} {path} {}", status.as_u16());
    let labels = [("method", method.to_string()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("isobar_http_requests_total", &labels).increment(1);
    metrics::histogram!("isobar_http_request_seconds", &labels[..2]).record(seconds);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    headers(&state, response.headers_mut());
    if status == StatusCode::NO_CONTENT {
        // Node's SDK decides by the Content-Type whether there is something to read.
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Whether an error was worded by a library: the SDKs read JSON objects, and the page is HTML.
fn is_plain_error(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let ours = kind.is_some_and(|kind| kind.starts_with("application/json") || kind.starts_with("text/html"));
    let error = response.status().is_client_error() || response.status().is_server_error();
    error && !ours
}

fn plain_error(status: StatusCode) -> ApiError {
    match status {
        StatusCode::BAD_REQUEST => {
            let error = "The request's path must be percent-encoded UTF-8";
            ApiError::new(status, "invalid_property", error)
        }
        StatusCode::METHOD_NOT_ALLOWED => ApiError::method_not_allowed(),
        StatusCode::NOT_FOUND => ApiError::not_found(),
        _ => {
            let reason = match status {
                StatusCode::NOT_ACCEPTABLE => "not_acceptable",
                StatusCode::PAYLOAD_TOO_LARGE => "payload_too_large",
                StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
                _ => "error",
            };
            ApiError::new(status, reason, status.canonical_reason().unwrap_or("Error"))
        }
    }
}

/// Which route answered; for the counters, whose labels must be few.
#[derive(Clone)]
struct Route(String);

/// Notes the matched route for [`log`].
pub(crate) async fn note_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(Route(route.as_str().to_owned()));
    }
    response
}

/// The headers of every answer; what a handler set stays.
fn headers(state: &State, headers: &mut http::HeaderMap) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CACHE_CONTROL, "no-cache, no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "deny");
    set(header::X_XSS_PROTECTION, "1; mode=block");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if state.config().tls.is_some() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=15552000");
    }
    let varies = headers
        .get_all(header::VARY)
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("accept-encoding")));
    if !varies {
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
}

/// A handler that panicked answers like any other error.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    tracing::error!(panic = text, "a handler panicked");
    ApiError::internal().into_response()
}
