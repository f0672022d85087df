//! What commands write into files: the map as a stream, reports and what users want said in them,
//! places of addresses, several accounts in one page.

use serde_json::{Value, json};

use super::{PEOPLE, Place, SHOP};
use crate::context::pretty;

/// A gateway endpoint beside the shop's instances, and names that need escapes.
fn odd_shop() -> String {
    let hostile = SHOP.replace(r#""Value": "web"}"#, r#""Value": "w\u001b\"eb\\ 店"}"#);
    let endpoints = json!({"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "VpcEndpointType": "Gateway",
        "VpcId": "vpc-main", "ServiceName": "com.amazonaws.us-east-1.s3"}]});
    format!("{hostile}\ncall ec2 DescribeVpcEndpoints {endpoints}\n")
}

#[test]
fn the_map_is_the_file_python_would_write() {
    for line in ["prepare", "prepare --full", "prepare --strict-compat", "prepare --no-node-data"] {
        let place = Place::with(&odd_shop());
        let output = place.run(line);
        assert_eq!(output.code, 0, "{line}: {}", output.stderr);
        let text = place.read("web/data.json");
        let all: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(pretty(&all), text, "{line}");
        let edges = all.as_array().unwrap().iter().filter(|e| e["data"]["type"] == "edge");
        let gateway: Vec<&Value> = edges.clone().filter(|e| e["data"]["node_data"] == json!([[]])).collect();
        assert_eq!(gateway.len(), 2, "{line}: both instances reach the endpoint");
        assert!(output.stdout.ends_with(&format!("- {} connections built\n", edges.count())), "{line}");
        assert!(!place.0.join("web/data.json.part").exists());
    }
}

#[test]
fn nobody_waits_for_a_map_that_was_stopped() {
    let place = Place::with(SHOP);
    place.run("prepare");
    let before = place.read("web/data.json");
    let now = isobar_model::Timestamp::parse("2026-11-22T04:00:00Z").unwrap();
    let context = crate::Context::new(crate::Workplace::open(&place.0), now);
    context.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let command = crate::parse(["prepare", "--full"]).unwrap();
    assert_eq!(crate::run(&command, context).code, 255);
    assert_eq!(place.read("web/data.json"), before);
}

#[test]
fn the_report_hears_the_override_file() {
    let images =
        json!({"Images": [{"ImageId": "ami-1", "Public": true}, {"ImageId": "ami-2", "Public": true}]});
    let place = Place::with(&format!("{SHOP}\ncall ec2 DescribeImages {images}\n"));
    let ids = |line: &str| -> Vec<String> {
        let output = place.run(&format!("{line} --output json"));
        assert_eq!(output.code, 0, "{line}: {}", output.stderr);
        let report: Value = serde_json::from_str(&place.read("web/account-data/report.json")).unwrap();
        let found = report["findings"].as_array().unwrap();
        let of_images = found.iter().filter(|f| f["issue"] == "AMI_PUBLIC");
        of_images
            .map(|f| {
                format!(
                    "{} {}",
                    f["resource"].as_str().unwrap(),
                    f["finding_type_metadata"]["severity"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(ids("report --accounts shop"), ["ami-1 High", "ami-2 High"]);
    std::fs::create_dir_all(place.0.join("config")).unwrap();
    let wishes = "AMI_PUBLIC:\n  title: \"Our <own> image\"\n  severity: Low\n  ignore_resources: [ami-2]\n";
    std::fs::write(place.0.join("config/audit_config_override.yaml"), wishes).unwrap();
    assert_eq!(ids("report --accounts shop"), ["ami-1 Low"]);
    assert_eq!(ids("report --accounts shop --minimum_severity MEDIUM"), [""; 0]);
    place.run("report --accounts shop");
    let html = place.read("web/account-data/report.html");
    assert!(html.contains("Our &lt;own&gt; image") && !html.contains("ami-2"));
    // The same wishes in all forms of the audit.
    for (form, words) in [
        ("", "LOW - shop (us-east-1) - Our <own> image: ami-1"),
        ("--json", r#""severity": "Low", "title": "Our <own> image""#),
        ("--markdown", r"*Audit Finding: [LOW] - Our <own> image*\n"),
    ] {
        let line = format!("audit --accounts shop {form}");
        let shown = place.run(&line).stdout;
        assert!(shown.contains(words) && !shown.contains("ami-2"), "{line}: {shown}");
        let shown = place.run(&format!("{line} --minimum_severity MEDIUM")).stdout;
        assert!(!shown.contains("image"), "{line}: {shown}");
    }
}

#[test]
fn several_accounts_share_one_page() {
    let place = Place::with(PEOPLE);
    let recording = isobar_testkit::account(&PEOPLE.replace("account people", "account twins"));
    isobar_recording::tree::export(&recording, &place.0).unwrap();
    let config = r#"{"accounts": [{"id": "111122223333", "name": "people"}, {"id": "111122223334", "name": "twins"}], "cidrs": {}}"#;
    std::fs::write(place.0.join("config.json"), config).unwrap();
    assert_eq!(place.run("iam_report --accounts all").code, 0);
    let page = place.read("web/account-data/iam_report.html");
    assert_eq!(page.matches("<section ").count(), 7, "sections hold all accounts");
    assert!(page.contains("people, twins") && page.contains("<td class=\"t\">twins</td>"));
    assert_eq!(place.run("iam_report --accounts twins").code, 0);
    assert!(!place.read("web/account-data/iam_report.html").contains("<td class=\"t\">twins</td>"));
    assert_eq!(place.run("report --accounts twins,people").code, 0);
    assert!(place.read("web/account-data/report.html").contains("twins, people, written 2026-11-22"));
    let both = place.run("find_admins --accounts twins,people").stdout;
    assert_eq!(both.lines().next(), Some("twins\trole\tsaml"));
    assert_eq!(both.lines().count(), 6);
    for (line, accounts) in
        [("prepare --accounts all", 2), ("prepare --acc twins", 1), ("prepare --account people,twins", 2)]
    {
        assert_eq!(place.run(line).code, 0, "{line}");
        let map = place.map();
        assert_eq!(
            map.iter().filter(|entry| entry.starts_with("account ")).count(),
            accounts,
            "{line}: {map:?}"
        );
    }
    // The accounts are the same but for their names; each trusts the other's unknown account once.
    assert_eq!(
        place.run("weboftrust --accounts all").stdout,
        "Unknown account: 444455556666\n- 6 connections built\n"
    );
}

#[test]
fn what_stands_in_several_subnets_is_one_public_thing() {
    let balancers = json!({"LoadBalancerDescriptions": [{"LoadBalancerName": "front", "DNSName": "front.example",
        "Scheme": "internet-facing", "VPCId": "vpc-main", "Subnets": ["subnet-back", "subnet-front"],
        "SecurityGroups": ["sg-web"]}]});
    let place = Place::with(&format!("{SHOP}\ncall elb DescribeLoadBalancers {balancers}\n"));
    for (line, ending) in [
        ("public --accounts shop", "instance/front/us-east-1"),
        ("public --accounts shop --strict-compat", "instance/front/us-east-1.subnet-front"),
    ] {
        let found: Vec<Value> = serde_json::from_str(&place.run(line).stdout).unwrap();
        let fronts: Vec<&str> = found
            .iter()
            .filter(|node| node["hostname"] == "front.example")
            .map(|node| node["arn"].as_str().unwrap())
            .collect();
        assert_eq!(fronts.len(), 1, "{line}");
        assert!(fronts[0].ends_with(ending), "{line}: {fronts:?}");
    }
}

#[test]
fn places_of_addresses() {
    let known = SHOP.replace("22:198.51.100.7/32", "22:8.8.8.8/32 in=22:196.25.1.0/24 in=22:9.9.9.9/32");
    let place = Place::with(&known);
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    std::fs::create_dir_all(place.0.join("data")).unwrap();
    for (from, to) in [("city.mmdb", "GeoLite2-City.mmdb"), ("asn.mmdb", "GeoLite2-ASN.mmdb")] {
        std::fs::copy(data.join(from), place.0.join("data").join(to)).unwrap();
    }
    let output = place.run("sg_ips --accounts shop");
    let rows: Vec<Vec<&str>> =
        output.stdout.lines().map(|line| line.split('\t').map(str::trim).collect()).collect();
    let expected = [
        ["9.9.9.9/32", "", "", ""],
        ["8.8.8.8/32", "", "US-California-Mountain View", "Example <Search> Inc"],
        ["196.25.1.0/24", "", "ZA--", "Example Telecom"],
    ];
    let mut sorted = rows.clone();
    sorted.sort();
    let mut wanted = expected.map(|row| row.to_vec()).to_vec();
    wanted.sort();
    assert_eq!(sorted, wanted, "{}", output.stderr);
    let map = place.read("trusted_ips.svg");
    assert_eq!(map.matches("<circle").count(), 2);
    assert!(map.contains("8.8.8.8/32 US-California-Mountain View"), "{map}");
    // Half a file, and a file that is none: told, not fatal to more than the command.
    std::fs::write(place.0.join("data/GeoLite2-City.mmdb"), b"\xab\xcd\xefMaxMind.com").unwrap();
    let output = place.run("sg_ips --accounts shop");
    assert_eq!((output.code, output.stderr.contains("GeoLite2-City.mmdb")), (1, true), "{}", output.stderr);
}

#[test]
fn public_images_are_known_from_the_users_list() {
    let place = Place::with(SHOP);
    let list = json!({"Images": [{"ImageId": "ami-1", "Public": true, "Name": "debian-13", "OwnerId": "136693071363"}]});
    std::fs::create_dir_all(place.0.join("data/aws/us-east-1")).unwrap();
    std::fs::write(place.0.join("data/aws/us-east-1/ec2-describe-images.json"), list.to_string()).unwrap();
    let output = place.run("amis --accounts shop");
    assert_eq!(
        output.stdout.lines().nth(1),
        Some("shop\tus-east-1\ti-web\tweb\tami-1\tpublic\tdebian-13\t136693071363")
    );
}
