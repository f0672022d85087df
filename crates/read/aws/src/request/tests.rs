//! Requests of each protocol as they stand on the wire: data and one check.

use serde_json::{Value, json};

use super::write;

/// `METHOD path?query`, headers in order, body, and host prefix where there is one.
fn check(service: &str, operation: &str, parameters: Value, expected: &str) {
    let model = crate::model::service(service).unwrap().unwrap();
    let shape = &model.operations[operation];
    let got = match write(&model, operation, shape, parameters.as_object().unwrap()) {
        Ok(request) => {
            let mut lines = vec![format!("{} {}{}", request.method, request.path, request.query_string())];
            lines.extend(request.host_prefix.iter().map(|p| format!("host: {p}")));
            lines.extend(request.bucket.iter().map(|b| format!("bucket: {b}")));
            lines.extend(request.headers.iter().map(|(n, v)| format!("{n}: {v}")));
            if !request.body.is_empty() {
                lines.push(String::from_utf8(request.body).unwrap());
            }
            lines.join("\n")
        }
        Err(reason) => format!("refused: {reason}"),
    };
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(got, expected.join("\n"), "{service}:{operation}");
}

const FORM: &str = "content-type: application/x-www-form-urlencoded; charset=utf-8";

#[test]
fn query() {
    check("iam", "ListRoles", json!({}), &format!("POST /\n{FORM}\nAction=ListRoles&Version=2010-05-08"));
    check(
        "iam",
        "ListRoles",
        json!({"PathPrefix": "/a b/ü", "MaxItems": 3, "Marker": null}),
        &format!(
            "POST /\n{FORM}\nAction=ListRoles&Version=2010-05-08&PathPrefix=%2Fa%20b%2F%C3%BC&MaxItems=3"
        ),
    );
    // Lists with and without items, lists of structures.
    check(
        "autoscaling",
        "DescribeAutoScalingGroups",
        json!({"AutoScalingGroupNames": ["a", "b"], "Filters": [{"Name": "tag", "Values": ["x"]}]}),
        &format!(
            "POST /\n{FORM}\nAction=DescribeAutoScalingGroups&Version=2011-01-01\
             &AutoScalingGroupNames.member.1=a&AutoScalingGroupNames.member.2=b\
             &Filters.member.1.Name=tag&Filters.member.1.Values.member.1=x"
        ),
    );
    check(
        "autoscaling",
        "DescribeAutoScalingGroups",
        json!({"AutoScalingGroupNames": []}),
        &format!(
            "POST /\n{FORM}\nAction=DescribeAutoScalingGroups&Version=2011-01-01&AutoScalingGroupNames="
        ),
    );
    // A member name of the list's own.
    check(
        "rds",
        "DescribeDBInstances",
        json!({"Filters": [{"Name": "n", "Values": ["v"]}]}),
        &format!(
            "POST /\n{FORM}\nAction=DescribeDBInstances&Version=2014-10-31\
             &Filters.Filter.1.Name=n&Filters.Filter.1.Values.Value.1=v"
        ),
    );
    // Times.
    check(
        "rds",
        "DescribeEvents",
        json!({"StartTime": 1_445_412_480, "EndTime": "2015-10-21T09:28:00+02:00"}),
        &format!(
            "POST /\n{FORM}\nAction=DescribeEvents&Version=2014-10-31\
             &StartTime=2015-10-21T07%3A28%3A00Z&EndTime=2015-10-21T07%3A28%3A00Z"
        ),
    );
    check("iam", "ListRoles", json!({"Nonsense": 1}), "refused: iam:ListRoles has no parameter Nonsense");
    check(
        "iam",
        "ListRoles",
        json!({"PathPrefix": ["a"]}),
        "refused: a list or an object stands where a scalar should",
    );
}

#[test]
fn ec2() {
    check(
        "ec2",
        "DescribeInstances",
        json!({"InstanceIds": ["i-1", "i-2"], "Filters": [{"Name": "n", "Values": ["a", "b"]}], "DryRun": false}),
        &format!(
            "POST /\n{FORM}\nAction=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1&InstanceId.2=i-2\
             &Filter.1.Name=n&Filter.1.Value.1=a&Filter.1.Value.2=b&DryRun=false"
        ),
    );
}

#[test]
fn json_1_0_and_1_1() {
    check(
        "dynamodb",
        "DescribeTable",
        json!({"TableName": "오리"}),
        "POST /\ncontent-type: application/x-amz-json-1.0\nx-amz-target: DynamoDB_20120810.DescribeTable\n{\"TableName\":\"오리\"}",
    );
    check(
        "ecs",
        "ListClusters",
        json!({}),
        "POST /\ncontent-type: application/x-amz-json-1.1\n\
         x-amz-target: AmazonEC2ContainerServiceV20141113.ListClusters\n{}",
    );
    // A service that spoke the query protocol once says that it still wants its old error codes.
    check(
        "sqs",
        "ListQueues",
        json!({}),
        "POST /\ncontent-type: application/x-amz-json-1.0\nx-amz-target: AmazonSQS.ListQueues\n\
         x-amzn-query-mode: true\n{}",
    );
    check(
        "cloudtrail",
        "LookupEvents",
        json!({"StartTime": "2015-10-21T07:28:00Z"}),
        "POST /\ncontent-type: application/x-amz-json-1.1\n\
         x-amz-target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents\n{\"StartTime\":1445412480}",
    );
}

#[test]
fn rest_json() {
    check(
        "lambda",
        "GetFunction",
        json!({"FunctionName": "a/b c", "Qualifier": "1"}),
        "GET /2015-03-31/functions/a%2Fb%20c?Qualifier=1",
    );
    check("lambda", "GetFunction", json!({}), "refused: the parameter FunctionName is missing");
    check(
        "lambda",
        "GetFunction",
        json!({"FunctionName": ""}),
        "refused: the parameter FunctionName is missing",
    );
    check(
        "apigateway",
        "GetResources",
        json!({"restApiId": "r", "embed": ["methods", "x"]}),
        "GET /restapis/r/resources?embed=methods&embed=x",
    );
    check(
        "batch",
        "DescribeComputeEnvironments",
        json!({}),
        "POST /v1/describecomputeenvironments\ncontent-type: application/json\n{}",
    );
    check("glacier", "ListVaults", json!({"accountId": "-"}), "GET /-/vaults");
}

#[test]
fn rest_xml() {
    check(
        "s3",
        "ListObjectsV2",
        json!({"Bucket": "b", "Prefix": "a/ü", "MaxKeys": 2}),
        "GET /?list-type=2&prefix=a%2F%C3%BC&max-keys=2\nbucket: b",
    );
    check("s3", "GetBucketAcl", json!({"Bucket": "b"}), "GET /?acl\nbucket: b");
    check("s3", "GetBucketAcl", json!({}), "refused: the parameter Bucket is missing");
    check(
        "s3",
        "GetObjectTagging",
        json!({"Bucket": "b", "Key": "a/b c+~é"}),
        "GET /a/b%20c%2B~%C3%A9?tagging\nbucket: b",
    );
    check(
        "s3",
        "GetObject",
        json!({"Bucket": "b", "Key": "k", "IfModifiedSince": "2015-10-21T07:28:00Z"}),
        "GET /k\nbucket: b\nif-modified-since: Wed, 21 Oct 2015 07:28:00 GMT",
    );
    check(
        "s3",
        "GetObject",
        json!({"Bucket": "b", "Key": "k", "Range": "a\r\nb: c"}),
        "refused: the parameter Range cannot stand in a header",
    );
    // Route 53 gives ids as paths and takes them without.
    check("route53", "GetHostedZone", json!({"Id": "/hostedzone/Z1"}), "GET /2013-04-01/hostedzone/Z1");
    check(
        "route53",
        "ListTagsForResources",
        json!({"ResourceType": "hostedzone", "ResourceIds": ["a", "<b>"]}),
        "POST /2013-04-01/tags/hostedzone\ncontent-type: application/xml\n\
         <ListTagsForResourcesRequest xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">\
         <ResourceIds><ResourceId>a</ResourceId><ResourceId>&lt;b&gt;</ResourceId></ResourceIds>\
         </ListTagsForResourcesRequest>",
    );
}

#[test]
fn host_prefixes() {
    check(
        "s3control",
        "ListAccessPoints",
        json!({"AccountId": "123456789012"}),
        "GET /v20180820/accesspoint\nhost: 123456789012.\nx-amz-account-id: 123456789012",
    );
    check(
        "s3control",
        "ListAccessPoints",
        json!({"AccountId": "evil.example/"}),
        "refused: the parameter AccountId must be a part of a host name",
    );
    check(
        "s3control",
        "ListAccessPoints",
        json!({}),
        "refused: the parameter AccountId must be a part of a host name",
    );
}
