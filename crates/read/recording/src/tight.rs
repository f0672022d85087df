//! Reads JSON without room to spare.
//!
//! In: text. Out: the same value as `serde_json` makes of it, its lists and objects just as large as they
//! are. A list grows by doubling while it is read, and most lists of AWS's answers hold one item: left as
//! they grew they would fill as much memory as what they hold.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one value; nothing may follow it.
pub(crate) fn from_slice(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Tight>(text).map(|tight| tight.0)
}

struct Tight(Value);

impl<'de> Deserialize<'de> for Tight {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Tight(item)) = list.next_element()? {
            items.push(item);
        }
        items.shrink_to_fit();
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        while let Some((name, Tight(value))) = object.next_entry()? {
            fields.push((name, value));
        }
        Ok(Value::Object(Map::from_iter(fields)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            "null",
            r#"{"b": [1, -2, 2.5, 1e400, 18446744073709551615], "a": {"": "\u00e9\n"}, "b": [true, [], {}]}"#,
            r#"[[[["deep"]]], "한국어", 0.1, -0.0]"#,
            "[1,]",
            "{} {}",
            r#"{"a": 1"#,
            "",
        ] {
            let theirs = serde_json::from_str::<Value>(text).map_err(|e| e.to_string());
            assert_eq!(from_slice(text.as_bytes()).map_err(|e| e.to_string()), theirs, "{text}");
            let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
            assert_eq!(
                from_slice(text.as_bytes()).ok().as_ref().and_then(keys),
                theirs.ok().as_ref().and_then(keys)
            );
        }
        let bottomless = "[".repeat(200_000);
        assert!(from_slice(bottomless.as_bytes()).is_err());
    }
}
