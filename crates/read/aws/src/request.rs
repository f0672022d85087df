//! Requests: from parameters as the AWS API names them to method, path, headers and body.
//!
//! In: an operation of the models and a JSON object. Out: a [`Request`] without host and signature;
//! those are left to `endpoint` and `sign`. A parameter the model does not know is an error, so that a
//! typing mistake in the catalog cannot go unnoticed.

mod json;
mod query;
mod rest;
mod xml;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::model::{Operation, Protocol, Service, Structure, TimeFormat};

/// What signing must leave as it is: RFC 3986's unreserved characters.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same with slashes, for keys that are paths.
const PATH: AsciiSet = UNRESERVED.remove(b'/');

/// A request, all but its host and signature.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Encoded; begins with a slash.
    pub(crate) path: String,
    /// Not encoded yet.
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) host_prefix: Option<String>,
    /// S3's bucket, still to be put into the host or in front of the path.
    pub(crate) bucket: Option<String>,
}

impl Request {
    /// `?a=b&c`, or nothing.
    pub(crate) fn query_string(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.query {
            out.push(if out.is_empty() { '?' } else { '&' });
            out.push_str(&encode(name));
            // A bare `?acl` and `?acl=` sign alike; AWS takes both.
            if let Some(value) = value {
                out.push('=');
                out.push_str(&encode(value));
            }
        }
        out
    }
}

/// Percent-encodes all but the unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, &UNRESERVED).to_string()
}

/// Writes a request. The error is words for [`crate::CallErrorKind::Unknown`].
pub(crate) fn write(
    service: &Service,
    name: &str,
    operation: &Operation,
    parameters: &Map<String, Value>,
) -> Result<Request, String> {
    let empty =
        Structure { members: Vec::new(), document: false, union: false, payload: None, by_wire: Vec::new() };
    let input = service.structure(operation.input).unwrap_or(&empty);
    let parameters = &complete(input, parameters);
    for parameter in parameters.keys() {
        if input.named(parameter).is_none() {
            return Err(format!("{}:{name} has no parameter {parameter}", service.name));
        }
    }
    let mut request =
        Request { method: operation.method.clone(), path: "/".to_owned(), ..Request::default() };
    match service.protocol {
        Protocol::Query | Protocol::Ec2 => query::write(service, name, input, parameters, &mut request)?,
        Protocol::Json => json::write(service, name, input, parameters, &mut request)?,
        Protocol::RestJson | Protocol::RestXml => {
            rest::write(service, operation, input, parameters, &mut request)?;
        }
    }
    request.host_prefix = match &operation.host_prefix {
        Some(prefix) => Some(fill_host_prefix(prefix, input, parameters)?),
        None => None,
    };
    if operation.discovery {
        request.headers.push(("x-amz-api-version".to_owned(), service.version.clone()));
    }
    Ok(request)
}

/// Drops nulls and fills idempotency tokens.
fn complete(input: &Structure, parameters: &Map<String, Value>) -> Map<String, Value> {
    let mut all: Map<String, Value> =
        parameters.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect();
    for member in input.members.iter().filter(|m| m.token) {
        all.entry(member.name.to_string()).or_insert_with(|| uuid::Uuid::new_v4().to_string().into());
    }
    all
}

/// `{AccountId}.` with the parameter's value; only what may stand in a host name.
fn fill_host_prefix(
    prefix: &str,
    input: &Structure,
    parameters: &Map<String, Value>,
) -> Result<String, String> {
    let mut out = prefix.to_owned();
    for member in input.members.iter().filter(|m| m.host_label) {
        let place = format!("{{{}}}", member.name);
        if !out.contains(&place) {
            continue;
        }
        let value = parameters.get(member.name.as_ref()).and_then(Value::as_str).unwrap_or_default();
        let sound = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        if value.is_empty() || !value.bytes().all(sound) {
            return Err(format!("the parameter {} must be a part of a host name", member.name));
        }
        out = out.replace(&place, value);
    }
    if out.contains('{') { Err(format!("the host prefix {prefix} cannot be filled")) } else { Ok(out) }
}

/// A scalar as text, for query strings, forms, headers and XML.
fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null => Ok(String::new()),
        Value::Array(_) | Value::Object(_) => {
            Err("a list or an object stands where a scalar should".to_owned())
        }
    }
}

/// A time in the wanted form; `usual` is the protocol's own.
fn time(value: &Value, format: TimeFormat, usual: TimeFormat) -> Result<Value, String> {
    let format = if format == TimeFormat::Usual { usual } else { format };
    crate::time::to_wire(value, format).ok_or_else(|| "not a time".to_owned())
}

/// Blobs are given in base64, as the AWS CLI takes them; what is no base64 is encoded.
fn blob(value: &Value) -> Result<String, String> {
    let text = text(value)?;
    Ok(if BASE64.decode(&text).is_ok() { text } else { BASE64.encode(text) })
}

#[cfg(test)]
mod tests;
