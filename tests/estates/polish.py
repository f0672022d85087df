"""The hand-made part of the demo: mends what moto lacks or invents. Lines in, lines out.

Everything here is a fact about moto's answers: a VPC id it makes up, addresses of its own, times
that are all "now". What the estate itself holds is in `ottersea/`.
"""

import datetime
import hashlib
import json
import re
import sys

SCANNED = datetime.datetime(2026, 11, 16, 9, 30, tzinfo=datetime.timezone.utc)
TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:?00)?$")
EPOCH = {"CreatedTimestamp", "LastModifiedTimestamp"}
PUBLIC = re.compile(r"\b(?:127|54\.214|52\.95)(?:\.\d{1,3}){2,3}\b")
INSIDE = re.compile(r"\b10(?:([.-])\d{1,3}(?:\1\d{1,3}){2})\b")
# A listener's default rule bears a number that differs from run to run.
RULE = re.compile(r"(:listener-rule/.*/)\d{12,}$")
DASHED = re.compile(r"ec2-\d+-\d+-\d+-\d+\.compute(?:-1)?\.amazonaws\.com")
STREAM = re.compile(r"(/stream/)\d{4}-\d\d-\d\dT[\d:.]+")
SERVER = re.compile(r"https?://127\.0\.0\.1:\d+")
# Addresses that are set aside for examples.
POOL = [f"{net}.{host}" for net in ("203.0.113", "198.51.100") for host in range(10, 250)]


class Mender:
    def __init__(self, strays):
        self.strays = strays
        self.addresses = {}

    def address(self, made):
        if made == "127.0.0.1":
            return made
        return self.addresses.setdefault(made, POOL[len(self.addresses) % len(POOL)])

    def walk(self, value, owner, region):
        """Times, addresses and the server's own URL, wherever they stand."""
        if isinstance(value, dict):
            for key, item in sorted(value.items()):
                if isinstance(item, str) and re.search(r"(Id|Arn|ARN|Name|Identifier)$", key):
                    owner = self.text(item, owner, region)
                    break
            return {k: self.key(k, v, owner, region) for k, v in value.items()}
        if isinstance(value, list):
            return [self.walk(item, owner, region) for item in value]
        if isinstance(value, str):
            return self.text(value, owner, region)
        return value

    def key(self, key, value, owner, region):
        if key in EPOCH and isinstance(value, str) and re.fullmatch(r"[\d.]+", value):
            return str(int(moment(owner).timestamp()))
        return self.walk(value, owner, region)

    def text(self, text, owner, region):
        if TIME.match(text):
            return moment(owner).isoformat()
        text = SERVER.sub(f"https://sqs.{region}.amazonaws.com", text)
        text = DASHED.sub("", text)
        text = RULE.sub(lambda found: found[1] + hashlib.sha256(found[1].encode()).hexdigest()[:16], text)
        text = text.replace(":user/moto", ":user/isobar")
        text = STREAM.sub(r"\g<1>2025-03-04T08:15:00.000", text)
        text = INSIDE.sub(lambda found: self.strays.get(found.group(), found.group()), text)
        return PUBLIC.sub(lambda found: self.address(found.group()), text)


def strays(lines, subnets):
    """Private addresses that moto drew outside their subnet, and better ones."""
    moved, taken = {}, {}
    for line in lines:
        if line["operation"] != "DescribeNetworkInterfaces" or "answer" not in line:
            continue
        for card in line["answer"]["NetworkInterfaces"]:
            subnet, old = card["SubnetId"], card["PrivateIpAddress"]
            base = subnets[subnet]["CidrBlock"].rsplit(".", 1)[0]
            if not old.startswith(base + "."):
                taken[subnet] = taken.get(subnet, 99) + 1
                new = f"{base}.{taken[subnet]}"
                moved[old] = new
                moved[old.replace(".", "-")] = new.replace(".", "-")
    return moved


def moment(owner):
    """A time in the two years before the scan that depends on whose it is and nothing else."""
    number = int.from_bytes(hashlib.sha256(owner.encode()).digest()[:6], "big")
    return SCANNED - datetime.timedelta(minutes=3 * 1440 + number % (700 * 1440))


def mend(service, operation, region, answer, facts):
    """What is wrong in one answer beyond times and addresses."""
    if operation == "DescribeInstances":
        for instance in (i for r in answer["Reservations"] for i in r["Instances"]):
            group = tag(instance, "aws:autoscaling:groupName")
            profile = {"shop-web": "shop-web", "shop-standby-web": "shop-web", "build-runners": "build-runner"}.get(group)
            if profile and "IamInstanceProfile" not in instance:
                instance["IamInstanceProfile"] = {
                    "Arn": f"arn:aws:iam::{facts['account']}:instance-profile/{profile}",
                    "Id": "AIPA" + hashlib.sha256(profile.encode()).hexdigest()[:17].upper(),
                }
            instance["PlatformDetails"] = "Linux/UNIX"
            instance["MetadataOptions"]["HttpTokens"] = "required"
            if instance.get("PublicIpAddress") is None:
                for card in instance["NetworkInterfaces"]:
                    card.pop("Association", None)
    elif operation == "DescribeVolumes":
        for volume in answer["Volumes"]:
            volume["Encrypted"] = True
            if volume["Size"] == 8:
                volume.update(Size=40, VolumeType="gp3", Iops=3000, Throughput=125)
    elif operation == "DescribeNetworkInterfaces":
        for card in answer["NetworkInterfaces"]:
            if card.get("Description") == "moto ECS":
                digest = hashlib.sha256(card["NetworkInterfaceId"].encode()).hexdigest()
                card["Description"] = f"arn:aws:ecs:{region}:{facts['account']}:attachment/{digest[:32]}"
    elif operation == "DescribeCacheClusters":
        for cluster in answer["CacheClusters"]:
            cluster["PreferredAvailabilityZone"] = region + "a"
            cluster["SecurityGroups"] = [{"SecurityGroupId": facts["guards"]["shop-prod-data"], "Status": "active"}]
            cluster["CacheNodes"] = [{"CacheNodeId": "0001", "CacheNodeStatus": "available"}]
    elif operation in ("ListFunctions", "GetFunctionConfiguration"):
        for function in answer.get("Functions", [answer]):
            network = function.get("VpcConfig", {})
            if network.get("SubnetIds"):
                network["VpcId"] = facts["subnets"][network["SubnetIds"][0]]["VpcId"]
            function["CodeSize"] = 40_000 + len(function["FunctionName"]) * 31_337
    elif operation == "DescribeDBInstances":
        for database in answer["DBInstances"]:
            mend_database(database, region, facts)
    elif operation == "DescribeDBClusters":
        for cluster in answer["DBClusters"]:
            if cluster["Engine"].endswith("postgresql"):
                cluster["DBClusterParameterGroup"] = "default.aurora-postgresql16"
    elif operation == "ListDistributions":
        for item in answer["DistributionList"]["Items"]:
            for origin in item["Origins"]["Items"]:
                if ".s3." in origin["DomainName"]:
                    origin.setdefault("S3OriginConfig", {"OriginAccessIdentity": ""})
    elif operation == "DescribeTable":
        sizes = {"baskets": 4_100_000, "stock-levels": 812_000, "loyalty-points": 2_300_000}
        table = answer["Table"]
        table["ItemCount"] = sizes.get(table["TableName"], 1000)
        table["TableSizeBytes"] = table["ItemCount"] * 412
        if table.get("LatestStreamLabel"):
            table["LatestStreamLabel"] = "2025-03-04T08:15:00.000"
    elif (service, operation) == ("ecs", "DescribeClusters"):
        counts = {"shop": (3, 8), "insight": (1, 2)}
        for item in answer["clusters"]:
            services, tasks = counts[item["clusterName"]]
            item.update(activeServicesCount=services, runningTasksCount=tasks, pendingTasksCount=0)
    elif operation == "DescribeServices":
        for item in answer["services"]:
            item.update(runningCount=item["desiredCount"], pendingCount=0)
    elif operation == "DescribeTasks":
        for item in answer["tasks"]:
            item.update(lastStatus="RUNNING", desiredStatus="RUNNING", connectivity="CONNECTED", healthStatus="HEALTHY")


def mend_database(database, region, facts):
    name = database["DBInstanceIdentifier"]
    database["MultiAZ"] = name in ("orders", "stock")
    if database["MultiAZ"]:
        database["SecondaryAvailabilityZone"] = region + "b"
    database["Endpoint"]["Address"] = database["Endpoint"]["Address"].replace("aaaaaaaaaa", "c9akciq32t4g")
    if name == "orders":
        there = f"arn:aws:rds:us-east-1:{facts['account']}:db:orders-standby"
        database["ReadReplicaDBInstanceIdentifiers"] = ["orders-reader", there]
    if name == "orders-standby":
        database["ReadReplicaSourceDBInstanceIdentifier"] = f"arn:aws:rds:eu-west-1:{facts['account']}:db:orders"


def tag(resource, key):
    return next((t["Value"] for t in resource.get("Tags", []) if t["Key"] == key), None)


def main():
    lines = [json.loads(line) for line in sys.stdin]
    subnets = {
        subnet["SubnetId"]: subnet
        for line in lines
        if line["operation"] == "DescribeSubnets" and "answer" in line
        for subnet in line["answer"]["Subnets"]
    }
    guards = {
        group["GroupName"]: group["GroupId"]
        for line in lines
        if line["operation"] == "DescribeSecurityGroups" and "answer" in line
        for group in line["answer"]["SecurityGroups"]
    }
    facts = {"account": sys.argv[1], "subnets": subnets, "guards": guards}
    fronts = [
        balancer["LoadBalancerArn"]
        for line in lines
        if line["operation"] == "DescribeLoadBalancers" and "answer" in line
        for balancer in line["answer"].get("LoadBalancers", [])
        if balancer["LoadBalancerName"] == "shop-front"
    ]
    mender = Mender(strays(lines, subnets))
    for line in lines:
        region = line["region"]
        if line["operation"] == "ListResourcesForWebACL" and "answer" not in line:
            # moto falls over this call.
            kind = line["parameters"]["ResourceType"]
            line["answer"] = {"ResourceArns": fronts if kind == "APPLICATION_LOAD_BALANCER" else []}
        if "answer" in line:
            line["answer"] = mender.walk(line["answer"], line["operation"], region)
            mend(line["service"], line["operation"], region, line["answer"], facts)
        line["parameters"] = mender.walk(line["parameters"], "", region)
        print(json.dumps(line, ensure_ascii=False))


main()
