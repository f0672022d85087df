//! Who may assume a role, from its trust policy, as far as the principal is in the graph.

use crate::build::Build;
use crate::build::texts;
use crate::hooks::access::statements;
use crate::kind::RelationKind;

pub(super) fn run(build: &mut Build<'_>) {
    for role in build.of_kind("iam:role") {
        let fields = build.resource(role).attributes.clone();
        for statement in statements(&fields["AssumeRolePolicyDocument"]) {
            if statement["Effect"].as_str() != Some("Allow") {
                continue;
            }
            for principal in texts(&statement["Principal"], "AWS") {
                if let Some(principal) = build.find(principal) {
                    build.relate(RelationKind::Assumes, principal, role, None);
                }
            }
        }
    }
}
