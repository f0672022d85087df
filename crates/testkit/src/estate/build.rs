//! Adds resources and relations to an estate one line at a time.

use std::sync::Arc;

use isobar_graph::{ContainerKind, Family, Fields, Graph, Index, Relation, RelationKind, Resource, Tier};
use isobar_model::{AwsAccountId, Region, ResourceId, Tags, Timestamp};

/// What a type is drawn as: catalog type, blueprint type, icon, family.
pub(super) type Look = (&'static str, &'static str, &'static str, Family);

pub(super) const INTERNET: Look = ("isobar:internet", "internet", "internet", Family::Neutral);
pub(super) const ZONE_DNS: Look = ("route53:hosted-zone", "r53", "route53", Family::Edge);
pub(super) const CDN: Look = ("cloudfront:distribution", "cloudfront", "cloudfront", Family::Edge);
pub(super) const IGW: Look = ("ec2:internet-gateway", "internetgateway", "internet-gateway", Family::Network);
pub(super) const NAT: Look = ("ec2:nat-gateway", "natgateway", "nat-gateway", Family::Network);
pub(super) const ENDPOINT: Look = ("ec2:vpc-endpoint", "vpcendpoint", "vpc-endpoint", Family::Network);
pub(super) const BALANCER: Look = ("elbv2:load-balancer", "elb", "load-balancer", Family::Network);
pub(super) const INSTANCE: Look = ("ec2:instance", "ec2", "ec2", Family::Compute);
pub(super) const TASKS: Look = ("ecs:service", "ecsservice", "ecs-service", Family::Compute);
pub(super) const FUNCTION: Look = ("lambda:function", "lambda", "lambda", Family::Compute);
pub(super) const DATABASE: Look = ("rds:db-instance", "rds", "rds", Family::Database);
pub(super) const CACHE: Look = ("elasticache:cluster", "elasticache", "elasticache", Family::Database);
pub(super) const TABLE: Look = ("dynamodb:table", "dynamodb", "dynamodb", Family::Database);
pub(super) const BUCKET: Look = ("s3:bucket", "s3", "s3", Family::Storage);
pub(super) const QUEUE: Look = ("sqs:queue", "sqs", "sqs", Family::Integration);
pub(super) const TOPIC: Look = ("sns:topic", "snstopic", "sns", Family::Integration);
pub(super) const API: Look = ("apigatewayv2:api", "apigateway", "api-gateway", Family::Network);
pub(super) const KEY: Look = ("kms:key", "kms", "kms", Family::Security);
pub(super) const SECRET: Look = ("secretsmanager:secret", "secret", "secret", Family::Security);
pub(super) const ROLE: Look = ("iam:role", "iamrole", "iam-role", Family::Security);

/// A graph in the making.
pub(super) struct Estate {
    account: AwsAccountId,
    resources: Vec<Resource>,
    relations: Vec<Relation>,
}

impl Estate {
    pub(super) fn new(account: &str) -> Self {
        let account = AwsAccountId::parse(account).expect("a fixed account number");
        Self { account, resources: Vec::new(), relations: Vec::new() }
    }

    /// How many resources there are, containers included.
    pub(super) fn len(&self) -> usize {
        self.resources.len()
    }

    fn push(&mut self, arn: String, look: Look, region: Region, name: &str, parent: Option<Index>) -> Index {
        let native_id = arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        let tags = Tags::from_iter([("Name".to_owned(), name.to_owned())]);
        self.resources.push(Resource {
            id: ResourceId::new(arn),
            kind: Arc::from(look.0),
            component: Arc::from(look.1),
            drawn: true,
            icon: Arc::from(look.2),
            family: look.3,
            account: Some(self.account.clone()),
            region,
            native_id,
            name: name.to_owned(),
            detail: None,
            state: None,
            tags,
            parent,
            container: None,
            tier: None,
            spans: Vec::new(),
            on_border: false,
            attributes: Fields::default(),
            blueprint: Vec::new(),
        });
        Index(self.resources.len() as u32 - 1)
    }

    fn container(
        &mut self,
        kind: ContainerKind,
        arn: String,
        region: &str,
        name: &str,
        parent: Option<Index>,
    ) -> Index {
        let look: Look = match kind {
            ContainerKind::Account => ("isobar:account", "account", "account", Family::Neutral),
            ContainerKind::Region => ("isobar:region", "region", "region", Family::Neutral),
            ContainerKind::Vpc => ("ec2:vpc", "vpc", "vpc", Family::Network),
            ContainerKind::Zone => ("isobar:zone", "zone", "zone", Family::Neutral),
            ContainerKind::Subnet => ("ec2:subnet", "subnet", "subnet", Family::Network),
        };
        let region = Region::parse(region).expect("a fixed region");
        let at = self.push(arn, look, region, name, parent);
        self.resources[at.at()].container = Some(kind);
        at
    }

    pub(super) fn account(&mut self, name: &str) -> Index {
        let arn = format!("arn:aws:isobar::{}:account", self.account);
        self.container(ContainerKind::Account, arn, "global", name, None)
    }

    pub(super) fn region(&mut self, account: Index, name: &str) -> Index {
        let arn = format!("arn:aws:isobar::{}:region/{name}", self.account);
        self.container(ContainerKind::Region, arn, name, name, Some(account))
    }

    pub(super) fn vpc(&mut self, region: Index, id: &str, name: &str, cidr: &str) -> Index {
        let place = self.resources[region.at()].region.to_string();
        let arn = format!("arn:aws:ec2:{place}:{}:vpc/vpc-{id}", self.account);
        let at = self.container(ContainerKind::Vpc, arn, &place, name, Some(region));
        self.resources[at.at()].detail = Some(cidr.to_owned());
        at
    }

    pub(super) fn zone(&mut self, vpc: Index, name: &str) -> Index {
        let (place, id) =
            (self.resources[vpc.at()].region.to_string(), self.resources[vpc.at()].native_id.clone());
        let arn = format!("arn:aws:isobar:{place}:{}:zone/{id}/{name}", self.account);
        self.container(ContainerKind::Zone, arn, &place, name, Some(vpc))
    }

    pub(super) fn subnet(&mut self, zone: Index, tier: Tier, id: &str, name: &str, cidr: &str) -> Index {
        let place = self.resources[zone.at()].region.to_string();
        let arn = format!("arn:aws:ec2:{place}:{}:subnet/subnet-{id}", self.account);
        let at = self.container(ContainerKind::Subnet, arn, &place, name, Some(zone));
        self.resources[at.at()].detail = Some(cidr.to_owned());
        self.resources[at.at()].tier = Some(tier);
        at
    }

    /// A resource inside a container.
    pub(super) fn add(&mut self, look: Look, parent: Index, id: &str, name: &str, detail: &str) -> Index {
        let region = self.resources[parent.at()].region.clone();
        let service = look.0.split(':').next().unwrap_or_default();
        let arn = format!("arn:aws:{service}:{region}:{}:{}/{id}", self.account, look.1);
        let at = self.push(arn, look, region, name, Some(parent));
        self.resources[at.at()].detail = (!detail.is_empty()).then(|| detail.to_owned());
        at
    }

    /// The internet, which belongs to nobody.
    pub(super) fn internet(&mut self) -> Index {
        let at =
            self.push("arn:aws:isobar:::internet".to_owned(), INTERNET, Region::global(), "Internet", None);
        self.resources[at.at()].detail = Some("0.0.0.0/0".to_owned());
        self.resources[at.at()].account = None;
        at
    }

    pub(super) fn on_border(&mut self, at: Index) -> Index {
        self.resources[at.at()].on_border = true;
        at
    }

    pub(super) fn spanning(&mut self, at: Index, subnets: &[Index]) -> Index {
        self.resources[at.at()].spans = subnets.to_vec();
        at
    }

    pub(super) fn link(&mut self, kind: RelationKind, from: Index, to: Index) {
        self.relations.push(Relation { kind, from, to, label: None });
    }

    /// The parts, for shuffling, and the finished graph.
    pub(super) fn finish(self, name: &str) -> (Vec<Resource>, Vec<Relation>, Dress) {
        (self.resources, self.relations, Dress { account: self.account, name: name.to_owned() })
    }
}

/// What a graph knows beside its resources.
pub(super) struct Dress {
    account: AwsAccountId,
    name: String,
}

impl Dress {
    pub(super) fn assemble(&self, resources: Vec<Resource>, relations: Vec<Relation>) -> Graph {
        let mut graph = Graph::assemble(resources, relations);
        graph.aws_account = Some(self.account.clone());
        graph.account_name = Some(self.name.clone());
        graph.scanned = Timestamp::parse("2026-11-22T01:00:00Z").ok();
        graph
    }
}
