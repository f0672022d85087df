//! Rules about EC2, its images, snapshots and instances.

use serde_json::Value;

use crate::{list, text};

pub(super) mod ami_public;
pub(super) mod classic;
pub(super) mod ebs_snapshot_public;
pub(super) mod imdsv2_not_enforced;
pub(super) mod old;
pub(super) mod source_dest_check_off;

/// Whether an instance is terminated and only still listed.
fn is_gone(instance: &Value) -> bool {
    instance["State"]["Name"] == "terminated"
}

/// The Name tag, else the id.
fn name_of(instance: &Value) -> &str {
    let tag = list(&instance["Tags"]).iter().find(|tag| tag["Key"] == "Name");
    tag.and_then(|tag| tag["Value"].as_str()).unwrap_or_else(|| text(&instance["InstanceId"]))
}
