//! `RDS_PUBLIC_SNAPSHOT`: the snapshot's restore attribute contains `all`.

use serde_json::json;

use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("public_snapshot.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    for snapshot in account.items("rds", "DescribeDBSnapshots", "DBSnapshots") {
        let id = text(&snapshot["DBSnapshotIdentifier"]);
        let operation = "DescribeDBSnapshotAttributes";
        let answer = account.response_for("rds", operation, "DBSnapshotIdentifier", id);
        let Some(answer) = answer else {
            // AWS's own nightly snapshots cannot be shared at all.
            if snapshot["SnapshotType"] != "automated" {
                findings.add_gap(id, "who may restore it was not read");
            }
            continue;
        };
        for attribute in list(&answer["DBSnapshotAttributesResult"]["DBSnapshotAttributes"]) {
            let values = list(&attribute["AttributeValues"]);
            if attribute["AttributeName"] == "restore" && values.iter().any(|v| v == "all") {
                findings.add_with(
                    Some(id.to_owned()),
                    "all may restore it".to_owned(),
                    json!({"Entities allowed to restore": values, "snapshot": snapshot}),
                );
            }
        }
    }
}
