//! Answers of the two REST protocols: members in headers, status and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

use super::{Answer, json, scalar, xml};
use crate::model::{Location, Member, Protocol, Service, Shape, Structure};

/// Reads an answer: first what stands in headers, then the body, as botocore orders them.
pub(super) fn decode(service: &Service, structure: &Structure, answer: &Answer) -> Result<Value, String> {
    let mut map = Map::new();
    for member in &structure.members {
        if let Some(value) = outside_body(service, member, answer) {
            map.insert(member.name.to_string(), value);
        }
    }
    let is_xml = service.protocol == Protocol::RestXml;
    if let Some(member) = structure.payload.and_then(|at| structure.members.get(at)) {
        let value = match service.shape(member.shape) {
            Shape::Text => Value::String(String::from_utf8_lossy(&answer.body).into_owned()),
            Shape::Blob => Value::String(BASE64.encode(&answer.body)),
            _ if is_xml => xml::decode_payload(service, member, &answer.body)?,
            _ => json::decode_payload(service, member.shape, &answer.body)?,
        };
        map.insert(member.name.to_string(), value);
        return Ok(Value::Object(map));
    }
    let body = if is_xml {
        xml::decode(service, structure, &answer.body, None)?
    } else {
        json::decode(service, structure, &answer.body, json::Numbers::AsModelled)?
    };
    if let Value::Object(body) = body {
        map.extend(body);
    }
    Ok(Value::Object(map))
}

fn outside_body(service: &Service, member: &Member, answer: &Answer) -> Option<Value> {
    let header = |name: &str| answer.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()));
    match member.location? {
        Location::Status => Some(Value::from(answer.status)),
        Location::Headers => {
            let prefix = member.wire.as_deref().unwrap_or("").to_ascii_lowercase();
            let map = answer
                .headers
                .iter()
                .filter_map(|(name, value)| {
                    let name = name.as_str().strip_prefix(&prefix)?;
                    Some((name.to_owned(), Value::from(String::from_utf8_lossy(value.as_bytes()).as_ref())))
                })
                .collect();
            Some(Value::Object(map))
        }
        Location::Header => {
            let text = header(member.wire())?;
            Some(match service.shape(member.shape) {
                Shape::List { member: item, .. } => {
                    let shape = service.shape(item.shape);
                    Value::Array(text.split(',').map(|part| scalar(shape, part.trim())).collect())
                }
                Shape::Json => BASE64
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                    .unwrap_or_else(|| Value::from(text.as_ref())),
                Shape::Bool => Value::Bool(text.eq_ignore_ascii_case("true")),
                shape => scalar(shape, &text),
            })
        }
        Location::Uri | Location::Query => None,
    }
}
