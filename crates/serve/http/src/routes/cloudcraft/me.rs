//! `GET /user/me` and `GET /team`.

use axum::extract::State as Extract;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiError;
use crate::auth::Caller;
use crate::etag::tagged;
use crate::state::State;

/// A user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    id: Uuid,
    name: String,
    email: String,
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
    accessed_at: String,
}

/// The user of the key.
#[utoipa::path(get, path = "/user/me", tag = "User", responses((status = 200, body = User)))]
pub(crate) async fn user(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
) -> Result<Response, ApiError> {
    let user = state.app().user(&scope).await?;
    let wire = User {
        id: user.id,
        name: user.name,
        email: user.email,
        settings: user.settings,
        created_at: user.created.to_string(),
        updated_at: user.updated.to_string(),
        accessed_at: user.accessed.to_string(),
    };
    Ok(tagged(StatusCode::OK, json(wire)?))
}

/// A team.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Team {
    id: Uuid,
    name: String,
    visible: bool,
    cross_organizational: bool,
    customer_id: Uuid,
    external_sharing: bool,
    role: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    members: Vec<Member>,
}

/// A member of a team.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    id: Uuid,
    role: String,
    user_id: Uuid,
    name: String,
    email: String,
    mfa_enabled: bool,
}

/// The teams of the key's user.
#[utoipa::path(get, path = "/team", tag = "Team", responses((status = 200, body = Vec<Team>)))]
pub(crate) async fn teams(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
) -> Result<Response, ApiError> {
    let teams = state.app().teams(&scope).await?;
    let wire: Vec<Team> = teams
        .into_iter()
        .map(|team| Team {
            id: team.id,
            name: team.name,
            visible: true,
            cross_organizational: false,
            customer_id: scope.workspace,
            external_sharing: false,
            role: team
                .members
                .iter()
                .find(|member| member.user == scope.user)
                .map_or_else(|| "member".to_owned(), |member| member.role.clone()),
            created_at: team.created.to_string(),
            updated_at: team.updated.to_string(),
            members: team
                .members
                .into_iter()
                .map(|member| Member {
                    id: member.id,
                    role: member.role,
                    user_id: member.user,
                    name: member.name,
                    email: member.email,
                    mfa_enabled: false,
                })
                .collect(),
        })
        .collect();
    Ok(tagged(StatusCode::OK, json(wire)?))
}

pub(crate) fn json(wire: impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(wire).map_err(|e| {
        tracing::error!(error = %e, "an answer cannot be written");
        ApiError::internal()
    })
}
