//! The one table from errors to status codes and public words.
//!
//! In: an error of the app, or of a layer of ours. Out: a JSON object `{error, reason, code}`. The
//! inner detail goes to the log and stays there.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use isobar_app::Error as AppError;
use serde_json::json;

/// An error as the client sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// A word in snake case for programs.
    pub reason: String,
    /// A sentence for people.
    pub error: String,
    /// Seconds to wait before the next try.
    pub retry_after: Option<u64>,
}

impl ApiError {
    /// An error of our own layers.
    pub fn new(status: StatusCode, reason: &str, error: impl Into<String>) -> Self {
        Self { status, reason: reason.to_owned(), error: error.into(), retry_after: None }
    }
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found")
    }
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed")
    }
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_server_error", "Internal server error")
    }
    pub(crate) fn unauthorized(error: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", error)
    }
    pub(crate) fn property(name: &str) -> Self {
        let error = format!("Invalid parameter format: {name}");
        Self::new(StatusCode::BAD_REQUEST, "invalid_property", error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "reason": self.reason, "code": self.status.as_u16()});
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let status = match &error {
            AppError::Parameter { .. } | AppError::Property { .. } | AppError::TooLarge(_) => {
                StatusCode::BAD_REQUEST
            }
            AppError::AccountNotFound | AppError::KeyNotFound => StatusCode::NOT_FOUND,
            AppError::UserGone => StatusCode::UNAUTHORIZED,
            AppError::Forbidden => StatusCode::FORBIDDEN,
            AppError::Demo(_) => StatusCode::BAD_REQUEST,
            // Not a 503: clients would retry what only the operator's configuration can mend.
            AppError::NoAwsAccountId { .. } => StatusCode::CONFLICT,
            AppError::ScanTimeout { .. } => StatusCode::GATEWAY_TIMEOUT,
            AppError::Role(_) | AppError::Job { .. } => match error.code() {
                // The account's owner can mend the first, the server's operator the second.
                "role_not_assumable" => StatusCode::BAD_REQUEST,
                "aws_credentials" => StatusCode::BAD_REQUEST,
                "demo" => StatusCode::BAD_REQUEST,
                "aws_unreachable" => StatusCode::BAD_GATEWAY,
                "scan_timeout" => StatusCode::GATEWAY_TIMEOUT,
                "interrupted" => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if status.is_server_error() {
            tracing::error!(error = error.chain(), "request failed");
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            return Self::internal();
        }
        Self::new(status, error.code(), error.to_string())
    }
}

/// What can go wrong before the server serves, or while it does.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A certificate or key file cannot be used.
    #[error("cannot use the TLS file {file}: {reason}")]
    Tls {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// A setting makes no sense.
    #[error("the setting {setting} cannot be used: {reason}")]
    Setting {
        /// Which.
        setting: &'static str,
        /// Why.
        reason: String,
    },
    /// The listener broke.
    #[error("the server stopped: {0}")]
    Io(#[from] std::io::Error),
    /// The app failed.
    #[error("{0}")]
    App(#[from] AppError),
}
