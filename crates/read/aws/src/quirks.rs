//! The few things of single services that no model says, known from botocore's handlers.
//!
//! In: a request before it is signed, or an answer after it is decoded. Out: the same, put right.
//! Error codes are in `response::error`, S3's addressing is in `s3`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::model::{Location, Operation, Service};
use crate::request::Request;
use crate::response::{Answer, root_text};

/// What must be remembered between the request and its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    /// We asked S3 for URL-encoded keys, so we decode them.
    url_keys: bool,
}

/// Parameters, before the request is written.
pub(crate) fn prepare(service: &Service, operation: &str, parameters: &mut Map<String, Value>) -> Marks {
    let mut marks = Marks::default();
    match (service.name.as_str(), operation) {
        // Keys may hold characters that XML cannot.
        ("s3", "ListObjects" | "ListObjectsV2" | "ListObjectVersions") => {
            marks.url_keys = !parameters.contains_key("EncodingType");
            parameters.entry("EncodingType").or_insert_with(|| json!("url"));
        }
        // The SDKs ask for the checksum, so its header is part of what the CLI prints.
        ("s3", "GetObject") => {
            parameters.entry("ChecksumMode").or_insert_with(|| json!("ENABLED"));
        }
        // "-" is the caller's own account.
        ("glacier", _) => {
            parameters.entry("accountId").or_insert_with(|| json!("-"));
        }
        _ => {}
    }
    marks
}

/// The request, before it is signed.
pub(crate) fn adjust(service: &Service, operation: &str, request: &mut Request) {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match (service.name.as_str(), operation) {
        ("glacier", _) => request.headers.push(header("x-amz-glacier-version", &service.version)),
        // Without it some answers come as HAL.
        ("apigateway", _) if !request.headers.iter().any(|(n, _)| n == "accept") => {
            request.headers.push(header("accept", "application/json"));
        }
        // A search may be longer than a URL.
        ("cloudsearchdomain", "Search") if request.method == "GET" => {
            request.body = request.query_string().trim_start_matches('?').as_bytes().to_vec();
            request.query.clear();
            request.method = "POST".to_owned();
            request.headers.push(header("content-type", "application/x-www-form-urlencoded"));
        }
        _ => {}
    }
}

/// The decoded answer.
pub(crate) fn finish(
    service: &Service,
    name: &str,
    operation: &Operation,
    marks: Marks,
    answer: &Answer,
    value: &mut Value,
) {
    match (service.name.as_str(), name) {
        ("ec2", "GetConsoleOutput") => {
            if let Some(Value::String(text)) = value.get_mut("Output")
                && let Ok(bytes) = BASE64.decode(text.as_bytes())
            {
                *text = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        ("cloudformation", "GetTemplate") => {
            if let Some(body) = value.get_mut("TemplateBody")
                && let Some(parsed) = body.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
            {
                *body = parsed;
            }
        }
        // The answer is one element with a text, which no model can say.
        ("s3", "GetBucketLocation") => {
            let text = root_text(service, &answer.body).ok().flatten();
            *value = json!({ "LocationConstraint": text });
        }
        ("s3", _) => {
            if marks.url_keys {
                decode_keys(name, value);
            }
            expires(service, operation, answer, value);
        }
        _ => {}
    }
}

fn decode_keys(operation: &str, value: &mut Value) {
    if value.get("EncodingType").and_then(Value::as_str) != Some("url") {
        return;
    }
    let (tops, lists): (&[&str], &[(&str, &str)]) = match operation {
        "ListObjects" => {
            (&["Delimiter", "Marker", "NextMarker"], &[("Contents", "Key"), ("CommonPrefixes", "Prefix")])
        }
        "ListObjectsV2" => {
            (&["Delimiter", "Prefix", "StartAfter"], &[("Contents", "Key"), ("CommonPrefixes", "Prefix")])
        }
        _ => (
            &["KeyMarker", "NextKeyMarker", "Prefix", "Delimiter"],
            &[("Versions", "Key"), ("DeleteMarkers", "Key"), ("CommonPrefixes", "Prefix")],
        ),
    };
    let decode = |value: Option<&mut Value>| {
        if let Some(Value::String(text)) = value
            && text.contains('%')
        {
            *text = percent_decode_str(text).decode_utf8_lossy().into_owned();
        }
    };
    for top in tops {
        decode(value.get_mut(top));
    }
    for (list, key) in lists {
        for item in value.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            decode(item.get_mut(key));
        }
    }
}

/// S3 passes on whatever a user wrote into `Expires`; only a time is shown as one.
fn expires(service: &Service, operation: &Operation, answer: &Answer, value: &mut Value) {
    let has = service.structure(operation.output).is_some_and(|s| {
        s.members.iter().any(|m| &*m.name == "Expires" && m.location == Some(Location::Header))
    });
    let Some(text) = answer.headers.get("expires").filter(|_| has) else { return };
    let text = String::from_utf8_lossy(text.as_bytes()).into_owned();
    if let Value::Object(map) = value {
        if map.get("Expires").and_then(Value::as_str) == Some(text.as_str()) {
            map.remove("Expires");
        }
        map.insert("ExpiresString".to_owned(), text.into());
    }
}
