//! The page for a browser: server-rendered, no script, its own style sheet.
//!
//! In: `GET /` with `Accept: text/html`, the sign-in form, a drawing's options. Out: HTML. Any other
//! client gets JSON at `/`. What is drawn comes from the same API the SDKs use.

pub(crate) mod html;
mod page;
pub(crate) mod session;

use axum::body::Body;
use axum::extract::{RawQuery, State as Extract};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use isobar_model::Secret;
use serde_json::json;

use crate::state::State;
use crate::{ApiError, body, query};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/", get(front).post(sign))
        .route(
            "/assets/page.css",
            get(|| async { asset("text/css; charset=utf-8", include_str!("page.css")) }),
        )
        .route("/assets/mark.svg", get(|| async { asset("image/svg+xml", include_str!("mark.svg")) }))
        .route("/favicon.ico", get(|| async { asset("image/svg+xml", include_str!("mark.svg")) }))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, text).into_response()
}

/// The page for a browser, a signpost for everyone else.
async fn front(
    Extract(state): Extract<State>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !wants_html(&headers) {
        let signpost = json!({
            "name": "isobar",
            "version": env!("CARGO_PKG_VERSION"),
            "documentation": "/docs",
            "openapi": "/openapi.json",
        });
        return Ok(Json(signpost).into_response());
    }
    let pairs = query::pairs(raw.as_deref().unwrap_or_default())?;
    session::check_host(&headers, &state)?;
    if let Some(key) = query::value(&pairs, "login").and_then(|token| state.inner.sessions.redeem(token)) {
        let cookie = state.inner.sessions.start(key.clone(), state.config());
        return Ok(with_cookie(signed_in(&state, &key, &[]).await, &cookie));
    }
    Ok(match state.inner.sessions.key(&headers, state.config()) {
        Some(key) if session::check_origin(&headers, &state).is_ok() => signed_in(&state, &key, &pairs).await,
        _ => {
            let used = query::value(&pairs, "login").is_some();
            let notice = used.then_some("That link was used before. Paste an API key to sign in.");
            page(StatusCode::OK, page::sign_in(state.app().is_demo(), notice))
        }
    })
}

/// The sign-in and sign-out forms.
async fn sign(Extract(state): Extract<State>, headers: HeaderMap, body: Body) -> Result<Response, ApiError> {
    session::check_host(&headers, &state)?;
    session::check_origin(&headers, &state)?;
    let bytes = body::bytes(state.config(), &headers, body).await?;
    let pairs = query::pairs(&String::from_utf8_lossy(&bytes))?;
    let demo = state.app().is_demo();
    if query::value(&pairs, "leave").is_some() {
        let cookie = state.inner.sessions.end(&headers, state.config());
        return Ok(with_cookie(
            page(StatusCode::OK, page::sign_in(demo, Some("You are signed out."))),
            &cookie,
        ));
    }
    let key = Secret::new(query::value(&pairs, "key").unwrap_or_default().trim());
    if key.reveal().is_empty() || state.app().authenticate(&key).await?.is_none() {
        let notice = "This key is not known here, or it was revoked. Make one with: isobar key create";
        return Ok(page(StatusCode::UNAUTHORIZED, page::sign_in(demo, Some(notice))));
    }
    let cookie = state.inner.sessions.start(key.clone(), state.config());
    Ok(with_cookie(signed_in(&state, &key, &[]).await, &cookie))
}

async fn signed_in(state: &State, key: &Secret, pairs: &[(String, String)]) -> Response {
    let scope = match state.app().authenticate(key).await {
        Ok(Some(scope)) => scope,
        Ok(None) => {
            let notice = "Your key was revoked. Paste another one.";
            return page(StatusCode::UNAUTHORIZED, page::sign_in(state.app().is_demo(), Some(notice)));
        }
        Err(error) => return failed(error.into()),
    };
    match page::workbench(state, &scope, pairs).await {
        Ok(body) => page(StatusCode::OK, body),
        Err(error) => failed(error),
    }
}

fn failed(error: ApiError) -> Response {
    page(error.status, page::failure(&error))
}

fn page(status: StatusCode, body: String) -> Response {
    let mut response = (status, Html(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|v| v.to_str().is_ok_and(|text| text.contains("text/html")))
}
