//! Bytes: a recording in one file, and CloudMapper's directory tree.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use isobar_recording::Recording;
use isobar_recording::tree::{export, import_folder};

/// zstd's skippable frame with our name, and the format's number.
const HEAD: &[u8; 28] = b"\x50\x2a\x4d\x18\x14\x00\x00\x00isobar recording\x01\x00\x00\x00";

fn open(bytes: &[u8]) {
    let Ok(recording) = Recording::from_bundle(bytes) else { return };
    let written = recording.to_bundle();
    let again = Recording::from_bundle(&written).expect("our own bundle");
    assert_eq!(again.manifest(), recording.manifest());
    assert_eq!(again.answers(), recording.answers());
    assert_eq!(again.to_bundle(), written);
}

/// A recording in one file: the bytes as they are, and as the text inside a sound envelope. What opens
/// gives a bundle that opens to the same.
pub fn bundle(data: &[u8]) {
    let _ = isobar_recording::bundle::is_bundle(data);
    open(data);
    let mut framed = HEAD.to_vec();
    framed.extend(zstd::encode_all(data, 1).expect("memory takes all"));
    open(&framed);
}

/// A folder of its own in memory where there is such a place, gone when this is.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(base.join(format!("isobar-fuzz-{}-{number}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// CloudMapper's directory tree: the input is parts of `name NUL content`, separated by 0xff; names go
/// below an account's folder as far as a file system takes them. Imported, exported, imported again.
pub fn tree(data: &[u8]) {
    let (from, to) = (Scratch::new(), Scratch::new());
    let (from, to) = (&from.0, &to.0);
    let account = from.join("account-data/a");
    std::fs::create_dir_all(account.join("us-east-1")).expect("a folder");
    for part in data.split(|b| *b == 0xff).take(40) {
        let mut halves = part.splitn(2, |b| *b == 0);
        let (name, content) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let name = Path::new(OsStr::from_bytes(name));
        // Where a name leads is not the file system's question here.
        if !name.components().all(|c| matches!(c, Component::Normal(_))) {
            continue;
        }
        let path = account.join(name);
        let made = path.parent().map(std::fs::create_dir_all);
        if matches!(made, Some(Ok(()))) {
            let _ = std::fs::write(path, content);
        }
    }
    if let Ok(recording) = import_folder(from, None) {
        let again = import_folder(from, None).expect("it did just now");
        assert_eq!(again.manifest(), recording.manifest(), "the same tree is the same scan");
        export(&recording, to).expect("what was read can be written");
        let back = import_folder(to, None).expect("our own tree");
        let answers = |r: &Recording| {
            let mut hashes: Vec<String> = r.answers().keys().map(|h| h.0.clone()).collect();
            hashes.sort();
            hashes
        };
        assert_eq!(answers(&back), answers(&recording), "no answer is lost on the way");
        let keys = |r: &Recording| r.manifest().entries.iter().map(|e| e.call.key()).collect::<Vec<_>>();
        assert_eq!(keys(&back), keys(&recording));
    }
}
