//! The table of rules, sorted by path and checked against the folder by a test.

use std::fmt::Write;

use crate::{EXCEPTION_DOCUMENT, Rule};

mod accessanalyzer;
mod cloudfront;
mod cloudtrail;
mod ec2;
mod ecr;
mod elb;
mod es;
mod glacier;
mod guardduty;
mod iam;
mod kms;
mod lambda;
mod lightsail;
mod rds;
mod redshift;
mod route53;
mod s3;
mod security_group;
mod sns;
mod sqs;

/// Every rule, in the order of their files' paths. Findings come in the order of the documents'
/// `order`, which is that of CloudMapper's checks.
pub static ALL: &[&Rule] = &[
    &accessanalyzer::off::RULE,
    &cloudfront::minimum_protocol_support::RULE,
    &cloudtrail::not_multiregion::RULE,
    &cloudtrail::off::RULE,
    &ec2::ami_public::RULE,
    &ec2::classic::RULE,
    &ec2::ebs_snapshot_public::RULE,
    &ec2::imdsv2_not_enforced::RULE,
    &ec2::old::RULE,
    &ec2::source_dest_check_off::RULE,
    &ecr::public::RULE,
    &elb::desync_mitigation::RULE,
    &elb::request_smuggling::RULE,
    &es::public::RULE,
    &glacier::public::RULE,
    &guardduty::off::RULE,
    &iam::bad_mfa_policy::RULE,
    &iam::custom_policy_allows_admin::RULE,
    &iam::known_bad_policy::RULE,
    &iam::linter::RULE,
    &iam::managed_policy_unintentionally_allowing_admin::RULE,
    &iam::name_does_not_indicate_admin::RULE,
    &iam::notaction_allow::RULE,
    &iam::password_policy_character_minimum::RULE,
    &iam::password_policy_character_set_requirements::RULE,
    &iam::password_policy_not_set::RULE,
    &iam::role_allows_assumption_from_anywhere::RULE,
    &iam::root_user_has_access_keys::RULE,
    &iam::root_user_has_no_mfa::RULE,
    &iam::unexpected_admin_principal::RULE,
    &iam::unexpected_format::RULE,
    &iam::unexpected_s3_exfil_principal::RULE,
    &iam::user_has_never_logged_in::RULE,
    &iam::user_has_not_logged_in_for_over_max_days::RULE,
    &iam::user_has_not_used_access_key_for_max_days::RULE,
    &iam::user_has_two_access_keys::RULE,
    &iam::user_has_unused_access_key::RULE,
    &iam::user_with_password_login_but_no_mfa::RULE,
    &kms::public::RULE,
    &lambda::public::RULE,
    &lightsail::in_use::RULE,
    &rds::public_ip::RULE,
    &rds::public_snapshot::RULE,
    &rds::vpc_classic::RULE,
    &redshift::public_ip::RULE,
    &route53::domain_has_no_transfer_lock::RULE,
    &route53::domain_not_set_to_renew::RULE,
    &route53::foreign_hosted_zone::RULE,
    &s3::access_block_all_access_types::RULE,
    &s3::access_block_off::RULE,
    &s3::public_acl::RULE,
    &s3::public_policy::RULE,
    &s3::public_policy_getobject_only::RULE,
    &security_group::cidr_overlaps::RULE,
    &security_group::cidr_unexpected::RULE,
    &security_group::cidr_unneeded::RULE,
    &security_group::large_cidr::RULE,
    &sns::public::RULE,
    &sqs::public::RULE,
];

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id() == id)
}

/// The table of all rules in Markdown, generated from their documents.
pub fn table() -> String {
    let mut documents: Vec<_> = ALL.iter().map(|rule| rule.document()).collect();
    documents.push(&EXCEPTION_DOCUMENT);
    documents.sort_by_key(|document| document.order);
    let mut text = String::from(
        "# Rules\n\nWhat `isobar cloudmapper audit` looks for, in the order in which it reports. This page is\n\
         generated from the rules' documents: `ISOBAR_BLESS=1 cargo test -p isobar-audit` rewrites it.\n\n\
         | id | severity | group | finds | serves |\n|---|---|---|---|---|\n",
    );
    for document in documents {
        let place = if document.is_global() { " (global)" } else { "" };
        let maps = document.maps.join(", ");
        let (id, severity, group) = (&document.id, document.severity, &document.group);
        let _ = writeln!(text, "| `{id}` | {severity} | {group}{place} | {} | {maps} |", document.title);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use isobar_recording::{Builder, Outcome, Recording};

    use super::*;
    use crate::{Audit, Case, Options, examine};

    /// The rule files on disk, as `s3/public_acl`.
    fn on_disk() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let mut found = BTreeSet::new();
        for folder in std::fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
            for file in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
                if file.file_stem().is_some_and(|s| s != "mod") {
                    let name = file.with_extension("");
                    found.insert(name.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found
    }

    #[test]
    fn the_table_holds_every_file() {
        let text = include_str!("mod.rs");
        for path in on_disk() {
            let entry = format!("&{}::RULE", path.replace('/', "::"));
            assert!(text.contains(&entry), "{path} is not in the table");
            for extension in ["md", "rs"] {
                let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("src/rules")
                    .join(&path)
                    .with_extension(extension);
                assert!(file.exists(), "{path} lacks its .{extension}");
            }
        }
        assert_eq!(ALL.len(), on_disk().len());
        let ids: BTreeSet<&str> = ALL.iter().map(|r| r.id()).collect();
        assert_eq!(ids.len(), ALL.len(), "two rules share an id");
        let orders: BTreeSet<u32> = ALL.iter().map(|r| r.document().order).collect();
        assert_eq!(orders, (1..=59).collect(), "CloudMapper's 59 findings, and 60 is EXCEPTION");
        let paths: Vec<&str> = text.lines().filter(|l| l.ends_with("::RULE,")).collect();
        assert!(paths.is_sorted(), "the table is sorted by path");
    }

    /// Writes a case's answers as a CloudMapper tree and audits it with one rule.
    fn check(rule: &'static Rule, number: usize, case: &Case) {
        let folder: PathBuf =
            std::env::temp_dir().join(format!("isobar-rule-{}-{}-{number}", std::process::id(), rule.id()));
        let _ = std::fs::remove_dir_all(&folder);
        let account = folder.join("account-data/demo");
        std::fs::create_dir_all(account.join("us-east-1")).unwrap();
        let regions = r#"{"Regions": [{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}]}"#;
        std::fs::write(account.join("describe-regions.json"), regions).unwrap();
        let caller =
            r#"{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/scan", "UserId": "AIDA"}"#;
        std::fs::write(account.join("us-east-1/sts-get-caller-identity.json"), caller).unwrap();
        const DENIED: &str = "{\"denied by this case\": true}";
        let denied = case.denied.iter().map(|path| (path.clone(), DENIED.to_owned()));
        for (path, json) in case.answers.iter().cloned().chain(denied) {
            serde_json::from_str::<serde_json::Value>(&json)
                .unwrap_or_else(|e| panic!("{} / {}: {path}: {e}", rule.id(), case.title));
            let file = account.join(&path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, json).unwrap();
        }
        let recording = isobar_recording::tree::import_folder(&account, None).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let Audit { findings, gaps } = examine(&deny(recording), &[rule], Options::default());
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(findings, case.findings, "{}: {}", rule.id(), case.title);
        let gaps: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        assert_eq!(gaps, case.gaps, "gaps of {}: {}", rule.id(), case.title);
    }

    /// CloudMapper's tree knows no refusals, so a case marks them by an answer no service gives.
    fn deny(recording: Recording) -> Recording {
        let marked: Vec<_> = recording
            .answers()
            .iter()
            .filter(|(_, answer)| answer["denied by this case"] == true)
            .map(|(hash, _)| hash.clone())
            .collect();
        let ended = recording.manifest().ended;
        let mut builder = Builder::resume(recording);
        for entry in &mut builder.manifest_mut().entries {
            if let Outcome::Response { hash } = &entry.outcome
                && marked.contains(hash)
            {
                let (code, message) = ("AccessDenied".to_owned(), "not authorized".to_owned());
                entry.outcome = Outcome::Denied { code, message };
            }
        }
        builder.finish(ended)
    }

    /// What a user reads of the rules stands in docs/rules.md.
    #[test]
    fn the_page_of_rules_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/rules.md");
        if std::env::var_os("ISOBAR_BLESS").is_some() {
            std::fs::write(&path, table()).unwrap();
        }
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            page == table(),
            "docs/rules.md is stale: ISOBAR_BLESS=1 cargo test -p isobar-audit rewrites it"
        );
    }

    #[test]
    fn every_rules_cases_hold() {
        for rule in ALL {
            let document = rule.document();
            let (firing, silent): (Vec<&Case>, Vec<&Case>) =
                document.cases.iter().partition(|c| !c.findings.is_empty());
            assert!(!firing.is_empty(), "{} has no case that fires", rule.id());
            assert!(!silent.is_empty(), "{} has no near miss", rule.id());
            assert!(document.description.split("\n\n").count() >= 3, "{}: what, why, how to mend", rule.id());
            for (number, case) in document.cases.iter().enumerate() {
                check(rule, number, case);
            }
        }
    }
}
