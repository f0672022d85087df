//! `EC2_SOURCE_DEST_CHECK_OFF`: the check is off; the first route through the instance is named.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{is_gone, name_of};
use crate::{AccountView, Findings, Rule, list, text};

/// The rule.
pub(crate) static RULE: Rule = Rule::new(include_str!("source_dest_check_off.md"), check);

fn check(account: &AccountView<'_>, findings: &mut Findings) {
    let mut routes: HashMap<(&str, &str), &Value> = HashMap::new();
    for table in account.items("ec2", "DescribeRouteTables", "RouteTables") {
        for route in list(&table["Routes"]) {
            if let Some(instance) = route["InstanceId"].as_str() {
                routes.entry((text(&table["VpcId"]), instance)).or_insert(route);
            }
        }
    }
    for instance in account.instances().filter(|i| !is_gone(i) && i["SourceDestCheck"] == false) {
        let id = text(&instance["InstanceId"]);
        let route = routes.get(&(text(&instance["VpcId"]), id));
        let words = route.map_or_else(
            || "no route leads through it".to_owned(),
            |route| {
                let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];
                let to = keys.iter().find_map(|key| route[*key].as_str()).unwrap_or("a route");
                format!("{to} leads through it")
            },
        );
        findings.add_with(
            Some(id.to_owned()),
            words,
            json!({"routes": route, "Name": name_of(instance), "Tags": instance["Tags"]}),
        );
    }
}
