//! A region of about three hundred resources in a real AWS stand-in: read, placed, drawn, in time.

use isobar_tests::{Moto, Server, run_python};

#[test]
fn three_hundred_resources_are_all_placed_apart() {
    let moto = Moto::start();
    moto.seed(300);
    run_python("large.py", &[&moto.url()], &[]).ok();
    let server = Server::start(&moto.url(), &[]);
    let account = server.link("large", "arn:aws:iam::123456789012:role/reader");
    let id = account["id"].as_str().expect("an id").to_owned();
    let blueprint = server.get(&format!("/aws/account/{id}/eu-west-1/json?projection=2d&detail=all")).json();
    let nodes = blueprint["data"]["nodes"].as_array().expect("nodes");
    assert!(nodes.len() >= 280, "{} nodes", nodes.len());
    let at = |node: &serde_json::Value, axis: usize| node["mapPos"][axis].as_f64().expect("a number");
    for (number, one) in nodes.iter().enumerate() {
        for other in &nodes[number + 1..] {
            let (dx, dy) = ((at(one, 0) - at(other, 0)).abs(), (at(one, 1) - at(other, 1)).abs());
            assert!(dx.max(dy) >= 1.3, "{} stands on {}", one["arn"], other["arn"]);
        }
    }
    assert_eq!(blueprint["data"]["isobar"]["partial"], false, "{}", blueprint["data"]["isobar"]["gaps"]);
    let drawing = server.get(&format!("/aws/account/{id}/eu-west-1/svg?width=1920&height=1080&detail=all"));
    assert!(drawing.text().contains("render-24"), "every server has its name");
}
