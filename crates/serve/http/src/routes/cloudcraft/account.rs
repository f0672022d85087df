//! `/aws/account`: list, create, update, remove.

use axum::body::Body;
use axum::extract::{Path, State as Extract};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use isobar_app::{Access, Account, AccountChange, NewAccount};
use isobar_model::Region;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{account_id, me};
use crate::auth::Caller;
use crate::etag::tagged;
use crate::state::State;
use crate::{ApiError, body};

/// An AWS account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AwsAccount {
    id: Uuid,
    name: String,
    role_arn: String,
    external_id: Uuid,
    read_access: Option<Vec<String>>,
    write_access: Option<Vec<String>>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[serde(rename = "CreatorId")]
    creator_id: Uuid,
    /// `aws`; in lists only.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    /// What is wrong with the role although it works; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

impl AwsAccount {
    fn of(account: Account, source: Option<&'static str>) -> Self {
        Self {
            id: account.id.uuid(),
            name: account.name,
            role_arn: account.role_arn,
            external_id: account.external_id,
            read_access: account.read_access.to_texts(),
            write_access: account.write_access.to_texts(),
            created_at: account.created.to_string(),
            updated_at: account.updated.to_string(),
            creator_id: account.creator,
            source,
            warning: account.warning,
        }
    }
}

/// A list of AWS accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AwsAccounts {
    accounts: Vec<AwsAccount>,
}

/// What a new account is made of. Unknown fields are ignored.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "the shape for the documentation; bodies are read by hand for exact errors")]
pub(crate) struct AccountCreate {
    name: String,
    #[schema(example = "arn:aws:iam::123456789012:role/cloudcraft")]
    role_arn: String,
    /// Where the role is verified.
    #[schema(default = "us-east-1")]
    region: Option<String>,
    /// `team/<uuid>` or `customer/<uuid>`.
    read_access: Option<Vec<String>>,
    /// `team/<uuid>` or `customer/<uuid>`.
    write_access: Option<Vec<String>>,
}

/// What of an account changes; what is absent stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[allow(dead_code, reason = "the shape for the documentation; bodies are read by hand for exact errors")]
pub(crate) struct AccountUpdate {
    name: Option<String>,
    role_arn: Option<String>,
    region: Option<String>,
    read_access: Option<Vec<String>>,
    write_access: Option<Vec<String>>,
}

/// The accounts the key may read.
#[utoipa::path(get, path = "/aws/account", tag = "AWS", responses((status = 200, body = AwsAccounts)))]
pub(crate) async fn list(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
) -> Result<Response, ApiError> {
    let accounts = state.app().accounts(&scope).await?;
    let accounts = accounts.into_iter().map(|account| AwsAccount::of(account, Some("aws"))).collect();
    Ok(tagged(StatusCode::OK, me::json(AwsAccounts { accounts })?))
}

/// Links an account, after its role was assumed with the user's external id.
#[utoipa::path(post, path = "/aws/account", tag = "AWS", request_body = AccountCreate,
    responses((status = 201, body = AwsAccount)))]
pub(crate) async fn create(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let fields = body::object(state.config(), &headers, body).await?;
    let new = NewAccount {
        name: text(&fields, "name")?.ok_or_else(|| ApiError::property("name"))?,
        role_arn: text(&fields, "roleArn")?.ok_or_else(|| ApiError::property("roleArn"))?,
        region: region(&state, &fields)?,
        read_access: access(&fields, "readAccess")?.unwrap_or_default(),
        write_access: access(&fields, "writeAccess")?.unwrap_or_default(),
    };
    let account = state.app().account_add(&scope, new).await?;
    Ok(tagged(StatusCode::CREATED, me::json(AwsAccount::of(account, None))?))
}

/// Changes an account; what is absent stays.
#[utoipa::path(put, path = "/aws/account/{account_id}", tag = "AWS", request_body = AccountUpdate,
    params(("account_id" = Uuid, Path)), responses((status = 200, body = AwsAccount)))]
pub(crate) async fn update(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let id = account_id(&id)?;
    let fields = body::object(state.config(), &headers, body).await?;
    let change = AccountChange {
        name: text(&fields, "name")?,
        role_arn: text(&fields, "roleArn")?,
        region: region(&state, &fields)?,
        read_access: access(&fields, "readAccess")?,
        write_access: access(&fields, "writeAccess")?,
    };
    let account = state.app().account_update(&scope, id, change).await?;
    Ok(tagged(StatusCode::OK, me::json(AwsAccount::of(account, None))?))
}

/// Removes an account with everything known of it.
#[utoipa::path(delete, path = "/aws/account/{account_id}", tag = "AWS",
    params(("account_id" = Uuid, Path)), responses((status = 204, description = "Removed")))]
pub(crate) async fn remove(
    Extract(state): Extract<State>,
    Caller(scope): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.app().account_remove(&scope, account_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn text(fields: &Map<String, Value>, name: &'static str) -> Result<Option<String>, ApiError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ApiError::property(name)),
    }
}

fn region(state: &State, fields: &Map<String, Value>) -> Result<Option<Region>, ApiError> {
    match text(fields, "region")? {
        Some(text) if !text.is_empty() => {
            Ok(Some(isobar_app::regions::parse(&text, &state.app().config().extra_regions)?))
        }
        _ => Ok(None),
    }
}

fn access(fields: &Map<String, Value>, name: &'static str) -> Result<Option<Access>, ApiError> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let wrong = || ApiError::property(name);
    let texts: Option<Vec<String>> = match value {
        Value::Null => None,
        Value::Array(items) if items.len() <= 1000 => Some(
            items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(wrong)?,
        ),
        _ => return Err(wrong()),
    };
    Access::parse(texts.as_deref()).map(Some).map_err(|_| wrong())
}

/// What a 202 says; the words are Cloudcraft's.
pub(crate) fn still_processing() -> Value {
    json!({
        "code": "STILL_PROCESSING",
        "message": "Result wait time exceeded. Processing continues in the background, retry to receive result.",
        "retry": true,
    })
}
