"""A region of about 300 resources in eu-west-1, for looking at: large.py ENDPOINT.

Four VPCs of different shapes, groups of like servers, load balancers, databases, functions with
queues, topics and tables, buckets and keys. Everything is derived from small tables, so two runs
make the same estate.
"""

import io
import json
import sys
import zipfile

import boto3

endpoint = sys.argv[1]
REGION = "eu-west-1"


def client(service, region=REGION):
    return boto3.client(service, region_name=region, endpoint_url=endpoint)


def named(name, **more):
    return [{"Key": key, "Value": value} for key, value in {"Name": name, **more}.items()]


def spec(kind, name, **more):
    return [{"ResourceType": kind, "Tags": named(name, **more)}]


ec2, elb, rds, iam = client("ec2"), client("elbv2"), client("rds"), client("iam", "us-east-1")
image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
for vpc in ec2.describe_vpcs()["Vpcs"]:  # the default VPC only clutters
    for subnet in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=vpc["VpcId"])

# name, second octet, zones, groups of servers (name, count, type), databases
VPCS = [
    ("shop-prod", 10, "abc", [("web", 12, "m7g.large"), ("orders", 9, "c7g.xlarge"), ("search", 6, "r7g.large"), ("render", 24, "c7g.2xlarge")], ["orders", "catalogue"]),
    ("shop-staging", 20, "ab", [("web", 3, "t4g.medium"), ("orders", 2, "t4g.medium")], ["orders-staging"]),
    ("analytics", 30, "ab", [("loader", 8, "r7i.2xlarge"), ("notebook", 5, "m7i.xlarge")], ["warehouse"]),
    ("build", 40, "a", [("runner", 18, "c7a.4xlarge"), ("cache", 1, "m7a.large")], []),
]

iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}))
ROLE = "arn:aws:iam::123456789012:role/worker"
vpcs = {}
for name, octet, zones, groups, databases in VPCS:
    vpc = ec2.create_vpc(CidrBlock=f"10.{octet}.0.0/16", TagSpecifications=spec("vpc", name, env=name.split("-")[-1]))["Vpc"]["VpcId"]
    vpcs[name] = vpc
    gateway = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway", f"{name}-igw"))["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    public_table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=public_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    public, app, data = [], [], []
    for at, zone in enumerate(zones):
        for third, kind, into in ((0, "public", public), (10, "app", app), (20, "data", data)):
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{octet}.{third + at}.0/24", AvailabilityZone=f"{REGION}{zone}",
                                       TagSpecifications=spec("subnet", f"{kind}-{zone}"))["Subnet"]["SubnetId"]
            into.append(subnet)
        ec2.associate_route_table(RouteTableId=public_table, SubnetId=public[at])
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=public[at], AllocationId=address,
                                     TagSpecifications=spec("natgateway", f"{name}-nat-{zone}"))["NatGateway"]["NatGatewayId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
        ec2.associate_route_table(RouteTableId=table, SubnetId=app[at])
    guard = {}
    for group in ["edge", *[g[0] for g in groups], "db"]:
        guard[group] = ec2.create_security_group(GroupName=f"{name}-{group}", Description=group, VpcId=vpc)["GroupId"]
    allow = lambda group, port, **source: ec2.authorize_security_group_ingress(GroupId=guard[group], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}])
    allow("edge", 443, IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    for group, count, size in groups:
        allow(group, 8080, UserIdGroupPairs=[{"GroupId": guard["edge"]}])
        servers = []
        for number in range(count):
            run = ec2.run_instances(ImageId=image, InstanceType=size, MinCount=1, MaxCount=1, SubnetId=app[number % len(app)],
                                    SecurityGroupIds=[guard[group]], TagSpecifications=spec("instance", f"{group}-{number + 1}", service=group))
            servers.append(run["Instances"][0]["InstanceId"])
        if group in ("web", "orders", "search"):
            public_side = group == "web"
            balancer = elb.create_load_balancer(Name=f"{name}-{group}"[:32], Subnets=public if public_side else app, SecurityGroups=[guard["edge"]],
                                                Scheme="internet-facing" if public_side else "internal")["LoadBalancers"][0]["LoadBalancerArn"]
            target = elb.create_target_group(Name=f"{name}-{group}"[:32], Protocol="HTTP", Port=8080, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
            elb.register_targets(TargetGroupArn=target, Targets=[{"Id": server} for server in servers])
            elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=443, DefaultActions=[{"Type": "forward", "TargetGroupArn": target}])
    if databases:
        rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=data)
        for group in (g[0] for g in groups if g[0] in ("orders", "search", "loader")):
            allow("db", 5432, UserIdGroupPairs=[{"GroupId": guard[group]}])
        for database in databases:
            rds.create_db_instance(DBInstanceIdentifier=database, Engine="postgres", DBInstanceClass="db.r7g.large", AllocatedStorage=100, Port=5432,
                                   MasterUsername="owner", MasterUserPassword="not-a-real-secret", DBSubnetGroupName=name,
                                   VpcSecurityGroupIds=[guard["db"]], AvailabilityZone=f"{REGION}a")

code = io.BytesIO()
with zipfile.ZipFile(code, "w") as package:
    package.writestr("main.py", "def handler(event, context):\n    return event\n")
functions, queues, topics, buckets, tables = client("lambda"), client("sqs"), client("sns"), client("s3"), client("dynamodb")
FLOWS = ["orders", "payments", "invoices", "returns", "stock", "mail", "thumbs", "audit", "search-index", "fraud"]
for at, flow in enumerate(FLOWS):
    arn = functions.create_function(FunctionName=f"{flow}-worker", Runtime="python3.13", Role=ROLE, Handler="main.handler",
                                    Code={"ZipFile": code.getvalue()}, Tags={"service": flow})["FunctionArn"]
    queue = queues.create_queue(QueueName=f"{flow}-jobs")["QueueUrl"]
    queue_arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    dead = queues.create_queue(QueueName=f"{flow}-dead")["QueueUrl"]
    dead_arn = queues.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5})})
    functions.create_event_source_mapping(FunctionName=arn, EventSourceArn=queue_arn, BatchSize=10)
    tables.create_table(TableName=flow, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    if at % 2 == 0:
        topic = topics.create_topic(Name=f"{flow}-events")["TopicArn"]
        topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
for number in range(60):
    functions.create_function(FunctionName=f"report-{number + 1:02}", Runtime="nodejs22.x", Role=ROLE, Handler="main.handler", Code={"ZipFile": code.getvalue()})
for number in range(48):
    buckets.create_bucket(Bucket=f"acme-{'logs assets exports backups'.split()[number % 4]}-{number + 1:02}",
                          CreateBucketConfiguration={"LocationConstraint": REGION})
for number in range(24):
    client("secretsmanager").create_secret(Name=f"service/{number + 1:02}/token", SecretString="not-a-real-secret")
for number in range(6):
    client("kms").create_key(Description=f"key {number + 1}")
