//! JSON bodies, whatever the Content-Type says.

use axum::body::Body;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use crate::{ApiError, ServeConfig};

/// The bytes of a body, within the limits of size and time.
pub(crate) async fn bytes(
    config: &ServeConfig,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<u8>, ApiError> {
    bytes_up_to(config.largest_body, config, headers, body).await
}

/// The bytes of a body that may be larger than most.
pub(crate) async fn bytes_up_to(
    limit: usize,
    config: &ServeConfig,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<u8>, ApiError> {
    let too_large = || {
        let text = format!("The request body is larger than {limit} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", text)
    };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let read = axum::body::to_bytes(body, limit);
    match tokio::time::timeout(config.body_time, read).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(error)) if error.to_string().contains("length limit") => Err(too_large()),
        Ok(Err(_)) => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "invalid_body",
            "The request body ended early or is wrongly encoded",
        )),
        Err(_) => Err(ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "request_timeout",
            "The request body did not arrive in time",
        )),
    }
}

/// A JSON object.
pub(crate) async fn object(
    config: &ServeConfig,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, ApiError> {
    let wrong = |text: String| ApiError::new(StatusCode::BAD_REQUEST, "invalid_json", text);
    let bytes = bytes(config, headers, body).await?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(wrong("The request body must be a JSON object".to_owned())),
        Err(e) => Err(wrong(format!("The request body is not valid JSON: {e}"))),
    }
}
