//! From CloudMapper's files to a recording.

use std::collections::BTreeMap;
use std::path::Path;

use isobar_model::{AwsAccountId, Partition, Region, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::names::{self, REGIONS};
use super::{JOURNAL, MANIFEST};
use crate::bundle::decode_manifest;
use crate::open::Root;
use crate::{Builder, Call, Entry, Error, Manifest, Outcome, Recording};

/// One account's folder in a tree.
pub(crate) struct Account {
    root: Root,
    name: String,
    /// From config.json.
    id: Option<AwsAccountId>,
}

/// Reads a CloudMapper folder: its top, `account-data`, or one account's. CloudMapper's files know
/// no time; `at` is when the answers are said to be from, else the time of the credential report,
/// else 1970.
pub fn import_folder(path: &Path, at: Option<Timestamp>) -> Result<Recording, Error> {
    match account_folder(&Root::new(path)?)? {
        Some(account) => import(&account, at),
        None => Err(Error::NoRecording {
            path: path.to_owned(),
            reason: "there is no account-data/NAME/REGION in it".to_owned(),
        }),
    }
}

/// The account whose folder this is, if there is anything of one in it.
pub(super) fn account_at(root: &Root) -> Result<Option<Account>, Error> {
    if !is_account(root)? {
        return Ok(None);
    }
    let name =
        root.path.file_name().map_or_else(|| "account".to_owned(), |n| n.to_string_lossy().into_owned());
    Ok(Some(Account { root: root.clone(), name, id: None }))
}

/// The account's folder that a folder means, if it is one of CloudMapper's.
pub(crate) fn account_folder(root: &Root) -> Result<Option<Account>, Error> {
    if let Some(account) = account_at(root)? {
        return Ok(Some(account));
    }
    let data = match root.inside("account-data") {
        Ok(path) if path.is_dir() => "account-data",
        _ => "",
    };
    let mut folders = Vec::new();
    for (name, is_folder) in root.list(data)? {
        if is_folder {
            let folder = Root::new(&root.inside(Path::new(data).join(&name))?)?;
            if is_account(&folder)? {
                folders.push((name, folder));
            }
        }
    }
    let config: Value = match root.has("config.json") {
        true => serde_json::from_slice(&root.read("config.json")?)
            .map_err(|e| Error::damaged(root.path.join("config.json").display().to_string(), e))?,
        false => Value::Null,
    };
    let accounts = config["accounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let default = accounts.iter().find(|a| a["default"] == json!(true)).and_then(|a| a["name"].as_str());
    let wanted = match (default, folders.len()) {
        (_, 0) => return Ok(None),
        (Some(name), _) if folders.iter().any(|(folder, _)| folder == name) => name.to_owned(),
        (_, 1) => folders[0].0.clone(),
        _ => {
            let names: Vec<&str> = folders.iter().map(|(name, _)| name.as_str()).collect();
            let reason = format!("it holds several accounts ({}); name the folder of one", names.join(", "));
            return Err(Error::NoRecording { path: root.path.clone(), reason });
        }
    };
    let id = accounts
        .iter()
        .find(|a| a["name"] == json!(wanted))
        .and_then(|a| AwsAccountId::parse(a["id"].as_str()?).ok());
    let found = folders.into_iter().find(|(name, _)| *name == wanted);
    Ok(found.map(|(name, root)| Account { root, name, id }))
}

fn is_account(folder: &Root) -> Result<bool, Error> {
    let regions = regions_of(folder)?;
    Ok(!regions.is_empty() || folder.has(REGIONS) || folder.has(MANIFEST))
}

fn regions_of(folder: &Root) -> Result<Vec<Region>, Error> {
    let names = folder.list("")?.into_iter().filter(|(_, is_folder)| *is_folder);
    Ok(names.filter_map(|(name, _)| Region::parse(&name).ok()).filter(|r| !r.is_global()).collect())
}

/// Reads an account's folder.
pub(crate) fn import(account: &Account, at: Option<Timestamp>) -> Result<Recording, Error> {
    Ok(import_with_paths(account, at)?.0)
}

/// Reads an account's folder, and says which call's answer stood in each file.
pub(super) fn import_with_paths(
    account: &Account,
    at: Option<Timestamp>,
) -> Result<(Recording, BTreeMap<String, String>), Error> {
    let root = &account.root;
    let mut ours = match root.has(MANIFEST) {
        true => {
            let what = root.path.join(MANIFEST).display().to_string();
            Some(decode_manifest(&root.read(MANIFEST)?, &what)?)
        }
        false => None,
    };
    let journal = if ours.is_some() { journal(root)? } else { Vec::new() };
    let regions = regions_of(root)?;
    let found = ours.as_ref().map(|m| m.partition).or(regions.first().map(Region::partition));
    let partition = found.unwrap_or(Partition::Aws);
    let mut reader =
        Reader { root, partition, zones: BTreeMap::new(), answers: Vec::new(), paths: BTreeMap::new() };
    reader.read_zones();
    let mut known: BTreeMap<String, Call> = BTreeMap::new();
    if let Some(manifest) = &ours {
        let by_id = reader.zones.iter().filter_map(|(name, ids)| Some((ids.first()?.clone(), name.clone())));
        let by_id = by_id.collect();
        known = names::paths(manifest, &by_id).into_iter().map(|(path, call)| (path, call.clone())).collect();
    }
    for (path, entry) in journal {
        known.extend(path.map(|path| (path, entry.call.clone())));
        if let Some(manifest) = &mut ours {
            // Of several outcomes of a call the youngest will count.
            manifest.entries.push(entry);
        }
    }
    reader.read_tree(&regions, &known, ours.is_some())?;
    let recording = match ours {
        Some(manifest) => rejoin(manifest, reader.answers),
        None => fresh(account, partition, regions, at, reader.answers),
    };
    Ok((recording, reader.paths))
}

/// What a scan that was cut off noted since its manifest was written: the outcomes, and where the
/// answers stand. Its last line may be cut off too.
fn journal(root: &Root) -> Result<Vec<(Option<String>, Entry)>, Error> {
    if !root.has(JOURNAL) {
        return Ok(Vec::new());
    }
    let bytes = root.read(JOURNAL)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| {
        let value: Value = serde_json::from_slice(line).ok()?;
        let path = value["path"].as_str().map(str::to_owned);
        Some((path, serde_json::from_value(value).ok()?))
    });
    Ok(lines.collect())
}

/// A tree that we exported: times and failures come from the manifest, answers from the files.
fn rejoin(mut manifest: Manifest, answers: Vec<(Call, Result<Value, String>)>) -> Recording {
    let ended = manifest.ended;
    let at = ended.unwrap_or(manifest.started);
    let earlier = std::mem::take(&mut manifest.entries);
    let times: BTreeMap<String, Timestamp> = earlier.iter().map(|e| (e.call.key(), e.at)).collect();
    let mut builder = Builder::new(manifest);
    for entry in earlier.into_iter().filter(|e| !matches!(e.outcome, Outcome::Response { .. })) {
        builder.outcome(entry.call, entry.outcome, entry.at);
    }
    for (call, answer) in answers {
        let at = times.get(&call.key()).copied().unwrap_or(at);
        note(&mut builder, call, answer, at);
    }
    builder.finish(ended)
}

/// A tree of CloudMapper's own.
fn fresh(
    account: &Account,
    partition: Partition,
    mut regions: Vec<Region>,
    at: Option<Timestamp>,
    answers: Vec<(Call, Result<Value, String>)>,
) -> Recording {
    let answer_of = |operation: &str| {
        answers.iter().find(|(call, _)| call.operation == operation).and_then(|(_, a)| a.as_ref().ok())
    };
    let reported = || {
        let time = answer_of("GetCredentialReport")?["GeneratedTime"].as_str()?;
        Timestamp::parse(time).ok()
    };
    let epoch = Timestamp::from_millis(0).expect("1970 is a time");
    let at = at.or_else(reported).unwrap_or(epoch);
    let asked = || AwsAccountId::parse(answer_of("GetCallerIdentity")?["Account"].as_str()?).ok();
    let aws_account = account.id.clone().or_else(asked);
    regions.push(Region::global());
    regions.sort();
    let mut builder = Builder::new(Manifest {
        format: crate::bundle::FORMAT,
        scan: Uuid::nil(),
        aws_account,
        account_name: Some(account.name.clone()),
        partition,
        regions,
        started: at,
        ended: Some(at),
        entries: Vec::new(),
    });
    for (call, answer) in answers {
        note(&mut builder, call, answer, at);
    }
    // The same tree gives the same scan, so that importing twice does not make two.
    let manifest = builder.manifest_mut();
    let mut identity = account.name.clone();
    for entry in &manifest.entries {
        let hash = entry.outcome.hash().map_or("", |hash| &hash.0);
        identity.push_str(&format!("\n{} {hash}", entry.call.key()));
    }
    manifest.scan = Uuid::new_v5(&Uuid::NAMESPACE_OID, identity.as_bytes());
    builder.finish(Some(at))
}

fn note(builder: &mut Builder, call: Call, answer: Result<Value, String>, at: Timestamp) {
    match answer {
        Ok(answer) => builder.response(call, answer, at),
        Err(message) => {
            builder.outcome(call, Outcome::Failed { code: "Unreadable".to_owned(), message }, at);
        }
    }
}

struct Reader<'a> {
    root: &'a Root,
    partition: Partition,
    /// Ids of hosted zones by name.
    zones: BTreeMap<String, Vec<String>>,
    answers: Vec<(Call, Result<Value, String>)>,
    /// The key of the call by each file's path.
    paths: BTreeMap<String, String>,
}

impl Reader<'_> {
    /// CloudMapper names a zone's file by the zone's name, but asks by its id.
    fn read_zones(&mut self) {
        let path = format!("{}/route53-list-hosted-zones.json", self.partition.home_region());
        let Ok(bytes) = self.root.read(path) else { return };
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        for zone in answer["HostedZones"].as_array().map(Vec::as_slice).unwrap_or_default() {
            if let (Some(id), Some(name)) = (zone["Id"].as_str(), zone["Name"].as_str()) {
                self.zones.entry(name.to_owned()).or_default().push(id.to_owned());
            }
        }
    }

    fn read_tree(
        &mut self,
        regions: &[Region],
        known: &BTreeMap<String, Call>,
        ours: bool,
    ) -> Result<(), Error> {
        if self.root.has(REGIONS) && (!ours || known.contains_key(REGIONS)) {
            let call = Call::new("ec2", "DescribeRegions", self.partition.home_region());
            self.take(REGIONS, known.get(REGIONS).cloned().unwrap_or(call))?;
        }
        for region in regions {
            for (name, is_folder) in self.root.list(region.as_str())? {
                let path = format!("{region}/{name}");
                if let Some(call) = known.get(&path) {
                    self.take(&path, call.clone())?;
                } else if is_folder {
                    self.read_items(region, &path, &name, known)?;
                } else if let Some((service, operation)) = name.strip_suffix(".json").and_then(names::split) {
                    let call = self.call(region, &service, &operation);
                    self.take(&path, call)?;
                }
            }
        }
        Ok(())
    }

    /// A folder with a file per item; in two of CloudMapper's, a folder per item of two kinds.
    fn read_items(
        &mut self,
        region: &Region,
        folder: &str,
        name: &str,
        known: &BTreeMap<String, Call>,
    ) -> Result<(), Error> {
        let Some((service, operation)) = names::split(name) else { return Ok(()) };
        for (item, is_folder) in self.root.list(folder)? {
            let path = format!("{folder}/{item}");
            let value = names::unquote(&item);
            let call = self.call(region, &service, &operation);
            if let Some(call) = known.get(&path) {
                self.take(&path, call.clone())?;
            } else if !is_folder {
                let call = self.with_item(call, value);
                self.take(&path, call)?;
            } else {
                for (inner, _) in self.root.list(&path)?.into_iter().filter(|(_, is_folder)| !is_folder) {
                    let path = format!("{path}/{inner}");
                    let second = names::unquote(&inner);
                    let call = match operation.as_str() {
                        "DescribeTasks" => {
                            call.clone().with("cluster", value.clone()).with("tasks", vec![second])
                        }
                        "ListHostedZonesByVPC" => {
                            call.clone().with("VPCId", second).with("VPCRegion", value.clone())
                        }
                        _ => continue,
                    };
                    self.take(&path, known.get(&path).cloned().unwrap_or(call))?;
                }
            }
        }
        Ok(())
    }

    /// A call with what CloudMapper always passes.
    fn call(&self, region: &Region, service: &str, operation: &str) -> Call {
        let global = names::is_global(service) && *region == self.partition.home_region();
        let region = if global { Region::global() } else { region.clone() };
        let mut call = Call::new(service, operation, region);
        call.parameters = names::fixed(service, operation);
        call
    }

    fn with_item(&self, call: Call, value: String) -> Call {
        let shape = names::item_of(&call.service, &call.operation);
        // What CloudMapper never asked per item was put there by hand; its one parameter is unknown.
        let (parameter, list) = shape.map_or(("Name", false), |shape| (shape.parameter, shape.list));
        let zone = self.zones.get(&value).filter(|_| parameter == "HostedZoneId");
        let value = zone.and_then(|ids| ids.first().cloned()).unwrap_or(value);
        if list { call.with(parameter, vec![value]) } else { call.with(parameter, value) }
    }

    /// Reads one file. What cannot be read or is no JSON is a gap of the recording, not the end of the
    /// import; a link that leads out of the folder is somebody's mistake or worse, and ends it.
    fn take(&mut self, path: &str, call: Call) -> Result<(), Error> {
        let answer = match self.root.read(path) {
            Ok(bytes) => crate::tight::from_slice(&bytes).map_err(|e| format!("{path} is damaged: {e}")),
            Err(Error::File { source, .. }) => Err(format!("{path} cannot be read: {}", source.kind())),
            Err(error) => return Err(error),
        };
        let answer = answer.map(|mut answer: Value| {
            if let Some(map) = answer.as_object_mut() {
                map.shift_remove("ResponseMetadata");
            }
            answer
        });
        self.paths.insert(path.to_owned(), call.key());
        self.answers.push((call, answer));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Folder;

    fn write(folder: &Folder, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = folder.0.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    /// Calls of an imported tree as `region service Operation {parameters}`.
    fn check(folder: &Path, expected: &[&str]) {
        let recording = crate::open(folder).unwrap();
        let calls: Vec<String> = recording
            .manifest()
            .entries
            .iter()
            .map(|e| {
                let failed = if e.outcome.is_gap() { " failed" } else { "" };
                let parameters = Value::Object(e.call.parameters.clone());
                format!("{} {} {} {parameters}{failed}", e.call.region, e.call.service, e.call.operation)
            })
            .collect();
        assert_eq!(calls, expected);
    }

    const SMALL: &[(&str, &str)] = &[
        (
            "config.json",
            r#"{"accounts": [{"id": "123456789012", "name": "demo", "default": true}], "cidrs": {}}"#,
        ),
        ("account-data/demo/describe-regions.json", r#"{"Regions": [], "ResponseMetadata": {}}"#),
        ("account-data/demo/public_nodes.json", "[]"),
        ("account-data/demo/eu-west-1/ec2-describe-vpcs.json", r#"{"Vpcs": []}"#),
        ("account-data/demo/eu-west-1/ec2-describe-images.json", "{}"),
        ("account-data/demo/eu-west-1/rds-describe-db-instances.json", "{\"DBInst"),
        ("account-data/demo/eu-west-1/ecs-describe-tasks/c%2F1/t%2F1", "{}"),
        ("account-data/demo/eu-west-1/elbv2-describe-tags/arn%3A1", "{}"),
        ("account-data/demo/us-east-1/sqs-get-queue-attributes/https%3A%2F%2Fq", "{}"),
        (
            "account-data/demo/us-east-1/route53-list-hosted-zones.json",
            r#"{"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "a.b."}]}"#,
        ),
        ("account-data/demo/us-east-1/route53-list-resource-record-sets/a.b.", "{}"),
        ("account-data/demo/us-east-1/route53-list-hosted-zones-by-vpc/eu-west-1/vpc-1", "{}"),
        ("account-data/demo/us-east-1/iam-get-user/a+b", "{}"),
        ("account-data/demo/us-east-1/accessanalzyer-list-analyzers.json", "{}"),
        ("account-data/demo/us-east-1/README", "hello"),
    ];

    const CALLS: &[&str] = &[
        "eu-west-1 ec2 DescribeImages {\"Owners\":[\"self\"]}",
        "eu-west-1 ec2 DescribeVpcs {}",
        "eu-west-1 ecs DescribeTasks {\"include\":[\"TAGS\"],\"cluster\":\"c/1\",\"tasks\":[\"t/1\"]}",
        "eu-west-1 elbv2 DescribeTags {\"ResourceArns\":[\"arn:1\"]}",
        "eu-west-1 rds DescribeDBInstances {} failed",
        "global iam GetUser {\"UserName\":\"a b\"}",
        "global route53 ListHostedZones {}",
        "global route53 ListHostedZonesByVPC {\"VPCId\":\"vpc-1\",\"VPCRegion\":\"eu-west-1\"}",
        "global route53 ListResourceRecordSets {\"HostedZoneId\":\"/hostedzone/Z1\"}",
        "us-east-1 accessanalyzer ListAnalyzers {}",
        "us-east-1 ec2 DescribeRegions {}",
        "us-east-1 sqs GetQueueAttributes {\"AttributeNames\":[\"All\"],\"QueueUrl\":\"https://q\"}",
    ];

    #[test]
    fn reads_a_tree_from_each_of_its_folders() {
        let folder = Folder::new("import");
        write(&folder, SMALL);
        for path in ["", "account-data", "account-data/demo"] {
            check(&folder.0.join(path), CALLS);
        }
        let recording = crate::open(&folder.0).unwrap();
        let manifest = recording.manifest();
        assert_eq!(manifest.aws_account.as_ref().unwrap().as_str(), "123456789012");
        assert_eq!(manifest.account_name.as_deref(), Some("demo"));
        assert_eq!(manifest.ended.unwrap().as_millis(), 0);
        assert_eq!(recording.manifest(), crate::open(&folder.0).unwrap().manifest());
        let gap = recording.gaps().next().unwrap();
        assert!(format!("{:?}", gap.outcome).contains("rds-describe-db-instances.json"), "{gap:?}");
    }

    #[test]
    fn several_accounts_and_none() {
        let folder = Folder::new("several");
        std::fs::create_dir_all(&folder.0).unwrap();
        let error = crate::open(&folder.0).unwrap_err().to_string();
        assert!(error.contains("holds no recording"), "{error}");
        write(
            &folder,
            &[
                ("account-data/a/us-east-1/sqs-list-queues.json", "{}"),
                ("account-data/b/describe-regions.json", "{}"),
            ],
        );
        let error = crate::open(&folder.0).unwrap_err().to_string();
        assert!(error.contains("several accounts (a, b)"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_are_refused() {
        let folder = Folder::new("links");
        write(
            &folder,
            &[("secret.json", "{}"), ("tree/account-data/a/us-east-1/sqs-list-queues.json", "{}")],
        );
        let inside = folder.0.join("tree/account-data/a/us-east-1");
        std::os::unix::fs::symlink(inside.join("sqs-list-queues.json"), inside.join("sns-list-topics.json"))
            .unwrap();
        check(&folder.0.join("tree"), &["us-east-1 sns ListTopics {}", "us-east-1 sqs ListQueues {}"]);
        std::os::unix::fs::symlink(folder.0.join("secret.json"), inside.join("kms-list-keys.json")).unwrap();
        assert!(matches!(crate::open(&folder.0.join("tree")), Err(Error::Outside { .. })));
        std::fs::remove_file(inside.join("kms-list-keys.json")).unwrap();
        std::os::unix::fs::symlink("nowhere", inside.join("kms-list-keys.json")).unwrap();
        check(
            &folder.0.join("tree"),
            &[
                "us-east-1 kms ListKeys {} failed",
                "us-east-1 sns ListTopics {}",
                "us-east-1 sqs ListQueues {}",
            ],
        );
    }

    #[test]
    fn an_exported_tree_reads_back_as_it_was() {
        let folder = Folder::new("again");
        let sample = crate::redact::tests::sample();
        let at = sample.manifest().started;
        let mut builder = Builder::resume(sample);
        let home = Region::parse("eu-west-1").unwrap();
        let call = |operation: &str| Call::new("x", operation, home.clone());
        builder.response(call("GetItem").with("Id", "n".repeat(900)), json!({"long": 1}), at);
        builder.response(call("GetItem").with("Id", ".."), json!({"dots": 2}), at);
        builder.response(call("GetItem").with("Id", "a").with("Page", 7), json!({"two": 3}), at);
        builder.response(call("GetItem").with("Ids", vec!["a", "b"]), json!({"list": 4}), at);
        builder.response(call("GetItem").with("Other", "a"), json!({"one": 5}), at);
        builder.response(call("GetItem").with("Id", "a"), json!({"one": 6}), at);
        builder.response(Call::new("iam", "ListRoles", Region::global()), json!({"Roles": []}), at);
        let recording = builder.finish(Some(at));
        let account = super::super::export(&recording, &folder.0).unwrap();
        assert!(account.starts_with(&folder.0));
        for path in [&folder.0, &account] {
            let again = crate::open(path).unwrap();
            assert_eq!(again.manifest(), recording.manifest());
            assert_eq!(again.answers(), recording.answers());
        }
        let text = std::fs::read_to_string(account.join("eu-west-1/ec2-describe-vpcs.json")).unwrap();
        assert!(text.starts_with("{\n    \"Vpcs\": [\n        {\n            \"CidrBlock\""), "{text}");
        assert!(super::super::export(&recording, &folder.0).is_err(), "nothing is overwritten");
    }
}
