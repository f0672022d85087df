//! Answers: from bytes on the wire to the JSON that the AWS CLI prints.
//!
//! In: status, headers, body, and the shape that the model promises. Out: a JSON value, or what is
//! wrong with the bytes. Which bytes are an error, and what they say, is in `error`.

pub(crate) mod error;
mod json;
mod rest;
mod xml;

use http::HeaderMap;
use serde_json::{Map, Value};

use crate::model::{Operation, Protocol, Service, Shape};

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Reads a good answer. The error is words for [`crate::CallErrorKind::Unreadable`].
pub(crate) fn decode(service: &Service, operation: &Operation, answer: &Answer) -> Result<Value, String> {
    let Some(structure) = service.structure(operation.output) else { return Ok(Value::Object(Map::new())) };
    match service.protocol {
        Protocol::Ec2 => xml::decode(service, structure, &answer.body, None),
        Protocol::Query => {
            // An operation without a wrapper is one whose result is empty.
            xml::decode(service, structure, &answer.body, operation.wrapper.as_deref())
        }
        Protocol::Json => json::decode(service, structure, &answer.body, json::Numbers::AsTheyCome),
        Protocol::RestJson | Protocol::RestXml => rest::decode(service, structure, answer),
    }
}

/// Reads a good answer's body as a call would: for measuring what reading costs, and for fuzzing it.
pub fn read(service: &str, operation: &str, body: &[u8]) -> Result<Value, String> {
    let unknown = || format!("there is no {service} {operation}");
    let service = crate::model::service(service).map_err(|error| error.to_string())?.ok_or_else(unknown)?;
    let operation = service.operations.get(operation).ok_or_else(unknown)?;
    decode(&service, operation, &Answer { status: 200, headers: HeaderMap::new(), body: body.to_vec() })
}

/// Reads an error answer's body as a call would; an error where there is no such service.
pub fn read_error(service: &str, status: u16, body: &[u8]) -> Result<crate::CallError, String> {
    let unknown = || format!("there is no {service}");
    let service = crate::model::service(service).map_err(|error| error.to_string())?.ok_or_else(unknown)?;
    let answer = Answer { status, headers: HeaderMap::new(), body: body.to_vec() };
    Ok(error::call_error(error::read(&service, &answer), Some(status), &[]))
}

/// One scalar that came as text, in XML or in a header.
pub(crate) fn scalar(shape: &Shape, text: &str) -> Value {
    match shape {
        Shape::Bool => Value::Bool(text == "true"),
        Shape::Int => text.trim().parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        Shape::Float => float(text),
        Shape::Time(_) => Value::String(crate::time::from_text(text)),
        Shape::Policy => policy(text),
        _ => Value::from(text),
    }
}

/// JSON has no infinities: they stay texts, as AWS sends them.
fn float(text: &str) -> Value {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Value::from(number),
        _ => Value::from(text),
    }
}

/// IAM's policy documents are JSON, URL-encoded; what is neither stays text.
fn policy(text: &str) -> Value {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    serde_json::from_str(&decoded).unwrap_or_else(|_| Value::from(text))
}

pub(crate) use xml::root_text;

#[cfg(test)]
mod tests;
