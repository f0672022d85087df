//! XML bodies of rest-xml; few reading operations have one.

use quick_xml::escape::escape;
use serde_json::{Map, Value};

use super::{blob, text, time};
use crate::model::{Service, Shape, Structure, TimeFormat};

/// Writes a document with the given root.
pub(super) fn write(
    service: &Service,
    shape: u32,
    value: &Value,
    root: &str,
    namespace: &str,
) -> Result<Vec<u8>, String> {
    let mut out = String::new();
    element(service, shape, value, root, namespace, &mut out)?;
    Ok(out.into_bytes())
}

/// Writes a document whose root is the operation's input itself.
pub(super) fn write_structure(
    service: &Service,
    structure: &Structure,
    values: &Map<String, Value>,
    root: &str,
    namespace: &str,
) -> Result<Vec<u8>, String> {
    let mut out = String::new();
    members(service, structure, values, root, namespace, &mut out)?;
    Ok(out.into_bytes())
}

fn open(name: &str, namespace: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    if !namespace.is_empty() {
        out.push_str(&format!(" xmlns=\"{}\"", escape(namespace)));
    }
}

fn members(
    service: &Service,
    structure: &Structure,
    values: &Map<String, Value>,
    name: &str,
    namespace: &str,
    out: &mut String,
) -> Result<(), String> {
    open(name, namespace, out);
    let mut inner = String::new();
    for (key, value) in values {
        let member = structure.named(key).ok_or_else(|| format!("there is no member {key}"))?;
        if value.is_null() {
            continue;
        }
        if member.attribute {
            out.push_str(&format!(" {}=\"{}\"", member.wire(), escape(text(value)?)));
            continue;
        }
        let namespace = member.namespace.as_deref().unwrap_or("");
        element(service, member.shape, value, member.wire(), namespace, &mut inner)?;
    }
    out.push('>');
    out.push_str(&inner);
    out.push_str(&format!("</{name}>"));
    Ok(())
}

fn element(
    service: &Service,
    shape: u32,
    value: &Value,
    name: &str,
    namespace: &str,
    out: &mut String,
) -> Result<(), String> {
    match (service.shape(shape), value) {
        (Shape::Structure(structure), Value::Object(values)) => {
            members(service, structure, values, name, namespace, out)?;
        }
        (Shape::List { member, flattened }, Value::Array(items)) => {
            if !flattened {
                open(name, namespace, out);
                out.push('>');
            }
            let item_name = if *flattened { name } else { member.wire_or("member") };
            for item in items {
                element(service, member.shape, item, item_name, "", out)?;
            }
            if !flattened {
                out.push_str(&format!("</{name}>"));
            }
        }
        (Shape::Map { key, value: content, flattened }, Value::Object(map)) => {
            let entry = if *flattened { name } else { "entry" };
            if !flattened {
                open(name, namespace, out);
                out.push('>');
            }
            for (own, value) in map {
                out.push_str(&format!("<{entry}><{0}>{1}</{0}>", key.wire_or("key"), escape(own.as_str())));
                element(service, content.shape, value, content.wire_or("value"), "", out)?;
                out.push_str(&format!("</{entry}>"));
            }
            if !flattened {
                out.push_str(&format!("</{name}>"));
            }
        }
        (Shape::Structure(_) | Shape::List { .. } | Shape::Map { .. }, _) => {
            return Err(format!("{name} has the wrong type"));
        }
        (scalar, value) => {
            let written = match scalar {
                Shape::Time(format) => text(&time(value, *format, TimeFormat::Iso8601)?)?,
                Shape::Blob => blob(value)?,
                _ => text(value)?,
            };
            open(name, namespace, out);
            out.push_str(&format!(">{}</{name}>", escape(written.as_str())));
        }
    }
    Ok(())
}
