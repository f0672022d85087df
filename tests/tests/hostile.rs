//! Names that would like to be more than names, through every format: well-formed, and inert.

use isobar_app::{Catalog, DrawRequest, Format};
use isobar_model::Region;
use isobar_recording::Recording;
use isobar_testkit::account;
use isobar_tests::{Moto, run_python, scratch};

const NAMES: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "]]><script>alert(1)</script>",
    "&lt;b&gt; &amp; &#0; &bogus;",
    "{{constructor.constructor('alert(1)')()}}",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "\u{202e}drawkcab\u{202c} مرحبا بالعالم שלום",
    "추천 엔진 推薦エンジン 🦦🏴‍☠️👩‍👩‍👧",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307} zalgo",
    "line\nbreak\ttab\u{0}nul\u{7}bell\u{1b}[31mred",
    "-->%0d%0aSet-Cookie:x=1<!--",
    "\\u003cscript\\u003e ${7*7} %s%n `id` $(id)",
];

/// A vpc, servers and a queue that all bear the name.
fn estate(name: &str) -> Recording {
    let tag = serde_json::json!([{"Key": "Name", "Value": name}, {"Key": name, "Value": name}]);
    account(&format!(
        "vpc main
         subnet main vpc=main tier=public
         call ec2 DescribeVpcs {{\"Vpcs\": [{{\"VpcId\": \"vpc-main\", \"CidrBlock\": \"10.0.0.0/16\", \"Tags\": {tag}}}]}}
         call ec2 DescribeInstances {{\"Reservations\": [{{\"Instances\": [{{\"InstanceId\": \"i-1\", \"SubnetId\": \"subnet-main\", \"VpcId\": \"vpc-main\", \"State\": {{\"Name\": \"running\"}}, \"InstanceType\": \"t3.nano\", \"Placement\": {{\"AvailabilityZone\": \"eu-west-1a\"}}, \"Tags\": {tag}}}]}}]}}
         bucket plain"
    ))
}

fn draw(recording: &Recording, format: Format) -> Vec<u8> {
    let request =
        DrawRequest { regions: vec![Region::parse("eu-west-1").unwrap()], ..DrawRequest::new(format) };
    isobar_app::draw(Catalog::embedded(), &[recording], &request).expect("it draws").bytes
}

/// Python reads what we wrote, as draw.io and a browser would: its parsers are not ours.
fn judge(folder: &std::path::Path) {
    run_python("judge.py", &[folder.to_str().expect("a plain path")], &[]).ok();
}

#[test]
fn every_name_in_every_format() {
    let folder = scratch("hostile");
    let long: String = "長い名前-".chars().cycle().take(255).collect();
    for (at, name) in NAMES.into_iter().chain([long.as_str(), &"x".repeat(255), " ", ""]).enumerate() {
        let recording = estate(name);
        for format in Format::ALL {
            let bytes = draw(&recording, format);
            assert!(!bytes.is_empty());
            assert!(draw(&recording, format) == bytes, "{format:?} of {name:?} differs the second time");
            std::fs::write(folder.join(format!("{at:02}.{}", format.as_str().to_lowercase())), bytes)
                .unwrap();
        }
    }
    judge(&folder);
}

#[test]
fn what_aws_hands_on_stays_as_it_was() {
    // moto takes what AWS would take as a tag; the JSON gives back the very text.
    let moto = Moto::start();
    let name = "<b>&\"'추천 🦦\u{202e}=cmd";
    run_python("estate.py", &[&moto.url(), name], &[]).ok();
    let lines = run_python("dump.py", &[&moto.url(), "eu-west-1"], &[]).ok();
    let at = isobar_model::Timestamp::parse("2026-11-16T09:30:00Z").unwrap();
    let recording = isobar_tests::recording_from_lines(&lines, "123456789012", name, at);
    let body: serde_json::Value = serde_json::from_slice(&draw(&recording, Format::Json)).expect("JSON");
    let text = body.to_string();
    assert!(
        text.contains(serde_json::Value::from(name).to_string().trim_matches('"')),
        "the name was changed"
    );
    let folder = scratch("handed-on");
    for format in [Format::Svg, Format::MxGraph, Format::Json] {
        std::fs::write(
            folder.join(format!("00.{}", format.as_str().to_lowercase())),
            draw(&recording, format),
        )
        .unwrap();
    }
    judge(&folder);
}
