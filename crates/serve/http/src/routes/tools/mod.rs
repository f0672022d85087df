//! What agents call: `POST /api/tools/cloudmapper` and `GET /health` as hexstrike-ai's MCP client
//! needs them, and `/mcp`, our own MCP server.
//!
//! In: requests that [`gate`] lets in. Out: the result object, always with 200 once a call was
//! understood, because that client throws the words of any other answer away. What a command may do
//! is decided in `isobar-mcp`.

mod call;
mod gate;
mod health;

use axum::body::Body;
use axum::extract::{Request, State as Extract};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use http::{StatusCode, header};
use serde_json::json;
use tower::Service as _;

use crate::state::State;
use crate::{ApiError, body};

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/api/tools/cloudmapper", post(cloudmapper))
        .route("/health", get(health::health))
        .route("/mcp", any(mcp))
}

/// Runs a command of CloudMapper.
async fn cloudmapper(Extract(state): Extract<State>, request: Request) -> Result<Response, ApiError> {
    let (mut parts, sent) = request.into_parts();
    let caller = gate::admit(&mut parts, &state).await?;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // A page of another site can send forms and plain text without asking, but no JSON.
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        let error = "The Content-Type must be application/json";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", error));
    }
    let object = body::object(state.config(), &parts.headers, sent).await?;
    let call = call::read(&object)?;
    if call.account.is_empty() && call.action != "webserver" {
        let error = json!({"error": "Account parameter is required for most actions"});
        return Ok((StatusCode::BAD_REQUEST, Json(error)).into_response());
    }
    Ok(Json(state.inner.tools.run(&caller, &call).await.to_json()).into_response())
}

/// The MCP server over streamable HTTP, for whoever shows a key.
async fn mcp(Extract(state): Extract<State>, request: Request) -> Result<Response, ApiError> {
    let (mut parts, sent) = request.into_parts();
    let caller = gate::admit(&mut parts, &state).await?;
    parts.extensions.insert(caller);
    let Ok(answer) = state.inner.mcp.clone().call(Request::from_parts(parts, sent)).await;
    Ok(answer.map(Body::new).into_response())
}
