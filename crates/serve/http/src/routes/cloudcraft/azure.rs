//! `/azure/account`: there are none here. The list is empty, everything else a JSON error.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use serde_json::{Value, json};

use super::account_id;
use crate::ApiError;
use crate::auth::Caller;

/// Azure accounts: none, ever.
#[utoipa::path(get, path = "/azure/account", tag = "Azure", responses((status = 200, body = Object)))]
pub(crate) async fn list(Caller(_): Caller) -> Json<Value> {
    Json(json!({"accounts": []}))
}

/// Azure accounts cannot be linked.
#[utoipa::path(post, path = "/azure/account", tag = "Azure",
    responses((status = 400, description = "Not supported")))]
pub(crate) async fn create(Caller(_): Caller) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "not_supported", "Azure accounts are not supported by this server")
}

/// There is no Azure account to change.
#[utoipa::path(put, path = "/azure/account/{account_id}", tag = "Azure",
    params(("account_id" = Uuid, Path)), responses((status = 404, description = "Not found")))]
pub(crate) async fn update(Caller(_): Caller, Path(id): Path<String>) -> ApiError {
    none(&id)
}

/// There is no Azure account to remove.
#[utoipa::path(delete, path = "/azure/account/{account_id}", tag = "Azure",
    params(("account_id" = Uuid, Path)), responses((status = 404, description = "Not found")))]
pub(crate) async fn remove(Caller(_): Caller, Path(id): Path<String>) -> ApiError {
    none(&id)
}

/// There is no Azure account to draw.
#[utoipa::path(get, path = "/azure/account/{account_id}/{region}/{format}", tag = "Azure",
    params(("account_id" = Uuid, Path), ("region" = String, Path), ("format" = String, Path)),
    responses((status = 404, description = "Not found")))]
pub(crate) async fn snapshot(
    Caller(_): Caller,
    Path((id, _, _)): Path<(String, String, String)>,
) -> ApiError {
    none(&id)
}

fn none(id: &str) -> ApiError {
    match account_id(id) {
        Ok(_) => ApiError::new(StatusCode::NOT_FOUND, "not_found", "AzureAccount not found"),
        Err(malformed) => malformed,
    }
}
