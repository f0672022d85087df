//! Times each stage of a drawing, for `cargo xtask bench`.
//!
//! In: a number of resources; the accounts are made here. Out: one JSON object a line: stage, size, the
//! median in milliseconds, the size of the result; for memory only that. What is written about it is
//! left to xtask.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use isobar_catalog::Catalog;
use isobar_export::pdf::Page;
use isobar_export::{pdf, png, svg};
use isobar_graph::{Selection, View};
use isobar_layout::{Options, place};
use isobar_recording::Recording;
use isobar_scene::{PixelSize, Style, paint};
use isobar_testkit::{account, estate};
use serde_json::json;

fn main() {
    let size = std::env::args().nth(1).and_then(|word| word.parse().ok());
    measure(size.expect("how many resources"));
}

fn measure(size: usize) {
    let catalog = Catalog::embedded();
    let bundle = account(&text(size)).to_bundle();
    let recording =
        timed("decode the recording", size, None, || Recording::from_bundle(&bundle).expect("ours"));
    let graph = timed("graph", size, None, || isobar_graph::build(catalog, &[&recording]));
    let view = View::select(&graph, &Selection::default());
    let blueprint = timed("layout", size, None, || place(&view, &Options::default()));
    let style = Style { width: Some(pixels(1920)), height: Some(pixels(1080)), ..Style::default() };
    let fonts = style.fonts.clone();
    let scene = timed("scene", size, None, || paint(&blueprint, &style));
    timed("SVG", size, Some(&|text: &String| text.len()), || svg::write(&scene));
    let weigh = |bytes: &Vec<u8>| bytes.len();
    timed("PNG, 1920 x 1080", size, Some(&weigh), || png::write(&scene, &fonts).expect("a picture"));
    let page = Page { landscape: true, ..Page::default() };
    timed("PDF", size, Some(&weigh), || pdf::write(&scene, &fonts, &page).expect("a page"));
    println!("{}", json!({"stage": "peak memory of all above", "size": size, "bytes": peak()}));
    drop((recording, blueprint, scene));
    let estate = estate::generate(7, size);
    let view = estate::view(&estate);
    timed("layout of an estate with ten times the lines", size, None, || place(&view, &Options::default()));
    let answer = instances(size);
    timed("decode that many instances from EC2's XML", size, None, || {
        isobar_aws::read("ec2", "DescribeInstances", answer.as_bytes()).expect("EC2's XML")
    });
}

/// The most memory that was resident at a time, in bytes; 0 where the system does not say.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse().ok()).map_or(0, |k: usize| k * 1024)
}

fn pixels(side: u32) -> PixelSize {
    PixelSize::parse(&side.to_string()).expect("a screen's side")
}

/// Runs a stage until two seconds or nine runs have passed, prints the median, returns a result.
fn timed<T>(stage: &str, size: usize, weigh: Option<&dyn Fn(&T) -> usize>, run: impl Fn() -> T) -> T {
    let mut times: Vec<Duration> = Vec::new();
    let begun = Instant::now();
    loop {
        let started = Instant::now();
        let result = black_box(run());
        times.push(started.elapsed());
        if times.len() >= 9 || (times.len() >= 3 && begun.elapsed() > Duration::from_secs(2)) {
            times.sort();
            let milliseconds = times[times.len() / 2].as_secs_f64() * 1000.0;
            let bytes = weigh.map(|weigh| weigh(&result));
            println!(
                "{}",
                json!({"stage": stage, "size": size, "milliseconds": milliseconds, "bytes": bytes})
            );
            return result;
        }
    }
}

/// What EC2 answers about so many instances, with the fields most accounts have.
fn instances(size: usize) -> String {
    let mut text = String::from("<DescribeInstancesResponse><requestId>r</requestId><reservationSet>");
    for n in 0..size {
        let _ = write!(
            text,
            "<item><reservationId>r-{n:017x}</reservationId><ownerId>111122223333</ownerId><groupSet/>\
             <instancesSet><item><instanceId>i-{n:017x}</instanceId><imageId>ami-0abcdef1234567890</imageId>\
             <instanceState><code>16</code><name>running</name></instanceState>\
             <privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName><dnsName/><keyName>ops</keyName>\
             <instanceType>m7g.large</instanceType><launchTime>2026-01-02T03:04:05.000Z</launchTime>\
             <placement><availabilityZone>eu-west-1a</availabilityZone><groupName/><tenancy>default</tenancy>\
             </placement><monitoring><state>disabled</state></monitoring><subnetId>subnet-{n:017x}</subnetId>\
             <vpcId>vpc-0123456789abcdef0</vpcId><privateIpAddress>10.0.0.1</privateIpAddress>\
             <sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-0123456789abcdef0</groupId>\
             <groupName>web</groupName></item></groupSet><architecture>arm64</architecture>\
             <rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>\
             <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-{n:017x}</volumeId>\
             <status>attached</status><attachTime>2026-01-02T03:04:05.000Z</attachTime>\
             <deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>\
             <virtualizationType>hvm</virtualizationType><tagSet><item><key>Name</key><value>web-{n}</value></item>\
             <item><key>env</key><value>prod</value></item></tagSet><hypervisor>xen</hypervisor>\
             <metadataOptions><state>applied</state><httpTokens>required</httpTokens>\
             <httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>\
             </metadataOptions></item></instancesSet></item>"
        );
    }
    text + "</reservationSet></DescribeInstancesResponse>"
}

/// An account of about `size` resources: networks of sixty, and a third beside them.
fn text(size: usize) -> String {
    let mut text = String::from("region eu-west-1\n");
    let networks = size.div_ceil(100);
    let per_network = size / networks;
    for n in 0..networks {
        let _ = writeln!(text, "vpc net{n} 10.{}.0.0/16 env=prod", n % 250);
        for zone in ["a", "b", "c"] {
            for tier in ["public", "private", "isolated"] {
                let _ = writeln!(text, "subnet n{n}{tier}{zone} vpc=net{n} zone={zone} tier={tier}");
            }
        }
        let _ = writeln!(text, "sg n{n}web vpc=net{n} in=443:0.0.0.0/0");
        let _ = writeln!(
            text,
            "lb n{n}front subnets=n{n}publica,n{n}publicb targets=n{n}i0,n{n}i1,n{n}i2 port=443"
        );
        for i in 0..per_network * 55 / 100 {
            let zone = ["a", "b", "c"][i % 3];
            let tier = if i % 9 == 0 { "public" } else { "private" };
            let team = ["orders", "billing", "search"][i % 3];
            let _ = writeln!(
                text,
                "instance n{n}i{i} subnet=n{n}{tier}{zone} sg=n{n}web type=m7g.large zone={zone} team={team} part={i}"
            );
        }
        for i in 0..per_network / 20 {
            let _ =
                writeln!(text, "db n{n}db{i} subnets=n{n}isolateda,n{n}isolatedb engine=postgres sg=n{n}web");
        }
        for i in 0..per_network / 8 {
            let _ = writeln!(text, "function n{n}f{i} role=worker\nbucket n{n}b{i}\nqueue n{n}q{i}");
        }
    }
    text.push_str("role worker trusts=lambda.amazonaws.com\n");
    text
}
