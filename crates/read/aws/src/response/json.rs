//! JSON bodies into JSON, by shape: names and order of the model, times and blobs as the CLI prints them.

use serde_json::{Map, Value};

use super::xml::unknown_member;
use crate::model::{Service, Shape, Structure};

/// How numbers are treated: the json protocols leave them as they come, rest-json makes them what the
/// model says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    AsTheyCome,
    AsModelled,
}

/// Reads a body whose root is the structure. serde_json itself bounds the depth (128).
pub(super) fn decode(
    service: &Service,
    structure: &Structure,
    body: &[u8],
    numbers: Numbers,
) -> Result<Value, String> {
    match parse(body)? {
        Value::Null => Ok(Value::Object(Map::new())),
        root @ Value::Object(_) => Ok((Decoder { service, numbers }).structure(structure, root)),
        // Something between us and AWS answered; taking it for an empty list would be a lie.
        _ => Err("the answer is JSON, but no object".to_owned()),
    }
}

/// Reads a body that is a value of any shape: a rest-json payload.
pub(super) fn decode_payload(service: &Service, shape: u32, body: &[u8]) -> Result<Value, String> {
    Ok(Decoder { service, numbers: Numbers::AsModelled }.value(shape, parse(body)?))
}

fn parse(body: &[u8]) -> Result<Value, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body).map_err(|e| format!("broken JSON: {e}"))
}

#[derive(Clone, Copy)]
struct Decoder<'s> {
    service: &'s Service,
    numbers: Numbers,
}

impl Decoder<'_> {
    fn value(self, shape: u32, raw: Value) -> Value {
        match (self.service.shape(shape), raw) {
            (_, Value::Null) => Value::Null,
            (Shape::Structure(structure), raw) => self.structure(structure, raw),
            (Shape::List { member, .. }, Value::Array(items)) => {
                Value::Array(items.into_iter().map(|item| self.value(member.shape, item)).collect())
            }
            (Shape::Map { value, .. }, Value::Object(map)) => {
                Value::Object(map.into_iter().map(|(k, v)| (k, self.value(value.shape, v))).collect())
            }
            (Shape::Time(_), Value::Number(n)) => {
                n.as_f64().and_then(crate::time::from_seconds).map_or(Value::Number(n), Value::String)
            }
            (Shape::Time(_), Value::String(text)) => Value::String(crate::time::from_text(&text)),
            (shape, raw) if self.numbers == Numbers::AsModelled => modelled(shape, raw),
            (_, raw) => raw,
        }
    }

    fn structure(self, structure: &Structure, raw: Value) -> Value {
        if structure.document {
            return raw;
        }
        let mut raw = match raw {
            Value::Object(raw) => raw,
            // Not what the model says: better shown than lost.
            other => return other,
        };
        if structure.union {
            raw.retain(|name, value| name != "__type" && !value.is_null());
            let known = |name: &String| structure.members.iter().any(|m| m.wire() == name);
            if raw.len() == 1
                && let Some(name) = raw.keys().next()
                && !known(name)
            {
                return unknown_member(name);
            }
        }
        let mut map = Map::with_capacity(raw.len());
        for member in &structure.members {
            match raw.get_mut(member.wire()).map(Value::take) {
                None | Some(Value::Null) => {}
                Some(value) => {
                    map.insert(member.name.to_string(), self.value(member.shape, value));
                }
            }
        }
        Value::Object(map)
    }
}

/// Numbers and booleans of rest-json, which may come as texts.
fn modelled(shape: &Shape, raw: Value) -> Value {
    match (shape, &raw) {
        (Shape::Int, Value::Number(n)) if !n.is_i64() && !n.is_u64() => {
            n.as_f64().map_or(raw, |f| Value::from(f.trunc() as i64))
        }
        (Shape::Int, Value::String(text)) => text.parse::<i64>().map_or(raw, Value::from),
        (Shape::Float, Value::Number(n)) => n.as_f64().map_or(raw, Value::from),
        (Shape::Float, Value::String(text)) => {
            text.parse::<f64>().ok().filter(|f| f.is_finite()).map_or(raw, Value::from)
        }
        (Shape::Bool, Value::String(text)) => Value::Bool(text.eq_ignore_ascii_case("true")),
        _ => raw,
    }
}
