//! Requests of the two REST protocols: parameters in path, query, headers and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::utf8_percent_encode;
use serde_json::{Map, Value};

use super::{PATH, Request, UNRESERVED, json, text, time, xml};
use crate::model::{Location, Member, Operation, Protocol, Service, Shape, Structure, TimeFormat};

/// Writes path, query, headers and body.
pub(super) fn write(
    service: &Service,
    operation: &Operation,
    input: &Structure,
    parameters: &Map<String, Value>,
    request: &mut Request,
) -> Result<(), String> {
    let mut labels = Vec::new();
    let mut body = Map::new();
    let mut query = Vec::new();
    for (name, value) in parameters {
        let member = input.named(name).ok_or_else(|| format!("there is no member {name}"))?;
        match member.location {
            Some(Location::Uri) if operation.bucket && member.wire() == "Bucket" => {
                request.bucket = Some(text(value)?);
            }
            Some(Location::Uri) => labels.push((member.wire(), path_text(service, member, value)?)),
            Some(Location::Query) => put_query(service, member, value, &mut query)?,
            Some(Location::Header) => {
                if let Some(text) = header_text(service, member, value)? {
                    request.headers.push((member.wire().to_ascii_lowercase(), text));
                }
            }
            Some(Location::Headers) => {
                let map = value.as_object().ok_or_else(|| format!("{name} should be an object"))?;
                for (key, value) in map {
                    let full = format!("{}{key}", member.wire()).to_ascii_lowercase();
                    request.headers.push((full, text(value)?));
                }
            }
            Some(Location::Status) | None => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
    let (path, fixed) = operation.uri.split_once('?').unwrap_or((&operation.uri, ""));
    request.path = fill(path, &labels)?;
    for part in fixed.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').map_or((part, None), |(n, v)| (n, Some(v.to_owned())));
        request.query.push((name.to_owned(), value));
    }
    request.query.append(&mut query);
    if operation.bucket && request.bucket.as_deref().is_none_or(str::is_empty) {
        return Err("the parameter Bucket is missing".to_owned());
    }
    write_body(service, operation, input, body, request)
}

fn write_body(
    service: &Service,
    operation: &Operation,
    input: &Structure,
    body: Map<String, Value>,
    request: &mut Request,
) -> Result<(), String> {
    let is_xml = service.protocol == Protocol::RestXml;
    let payload = input.payload.and_then(|at| input.members.get(at));
    if let Some(member) = payload
        && matches!(service.shape(member.shape), Shape::Text | Shape::Blob | Shape::Json)
    {
        request.body = match body.get(member.name.as_ref()) {
            Some(value) => text(value)?.into_bytes(),
            None => Vec::new(),
        };
        return Ok(());
    }
    if is_xml {
        if let Some((root, namespace)) = &operation.root
            && !body.is_empty()
        {
            request.body = match payload {
                Some(member) => match body.get(member.name.as_ref()) {
                    Some(value) => xml::write(service, member.shape, value, root, namespace)?,
                    None => return Ok(()),
                },
                None => xml::write_structure(service, input, &body, root, namespace)?,
            };
            request.headers.push(("content-type".to_owned(), "application/xml".to_owned()));
        }
        return Ok(());
    }
    let content = match payload {
        Some(member) => match body.get(member.name.as_ref()) {
            Some(value) => json::value(service, member.shape, value)?,
            None => Value::Object(Map::new()),
        },
        // A body is expected wherever the model has members for one, even if none is given.
        None if input.members.iter().any(|m| m.location.is_none()) => json::structure(service, input, &body)?,
        None => return Ok(()),
    };
    request.body = content.to_string().into_bytes();
    request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    Ok(())
}

/// Fills `/{Bucket}/{Key+}`; a label with `+` may hold slashes.
fn fill(template: &str, labels: &[(&str, String)]) -> Result<String, String> {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (label, after) = after.split_once('}').ok_or("a broken path in the model")?;
        let greedy = label.ends_with('+');
        let name = label.trim_end_matches('+');
        let value = labels.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str()).unwrap_or_default();
        if value.is_empty() {
            return Err(format!("the parameter {name} is missing"));
        }
        out.push_str(before);
        out.extend(utf8_percent_encode(value, if greedy { &PATH } else { &UNRESERVED }));
        rest = after;
    }
    out.push_str(rest);
    if !out.starts_with('/') {
        out.insert(0, '/');
    }
    Ok(out)
}

fn path_text(service: &Service, member: &Member, value: &Value) -> Result<String, String> {
    let written = plain(service.shape(member.shape), value, TimeFormat::Iso8601)?;
    Ok(match service.shape(member.shape) {
        Shape::Route53Id => written.rsplit('/').next().unwrap_or_default().to_owned(),
        _ => written,
    })
}

fn plain(shape: &Shape, value: &Value, usual: TimeFormat) -> Result<String, String> {
    match shape {
        Shape::Time(format) => text(&time(value, *format, usual)?),
        _ => text(value),
    }
}

fn put_query(
    service: &Service,
    member: &Member,
    value: &Value,
    query: &mut Vec<(String, Option<String>)>,
) -> Result<(), String> {
    match (service.shape(member.shape), value) {
        (Shape::Map { value: content, .. }, Value::Object(map)) => {
            for (name, value) in map {
                for item in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                    let item = plain(service.shape(content.shape), item, TimeFormat::Iso8601)?;
                    query.push((name.clone(), Some(item)));
                }
            }
        }
        (Shape::List { member: item, .. }, Value::Array(items)) => {
            for value in items {
                let value = plain(service.shape(item.shape), value, TimeFormat::Iso8601)?;
                query.push((member.wire().to_owned(), Some(value)));
            }
        }
        (shape, value) => {
            query.push((member.wire().to_owned(), Some(plain(shape, value, TimeFormat::Iso8601)?)));
        }
    }
    Ok(())
}

fn header_text(service: &Service, member: &Member, value: &Value) -> Result<Option<String>, String> {
    let written = match (service.shape(member.shape), value) {
        (Shape::List { .. }, Value::Array(items)) if items.is_empty() => return Ok(None),
        (Shape::List { member: item, .. }, Value::Array(items)) => {
            let shape = service.shape(item.shape);
            let mut parts = Vec::with_capacity(items.len());
            for value in items {
                let part = plain(shape, value, TimeFormat::Rfc822)?;
                let quoted = matches!(shape, Shape::Text) && part.contains(['"', ',']);
                parts.push(if quoted { format!("\"{}\"", part.replace('"', "\\\"")) } else { part });
            }
            parts.join(",")
        }
        (Shape::Json, value) => BASE64.encode(value.to_string()),
        (shape, value) => plain(shape, value, TimeFormat::Rfc822)?,
    };
    if written.chars().any(char::is_control) {
        return Err(format!("the parameter {} cannot stand in a header", member.name));
    }
    Ok(Some(written))
}
