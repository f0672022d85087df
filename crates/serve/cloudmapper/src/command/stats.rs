//! `stats`: how many of what each account has.

use std::collections::BTreeMap;

use clap::Args;
use isobar_model::Region;
use isobar_recording::Recording;
use isobar_report::chart;

use super::Accounts;
use crate::answers::{instances, items, printable, regions, text};
use crate::{Context, Error, plot};

/// Count the resources of accounts.
#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    accounts: Accounts,
    /// Where to draw the counts as stacked bars: an SVG where the name ends so, else a PNG
    #[arg(long = "output_image", alias = "output-image", default_value = "resource_stats.png")]
    output_image: String,
    /// Draw nothing
    #[arg(long = "no_output_image", alias = "no-output-image")]
    no_output_image: bool,
    /// Count more kinds of resources
    #[arg(long = "stats_all_resources", alias = "stats-all-resources")]
    stats_all_resources: bool,
}

/// A kind of resource and how to count it in one region.
pub(crate) struct Row {
    /// As CloudMapper words it.
    pub name: &'static str,
    count: Count,
    /// Only with `--stats_all_resources`.
    pub verbose: bool,
}

enum Count {
    /// Items at a pointer in the answers of an operation.
    Items(&'static str, &'static str, &'static str),
    /// The same for a global service, counted once under the first region.
    Global(&'static str, &'static str, &'static str),
    /// Buckets, by where they are.
    Buckets,
    /// Running instances.
    Running,
}

const fn row(name: &'static str, service: &'static str, operation: &'static str, at: &'static str) -> Row {
    Row { name, count: Count::Items(service, operation, at), verbose: false }
}

const fn more(name: &'static str, service: &'static str, operation: &'static str, at: &'static str) -> Row {
    Row { name, count: Count::Items(service, operation, at), verbose: true }
}

const fn global(
    name: &'static str,
    service: &'static str,
    operation: &'static str,
    at: &'static str,
    verbose: bool,
) -> Row {
    Row { name, count: Count::Global(service, operation, at), verbose }
}

/// The rows in CloudMapper's order.
pub(crate) static ROWS: &[Row] = &[
    Row { name: "S3 buckets", count: Count::Buckets, verbose: false },
    Row { name: "EC2 instances", count: Count::Running, verbose: false },
    row("ELBs", "elb", "DescribeLoadBalancers", "/LoadBalancerDescriptions"),
    row("ELBv2s", "elbv2", "DescribeLoadBalancers", "/LoadBalancers"),
    row("RDS instances", "rds", "DescribeDBInstances", "/DBInstances"),
    row("Redshift clusters", "redshift", "DescribeClusters", "/Clusters"),
    row("ElasticSearch domains", "es", "ListDomainNames", "/DomainNames"),
    row("Elasticache clusters", "elasticache", "DescribeCacheClusters", "/CacheClusters"),
    row("SNS topics", "sns", "ListTopics", "/Topics"),
    row("SQS queues", "sqs", "ListQueues", "/QueueUrls"),
    global("CloudFronts", "cloudfront", "ListDistributions", "/DistributionList/Items", false),
    row("Autoscaling groups", "autoscaling", "DescribeAutoScalingGroups", "/AutoScalingGroups"),
    row("ElasticBeanstalks", "elasticbeanstalk", "DescribeApplications", "/Applications"),
    row("Firehose streams", "firehose", "ListDeliveryStreams", "/DeliveryStreamNames"),
    row("Glacier vaults", "glacier", "ListVaults", "/VaultList"),
    row("KMS keys", "kms", "ListKeys", "/Keys"),
    row("Lambda functions", "lambda", "ListFunctions", "/Functions"),
    row("Glue Jobs", "glue", "GetJobs", "/Jobs"),
    row("Glue Triggers", "glue", "GetTriggers", "/Triggers"),
    global("Route53 hosted zones", "route53", "ListHostedZones", "/HostedZones", true),
    global("Route53 domains", "route53domains", "ListDomains", "/Domains", true),
    more("EC2 AMIs", "ec2", "DescribeImages", "/Images"),
    more("Network ACLs", "ec2", "DescribeNetworkAcls", "/NetworkAcls"),
    more("Route tables", "ec2", "DescribeRouteTables", "/RouteTables"),
    more("EC2 snapshots", "ec2", "DescribeSnapshots", "/Snapshots"),
    more("VPC endpoints", "ec2", "DescribeVpcEndpointConnections", "/VpcEndpointConnections"),
    more("VPN connections", "ec2", "DescribeVpnConnections", "/VpnConnections"),
    more("DirectConnects", "directconnect", "DescribeConnections", "/connections"),
    more("CloudSearch domains", "cloudsearch", "DescribeDomains", "/DomainStatusList"),
    more("ECR repositories", "ecr", "DescribeRepositories", "/repositories"),
    more("CloudFormation stacks", "cloudformation", "DescribeStacks", "/Stacks"),
    more("EFS", "efs", "DescribeFileSystems", "/FileSystems"),
    more("Cloudwatch alarms", "cloudwatch", "DescribeAlarms", "/MetricAlarms"),
    more("Config rules", "config", "DescribeConfigRules", "/ConfigRules"),
    more("Event rules", "events", "ListRules", "/Rules"),
    more("Log groups", "logs", "DescribeLogGroups", "/logGroups"),
    more("ACM Certificates", "acm", "ListCertificates", "/CertificateSummaryList"),
    more("DynamoDB Tables", "dynamodb", "ListTables", "/TableNames"),
    more("Internet Gateways", "ec2", "DescribeInternetGateways", "/InternetGateways"),
];

impl Row {
    /// How many there are in one region of an account.
    pub(crate) fn count(&self, recording: &Recording, region: &Region) -> usize {
        match &self.count {
            Count::Items(service, operation, at) => items(recording, region, service, operation, at).count(),
            Count::Global(service, operation, at) => {
                let first = regions(recording).next() == Some(region);
                if first { items(recording, &Region::global(), service, operation, at).count() } else { 0 }
            }
            Count::Running => {
                instances(recording, region).filter(|i| i["State"]["Name"] == "running").count()
            }
            Count::Buckets => buckets(recording).filter(|(_, at)| at == region.as_str()).count(),
        }
    }
}

/// Buckets and where they are; a bucket whose place could not be read counts in the home region.
fn buckets(recording: &Recording) -> impl Iterator<Item = (&str, String)> {
    let global = Region::global();
    let home = recording.manifest().partition.home_region().to_string();
    let located: BTreeMap<&str, &str> = recording
        .responses("s3", "GetBucketLocation", &global)
        .filter_map(|(call, a)| {
            Some((call.parameters.get("Bucket")?.as_str()?, text(&a["LocationConstraint"])))
        })
        .collect();
    let names = items(recording, &global, "s3", "ListBuckets", "/Buckets").map(|b| text(&b["Name"]));
    names.map(move |name| {
        let place = match located.get(name).copied() {
            None | Some("") => home.clone(),
            Some("EU") => "eu-west-1".to_owned(),
            Some(place) => place.to_owned(),
        };
        (name, place)
    })
}

fn chosen(all: bool) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| all || !row.verbose)
}

/// The names of the chosen rows.
pub(crate) fn names(all: bool) -> impl Iterator<Item = &'static str> {
    chosen(all).map(|row| row.name)
}

/// Counts of the chosen rows over all regions of an account.
pub(crate) fn counts(recording: &Recording, all: bool) -> Vec<usize> {
    chosen(all).map(|row| regions(recording).map(|region| row.count(recording, region)).sum()).collect()
}

impl Stats {
    pub(super) fn run(&self, context: &mut Context) -> Result<(), Error> {
        let (_, entries) = self.accounts.read(context)?;
        let all = self.stats_all_resources;
        let counted = context.each(&entries, |_, recording| counts(recording, all));
        let counted: Vec<Vec<usize>> = counted.into_iter().collect::<Result<_, _>>()?;
        let accounts: Vec<String> = entries.iter().map(|account| account.name.clone()).collect();
        let rows: Vec<chart::Bar> = names(all)
            .enumerate()
            .map(|(at, name)| (name.to_owned(), counted.iter().map(|counts| counts[at]).collect()))
            .collect();
        let heads: Vec<String> = accounts.iter().map(|name| printable(name)).collect();
        context.output.line(format!("{:>20}\t{}", "", heads.join("\t")));
        for (name, counts) in &rows {
            let cells: String = counts.iter().map(|n| format!("\t{n:<8}")).collect();
            context.output.line(format!("{name:<20}{cells}"));
        }
        if !self.no_output_image {
            let chart = chart::stacked("Resources by account", &accounts, &rows);
            let path = context.place.path(&self.output_image)?;
            if self.output_image.to_ascii_lowercase().ends_with(".svg") {
                context.write(&path, chart.svg().as_bytes())?;
            } else {
                let png = plot::png(&chart).map_err(|error| Error::File {
                    path: path.clone(),
                    source: std::io::Error::other(error),
                })?;
                context.write(&path, &png)?;
            }
            context.output.note(format!("Image saved to {}", self.output_image));
        }
        Ok(())
    }
}
