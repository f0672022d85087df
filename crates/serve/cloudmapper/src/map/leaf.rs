//! Leaves: the things in subnets that the map shows, each as CloudMapper names it.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use isobar_model::Region;
use isobar_network::Cidr;
use isobar_recording::Recording;
use serde_json::{Value, json};

use super::MapOptions;

/// A thing with a place in a VPC. What stands in several subnets is one leaf with several copies in
/// the file, one a subnet.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// The id without a subnet.
    pub id: String,
    /// Whether the copies' ids carry their subnet.
    pub id_has_subnet: bool,
    /// The id people know.
    pub local_id: String,
    /// The name shown.
    pub name: String,
    /// CloudMapper's type: `ec2`, `elbv2`, `rds_rr`, ...
    pub kind: String,
    /// The VPC's id.
    pub vpc: String,
    /// Subnets' ids; empty for what stands in the VPC itself.
    pub subnets: Vec<String>,
    /// Private and public addresses.
    pub addresses: Vec<IpAddr>,
    /// It can be reached from outside.
    pub public: bool,
    /// It can start traffic.
    pub starts: bool,
    /// Security groups' ids.
    pub groups: Vec<String>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// What AWS said of it.
    pub data: Value,
    /// A gateway endpoint: every leaf of the VPC and its peers reaches it.
    pub gateway: bool,
}

/// All leaves of a region. Of several instances collapsed into one leaf, addresses, groups and
/// subnets are joined; CloudMapper kept only the last one's.
pub(crate) fn leaves(
    recording: &Recording,
    region: &Region,
    account: &str,
    options: &MapOptions,
) -> Vec<Leaf> {
    let scan = Scan { recording, region, account, options };
    let mut all = scan.instances();
    all.extend(scan.classic_balancers());
    all.extend(scan.balancers());
    all.extend(scan.databases());
    all.extend(scan.tasks());
    all.extend(scan.functions());
    all.extend(scan.redshift());
    all.extend(scan.search_domains());
    all.extend(scan.endpoints());
    all.retain(|leaf| options.tagged(&leaf.tags));
    all
}

struct Scan<'a> {
    recording: &'a Recording,
    region: &'a Region,
    account: &'a str,
    options: &'a MapOptions,
}

impl<'a> Scan<'a> {
    fn items(
        &self,
        service: &str,
        operation: &str,
        list: &'static str,
    ) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.recording.responses(service, operation, self.region).flat_map(move |(_, a)| array(&a[list]))
    }

    fn leaf(&self, kind: &str, id: String, local_id: &str, data: &Value) -> Leaf {
        Leaf {
            id,
            id_has_subnet: false,
            local_id: local_id.to_owned(),
            name: local_id.to_owned(),
            kind: kind.to_owned(),
            vpc: String::new(),
            subnets: Vec::new(),
            addresses: Vec::new(),
            public: false,
            starts: true,
            groups: Vec::new(),
            tags: Vec::new(),
            data: data.clone(),
            gateway: false,
        }
    }

    fn instances(&self) -> Vec<Leaf> {
        let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
        let mut all: Vec<Leaf> = Vec::new();
        let reservations = self.items("ec2", "DescribeInstances", "Reservations");
        for instance in reservations.flat_map(|r| array(&r["Instances"])) {
            if instance["State"]["Name"] != "running" {
                continue;
            }
            let leaf = self.instance(instance);
            match by_id.get(&leaf.id) {
                Some(&at) => {
                    let last = leaf.groups.clone();
                    join(&mut all[at], leaf);
                    if self.options.strict_compat {
                        all[at].groups = last;
                    }
                }
                None => {
                    by_id.insert(leaf.id.clone(), all.len());
                    all.push(leaf);
                }
            }
        }
        all
    }

    fn instance(&self, instance: &Value) -> Leaf {
        let tags = tags(&instance["Tags"]);
        let tag = |key: &str| tags.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let group = tag("aws:autoscaling:groupName").filter(|_| self.options.collapse_asgs);
        let collapsed = self.options.collapse_by_tag.as_deref().and_then(tag);
        let own = text(&instance["InstanceId"]);
        let (kind, local) = match (group, collapsed) {
            (Some(group), _) => ("autoscaling", group),
            (None, Some(value)) => ("grouped_ec2", format!("grouped_ec2_{value}")),
            (None, None) => ("ec2", own.clone()),
        };
        let id = format!("arn:aws:ec2:{}:{}:instance/{local}", self.region, self.account);
        let mut leaf = self.leaf(kind, id, &local, instance);
        leaf.name = name(instance, &own);
        leaf.vpc = text(&instance["VpcId"]);
        leaf.groups = texts(&instance["SecurityGroups"], "GroupId");
        for interface in array(&instance["NetworkInterfaces"]) {
            push(&mut leaf.subnets, text(&interface["SubnetId"]));
            for private in array(&interface["PrivateIpAddresses"]) {
                leaf.addresses.extend(address(&private["PrivateIpAddress"]));
                leaf.addresses.extend(address(&private["Association"]["PublicIp"]));
            }
            if !self.options.strict_compat {
                let v6 = array(&interface["Ipv6Addresses"]).iter();
                leaf.addresses.extend(v6.filter_map(|a| address(&a["Ipv6Address"])));
            }
        }
        push(&mut leaf.subnets, text(&instance["SubnetId"]));
        leaf.public = leaf.addresses.iter().any(|a| is_public(*a));
        leaf.tags = tags;
        leaf
    }

    fn classic_balancers(&self) -> Vec<Leaf> {
        let described = self.described_tags("elb", "LoadBalancerName");
        let all = self.items("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions");
        all.map(|balancer| {
            let local = text(&balancer["LoadBalancerName"]);
            let mut leaf =
                self.leaf("elb", self.balancer_id("elasticloadbalancing", &local), &local, balancer);
            leaf.id_has_subnet = true;
            leaf.vpc = text(&balancer["VPCId"]);
            leaf.subnets = strings(&balancer["Subnets"]);
            leaf.groups = strings(&balancer["SecurityGroups"]);
            leaf.public = balancer["Scheme"] == "internet-facing";
            leaf.tags = described.get(local.as_str()).map(|t| tags(t)).unwrap_or_default();
            leaf
        })
        .collect()
    }

    fn balancers(&self) -> Vec<Leaf> {
        let described = self.described_tags("elbv2", "ResourceArn");
        let all = self.items("elbv2", "DescribeLoadBalancers", "LoadBalancers");
        all.map(|balancer| {
            let local = text(&balancer["LoadBalancerName"]);
            let mut leaf =
                self.leaf("elbv2", self.balancer_id("elasticloadbalancingv2", &local), &local, balancer);
            leaf.id_has_subnet = true;
            leaf.vpc = text(&balancer["VpcId"]);
            leaf.subnets = texts(&balancer["AvailabilityZones"], "SubnetId");
            leaf.groups = strings(&balancer["SecurityGroups"]);
            leaf.public = balancer["Scheme"] == "internet-facing";
            let arn = balancer["LoadBalancerArn"].as_str().unwrap_or_default();
            leaf.tags = described.get(arn).map(|t| tags(t)).unwrap_or_default();
            leaf
        })
        .collect()
    }

    fn balancer_id(&self, service: &str, name: &str) -> String {
        format!("arn:aws:{service}:{}:{}:instance/{name}/{}", self.region, self.account, self.region)
    }

    /// The tags of all balancers by what names them; of several answers about one the first counts.
    fn described_tags(&self, service: &str, key: &str) -> HashMap<&'a str, &'a Value> {
        let mut by_name = HashMap::new();
        for about in self.items(service, "DescribeTags", "TagDescriptions") {
            by_name.entry(about[key].as_str().unwrap_or_default()).or_insert(&about["Tags"]);
        }
        by_name
    }

    fn databases(&self) -> Vec<Leaf> {
        let mut listed: HashMap<&str, Vec<(String, String)>> = HashMap::new();
        for (call, answer) in self.recording.responses("rds", "ListTagsForResource", self.region) {
            let of = call.parameters.get("ResourceName").and_then(Value::as_str).unwrap_or_default();
            listed.entry(of).or_default().extend(tags(&answer["TagList"]));
        }
        let mut all = Vec::new();
        for database in self.items("rds", "DescribeDBInstances", "DBInstances") {
            let replica = database["ReadReplicaSourceDBInstanceIdentifier"].is_string();
            if replica && !self.options.read_replicas {
                continue;
            }
            let arn = text(&database["DBInstanceArn"]);
            let local = text(&database["DBInstanceIdentifier"]);
            let mut leaf = self.leaf(if replica { "rds_rr" } else { "rds" }, arn.clone(), &local, database);
            leaf.id_has_subnet = true;
            leaf.vpc = text(&database["DBSubnetGroup"]["VpcId"]);
            leaf.subnets = texts(&database["DBSubnetGroup"]["Subnets"], "SubnetIdentifier");
            leaf.groups = texts(&database["VpcSecurityGroups"], "VpcSecurityGroupId");
            leaf.public = database["PubliclyAccessible"] == true;
            leaf.starts = false;
            leaf.tags = listed.remove(arn.as_str()).unwrap_or_default();
            all.push(leaf);
        }
        all
    }

    fn tasks(&self) -> Vec<Leaf> {
        let mut interfaces: BTreeMap<&str, &Value> = BTreeMap::new();
        for interface in self.items("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces") {
            interfaces.insert(interface["NetworkInterfaceId"].as_str().unwrap_or_default(), interface);
        }
        let mut all = Vec::new();
        for task in self.items("ecs", "DescribeTasks", "tasks") {
            let details: Vec<&Value> =
                array(&task["attachments"]).iter().flat_map(|a| array(&a["details"])).collect();
            let detail = |name: &str| details.iter().find(|d| d["name"] == name).map(|d| text(&d["value"]));
            let Some(interface) = detail("networkInterfaceId").and_then(|id| interfaces.get(id.as_str()))
            else {
                continue;
            };
            let arn = text(&task["taskArn"]);
            let mut leaf = self.leaf("ecs", arn.clone(), &arn, task);
            leaf.name = last(&text(&task["taskDefinitionArn"])).to_owned();
            leaf.vpc = text(&interface["VpcId"]);
            leaf.subnets = detail("subnetId").into_iter().collect();
            leaf.groups = texts(&interface["Groups"], "GroupId");
            for private in array(&interface["PrivateIpAddresses"]) {
                leaf.addresses.extend(address(&private["PrivateIpAddress"]));
                leaf.addresses.extend(address(&private["Association"]["PublicIp"]));
            }
            leaf.public = leaf.addresses.iter().any(|a| is_public(*a));
            leaf.tags = tags(&task["tags"]);
            all.push(leaf);
        }
        all
    }

    fn functions(&self) -> Vec<Leaf> {
        let mut all = Vec::new();
        for function in self.items("lambda", "ListFunctions", "Functions") {
            let network = &function["VpcConfig"];
            let vpc = text(&network["VpcId"]);
            if vpc.is_empty() {
                continue;
            }
            let mut leaf = self.leaf(
                "lambda",
                text(&function["FunctionArn"]),
                &text(&function["FunctionName"]),
                function,
            );
            leaf.id_has_subnet = true;
            leaf.vpc = vpc;
            leaf.subnets = strings(&network["SubnetIds"]);
            leaf.groups = strings(&network["SecurityGroupIds"]);
            all.push(leaf);
        }
        all
    }

    fn redshift(&self) -> Vec<Leaf> {
        let subnets: Vec<(String, Cidr)> = self
            .items("ec2", "DescribeSubnets", "Subnets")
            .filter_map(|s| Some((text(&s["SubnetId"]), Cidr::parse(s["CidrBlock"].as_str()?)?)))
            .collect();
        let mut all = Vec::new();
        for cluster in self.items("redshift", "DescribeClusters", "Clusters") {
            let endpoint = text(&cluster["Endpoint"]["Address"]);
            let local = text(&cluster["ClusterIdentifier"]);
            let mut leaf = self.leaf("redshift", endpoint, &local, cluster);
            leaf.id_has_subnet = true;
            leaf.vpc = text(&cluster["VpcId"]);
            leaf.groups = texts(&cluster["VpcSecurityGroups"], "VpcSecurityGroupId");
            for node in array(&cluster["ClusterNodes"]) {
                if let Some(private) = address(&node["PrivateIPAddress"]) {
                    leaf.addresses.push(private);
                    for (subnet, range) in &subnets {
                        if range.holds(private) {
                            push(&mut leaf.subnets, subnet.clone());
                        }
                    }
                }
                leaf.addresses.extend(address(&node["PublicIPAddress"]));
            }
            leaf.public = leaf.addresses.iter().any(|a| is_public(*a));
            leaf.starts = false;
            leaf.tags = tags(&cluster["Tags"]);
            all.push(leaf);
        }
        all
    }

    fn search_domains(&self) -> Vec<Leaf> {
        let answers = self.recording.responses("es", "DescribeElasticsearchDomain", self.region);
        let mut all = Vec::new();
        for domain in answers.map(|(_, a)| &a["DomainStatus"]) {
            let network = &domain["VPCOptions"];
            let vpc = text(&network["VPCId"]);
            if vpc.is_empty() {
                continue;
            }
            let mut leaf =
                self.leaf("elasticsearch", text(&domain["ARN"]), &text(&domain["DomainName"]), domain);
            leaf.vpc = vpc;
            leaf.subnets = strings(&network["SubnetIds"]);
            leaf.groups = strings(&network["SecurityGroupIds"]);
            leaf.starts = false;
            all.push(leaf);
        }
        all
    }

    fn endpoints(&self) -> Vec<Leaf> {
        let mut all = Vec::new();
        for endpoint in self.items("ec2", "DescribeVpcEndpoints", "VpcEndpoints") {
            let own = text(&endpoint["VpcEndpointId"]);
            let service = text(&endpoint["ServiceName"]);
            let service = service.rsplit('.').next().unwrap_or_default();
            let kind = if DRAWN_ENDPOINTS.contains(&service) { service } else { "vpc_endpoint" };
            let id = format!("arn:aws:endpoint:{}:{}:instance/{own}", self.region, self.account);
            let mut leaf = self.leaf(kind, id, &own, endpoint);
            leaf.name = service.to_owned();
            leaf.vpc = text(&endpoint["VpcId"]);
            leaf.gateway = endpoint["VpcEndpointType"] == "Gateway";
            leaf.id_has_subnet = !leaf.gateway;
            leaf.subnets = strings(&endpoint["SubnetIds"]);
            leaf.groups = texts(&endpoint["Groups"], "GroupId");
            leaf.starts = false;
            if !self.options.strict_compat {
                leaf.tags = tags(&endpoint["Tags"]);
            }
            all.push(leaf);
        }
        all
    }
}

/// Services whose endpoints CloudMapper draws by the service's own type.
const DRAWN_ENDPOINTS: [&str; 13] = [
    "s3",
    "dynamodb",
    "kinesis",
    "sqs",
    "sns",
    "codebuild",
    "codecommit",
    "codepipeline",
    "ecs",
    "ecr",
    "ssm",
    "secretsmanager",
    "kms",
];

fn join(into: &mut Leaf, other: Leaf) {
    other.subnets.into_iter().for_each(|s| push(&mut into.subnets, s));
    other.groups.into_iter().for_each(|g| push(&mut into.groups, g));
    into.addresses.extend(other.addresses);
    into.public |= other.public;
    into.name = other.name;
    into.data = other.data;
}

pub(super) fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    array(value).iter().map(text).collect()
}

fn texts(value: &Value, field: &str) -> Vec<String> {
    array(value).iter().map(|item| text(&item[field])).collect()
}

fn push(list: &mut Vec<String>, item: String) {
    if !item.is_empty() && !list.contains(&item) {
        list.push(item);
    }
}

fn last(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

fn address(value: &Value) -> Option<IpAddr> {
    value.as_str()?.parse().ok()
}

fn is_public(address: IpAddr) -> bool {
    Cidr::parse(&address.to_string()).is_some_and(|c| !c.is_private())
}

/// `[{"Key": "a", "Value": "b"}]`, or with small letters as ECS has it.
fn tags(value: &Value) -> Vec<(String, String)> {
    let of = |tag: &Value, upper: &str, lower: &str| {
        text(if tag[upper].is_null() { &tag[lower] } else { &tag[upper] })
    };
    array(value).iter().map(|t| (of(t, "Key", "key"), of(t, "Value", "value"))).collect()
}

/// The Name tag, cut to 39 characters and two dots when longer than 40; else the id.
pub(super) fn name(item: &Value, id: &str) -> String {
    let tags = tags(&item["Tags"]);
    match tags.into_iter().find(|(key, value)| key == "Name" && !value.is_empty()) {
        Some((_, name)) if name.chars().count() > 40 => name.chars().take(39).collect::<String>() + "..",
        Some((_, name)) => name,
        None => id.to_owned(),
    }
}

/// The entry of the file for one copy of a leaf.
pub(super) fn entry(leaf: &Leaf, id: &str, parent: &str, with_data: bool) -> Value {
    json!({"data": {
        "id": id, "name": leaf.name, "type": leaf.kind, "local_id": leaf.local_id, "parent": parent,
        "node_data": if with_data { leaf.data.clone() } else { json!({}) },
    }})
}
