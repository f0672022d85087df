//! Cloudcraft's endpoints and wire format.

pub(crate) mod account;
pub(crate) mod azure;
pub(crate) mod iam;
pub(crate) mod me;
pub(crate) mod snapshot;

use isobar_model::AccountId;

use crate::ApiError;

/// Reads an id of a path; a malformed one is an error before anything is looked up.
pub(crate) fn account_id(text: &str) -> Result<AccountId, ApiError> {
    AccountId::parse(text).map_err(|_| ApiError::property("accountId"))
}
