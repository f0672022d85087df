//! Who asks: a bearer key, or on reads the page's session cookie.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use isobar_app::Scope;
use isobar_model::Secret;

use crate::state::State;
use crate::{ApiError, web};

/// The scope of an authenticated request within its rate limit.
pub(crate) struct Caller(pub(crate) Scope);

impl FromRequestParts<State> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, ApiError> {
        let scope = known(parts, state).await?;
        if let Some(key) = scope.key
            && let Some(seconds) = state.over_limit(key)
        {
            metrics::counter!("isobar_rate_limited_total").increment(1);
            let error = format!("Too many requests: wait {seconds} s");
            let refused = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", error);
            return Err(ApiError { retry_after: Some(seconds), ..refused });
        }
        Ok(Self(scope))
    }
}

/// The scope of an authenticated request, whatever the rate. For agents' endpoints, which bound their
/// work themselves: one conversation of a model's client is dozens of small requests.
pub(crate) async fn known(parts: &Parts, state: &State) -> Result<Scope, ApiError> {
    let key = match bearer(&parts.headers)? {
        Some(key) => key,
        None => session_key(parts, state)?,
    };
    let scope = state.app().authenticate(&key).await?;
    scope.ok_or_else(|| ApiError::unauthorized("Invalid API key"))
}

/// The bearer key, if the request shows one.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<Secret>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let wrong = || ApiError::unauthorized("The Authorization header must be: Bearer <API key>");
    let text = value.to_str().map_err(|_| wrong())?;
    let (scheme, key) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let key = key.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || key.is_empty() {
        return Err(wrong());
    }
    Ok(Some(Secret::new(key)))
}

/// A cookie may read, so that the page can show drawings; it may not write.
fn session_key(parts: &Parts, state: &State) -> Result<Secret, ApiError> {
    let missing = || ApiError::unauthorized("An API key is required: Authorization: Bearer <API key>");
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Err(missing());
    }
    let key = state.inner.sessions.key(&parts.headers, state.config()).ok_or_else(missing)?;
    web::session::check_origin(&parts.headers, state)?;
    Ok(key)
}
