//! Recordings on disk, or wherever `object_store` reaches.
//!
//! In: recordings. Out: the same, by scan. Which scan is wanted, and who may see it, is left to
//! others.
//!
//! ```text
//! manifests/SCAN.json.zst          one per scan
//! answers/0a/0a1b….zst             one per distinct answer, by the SHA-256 of its canonical JSON
//! ```
//!
//! Answers are written first, the manifest last and each file in one step, so a scan is there as a
//! whole or not at all. Equal answers of all scans are stored once.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use isobar_model::{AwsAccountId, Region, Timestamp};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use serde_json::Value;
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::bundle::{complete, decode_manifest, encode_manifest, pack, unpack};
use crate::recording::{canonical, hash_of};
use crate::{Error, Hash, Manifest, Outcome, Recording};

/// How many objects are on their way at once.
const AT_ONCE: usize = 16;

/// A place that keeps recordings.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    // Sweeping must not take an answer away that a save has just found to be there already.
    sweeping: Arc<RwLock<()>>,
}

/// What one can know of a scan without its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its id.
    pub scan: Uuid,
    /// Whose.
    pub aws_account: Option<AwsAccountId>,
    /// The account's name at that time.
    pub account_name: Option<String>,
    /// Where it looked.
    pub regions: Vec<Region>,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How many calls it made.
    pub calls: usize,
    /// How many of them were denied or failed.
    pub gaps: usize,
}

impl Store {
    /// A store in a folder, which is made when it is not there.
    pub fn local(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
        let objects = LocalFileSystem::new_with_prefix(folder)
            .map_err(|e| failed("open", folder.display().to_string(), e))?;
        Ok(Self::new(Arc::new(objects)))
    }

    /// A store on any object store.
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects, sweeping: Arc::default() }
    }

    /// Keeps a recording; an earlier one of the same scan is replaced.
    pub async fn save(&self, recording: &Recording) -> Result<(), Error> {
        let _guard = self.sweeping.read().await;
        let answers: Vec<_> = recording.answers().iter().collect();
        futures::stream::iter(answers.into_iter().map(|(hash, answer)| self.save_answer(hash, answer)))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let manifest = recording.manifest();
        let key = manifest_key(manifest.scan);
        let bytes = pack(&encode_manifest(manifest));
        self.objects.put(&key, bytes.into()).await.map_err(|e| failed("write", &key, e))?;
        Ok(())
    }

    async fn save_answer(&self, hash: &Hash, answer: &Value) -> Result<(), Error> {
        let key = answer_key(hash);
        match self.objects.head(&key).await {
            Ok(_) => return Ok(()),
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(failed("read", &key, error)),
        }
        let bytes = pack(&canonical(answer));
        self.objects.put(&key, bytes.into()).await.map_err(|e| failed("write", &key, e))?;
        Ok(())
    }

    /// A scan as it was saved.
    pub async fn load(&self, scan: Uuid) -> Result<Recording, Error> {
        let manifest = self.manifest(scan).await?;
        let hashes = hashes_of(&manifest);
        let answers: HashMap<Hash, Arc<Value>> =
            futures::stream::iter(hashes.into_iter().map(|hash| self.load_answer(hash)))
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
        complete(manifest, answers, manifest_key(scan).as_ref())
    }

    async fn load_answer(&self, hash: Hash) -> Result<(Hash, Arc<Value>), Error> {
        if !is_hash(&hash) {
            return Err(Error::damaged("a manifest", format!("{:?} is no answer's hash", hash.0)));
        }
        let key = answer_key(&hash);
        let bytes = self.read(&key).await?;
        let answer = decode_answer(&bytes, &hash, key.as_ref())?;
        Ok((hash, Arc::new(answer)))
    }

    async fn manifest(&self, scan: Uuid) -> Result<Manifest, Error> {
        let key = manifest_key(scan);
        let bytes = match self.read(&key).await {
            Err(Error::Store { source, .. }) if matches!(*source, object_store::Error::NotFound { .. }) => {
                return Err(Error::NoSuchScan { scan });
            }
            other => other?,
        };
        decode_manifest(&unpack(&bytes, key.as_ref())?, key.as_ref())
    }

    async fn read(&self, key: &Key) -> Result<Vec<u8>, Error> {
        let found = self.objects.get(key).await.map_err(|e| failed("read", key, e))?;
        if found.meta.size > crate::bundle::LARGEST_PART {
            return Err(Error::TooLarge { what: key.to_string(), limit: crate::bundle::LARGEST_PART });
        }
        Ok(found.bytes().await.map_err(|e| failed("read", key, e))?.into())
    }

    /// All scans, the oldest first. A manifest that cannot be read is an error naming it.
    pub async fn list(&self) -> Result<Vec<Summary>, Error> {
        let scans = self.scans().await?;
        let mut summaries: Vec<Summary> = futures::stream::iter(
            scans
                .into_iter()
                .map(|scan| async move { Ok::<_, Error>(Summary::of(&self.manifest(scan).await?)) }),
        )
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
        summaries.sort_by_key(|s| (s.started, s.scan));
        Ok(summaries)
    }

    /// The youngest scan, where there is one.
    pub async fn newest(&self) -> Result<Option<Recording>, Error> {
        match self.list().await?.last() {
            Some(summary) => self.load(summary.scan).await.map(Some),
            None => Ok(None),
        }
    }

    async fn scans(&self) -> Result<BTreeSet<Uuid>, Error> {
        let names: Vec<_> = self
            .objects
            .list(Some(&Key::from("manifests")))
            .try_collect()
            .await
            .map_err(|e| failed("list", "manifests", e))?;
        Ok(names.iter().filter_map(|meta| scan_of(meta.location.filename()?)).collect())
    }

    /// Forgets a scan. Its answers go with the next [`Store::sweep`]. Forgetting twice is no error.
    pub async fn delete(&self, scan: Uuid) -> Result<(), Error> {
        let key = manifest_key(scan);
        match self.objects.delete(&key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("delete", &key, error)),
        }
    }

    /// Removes answers that no scan points to, and says how many. Saves in this process wait for it;
    /// a second process must not save meanwhile.
    pub async fn sweep(&self) -> Result<usize, Error> {
        let _guard = self.sweeping.write().await;
        let mut used = BTreeSet::new();
        for scan in self.scans().await? {
            used.extend(hashes_of(&self.manifest(scan).await?).iter().map(answer_key));
        }
        let there: Vec<_> = self
            .objects
            .list(Some(&Key::from("answers")))
            .try_collect()
            .await
            .map_err(|e| failed("list", "answers", e))?;
        let unused: Vec<Key> =
            there.into_iter().map(|m| m.location).filter(|key| !used.contains(key)).collect();
        for key in &unused {
            self.objects.delete(key).await.map_err(|e| failed("delete", key, e))?;
        }
        Ok(unused.len())
    }
}

impl Summary {
    /// What a manifest says.
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            scan: manifest.scan,
            aws_account: manifest.aws_account.clone(),
            account_name: manifest.account_name.clone(),
            regions: manifest.regions.clone(),
            started: manifest.started,
            ended: manifest.ended,
            calls: manifest.entries.len(),
            gaps: manifest.entries.iter().filter(|e| e.outcome.is_gap()).count(),
        }
    }
}

fn failed(doing: &'static str, what: impl ToString, source: object_store::Error) -> Error {
    Error::Store { doing, what: what.to_string(), source: Box::new(source) }
}

/// The end of a manifest's name.
const MANIFEST_END: &str = ".json.zst";

fn manifest_key(scan: Uuid) -> Key {
    Key::from(format!("manifests/{scan}{MANIFEST_END}"))
}

pub(crate) fn scan_of(file_name: &str) -> Option<Uuid> {
    file_name.strip_suffix(MANIFEST_END)?.parse().ok()
}

fn answer_key(hash: &Hash) -> Key {
    Key::from(answer_path(hash))
}

/// `answers/0a/0a1b….zst`; only for what [`is_hash`].
pub(crate) fn answer_path(hash: &Hash) -> String {
    format!("answers/{}/{}.zst", hash.0.get(..2).unwrap_or_default(), hash.0)
}

/// A manifest comes from outside; its hashes become file names.
pub(crate) fn is_hash(hash: &Hash) -> bool {
    hash.0.len() == 64 && hash.0.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn hashes_of(manifest: &Manifest) -> BTreeSet<Hash> {
    let hash = |outcome: &Outcome| match outcome {
        Outcome::Response { hash } => Some(hash.clone()),
        _ => None,
    };
    manifest.entries.iter().filter_map(|entry| hash(&entry.outcome)).collect()
}

/// Unpacks an answer and makes sure that it is the one that was stored under this hash.
pub(crate) fn decode_answer(bytes: &[u8], hash: &Hash, what: &str) -> Result<Value, Error> {
    let text = unpack(bytes, what)?;
    let answer: Value = crate::tight::from_slice(&text).map_err(|e| Error::damaged(what, e))?;
    if hash_of(&answer) == *hash { Ok(answer) } else { Err(Error::damaged(what, "its content was changed")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::sample;
    use crate::tests::Folder;

    fn files(folder: &Folder) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![folder.0.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap().map(|e| e.unwrap().path()) {
                if entry.is_dir() { folders.push(entry) } else { files.push(entry) }
            }
        }
        files.sort();
        files
    }

    #[tokio::test]
    async fn keeps_lists_and_forgets() {
        let folder = Folder::new("store");
        let store = Store::local(&folder.0).unwrap();
        let first = sample();
        let second = {
            let mut builder = crate::Builder::resume(first.clone());
            builder.manifest_mut().scan = Uuid::from_u128(8);
            builder.finish(None)
        };
        store.save(&first).await.unwrap();
        store.save(&second).await.unwrap();
        assert_eq!(files(&folder).len(), 3 + 2, "equal answers are stored once");
        let again = store.load(first.manifest().scan).await.unwrap();
        assert_eq!(again.manifest(), first.manifest());
        assert_eq!(again.answers(), first.answers());
        let scans: Vec<_> =
            store.list().await.unwrap().iter().map(|s| (s.scan.as_u128(), s.calls, s.gaps)).collect();
        assert_eq!(scans, [(7, 8, 2), (8, 8, 2)]);
        assert_eq!(crate::open(&folder.0).unwrap().manifest(), second.manifest());

        store.delete(first.manifest().scan).await.unwrap();
        store.delete(first.manifest().scan).await.unwrap();
        assert!(matches!(store.load(first.manifest().scan).await, Err(Error::NoSuchScan { .. })));
        assert_eq!(store.sweep().await.unwrap(), 0);
        store.delete(second.manifest().scan).await.unwrap();
        assert_eq!(store.sweep().await.unwrap(), 3);
        assert_eq!(files(&folder).len(), 0);
    }

    #[tokio::test]
    async fn damage_is_named() {
        let folder = Folder::new("damage");
        let store = Store::local(&folder.0).unwrap();
        let recording = sample();
        store.save(&recording).await.unwrap();
        let answer =
            files(&folder).into_iter().find(|f| f.components().any(|c| c.as_os_str() == "answers")).unwrap();
        let name = answer.file_name().unwrap().to_str().unwrap().to_owned();
        for bytes in [b"not zstd".to_vec(), zstd::encode_all(&b"{\"other\":1}"[..], 1).unwrap(), Vec::new()] {
            std::fs::write(&answer, bytes).unwrap();
            let error = store.load(recording.manifest().scan).await.unwrap_err().to_string();
            assert!(error.contains(&name), "{error}");
            let error = crate::open(&folder.0).unwrap_err().to_string();
            assert!(error.contains(&name), "{error}");
        }
        std::fs::remove_file(&answer).unwrap();
        let error = store.load(recording.manifest().scan).await.unwrap_err().to_string();
        assert!(error.contains(&name), "{error}");
    }
}
