//! A whole recording as one file, to send to someone.
//!
//! In: a recording. Out: bytes, and back. The file is a valid zstd stream: a skippable frame with
//! our name and the format's number, then one frame of JSON lines, first the manifest, then each
//! answer once, by hash. `zstd -dc FILE` shows it. Equal recordings give equal bytes.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::sync::Arc;

use serde_json::Value;

use crate::recording::{canonical, hash_of};
use crate::{Error, Hash, Manifest, Recording};

/// The number of this format.
pub const FORMAT: u32 = 1;
/// The most that is unpacked of one bundle; a scan of a very large account is a tenth of it.
pub const LARGEST: u64 = 4 << 30;
/// The most that is unpacked of one manifest or answer.
pub const LARGEST_PART: u64 = 512 << 20;

const LEVEL: i32 = 9;
/// zstd's own magic for "skip this frame", then the length of what is skipped.
const SKIPPABLE: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 20, 0, 0, 0];
const NAME: &[u8; 16] = b"isobar recording";

/// Whether these first bytes begin a bundle.
pub fn is_bundle(head: &[u8]) -> bool {
    head.strip_prefix(&SKIPPABLE).is_some_and(|rest| rest.starts_with(NAME))
}

impl Recording {
    /// The whole recording in one compressed file.
    pub fn to_bundle(&self) -> Vec<u8> {
        let mut bytes = SKIPPABLE.to_vec();
        bytes.extend_from_slice(NAME);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        // Neither a writer into memory nor JSON with text keys can fail.
        const TAKES: &str = "memory takes all";
        let mut packed = zstd::Encoder::new(bytes, LEVEL).expect("the level is a valid one");
        packed.include_checksum(true).expect("a new encoder takes options");
        // Piece by piece: the manifest of a million calls is hundreds of megabytes of text.
        let mut lines = BufWriter::with_capacity(128 << 10, packed);
        serde_json::to_writer(&mut lines, self.manifest()).expect("a manifest has text keys only");
        lines.write_all(b"\n").expect(TAKES);
        let mut answers: Vec<_> = self.answers().iter().collect();
        answers.sort_by_key(|(hash, _)| *hash);
        for (_, answer) in answers {
            lines.write_all((canonical(answer) + "\n").as_bytes()).expect(TAKES);
        }
        let packed = lines.into_inner().map_err(|e| e.into_error()).expect(TAKES);
        packed.finish().expect(TAKES)
    }

    /// Reads [`Recording::to_bundle`]'s bytes back.
    pub fn from_bundle(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_named_bundle(bytes, "the bundle")
    }

    pub(crate) fn from_named_bundle(bytes: &[u8], what: &str) -> Result<Self, Error> {
        if !is_bundle(bytes) {
            return Err(Error::damaged(what, "it does not begin like a recording"));
        }
        let (format, packed) = bytes[SKIPPABLE.len() + NAME.len()..]
            .split_first_chunk::<4>()
            .ok_or_else(|| Error::damaged(what, "it is cut off"))?;
        let found = u32::from_le_bytes(*format);
        if found > FORMAT {
            return Err(Error::Newer { what: what.to_owned(), found, known: FORMAT });
        }
        let mut left = LARGEST;
        let mut lines = BufReader::new(decoder(packed, what)?);
        let first =
            next_line(&mut lines, &mut left, what)?.ok_or_else(|| Error::damaged(what, "it is empty"))?;
        let manifest = decode_manifest(&first, what)?;
        drop(first);
        let mut answers = HashMap::new();
        while let Some(line) = next_line(&mut lines, &mut left, what)? {
            let answer: Value = crate::tight::from_slice(&line).map_err(|e| Error::damaged(what, e))?;
            answers.insert(hash_of(&answer), Arc::new(answer));
        }
        complete(manifest, answers, what)
    }
}

/// Joins manifest and answers, making sure that none is missing.
pub(crate) fn complete(
    manifest: Manifest,
    answers: HashMap<Hash, Arc<Value>>,
    what: &str,
) -> Result<Recording, Error> {
    for entry in &manifest.entries {
        if let Some(hash) = entry.outcome.hash()
            && !answers.contains_key(hash)
        {
            let reason = format!("the answer {} of {} is missing", hash.0, entry.call.key());
            return Err(Error::damaged(what, reason));
        }
    }
    Ok(Recording::from_parts(manifest, answers))
}

pub(crate) fn encode_manifest(manifest: &Manifest) -> String {
    serde_json::to_string(manifest).expect("a manifest has text keys only")
}

pub(crate) fn decode_manifest(bytes: &[u8], what: &str) -> Result<Manifest, Error> {
    /// All that is asked of a manifest whose format may be another.
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(default)]
        format: u64,
    }
    // Straight into its type: a million entries as JSON values first would be twice the memory.
    let read = serde_json::from_slice::<Manifest>(bytes);
    let found = match &read {
        Ok(manifest) => u64::from(manifest.format),
        // A newer one may hold what is unknown here; its number is a better word than what that is.
        Err(_) => serde_json::from_slice::<Head>(bytes).map_or(0, |head| head.format),
    };
    if found > u64::from(FORMAT) {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        return Err(Error::Newer { what: what.to_owned(), found, known: FORMAT });
    }
    read.map_err(|e| Error::damaged(what, e))
}

/// Compresses one manifest or answer of a store.
pub(crate) fn pack(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), LEVEL).expect("memory takes all")
}

/// Unpacks one manifest or answer of a store, up to [`LARGEST_PART`].
pub(crate) fn unpack(bytes: &[u8], what: &str) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    decoder(bytes, what)?
        .take(LARGEST_PART + 1)
        .read_to_end(&mut text)
        .map_err(|e| Error::damaged(what, e))?;
    if text.len() as u64 > LARGEST_PART {
        return Err(Error::TooLarge { what: what.to_owned(), limit: LARGEST_PART });
    }
    Ok(text)
}

/// A window above 128 MiB is nothing we would have written, but memory an attacker would like.
fn decoder<'b>(bytes: &'b [u8], what: &str) -> Result<zstd::Decoder<'static, BufReader<&'b [u8]>>, Error> {
    let mut decoder = zstd::Decoder::new(bytes).map_err(|e| Error::damaged(what, e))?;
    decoder.window_log_max(27).map_err(|e| Error::damaged(what, e))?;
    Ok(decoder)
}

fn next_line(lines: &mut impl BufRead, left: &mut u64, what: &str) -> Result<Option<Vec<u8>>, Error> {
    let limit = (*left).min(LARGEST_PART);
    let mut line = Vec::new();
    let read =
        lines.take(limit + 1).read_until(b'\n', &mut line).map_err(|e| Error::damaged(what, e))? as u64;
    if read > limit {
        return Err(Error::TooLarge { what: what.to_owned(), limit });
    }
    *left -= read;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(Error::damaged(what, "it is cut off")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::sample;

    #[test]
    fn a_bundle_reads_back_as_it_was() {
        let recording = sample();
        let bytes = recording.to_bundle();
        let again = Recording::from_bundle(&bytes).unwrap();
        assert_eq!(again.manifest(), recording.manifest());
        assert_eq!(again.answers(), recording.answers());
        assert_eq!(again.to_bundle(), bytes);
        assert_eq!(zstd::decode_all(&bytes[..]).unwrap().iter().filter(|&&b| b == b'\n').count(), 4);
    }

    fn check(bytes: &[u8], expected: &str) {
        let error = Recording::from_bundle(bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn damaged_bundles_are_refused() {
        let bytes = sample().to_bundle();
        check(b"", "does not begin like a recording");
        check(b"PK\x03\x04", "does not begin like a recording");
        check(&bytes[..26], "cut off");
        check(&bytes[..bytes.len() - 20], "damaged");
        let mut newer = bytes.clone();
        newer[24] = 9;
        check(&newer, "format 9");
        let text = zstd::decode_all(&bytes[..]).unwrap();
        let mut lines: Vec<&[u8]> = text.split_inclusive(|&b| b == b'\n').collect();
        lines.remove(1);
        let mut short = bytes[..28].to_vec();
        short.extend(zstd::encode_all(&lines.concat()[..], 1).unwrap());
        check(&short, "is missing");
    }

    #[test]
    fn no_cut_and_no_flipped_bit_is_taken_for_another_recording() {
        let recording = sample();
        let bytes = recording.to_bundle();
        for end in 0..bytes.len() {
            assert!(Recording::from_bundle(&bytes[..end]).is_err(), "cut at {end}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 0x10;
            // A few bits of zstd's frame header mean nothing.
            if let Ok(read) = Recording::from_bundle(&other) {
                assert_eq!(read.to_bundle(), bytes, "flipped at {at}");
            }
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut bomb = sample().to_bundle()[..28].to_vec();
        let mut packed = zstd::Encoder::new(Vec::new(), 19).unwrap();
        let block = vec![b' '; 1 << 20];
        for _ in 0..=(LARGEST_PART >> 20) {
            packed.write_all(&block).unwrap();
        }
        bomb.extend(packed.finish().unwrap());
        check(&bomb, "larger than");
    }
}
