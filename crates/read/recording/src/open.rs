//! Opens whatever holds a recording.
//!
//! In: a path that a user named. Out: the recording: of a bundle, of a store's youngest scan, of a
//! CloudMapper tree (its top folder, `account-data`, or one account's folder). Nothing outside the
//! named folder is read.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::bundle::{self, LARGEST, LARGEST_PART, complete, decode_manifest, unpack};
use crate::store::{answer_path, decode_answer, hashes_of, is_hash, scan_of};
use crate::{Error, Manifest, Recording, tree};

/// Opens a bundle file, a store's folder, or a folder of CloudMapper's.
pub fn open(path: &Path) -> Result<Recording, Error> {
    let meta = fs::metadata(path).map_err(|e| Error::read(path, e))?;
    if meta.is_file() {
        let bytes = read_up_to(path, LARGEST)?;
        return Recording::from_named_bundle(&bytes, &path.display().to_string());
    }
    let root = Root::new(path)?;
    if root.has("manifests") && root.has("answers") {
        return youngest(&root);
    }
    match tree::account_folder(&root)? {
        Some(account) => tree::import(&account, None),
        None => Err(Error::NoRecording {
            path: path.to_owned(),
            reason: "it is no bundle, no store of recordings, and no CloudMapper folder \
                     (account-data/NAME/REGION/SERVICE-REQUEST.json)"
                .to_owned(),
        }),
    }
}

/// A folder out of which no link leads.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    real: PathBuf,
}

impl Root {
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        let real = fs::canonicalize(path).map_err(|e| Error::read(path, e))?;
        Ok(Self { path: path.to_owned(), real })
    }

    /// A path inside, after links; an error when it leads out.
    pub(crate) fn inside(&self, relative: impl AsRef<Path>) -> Result<PathBuf, Error> {
        let path = self.path.join(relative);
        let real = fs::canonicalize(&path).map_err(|e| Error::read(&path, e))?;
        if real.starts_with(&self.real) { Ok(real) } else { Err(Error::Outside { path }) }
    }

    pub(crate) fn has(&self, relative: &str) -> bool {
        self.inside(relative).is_ok()
    }

    /// Reads a file inside, up to what one answer may have.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Result<Vec<u8>, Error> {
        read_up_to(&self.inside(relative)?, LARGEST_PART)
    }

    /// Names in a folder inside, sorted, and whether each is a folder. What is not UTF-8 was not
    /// written by CloudMapper or us and is left out.
    pub(crate) fn list(&self, relative: impl AsRef<Path>) -> Result<Vec<(String, bool)>, Error> {
        let folder = self.inside(relative.as_ref())?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|e| Error::read(&folder, e))? {
            let entry = entry.map_err(|e| Error::read(&folder, e))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            // A link to nowhere is a file that cannot be read; whoever reads it will say so.
            let is_folder = match self.inside(relative.as_ref().join(&name)) {
                Ok(real) => real.is_dir(),
                Err(Error::File { .. }) => false,
                Err(outside) => return Err(outside),
            };
            names.push((name, is_folder));
        }
        names.sort();
        Ok(names)
    }
}

fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let file = fs::File::open(path).map_err(|e| Error::read(path, e))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| Error::read(path, e))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { what: path.display().to_string(), limit });
    }
    Ok(bytes)
}

/// The youngest scan of a store's folder.
fn youngest(root: &Root) -> Result<Recording, Error> {
    let mut newest: Option<(Manifest, String)> = None;
    for (name, _) in root.list("manifests")?.into_iter().filter(|(name, _)| scan_of(name).is_some()) {
        let what = root.path.join("manifests").join(&name).display().to_string();
        let text = unpack(&root.read(Path::new("manifests").join(&name))?, &what)?;
        let manifest = decode_manifest(&text, &what)?;
        let order = |m: &Manifest| (m.started, m.scan);
        if newest.as_ref().is_none_or(|(known, _)| order(known) < order(&manifest)) {
            newest = Some((manifest, what));
        }
    }
    let Some((manifest, what)) = newest else {
        let reason = "the store is empty".to_owned();
        return Err(Error::NoRecording { path: root.path.clone(), reason });
    };
    let mut answers = HashMap::new();
    for hash in hashes_of(&manifest) {
        if !is_hash(&hash) {
            return Err(Error::damaged(what, format!("{:?} is no answer's hash", hash.0)));
        }
        let path = answer_path(&hash);
        let answer = decode_answer(&root.read(&path)?, &hash, &root.path.join(&path).display().to_string())?;
        answers.insert(hash, Arc::new(answer));
    }
    complete(manifest, answers, &what)
}

/// Whether a file begins like a bundle; for messages before a whole file is read.
pub fn is_bundle_file(path: &Path) -> bool {
    let mut head = [0; 28];
    fs::File::open(path).and_then(|mut f| f.read_exact(&mut head)).is_ok() && bundle::is_bundle(&head)
}
