//! A recording in memory: add outcomes, ask for answers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::redact::redact;
use crate::{Call, Entry, Hash, Manifest, Outcome};

/// A scan's manifest and the answers it points to. Enough to rebuild everything offline.
#[derive(Debug, Clone)]
pub struct Recording {
    /// What was asked and what came of it. `entries` is kept sorted by [`Call::key`].
    manifest: Manifest,
    answers: HashMap<Hash, Arc<Value>>,
    // (region, service, operation) -> positions in manifest.entries
    index: BTreeMap<(Region, String, String), Vec<usize>>,
}

impl Recording {
    /// An empty recording of a scan that begins at `started`.
    pub fn new(scan: Uuid, partition: Partition, started: Timestamp) -> Self {
        Self::from_parts(
            Manifest {
                format: 1,
                scan,
                aws_account: None,
                account_name: None,
                partition,
                regions: Vec::new(),
                started,
                ended: None,
                entries: Vec::new(),
            },
            HashMap::new(),
        )
    }

    /// Joins a manifest with its answers. Of several entries of one call the newest stays (of
    /// equally old ones the last); answers nobody points to are kept out.
    pub fn from_parts(mut manifest: Manifest, mut answers: HashMap<Hash, Arc<Value>>) -> Self {
        sort(&mut manifest.entries);
        let mut index: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, entry) in manifest.entries.iter().enumerate() {
            let call = &entry.call;
            index
                .entry((call.region.clone(), call.service.clone(), call.operation.clone()))
                .or_default()
                .push(at);
        }
        let used: HashSet<&Hash> = manifest.entries.iter().filter_map(|e| e.outcome.hash()).collect();
        answers.retain(|hash, _| used.contains(hash));
        Self { manifest, answers, index }
    }

    /// The manifest, entries sorted by call.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    /// The answers by hash.
    pub fn answers(&self) -> &HashMap<Hash, Arc<Value>> {
        &self.answers
    }
    /// The account's twelve digits, where known.
    pub fn aws_account(&self) -> Option<&AwsAccountId> {
        self.manifest.aws_account.as_ref()
    }

    /// The answers of one operation in one region, with the calls that brought them, in order.
    pub fn responses<'a>(
        &'a self,
        service: &str,
        operation: &str,
        region: &Region,
    ) -> impl Iterator<Item = (&'a Call, &'a Value)> + use<'a> {
        self.shared(service, operation, region).map(|(call, answer)| (call, answer.as_ref()))
    }

    /// The same, for who keeps the answers, or parts of them.
    pub fn shared<'a>(
        &'a self,
        service: &str,
        operation: &str,
        region: &Region,
    ) -> impl Iterator<Item = (&'a Call, &'a Arc<Value>)> + use<'a> {
        let key = (region.clone(), service.to_owned(), operation.to_owned());
        let positions = self.index.get(&key).map(Vec::as_slice).unwrap_or_default();
        positions.iter().filter_map(|&at| {
            let entry = &self.manifest.entries[at];
            match &entry.outcome {
                Outcome::Response { hash } => Some((&entry.call, self.answers.get(hash)?)),
                _ => None,
            }
        })
    }

    /// What came of one operation in one region, with the calls, in order.
    pub fn outcomes<'a>(
        &'a self,
        service: &str,
        operation: &str,
        region: &Region,
    ) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let key = (region.clone(), service.to_owned(), operation.to_owned());
        let positions = self.index.get(&key).map(Vec::as_slice).unwrap_or_default();
        positions.iter().map(|&at| &self.manifest.entries[at])
    }

    /// The calls that were denied or failed: what may be missing from the picture.
    pub fn gaps(&self) -> impl Iterator<Item = &Entry> {
        self.manifest.entries.iter().filter(|e| e.outcome.is_gap())
    }

    /// Whether anything was denied, failed, or the scan never ended.
    pub fn is_partial(&self) -> bool {
        self.manifest.ended.is_none() || self.gaps().next().is_some()
    }
}

/// Sorts by [`Call::key`]; of several entries of one call the newest stays, of equally old ones the last.
fn sort(entries: &mut Vec<Entry>) {
    // What was written down before is in order already, and a million keys at once are memory.
    let mut last = String::new();
    let is_sorted = entries.iter().enumerate().all(|(at, entry)| {
        let key = entry.call.key();
        let is_later = at == 0 || last < key;
        last = key;
        is_later
    });
    if is_sorted {
        return;
    }
    // The sort is stable, so of one call and time the last comes first.
    entries.reverse();
    entries.sort_by_cached_key(|entry| (entry.call.key(), Reverse(entry.at)));
    entries.dedup_by_key(|entry| entry.call.key());
}

/// Builds a recording call by call.
#[derive(Debug)]
pub struct Builder {
    manifest: Manifest,
    answers: HashMap<Hash, Arc<Value>>,
}

impl Builder {
    /// Starts with a manifest whose `entries` may already hold earlier outcomes.
    pub fn new(manifest: Manifest) -> Self {
        Self { manifest, answers: HashMap::new() }
    }
    /// Goes on from a recording, to add calls to it.
    pub fn resume(recording: Recording) -> Self {
        Self { manifest: recording.manifest, answers: recording.answers }
    }
    /// The manifest, to set its header fields.
    pub fn manifest_mut(&mut self) -> &mut Manifest {
        &mut self.manifest
    }
    /// Notes an answer. This is where secrets stop: see [`crate::redact`]. Keys are sorted here, so
    /// that a recording reads the same before and after it was written down.
    pub fn response(&mut self, call: Call, mut answer: Value, at: Timestamp) {
        redact(&call.service, &call.operation, &mut answer);
        sort_keys(&mut answer);
        let hash = hash_of(&answer);
        self.answers.entry(hash.clone()).or_insert_with(|| Arc::new(answer));
        self.outcome(call, Outcome::Response { hash }, at);
    }
    /// An answer noted before, as it is kept.
    pub fn answer(&self, hash: &Hash) -> Option<Arc<Value>> {
        self.answers.get(hash).cloned()
    }
    /// Notes any outcome; for [`Outcome::Response`] use [`Builder::response`].
    pub fn outcome(&mut self, call: Call, outcome: Outcome, at: Timestamp) {
        self.manifest.entries.push(Entry { call, outcome, at });
    }
    /// What is known so far, as a recording that has not ended; for checkpoints.
    pub fn snapshot(&self) -> Recording {
        Recording::from_parts(self.manifest.clone(), self.answers.clone())
    }
    /// Closes the recording; `ended` is when the scan ended.
    pub fn finish(mut self, ended: Option<Timestamp>) -> Recording {
        self.manifest.ended = ended;
        Recording::from_parts(self.manifest, self.answers)
    }
}

/// The hash of an answer: SHA-256 over its JSON with sorted keys.
pub fn hash_of(answer: &Value) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(canonical(answer).as_bytes());
    Hash(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// JSON without white space, keys sorted at every level.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_sorted(value, ",", ":", &mut out);
    out
}

/// JSON on one line with sorted keys and these words between items and after keys.
pub fn write_sorted(value: &Value, comma: &str, colon: &str, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_by_key(|member| member.0);
            out.push('{');
            for (n, (key, value)) in members.into_iter().enumerate() {
                if n > 0 {
                    out.push_str(comma);
                }
                write_text(key, out);
                out.push_str(colon);
                write_sorted(value, comma, colon, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(comma);
                }
                write_sorted(item, comma, colon, out);
            }
            out.push(']');
        }
        Value::String(text) => write_text(text, out),
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// A text as JSON.
fn write_text(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

/// Sorts keys at every level; most answers come that way, and then nothing is moved.
fn sort_keys(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if !map.keys().is_sorted() {
                map.sort_keys();
            }
            map.values_mut().for_each(sort_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(sort_keys),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries written as `OPERATION@MILLISECONDS=CODE`, and what stays of them.
    fn check(given: &str, expected: &str) {
        let entry = |word: &str| {
            let (call, rest) = word.split_once('@').unwrap();
            let (at, code) = rest.split_once('=').unwrap();
            let call = Call::new("s3", call, Region::global());
            let at = Timestamp::from_millis(at.parse().unwrap()).unwrap();
            Entry { call, outcome: Outcome::Absent { code: code.to_owned() }, at }
        };
        let start = Timestamp::from_millis(0).unwrap();
        let mut manifest = Recording::new(Uuid::nil(), Partition::Aws, start).manifest;
        manifest.entries = given.split_whitespace().map(entry).collect();
        let recording = Recording::from_parts(manifest, HashMap::new());
        let word = |e: &Entry| match &e.outcome {
            Outcome::Absent { code } => format!("{}@{}={code}", e.call.operation, e.at.as_millis()),
            other => format!("{other:?}"),
        };
        assert_eq!(recording.manifest.entries.iter().map(word).collect::<Vec<_>>().join(" "), expected);
        for entry in &recording.manifest.entries {
            assert_eq!(
                recording.outcomes("s3", &entry.call.operation, &Region::global()).next(),
                Some(entry)
            );
        }
    }

    #[test]
    fn entries_are_sorted_and_the_newest_of_a_call_stays() {
        check("", "");
        check("A@1=x B@1=x", "A@1=x B@1=x");
        check("B@1=x A@1=x", "A@1=x B@1=x");
        check("A@1=x A@1=y", "A@1=y");
        check("A@2=x A@1=y", "A@2=x");
        check("B@5=w A@3=x A@2=y A@3=z B@4=v", "A@3=z B@5=w");
    }
}
