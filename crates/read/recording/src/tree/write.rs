//! CloudMapper's files written one by one while a scan runs, so that it can be cut off at any moment.
//!
//! In: outcomes as they come. Out: an account's folder that is whole at every moment: each answer is
//! written beside and then renamed, and before that a line of [`JOURNAL`] says which call it is of.
//! A folder that was cut off, or that CloudMapper wrote, is read back and gone on with. Which calls
//! to make is left to the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use isobar_model::{Partition, Region};
use serde_json::{Value, json};

use super::export::{make, pretty};
use super::import::{account_at, import_with_paths};
use super::names::{self, REGIONS};
use super::{JOURNAL, MANIFEST};
use crate::bundle::encode_manifest;
use crate::open::Root;
use crate::{Call, Entry, Error, Outcome, Recording};

/// Where a file is made before it gets its name. One writer at a time holds the folder's lock.
const PART: &str = ".isobar-part";
/// Held while somebody writes.
const LOCK: &str = ".isobar-lock";

/// An account's folder that is being written.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    // Dropped with the writer, and by the system when the process is killed.
    _lock: File,
    journal: File,
    partition: Partition,
    zones: BTreeMap<String, String>,
    /// The key of the call at each path.
    taken: BTreeMap<String, String>,
}

impl Writer {
    /// Opens an account's folder for writing, and reads what stands in it. The folder is made where
    /// there is none.
    pub fn open(folder: &Path) -> Result<(Self, Option<Recording>), Error> {
        make(folder)?;
        let wrong = |e| Error::write(folder, e);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(LOCK))
            .map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(Error::Busy { path: folder.to_owned() }),
            Err(fs::TryLockError::Error(error)) => return Err(wrong(error)),
        }
        let (earlier, taken) = match account_at(&Root::new(folder)?)? {
            Some(account) => {
                let (recording, paths) = import_with_paths(&account, None)?;
                (Some(recording), paths)
            }
            None => (None, BTreeMap::new()),
        };
        let journal =
            OpenOptions::new().create(true).append(true).open(folder.join(JOURNAL)).map_err(wrong)?;
        let writer = Self {
            folder: folder.to_owned(),
            _lock: lock,
            journal,
            partition: Partition::Aws,
            zones: BTreeMap::new(),
            taken,
        };
        Ok((writer, earlier))
    }

    /// Begins with what is known: nothing, or what [`Writer::open`] read. Folders of all regions are
    /// made, as CloudMapper expects them even where nothing is found.
    pub fn begin(
        &mut self,
        known: &Recording,
        partition: Partition,
        regions: &[Region],
    ) -> Result<(), Error> {
        self.partition = partition;
        for region in regions.iter().filter(|region| !region.is_global()) {
            make(&self.folder.join(region.as_str()))?;
        }
        make(&self.folder.join(self.partition.home_region().as_str()))?;
        let answers = known.responses("route53", "ListHostedZones", &Region::global());
        self.zones = names::zones(answers.map(|(_, answer)| answer));
        self.settle(known)
    }

    /// Where the answer of a call stands in the folder.
    pub fn path(&self, call: &Call) -> String {
        let path = names::path_of(call, self.partition, &self.zones);
        match self.taken.get(&path) {
            Some(key) if *key != call.key() => names::beside(&path, call),
            _ => path,
        }
    }

    /// Keeps an outcome, and its answer where it is one.
    pub fn note(&mut self, entry: &Entry, answer: Option<&Value>) -> Result<(), Error> {
        let mut line = serde_json::to_value(entry).expect("an entry has text keys only");
        let answer = answer.filter(|_| matches!(entry.outcome, Outcome::Response { .. }));
        let path = answer.map(|_| self.path(&entry.call));
        if let Some(path) = &path {
            line["path"] = json!(path);
        }
        // One write, so that at most the last line can be cut off.
        let text = format!("{line}\n");
        self.journal.write_all(text.as_bytes()).map_err(|e| Error::write(&self.folder.join(JOURNAL), e))?;
        if let (Some(path), Some(answer)) = (path, answer) {
            if (entry.call.service.as_str(), entry.call.operation.as_str()) == ("route53", "ListHostedZones")
            {
                self.zones = names::zones(std::iter::once(answer));
            }
            self.write(&path, &pretty(answer))?;
            self.taken.insert(path, entry.call.key());
        }
        Ok(())
    }

    /// Ends: the manifest takes the journal's place.
    pub fn finish(&mut self, recording: &Recording) -> Result<(), Error> {
        let manifest = recording.manifest();
        if !self.taken.contains_key(REGIONS) {
            // Every command of CloudMapper reads it; on import it is not taken for an answer.
            let regions = manifest.regions.iter().filter(|r| !r.is_global());
            let regions: Vec<Value> = regions.map(|r| json!({"RegionName": r.as_str()})).collect();
            self.write(REGIONS, &pretty(&json!({"Regions": regions})))?;
        }
        self.settle(recording)?;
        let journal = self.folder.join(JOURNAL);
        fs::remove_file(&journal).map_err(|e| Error::write(&journal, e))
    }

    /// Writes the manifest. Where two calls share a name, its order decides who bears it, not the
    /// clock's; the catalog has no such calls.
    fn settle(&mut self, recording: &Recording) -> Result<(), Error> {
        let manifest = recording.manifest();
        let mut settled = BTreeMap::new();
        for (path, call) in names::paths(manifest, &self.zones) {
            let key = call.key();
            if self.taken.get(&path) != Some(&key)
                && let Some((_, answer)) = recording
                    .responses(&call.service, &call.operation, &call.region)
                    .find(|(other, _)| *other == call)
            {
                self.write(&path, &pretty(answer))?;
            }
            settled.insert(path, key);
        }
        let keys: BTreeSet<&String> = settled.values().collect();
        for (path, _) in
            self.taken.iter().filter(|(path, key)| !settled.contains_key(*path) && keys.contains(key))
        {
            // The answer stands elsewhere now. What is gone already is as it should be.
            let _ = fs::remove_file(self.folder.join(path));
        }
        self.taken = settled;
        self.write(MANIFEST, &encode_manifest(manifest))?;
        self.journal.set_len(0).map_err(|e| Error::write(&self.folder.join(JOURNAL), e))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Error> {
        let (part, path) = (self.folder.join(PART), self.folder.join(path));
        if let Some(folder) = path.parent() {
            make(folder)?;
        }
        fs::write(&part, text).map_err(|e| Error::write(&part, e))?;
        fs::rename(&part, &path).map_err(|e: io::Error| Error::write(&path, e))
    }
}

#[cfg(test)]
mod tests {
    use isobar_model::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::tests::Folder;
    use crate::{Builder, recording::hash_of};

    fn call(text: &str) -> Call {
        let words: Vec<&str> = text.split(' ').collect();
        let call = Call::new(words[1], words[2], Region::parse(words[0]).unwrap());
        words[3..].iter().fold(call, |call, pair| {
            let (name, value) = pair.split_once('=').unwrap();
            call.with(name, value)
        })
    }

    const CALLS: &[(&str, &str)] = &[
        ("us-east-1 ec2 DescribeRegions", r#"{"Regions": [{"RegionName": "eu-west-1"}]}"#),
        ("global iam GetUser UserName=ann", r#"{"User": {}}"#),
        (
            "global route53 ListHostedZones",
            r#"{"HostedZones": [{"Id": "Z1", "Name": "a."}, {"Id": "Z2", "Name": "a."}]}"#,
        ),
        ("global route53 ListResourceRecordSets HostedZoneId=Z2", r#"{"two": 2}"#),
        ("global route53 ListResourceRecordSets HostedZoneId=Z1", r#"{"one": 1}"#),
        ("eu-west-1 lambda ListTags Resource=arn:1", r#"{"Tags": {}}"#),
        ("eu-west-1 x GetThing Other=a", r#"{"other": 1}"#),
        ("eu-west-1 x GetThing Id=a", r#"{"id": 1}"#),
        ("eu-west-1 events ListRules EventBusName=default", r#"{"Rules": []}"#),
    ];

    /// Writes some calls and is then cut off, or ends.
    fn write(folder: &Path, calls: &[(&str, &str)], ends: bool) {
        let (mut writer, earlier) = Writer::open(folder).unwrap();
        let at = Timestamp::from_millis(1_700_000_000_000).unwrap();
        let known = earlier.unwrap_or_else(|| Recording::new(Uuid::nil(), Partition::Aws, at));
        writer.begin(&known, Partition::Aws, &[Region::parse("eu-west-1").unwrap()]).unwrap();
        let mut builder = Builder::resume(known);
        for (text, answer) in calls {
            let answer: Value = serde_json::from_str(answer).unwrap();
            let entry = Entry { call: call(text), outcome: Outcome::Response { hash: hash_of(&answer) }, at };
            writer.note(&entry, Some(&answer)).unwrap();
            builder.response(entry.call, answer, at);
        }
        if ends {
            writer.finish(&builder.finish(Some(at))).unwrap();
        }
    }

    fn answers(folder: &Path) -> Vec<String> {
        let recording = super::super::import_folder(folder, None).unwrap();
        let of = |entry: &Entry| match &entry.outcome {
            Outcome::Response { hash } => format!("{} {}", entry.call.key(), recording.answers()[hash]),
            other => format!("{} {other:?}", entry.call.key()),
        };
        recording.manifest().entries.iter().map(of).collect()
    }

    fn expected(calls: &[(&str, &str)]) -> Vec<String> {
        let mut lines: Vec<String> = calls
            .iter()
            .map(|(text, answer)| {
                let mut answer: Value = serde_json::from_str(answer).unwrap();
                answer.sort_all_objects();
                format!("{} {answer}", call(text).key())
            })
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn cut_off_anywhere_nothing_is_torn_and_nothing_comes_twice() {
        for cut in 0..=CALLS.len() {
            let folder = Folder::new("cut");
            let account = folder.0.join("account-data/demo");
            write(&account, &CALLS[..cut], false);
            // A line that was cut off, a file that was never renamed, one announced but not written.
            let journal = account.join(JOURNAL);
            let mut text = fs::read_to_string(&journal).unwrap();
            text.push_str("{\"service\":\"ec2\",\"oper");
            fs::write(&journal, text).unwrap();
            fs::write(account.join(PART), "{\"half\":").unwrap();
            assert_eq!(answers(&account), expected(&CALLS[..cut]), "cut after {cut}");
            write(&account, &CALLS[cut..], true);
            assert_eq!(answers(&account), expected(CALLS), "gone on after {cut}");
            assert!(!journal.exists());
        }
    }

    #[test]
    fn a_folder_of_cloudmappers_own_is_gone_on_with() {
        let folder = Folder::new("foreign");
        let account = folder.0.join("account-data/demo");
        for (path, text) in [
            ("describe-regions.json", r#"{"Regions": []}"#),
            ("us-east-1/iam-get-user/ann", r#"{"User": {"UserName": "ann"}}"#),
            ("eu-west-1/events-list-rules.json", r#"{"Rules": []}"#),
        ] {
            let path = account.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let before = answers(&account);
        assert_eq!(before.len(), 3, "{before:?}");
        write(&account, &CALLS[5..6], true);
        let mut wanted = before;
        wanted.extend(expected(&CALLS[5..6]));
        wanted.sort();
        assert_eq!(answers(&account), wanted);
    }

    #[test]
    fn one_writer_at_a_time() {
        let folder = Folder::new("lock");
        let first = Writer::open(&folder.0).unwrap();
        assert!(matches!(Writer::open(&folder.0), Err(Error::Busy { .. })));
        drop(first);
        assert!(Writer::open(&folder.0).is_ok());
    }
}
