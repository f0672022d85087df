//! The table of rules, sorted by path and checked against the folder by a test.

use crate::Rule;

mod ec2;
mod s3;

/// Every rule, in the order of their files' paths.
pub static ALL: &[&Rule] = &[&ec2::imdsv2_not_enforced::RULE, &s3::public_acl::RULE];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::{Case, audit};

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
        for (path, json) in &case.answers {
            serde_json::from_str::<serde_json::Value>(json)
                .unwrap_or_else(|e| panic!("{} / {}: {path}: {e}", rule.id(), case.title));
            let file = account.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, json).unwrap();
        }
        let recording = isobar_recording::tree::import_folder(&account, None).unwrap();
        let found: Vec<String> = audit(&recording, &[rule]).iter().map(ToString::to_string).collect();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, case.findings, "{}: {}", rule.id(), case.title);
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
