//! One identity's way to all services.
//!
//! In: settings, an identity; then service, operation, region and parameters, call by call. Out: answers
//! with all their pages merged, or a typed error. What to call, and in what order, is left to collect.

mod exchange;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use isobar_model::{AwsAccountId, Region};
use serde_json::{Map, Value, json};

use crate::credentials::{self, Cache, Source};
use crate::paginate::{Next, Pages};
use crate::response::error::{is_ambiguous, own};
use crate::retry::Budget;
use crate::s3::Homes;
use crate::transport::Transport;
use crate::{CallError, CallErrorKind, Error, Identity, Settings, model, read_only};

/// One identity's way to all services. Cheap to clone; safe to share between tasks.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    transport: Transport,
    budget: Budget,
    homes: Homes,
    who: Who,
    cache: Cache,
    region: Region,
    /// How far the service's clock is ahead of ours, in seconds.
    skew: AtomicI64,
    /// Whether these credentials have worked anywhere: 0 nobody knows, 1 yes, 2 no.
    proven: AtomicU8,
}

enum Who {
    Source(Source),
    Role { base: Client, role_arn: String, external_id: Option<String>, session_name: String, region: Region },
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

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("region", &self.inner.region).finish_non_exhaustive()
    }
}

impl Client {
    /// Finds the credentials and proves that they exist: for a role, by assuming it. `region` gives
    /// the partition and thereby the home of `global` calls.
    pub async fn connect(settings: &Settings, identity: Identity, region: &Region) -> Result<Self, Error> {
        let settings = &crate::profile::settings_for(settings, &identity).await;
        let transport = Transport::new(settings)?;
        let region = if region.is_global() { region.partition().home_region() } else { region.clone() };
        Self::with_transport(settings, transport, identity, region).await
    }

    async fn with_transport(
        settings: &Settings,
        transport: Transport,
        identity: Identity,
        region: Region,
    ) -> Result<Self, Error> {
        let (who, first, proven) = match identity {
            Identity::Keys { access_key_id, secret_access_key, session_token } => {
                let source = credentials::fixed(&access_key_id, &secret_access_key, session_token.as_ref());
                let first = source.fetch().await?;
                (Who::Source(source), first, 0)
            }
            Identity::Ambient { profile, process_allowed } => {
                let source =
                    credentials::ambient(profile.as_deref(), process_allowed, &region, settings, &transport)
                        .await?;
                let first = source.fetch().await?;
                (Who::Source(source), first, 0)
            }
            Identity::Role { base, role_arn, external_id, session_name, region: at } => {
                let at = if at.is_global() { at.partition().home_region() } else { at };
                let base =
                    Box::pin(Self::with_transport(settings, transport.clone(), *base, at.clone())).await?;
                let who = Who::Role { base, role_arn, external_id, session_name, region: at };
                let first = who.fetch().await?;
                (who, first, 1)
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                settings: settings.clone(),
                transport,
                budget: Budget::new(),
                homes: Homes::default(),
                who,
                cache: Cache::holding(first),
                region,
                skew: AtomicI64::new(0),
                proven: AtomicU8::new(proven),
            }),
        })
    }

    /// Makes one reading call and merges all its pages: exactly the JSON that the AWS CLI prints.
    pub async fn call(
        &self,
        service: &str,
        operation: &str,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<Value, CallError> {
        if !read_only::is_reading(service, operation) {
            let message = format!("{service}:{operation} does not only read, so it is not called");
            return Err(own(CallErrorKind::Refused, message));
        }
        self.all_pages(service, operation, region, parameters).await
    }

    /// Whose credentials these are (sts:GetCallerIdentity).
    pub async fn caller(&self) -> Result<Caller, CallError> {
        let answer = self.call("sts", "GetCallerIdentity", &self.inner.region, &Map::new()).await?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let account = AwsAccountId::parse(&text("Account"))
            .map_err(|e| own(CallErrorKind::Unreadable, format!("sts:GetCallerIdentity: {e}")))?;
        Ok(Caller { account, arn: text("Arn"), user_id: text("UserId") })
    }

    /// The region this client was connected in; its partition is that of all calls.
    pub fn region(&self) -> &Region {
        &self.inner.region
    }

    /// Any operation of the models, assumed roles included; only this crate may call it.
    async fn all_pages(
        &self,
        service: &str,
        operation: &str,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<Value, CallError> {
        let home;
        let region = if region.is_global() {
            home = self.inner.region.partition().home_region();
            &home
        } else {
            region
        };
        let done = self.pages(service, operation, region, parameters).await;
        match done {
            Ok(value) => {
                self.inner.proven.store(1, Ordering::Relaxed);
                Ok(value)
            }
            Err(mut error) => {
                if error.kind == CallErrorKind::Credentials
                    && is_ambiguous(&error.code)
                    && operation != "GetCallerIdentity"
                    && self.proven().await
                {
                    error.kind = CallErrorKind::RegionDisabled;
                }
                tracing::debug!(%service, %operation, %region, code = %error.code, "the call failed");
                Err(error)
            }
        }
    }

    /// Whether these credentials work in the partition's home region, where every account is enabled.
    async fn proven(&self) -> bool {
        if self.inner.proven.load(Ordering::Relaxed) == 0 {
            let home = self.inner.region.partition().home_region();
            let works = Box::pin(self.pages("sts", "GetCallerIdentity", &home, &Map::new())).await.is_ok();
            self.inner.proven.store(if works { 1 } else { 2 }, Ordering::Relaxed);
        }
        self.inner.proven.load(Ordering::Relaxed) == 1
    }

    async fn pages(
        &self,
        service: &str,
        operation: &str,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<Value, CallError> {
        let found = model::service(service).map_err(|e| own(CallErrorKind::Unknown, e.to_string()))?;
        let unknown = || own(CallErrorKind::Unknown, format!("there is no model of {service}:{operation}"));
        let service = found.ok_or_else(unknown)?;
        let shape = service.operations.get(operation).ok_or_else(unknown)?;
        let ask = exchange::Ask {
            client: &self.inner,
            service: &service,
            name: operation,
            operation: shape,
            region,
        };
        let Some(paginator) = &shape.pages else {
            return Ok(ask.page(parameters).await?.0);
        };
        let mut parameters = parameters.clone();
        let mut pages = Pages::new(paginator);
        let mut bytes = 0;
        loop {
            let (page, length) = ask.page(&parameters).await?;
            bytes += length;
            match pages.add(page) {
                Next::Done => return Ok(pages.finish()),
                Next::Stuck => {
                    let message = "the service gave the same page token twice";
                    return Err(own(CallErrorKind::Unreadable, message));
                }
                Next::Page(tokens) => {
                    for (name, token) in tokens {
                        if token.is_null() {
                            parameters.remove(&name);
                        } else {
                            parameters.insert(name, token);
                        }
                    }
                }
            }
            let settings = &self.inner.settings;
            if pages.count() >= settings.max_pages || bytes > settings.max_answer.saturating_mul(4) {
                let message = format!("the answer goes on after {} pages and {bytes} bytes", pages.count());
                return Err(own(CallErrorKind::TooLarge, message));
            }
        }
    }
}

impl Inner {
    /// Good credentials; `rejected` are those a service has just refused as expired.
    async fn credentials(&self, rejected: Option<&Credentials>) -> Result<Credentials, CallError> {
        let fetched = self.cache.get(rejected, async || self.who.fetch().await).await;
        fetched.map_err(|error| match error {
            Error::Assume { source, .. } => source,
            other => own(CallErrorKind::Credentials, other.to_string()),
        })
    }
}

impl Who {
    async fn fetch(&self) -> Result<Credentials, Error> {
        match self {
            Self::Source(source) => source.fetch().await,
            Self::Role { base, role_arn, external_id, session_name, region } => {
                let mut parameters = Map::new();
                parameters.insert("RoleArn".to_owned(), json!(role_arn));
                parameters.insert("RoleSessionName".to_owned(), json!(session_name));
                if let Some(external_id) = external_id {
                    parameters.insert("ExternalId".to_owned(), json!(external_id));
                }
                let answer = Box::pin(base.all_pages("sts", "AssumeRole", region, &parameters)).await;
                let answer = answer.map_err(|source| match source.kind {
                    // The keys themselves are bad: the first half failed, not the role's trust.
                    CallErrorKind::Credentials => Error::NoCredentials { reason: source.to_string() },
                    _ => Error::Assume { role_arn: role_arn.clone(), source },
                })?;
                session(&answer).ok_or_else(|| Error::Assume {
                    role_arn: role_arn.clone(),
                    source: own(CallErrorKind::Unreadable, "the answer of sts:AssumeRole has no credentials"),
                })
            }
        }
    }
}

/// The credentials in an answer of sts:AssumeRole.
fn session(answer: &Value) -> Option<Credentials> {
    let text = |name: &str| answer["Credentials"][name].as_str().filter(|t| !t.is_empty()).map(str::to_owned);
    let end: Option<jiff::Timestamp> = text("Expiration").and_then(|t| t.parse().ok());
    let end = end.map(|end| SystemTime::UNIX_EPOCH + Duration::from_secs(end.as_second().max(0) as u64));
    Some(Credentials::new(
        text("AccessKeyId")?,
        text("SecretAccessKey")?,
        Some(text("SessionToken")?),
        end,
        "isobar-role",
    ))
}

#[cfg(test)]
mod tests;
