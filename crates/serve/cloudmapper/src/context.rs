//! What every command works with: the workplace, the configuration, the collected data.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use isobar_model::Timestamp;
use isobar_recording::Recording;
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
    /// Accounts that are linked elsewhere: they can be named as those of the config file can.
    pub linked: Option<Arc<dyn Linked>>,
    /// Set from elsewhere when nobody waits any more: the command ends before its next file.
    pub stop: Arc<AtomicBool>,
}

/// Accounts whose recordings lie elsewhere than below account-data.
pub trait Linked: std::fmt::Debug + Send + Sync {
    /// The accounts.
    fn accounts(&self) -> Vec<AccountEntry>;
    /// The newest recording of one of them, all its regions joined; none where it was never scanned.
    /// Called on a thread that may wait.
    ///
    /// # Errors
    /// A clause that says why there is none.
    fn recording(&self, name: &str) -> Result<Option<Recording>, String>;
}

impl Context {
    /// A fresh room.
    pub fn new(place: Workplace, now: Timestamp) -> Self {
        Self { place, now, output: Output::default(), linked: None, stop: Arc::default() }
    }

    /// Another room at the same place, with nothing said in it yet.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            place: self.place.clone(),
            now: self.now,
            output: Output::default(),
            linked: self.linked.clone(),
            stop: self.stop.clone(),
        }
    }

    /// Reads the configuration file. Where accounts are linked elsewhere there need be none.
    pub fn config(&self, path: &str) -> Result<Config, Error> {
        self.going_on()?;
        let file = self.place.path(path)?;
        let config = match std::fs::read_to_string(file) {
            Ok(text) => Config::parse(&text, path)?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && self.linked.is_some() => Config::default(),
            Err(source) => return Err(Error::ConfigUnreadable { path: path.to_owned(), source }),
        };
        Ok(match &self.linked {
            Some(linked) => config.with_linked(linked.accounts()),
            None => config,
        })
    }

    /// Fails once somebody said stop.
    pub fn going_on(&self) -> Result<(), Error> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Error::Explicit("stopped: nobody waits for this any more".to_owned())),
            false => Ok(()),
        }
    }

    /// The collected data of an account: CloudMapper's tree, or a recording that isobar put there.
    ///
    /// A linked account's newest recording stands in where account-data has none.
    pub fn recording(&self, account: &AccountEntry) -> Result<Recording, Error> {
        self.going_on()?;
        let folder = self.place.account(&account.name)?;
        // Analyses leave files of their own there; only collected data has a folder a region.
        let mut inside = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        if !inside.any(|entry| entry.path().is_dir()) {
            let linked = self.linked.as_ref().map(|linked| linked.recording(&account.name)).transpose();
            let name = account.name.clone();
            return match linked {
                Ok(found) => found.flatten().ok_or(Error::NotCollected { name }),
                Err(reason) => {
                    Err(Error::Explicit(format!("the recording of `{name}` cannot be read: {reason}")))
                }
            };
        }
        isobar_recording::tree::import_folder(&folder, None)
            .map_err(|source| Error::Data { name: account.name.clone(), source })
    }

    /// Reads accounts side by side and makes something of each. The answers stand in the order of the
    /// accounts, and no more recordings are held at a time than there are cores.
    pub(crate) fn each<T: Send>(
        &self,
        accounts: &[AccountEntry],
        make: impl Fn(&AccountEntry, &Recording) -> T + Sync,
    ) -> Vec<Result<T, Error>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(accounts.len().max(1));
        let next = AtomicUsize::new(0);
        let done: Vec<Mutex<Option<Result<T, Error>>>> = accounts.iter().map(|_| Mutex::new(None)).collect();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(account) = accounts.get(at) else { return };
                        let made = self.recording(account).map(|recording| make(account, &recording));
                        *done[at].lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
                    }
                });
            }
        });
        let taken = done.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
        taken.map(|slot| slot.expect("each account was taken by one thread")).collect()
    }

    /// Writes a file below the workplace, its folders included, whole or not at all.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        self.write_as(path, |file| file.write_all(bytes))
    }

    /// The same for what is too large to be held: `tell` writes it piece by piece.
    pub(crate) fn write_as<T>(
        &self,
        path: &Path,
        tell: impl FnOnce(&mut dyn Write) -> std::io::Result<T>,
    ) -> Result<T, Error> {
        self.going_on()?;
        let wrong = |source| Error::File { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(self.place.root());
        std::fs::create_dir_all(folder).map_err(wrong)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let told = std::fs::File::create(&part).and_then(|file| {
            let mut file = BufWriter::with_capacity(256 << 10, file);
            let told = tell(&mut file)?;
            file.flush()?;
            Ok(told)
        });
        if told.is_err() {
            // Half a file of gigabytes is worth nothing to anybody.
            let _ = std::fs::remove_file(&part);
        }
        let told = told.map_err(wrong)?;
        std::fs::rename(&part, path).map_err(wrong)?;
        Ok(told)
    }
}

/// JSON as Python's `json.dumps(..., indent=4, sort_keys=True)` prints it.
pub(crate) fn pretty(value: &Value) -> String {
    indented(value, b"    ")
}

/// The same with another indent.
pub(crate) fn indented(value: &Value, indent: &[u8]) -> String {
    indented_at(value, indent, 0)
}

/// The same for a value that stands `depth` levels deep in others; its first line is not indented.
pub(crate) fn indented_at(value: &Value, indent: &[u8], depth: usize) -> String {
    fn write(value: &Value, indent: &str, depth: usize, out: &mut String) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            (0..depth).for_each(|_| out.push_str(indent));
        };
        match value {
            Value::Object(map) if map.is_empty() => out.push_str("{}"),
            Value::Array(items) if items.is_empty() => out.push_str("[]"),
            Value::Object(map) => {
                let mut fields: Vec<(&String, &Value)> = map.iter().collect();
                fields.sort_by_key(|(key, _)| *key);
                out.push('{');
                for (at, (key, value)) in fields.into_iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    line(out, depth + 1);
                    quote(key, out);
                    out.push_str(": ");
                    write(value, indent, depth + 1, out);
                }
                line(out, depth);
                out.push('}');
            }
            Value::Array(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    line(out, depth + 1);
                    write(item, indent, depth + 1, out);
                }
                line(out, depth);
                out.push(']');
            }
            Value::String(text) => quote(text, out),
            scalar => out.push_str(&scalar.to_string()),
        }
    }
    let mut out = String::new();
    write(value, std::str::from_utf8(indent).unwrap_or("    "), depth, &mut out);
    out
}

/// A JSON string in ASCII.
fn quote(text: &str, out: &mut String) {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&ascii(&Value::from(text).to_string()));
    }
}

/// JSON on one line as Python's `json.dumps(..., sort_keys=True)` prints it: a space after `:` and `,`.
pub(crate) fn one_line(value: &Value) -> String {
    let mut out = String::new();
    isobar_recording::recording::write_sorted(value, ", ", ": ", &mut out);
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
