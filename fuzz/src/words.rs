//! Texts: arguments, configuration, filters, names, policies, answers of AWS, earlier snapshots.

use isobar_aws::{read, read_error};
use isobar_cloudmapper::{Call, Config, Workplace, override_problems, parse_confined, quote, split};
use isobar_graph::Filter;
use isobar_iam::admin::{compatible, decide, decide_policy};
use isobar_iam::public::{is_internet_accessible, open_statements};
use isobar_iam::{AdminQuestion, Authorization, HolderKind, Policy, lint, pattern, trust};
use isobar_model::{AccountId, Arn, AwsAccountId, Partition, Region, Timestamp};
use isobar_network::Cidr;
use serde_json::{Value, json};

/// Arguments that an agent sends: four lines are the four texts of the tools endpoint. What is split
/// comes back from its quoted form, and nothing that is accepted names a file outside.
pub fn arguments(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // Quotes and the command's own words may carry what is just short enough over the limits.
    let same = |line: &str, words: &[String]| match split(line) {
        Ok(again) => assert_eq!(again, words),
        Err(problem) => assert!(words.len() > 250 || line.len() > 8_000, "{problem}: {line}"),
    };
    if let Ok(words) = split(text) {
        same(&words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" "), &words);
    }
    let mut lines = text.splitn(4, '\n').map(str::to_owned);
    let mut next = || lines.next().unwrap_or_default();
    let call = Call { action: next(), account: next(), config: next(), additional: next() };
    let line = call.line();
    assert!(
        !line.chars().any(|c| c.is_control() && c != '\n') || call.additional.chars().any(char::is_control)
    );
    if let Ok(argv) = call.argv() {
        same(&line.replacen("cloudmapper ", "", 1), &argv);
        let place = Workplace::confined("/nonexistent/isobar");
        match parse_confined(&argv, &place) {
            Ok(_) => {
                let leaves = |file: &str| file.starts_with('/') || file.split('/').any(|part| part == "..");
                let outside = |word: &String| word.split_once('=').is_some_and(|(_, file)| leaves(file));
                let files = ["--config", "--output", "--city", "--asn"];
                let bad = argv.iter().find(|w| outside(w) && files.iter().any(|f| w.starts_with(f)));
                assert_eq!(bad, None, "{argv:?}");
            }
            Err(output) => assert!([0, 2, 255].contains(&output.code), "{output:?}"),
        }
    }
}

/// `config.json`, and the audit's override file.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(mut config) = Config::parse(text, "config.json") {
        let again = Config::parse(&config.to_text(), "config.json").expect("our own text");
        assert_eq!(again.accounts(), config.accounts());
        let sorted = |mut cidrs: Vec<(String, String)>| {
            cidrs.sort();
            cidrs
        };
        assert_eq!(sorted(again.cidrs()), sorted(config.cidrs()));
        assert_eq!(again.to_text(), config.to_text());
        let _ = (config.select("all"), config.select("a,b,,"), config.one(None));
        config.accounts_mut().clear();
        config.cidrs_mut().clear();
    }
    let _ = override_problems(text);
}

/// The filter language: any text is a filter or a mistake with a place; a filter's print reads the same.
pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Filter::parse(text) {
        Ok(filter) => {
            let printed = filter.to_string();
            if printed.len() <= Filter::LONGEST {
                let again = Filter::parse(&printed).expect("our own print");
                assert_eq!(again.to_string(), printed, "{text:?}");
            }
        }
        Err(error) => assert!(error.offset <= text.chars().count().max(Filter::LONGEST)),
    }
}

/// ARNs, regions, account numbers, times, address ranges.
pub fn words(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(arn) = Arn::parse(text) {
        let parts = [arn.partition(), arn.service(), arn.region(), arn.account(), arn.resource()];
        assert_eq!(format!("arn:{}", parts.join(":")), text);
        let _ = arn.last_part();
    }
    if let Ok(region) = Region::parse(text) {
        assert_eq!(Region::parse(region.as_str()).as_ref(), Ok(&region));
        let _ = (region.partition().home_region(), region.is_global());
    }
    if let Ok(id) = AwsAccountId::parse(text) {
        assert!(id.as_str() == text || text.len() == 14 && id.as_str() == text.replace('-', ""));
    }
    if let Ok(time) = Timestamp::parse(text) {
        let millis = time.as_millis();
        let _ = (time.minute(), time.seconds_since(time), Timestamp::from_millis(millis));
        assert_eq!(Timestamp::parse(&time.to_string()).map(|t| t.as_millis()).ok(), Some(millis));
    }
    if let Some(cidr) = Cidr::parse(text) {
        assert!(cidr.holds(cidr.first()) && cidr.holds(cidr.last()) && cidr.contains(&cidr));
        let _ = (cidr.size(), cidr.is_private(), cidr.is_everything());
    }
    let _ = (AccountId::parse(text), Partition::parse(text));
}

/// Policy documents, and the answer that holds an account's principals: read, judged, linted.
pub fn policy(data: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Value>(data) else { return };
    let policy = Policy::read(&document);
    let question = AdminQuestion::default();
    let _ = (compatible(&policy, &question), decide_policy(&policy, &question));
    let _ = (lint::identity_policy(&document), lint::unrestricted(&document), trust::parties(&policy));
    let open = open_statements(&policy).count();
    assert!(open > 0 || !is_internet_accessible(&policy));
    assert_eq!(policy.allows().count() + policy.denies().count(), policy.statements.len());
    for statement in &policy.statements {
        for action in statement.actions.iter().chain(&statement.not_actions) {
            let _ = (pattern::matches_action(action, "iam:PutRolePolicy"), pattern::matches(action, action));
        }
    }
    // The document as an answer, and as every policy of one.
    let inside = json!({
        "RoleDetailList": [{"Arn": "arn:aws:iam::111122223333:role/r", "RoleName": "r", "AssumeRolePolicyDocument": document,
            "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}], "AttachedManagedPolicies": document}],
        "UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/u", "UserName": "u", "GroupList": ["g", document],
            "UserPolicyList": document}],
        "GroupDetailList": [{"GroupName": "g", "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": document}]}],
        "Policies": [{"Arn": "arn:aws:iam::111122223333:policy/p", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document}]}],
    });
    for answer in [&document, &inside] {
        let all = Authorization::read(answer);
        for kind in [HolderKind::Role, HolderKind::User, HolderKind::Group] {
            for holder in all.of(kind) {
                let _ =
                    (decide(&all, holder, &question), all.policies_of(holder).len(), all.boundary_of(holder));
            }
        }
    }
}

/// One or more operations of each protocol, with the shapes that need care: lists, flattened lists,
/// maps, recursion, blobs, times, payloads, documents inside text.
const OPERATIONS: [(&str, &str); 16] = [
    ("ec2", "DescribeInstances"),
    ("ec2", "DescribeSecurityGroups"),
    ("elbv2", "DescribeLoadBalancers"),
    ("iam", "GetAccountAuthorizationDetails"),
    ("iam", "GetCredentialReport"),
    ("rds", "DescribeDBInstances"),
    ("sts", "GetCallerIdentity"),
    ("sqs", "GetQueueAttributes"),
    ("dynamodb", "DescribeTable"),
    ("ecs", "DescribeTasks"),
    ("lambda", "ListFunctions"),
    ("lambda", "GetPolicy"),
    ("apigateway", "GetRestApis"),
    ("s3", "ListBuckets"),
    ("s3", "GetBucketPolicy"),
    ("route53", "ListResourceRecordSets"),
];

/// Answers of AWS in each protocol, good ones and errors: bytes become JSON or a clear word. The first
/// byte chooses the operation.
pub fn response(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else { return };
    let (service, operation) = OPERATIONS[usize::from(*choice) % OPERATIONS.len()];
    if let Ok(answer) = read(service, operation, body) {
        assert!(answer.is_object(), "{service} {operation}");
    }
    let error = read_error(service, 400, body).expect("the service is known");
    assert!(!error.code.is_empty() && !error.message.chars().any(char::is_control), "{error:?}");
}

/// An earlier snapshot: what it locks has a place in it, and places are where a drawing can be.
pub fn snapshot(data: &[u8]) {
    let Ok(earlier) = isobar_export::json::read(data) else { return };
    for (id, at) in &earlier.locked {
        assert!(at.x.abs() <= 1e6 && at.y.abs() <= 1e6, "{id} at {at:?}");
        assert!(earlier.hint.place(id).is_some(), "{id}");
    }
}
