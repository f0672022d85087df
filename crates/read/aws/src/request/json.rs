//! JSON bodies, for the json protocols and for rest-json.

use serde_json::{Map, Value};

use super::{Request, blob, time};
use crate::model::{Service, Shape, Structure, TimeFormat};

/// Writes a whole json 1.0 or 1.1 request.
pub(super) fn write(
    service: &Service,
    name: &str,
    input: &Structure,
    parameters: &Map<String, Value>,
    request: &mut Request,
) -> Result<(), String> {
    let body = structure(service, input, parameters)?;
    request.body = body.to_string().into_bytes();
    let kind = format!("application/x-amz-json-{}", service.json_version);
    request.headers.push(("content-type".to_owned(), kind));
    request.headers.push(("x-amz-target".to_owned(), format!("{}.{name}", service.target)));
    if service.query_compatible {
        request.headers.push(("x-amzn-query-mode".to_owned(), "true".to_owned()));
    }
    Ok(())
}

/// An object with the wire's names.
pub(super) fn structure(
    service: &Service,
    structure: &Structure,
    values: &Map<String, Value>,
) -> Result<Value, String> {
    if structure.document {
        return Ok(Value::Object(values.clone()));
    }
    let mut out = Map::new();
    for (name, content) in values {
        let member = structure.named(name).ok_or_else(|| format!("there is no member {name}"))?;
        out.insert(member.wire().to_owned(), value(service, member.shape, content)?);
    }
    Ok(Value::Object(out))
}

/// Any value.
pub(super) fn value(service: &Service, shape: u32, content: &Value) -> Result<Value, String> {
    Ok(match (service.shape(shape), content) {
        (Shape::Structure(inner), Value::Object(values)) => structure(service, inner, values)?,
        (Shape::List { member, .. }, Value::Array(items)) => {
            let items: Result<_, _> = items.iter().map(|item| value(service, member.shape, item)).collect();
            Value::Array(items?)
        }
        (Shape::Map { value: inner, .. }, Value::Object(map)) => {
            let map: Result<Map<_, _>, String> =
                map.iter().map(|(k, v)| Ok((k.clone(), value(service, inner.shape, v)?))).collect();
            Value::Object(map?)
        }
        (Shape::Structure(inner), other) if inner.document => other.clone(),
        (Shape::Structure(_) | Shape::List { .. } | Shape::Map { .. }, _) => {
            return Err("a parameter has the wrong type".to_owned());
        }
        (Shape::Time(format), content) => time(content, *format, TimeFormat::Epoch)?,
        (Shape::Blob, content) => Value::String(blob(content)?),
        (_, content) => content.clone(),
    })
}
