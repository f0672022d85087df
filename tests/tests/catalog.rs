//! What the service files name exists elsewhere: operations and parameters in AWS's models, icons
//! in the scene. That their paths yield something is told by the graph's own walk over the examples.

use std::collections::BTreeSet;

use isobar_catalog::spec::Drawn;
use isobar_catalog::{Catalog, Purpose, policy};

#[test]
fn every_operation_exists_and_only_reads() {
    for service in Catalog::embedded().services_for(Purpose::Everything) {
        let known = isobar_aws::operations(&service.service);
        for call in service.calls_for(Purpose::Everything) {
            let name = format!("{}:{}", service.service, call.operation);
            assert!(known.contains(&call.operation), "{name} is in no model");
            assert!(
                isobar_aws::read_only::is_reading(&service.service, &call.operation),
                "{name} does not only read"
            );
        }
    }
}

#[test]
fn every_parameter_exists() {
    for service in Catalog::embedded().services_for(Purpose::Everything) {
        for call in service.calls_for(Purpose::Everything) {
            let known = isobar_aws::parameters(&service.service, &call.operation);
            let each = call.each.iter();
            let given = call.with.keys().chain(
                each.flat_map(|each| each.carry.iter().chain([&each.parameter]).chain(&each.region_as)),
            );
            for parameter in given {
                assert!(
                    known.contains(parameter),
                    "{}:{} takes no {parameter}, but {known:?}",
                    service.service,
                    call.operation
                );
            }
        }
    }
}

#[test]
fn every_icon_exists() {
    for (_, spec) in Catalog::embedded().resources() {
        if spec.container.is_some() {
            continue;
        }
        let drawn = !matches!(spec.drawn, Drawn::Fixed(false));
        for icon in spec.icon.map.iter().map(|(_, icon)| icon).chain([&spec.icon.default]) {
            assert!(isobar_scene::icon::find(icon).is_some(), "{}: there is no icon {icon}", spec.kind);
            assert!(!(drawn && icon == "unknown"), "{} is drawn and needs an icon", spec.kind);
        }
    }
}

#[test]
fn the_policy_reads_and_nothing_else() {
    let verbs = ["Describe", "List", "Get", "GET"];
    let actions: BTreeSet<String> = policy::actions(Catalog::embedded());
    for action in actions {
        let (_, verb) = action.split_once(':').expect("an action has a service");
        assert!(verbs.iter().any(|word| verb.starts_with(word)), "{action}");
    }
}
