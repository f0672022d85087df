//! The ports on which a load balancer feeds a target group, from its listeners and their rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::build::Build;
use crate::graph::Index;
use crate::kind::RelationKind;

pub(super) fn run(build: &mut Build<'_>) {
    let listeners: HashMap<Index, String> = build
        .of_kind("elbv2:listener")
        .into_iter()
        .filter_map(|at| Some((at, build.resource(at).attributes["Port"].as_u64()?.to_string())))
        .collect();
    let mut balancer_of: HashMap<Index, Index> = HashMap::new();
    let mut listener_of: HashMap<Index, Index> = HashMap::new();
    for relation in &build.relations {
        if relation.kind == RelationKind::Contains {
            if listeners.contains_key(&relation.to) {
                balancer_of.insert(relation.to, relation.from);
            } else if listeners.contains_key(&relation.from) {
                listener_of.insert(relation.to, relation.from);
            }
        }
    }
    let mut ports: BTreeMap<(Index, Index), BTreeSet<u64>> = BTreeMap::new();
    for relation in &build.relations {
        if relation.kind != RelationKind::Targets {
            continue;
        }
        let listener = listener_of.get(&relation.from).copied().unwrap_or(relation.from);
        if let (Some(port), Some(&balancer)) = (listeners.get(&listener), balancer_of.get(&listener)) {
            ports.entry((balancer, relation.to)).or_default().extend(port.parse::<u64>().ok());
        }
    }
    let label = |ports: &BTreeSet<u64>| {
        let ports: Vec<String> = ports.iter().map(|port| format!(":{port}")).collect();
        Some(ports.join(" "))
    };
    for relation in &mut build.relations {
        if relation.kind == RelationKind::Targets
            && relation.label.is_none()
            && let Some(ports) = ports.remove(&(relation.from, relation.to))
        {
            relation.label = label(&ports);
        }
    }
    // A group that does not name its balancer is still fed by it.
    for ((balancer, group), ports) in ports {
        build.relate(RelationKind::Targets, balancer, group, label(&ports));
    }
}
