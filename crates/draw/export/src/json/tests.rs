//! Blueprints as Cloudcraft's JSON: small views in, the parts that clients read out.

use isobar_layout::Projection;
use isobar_model::Tags;
use serde_json::{Value, json};

use super::{JsonContext, number_like, quarter, value, write};
use crate::orders;

fn context() -> JsonContext {
    JsonContext { label: true, autoconnect: true, ..JsonContext::default() }
}

#[test]
fn the_envelope_is_cloudcrafts() {
    let blueprint = orders::orders(Projection::Isometric);
    let all = value(&blueprint, &context());
    let data = &all["data"];
    for key in
        ["nodes", "edges", "groups", "surfaces", "text", "icons", "images", "connectors", "disabledLayers"]
    {
        assert!(data[key].is_array(), "{key}");
    }
    assert!(data["version"].is_u64() && data["theme"] == json!({"base": "light"}));
    assert_eq!(data["projection"], "isometric");
    assert_eq!(data["isobar"]["shown"], 22);
    assert!(data.get("linkKey").is_none(), "a drawing of ours is shared with nobody");
    for node in data["nodes"].as_array().unwrap() {
        assert!(node["arn"].as_str().unwrap().starts_with("arn:"));
        for at in node["mapPos"].as_array().unwrap() {
            assert_eq!(at.as_f64().unwrap() * 4.0 % 1.0, 0.0, "{node}");
        }
    }
}

#[test]
fn a_stack_of_an_auto_scaling_group_is_cloudcrafts_asg() {
    let mut blueprint = orders::orders(Projection::Isometric);
    let at = blueprint.nodes.iter().find_map(|node| node.plate).unwrap();
    blueprint.plates[at].kind = isobar_layout::PlateKind::Stack;
    for node in blueprint.nodes.iter_mut().filter(|node| node.plate == Some(at)) {
        node.component = "ec2".into();
        node.tags = [("aws:autoscaling:groupName".to_owned(), "web".to_owned())].into_iter().collect();
    }
    let id = blueprint.plates[at].id.to_string();
    let found = |blueprint: &isobar_layout::Blueprint| {
        let all = value(blueprint, &context());
        all["data"]["groups"].as_array().unwrap().iter().find(|group| group["id"] == id.as_str()).cloned()
    };
    let group = found(&blueprint).unwrap();
    assert_eq!(
        (&group["type"], &group["name"], &group["layout"]),
        (&json!("asg"), &json!("web"), &json!("even"))
    );
    assert!(!group["nodes"].as_array().unwrap().is_empty());
    let node = blueprint.nodes.iter_mut().find(|node| node.plate == Some(at)).unwrap();
    node.tags = Tags::default();
    assert_ne!(found(&blueprint).unwrap()["type"], "asg");
}

#[test]
fn groups_name_members_that_exist() {
    let blueprint = orders::orders(Projection::Isometric);
    let all = value(&blueprint, &context());
    let data = &all["data"];
    let ids: Vec<&Value> = ["nodes", "groups", "surfaces"]
        .iter()
        .flat_map(|key| data[*key].as_array().unwrap().iter().map(|thing| &thing["id"]))
        .collect();
    let mut members = 0;
    for group in data["groups"].as_array().unwrap() {
        for member in group["nodes"].as_array().unwrap() {
            assert!(ids.contains(&member), "{member} is nobody");
            members += 1;
        }
    }
    assert!(members > 20);
    for edge in data["edges"].as_array().unwrap() {
        assert!(ids.contains(&&edge["from"]) && ids.contains(&&edge["to"]));
    }
}

#[test]
fn numbers_are_numbers_and_names_stay_names() {
    assert_eq!(quarter(2.6), json!(2.5));
    assert_eq!(quarter(-0.1), json!(0));
    assert_eq!(quarter(f64::NAN), json!(0));
    for (given, expected) in [
        (json!("200"), json!(200)),
        (json!("16.1"), json!(16.1)),
        (json!("007"), json!("007")),
        (json!("gp3"), json!("gp3")),
        (json!(true), json!(true)),
    ] {
        assert_eq!(number_like(&given), expected);
    }
    let blueprint = orders::hostile(Projection::Flat);
    let back: Value = serde_json::from_str(&write(&blueprint, &context())).unwrap();
    assert_eq!(back["data"]["nodes"][0]["name"], orders::HOSTILE[0]);
    assert_eq!(back["data"]["isobar"]["partial"], true);
}
