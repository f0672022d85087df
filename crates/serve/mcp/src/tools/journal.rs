//! The journal: one JSON object a line for each call that began and each that ended, appended only.
//!
//! In: what was asked, by whom, and what came of it. Out: lines in a file and events of the target
//! `isobar::tools`. Arguments are cut, control characters escaped, what looks like a secret starred.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use isobar_cloudmapper::{Call, split};
use isobar_model::Timestamp;
use isobar_recording::redact::looks_like;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Caller};

/// The longest text of a caller's that is kept.
const LONGEST: usize = 300;

/// Where calls are noted.
pub(super) struct Journal {
    path: Option<PathBuf>,
    file: Mutex<Option<std::fs::File>>,
}

impl Journal {
    /// A journal in a file, or in the log alone.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self { path, file: Mutex::default() }
    }

    /// Notes that a call begins.
    pub(super) fn begin(&self, id: Uuid, caller: &Caller, call: &Call) {
        let arguments = match split(&call.additional) {
            Ok(words) => words.iter().map(|word| Value::from(clean(word))).collect(),
            Err(_) => Value::from(clean(&call.additional)),
        };
        let (action, account) = (clean(&call.action), clean(&call.account));
        let line = json!({
            "time": Timestamp::now().to_string(), "event": "began", "id": id.to_string(),
            "from": clean(&caller.from), "key": caller.scope.key.map(|key| key.to_string()),
            "rights": caller.scope.rights.as_str(), "action": action, "account": account,
            "config": clean(&call.config), "arguments": arguments,
        });
        tracing::info!(target: "isobar::tools", %id, from = %clean(&caller.from), %action, %account, "began {action} {account}");
        self.write(&line);
    }

    /// Notes what came of it.
    pub(super) fn end(&self, id: Uuid, answer: &Answer) {
        let line = json!({
            "time": Timestamp::now().to_string(), "event": "ended", "id": id.to_string(),
            "return_code": answer.code, "timed_out": answer.timed_out,
            "seconds": (answer.seconds * 1e3).round() / 1e3,
            "stdout_bytes": answer.stdout.len(), "stderr": clean(&answer.stderr),
        });
        tracing::info!(target: "isobar::tools", %id, code = answer.code, timed_out = answer.timed_out, "ended with {}", answer.code);
        self.write(&line);
    }

    /// Notes that nobody waited for the end.
    pub(super) fn left(&self, id: Uuid) {
        tracing::info!(target: "isobar::tools", %id, "the caller left");
        self.write(&json!({"time": Timestamp::now().to_string(), "event": "left", "id": id.to_string()}));
    }

    fn write(&self, line: &Value) {
        let Some(path) = &self.path else { return };
        let mut file = self.file.lock().unwrap_or_else(|e| e.into_inner());
        // The operator may have moved the file away to keep it.
        if file.is_none() || !path.exists() {
            *file = match open(path) {
                Ok(file) => Some(file),
                Err(error) => {
                    tracing::error!(target: "isobar::tools", path = %path.display(), %error, "cannot open the journal");
                    None
                }
            };
        }
        if let Some(file) = file.as_mut() {
            // One write a line: lines of several processes do not mix.
            if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
                tracing::error!(target: "isobar::tools", %error, "cannot write the journal");
            }
        }
    }
}

fn open(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A caller's text, fit for a log: short, on one line, without what steers terminals or looks like a
/// secret.
fn clean(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let value = bare.rsplit_once('=').map_or(bare, |(_, value)| value);
        if secret(bare) || secret(value) {
            out.push_str("*** ");
            continue;
        }
        for c in word.chars() {
            let steers = c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            match steers {
                true => out.extend(c.escape_unicode()),
                false => out.push(c),
            }
        }
        if out.len() > LONGEST {
            out = out.chars().take(LONGEST).collect();
            out.push('…');
            break;
        }
    }
    out
}

/// Ids look as random as secrets do, and are what a journal is read for.
fn secret(text: &str) -> bool {
    Uuid::parse_str(text).is_err() && looks_like(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_forge_lines_nor_steer_terminals() {
        assert_eq!(clean("a\nb\u{1b}[2Jc\u{202e}d"), "a\\u{a}b\\u{1b}[2Jc\\u{202e}d");
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), LONGEST + 1);
        let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
        assert_eq!(clean(&format!("--profile={key} b")), "*** b");
    }
}
