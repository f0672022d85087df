//! `audit`: what is dangerous or careless in accounts, as text, JSON lines or for a chat.

use std::collections::BTreeMap;

use clap::Args;
use isobar_audit::{Finding, Gap, Options, Severity, examine, rules};
use isobar_model::Region;
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::Accounts;
use crate::answers::{list, printable, text};
use crate::audit_config::{AuditConfig, FindingType};
use crate::context::one_line;
use crate::{AccountEntry, Context, Error};

/// Look for what is dangerous or careless in accounts.
#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    accounts: Accounts,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Print one line a finding in Markdown, for a chat
    #[arg(long)]
    markdown: bool,
    /// Leave out findings less severe than this
    #[arg(long = "minimum_severity", alias = "minimum-severity", default_value = "INFO",
          value_parser = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "MUTE"])]
    minimum_severity: String,
    /// Decide as CloudMapper 2.10 did where the mended answer differs
    #[arg(long)]
    strict_compat: bool,
}

impl Audit {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, accounts) = self.accounts.read(context)?;
        let config = AuditConfig::read(context)?;
        let minimum = Severity::parse(&self.minimum_severity).unwrap_or(Severity::Info);
        note_plug_ins(context);
        let mut failed = None;
        let audited = context.each(&accounts, |_, recording| Audited::of(recording, self.strict_compat));
        for (account, audited) in accounts.iter().zip(audited) {
            let audited = match audited {
                Ok(audited) => audited,
                // The others' findings are worth having all the same.
                Err(error) => {
                    failed = failed.or(Some(error));
                    continue;
                }
            };
            for finding in audited.findings.iter().filter(|f| config.shows(f, minimum)) {
                let line = self.line(account, &audited, finding, config.of(&finding.rule));
                context.output.line(line);
            }
            for note in audited.gap_notes() {
                context.output.note(format!("NOTE: {} {note}", printable(&account.name)));
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn line(
        &self,
        account: &AccountEntry,
        audited: &Audited,
        finding: &Finding,
        about: &FindingType,
    ) -> String {
        let region = audited.place(&finding.region);
        if self.json {
            let resource = match (&finding.resource, &finding.details["snapshot"]) {
                (_, snapshot) if self.strict_compat && !snapshot.is_null() => snapshot.clone(),
                (resource, _) => json!(resource),
            };
            return one_line(&json!({
                "account_id": account.id,
                "account_name": account.name,
                "region": region.as_str(),
                "issue": finding.rule,
                "resource": resource,
                "details": facts(finding),
                "finding_type_metadata": about.to_json(),
            }));
        }
        let severity = about.severity.as_str().to_ascii_uppercase();
        let resource = finding.resource.as_deref().map_or("None".to_owned(), printable);
        if self.markdown {
            // Real line ends would end the line; CloudMapper writes them as two characters.
            let folded = |text: &str| printable(&text.replace('\n', "\\n"));
            return format!(
                "*Audit Finding: [{severity}] - {}*\\nAccount: {} ({}) - {region}\\nDescription: {}\\n\
                 Resource: `{}`\\nDetails:```{}```",
                folded(&about.title),
                printable(&account.name),
                printable(&account.id),
                folded(&about.description),
                resource.replace('`', "'"),
                details(&facts(finding)).replace("```", "'''"),
            );
        }
        format!(
            "{severity} - {} ({region}) - {}: {resource}",
            printable(&account.name),
            printable(&about.title)
        )
    }
}

/// A finding's details; where it has only words, those.
fn facts(finding: &Finding) -> Value {
    match &finding.details {
        Value::Null if !finding.words.is_empty() => json!({"comment": finding.words}),
        details => details.clone(),
    }
}

/// Details as Python prints none, or as JSON.
fn details(details: &Value) -> String {
    match details {
        Value::Null => "None".to_owned(),
        Value::String(text) => printable(&text.replace('\n', "\\n")),
        other => one_line(other),
    }
}

/// What was found in one account.
#[derive(Debug)]
pub(crate) struct Audited {
    /// In the order of regions as AWS lists them, then of the rules, then of the data.
    pub(crate) findings: Vec<Finding>,
    /// What could not be judged.
    pub(crate) gaps: Vec<Gap>,
    /// Calls that were denied or failed, by operation, with how often.
    refused: BTreeMap<String, usize>,
    home: Region,
}

impl Audited {
    pub(crate) fn of(recording: &Recording, strict_compat: bool) -> Self {
        let found = examine(recording, rules::ALL, Options { strict_compat });
        let home = recording.manifest().partition.home_region();
        let regions = recording.responses("ec2", "DescribeRegions", &home);
        let names = regions.flat_map(|(_, answer)| list(&answer["Regions"]));
        let order: BTreeMap<&str, usize> = names
            .map(|region| text(&region["RegionName"]))
            .enumerate()
            .map(|(at, name)| (name, at))
            .collect();
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        for entry in recording.gaps() {
            *refused.entry(format!("{}:{}", entry.call.service, entry.call.operation)).or_default() += 1;
        }
        let mut audited = Self { findings: found.findings, gaps: found.gaps, refused, home };
        let mut findings = std::mem::take(&mut audited.findings);
        // Stable: what is global was found first and stays before the home region's own.
        findings.sort_by_key(|f| order.get(audited.place(&f.region).as_str()).copied().unwrap_or(usize::MAX));
        audited.findings = findings;
        audited
    }

    /// Where a finding is said to be: what belongs to no region is in the partition's home.
    pub(crate) fn place<'a>(&'a self, region: &'a Region) -> &'a Region {
        if region.is_global() { &self.home } else { region }
    }

    /// One note for all resources that one rule could not judge for one reason in one region.
    pub(crate) fn gap_notes(&self) -> Vec<String> {
        let mut groups: BTreeMap<(&Region, &str, &str), Vec<&str>> = BTreeMap::new();
        for gap in &self.gaps {
            let key = (self.place(&gap.region), gap.rule.as_str(), gap.words.as_str());
            groups.entry(key).or_default().push(gap.resource.as_deref().unwrap_or_default());
        }
        let notes = groups.into_iter().map(|((region, rule, words), resources)| {
            let what = match resources[..] {
                [""] => "the account".to_owned(),
                [one] => one.to_owned(),
                [first, ..] => format!("{} resources ({first}, ...)", resources.len()),
                [] => String::new(),
            };
            printable(&format!("({region}) - {rule} could not judge {what}: {words}"))
        });
        let mut notes: Vec<String> = notes.collect();
        if !self.refused.is_empty() {
            let calls: usize = self.refused.values().sum();
            let names = self.refused.keys().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if self.refused.len() > 5 { ", ..." } else { "" };
            notes.push(printable(&format!(
            "- {calls} calls were denied or failed, what they would have shown is not judged: {names}{more}"
        )));
        }
        notes
    }
}

/// CloudMapper ran Python it found in a folder. Nothing found in a folder is run here.
fn note_plug_ins(context: &mut Context) {
    if context.place.path("private_commands/custom_auditor.py").is_ok_and(|file| file.exists()) {
        let words = "NOTE: private_commands/custom_auditor.py is not run; isobar runs no plug-ins";
        context.output.note(words);
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use isobar_model::Timestamp;

    use super::*;
    use crate::{Output, Workplace, parse, run};

    /// A folder of a test's own, gone when the test is.
    struct Folder(PathBuf);

    impl Folder {
        /// Two accounts: `first` of two regions, `second` of one; a third is known but not collected.
        fn new(name: &str, more: &[(&str, &str)]) -> Self {
            let folder =
                Self(std::env::temp_dir().join(format!("isobar-audit-{name}-{}", std::process::id())));
            let _ = std::fs::remove_dir_all(&folder.0);
            let images = r#"{"Images": [{"ImageId": "ami-1", "Public": true}, {"ImageId": "ami\u001b2", "Public": true}]}"#;
            let snapshots = r#"{"Snapshots": [{"SnapshotId": "snap-1"}, {"SnapshotId": "snap-2"}, {"SnapshotId": "snap-3"}]}"#;
            let files = [
                (
                    "config.json",
                    r#"{"accounts": [{"id": "123456789012", "name": "first"}, {"id": "210987654321", "name": "second"},
                                     {"id": "111111111111", "name": "empty"}], "cidrs": {}}"#,
                ),
                (
                    "account-data/first/describe-regions.json",
                    r#"{"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}]}"#,
                ),
                ("account-data/first/eu-west-1/ec2-describe-images.json", images),
                ("account-data/first/us-east-1/ec2-describe-snapshots.json", snapshots),
                (
                    "account-data/first/us-east-1/ec2-describe-snapshot-attribute/snap-1",
                    r#"{"CreateVolumePermissions": [{"Group": "all"}]}"#,
                ),
                (
                    "account-data/first/us-east-1/iam-get-account-summary.json",
                    r#"{"SummaryMap": {"AccountMFAEnabled": 0}}"#,
                ),
                (
                    "account-data/second/us-east-1/cloudtrail-describe-trails.json",
                    r#"{"trailList": [{"Name": "t", "TrailARN": "a", "IsMultiRegionTrail": true}]}"#,
                ),
            ];
            for (path, text) in files.iter().chain(more) {
                let path = folder.0.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            folder
        }

        fn audit(&self, arguments: &str) -> Output {
            run_in(&self.0, &format!("audit {arguments}"))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn run_in(folder: &Path, line: &str) -> Output {
        let now = Timestamp::from_millis(0).unwrap();
        match parse(line.split_whitespace()) {
            Ok(command) => run(&command, Context::new(Workplace::confined(folder), now)),
            Err(output) => output,
        }
    }

    #[test]
    fn text_in_the_order_of_accounts_and_regions() {
        let folder = Folder::new(
            "text",
            &[
                ("private_commands/custom_auditor.py", ""),
                ("account-data/first/us-east-1/rds-describe-db-instances.json", "cut o"),
            ],
        );
        let output = folder.audit("--accounts second,first");
        assert_eq!(
            output.stdout,
            "LOW - second (us-east-1) - No rules for passwords: None\n\
             LOW - second (us-east-1) - Account without Block Public Access: None\n\
             HIGH - first (eu-west-1) - Machine image that anyone may start: ami-1\n\
             HIGH - first (eu-west-1) - Machine image that anyone may start: ami\u{fffd}2\n\
             LOW - first (us-east-1) - No trail records the account's calls: None\n\
             LOW - first (us-east-1) - No rules for passwords: None\n\
             MEDIUM - first (us-east-1) - Root user without a second factor: None\n\
             LOW - first (us-east-1) - Account without Block Public Access: None\n\
             HIGH - first (us-east-1) - Disk snapshot that anyone may restore: snap-1\n"
        );
        assert_eq!(
            output.stderr,
            "NOTE: private_commands/custom_auditor.py is not run; isobar runs no plug-ins\n\
             NOTE: second (us-east-1) - IAM_CUSTOM_POLICY_ALLOWS_ADMIN could not judge the account: users, roles and policies were not read; no check of theirs saw any\n\
             NOTE: second (us-east-1) - ROOT_USER_HAS_NO_MFA could not judge the account: the account's summary was not read\n\
             NOTE: second (us-east-1) - USER_WITH_PASSWORD_LOGIN_BUT_NO_MFA could not judge the account: the credential report was not read; no check of it saw any user\n\
             NOTE: first (us-east-1) - EBS_SNAPSHOT_PUBLIC could not judge 2 resources (snap-2, ...): who may restore it was not read\n\
             NOTE: first (us-east-1) - IAM_CUSTOM_POLICY_ALLOWS_ADMIN could not judge the account: users, roles and policies were not read; no check of theirs saw any\n\
             NOTE: first (us-east-1) - USER_WITH_PASSWORD_LOGIN_BUT_NO_MFA could not judge the account: the credential report was not read; no check of it saw any user\n\
             NOTE: first - 1 calls were denied or failed, what they would have shown is not judged: rds:DescribeDBInstances\n"
        );
        assert_eq!(output.code, 0);
    }

    #[test]
    fn one_account_without_data_never_hides_the_others() {
        let folder = Folder::new("missing", &[]);
        let output = folder.audit("--account all --minimum_severity HIGH");
        assert_eq!(output.stdout.lines().count(), 3, "{}", output.stdout);
        assert!(output.stderr.contains("`empty` has no collected data"), "{}", output.stderr);
        assert_eq!(output.code, 1);
    }

    #[test]
    fn json_and_markdown() {
        let folder = Folder::new("shapes", &[]);
        let output = folder.audit("--accounts first --json --markdown --min MEDIUM");
        let lines: Vec<Value> =
            output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4);
        let root = &lines[2];
        assert_eq!((&root["issue"], &root["resource"]), (&json!("ROOT_USER_HAS_NO_MFA"), &Value::Null));
        assert_eq!(root["finding_type_metadata"]["is_global"], true);
        let snapshot = &lines[3];
        let keys: Vec<&String> = snapshot.as_object().unwrap().keys().collect();
        let expected =
            ["account_id", "account_name", "details", "finding_type_metadata", "issue", "region", "resource"];
        assert_eq!(keys, expected);
        assert_eq!(snapshot["resource"], "snap-1");
        assert_eq!(snapshot["details"]["Entities allowed to restore"], "all");
        assert_eq!(snapshot["finding_type_metadata"].get("is_global"), None);
        let strict = folder.audit("--accounts first --json --minimum_severity HIGH --strict-compat");
        let last: Value = serde_json::from_str(strict.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(last["resource"], json!({"SnapshotId": "snap-1"}));
        let markdown = folder.audit("--accounts first --markdown --minimum_severity HIGH").stdout;
        let line = markdown.lines().last().unwrap();
        let start = "*Audit Finding: [HIGH] - Disk snapshot that anyone may restore*\\nAccount: first (123456789012) - us-east-1\\nDescription: The snapshot's";
        assert!(line.starts_with(start), "{line}");
        assert!(
            line.contains("\\nResource: `snap-1`\\nDetails:```{\"Entities allowed to restore\": \"all\""),
            "{line}"
        );
    }

    #[test]
    fn the_override_file_is_heard() {
        let wishes = "AMI_PUBLIC:\n  severity: Verbose\nEBS_SNAPSHOT_PUBLIC:\n  title: Ours\n  ignore_resources: [snap-9]\n\
                      ROOT_USER_HAS_NO_MFA:\n  severity: Critical\nCUSTOM_ONE:\n  severity: Low\n";
        let folder = Folder::new("override", &[("config/audit_config_override.yaml", wishes)]);
        let output = folder.audit("--accounts first --minimum_severity MEDIUM");
        assert_eq!(
            output.stdout,
            "CRITICAL - first (us-east-1) - Root user without a second factor: None\n\
             HIGH - first (us-east-1) - Ours: snap-1\n"
        );
        assert!(output.stderr.contains("no check reports CUSTOM_ONE"), "{}", output.stderr);
        let muted = folder.audit("--accounts first --minimum_severity MUTE").stdout;
        assert!(
            muted.contains("MUTE - first (eu-west-1) - Machine image that anyone may start: ami-1"),
            "{muted}"
        );
    }
}
