"""VPCs, subnets, gateways, routes, peerings, endpoints, security groups."""

from . import named, spec


class Vpc:
    """One VPC and its parts, by name."""

    def __init__(self, estate, name, cidr, region, env, team):
        self.estate, self.name, self.cidr, self.region = estate, name, cidr, region
        self.env, self.team = env, team
        self.ec2 = estate.client("ec2", region)
        self.subnets, self.groups, self.tables, self.nats = {}, {}, {}, {}
        made = self.ec2.create_vpc(CidrBlock=cidr, TagSpecifications=spec("vpc", self.tags(name)))
        self.id = made["Vpc"]["VpcId"]
        self.ec2.modify_vpc_attribute(VpcId=self.id, EnableDnsHostnames={"Value": True})
        estate[f"vpc/{name}"] = self

    def tags(self, name):
        return named(name, self.env, self.team, "network")

    def add_subnets(self, tier, zones, first):
        """One /24 of a tier per zone, from the third number `first` on."""
        base = self.cidr.rsplit(".", 2)[0]
        for at, zone in enumerate(zones):
            made = self.ec2.create_subnet(
                VpcId=self.id,
                CidrBlock=f"{base}.{first + at}.0/24",
                AvailabilityZone=self.region + zone,
                TagSpecifications=spec("subnet", self.tags(f"{tier}-{zone}")),
            )
            self.subnets[f"{tier}-{zone}"] = made["Subnet"]["SubnetId"]
        return [self.subnets[f"{tier}-{zone}"] for zone in zones]

    def of(self, tier):
        return [id for name, id in sorted(self.subnets.items()) if name.startswith(tier + "-")]

    def table(self, name, subnets):
        made = self.ec2.create_route_table(
            VpcId=self.id, TagSpecifications=spec("route-table", self.tags(f"{self.name}-{name}"))
        )
        self.tables[name] = made["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=self.tables[name], SubnetId=subnet)
        return self.tables[name]

    def open_to_internet(self, public="public"):
        made = self.ec2.create_internet_gateway(
            TagSpecifications=spec("internet-gateway", self.tags(f"{self.name}-igw"))
        )
        self.igw = made["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=self.igw, VpcId=self.id)
        table = self.table("public", self.of(public))
        self.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.igw
        )
        for subnet in self.of(public):
            self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})

    def nat(self, zone, private):
        """A NAT gateway in a zone's public subnet, and the way out of the private ones through it."""
        address = self.ec2.allocate_address(
            Domain="vpc",
            TagSpecifications=spec("elastic-ip", self.tags(f"{self.name}-nat-{zone}")),
        )
        made = self.ec2.create_nat_gateway(
            SubnetId=self.subnets[f"public-{zone}"],
            AllocationId=address["AllocationId"],
            TagSpecifications=spec("natgateway", self.tags(f"{self.name}-nat-{zone}")),
        )
        self.nats[zone] = made["NatGateway"]["NatGatewayId"]
        table = self.table(f"private-{zone}", private)
        self.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=self.nats[zone]
        )

    def group(self, name, text, rules):
        """A security group. A rule is (port, CIDR or the name of another group)."""
        made = self.ec2.create_security_group(
            VpcId=self.id,
            GroupName=f"{self.name}-{name}",
            Description=text,
            TagSpecifications=spec("security-group", self.tags(f"{self.name}-{name}")),
        )
        self.groups[name] = made["GroupId"]
        for port, source in rules:
            rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
            if "/" in source:
                rule["IpRanges"] = [{"CidrIp": source, "Description": f"{name} from {source}"}]
            else:
                rule["UserIdGroupPairs"] = [{"GroupId": self.groups[source]}]
            self.ec2.authorize_security_group_ingress(GroupId=made["GroupId"], IpPermissions=[rule])

    def endpoint(self, service, kind, **where):
        self.ec2.create_vpc_endpoint(
            VpcId=self.id,
            VpcEndpointType=kind,
            ServiceName=f"com.amazonaws.{self.region}.{service}",
            TagSpecifications=spec("vpc-endpoint", self.tags(f"{self.name}-{service}")),
            **where,
        )


def peer(estate, one, other, name):
    more = {} if one.region == other.region else {"PeerRegion": other.region}
    made = one.ec2.create_vpc_peering_connection(
        VpcId=one.id,
        PeerVpcId=other.id,
        TagSpecifications=spec("vpc-peering-connection", one.tags(name)),
        **more,
    )
    id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    other.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)
    for here, there in ((one, other), (other, one)):
        for key, table in here.tables.items():
            if key.startswith("private"):
                here.ec2.create_route(
                    RouteTableId=table,
                    DestinationCidrBlock=there.cidr,
                    VpcPeeringConnectionId=id,
                )


def build(estate):
    # The default VPC of each region: nobody uses it, the company has removed it.
    for region in ("eu-west-1", "us-east-1"):
        clear_default(estate.client("ec2", region))

    shop = Vpc(estate, "shop-prod", "10.20.0.0/16", "eu-west-1", "prod", "storefront")
    for tier, first in (("public", 0), ("app", 10), ("data", 20)):
        shop.add_subnets(tier, "abc", first)
    shop.open_to_internet()
    for zone in "abc":
        shop.nat(zone, [shop.subnets[f"app-{zone}"]])
    shop.table("data", shop.of("data"))
    shop.group("edge", "Web traffic into the load balancer", [(443, "0.0.0.0/0"), (80, "0.0.0.0/0")])
    shop.group("web", "Web servers", [(8080, "edge")])
    shop.group("services", "Containers of the shop", [(8080, "edge"), (9090, "web")])
    shop.group("functions", "Functions that need the databases", [])
    shop.group("data", "Databases and caches", [(5432, "services"), (5432, "functions"), (3306, "services"), (6379, "web")])
    shop.endpoint("s3", "Gateway", RouteTableIds=[t for k, t in sorted(shop.tables.items()) if k != "public"])
    shop.endpoint("dynamodb", "Gateway", RouteTableIds=[shop.tables[f"private-{z}"] for z in "abc"])
    shop.endpoint(
        "secretsmanager", "Interface", SubnetIds=shop.of("app"), SecurityGroupIds=[shop.groups["services"]]
    )

    house = Vpc(estate, "warehouse-prod", "10.30.0.0/16", "eu-west-1", "prod", "logistics")
    for tier, first in (("public", 0), ("app", 10), ("data", 20)):
        house.add_subnets(tier, "ab", first)
    house.open_to_internet()
    house.nat("a", house.of("app"))
    house.table("data", house.of("data"))
    house.group("scanners", "Handheld scanners in the halls", [(8883, "185.70.40.0/24")])
    house.group("sorters", "Sorting line controllers", [(8883, "scanners")])
    house.group("data", "Stock database", [(3306, "sorters")])

    shared = Vpc(estate, "shared-services", "10.10.0.0/16", "eu-west-1", "shared", "platform")
    for tier, first in (("public", 0), ("app", 10)):
        shared.add_subnets(tier, "ab", first)
    shared.open_to_internet()
    shared.nat("a", shared.of("app"))
    shared.group("office", "VPN of the office", [(443, "185.70.41.0/24"), (22, "185.70.41.0/24")])
    shared.group("tools", "Build runners and dashboards", [(3000, "office"), (22, "office")])

    lake = Vpc(estate, "analytics", "10.40.0.0/16", "us-east-1", "prod", "insight")
    for tier, first in (("public", 0), ("app", 10), ("data", 20)):
        lake.add_subnets(tier, "ab", first)
    lake.open_to_internet()
    lake.nat("a", lake.of("app"))
    lake.table("data", lake.of("data"))
    lake.group("edge", "Reports for the office", [(443, "185.70.41.0/24")])
    lake.group("workers", "Loaders and report servers", [(8080, "edge")])
    lake.group("data", "Warehouse of numbers", [(5432, "workers")])
    lake.endpoint("s3", "Gateway", RouteTableIds=[lake.tables["private-a"]])

    standby = Vpc(estate, "shop-standby", "10.21.0.0/16", "us-east-1", "standby", "storefront")
    for tier, first in (("public", 0), ("app", 10), ("data", 20)):
        standby.add_subnets(tier, "ab", first)
    standby.open_to_internet()
    standby.nat("a", standby.of("app"))
    standby.table("data", standby.of("data"))
    standby.group("edge", "Web traffic, when Ireland is down", [(443, "0.0.0.0/0")])
    standby.group("web", "Web servers", [(8080, "edge")])
    standby.group("data", "Databases", [(5432, "web")])

    peer(estate, shop, house, "shop-warehouse")
    peer(estate, shop, shared, "shop-shared")
    peer(estate, house, shared, "warehouse-shared")
    peer(estate, shared, lake, "shared-analytics")
    peer(estate, lake, standby, "analytics-standby")


def clear_default(ec2):
    for vpc in ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"]:
        here = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        for subnet in ec2.describe_subnets(Filters=here)["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        there = [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]
        for gateway in ec2.describe_internet_gateways(Filters=there)["InternetGateways"]:
            id = gateway["InternetGatewayId"]
            ec2.detach_internet_gateway(InternetGatewayId=id, VpcId=vpc["VpcId"])
            ec2.delete_internet_gateway(InternetGatewayId=id)
        ec2.delete_vpc(VpcId=vpc["VpcId"])
