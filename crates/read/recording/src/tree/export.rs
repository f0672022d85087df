//! From a recording to CloudMapper's files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::MANIFEST;
use super::names::{self, REGIONS};
use crate::bundle::encode_manifest;
use crate::{Error, Outcome, Recording};

/// Writes a recording as `config.json` and `account-data/NAME/…` in a folder, and says where the
/// account's folder is. An account's folder that has something in it is left alone.
pub fn export(recording: &Recording, folder: &Path) -> Result<PathBuf, Error> {
    let manifest = recording.manifest();
    let name = folder_name(recording);
    let account = folder.join("account-data").join(&name);
    make(&account)?;
    if fs::read_dir(&account).map_err(|e| Error::read(&account, e))?.next().is_some() {
        let taken = io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty");
        return Err(Error::write(&account, taken));
    }
    // CloudMapper expects a folder per region even where nothing was found.
    for region in manifest.regions.iter().filter(|r| !r.is_global()) {
        make(&account.join(region.as_str()))?;
    }
    let answers: BTreeMap<String, &Value> = manifest
        .entries
        .iter()
        .filter_map(|entry| match &entry.outcome {
            Outcome::Response { hash } => Some((entry.call.key(), recording.answers().get(hash)?.as_ref())),
            _ => None,
        })
        .collect();
    let listed = answers.get("global/route53/ListHostedZones").copied();
    let zones = names::zones(listed.into_iter());
    let paths = names::paths(manifest, &zones);
    for (path, call) in &paths {
        if let Some(answer) = answers.get(&call.key()) {
            write(&account.join(path), &pretty(answer))?;
        }
    }
    if !paths.contains_key(REGIONS) {
        // Every command of CloudMapper reads it; on import it is not taken for an answer.
        let regions = manifest.regions.iter().filter(|r| !r.is_global());
        let regions: Vec<Value> = regions.map(|r| json!({"RegionName": r.as_str()})).collect();
        write(&account.join(REGIONS), &pretty(&json!({"Regions": regions})))?;
    }
    write(&account.join(MANIFEST), &encode_manifest(manifest))?;
    write_config(recording, &name, folder)?;
    Ok(account)
}

/// The account's name as one plain folder name.
fn folder_name(recording: &Recording) -> String {
    let manifest = recording.manifest();
    let given = manifest.account_name.clone().or(manifest.aws_account.as_ref().map(|id| id.to_string()));
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '-' };
    let name: String = given.unwrap_or_default().chars().map(plain).take(60).collect();
    let name = name.trim().trim_start_matches('.');
    if name.is_empty() { "account".to_owned() } else { name.to_owned() }
}

/// Adds the account to the folder's config.json, which may know others already.
fn write_config(recording: &Recording, name: &str, folder: &Path) -> Result<(), Error> {
    let path = folder.join("config.json");
    let mut config: Value = match fs::read(&path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|e| Error::damaged(path.display().to_string(), e))?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => json!({"accounts": [], "cidrs": {}}),
        Err(error) => return Err(Error::read(&path, error)),
    };
    let id = recording.aws_account().map(|id| id.to_string()).unwrap_or_default();
    let Some(accounts) = config.get_mut("accounts").and_then(Value::as_array_mut) else {
        return Err(Error::damaged(path.display().to_string(), "it has no list of accounts"));
    };
    accounts.retain(|account| account["name"] != json!(name));
    let first = accounts.is_empty();
    let mut entry = json!({"id": id, "name": name});
    if first {
        entry["default"] = json!(true);
    }
    accounts.push(entry);
    write(&path, &pretty(&config))
}

/// Four spaces, sorted keys, as CloudMapper writes it.
pub(super) fn pretty(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    let mut text = Vec::new();
    let indent = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, indent);
    value.serialize(&mut writer).expect("memory takes all");
    String::from_utf8(text).expect("JSON is UTF-8")
}

pub(super) fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    fs::write(path, text).map_err(|e| Error::write(path, e))
}
