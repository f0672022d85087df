//! `EBS_SNAPSHOT_PUBLIC`: a group may create volumes from the snapshot.

use serde_json::json;

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("ebs_snapshot_public.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for snapshot in account.items("ec2", "DescribeSnapshots", "Snapshots") {
        let id = text(&snapshot["SnapshotId"]);
        let attribute = account.response_for("ec2", "DescribeSnapshotAttribute", "SnapshotId", id);
        let Some(attribute) = attribute else {
            findings.add_gap(id, "who may restore it was not read");
            continue;
        };
        for permission in list(&attribute["CreateVolumePermissions"]) {
            if let Some(group) = permission["Group"].as_str().filter(|group| *group != "self") {
                findings.add_with(
                    Some(id.to_owned()),
                    format!("{group} may restore it"),
                    json!({"Entities allowed to restore": group, "snapshot": snapshot}),
                );
            }
        }
    }
}
