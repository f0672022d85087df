//! Files written whole or not at all: whoever is killed in the middle leaves the old file, or none.
//!
//! In: a path that a user named, and bytes. Out: the file. Pipes, devices and links are written
//! through, because a new file in their place is not what the user named.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a file beside its place and then moves it there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let plain = fs::symlink_metadata(path).map_or(true, |about| about.is_file());
    let Some(name) = path.file_name().filter(|_| plain) else { return fs::write(path, bytes) };
    let mut part = name.to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(part);
    // A folder that takes no new files may still hold one that can be written.
    if fs::File::create_new(&part).is_err() {
        return fs::write(path, bytes);
    }
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_and_pipes_written_through() {
        let folder = std::env::temp_dir().join(format!("isobar-whole-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("a");
        for text in ["one", "two"] {
            write(&file, text.as_bytes()).expect("it is written");
            assert_eq!(fs::read_to_string(&file).expect("it is there"), text);
        }
        assert!(write(Path::new("/dev/null"), b"x").is_ok());
        assert!(write(&folder.join("no/such"), b"x").is_err());
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left beside it");
        let _ = fs::remove_dir_all(&folder);
    }
}
