//! One identity's way to all services.

use std::sync::Arc;

use isobar_model::{AwsAccountId, Region};
use serde_json::{Map, Value};

use crate::{CallError, CallErrorKind, Error, Identity, Settings};

/// One identity's way to all services. Cheap to clone; safe to share between tasks.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    region: Region,
}

/// Whose credentials a client holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The twelve digits.
    pub account: AwsAccountId,
    /// The caller's ARN.
    pub arn: String,
    /// The caller's unique id.
    pub user_id: String,
}

impl Client {
    /// Finds the credentials and proves that they exist: for a role, by assuming it. `region` gives
    /// the partition, and is asked where a call says `global`'s home is unknown.
    pub async fn connect(settings: &Settings, identity: Identity, region: &Region) -> Result<Self, Error> {
        let _ = identity;
        Ok(Self { inner: Arc::new(Inner { settings: settings.clone(), region: region.clone() }) })
    }

    /// Makes one reading call and merges all its pages: exactly the JSON that the AWS CLI prints.
    pub async fn call(
        &self,
        service: &str,
        operation: &str,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<Value, CallError> {
        let _ = (&self.inner.settings, &self.inner.region, region, parameters);
        Err(CallError {
            kind: CallErrorKind::Unknown,
            code: "Unknown".to_owned(),
            message: format!("there is no model of {service}:{operation}"),
            status: None,
        })
    }

    /// Whose credentials these are (sts:GetCallerIdentity).
    pub async fn caller(&self) -> Result<Caller, CallError> {
        let region = self.inner.region.clone();
        let answer = self.call("sts", "GetCallerIdentity", &region, &Map::new()).await?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let account = AwsAccountId::parse(&text("Account")).map_err(|e| CallError {
            kind: CallErrorKind::Unreadable,
            code: "Unreadable".to_owned(),
            message: e.to_string(),
            status: None,
        })?;
        Ok(Caller { account, arn: text("Arn"), user_id: text("UserId") })
    }
}
