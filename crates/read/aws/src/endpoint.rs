//! Where a service answers and for which region and name its requests are signed.
//!
//! In: the tables that were computed from botocore's endpoint rules, and the user's overrides. Out: an
//! [`Endpoint`]. Buckets and host prefixes are put in by `transport`'s caller, `client`.

use std::collections::HashMap;
use std::sync::LazyLock;

use isobar_model::Region;
use serde::Deserialize;

use crate::Settings;
use crate::model::{Operation, Service};

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// `https://iam.amazonaws.com`, without a slash at the end.
    pub(crate) url: String,
    pub(crate) signing_region: String,
    pub(crate) signing_name: String,
    /// Whether the user chose it; then the host is left alone.
    pub(crate) overridden: bool,
}

type Row = (String, String, String, String);

#[derive(Deserialize)]
struct Tables {
    partitions: HashMap<String, Partition>,
    services: HashMap<String, HashMap<String, Vec<Row>>>,
}

#[derive(Deserialize)]
struct Partition {
    suffix: String,
    dual: String,
    regions: Vec<String>,
}

static TABLES: LazyLock<Result<Tables, String>> = LazyLock::new(|| {
    let json = crate::model::endpoints().map_err(|e| e.to_string())?;
    serde_json::from_slice(&json).map_err(|e| e.to_string())
});

/// The regions of the partition that a region lies in, sorted.
pub fn regions(of: &Region) -> Vec<Region> {
    let Ok(tables) = TABLES.as_ref() else { return Vec::new() };
    let partition = tables.partitions.get(of.partition().as_str());
    partition.map(|p| p.regions.iter().filter_map(|r| Region::parse(r).ok()).collect()).unwrap_or_default()
}

/// Finds the endpoint. The error is words: the service has none in this region, or no FIPS one.
pub(crate) fn resolve(
    settings: &Settings,
    service: &Service,
    operation: &Operation,
    region: &Region,
) -> Result<Endpoint, String> {
    let tables = TABLES.as_ref().map_err(Clone::clone)?;
    let partition = region.partition().as_str();
    let known = tables.partitions.get(partition).ok_or_else(|| format!("unknown partition {partition}"))?;
    let (variant, suffix, fips) = match (settings.fips, settings.dual_stack) {
        (false, false) => ("plain", &known.suffix, ""),
        (true, false) => ("fips", &known.suffix, "-fips"),
        (false, true) => ("dual", &known.dual, ""),
        (true, true) => ("fips_dual", &known.dual, "-fips"),
    };
    let key = operation.endpoint.as_deref().unwrap_or(&service.name);
    let rows = tables.services.get(key).and_then(|table| table.get(variant)).map_or(&[][..], Vec::as_slice);
    let row = rows
        .iter()
        .find(|row| row.0 == region.as_str())
        .or_else(|| rows.iter().find(|row| row.0 == partition));
    let (url, signing_region, signing_name) = match row {
        Some((_, url, region, name)) => (url.clone(), region.as_str(), name.as_str()),
        None => (format!("https://{}{fips}.{{region}}.{suffix}", service.prefix), "", ""),
    };
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let mut endpoint = Endpoint {
        url: url.replace("{region}", region.as_str()),
        signing_region: or(signing_region, region.as_str()),
        signing_name: or(signing_name, &service.signing_name),
        overridden: false,
    };
    if let Some(url) = overriding(settings, service) {
        url.trim_end_matches('/').clone_into(&mut endpoint.url);
        endpoint.overridden = true;
    } else if url.is_empty() {
        let kind = if variant == "plain" { "" } else { " of this kind (FIPS, dual-stack)" };
        return Err(format!("{} has no endpoint{kind} in {region}", service.name));
    }
    Ok(endpoint)
}

/// `AWS_ENDPOINT_URL_<SERVICE>` before a profile's section for it, and both before an endpoint for all:
/// where the environment has one for all, the profile's sections were not read.
fn overriding(settings: &Settings, service: &Service) -> Option<String> {
    // The variable is made of the service's id: `Elastic Load Balancing v2`, `elastic_load_balancing_v2`.
    let id: String =
        service.id.chars().map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() }).collect();
    settings
        .endpoints
        .get(&service.name)
        .or_else(|| settings.endpoints.get(&id))
        .or_else(|| settings.endpoints.get(&service.name.replace('-', "_")))
        .cloned()
        .or_else(|| settings.services.endpoint(&service.id))
        .or_else(|| settings.endpoint.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(settings: &Settings, service: &str, operation: &str, region: &str, expected: [&str; 3]) {
        let model = crate::model::service(service).unwrap().unwrap();
        let operation = &model.operations[operation];
        let got = resolve(settings, &model, operation, &Region::parse(region).unwrap()).unwrap();
        assert_eq!([&got.url, &got.signing_region, &got.signing_name], expected, "{service} {region}");
    }

    #[test]
    fn endpoints_of_all_partitions() {
        let plain = Settings::default();
        for (service, operation, region, expected) in [
            ("ec2", "DescribeVpcs", "eu-west-1", ["https://ec2.eu-west-1.amazonaws.com", "eu-west-1", "ec2"]),
            (
                "ec2",
                "DescribeVpcs",
                "cn-north-1",
                ["https://ec2.cn-north-1.amazonaws.com.cn", "cn-north-1", "ec2"],
            ),
            ("iam", "ListRoles", "eu-west-1", ["https://iam.amazonaws.com", "us-east-1", "iam"]),
            (
                "iam",
                "ListRoles",
                "us-gov-west-1",
                ["https://iam.us-gov.amazonaws.com", "us-gov-west-1", "iam"],
            ),
            (
                "iam",
                "ListRoles",
                "cn-northwest-1",
                ["https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1", "iam"],
            ),
            (
                "route53",
                "ListHostedZones",
                "eu-west-1",
                ["https://route53.amazonaws.com", "us-east-1", "route53"],
            ),
            ("sts", "AssumeRole", "eu-west-1", ["https://sts.eu-west-1.amazonaws.com", "eu-west-1", "sts"]),
            (
                "elbv2",
                "DescribeLoadBalancers",
                "eu-west-1",
                ["https://elasticloadbalancing.eu-west-1.amazonaws.com", "eu-west-1", "elasticloadbalancing"],
            ),
            (
                "acm",
                "ListCertificates",
                "eu-west-1",
                ["https://acm.eu-west-1.amazonaws.com", "eu-west-1", "acm"],
            ),
            ("s3", "ListBuckets", "us-east-1", ["https://s3.us-east-1.amazonaws.com", "us-east-1", "s3"]),
            (
                "s3control",
                "ListAccessPoints",
                "eu-west-1",
                ["https://s3-control.eu-west-1.amazonaws.com", "eu-west-1", "s3"],
            ),
            (
                "ec2",
                "DescribeVpcs",
                "eusc-de-east-1",
                ["https://ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "ec2"],
            ),
        ] {
            check(&plain, service, operation, region, expected);
        }
    }

    #[test]
    fn fips_and_dual_stack() {
        let fips = Settings { fips: true, ..Settings::default() };
        check(
            &fips,
            "ec2",
            "DescribeVpcs",
            "us-east-1",
            ["https://ec2-fips.us-east-1.amazonaws.com", "us-east-1", "ec2"],
        );
        check(
            &fips,
            "sts",
            "AssumeRole",
            "us-gov-west-1",
            ["https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1", "sts"],
        );
        let dual = Settings { dual_stack: true, ..Settings::default() };
        check(
            &dual,
            "lambda",
            "ListFunctions",
            "us-east-1",
            ["https://lambda.us-east-1.api.aws", "us-east-1", "lambda"],
        );
        check(
            &dual,
            "s3",
            "ListBuckets",
            "us-east-1",
            ["https://s3.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3"],
        );
    }

    #[test]
    fn overrides_win_and_keep_the_signature() {
        let pairs = [
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:5000/"),
            ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:5001"),
            ("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://127.0.0.1:5002"),
        ];
        let settings = Settings::from_pairs(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())));
        check(&settings, "iam", "ListRoles", "eu-west-1", ["http://127.0.0.1:5000", "us-east-1", "iam"]);
        check(&settings, "sts", "AssumeRole", "eu-west-1", ["http://127.0.0.1:5001", "eu-west-1", "sts"]);
        check(
            &settings,
            "elbv2",
            "DescribeLoadBalancers",
            "eu-west-1",
            ["http://127.0.0.1:5002", "eu-west-1", "elasticloadbalancing"],
        );
    }

    #[test]
    fn regions_of_a_partition() {
        let of = |r: &str| regions(&Region::parse(r).unwrap()).len();
        assert!(of("us-east-1") > 30);
        assert!(of("cn-north-1") >= 2 && of("cn-north-1") < 10);
    }
}
