//! Error answers: code and message out of any envelope, and what to make of the code.
//!
//! In: a bad answer. Out: a [`CallError`] whose message is short and holds no credentials.

use serde_json::Value;

use super::{Answer, xml};
use crate::model::{Protocol, Service};
use crate::{CallError, CallErrorKind};

/// What an error document says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: String,
    pub(crate) message: String,
    /// S3: where the bucket really is.
    pub(crate) region: Option<String>,
}

/// Reads an error answer; whatever is missing is filled from the status.
pub(crate) fn read(service: &Service, answer: &Answer) -> Said {
    let mut said = match service.protocol {
        Protocol::Json | Protocol::RestJson => from_json(service, answer),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => from_xml(service, answer),
    };
    if said.code.is_empty() {
        said.code = answer.status.to_string();
    }
    if said.message.is_empty() {
        let status = http::StatusCode::from_u16(answer.status).ok();
        said.message = status.and_then(|s| s.canonical_reason()).unwrap_or("no message").to_owned();
    }
    said.region = header(answer, "x-amz-bucket-region").map(str::to_owned).or(said.region);
    said
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name)?.to_str().ok()
}

fn from_json(service: &Service, answer: &Answer) -> Said {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let message = ["message", "Message", "errorMessage"].into_iter().find_map(text).unwrap_or_default();
    let mut code = None;
    if service.protocol == Protocol::RestJson {
        code = header(answer, "x-amzn-errortype").or_else(|| text("code")).or_else(|| text("Code"));
    }
    let code = code.or_else(|| text("__type")).or_else(|| header(answer, "x-amzn-errortype"));
    // `com.amazonaws.sqs#QueueDoesNotExist`, `AccessDeniedException:http://…`
    let code = code.unwrap_or_default();
    let code = code.split(':').next().unwrap_or_default();
    let mut code = code.rsplit('#').next().unwrap_or_default();
    // `AWS.SimpleQueueService.NonExistentQueue;Sender`: the code from before the service spoke JSON.
    if let Some((old, _)) = header(answer, "x-amzn-query-error").and_then(|h| h.split_once(';'))
        && !old.is_empty()
    {
        code = old;
    }
    Said { code: code.to_owned(), message: message.to_owned(), region: None }
}

fn from_xml(service: &Service, answer: &Answer) -> Said {
    let Ok((_, leaves)) = xml::leaves(service, &answer.body) else { return Said::default() };
    let find = |name: &str| leaves.iter().find(|(n, _)| n == name).map(|(_, text)| text.trim().to_owned());
    Said {
        code: find("Code").unwrap_or_default(),
        message: find("Message").or_else(|| find("message")).unwrap_or_default(),
        region: find("Region").filter(|r| !r.is_empty()),
    }
}

/// Whether a good status carries S3's error document all the same.
pub(crate) fn hides_in_success(service: &Service, answer: &Answer) -> bool {
    if service.name != "s3" || answer.status != 200 || answer.body.is_empty() {
        return false;
    }
    let head = &answer.body[..answer.body.len().min(512)];
    let head = String::from_utf8_lossy(head);
    let root =
        head.split('<').map(str::trim_start).find(|tag| !tag.is_empty() && !tag.starts_with(['?', '!']));
    root.is_some_and(|tag| tag.starts_with("Error>") || tag.starts_with("Error "))
}

/// The longest message that is kept.
const LONGEST: usize = 400;

/// Makes an error of a code and a message. `secrets` are wiped out of the message.
pub(crate) fn call_error(said: Said, status: Option<u16>, secrets: &[&str]) -> CallError {
    let kind = classify(&said.code, status);
    CallError {
        kind,
        code: clean(&said.code, 120, &[]),
        message: clean(&said.message, LONGEST, secrets),
        status,
    }
}

/// One of our own errors.
pub(crate) fn own(kind: CallErrorKind, message: impl AsRef<str>) -> CallError {
    let message = clean(message.as_ref(), LONGEST, &[]);
    CallError { kind, code: kind.as_str().to_owned(), message, status: None }
}

fn clean(text: &str, longest: usize, secrets: &[&str]) -> String {
    // SignatureDoesNotMatch goes on to print the canonical request, session token and all.
    let text = text.split("The Canonical String").next().unwrap_or_default();
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|s| s.len() > 8) {
        text = text.replace(secret, "***");
    }
    let mut out: String =
        text.trim().chars().take(longest).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().nth(longest).is_some() {
        out.push('…');
    }
    out
}

/// Codes that mean either wrong credentials or a region that is not enabled for the account; which of
/// the two, only a call elsewhere can tell.
pub(crate) fn is_ambiguous(code: &str) -> bool {
    matches!(
        code,
        "InvalidClientTokenId" | "UnrecognizedClientException" | "UnrecognizedClient" | "AuthFailure"
    )
}

/// Codes of throttling, as botocore's standard mode knows them.
pub(crate) fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottledException"
            | "TooManyRequestsException"
            | "ProvisionedThroughputExceededException"
            | "TransactionInProgressException"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "LimitExceededException"
            | "RequestThrottled"
            | "SlowDown"
            | "PriorRequestNotComplete"
            | "EC2ThrottledException"
            | "429"
    )
}

/// Codes of wrong, expired or missing credentials.
fn is_credentials(code: &str) -> bool {
    is_ambiguous(code)
        || is_expired(code)
        || matches!(
            code,
            "InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "InvalidSignatureException"
                | "InvalidSignature"
                | "MissingAuthenticationToken"
                | "MissingAuthenticationTokenException"
                | "IncompleteSignature"
                | "IncompleteSignatureException"
                | "InvalidToken"
                | "InvalidIdentityToken"
                | "RequestTimeTooSkewed"
                | "RequestInTheFuture"
        )
}

/// Codes of credentials that were good once.
pub(crate) fn is_expired(code: &str) -> bool {
    matches!(
        code,
        "ExpiredToken"
            | "ExpiredTokenException"
            | "RequestExpired"
            | "TokenRefreshRequired"
            | "ExpiredTokenId"
    )
}

/// What to make of a code.
pub(crate) fn classify(code: &str, status: Option<u16>) -> CallErrorKind {
    let bare = code.rsplit('.').next().unwrap_or(code);
    if is_throttling(code) {
        return CallErrorKind::Throttled;
    }
    if is_credentials(code) {
        return CallErrorKind::Credentials;
    }
    if matches!(
        bare,
        "OptInRequired" | "RegionDisabledException" | "InvalidRegion" | "RegionNotSupportedException"
    ) {
        return CallErrorKind::RegionDisabled;
    }
    if bare.starts_with("AccessDenied")
        || bare.starts_with("UnauthorizedOperation")
        || bare.starts_with("AuthorizationError")
        || matches!(
            bare,
            "UnauthorizedException"
                | "Unauthorized"
                | "UnauthorizedAccess"
                | "UnauthorizedAccessException"
                | "NotAuthorized"
                | "NotAuthorizedException"
                | "Forbidden"
                | "ForbiddenException"
                | "AllAccessDisabled"
                | "InsufficientPrivilegesException"
                | "NoPermissionException"
                | "403"
        )
    {
        return CallErrorKind::Denied;
    }
    // `InvalidInstanceID.NotFound`, `DBInstanceNotFoundFault`, `NoSuchBucketPolicy`, `QueueDoesNotExist`
    let absent = ["NotFound", "NotFoundException", "NotFoundFault", "NotFoundError", "DoesNotExist"];
    if absent.iter().any(|end| bare.ends_with(end))
        || bare.starts_with("NoSuch")
        || bare.starts_with("NonExistent")
        || bare.contains("DoesNotExist")
        || bare == "404"
    {
        return CallErrorKind::NotFound;
    }
    match status {
        Some(401) => CallErrorKind::Credentials,
        Some(403) => CallErrorKind::Denied,
        Some(404) => CallErrorKind::NotFound,
        Some(429) => CallErrorKind::Throttled,
        _ => CallErrorKind::Service,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CallErrorKind::*;

    #[test]
    fn codes_have_kinds() {
        for (code, status, expected) in [
            ("AccessDenied", 403, Denied),
            ("AccessDeniedException", 400, Denied),
            ("UnauthorizedOperation", 403, Denied),
            ("Client.UnauthorizedOperation", 403, Denied),
            ("AuthorizationError", 403, Denied),
            ("AuthorizationErrorException", 403, Denied),
            ("403", 403, Denied),
            ("Whatever", 403, Denied),
            ("NoSuchBucketPolicy", 404, NotFound),
            ("InvalidInstanceID.NotFound", 400, NotFound),
            ("DBInstanceNotFound", 404, NotFound),
            ("DBInstanceNotFoundFault", 404, NotFound),
            ("ResourceNotFoundException", 400, NotFound),
            ("ServerSideEncryptionConfigurationNotFoundError", 404, NotFound),
            ("AWS.SimpleQueueService.NonExistentQueue", 400, NotFound),
            ("QueueDoesNotExist", 400, NotFound),
            ("Throttling", 400, Throttled),
            ("RequestLimitExceeded", 503, Throttled),
            ("TooManyRequestsException", 429, Throttled),
            ("ExpiredToken", 403, Credentials),
            ("SignatureDoesNotMatch", 403, Credentials),
            ("InvalidClientTokenId", 403, Credentials),
            ("OptInRequired", 401, RegionDisabled),
            ("ValidationException", 400, Service),
            ("InternalFailure", 500, Service),
        ] {
            assert_eq!(classify(code, Some(status)), expected, "{code}");
        }
    }

    #[test]
    fn messages_are_short_and_hold_no_secrets() {
        let token = "IQoJb3JpZ2luX2VjEXAMPLE";
        let said = Said {
            code: "SignatureDoesNotMatch".into(),
            message: format!("It does not match {token}.\n\nThe Canonical String for this request was x"),
            region: None,
        };
        let error = call_error(said, Some(403), &[token]);
        assert_eq!(error.message, "It does not match ***.");
        let long = own(Service, "x".repeat(10_000));
        assert_eq!(long.message.chars().count(), LONGEST + 1);
    }

    #[test]
    fn an_error_can_hide_in_a_success() {
        let service = crate::model::service("s3").unwrap().unwrap();
        for (body, expected) in [
            ("<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>", true),
            ("<Error xmlns=\"x\"><Code>SlowDown</Code></Error>", true),
            ("<ListBucketResult><Name>Error></Name></ListBucketResult>", false),
            ("", false),
        ] {
            let answer = Answer { status: 200, headers: Default::default(), body: body.into() };
            assert_eq!(hides_in_success(&service, &answer), expected, "{body}");
        }
    }
}
