//! Form bodies of the query and ec2 protocols.

use serde_json::{Map, Value};

use super::{Request, blob, encode, text, time};
use crate::model::{Member, Protocol, Service, Shape, Structure, TimeFormat};

/// Writes `Action=…&Version=…&Filter.1.Name=…`.
pub(super) fn write(
    service: &Service,
    name: &str,
    input: &Structure,
    parameters: &Map<String, Value>,
    request: &mut Request,
) -> Result<(), String> {
    let mut form =
        Form { service, out: format!("Action={}&Version={}", encode(name), encode(&service.version)) };
    form.structure(input, parameters, "")?;
    request.body = form.out.into_bytes();
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    request.headers.push(("content-type".to_owned(), kind.to_owned()));
    Ok(())
}

struct Form<'s> {
    service: &'s Service,
    out: String,
}

impl Form<'_> {
    fn put(&mut self, name: &str, value: &str) {
        self.out.push('&');
        self.out.push_str(&encode(name));
        self.out.push('=');
        self.out.push_str(&encode(value));
    }

    fn is_ec2(&self) -> bool {
        self.service.protocol == Protocol::Ec2
    }

    /// ec2 has names of its own for requests: the model's queryName, or the wire's in a capital.
    fn name(&self, member: &Member) -> String {
        if !self.is_ec2() {
            return member.wire().to_owned();
        }
        if let Some(name) = &member.query_name {
            return name.to_string();
        }
        match &member.wire {
            Some(wire) => {
                let mut rest = wire.chars();
                rest.next().map(|c| c.to_ascii_uppercase().to_string() + rest.as_str()).unwrap_or_default()
            }
            None => member.name.to_string(),
        }
    }

    fn structure(
        &mut self,
        structure: &Structure,
        values: &Map<String, Value>,
        prefix: &str,
    ) -> Result<(), String> {
        for (name, value) in values {
            let member = structure.named(name).ok_or_else(|| format!("there is no member {name}"))?;
            let own = self.name(member);
            let full = if prefix.is_empty() { own } else { format!("{prefix}.{own}") };
            self.value(member.shape, value, &full)?;
        }
        Ok(())
    }

    fn value(&mut self, shape: u32, value: &Value, prefix: &str) -> Result<(), String> {
        let service = self.service;
        match (service.shape(shape), value) {
            (_, Value::Null) => {}
            (Shape::Structure(structure), Value::Object(values)) => {
                self.structure(structure, values, prefix)?
            }
            (Shape::List { member, flattened }, Value::Array(items)) => {
                let base = if self.is_ec2() {
                    prefix.to_owned()
                } else if items.is_empty() {
                    // The query protocol writes empty lists, to tell them from absent ones.
                    self.put(prefix, "");
                    return Ok(());
                } else if *flattened {
                    match (&member.wire, prefix.rsplit_once('.')) {
                        (Some(name), Some((before, _))) => format!("{before}.{name}"),
                        (Some(name), None) => name.to_string(),
                        (None, _) => prefix.to_owned(),
                    }
                } else {
                    format!("{prefix}.{}", member.wire_or("member"))
                };
                for (at, item) in items.iter().enumerate() {
                    self.value(member.shape, item, &format!("{base}.{}", at + 1))?;
                }
            }
            (Shape::Map { key, value: content, flattened }, Value::Object(map)) => {
                let base = if *flattened { prefix.to_owned() } else { format!("{prefix}.entry") };
                for (at, (name, value)) in map.iter().enumerate() {
                    let entry = format!("{base}.{}", at + 1);
                    self.put(&format!("{entry}.{}", key.wire_or("key")), name);
                    self.value(content.shape, value, &format!("{entry}.{}", content.wire_or("value")))?;
                }
            }
            (Shape::Structure(_) | Shape::List { .. } | Shape::Map { .. }, _) => {
                return Err(format!("{prefix} has the wrong type"));
            }
            (Shape::Time(format), value) => {
                let time = time(value, *format, TimeFormat::Iso8601)?;
                self.put(prefix, &text(&time)?);
            }
            (Shape::Blob, value) => self.put(prefix, &blob(value)?),
            (_, value) => self.put(prefix, &text(value)?),
        }
        Ok(())
    }
}
