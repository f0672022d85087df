//! `isobar cloudmapper collect` against moto: its files tell the analyses what a scan tells them, it
//! asks what CloudMapper's list asks, and a run that was killed is gone on with.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use isobar_catalog::{Catalog, Purpose};
use isobar_tests::{Answer, Door, Moto, isobar_at, run_python, scratch};

const CONFIG: &str =
    r#"{"accounts": [{"id": "123456789012", "name": "demo", "default": true}], "cidrs": {}}"#;

/// What CloudMapper's list asks, service by service, in its spelling.
const LIST: &[(&str, &str)] = &[
    ("accessanalyzer", "list-analyzers"),
    ("acm", "list-certificates"),
    ("apigateway", "get-rest-apis"),
    ("autoscaling", "describe-policies describe-auto-scaling-groups"),
    ("cloudformation", "describe-stacks get-template describe-stack-resources"),
    ("cloudfront", "list-distributions"),
    ("cloudsearch", "describe-domains describe-service-access-policies"),
    ("cloudtrail", "describe-trails get-event-selectors"),
    ("cloudwatch", "describe-alarms"),
    ("config", "describe-config-rules describe-configuration-recorders describe-delivery-channels"),
    ("directconnect", "describe-connections"),
    ("dynamodb", "list-tables describe-table"),
    (
        "ec2",
        "describe-vpcs describe-availability-zones describe-subnets describe-instances describe-volumes \
         describe-addresses describe-internet-gateways describe-security-groups describe-network-interfaces \
         describe-vpc-peering-connections describe-images describe-network-acls describe-route-tables \
         describe-flow-logs describe-snapshots describe-snapshot-attribute describe-vpc-endpoint-connections \
         describe-vpc-endpoints describe-vpn-connections describe-vpn-gateways",
    ),
    ("ecr", "describe-repositories get-repository-policy"),
    ("ecs", "list-clusters list-tasks describe-tasks"),
    ("efs", "describe-file-systems"),
    ("eks", "list-clusters describe-cluster"),
    ("elasticache", "describe-cache-clusters"),
    ("elasticbeanstalk", "describe-applications"),
    (
        "elb",
        "describe-load-balancers describe-load-balancer-attributes describe-load-balancer-policies describe-tags",
    ),
    (
        "elbv2",
        "describe-load-balancers describe-target-groups describe-target-health \
         describe-load-balancer-attributes describe-tags",
    ),
    ("es", "list-domain-names describe-elasticsearch-domain"),
    ("events", "describe-event-bus list-rules"),
    ("firehose", "list-delivery-streams describe-delivery-stream"),
    ("glacier", "list-vaults get-vault-access-policy"),
    ("glue", "get-jobs get-triggers"),
    ("guardduty", "list-detectors get-detector"),
    (
        "iam",
        "generate-credential-report get-account-authorization-details generate-service-last-accessed-details \
         get-role get-user get-account-password-policy get-account-summary list-account-aliases \
         get-credential-report get-service-last-accessed-details list-saml-providers get-saml-provider \
         list-open-id-connect-providers get-open-id-connect-provider",
    ),
    ("kafka", "list-clusters"),
    ("kms", "list-keys list-grants list-key-policies get-key-policy get-key-rotation-status"),
    ("lambda", "list-functions get-policy list-layers list-layer-versions"),
    ("lightsail", "get-instances get-load-balancers"),
    ("logs", "describe-destinations describe-log-groups describe-resource-policies"),
    ("organizations", "describe-organization list-accounts"),
    (
        "rds",
        "describe-db-instances describe-db-snapshots describe-db-snapshot-attributes list-tags-for-resource",
    ),
    ("redshift", "describe-clusters describe-cluster-subnet-groups"),
    ("route53", "list-hosted-zones list-resource-record-sets list-hosted-zones-by-vpc"),
    ("route53domains", "list-domains"),
    (
        "s3",
        "list-buckets get-bucket-acl get-bucket-policy get-bucket-logging get-bucket-location get-bucket-encryption",
    ),
    ("s3control", "get-public-access-block"),
    ("secretsmanager", "list-secrets get-resource-policy"),
    ("sns", "list-topics get-topic-attributes"),
    ("sqs", "list-queues get-queue-attributes"),
    ("ssm", "describe-parameters"),
    ("sts", "get-caller-identity"),
];

#[test]
fn the_whole_list_is_asked() {
    let catalog = Catalog::embedded();
    for (service, requests) in LIST {
        let known = catalog.service(service).unwrap_or_else(|| panic!("no service {service}"));
        let asked: BTreeSet<String> = known
            .calls_for(Purpose::Everything)
            .map(|call| isobar_recording::tree::request_name(&call.operation))
            .collect();
        for request in requests.split_whitespace() {
            assert!(asked.contains(request), "{service}:{request} is not asked, but {asked:?}");
        }
    }
}

/// moto with a small estate behind a door that hides AWS's own public snapshots: moto lists 1,300 of
/// them per region although only the account's own are asked for, and each costs a call.
struct Estate {
    door: Door,
    _moto: Moto,
}

impl Estate {
    fn new() -> Self {
        let moto = Moto::start();
        run_python("estate.py", &[&moto.url()], &[]).ok();
        let port = moto.port();
        let none = "<DescribeSnapshotsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>1</requestId><snapshotSet/></DescribeSnapshotsResponse>";
        let door = Door::open(move |asked| match asked.operation().as_str() {
            "DescribeSnapshots" => Answer::new(200, "text/xml", none),
            _ => asked.forward(port),
        });
        Self { door, _moto: moto }
    }

    fn url(&self) -> String {
        self.door.url()
    }
}

fn command(moto: &Estate, folder: &Path, words: &[&str]) -> Command {
    isobar_at(&moto.url(), folder, words)
}

/// Runs a command; its stdout. moto lacks some services, so that collect ends with 255.
fn run(moto: &Estate, folder: &Path, words: &[&str]) -> String {
    let ran = command(moto, folder, words).output().expect("isobar starts");
    let (out, error) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(matches!(ran.status.code(), Some(0 | 255)), "{words:?}: {:?}\n{out}\n{error}", ran.status.code());
    assert!(!error.contains("ERROR"), "{words:?}: {error}");
    out.into_owned()
}

const COLLECT: &[&str] =
    &["cloudmapper", "collect", "--account", "demo", "--regions", "eu-west-1", "--max-attempts", "2"];

fn folder_of(name: &str) -> PathBuf {
    let folder = scratch(name);
    std::fs::write(folder.join("config.json"), CONFIG).expect("a file");
    folder
}

/// What the analyses say.
fn judged(moto: &Estate, folder: &Path) -> Vec<String> {
    let analyses: &[&[&str]] = &[
        &["find_admins"],
        &["public"],
        &["find_unused"],
        &["stats", "--stats_all_resources", "--no_output_image"],
        &["audit"],
        &["audit", "--json"],
        &["amis"],
        &["api_endpoints"],
        &["sg_ips"],
        &["weboftrust", "--show_aws_owned_accounts"],
    ];
    let mut said: Vec<String> = analyses
        .iter()
        .map(|words| run(moto, folder, &[&["cloudmapper"], *words, &["--accounts", "demo"]].concat()))
        .collect();
    // What weboftrust drew, and then what prepare draws into the same file.
    let map = || still(&std::fs::read_to_string(folder.join("web/data.json")).expect("it is written"));
    said.push(map());
    said.push(run(moto, folder, &["cloudmapper", "prepare", "--account", "demo"]));
    said.push(map());
    assert!(said.iter().filter(|text| text.len() > 20).count() >= 10, "little is said: {said:?}");
    said
}

/// The text without the one time that moto's databases move with the clock.
fn still(json: &str) -> String {
    json.lines().filter(|line| !line.contains("\"LatestRestorableTime\"")).collect::<Vec<_>>().join("\n")
}

/// Every file of the collected account that holds an answer, and what it holds.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let root = folder.join("account-data/demo");
    let mut open = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if !name.starts_with('.') && !name.starts_with("isobar-") && name != "public_nodes.json" {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                files.push((path.strip_prefix(&root).expect("inside").to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn collecting_and_scanning_tell_the_analyses_the_same() {
    let moto = Estate::new();
    let (collected, scanned) = (folder_of("collected"), folder_of("scanned"));
    let said = run(&moto, &collected, COLLECT);
    assert!(said.contains("* Getting ec2:describe-instances info\n"), "{said}");
    assert!(
        said.contains("  Making call for account-data/demo/eu-west-1/ec2-describe-instances.json\n"),
        "{said}"
    );
    assert!(said.contains("\nSummary: "), "{said}");
    run(
        &moto,
        &scanned,
        &["scan", "--all", "--region", "eu-west-1,us-east-1", "--account-name", "demo", "-o", "scan.isobar"],
    );
    run(&moto, &scanned, &["recording", "export", "scan.isobar", "-o", "tree"]);
    std::fs::rename(scanned.join("tree/account-data"), scanned.join("account-data")).expect("the tree");
    for name in ["describe-regions.json", "us-east-1/iam-get-account-authorization-details.json"] {
        assert!(collected.join("account-data/demo").join(name).is_file(), "{name}");
    }
    let names: Vec<PathBuf> = files(&collected).into_iter().map(|(name, _)| name).collect();
    let other: Vec<PathBuf> = files(&scanned).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, other);
    for (one, other) in judged(&moto, &collected).iter().zip(judged(&moto, &scanned)) {
        assert_eq!(*one, other);
    }
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let moto = Estate::new();
    let (whole, cut) = (folder_of("whole"), folder_of("cut"));
    run(&moto, &whole, COLLECT);
    // Some just after one another, so that a run is also killed while it reads what an earlier one left.
    for (wanted, later) in [(1, 0), (5, 7), (6, 0), (60, 11), (120, 2)] {
        let mut child = command(&moto, &cut, COLLECT)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("isobar starts");
        let begun = Instant::now();
        let collected = || if cut.join("account-data/demo").is_dir() { files(&cut).len() } else { 0 };
        while collected() < wanted && begun.elapsed() < Duration::from_secs(60) {
            if child.try_wait().expect("a child").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(later));
        // SIGKILL on Unix: nothing can be tidied up.
        let _ = child.kill();
        child.wait().expect("it ends");
        for (name, text) in files(&cut) {
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{} is torn", name.display());
        }
    }
    let before: BTreeSet<PathBuf> = files(&cut).into_iter().map(|(name, _)| name).collect();
    let said = run(&moto, &cut, COLLECT);
    assert!(said.contains("responses were already collected"), "{said}");
    for name in before.iter().filter(|name| !name.ends_with("sts-get-caller-identity.json")) {
        let again = format!("  Making call for account-data/demo/{}\n", name.display());
        assert!(!said.contains(&again), "{} was asked twice", name.display());
    }
    let names = |folder: &Path| files(folder).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    // Access-advisor jobs have a new id each time.
    let steady = |folder: &Path| {
        names(folder)
            .into_iter()
            .filter(|name| !name.to_string_lossy().contains("service-last-accessed"))
            .collect::<Vec<_>>()
    };
    assert_eq!(steady(&cut), steady(&whole));
    let torn = names(&cut).iter().filter(|name| name.to_string_lossy().contains('~')).count();
    assert_eq!(torn, names(&whole).iter().filter(|name| name.to_string_lossy().contains('~')).count());
    assert!(!cut.join("account-data/demo/isobar-journal.jsonl").exists());
}

/// `isobar scan` has one file: after a kill it is what it was before, or whole.
#[test]
fn a_killed_scan_leaves_the_file_as_it_was() {
    let moto = Estate::new();
    let folder = folder_of("scan");
    let words = ["scan", "--all", "--region", "eu-west-1", "--account-name", "demo", "-o", "scan.isobar"];
    let file = folder.join("scan.isobar");
    let begun = Instant::now();
    run(&moto, &folder, &words);
    let whole = begun.elapsed();
    let before = std::fs::read(&file).expect("a recording");
    let mut killed = 0;
    for part in [2, 6, 9] {
        let mut child = command(&moto, &folder, &words)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("isobar starts");
        std::thread::sleep(whole * part / 10);
        killed += u32::from(child.try_wait().expect("a child").is_none());
        let _ = child.kill();
        child.wait().expect("it ends");
        let now = std::fs::read(&file).expect("the recording is still there");
        assert!(
            now == before || isobar_recording::Recording::from_bundle(&now).is_ok(),
            "torn after {part}/10"
        );
    }
    assert!(killed > 0, "no run was killed in its middle");
    run(&moto, &folder, &words);
    assert!(isobar_recording::open(&file).is_ok());
}
