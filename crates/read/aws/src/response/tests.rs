//! Answers of each protocol, as bytes, and what becomes of them: data and one check.

use serde_json::{Value, json};

use super::{Answer, decode, error};

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers
        .iter()
        .map(|(n, v)| (n.parse::<http::HeaderName>().unwrap(), http::HeaderValue::from_str(v).unwrap()))
        .collect();
    Answer { status, headers, body: body.as_bytes().to_vec() }
}

/// Equal as text, so that the order of members counts.
fn check_with(service: &str, operation: &str, headers: &[(&str, &str)], body: &str, expected: Value) {
    let model = crate::model::service(service).unwrap().unwrap();
    let got = decode(&model, &model.operations[operation], &answer(200, headers, body));
    assert_eq!(got.map(|v| v.to_string()), Ok(expected.to_string()), "{service}:{operation} {body}");
}

fn check(service: &str, operation: &str, body: &str, expected: Value) {
    check_with(service, operation, &[], body, expected);
}

fn check_broken(service: &str, operation: &str, body: &str, reason: &str) {
    let model = crate::model::service(service).unwrap().unwrap();
    let got = decode(&model, &model.operations[operation], &answer(200, &[], body));
    let got = got.expect_err(body);
    assert!(got.contains(reason), "{got:?} should say {reason:?}");
}

fn roles(inner: &str) -> String {
    format!(
        "<ListRolesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListRolesResult>{inner}\
         </ListRolesResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListRolesResponse>"
    )
}

#[test]
fn query() {
    check(
        "iam",
        "ListRoles",
        &roles(
            "<IsTruncated>false</IsTruncated><Roles><member><RoleName>a</RoleName><Path>/</Path>\
             <CreateDate>2026-11-22T01:02:03Z</CreateDate><MaxSessionDuration>3600</MaxSessionDuration>\
             <AssumeRolePolicyDocument>%7B%22b%22%3A1%2C%22a%22%3A%5B%22%C3%A9%22%5D%7D</AssumeRolePolicyDocument>\
             </member></Roles>",
        ),
        json!({
            "Roles": [{
                "Path": "/",
                "RoleName": "a",
                "CreateDate": "2026-11-22T01:02:03+00:00",
                "AssumeRolePolicyDocument": {"b": 1, "a": ["é"]},
                "MaxSessionDuration": 3600,
            }],
            "IsTruncated": false,
        }),
    );
    // Empty is not absent.
    check("iam", "ListRoles", &roles("<Roles/>"), json!({"Roles": []}));
    check("iam", "ListRoles", &roles("<Roles></Roles>"), json!({"Roles": []}));
    check("iam", "ListRoles", &roles(""), json!({}));
    check("iam", "ListRoles", &roles("<Marker/>"), json!({"Marker": ""}));
    check(
        "iam",
        "ListRoles",
        &roles("<Newer><Deep>1</Deep></Newer><Marker>m</Marker>"),
        json!({"Marker": "m"}),
    );
    // Text: entities, characters by number, CDATA, unicode, space that counts.
    check(
        "iam",
        "ListRoles",
        &roles("<Marker> &lt;b&gt; &amp;amp; &#x1F986;&#33;<![CDATA[<raw>&amp;]]> 오리</Marker>"),
        json!({"Marker": " <b> &amp; 🦆!<raw>&amp; 오리"}),
    );
    // A policy that is no JSON stays text.
    check(
        "iam",
        "GetRolePolicy",
        "<R><GetRolePolicyResult><PolicyDocument>%7Bbroken</PolicyDocument></GetRolePolicyResult></R>",
        json!({"PolicyDocument": "%7Bbroken"}),
    );
    // A map.
    check(
        "sns",
        "GetTopicAttributes",
        "<R><GetTopicAttributesResult><Attributes><entry><key>b</key><value>1</value></entry><entry><key>a</key>\
         <value/></entry></Attributes></GetTopicAttributesResult></R>",
        json!({"Attributes": {"b": "1", "a": ""}}),
    );
    check(
        "iam",
        "GetAccountSummary",
        "<R><GetAccountSummaryResult><SummaryMap><entry><key>Users</key><value>27</value></entry></SummaryMap>\
         </GetAccountSummaryResult></R>",
        json!({"SummaryMap": {"Users": 27}}),
    );
    // Floats stay floats.
    check(
        "autoscaling",
        "DescribePolicies",
        "<R><DescribePoliciesResult><ScalingPolicies><member><StepAdjustments><member>\
         <MetricIntervalLowerBound>5</MetricIntervalLowerBound><ScalingAdjustment>-2</ScalingAdjustment></member>\
         </StepAdjustments></member></ScalingPolicies></DescribePoliciesResult></R>",
        json!({"ScalingPolicies": [{"StepAdjustments": [{"MetricIntervalLowerBound": 5.0, "ScalingAdjustment": -2}]}]}),
    );
}

#[test]
fn ec2() {
    check(
        "ec2",
        "DescribeVpcs",
        "<DescribeVpcsResponse><requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault>\
         <tagSet/><cidrBlockAssociationSet><item><associationId>x</associationId><cidrBlockState><state>associated\
         </state></cidrBlockState></item></cidrBlockAssociationSet></item></vpcSet></DescribeVpcsResponse>",
        json!({"Vpcs": [{
            "CidrBlockAssociationSet": [{"AssociationId": "x", "CidrBlockState": {"State": "associated"}}],
            "IsDefault": true,
            "Tags": [],
            "VpcId": "vpc-1",
        }]}),
    );
    check("ec2", "DescribeVpcs", "<R><vpcSet/></R>", json!({"Vpcs": []}));
    check("ec2", "DescribeVpcs", "<R/>", json!({}));
}

#[test]
fn json_protocols() {
    check(
        "dynamodb",
        "DescribeTable",
        r#"{"Table":{"TableName":"오리","CreationDateTime":1.4E9,"TableSizeBytes":18446744073709551615,
            "AttributeDefinitions":[],"StreamSpecification":null,"NewField":1}}"#,
        json!({"Table": {
            "AttributeDefinitions": [],
            "TableName": "오리",
            "CreationDateTime": "2014-05-13T16:53:20+00:00",
            "TableSizeBytes": 18_446_744_073_709_551_615_u64,
        }}),
    );
    check("dynamodb", "DescribeTable", "", json!({}));
    check("dynamodb", "DescribeTable", "{}", json!({}));
    check("kms", "GetPublicKey", r#"{"PublicKey":"AAEC"}"#, json!({"PublicKey": "AAEC"}));
    check(
        "ecs",
        "DescribeClusters",
        r#"{"clusters":[{"clusterName":"a","tags":[{"key":"k","value":""}],"statistics":[null]}],"failures":[]}"#,
        json!({
            "clusters": [{"clusterName": "a", "statistics": [null], "tags": [{"key": "k", "value": ""}]}],
            "failures": [],
        }),
    );
}

#[test]
fn rest_json() {
    check(
        "lambda",
        "ListFunctions",
        r#"{"Functions":[{"FunctionName":"f","Timeout":3.0,"Environment":{"Variables":{"B":"1","A":"2"}},
            "LastModified":"2026-11-22T01:02:03.000+0000","Layers":[{"Arn":"a","CodeSize":"12"}]}],"NextMarker":null}"#,
        json!({"Functions": [{
            "FunctionName": "f",
            "Timeout": 3,
            "LastModified": "2026-11-22T01:02:03.000+0000",
            "Environment": {"Variables": {"B": "1", "A": "2"}},
            "Layers": [{"Arn": "a", "CodeSize": 12}],
        }]}),
    );
    // HAL names on the wire, a time in seconds.
    check(
        "apigateway",
        "GetRestApis",
        r#"{"item":[{"id":"a","createdDate":1445412480,"binaryMediaTypes":[]}]}"#,
        json!({"items": [{"id": "a", "createdDate": "2015-10-21T07:28:00+00:00", "binaryMediaTypes": []}]}),
    );
    // The body as a blob, the rest in headers.
    check_with(
        "apigateway",
        "GetExport",
        &[("content-type", "application/json"), ("content-disposition", "attachment; a.json")],
        "{\"a\": 1}",
        json!({
            "contentType": "application/json",
            "contentDisposition": "attachment; a.json",
            "body": "eyJhIjogMX0=",
        }),
    );
}

#[test]
fn rest_xml() {
    check(
        "s3",
        "GetBucketAcl",
        "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>o</ID></Owner>\
         <AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"Group\"><URI>http://x/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>\
         </AccessControlList></AccessControlPolicy>",
        json!({
            "Owner": {"ID": "o"},
            "Grants": [{"Grantee": {"Type": "Group", "URI": "http://x/AllUsers"}, "Permission": "READ"}],
        }),
    );
    // Flattened lists: none, one, many, mixed with others.
    let list = |inner: &str| format!("<ListBucketResult>{inner}</ListBucketResult>");
    let row = |key: &str| format!("<Contents><Key>{key}</Key><Size>1</Size></Contents>");
    check("s3", "ListObjectsV2", &list("<Name>b</Name>"), json!({"Name": "b"}));
    check("s3", "ListObjectsV2", &list(&row("a")), json!({"Contents": [{"Key": "a", "Size": 1}]}));
    check(
        "s3",
        "ListObjectsV2",
        &list(&format!("{}<KeyCount>2</KeyCount>{}", row("a"), row("b"))),
        json!({"Contents": [{"Key": "a", "Size": 1}, {"Key": "b", "Size": 1}], "KeyCount": 2}),
    );
    check("s3", "GetBucketVersioning", "<VersioningConfiguration/>", json!({}));
    check("s3", "GetBucketVersioning", "", json!({}));
    // The body is the policy itself.
    check("s3", "GetBucketPolicy", "{\"Version\": \"2012\"}", json!({"Policy": "{\"Version\": \"2012\"}"}));
    check_with(
        "s3",
        "GetObject",
        &[
            ("content-length", "2"),
            ("last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ("x-amz-meta-who", "me"),
            ("x-amz-server-side-encryption-bucket-key-enabled", "true"),
        ],
        "hi",
        json!({
            "LastModified": "2015-10-21T07:28:00+00:00",
            "ContentLength": 2,
            "Metadata": {"who": "me"},
            "BucketKeyEnabled": true,
            "Body": "aGk=",
        }),
    );
    check(
        "route53",
        "ListHostedZones",
        "<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Config><PrivateZone>false\
         </PrivateZone></Config></HostedZone></HostedZones><MaxItems>100</MaxItems></ListHostedZonesResponse>",
        json!({"HostedZones": [{"Id": "/hostedzone/Z1", "Config": {"PrivateZone": false}}], "MaxItems": "100"}),
    );
}

#[test]
fn hostile_bytes_are_refused() {
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><R><vpcSet><item><vpcId>&a;</vpcId></item></vpcSet></R>";
    check_broken("ec2", "DescribeVpcs", bomb, "document type");
    check_broken("ec2", "DescribeVpcs", "<R><vpcSet><item><vpcId>&a;</vpcId></item></vpcSet></R>", "entity");
    check_broken("ec2", "DescribeVpcs", "<R><vpcSet><item>", "cut off");
    check_broken("ec2", "DescribeVpcs", "<R><vpcSet></R>", "broken XML");
    check_broken("ec2", "DescribeVpcs", "not xml at all", "no XML");
    // Wide and deep documents in unknown elements cost no stack; in known ones they are bounded.
    let deep = format!("<R>{}{}</R>", "<x>".repeat(100_000), "</x>".repeat(100_000));
    check("ec2", "DescribeVpcs", &deep, json!({}));
    // Statements of WAF rules nest in themselves.
    let deep =
        format!("{}{}", "{\"NotStatement\":{\"Statement\":".repeat(100), "{}".to_owned() + &"}}".repeat(100));
    let deep = format!("{{\"WebACL\":{{\"Rules\":[{{\"Statement\":{deep}}}]}}}}");
    check_broken("wafv2", "GetWebACL", &deep, "recursion limit");
    check_broken("ecs", "ListClusters", "<html>", "broken JSON");
    for (service, operation) in [("ecs", "ListClusters"), ("lambda", "ListFunctions")] {
        check_broken(service, operation, "\"sign in to the proxy\"", "no object");
    }
}

#[test]
fn strange_values_do_not_cost_the_answer() {
    check(
        "iam",
        "ListRoles",
        &roles(
            "<Roles><member><MaxSessionDuration>many</MaxSessionDuration><CreateDate>soon</CreateDate></member></Roles>",
        ),
        json!({"Roles": [{"CreateDate": "soon", "MaxSessionDuration": "many"}]}),
    );
    check("ecs", "ListClusters", r#"{"clusterArns":"one"}"#, json!({"clusterArns": "one"}));
}

fn check_error(service: &str, status: u16, headers: &[(&str, &str)], body: &str, code: &str, message: &str) {
    let model = crate::model::service(service).unwrap().unwrap();
    let said = error::read(&model, &answer(status, headers, body));
    assert_eq!((said.code.as_str(), said.message.as_str()), (code, message), "{body}");
}

#[test]
fn error_envelopes() {
    check_error(
        "iam",
        404,
        &[],
        "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>a &amp; b</Message></Error>\
         <RequestId>r</RequestId></ErrorResponse>",
        "NoSuchEntity",
        "a & b",
    );
    check_error(
        "ec2",
        403,
        &[],
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>\
         <RequestID>r</RequestID></Response>",
        "UnauthorizedOperation",
        "no",
    );
    check_error(
        "s3",
        404,
        &[],
        "<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>",
        "NoSuchBucket",
        "m",
    );
    check_error("s3", 403, &[], "", "403", "Forbidden");
    check_error("s3", 503, &[], "<html>busy", "503", "Service Unavailable");
    check_error(
        "dynamodb",
        400,
        &[],
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"m"}"#,
        "ResourceNotFoundException",
        "m",
    );
    check_error(
        "lambda",
        404,
        &[("x-amzn-errortype", "ResourceNotFoundException:http://internal.amazon.com/coral/")],
        r#"{"Message":"m"}"#,
        "ResourceNotFoundException",
        "m",
    );
    check_error("lambda", 400, &[], r#"{"code":"Bad","message":"m"}"#, "Bad", "m");
    check_error(
        "sqs",
        400,
        &[("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender")],
        r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"m"}"#,
        "AWS.SimpleQueueService.NonExistentQueue",
        "m",
    );
    check_error("ecs", 500, &[], "not json", "500", "Internal Server Error");
}
