//! One page: written, signed, sent, and sent again where that helps.
//!
//! In: an operation with its parameters. Out: the decoded page, or the error of the last attempt.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use isobar_model::Region;
use serde_json::{Map, Value};

use super::Inner;
use crate::endpoint::{self, Endpoint};
use crate::model::{Operation, Service};
use crate::request::{self, Request};
use crate::response::error::{self, Said, own};
use crate::response::{self, Answer};
use crate::transport::Failed;
use crate::{CallError, CallErrorKind, quirks, retry, s3, sign};

/// What is asked, again for each page.
pub(super) struct Ask<'a> {
    pub(super) client: &'a Inner,
    pub(super) service: &'a Service,
    pub(super) name: &'a str,
    pub(super) operation: &'a Operation,
    pub(super) region: &'a Region,
}

/// S3 may send us on, but not in circles.
const MOST_REDIRECTS: u32 = 2;
/// Clocks that differ by less than this are not the cause of a refused signature.
const SKEW: i64 = 4 * 60;

/// What an attempt brought.
enum Outcome {
    Good(Answer),
    /// Asked in another region.
    Moved(Region),
    /// The same again, once, without a pause: after a new clock or new credentials.
    Mended {
        error: CallError,
        rejected: Option<Credentials>,
    },
    /// The same again after a pause.
    Again {
        error: CallError,
        timed_out: bool,
    },
    Bad(CallError),
}

impl Ask<'_> {
    /// One page, and the length of the answer in bytes.
    pub(super) async fn page(&self, parameters: &Map<String, Value>) -> Result<(Value, usize), CallError> {
        let limit = self.client.settings.call_timeout;
        match tokio::time::timeout(limit, self.attempts(parameters)).await {
            Ok(done) => done,
            Err(_) => {
                let message = format!("no answer within {} seconds, retries included", limit.as_secs());
                Err(own(CallErrorKind::Timeout, message))
            }
        }
    }

    async fn attempts(&self, parameters: &Map<String, Value>) -> Result<(Value, usize), CallError> {
        let mut parameters = parameters.clone();
        let marks = quirks::prepare(self.service, self.name, &mut parameters);
        let mut request = request::write(self.service, self.name, self.operation, &parameters)
            .map_err(|reason| own(CallErrorKind::Unknown, reason))?;
        quirks::adjust(self.service, self.name, &mut request);
        let bucket = request.bucket.clone();
        let known = bucket.as_deref().and_then(|bucket| self.client.homes.get(bucket));
        let mut region = known.unwrap_or_else(|| self.region.clone());
        let (mut attempt, mut redirects, mut taken, mut mended) = (1, 0, None, false);
        let mut rejected: Option<Credentials> = None;
        loop {
            match self.attempt(request.clone(), &region, rejected.take()).await {
                Outcome::Good(answer) => {
                    self.client.budget.give(taken);
                    return self.decode(marks, &answer);
                }
                Outcome::Moved(to) if redirects < MOST_REDIRECTS => {
                    redirects += 1;
                    tracing::debug!(service = %self.service.name, from = %region, %to, "the bucket is elsewhere");
                    if let Some(bucket) = &bucket {
                        self.client.homes.put(bucket, &to);
                    }
                    region = to;
                }
                Outcome::Moved(_) => {
                    return Err(own(CallErrorKind::Service, "S3 sends us around in circles"));
                }
                Outcome::Mended { rejected: bad, .. } if !mended => {
                    mended = true;
                    rejected = bad;
                }
                Outcome::Again { error, timed_out } => {
                    if attempt >= self.client.settings.max_attempts {
                        return Err(error);
                    }
                    // A service in trouble is not helped by more of the same.
                    let Some(cost) = self.client.budget.take(timed_out) else { return Err(error) };
                    taken = Some(cost);
                    tokio::time::sleep(retry::pause(attempt)).await;
                    attempt += 1;
                }
                Outcome::Mended { error, .. } | Outcome::Bad(error) => return Err(error),
            }
        }
    }

    async fn attempt(&self, mut request: Request, region: &Region, rejected: Option<Credentials>) -> Outcome {
        let mut endpoint =
            match endpoint::resolve(&self.client.settings, self.service, self.operation, region) {
                Ok(endpoint) => endpoint,
                Err(reason) => return Outcome::Bad(own(CallErrorKind::RegionDisabled, reason)),
            };
        let placed = place(&mut request, &mut endpoint);
        let url = match placed.and_then(|()| address(&request, &endpoint)) {
            Ok(url) => url,
            Err(reason) => return Outcome::Bad(own(CallErrorKind::Unknown, reason)),
        };
        let mut headers = std::mem::take(&mut request.headers);
        let mut credentials = None;
        if !self.operation.unsigned {
            let held = match self.client.credentials(rejected.as_ref()).await {
                Ok(held) => held,
                Err(error) => return Outcome::Bad(error),
            };
            let now = self.now();
            let body = &request.body;
            match sign::headers(&request.method, url.as_str(), &headers, body, &endpoint, &held, now) {
                Ok(more) => headers.extend(more),
                Err(reason) => return Outcome::Bad(own(CallErrorKind::Unknown, reason)),
            }
            credentials = Some(held);
        }
        let sent = self.client.transport.send(&request.method, &url, &headers, request.body).await;
        match sent {
            Ok(answer) => self.judge(answer, region, credentials),
            Err(failed) => self.judge_failure(failed, &endpoint),
        }
    }

    /// Our clock, put right by what the service said of its own.
    fn now(&self) -> SystemTime {
        let skew = self.client.skew.load(Ordering::Relaxed);
        let by = Duration::from_secs(skew.unsigned_abs());
        if skew < 0 { SystemTime::now() - by } else { SystemTime::now() + by }
    }

    fn judge_failure(&self, failed: Failed, endpoint: &Endpoint) -> Outcome {
        let mut error = failed.error;
        // Where other calls work, a host without an address is a service that the region has not.
        if failed.no_such_host && !endpoint.overridden && self.client.proven.load(Ordering::Relaxed) == 1 {
            error.kind = CallErrorKind::RegionDisabled;
        }
        if failed.again {
            let timed_out = error.kind == CallErrorKind::Timeout;
            Outcome::Again { error, timed_out }
        } else {
            Outcome::Bad(error)
        }
    }

    fn judge(&self, answer: Answer, region: &Region, credentials: Option<Credentials>) -> Outcome {
        let hidden = error::hides_in_success(self.service, &answer);
        if answer.status < 300 && !hidden {
            return Outcome::Good(answer);
        }
        let said = error::read(self.service, &answer);
        // S3 means a 500 when it hides an error in a 200.
        let status = if hidden { 500 } else { answer.status };
        if self.service.name == "s3"
            && let Some(to) = s3::elsewhere(&said, status, region.as_str())
        {
            return Outcome::Moved(to);
        }
        let again =
            error::is_throttling(&said.code) || retry::is_transient(&said.code, status) || status == 429;
        let skewed = self.is_skewed(&said, &answer);
        let expired = error::is_expired(&said.code);
        let secrets: Vec<&str> = credentials
            .iter()
            .flat_map(|c| [Some(c.secret_access_key()), c.session_token()])
            .flatten()
            .collect();
        let error = error::call_error(said, Some(status), &secrets);
        if skewed {
            Outcome::Mended { error, rejected: None }
        } else if expired {
            Outcome::Mended { error, rejected: credentials }
        } else if again {
            Outcome::Again { error, timed_out: false }
        } else {
            Outcome::Bad(error)
        }
    }

    /// Whether the signature was refused because of our clock; if so, the service's is taken from now on.
    fn is_skewed(&self, said: &Said, answer: &Answer) -> bool {
        let suspect = matches!(
            said.code.as_str(),
            "RequestTimeTooSkewed"
                | "RequestExpired"
                | "RequestInTheFuture"
                | "InvalidSignatureException"
                | "SignatureDoesNotMatch"
                | "AuthFailure"
        );
        let date = answer.headers.get("date").and_then(|d| d.to_str().ok());
        let Some(theirs) = date.filter(|_| suspect).and_then(|d| jiff::fmt::rfc2822::parse(d).ok()) else {
            return false;
        };
        let ours = self.now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
        let difference = theirs.timestamp().as_second() - ours;
        if difference.abs() <= SKEW {
            return false;
        }
        self.client.skew.fetch_add(difference, Ordering::Relaxed);
        true
    }

    fn decode(&self, marks: quirks::Marks, answer: &Answer) -> Result<(Value, usize), CallError> {
        let what = format!("{}:{}", self.service.name, self.name);
        let mut value =
            response::decode(self.service, self.operation, answer).map_err(|reason| CallError {
                status: Some(answer.status),
                ..own(CallErrorKind::Unreadable, format!("the answer of {what} cannot be read: {reason}"))
            })?;
        quirks::finish(self.service, self.name, self.operation, marks, answer, &mut value);
        Ok((value, answer.body.len()))
    }
}

/// Bucket and host prefix into the host, where it is AWS's own.
fn place(request: &mut Request, endpoint: &mut Endpoint) -> Result<(), String> {
    s3::place_bucket(request, endpoint)?;
    if let Some(prefix) = request.host_prefix.take() {
        let host = endpoint.url.split("://").nth(1).unwrap_or_default();
        let is_local =
            host.starts_with("localhost") || host.starts_with(|c: char| c.is_ascii_digit() || c == '[');
        if !is_local {
            endpoint.url = endpoint.url.replacen("://", &format!("://{prefix}"), 1);
        }
    }
    Ok(())
}

fn address(request: &Request, endpoint: &Endpoint) -> Result<reqwest::Url, String> {
    let text = format!("{}{}{}", endpoint.url, request.path, request.query_string());
    let url = reqwest::Url::parse(&text).map_err(|_| format!("{} is no URL", endpoint.url))?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{} is no endpoint of HTTP", endpoint.url));
    }
    Ok(url)
}
