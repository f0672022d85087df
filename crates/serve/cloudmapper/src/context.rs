//! What every command works with: the workplace, the configuration, the collected data.

use std::path::Path;

use isobar_model::Timestamp;
use isobar_recording::Recording;
use serde::Serialize;
use serde_json::Value;

use crate::{AccountEntry, Config, Error, Output, Workplace};

/// The room a command has: where it works, what time it is, and where it speaks.
#[derive(Debug)]
pub struct Context {
    /// The folder.
    pub place: Workplace,
    /// The clock, read once by the caller.
    pub now: Timestamp,
    /// What was said so far.
    pub output: Output,
}

impl Context {
    /// A fresh room.
    pub fn new(place: Workplace, now: Timestamp) -> Self {
        Self { place, now, output: Output::default() }
    }

    /// Reads the configuration file.
    pub fn config(&self, path: &str) -> Result<Config, Error> {
        let file = self.place.path(path)?;
        let text = std::fs::read_to_string(file)
            .map_err(|source| Error::ConfigUnreadable { path: path.to_owned(), source })?;
        Config::parse(&text, path)
    }

    /// The collected data of an account: CloudMapper's tree, or a recording that isobar put there.
    pub fn recording(&self, account: &AccountEntry) -> Result<Recording, Error> {
        let folder = self.place.account(&account.name)?;
        if !folder.is_dir() {
            return Err(Error::NotCollected { name: account.name.clone() });
        }
        isobar_recording::tree::import_folder(&folder, None)
            .map_err(|source| Error::Data { name: account.name.clone(), source })
    }

    /// Writes a file below the workplace, its folders included, whole or not at all.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let wrong = |source| Error::File { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(self.place.root());
        std::fs::create_dir_all(folder).map_err(wrong)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        std::fs::write(&part, bytes).map_err(wrong)?;
        std::fs::rename(&part, path).map_err(wrong)
    }
}

/// JSON as Python's `json.dumps(..., indent=4, sort_keys=True)` prints it.
pub(crate) fn pretty(value: &Value) -> String {
    indented(value, b"    ")
}

/// The same with another indent.
pub(crate) fn indented(value: &Value, indent: &[u8]) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    sorted(value).serialize(&mut serializer).expect("JSON values serialize");
    ascii(&String::from_utf8(bytes).expect("serde_json writes UTF-8"))
}

/// JSON on one line as Python's `json.dumps(..., sort_keys=True)` prints it: a space after `:` and `,`.
pub(crate) fn one_line(value: &Value) -> String {
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                keys.sort();
                out.push('{');
                for (at, key) in keys.into_iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(&Value::from(key.as_str()).to_string());
                    out.push_str(": ");
                    write(&map[key], out);
                }
                out.push('}');
            }
            Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    write(item, out);
                }
                out.push(']');
            }
            scalar => out.push_str(&scalar.to_string()),
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    ascii(&out)
}

/// Python escapes all but ASCII; so do we, which also keeps terminals out of trouble.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            keys.into_iter().map(|key| (key.clone(), sorted(&map[key]))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prints_json_as_python_does() {
        let value = json!({"b": [1, {"z": null, "a": "é😀"}], "a": {}});
        assert_eq!(one_line(&value), r#"{"a": {}, "b": [1, {"a": "\u00e9\ud83d\ude00", "z": null}]}"#);
        assert_eq!(
            pretty(&json!({"b": [1], "a": true})),
            "{\n    \"a\": true,\n    \"b\": [\n        1\n    ]\n}"
        );
    }
}
