//! Weak entity tags in Express's form, `W/"140-…"`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// JSON with a weak tag over its text.
pub(crate) fn tagged(status: StatusCode, value: Value) -> Response {
    let text = value.to_string();
    let digest = STANDARD_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..20]);
    let tag = format!("W/\"{:x}-{digest}\"", text.len());
    let mut response = (status, Json(value)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
