//! Probes and counters. They need no key: they tell whether and how much, never what.

use axum::Json;
use axum::extract::State as Extract;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::ApiError;
use crate::state::State;

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "Operations", security(()),
    responses((status = 200, body = Object)))]
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// Whether requests can be answered: the database is there.
#[utoipa::path(get, path = "/readyz", tag = "Operations", security(()),
    responses((status = 200, body = Object)))]
pub(crate) async fn readyz(Extract(state): Extract<State>) -> Result<Json<Value>, ApiError> {
    match state.app().ready().await {
        Ok(()) => Ok(Json(json!({"status": "ready"}))),
        Err(error) => {
            tracing::error!(error = error.chain(), "not ready");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(ApiError::new(status, "not_ready", "The database does not answer"))
        }
    }
}

/// Counters in Prometheus's format.
#[utoipa::path(get, path = "/metrics", tag = "Operations", security(()),
    responses((status = 200, content_type = "text/plain", body = String)))]
pub(crate) async fn metrics(Extract(state): Extract<State>) -> Result<Response, ApiError> {
    if !state.config().metrics {
        return Err(ApiError::not_found());
    }
    metrics::gauge!("isobar_running_scans").set(state.app().running_scans().await as f64);
    metrics::gauge!("isobar_uptime_seconds").set(state.inner.started.elapsed().as_secs_f64());
    let text = state.inner.metrics.render();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
