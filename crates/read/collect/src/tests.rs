//! Whole runs against made-up answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use isobar_aws::{CallError, CallErrorKind};
use isobar_catalog::{CallSpec, Catalog, Each, Path, Purpose, Scope, Service};
use isobar_model::{Region, Timestamp};
use isobar_recording::{Call, Outcome, Recording};
use serde_json::{Map, Value, json};

use crate::{Ask, Checkpoint, PER_SERVICE, Request, drive};

type Told = Result<Value, (CallErrorKind, &'static str)>;

/// Answers by call key; what is not there answers `{}`.
#[derive(Default)]
struct Cloud {
    answers: BTreeMap<&'static str, Told>,
    /// Answers that a test changes while a scan runs.
    changed: Mutex<BTreeMap<&'static str, Value>>,
    asked: Mutex<Vec<String>>,
    flying: AtomicUsize,
    most: AtomicUsize,
}

impl Ask for Cloud {
    async fn ask(&self, call: &Call) -> Result<Value, CallError> {
        let key = call.key();
        self.asked.lock().unwrap().push(key.clone());
        self.most.fetch_max(self.flying.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Different lengths of time, so that answers come out of order.
        for _ in 0..key.len() % 7 {
            tokio::task::yield_now().await;
        }
        self.flying.fetch_sub(1, Ordering::SeqCst);
        if let Some(answer) = self.changed.lock().unwrap().get(key.as_str()) {
            return Ok(answer.clone());
        }
        match self.answers.get(key.as_str()) {
            None => Ok(json!({})),
            Some(Ok(answer)) => Ok(answer.clone()),
            Some(Err((kind, code))) => {
                let (code, message) = ((*code).to_owned(), "words".to_owned());
                Err(CallError { kind: *kind, code, message, status: None })
            }
        }
    }
}

fn cloud(answers: &[(&'static str, Told)]) -> Cloud {
    let mut all = BTreeMap::from([
        (
            "global/sts/GetCallerIdentity",
            Ok(json!({"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/u"})),
        ),
        ("global/iam/ListAccountAliases", Ok(json!({"AccountAliases": ["acme"]}))),
        (
            "us-east-1/ec2/DescribeRegions",
            Ok(json!({"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}]})),
        ),
    ]);
    all.extend(answers.iter().cloned());
    Cloud { answers: all, ..Cloud::default() }
}

fn call(operation: &str) -> CallSpec {
    CallSpec {
        operation: operation.into(),
        each: None,
        with: Map::new(),
        absent: Vec::new(),
        iam: Vec::new(),
        after: None,
        until: None,
    }
}

fn each(operation: &str, from: &str, at: &str, parameter: &str) -> CallSpec {
    let each = Each {
        from: from.into(),
        at: at.into(),
        parameter: parameter.into(),
        batch: None,
        apart: false,
        region_as: None,
        carry: Vec::new(),
    };
    CallSpec { each: Some(each), ..call(operation) }
}

fn catalog(services: Vec<(&str, Scope, Vec<CallSpec>)>) -> Catalog {
    let service = |(name, scope, calls): (&str, Scope, Vec<CallSpec>)| Service {
        service: name.into(),
        title: name.into(),
        scope,
        iam_prefix: name.into(),
        calls,
        further: Vec::new(),
        resources: Vec::new(),
    };
    Catalog { services: services.into_iter().map(service).collect(), further: Vec::new() }
}

fn small() -> Catalog {
    let tags = CallSpec {
        absent: vec!["NoSuchTagSet".into()],
        ..each("GetBucketTagging", "ListBuckets", "Buckets[].Name", "Bucket")
    };
    let mut services = each("DescribeServices", "ListServices", "serviceArns", "services");
    if let Some(each) = &mut services.each {
        each.batch = Some(2);
        each.carry = vec!["cluster".into()];
    }
    catalog(vec![
        (
            "ecs",
            Scope::Regional,
            vec![
                call("ListClusters"),
                each("ListServices", "ListClusters", "clusterArns", "cluster"),
                services,
            ],
        ),
        ("s3", Scope::Global, vec![call("ListBuckets"), tags]),
    ])
}

fn regions(names: &[&str]) -> Vec<Region> {
    names.iter().map(|name| Region::parse(name).unwrap()).collect()
}

async fn scan(cloud: &Cloud, catalog: &Catalog, names: &[&str], earlier: Option<Recording>) -> Recording {
    let checkpoint = Checkpoint::new(earlier, Timestamp::from_millis(0).unwrap());
    let request = Request { regions: regions(names), ..Request::default() };
    drive::run(cloud, catalog, request, &checkpoint).await;
    checkpoint.recording()
}

/// The outcomes, one line each, without those of the first three calls.
fn lines(recording: &Recording) -> Vec<String> {
    let line = |outcome: &Outcome| match outcome {
        Outcome::Response { .. } => "ok".to_owned(),
        Outcome::Denied { code, .. } => format!("denied {code}"),
        Outcome::Absent { code } => format!("absent {code}"),
        Outcome::Failed { code, .. } => format!("failed {code}"),
        Outcome::Skipped { reason } => format!("skipped: {reason}"),
    };
    let first = ["sts/GetCallerIdentity", "iam/ListAccountAliases", "us-east-1/ec2/DescribeRegions"];
    recording
        .manifest()
        .entries
        .iter()
        .map(|entry| format!("{} {}", entry.call.key(), line(&entry.outcome)))
        .filter(|line| !first.iter().any(|name| line.contains(name)))
        .collect()
}

#[tokio::test]
async fn everything_asks_more_apart_after_and_over_all_regions() {
    let mut apart = each("DescribeTasks", "ListTasks", "tasks", "tasks");
    if let Some(each) = &mut apart.each {
        (each.batch, each.apart) = (Some(100), true);
    }
    let mut zones = each("ListHostedZonesByVPC", "ecs:ListTasks", "tasks", "VPCId");
    if let Some(each) = &mut zones.each {
        each.region_as = Some("VPCRegion".into());
    }
    let until =
        CallSpec { until: Path::parse("State == 'COMPLETE'").ok(), ..call("GenerateCredentialReport") };
    let after = CallSpec { after: Some("GenerateCredentialReport".into()), ..call("GetCredentialReport") };
    let mut catalog = catalog(vec![
        ("ecs", Scope::Regional, vec![call("ListTasks"), apart]),
        ("iam", Scope::Global, Vec::new()),
        ("route53", Scope::Global, Vec::new()),
    ]);
    catalog.services[1].further = vec![until, after];
    catalog.services[2].further = vec![zones];
    let cloud = cloud(&[
        ("eu-west-1/ecs/ListTasks", Ok(json!({"tasks": ["a", "b"]}))),
        ("us-east-1/ecs/ListTasks", Ok(json!({"tasks": ["c"]}))),
        ("global/iam/GenerateCredentialReport", Ok(json!({"State": "STARTED"}))),
    ]);
    let sooner = |cloud: &Cloud, purpose| {
        let request = Request {
            regions: regions(&["global", "eu-west-1", "us-east-1"]),
            purpose,
            ..Request::default()
        };
        let checkpoint = Checkpoint::new(None, Timestamp::from_millis(0).unwrap());
        (request, checkpoint, cloud.asked.lock().unwrap().len())
    };
    let (request, checkpoint, _) = sooner(&cloud, Purpose::Diagram);
    drive::run(&cloud, &catalog, request, &checkpoint).await;
    assert_eq!(
        lines(&checkpoint.recording()),
        [
            "eu-west-1/ecs/DescribeTasks?tasks=[\"a\",\"b\"] ok",
            "eu-west-1/ecs/ListTasks ok",
            "us-east-1/ecs/DescribeTasks?tasks=[\"c\"] ok",
            "us-east-1/ecs/ListTasks ok",
        ]
    );
    let (request, checkpoint, asked) = sooner(&cloud, Purpose::Everything);
    let run = drive::run(&cloud, &catalog, request, &checkpoint);
    let finish = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        cloud
            .changed
            .lock()
            .unwrap()
            .insert("global/iam/GenerateCredentialReport", json!({"State": "COMPLETE"}));
    };
    tokio::join!(run, finish);
    assert_eq!(
        lines(&checkpoint.recording()),
        [
            "eu-west-1/ecs/DescribeTasks?tasks=[\"a\"] ok",
            "eu-west-1/ecs/DescribeTasks?tasks=[\"b\"] ok",
            "eu-west-1/ecs/ListTasks ok",
            "global/iam/GenerateCredentialReport ok",
            "global/iam/GetCredentialReport ok",
            "global/route53/ListHostedZonesByVPC?VPCId=\"a\"?VPCRegion=\"eu-west-1\" ok",
            "global/route53/ListHostedZonesByVPC?VPCId=\"b\"?VPCRegion=\"eu-west-1\" ok",
            "global/route53/ListHostedZonesByVPC?VPCId=\"c\"?VPCRegion=\"us-east-1\" ok",
            "us-east-1/ecs/DescribeTasks?tasks=[\"c\"] ok",
            "us-east-1/ecs/ListTasks ok",
        ]
    );
    let asked = cloud.asked.lock().unwrap()[asked..].to_vec();
    let reports: Vec<&String> = asked.iter().filter(|key| key.contains("Report")).collect();
    assert!(reports.len() >= 3, "{reports:?}");
    assert!(reports.last().unwrap().ends_with("/GetCredentialReport"), "{reports:?}");
}

#[tokio::test]
async fn items_batches_and_every_outcome() {
    let cloud = cloud(&[
        ("eu-west-1/ecs/ListClusters", Ok(json!({"clusterArns": ["b", "a", "a", ""]}))),
        ("eu-west-1/ecs/ListServices?cluster=\"a\"", Ok(json!({"serviceArns": ["3", "1", "2"]}))),
        (
            "eu-west-1/ecs/ListServices?cluster=\"b\"",
            Err((CallErrorKind::NotFound, "ClusterNotFoundException")),
        ),
        ("global/s3/ListBuckets", Ok(json!({"Buckets": [{"Name": "x"}, {"Name": "y"}]}))),
        ("global/s3/GetBucketTagging?Bucket=\"x\"", Err((CallErrorKind::Service, "NoSuchTagSet"))),
        ("global/s3/GetBucketTagging?Bucket=\"y\"", Err((CallErrorKind::Denied, "AccessDenied"))),
    ]);
    let recording = scan(&cloud, &small(), &["global", "eu-west-1"], None).await;
    assert_eq!(
        lines(&recording),
        [
            "eu-west-1/ecs/DescribeServices?cluster=\"a\"?services=[\"1\",\"2\"] ok",
            "eu-west-1/ecs/DescribeServices?cluster=\"a\"?services=[\"3\"] ok",
            "eu-west-1/ecs/ListClusters ok",
            "eu-west-1/ecs/ListServices?cluster=\"a\" ok",
            "eu-west-1/ecs/ListServices?cluster=\"b\" absent ClusterNotFoundException",
            "global/s3/GetBucketTagging?Bucket=\"x\" absent NoSuchTagSet",
            "global/s3/GetBucketTagging?Bucket=\"y\" denied AccessDenied",
            "global/s3/ListBuckets ok",
        ]
    );
    let manifest = recording.manifest();
    assert_eq!(manifest.aws_account.as_ref().unwrap().as_str(), "123456789012");
    assert_eq!(manifest.account_name.as_deref(), Some("acme"));
    assert_eq!(manifest.regions, regions(&["eu-west-1", "global"]));
    assert!(manifest.ended.is_some());
}

#[tokio::test]
async fn a_denied_list_skips_what_hangs_on_it() {
    let cloud = cloud(&[
        ("eu-west-1/ecs/ListClusters", Err((CallErrorKind::Denied, "AccessDeniedException"))),
        ("global/s3/ListBuckets", Err((CallErrorKind::Timeout, "Timeout"))),
    ]);
    let recording = scan(&cloud, &small(), &["global", "eu-west-1"], None).await;
    assert_eq!(
        lines(&recording),
        [
            "eu-west-1/ecs/DescribeServices skipped: ecs:ListServices was skipped",
            "eu-west-1/ecs/ListClusters denied AccessDeniedException",
            "eu-west-1/ecs/ListServices skipped: ecs:ListClusters was denied",
            "global/s3/GetBucketTagging skipped: s3:ListBuckets failed",
            "global/s3/ListBuckets failed Timeout",
        ]
    );
    assert_eq!(recording.gaps().count(), 2);
}

#[tokio::test]
async fn regions_and_services_that_are_not_there() {
    let not_there = Err((CallErrorKind::RegionDisabled, "UnknownEndpoint"));
    let cloud = cloud(&[("us-east-1/ecs/ListClusters", not_there)]);
    let recording = scan(&cloud, &small(), &["eu-south-2", "us-east-1"], None).await;
    assert_eq!(
        lines(&recording),
        [
            "eu-south-2/ec2/DescribeRegions failed RegionDisabled",
            "eu-south-2/ecs/DescribeServices skipped: the region eu-south-2 is not enabled",
            "eu-south-2/ecs/ListClusters skipped: the region eu-south-2 is not enabled",
            "eu-south-2/ecs/ListServices skipped: the region eu-south-2 is not enabled",
            "us-east-1/ecs/DescribeServices skipped: ecs:ListServices was skipped",
            "us-east-1/ecs/ListClusters skipped: ecs is not available in us-east-1",
            "us-east-1/ecs/ListServices skipped: ecs:ListClusters was skipped",
        ]
    );
    assert!(!cloud.asked.lock().unwrap().iter().any(|key| key.starts_with("eu-south-2")));
}

#[tokio::test]
async fn without_credentials_nothing_else_is_asked() {
    let cloud = cloud(&[("global/sts/GetCallerIdentity", Err((CallErrorKind::Credentials, "ExpiredToken")))]);
    let recording = scan(&cloud, &small(), &["eu-west-1"], None).await;
    assert_eq!(cloud.asked.lock().unwrap().len(), 1);
    assert_eq!(recording.gaps().count(), 1);
    assert!(lines(&recording).iter().all(|line| line.contains("there are no valid credentials")));
}

#[tokio::test]
async fn resumes_without_asking_twice() {
    let answers = [
        ("global/s3/ListBuckets", Ok(json!({"Buckets": [{"Name": "x"}, {"Name": "y"}]}))),
        ("global/s3/GetBucketTagging?Bucket=\"x\"", Err((CallErrorKind::Timeout, "Timeout"))),
    ];
    let first = scan(&cloud(&answers), &small(), &["global"], None).await;
    assert_eq!(first.gaps().count(), 1);
    let again = cloud(&answers[..1]);
    let second = scan(&again, &small(), &["global"], Some(first.clone())).await;
    assert_eq!(
        *again.asked.lock().unwrap(),
        ["global/sts/GetCallerIdentity", "global/s3/GetBucketTagging?Bucket=\"x\""]
    );
    assert_eq!(second.gaps().count(), 0);
    assert_eq!(second.manifest().scan, first.manifest().scan);
    let other = cloud(&[("global/sts/GetCallerIdentity", Ok(json!({"Account": "999999999999"})))]);
    let third = scan(&other, &small(), &["global"], Some(first)).await;
    assert_eq!(lines(&third), ["global/s3/ListBuckets ok"], "another account starts anew");
}

#[tokio::test]
async fn a_dropped_scan_leaves_what_it_had() {
    let cloud = cloud(&[("global/s3/ListBuckets", Ok(json!({"Buckets": [{"Name": "x"}]})))]);
    let checkpoint = Checkpoint::new(None, Timestamp::from_millis(0).unwrap());
    let catalog = small();
    {
        let request = Request { regions: regions(&["global"]), ..Request::default() };
        let mut run = std::pin::pin!(drive::run(&cloud, &catalog, request, &checkpoint));
        while !cloud.asked.lock().unwrap().iter().any(|key| key.contains("ListBuckets")) {
            assert!(futures::poll!(&mut run).is_pending());
        }
    }
    let partial = checkpoint.recording();
    assert!(partial.is_partial());
    assert_eq!(partial.manifest().entries.len(), 3, "who, alias and the list of buckets");
    let whole = scan(&cloud, &catalog, &["global"], Some(partial)).await;
    assert_eq!(lines(&whole), ["global/s3/GetBucketTagging?Bucket=\"x\" ok", "global/s3/ListBuckets ok"]);
}

#[tokio::test]
async fn limits_and_writing_calls() {
    let names: Vec<Value> = (0..50).map(|n| json!({"Name": format!("bucket-{n}")})).collect();
    let cloud = cloud(&[("global/s3/ListBuckets", Ok(json!({"Buckets": names})))]);
    let mut catalog = small();
    catalog.services[1].calls.push(call("DeleteBucket"));
    let recording = scan(&cloud, &catalog, &["global"], None).await;
    assert_eq!(cloud.most.load(Ordering::SeqCst), PER_SERVICE);
    let asked = cloud.asked.lock().unwrap();
    assert!(!asked.iter().any(|key| key.contains("DeleteBucket")));
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "nothing is asked twice");
    assert_eq!(lines(&recording).len(), 52);
    assert!(lines(&recording)[0].starts_with("global/s3/DeleteBucket skipped"));
}

#[test]
fn a_run_can_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let cloud = Cloud::default();
    let checkpoint = Checkpoint::new(None, Timestamp::from_millis(0).unwrap());
    is_send(drive::run(&cloud, &small(), Request::default(), &checkpoint));
}
