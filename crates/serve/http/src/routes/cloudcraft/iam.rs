//! `/aws/account/iamParameters` and the two policies, which need no key: they are links for a browser.

use axum::Json;
use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use isobar_app::policy::{PolicyKind, policy};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::me;
use crate::ApiError;
use crate::auth::Caller;
use crate::etag::tagged;
use crate::state::State;

/// What someone needs to make a role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IamParameters {
    account_id: String,
    external_id: Uuid,
    aws_console_url: String,
}

/// The account and external id that the role's trust policy names.
#[utoipa::path(get, path = "/aws/account/iamParameters", tag = "AWS",
    responses((status = 200, body = IamParameters)))]
pub(crate) async fn parameters(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
) -> Result<Response, ApiError> {
    let found = state.app().iam_parameters(&scope).await?;
    let wire = IamParameters {
        account_id: found.account_id.to_string(),
        external_id: found.external_id,
        aws_console_url: found.console_url,
    };
    Ok(tagged(StatusCode::OK, me::json(wire)?))
}

/// The read-only policy with exactly the actions of today's calls.
#[utoipa::path(get, path = "/aws/account/iamParameters/policy/minimal", tag = "AWS", security(()),
    responses((status = 200, body = Object)))]
pub(crate) async fn minimal(Extract(state): Extract<State>) -> Json<Value> {
    Json(policy(state.app().catalog(), PolicyKind::Minimal))
}

/// The read-only policy with wildcards, which outlives updates.
#[utoipa::path(get, path = "/aws/account/iamParameters/policy/custom", tag = "AWS", security(()),
    responses((status = 200, body = Object)))]
pub(crate) async fn custom(Extract(state): Extract<State>) -> Json<Value> {
    Json(policy(state.app().catalog(), PolicyKind::Custom))
}
